/* query-test.c: what the search line means, where a mistake is, what could stand there. */
#include "core/console/query.h"

#include <string.h>

static const char *const statuses[]
    = { "succeeded", "failed", "canceled", "requires_action", NULL };
static const char *const flags[] = { "refunded", "disputed", NULL };

static const KontorFindField fields[] = {
  { "status", KONTOR_FIND_WORD, statuses, NULL, "How far it is." },
  { "currency", KONTOR_FIND_WORD, NULL, NULL, "Its currency." },
  { "is", KONTOR_FIND_FLAG, flags, NULL, "What happened to it." },
  { "amount", KONTOR_FIND_MONEY, NULL, NULL, "How much." },
  { "attempts", KONTOR_FIND_NUMBER, NULL, NULL, "How often." },
  { "created", KONTOR_FIND_TIME, NULL, NULL, "When." },
  { "email", KONTOR_FIND_TEXT, NULL, NULL, "Where to." },
  { "customer", KONTOR_FIND_REFERENCE, NULL, "cus_", "Who." },
  { NULL },
};

#define CUSTOMER "cus_X3RFbTPCvoF10DX7VE3A1i3Y"

static KontorFindSettings
settings_in (const char *zone, const char *decimal_point)
{
  /* Wednesday, 18 November 2026, 15:30:00 UTC */
  return (KontorFindSettings){ 1795015800, g_time_zone_new_identifier (zone), decimal_point };
}

static void
write_bound (GString *out, gint64 value)
{
  if (value == G_MININT64 || value == G_MAXINT64)
    g_string_append (out, "*");
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

static void
describe_value (GString *out, const KontorFindTerm *term, const KontorFindValue *value)
{
  KontorFindKind kind = term->field != NULL ? term->field->kind : KONTOR_FIND_TEXT;

  switch (kind)
    {
    case KONTOR_FIND_MONEY:
      write_bound (out, value->low_minor[2]);
      g_string_append_c (out, '~');
      write_bound (out, value->high_minor[2]);
      if (value->currency != NULL)
        g_string_append (out, value->currency);
      break;
    case KONTOR_FIND_NUMBER:
    case KONTOR_FIND_TIME:
      write_bound (out, value->low);
      g_string_append_c (out, '~');
      write_bound (out, value->high);
      break;
    default:
      g_string_append_printf (out, value->quoted ? "\"%s\"" : "%s", value->text);
    }
}

static void
describe (const KontorFind *find, GString *out)
{
  for (guint i = 0; i < find->n; i++)
    {
      const KontorFindTerm *term = &find->terms[i];

      g_string_append_printf (out, "%s%s%s=", i > 0 ? " & " : "", term->negated ? "!" : "",
                              term->field != NULL ? term->field->name : "");
      for (guint j = 0; j < term->n; j++)
        {
          if (j > 0)
            g_string_append_c (out, '|');
          describe_value (out, term, &term->values[j]);
        }
    }
}

static void
test_lines_are_understood (void)
{
  static const struct
  {
    const char *line, *meaning;
  } cases[] = {
    { "", "" },
    { "   ", "" },
    { "Berlin café", "=berlin & =café" },
    { "-card", "!=card" },
    { "\"Exact Words\"", "=\"exact words\"" },
    { "one|two", "=one|two" },
    { "https://example.com", "=https://example.com" },
    { "status:failed", "status=failed" },
    { "STATUS:Failed|canceled", "status=failed|canceled" },
    { "-status:requires-action", "!status=requires_action" },
    { "currency:EUR", "currency=eur" },
    { "is:refunded", "is=refunded" },
    { "amount:12.50", "amount=1250~1250" },
    { "amount:12,50", "amount=1250~1250" },
    { "amount:1,000", "amount=100000~100000" },
    { "amount:1,234,567.8", "amount=123456780~123456780" },
    { "amount:>100", "amount=10001~*" },
    { "amount:>=12.50eur", "amount=1250~*eur" },
    { "amount:EUR12.50", "amount=1250~1250eur" },
    { "amount:<10", "amount=*~999" },
    { "amount:<=10", "amount=*~1000" },
    { "amount:10..20", "amount=1000~2000" },
    { "amount:10..20usd", "amount=1000~2000usd" },
    { "amount:..20", "amount=*~2000" },
    { "amount:10..", "amount=1000~*" },
    { "amount:-5", "amount=-500~-500" },
    { "amount:>1.005", "amount=101~*" },
    { "amount:<1.005", "amount=*~100" },
    { "amount:<-1.005", "amount=*~-101" },
    { "amount:1.005", "amount=101~100" },
    { "attempts:>2", "attempts=3~*" },
    { "attempts:2..4|7", "attempts=2~4|7~7" },
    { "created:2026-10-01..2026-10-31", "created=1790812800~1793491199" },
    { "created:2026-10", "created=1790812800~1793491199" },
    { "created:2026", "created=1767225600~1798761599" },
    { "created:today", "created=1794960000~1795046399" },
    { "created:yesterday", "created=1794873600~1794959999" },
    { "created:week", "created=1794787200~1795391999" },
    { "created:last-month", "created=1790812800~1793491199" },
    { "created:7d", "created=1794411000~*" },
    { "created:>7d", "created=*~1794410999" },
    { "created:<24h", "created=1794929401~*" },
    { "created:>2026-10-31", "created=1793491200~*" },
    { "created:<2026-10-31", "created=*~1793404799" },
    { "created:2026-10-31T14:05", "created=1793455500~1793455559" },
    { "created:30d..7d", "created=1792423800~1794411000" },
    { "email:\"Ann Lee\"|bob", "email=\"ann lee\"|bob" },
    { "customer:ann", "customer=ann" },
  };
  KontorFindSettings settings = settings_in ("UTC", ".");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_autoptr (GString) meaning = g_string_new (NULL), again = g_string_new (NULL);
      g_autofree char *text = NULL;
      KontorFindError error = { 0 };
      KontorFind find, second;

      if (!kontor_find_parse (cases[i].line, fields, &settings, arena, &find, &error))
        g_error ("%s: %s", cases[i].line, error.message);
      describe (&find, meaning);
      g_assert_cmpstr (meaning->str, ==, cases[i].meaning);

      text = kontor_find_text (&find);
      g_assert_true (kontor_find_parse (text, fields, &settings, arena, &second, &error));
      describe (&second, again);
      g_assert_cmpstr (again->str, ==, cases[i].meaning);
    }
  g_time_zone_unref (settings.zone);
}

static void
test_mistakes_are_shown_where_they_are (void)
{
  static const struct
  {
    const char *line, *at, *message; /* @at: the bytes to blame, marked by ^ */
  } cases[] = {
    { "ann stauts:failed", "    ^^^^^^",
      "There is no field “stauts” here. Did you mean “status”?" },
    { "qqqqqqqq:1", "^^^^^^^^",
      "There is no field “qqqqqqqq” here. Put it in quotation marks to look for the words." },
    { "status:faild", "       ^^^^^", "“faild” is no value of status. Did you mean “failed”?" },
    { "is:x|refunded", "   ^", "“x” is no value of is. It takes refunded, disputed." },
    { "a \"b c", "  ^^^^", "The quotation mark that begins here has no end." },
    { "status:", "^^^^^^^", "A value is missing here." },
    { "status:failed|", "^^^^^^^^^^^^^^", "A value is missing here." },
    { "\"a\"b", "^^^^", "A space is missing here." },
    { "a - b", "  ^", "A minus leaves out the word behind it." },
    { "amount:x", "       ^", "Write an amount such as 12.50, with or without a currency." },
    { "amount:12xyz", "       ^^^^^", "A currency is three letters, such as eur." },
    { "amount:1eur..2usd", "       ^^^^^^^^^^", "Both ends of a range are in one currency." },
    { "amount:20..10", "       ^^^^^^", "This range ends before it begins." },
    { "amount:..", "       ^^", "A range needs a beginning or an end, such as 10..20." },
    { "amount:99999999999999999999", "       ^^^^^^^^^^^^^^^^^^^^",
      "This number has too many digits." },
    { "attempts:1.5", "         ^^^", "Write a whole number here." },
    { "created:2026-02-30", "        ^^^^^^^^^^",
      "Write a time such as 7d, today, last-month, 2026-10 or 2026-10-31." },
    { "customer:cus_12", "         ^^^^^^", "This id is not complete." },
  };
  KontorFindSettings settings = settings_in ("UTC", ".");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      KontorFindError error = { 0 };
      KontorFind find;

      g_assert_false (kontor_find_parse (cases[i].line, fields, &settings, arena, &find, &error));
      g_assert_cmpstr (error.message, ==, cases[i].message);
      g_assert_cmpuint (error.start, ==, strspn (cases[i].at, " "));
      g_assert_cmpuint (error.length, ==, strlen (cases[i].at) - strspn (cases[i].at, " "));
    }
  g_time_zone_unref (settings.zone);
}

/* The day on which the clock goes back has 25 hours, and a comma stands before decimals. */
static void
test_days_and_commas_are_the_persons_own (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorFindSettings settings = settings_in ("Europe/Berlin", ",");
  KontorFindError error = { 0 };
  KontorFind find;

  g_assert_true (kontor_find_parse ("created:2026-10-25 amount:1.000 amount:12,5 amount:12.5",
                                    fields, &settings, arena, &find, &error));
  g_assert_cmpint (find.terms[0].values[0].high - find.terms[0].values[0].low + 1, ==, 25 * 3600);
  g_assert_cmpint (find.terms[1].values[0].low_minor[0], ==, 1000);
  g_assert_cmpint (find.terms[1].values[0].low_minor[3], ==, 1000000);
  g_assert_cmpint (find.terms[2].values[0].low_minor[2], ==, 1250);
  g_assert_cmpint (find.terms[3].values[0].low_minor[2], ==, 1250);
  g_time_zone_unref (settings.zone);
}

static void
test_ids_are_known_as_such (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorFindSettings settings = settings_in ("UTC", ".");
  KontorFindError error = { 0 };
  KontorFind find;

  g_assert_true (kontor_find_parse (CUSTOMER " customer:" CUSTOMER " word", fields, &settings,
                                    arena, &find, &error));
  g_assert_cmpint (find.terms[0].values[0].tick, >, 0);
  g_assert_cmpint (find.terms[1].values[0].tick, ==, find.terms[0].values[0].tick);
  g_assert_cmpint (find.terms[2].values[0].tick, ==, -1);
  g_time_zone_unref (settings.zone);
}

static void
test_typing_on_narrows (void)
{
  static const struct
  {
    const char *wider, *find;
    gboolean refines;
  } cases[] = {
    { "", "ann", TRUE },
    { "an", "ann", TRUE },
    { "ann", "an", FALSE },
    { "an", "\"ann\"", FALSE },
    { "-an", "-ann", FALSE },
    { "status:failed", "status:failed ann", TRUE },
    { "status:failed", "status:failed|canceled", FALSE },
    { "email:an", "email:ann", TRUE },
    { "email:an", "ann", FALSE },
    { "cus_X3RFbTPCvoF10DX7VE3A1i3", CUSTOMER, FALSE },
  };
  KontorFindSettings settings = settings_in ("UTC", ".");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      KontorFindError error = { 0 };
      KontorFind find, wider;

      g_assert_true (kontor_find_parse (cases[i].wider, fields, &settings, arena, &wider, &error));
      g_assert_true (kontor_find_parse (cases[i].find, fields, &settings, arena, &find, &error));
      g_assert_cmpint (kontor_find_refines (&find, &wider), ==, cases[i].refines);
    }
  g_time_zone_unref (settings.zone);
}

static void
test_time_moves_on_under_the_same_words (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorFindSettings settings = settings_in ("UTC", ".");
  KontorFindError error = { 0 };
  KontorFind find, wider;

  g_assert_true (kontor_find_parse ("created:7d", fields, &settings, arena, &wider, &error));
  settings.now -= 60;
  g_assert_true (kontor_find_parse ("created:7d", fields, &settings, arena, &find, &error));
  g_assert_false (kontor_find_refines (&find, &wider));
  g_time_zone_unref (settings.zone);
}

static void
test_completions_fit_the_cursor (void)
{
  static const struct
  {
    const char *line; /* the cursor stands at ^ */
    const char *first;
    guint n, start, length;
  } cases[] = {
    { "^", "status:", 8, 0, 0 },          { "a st^", "status:", 1, 2, 2 },
    { "-cr^", "created:", 1, 1, 2 },      { "fai^", "status:failed", 1, 0, 3 },
    { "status:^", "succeeded", 4, 7, 0 }, { "status:failed|ca^ x", "canceled", 1, 14, 2 },
    { "is:d^", "disputed", 1, 3, 1 },     { "nothing:^", NULL, 0, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      gsize cursor = strcspn (cases[i].line, "^");
      g_autofree char *line
          = g_strdup_printf ("%.*s%s", (int) cursor, cases[i].line, cases[i].line + cursor + 1);
      guint n;
      const KontorFindSuggestion *rows = kontor_find_complete (line, cursor, fields, arena, &n);

      g_assert_cmpuint (n, ==, cases[i].n);
      if (n == 0)
        continue;
      g_assert_cmpstr (rows[0].text, ==, cases[i].first);
      g_assert_cmpuint (rows[0].start, ==, cases[i].start);
      g_assert_cmpuint (rows[0].length, ==, cases[i].length);
    }
}

static void
test_case_never_matters (void)
{
  static const char *const cases[][2]
      = { { "Ann LEE", "ann lee" }, { "ÉCOLE", "école" }, { "a\tb\nc", "a b c" }, { "", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folded = kontor_find_fold (cases[i][0], -1);

      g_assert_cmpstr (folded, ==, cases[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/find/lines-are-understood", test_lines_are_understood);
  g_test_add_func ("/find/mistakes-are-shown-where-they-are",
                   test_mistakes_are_shown_where_they_are);
  g_test_add_func ("/find/days-and-commas-are-the-persons-own",
                   test_days_and_commas_are_the_persons_own);
  g_test_add_func ("/find/ids-are-known-as-such", test_ids_are_known_as_such);
  g_test_add_func ("/find/typing-on-narrows", test_typing_on_narrows);
  g_test_add_func ("/find/time-moves-on-under-the-same-words",
                   test_time_moves_on_under_the_same_words);
  g_test_add_func ("/find/completions-fit-the-cursor", test_completions_fit_the_cursor);
  g_test_add_func ("/find/case-never-matters", test_case_never_matters);
  return g_test_run ();
}
