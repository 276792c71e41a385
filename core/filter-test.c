/* filter-test.c: which objects meet a filter, and where a mistake in one is found. */
#include "core/filter.h"

#include <string.h>

#include "core/json.h"

static const char charge[]
    = "{\"id\":\"ch_1\",\"amount\":1000,\"currency\":\"eur\",\"paid\":true,\"refunded\":false,"
      "\"customer\":null,\"status\":\"succeeded\",\"description\":\"Two Grüne shoes\","
      "\"metadata\":{\"order\":\"7\",\"a.b\":\"dotted\",\"empty\":\"\"},"
      "\"unit_amount_decimal\":\"12.5\","
      "\"payment_method_details\":{\"type\":\"card\",\"card\":{\"brand\":\"visa\",\"exp_year\":"
      "2031}},"
      "\"items\":{\"data\":[{\"price\":\"p_1\",\"quantity\":1},{\"price\":\"p_2\",\"quantity\":9}]}"
      ","
      "\"tags\":[\"red\",\"blue\"],\"none\":[]}";

static gboolean
matches (const char *text)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  const KontorValue *object = kontor_json_parse (arena, charge, strlen (charge), &problem);
  KontorError error = { 0 };
  KontorQuery filter;

  g_assert_nonnull (object);
  if (!kontor_filter_parse (text, arena, &filter, &error))
    g_error ("%s: %s", text, error.message);
  return kontor_filter_matches (&filter, object);
}

static void
test_objects_are_told_apart (void)
{
  static const struct
  {
    const char *text;
    gboolean matches;
  } cases[] = {
    { "status:\"succeeded\"", TRUE },
    { "status:\"SUCCEEDED\"", TRUE }, /* as in a search */
    { "status:\"succ\"", FALSE },
    { "-status:\"failed\"", TRUE },
    { "-status:\"succeeded\"", FALSE },
    { "amount:1000", TRUE },
    { "amount:\"1000\"", TRUE },
    { "amount:100", FALSE },
    { "amount>=1000 AND currency:\"eur\"", TRUE },
    { "amount>1000", FALSE },
    { "amount<1001 amount<=1000", TRUE },
    { "amount<1000 OR amount>2000", FALSE },
    { "amount>2000 OR currency:\"eur\"", TRUE },
    { "-amount>2000", TRUE },
    { "paid:true", TRUE },
    { "refunded:\"false\"", TRUE },
    { "refunded:true", FALSE },
    { "description~\"shoes\"", TRUE },
    { "description~\"GRüNE\"", TRUE },
    { "description~\"boots\"", FALSE },
    { "-description~\"boots\"", TRUE },
    { "customer:null", TRUE },
    { "-customer:null", FALSE },
    { "customer:\"null\"", FALSE },
    { "no.such.field:null", TRUE },
    { "no.such.field:\"x\"", FALSE },
    { "-no.such.field:\"x\"", TRUE },
    { "no_number>0", FALSE },
    { "status.deeper:\"succeeded\"", FALSE },
    { "status>1", FALSE },              /* a text that is no number is never larger */
    { "unit_amount_decimal>1", FALSE }, /* nor is a fraction: numbers are whole */
    { "unit_amount_decimal:\"12.5\"", TRUE },
    { "metadata[\"order\"]:\"7\"", TRUE },
    { "metadata[\"order\"]>6", TRUE },
    { "metadata[\"a.b\"]:\"dotted\"", TRUE },
    { "metadata[\"shoe\"]:null", TRUE },
    { "-metadata[\"order\"]:null", TRUE },
    { "metadata[\"empty\"]:\"\"", TRUE },
    { "payment_method_details.card.brand:\"visa\"", TRUE },
    { "payment_method_details.card.exp_year>=2031", TRUE },
    { "payment_method_details.card:null", FALSE },
    { "payment_method_details.card:\"visa\"", FALSE }, /* an object is no text */
    { "items.data.price:\"p_2\"", TRUE },              /* any of them */
    { "items.data.price:\"p_3\"", FALSE },
    { "-items.data.price:\"p_2\"", FALSE },            /* none of them */
    { "items.data.quantity>5", TRUE },
    { "tags:\"blue\"", TRUE },
    { "none:null", TRUE },
    { "tags:null", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (matches (cases[i].text), ==, cases[i].matches);
    }
}

static void
test_mistakes_are_found_at_their_place (void)
{
  static const struct
  {
    const char *text, *problem;
    guint position;
  } cases[] = {
    { "", "name of a field", 1 },
    { "amount", "one of : ~", 7 },
    { "amount>ten", "a whole number", 8 },
    { "amount>null", "a whole number", 8 },
    { ".amount:1", "beside a dot", 1 },
    { "card.:1", "beside a dot", 1 },
    { "card..brand:1", "beside a dot", 1 },
    { "status:\"x\" AND amount~\"12\"", "at least three letters", 23 },
    { "card[\"brand\"]:\"visa\"", "only metadata", 5 },
    { "metadata:\"x\"", "needs a key", 9 },
    { "metadata[order]:\"x\"", "needs a key", 9 },
    { "a:1 OR b:2 AND c:3", "cannot be mixed", 12 },
    { "a:\"open", "has no end", 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_autofree char *place = g_strdup_printf (", at character %u.", cases[i].position);
      KontorError error = { 0 };
      KontorQuery filter;

      g_test_message ("%s", cases[i].text);
      g_assert_false (kontor_filter_parse (cases[i].text, arena, &filter, &error));
      g_test_message ("%s", error.message);
      g_assert_cmpstr (error.param, ==, "filter");
      g_assert_true (g_str_has_prefix (error.message, "The filter is not valid: "));
      g_assert_nonnull (strstr (error.message, cases[i].problem));
      g_assert_true (g_str_has_suffix (error.message, place));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter/objects-are-told-apart", test_objects_are_told_apart);
  g_test_add_func ("/filter/mistakes-are-found-at-their-place",
                   test_mistakes_are_found_at_their_place);
  return g_test_run ();
}
