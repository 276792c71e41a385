/* query-test.c: what search queries mean, and where in them a mistake is found. */
#include "core/query.h"

#include <string.h>

static const KontorQueryField fields[] = {
  { "status", KONTOR_QUERY_TEXT, FALSE, NULL, "status" },
  { "email", KONTOR_QUERY_TEXT, TRUE, NULL, "email" },
  { "amount", KONTOR_QUERY_NUMBER, FALSE, NULL, "amount" },
  { "created", KONTOR_QUERY_NUMBER, FALSE, NULL, "created" },
  { "card.last4", KONTOR_QUERY_TEXT, FALSE, "$.card.last4", NULL },
  { "metadata", KONTOR_QUERY_METADATA, FALSE, "$.metadata", NULL },
  { NULL },
};

/* Writes what was understood in one fixed form. */
static void
describe (const KontorQuery *query, KontorBuffer *out)
{
  static const char *const operators[] = { "=", "~", "<", "<=", ">", ">=", " is null" };

  out->length = 0;
  for (guint i = 0; i < query->n; i++)
    {
      const KontorQueryTerm *term = &query->terms[i];

      if (i > 0)
        kontor_buffer_puts (out, query->any ? " | " : " & ");
      kontor_buffer_printf (out, "%s%s", term->negated ? "!" : "", term->field->name);
      if (term->key != NULL)
        kontor_buffer_printf (out, "{%s}", term->key);
      kontor_buffer_puts (out, operators[term->op]);
      if (term->op == KONTOR_QUERY_IS_NULL)
        continue;
      if (term->field->kind == KONTOR_QUERY_NUMBER)
        kontor_buffer_int (out, term->number);
      else
        kontor_buffer_puts (out, term->text);
    }
}

static void
test_queries_are_understood (void)
{
  static const struct
  {
    const char *text, *meaning;
  } cases[] = {
    { "status:\"active\"", "status=active" },
    { "  status:'active'  ", "status=active" },
    { "status:active", "status=active" },
    { "amount:1000", "amount=1000" },
    { "amount:\"1000\"", "amount=1000" },
    { "amount:-5", "amount=-5" },
    { "amount>1 AND amount>=2 AND amount<30 AND amount<=40",
      "amount>1 & amount>=2 & amount<30 & amount<=40" },
    { "status:\"a\" OR status:\"b\" or amount:1", "status=a | status=b | amount=1" },
    { "status:\"a\" amount:1", "status=a & amount=1" },
    { "status:\"a\" amount:1 AND amount:2", "status=a & amount=1 & amount=2" },
    { "-status:\"a\" AND -amount>5", "!status=a & !amount>5" },
    { "email~\"amy\"", "email~amy" },
    { "email~\"é€😀\"", "email~é€😀" },
    { "email:null", "email is null" },
    { "-email:NULL", "!email is null" },
    { "email:\"null\"", "email=null" },
    { "card.last4:\"4242\"", "card.last4=4242" },
    { "metadata[\"order id\"]:\"7\"", "metadata{order id}=7" },
    { "metadata['k']:null", "metadata{k} is null" },
    { "status:\"say \\\"hi\\\" \\\\ 'there'\"", "status=say \"hi\" \\ 'there'" },
    { "status:'it\\'s'", "status=it's" },
    { "status:\"\"", "status=" },
    { "status:\"AND\" AND status:'x OR y'", "status=AND & status=x OR y" },
  };
  g_auto (KontorBuffer) buffer = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      KontorError error = { 0 };
      KontorQuery query = { 0 };

      g_test_message ("%s", cases[i].text);
      if (!kontor_query_parse (cases[i].text, fields, arena, &query, &error))
        g_error ("%s", error.message);
      describe (&query, &buffer);
      g_assert_cmpstr (kontor_buffer_text (&buffer), ==, cases[i].meaning);
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
    { "   ", "name of a field", 4 },
    { "status", "one of : ~", 7 },
    { "status=\"a\"", "one of : ~", 7 },
    { "status:", "a value", 8 },
    { "status: \"a\"", "a value", 8 },
    { "status:\"a", "has no end", 8 },
    { "status:\"a\\\"", "has no end", 8 },
    { "status:\"a\\", "has no end", 8 },
    { "shoe:\"a\"", "'shoe' cannot be searched", 1 },
    { "STATUS:\"a\"", "'STATUS' cannot be searched", 1 },
    { "status>\"a\"", "only numbers", 7 },
    { "status~\"abc\"", "a part of its text", 7 },
    { "amount~\"123\"", "a part of its text", 7 },
    { "email~\"ab\"", "at least three letters", 7 },
    { "email~\"€€\"", "at least three letters", 7 },
    { "amount:ten", "a whole number", 8 },
    { "amount:1.5", "a whole number", 8 },
    { "amount:99999999999999999999", "a whole number", 8 },
    { "amount>null", "a whole number", 8 },
    { "metadata:\"a\"", "needs a key", 9 },
    { "metadata[k]:\"a\"", "needs a key", 9 },
    { "metadata[\"k\":\"a\"", "closing bracket", 13 },
    { "status[\"k\"]:\"a\"", "only metadata", 7 },
    { "status:\"a\" AND", "name of a field", 15 },
    { "status:\"a\" AND AND status:\"b\"", "'AND' cannot be searched", 16 },
    { "AND status:\"b\"", "'AND' cannot be searched", 1 },
    { "status:\"a\"status:\"b\"", "a space", 11 },
    { "status:\"a\" OR amount:1 AND amount:2", "cannot be mixed", 24 },
    { "status:\"a\" OR amount:1 amount:2", "cannot be mixed", 24 },
    { "(status:\"a\")", "name of a field", 1 },
    { "--status:\"a\"", "name of a field", 2 },
    { "email:\"éé\" x:1", "'x' cannot be searched", 12 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_autofree char *place = g_strdup_printf (", at character %u.", cases[i].position);
      KontorError error = { 0 };
      KontorQuery query = { 0 };

      g_test_message ("%s", cases[i].text);
      g_assert_false (kontor_query_parse (cases[i].text, fields, arena, &query, &error));
      g_test_message ("%s", error.message);
      g_assert_cmpstr (error.param, ==, "query");
      g_assert_nonnull (strstr (error.message, cases[i].problem));
      g_assert_true (g_str_has_suffix (error.message, place));
      g_assert_cmpuint (query.n, ==, 0);
    }
}

static void
test_the_number_of_conditions_has_a_bound (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  KontorError error = { 0 };
  KontorQuery query = { 0 };

  for (guint i = 0; i < 32; i++)
    g_string_append (text, "amount:1 ");
  g_assert_true (kontor_query_parse (text->str, fields, arena, &query, &error));
  g_assert_cmpuint (query.n, ==, 32);
  g_string_append (text, "amount:1 ");
  g_assert_false (kontor_query_parse (text->str, fields, arena, &query, &error));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/queries-are-understood", test_queries_are_understood);
  g_test_add_func ("/query/mistakes-are-found-at-their-place",
                   test_mistakes_are_found_at_their_place);
  g_test_add_func ("/query/the-number-of-conditions-has-a-bound",
                   test_the_number_of_conditions_has_a_bound);
  return g_test_run ();
}
