/* api-test.c: flags become parameters, and values are checked before they are sent. */
#include "cli/api.h"

#include "core/client/client-error.h"

#define NOW 1700000000

/* A flag of an operation, and the parameter it stands for; %NULL: there is none. */
static const struct
{
  const char *noun, *verb, *flag, *name;
} targets[] = {
  { "customers", "create", "email", "email" },
  { "customers", "create", "address.city", "address[city]" },
  { "customers", "create", "address[city]", "address[city]" },
  { "customers", "create", "address.postal-code", "address[postal_code]" },
  { "customers", "create", "shipping.address.line1", "shipping[address][line1]" },
  { "customers", "create", "metadata.order-no", "metadata[order-no]" },
  { "customers", "create", "invoice-settings.custom-fields.0.name",
    "invoice_settings[custom_fields][0][name]" },
  { "customers", "create", "invoice-settings.custom-fields.0.nme", NULL },
  { "customers", "create", "invoice-settings.custom-fields.x", NULL },
  { "customers", "create", "address.city.street", NULL },
  { "customers", "create", "nothing", NULL },
  { "customers", "create", "", NULL },
  { "customers", "list", "created.gte", "created[gte]" },
  { "customers", "list", "created.after", NULL },
  { "payment-intents", "create", "payment-method-options.acss_debit.a.b",
    "payment_method_options[acss_debit][a][b]" },
};

static void
test_targets (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      const KontorApiOperation *operation = kontor_api_find (targets[i].noun, targets[i].verb);
      KontorApiTarget target = { 0 };
      g_autofree char *name = NULL;

      g_assert_nonnull (operation);
      g_assert_cmpint (kontor_api_target (operation->params, targets[i].flag, &target), ==,
                       targets[i].name != NULL);
      name = target.name;
      g_assert_cmpstr (name, ==, targets[i].name);
    }
}

static const char *const words[] = { "early", "late", NULL };

/* What is typed, and what is sent; %NULL: it is refused. */
static const struct
{
  KontorApiParam param;
  const char    *typed, *sent;
} values[] = {
  { { "a", KONTOR_PARAM_TEXT }, "any thing", "any thing" },
  { { "a", KONTOR_PARAM_TEXT, .words = words }, "late", "late" },
  { { "a", KONTOR_PARAM_TEXT, .words = words }, "later", NULL },
  { { "a", KONTOR_PARAM_TEXT, .words = words, .clears = TRUE }, "", "" },
  { { "a", KONTOR_PARAM_INTEGER, .min = 1, .max = 100 }, "100", "100" },
  { { "a", KONTOR_PARAM_INTEGER, .min = 1, .max = 100 }, "101", NULL },
  { { "a", KONTOR_PARAM_INTEGER, .min = G_MININT64, .max = G_MAXINT64 }, "-5", "-5" },
  { { "a", KONTOR_PARAM_INTEGER, .min = G_MININT64, .max = G_MAXINT64 }, "1e3", NULL },
  { { "a", KONTOR_PARAM_INTEGER, .min = G_MININT64, .max = G_MAXINT64 }, "10.99", NULL },
  { { "a", KONTOR_PARAM_BOOLEAN }, "true", "true" },
  { { "a", KONTOR_PARAM_BOOLEAN }, "yes", NULL },
  { { "a", KONTOR_PARAM_CURRENCY }, "EUR", "eur" },
  { { "a", KONTOR_PARAM_CURRENCY }, "euro", NULL },
  { { "a", KONTOR_PARAM_TIME }, "1600000000", "1600000000" },
  { { "a", KONTOR_PARAM_TIME }, "90s", "1699999910" },
  { { "a", KONTOR_PARAM_TIME }, "2d", "1699827200" },
  { { "a", KONTOR_PARAM_TIME }, "2023-11-14T22:13:20Z", "1700000000" },
  { { "a", KONTOR_PARAM_TIME }, "2023-11-14", "1699920000" },
  { { "a", KONTOR_PARAM_TIME }, "yesterday", NULL },
  { { "a", KONTOR_PARAM_OBJECT }, "x", NULL },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *sent
          = kontor_api_value (&values[i].param, "a", values[i].typed, NOW, &error);

      g_assert_cmpstr (sent, ==, values[i].sent);
      if (sent == NULL)
        g_assert_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING);
    }
}

static void
test_operations (void)
{
  char *ids[] = { (char *) "cus_1/../2", (char *) "pm_1", NULL };
  const KontorApiOperation *operation = kontor_api_find ("customers", "retrieve_payment_method");
  g_autofree char *path = kontor_api_path (operation, ids);

  g_assert_cmpuint (kontor_api_n_ids (operation), ==, 2);
  g_assert_cmpstr (path, ==, "/v1/customers/cus_1%2F..%2F2/payment_methods/pm_1");
  g_assert_true (kontor_api_has ("payment-intents"));
  g_assert_false (kontor_api_has ("payment"));
  for (const KontorApiOperation *row = kontor_api_operations; row->noun != NULL; row++)
    {
      g_assert_true (kontor_api_find (row->noun, row->verb) == row);
      g_assert_nonnull (row->doc);
      for (const KontorApiParam *param = row->params; param->name != NULL; param++)
        g_assert_true (param->type != KONTOR_PARAM_OBJECT || param->members != NULL);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api/a-flag-names-a-parameter-or-nothing", test_targets);
  g_test_add_func ("/api/a-value-that-cannot-be-right-is-refused", test_values);
  g_test_add_func ("/api/each-operation-is-found-by-its-words", test_operations);
  return g_test_run ();
}
