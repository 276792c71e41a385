/* expand-test.c: which names in expand[] are taken, and the tree they become. */
#include "core/json.h"
#include "core/resource.h"

#include <string.h>

#include "core/resources/charge.h"
#include "core/resources/payment_intent.h"

typedef struct
{
  const KontorResource *resource;
  gboolean in_list;
  const char *sent; /* JSON */
  const char *tree; /* "a(b,c)"; %NULL: refused */
  const char *why;
} Case;

static void
draw (const KontorExpand *expand, GString *out)
{
  for (; expand != NULL; expand = expand->next)
    {
      g_string_append (out, expand->name);
      if (expand->children != NULL)
        {
          g_string_append_c (out, '(');
          draw (expand->children, out);
          g_string_append_c (out, ')');
        }
      if (expand->next != NULL)
        g_string_append_c (out, ',');
    }
}

#define INTENT &kontor_payment_intent_resource
#define CHARGE &kontor_charge_resource

static void
test_names_become_a_tree (void)
{
  static const Case cases[] = {
    { INTENT, FALSE, "[]", "", "nothing" },
    { INTENT, FALSE, "[\"customer\"]", "customer", "an id" },
    { INTENT, FALSE, "{\"0\":\"customer\"}", "customer", "as a form numbers it" },
    { INTENT, FALSE, "[\"customer\",\"customer\"]", "customer", "twice the same" },
    { INTENT, FALSE, "[\"latest_charge.customer\",\"latest_charge.balance_transaction\"]",
      "latest_charge(balance_transaction,customer)", "two of one branch" },
    { INTENT, FALSE, "[\"latest_charge.balance_transaction.source.customer\"]",
      "latest_charge(balance_transaction(source(customer)))", "four levels" },
    { INTENT, FALSE, "[\"latest_charge.balance_transaction.source.payment_intent\"]",
      "latest_charge(balance_transaction(source(payment_intent)))", "either of two kinds" },
    { INTENT, FALSE, "[\"customer.invoice_settings.default_payment_method\"]",
      "customer(invoice_settings(default_payment_method))", "inside a nested object" },
    { INTENT, FALSE, "[\"application\"]", "application",
      "of a feature that is not here: stays null" },
    { CHARGE, FALSE, "[\"refunds\"]", "refunds", "a list inside" },
    { CHARGE, FALSE, "[\"refunds.data.balance_transaction\"]", "refunds(data(balance_transaction))",
      "what is in that list" },
    { INTENT, TRUE, "[\"data.customer\"]", "customer", "in a list the tree begins below data" },
    { INTENT, TRUE, "[\"data.latest_charge.balance_transaction.source\"]",
      "latest_charge(balance_transaction(source))", "four levels with data" },

    { INTENT, FALSE, "[\"amount\"]", NULL, "no id" },
    { INTENT, FALSE, "[\"nothing\"]", NULL, "no field" },
    { INTENT, FALSE, "[\"customer.nothing\"]", NULL, "no field of the customer" },
    { INTENT, FALSE, "[\"shipping\"]", NULL, "is there already" },
    { INTENT, FALSE, "[\"customer.\"]", NULL, "an empty name" },
    { INTENT, FALSE, "[\".customer\"]", NULL, "an empty name" },
    { INTENT, FALSE, "[\"\"]", NULL, "nothing named" },
    { INTENT, FALSE, "[\"return_url\"]", NULL, "hidden" },
    { INTENT, FALSE, "[\"confirm\"]", NULL, "only a parameter" },
    { INTENT, FALSE, "[\"latest_charge.payment_intent.latest_charge.payment_intent.customer\"]",
      NULL, "five levels" },
    { INTENT, TRUE, "[\"data.latest_charge.balance_transaction.source.customer\"]", NULL,
      "five levels with data" },
    { INTENT, TRUE, "[\"customer\"]", NULL, "in a list names begin with data" },
    { INTENT, FALSE, "[\"data.customer\"]", NULL, "and elsewhere they do not" },
    { INTENT, FALSE, "\"customer\"", NULL, "no list" },
    { INTENT, FALSE, "[[\"customer\"]]", NULL, "a list in the list" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_autoptr (GString) tree = g_string_new (NULL);
      const char *problem = NULL;
      KontorExpand *expand = NULL;
      KontorError error = { 0 };
      KontorValue *list
          = kontor_json_parse (arena, cases[i].sent, strlen (cases[i].sent), &problem);
      gboolean fine
          = kontor_expand_parse (cases[i].resource, cases[i].in_list, list, arena, &expand, &error);

      g_test_message ("%s: %s", cases[i].sent, cases[i].why);
      g_assert_cmpint (fine, ==, cases[i].tree != NULL);
      if (!fine)
        {
          g_assert_cmpstr (error.param, ==, "expand");
          g_assert_cmpuint (error.info->status, ==, 400);
          continue;
        }
      draw (expand, tree);
      g_assert_cmpstr (tree->str, ==, cases[i].tree);
    }
}

static void
test_the_refusal_names_what_cannot_be_expanded (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  static const char sent[] = "[\"customer\",\"latest_charge.nothing\"]";
  const char *problem = NULL;
  KontorExpand *expand = NULL;
  KontorError error = { 0 };

  g_assert_false (kontor_expand_parse (INTENT, FALSE,
                                       kontor_json_parse (arena, sent, sizeof sent - 1, &problem),
                                       arena, &expand, &error));
  g_assert_cmpstr (error.message, ==, "This property cannot be expanded (latest_charge.nothing).");
  g_assert_true (kontor_expand_parse (INTENT, FALSE, NULL, arena, &expand, &error));
  g_assert_null (expand);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expand/names-become-a-tree", test_names_become_a_tree);
  g_test_add_func ("/expand/the-refusal-names-what-cannot-be-expanded",
                   test_the_refusal_names_what_cannot_be_expanded);
  return g_test_run ();
}
