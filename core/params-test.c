/* params-test.c: which parameters are taken, what is said of the others, and where they end up. */
#include "core/form.h"
#include "core/json.h"
#include "core/resource.h"

#include <string.h>

#include "core/resources/customer.h"
#include "core/resources/payment_intent.h"
#include "core/resources/payment_method.h"
#include "core/resources/refund.h"
#include "core/resources/setup_attempt.h"

typedef struct
{
  const KontorResource *resource;
  guint32 operation;
  const char *sent;    /* a form, or JSON */
  const char *message; /* %NULL: fine; else what the refusal begins with */
  const char *param;
  const char *code; /* %NULL: a refusal without a code */
} Case;

static KontorValue *
parse (KontorArena *arena, const char *text)
{
  KontorValue *params = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
  const char *problem = NULL;

  if (*text == '{')
    params = kontor_json_parse (arena, text, strlen (text), &problem);
  else
    g_assert_true (kontor_form_parse (arena, text, strlen (text), params, &problem));
  g_assert_cmpstr (problem, ==, NULL);
  return params;
}

static void
run_cases (const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      KontorValue *params = parse (arena, cases[i].sent);
      KontorError error = { 0 };
      gboolean fine = kontor_params_check (&cases[i].resource->shape, cases[i].operation, NULL,
                                           arena, params, &error);

      g_test_message ("%.200s", cases[i].sent);
      if (cases[i].message == NULL)
        {
          g_assert_cmpstr (error.message, ==, "");
          g_assert_true (fine);
          continue;
        }
      g_assert_false (fine);
      g_assert_true (g_str_has_prefix (error.message, cases[i].message)
                     || g_strcmp0 (error.message, cases[i].message) == 0);
      g_assert_cmpstr (error.param, ==, cases[i].param);
      g_assert_cmpstr (error.info->code, ==, cases[i].code);
    }
}

#define INTENT &kontor_payment_intent_resource
#define PERSON &kontor_customer_resource
#define METHOD &kontor_payment_method_resource
#define NEW KONTOR_IN_CREATE
#define BASE "amount=2000&currency=usd"

static void
test_known_parameters_are_taken (void)
{
  static const Case cases[] = {
    { INTENT, NEW, BASE },
    { INTENT, NEW, "amount=2000&currency=USD&expand[]=customer" },
    { INTENT, NEW, "{\"amount\":2000,\"currency\":\"usd\",\"confirm\":true,\"off_session\":true}" },
    { INTENT, NEW, BASE "&off_session=one_off&confirm=true&payment_method_types[]=card" },
    { INTENT, NEW, BASE "&payment_method_types[0]=card&payment_method_types[1]=link" },
    { INTENT, NEW, BASE "&automatic_payment_methods[enabled]=true" },
    { INTENT, NEW,
      BASE "&payment_method_options[card][request_three_d_secure]=any"
           "&payment_method_options[us_bank_account][verification_method]=instant" },
    { INTENT, NEW,
      BASE "&payment_method_data[type]=card&payment_method_data[card][token]=tok_visa" },
    { INTENT, NEW, BASE "&metadata[a]=1&metadata[b]=&shipping[name]=N&shipping[address][line1]=L" },
    { INTENT, NEW,
      BASE "&mandate_data[customer_acceptance][type]=online"
           "&mandate_data[customer_acceptance][online][ip_address]=127.0.0.1"
           "&mandate_data[customer_acceptance][online][user_agent]=x" },
    { INTENT, KONTOR_IN_UPDATE, "description=&metadata=" },
    { INTENT, KONTOR_IN_UPDATE,
      "{\"description\":null,\"amount\":null,\"metadata\":{\"a\":1,\"b\":true,\"c\":null}}" },
    { INTENT, KONTOR_IN_LIST, "created[gte]=1&created[lt]=2&customer=cus_1" },
    { INTENT, KONTOR_IN_LIST, "created=1795363200" },
    { INTENT, KONTOR_IN_ACTION, "amount=3000" },
    { PERSON, NEW, "" },
    { PERSON, NEW, "email=a@b.example&name=&tax_exempt=none&balance=-5&preferred_locales[]=de" },
    { PERSON, NEW,
      "invoice_settings[custom_fields][0][name]=a&invoice_settings[custom_fields][0][value]=b" },
    { PERSON, KONTOR_IN_UPDATE, "shipping=&address=&invoice_settings[footer]=" },
    { METHOD, NEW,
      "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=30&card[cvc]=1" },
    { METHOD, KONTOR_IN_UPDATE, "card[exp_month]=1&card[exp_year]=2031" },
    { METHOD, KONTOR_IN_ACTION, "customer=cus_1" },
    { &kontor_refund_resource, NEW, "charge=ch_1" },
    { &kontor_setup_attempt_resource, KONTOR_IN_LIST, "setup_intent=seti_1" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_unknown_parameters_are_named (void)
{
  static const Case cases[] = {
    { INTENT, NEW, BASE "&foo=1", "Received unknown parameter: foo", "foo", "parameter_unknown" },
    { INTENT, NEW, BASE "&foo=1&bar=2", "Received unknown parameters: foo, bar", "foo",
      "parameter_unknown" },
    { INTENT, NEW, "foo=1", "Received unknown parameter: foo", "foo", "parameter_unknown" },
    { METHOD, NEW, "type=card&card[foo]=1", "Received unknown parameter: card[foo]", "card[foo]",
      "parameter_unknown" },
    { METHOD, KONTOR_IN_UPDATE, "card[number]=1", "Received unknown parameter: card[number]",
      "card[number]", "parameter_unknown" },
    { INTENT, NEW, BASE "&shipping[name]=N&shipping[address][street]=x",
      "Received unknown parameter: shipping[address][street]", "shipping[address][street]",
      "parameter_unknown" },
    { INTENT, NEW, BASE "&id=pi_1", "Received unknown parameter: id", "id", "parameter_unknown" },
    { INTENT, NEW, BASE "&status=succeeded", "Received unknown parameter: status", "status",
      "parameter_unknown" },
    { INTENT, NEW, BASE "&authentication=succeeded", "Received unknown parameter: authentication",
      "authentication", "parameter_unknown" },
    { INTENT, KONTOR_IN_CAPTURE, "amount=1", "Received unknown parameter: amount", "amount",
      "parameter_unknown" },
    { INTENT, KONTOR_IN_LIST, "created[after]=1", "Received unknown parameter: created[after]",
      "created[after]", "parameter_unknown" },
    { METHOD, NEW, "type=card&behaviour=visa", "Received unknown parameter: behaviour", "behaviour",
      "parameter_unknown" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_missing_parameters_are_named (void)
{
  static const Case cases[] = {
    { INTENT, NEW, "", "Missing required param: amount.", "amount", "parameter_missing" },
    { INTENT, NEW, "amount=1", "Missing required param: currency.", "currency",
      "parameter_missing" },
    { INTENT, NEW, "{\"amount\":null,\"currency\":\"usd\"}", "Missing required param: amount.",
      "amount", "parameter_missing" },
    { INTENT, KONTOR_IN_ACTION, "", "Missing required param: amount.", "amount",
      "parameter_missing" },
    { METHOD, KONTOR_IN_ACTION, "", "Missing required param: customer.", "customer",
      "parameter_missing" },
    { INTENT, NEW, BASE "&shipping[name]=N", "Missing required param: shipping[address].",
      "shipping[address]", "parameter_missing" },
    { INTENT, NEW, BASE "&payment_method_data[card][token]=t",
      "Missing required param: payment_method_data[type].", "payment_method_data[type]",
      "parameter_missing" },
    { PERSON, NEW, "invoice_settings[custom_fields][0][name]=a",
      "Missing required param: invoice_settings[custom_fields][0][value].",
      "invoice_settings[custom_fields][0][value]", "parameter_missing" },
    { &kontor_setup_attempt_resource, KONTOR_IN_LIST, "", "Missing required param: setup_intent.",
      "setup_intent", "parameter_missing" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_numbers_are_whole_and_in_range (void)
{
  static const Case cases[] = {
    { INTENT, NEW, "amount=abc&currency=usd", "Invalid integer: abc", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount=10.5&currency=usd", "Invalid integer: 10.5", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount=1e3&currency=usd", "Invalid integer: 1e3", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount=+5&currency=usd", "Invalid integer: ", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount=%2B5&currency=usd", "Invalid integer: +5", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount=%205&currency=usd", "Invalid integer: ", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount=5%20&currency=usd", "Invalid integer: ", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount=0&currency=usd", "This value must be greater than or equal to 1.",
      "amount", "parameter_invalid_integer" },
    { INTENT, NEW, "amount=-5&currency=usd", "This value must be greater than or equal to 1.",
      "amount", "parameter_invalid_integer" },
    { INTENT, NEW, "amount=99999999999999999999&currency=usd", "Invalid integer: ", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "amount[a]=5&currency=usd", "Invalid integer", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "{\"amount\":10.0,\"currency\":\"usd\"}", "Invalid integer: 10.0", "amount",
      "parameter_invalid_integer" },
    { INTENT, NEW, "{\"amount\":true,\"currency\":\"usd\"}", "Invalid integer", "amount",
      "parameter_invalid_integer" },
    { INTENT, KONTOR_IN_LIST, "created[gte]=tomorrow", "Invalid timestamp", "created[gte]",
      "parameter_invalid_integer" },
    { INTENT, KONTOR_IN_LIST, "created=-1", "Invalid timestamp", "created",
      "parameter_invalid_integer" },
    { PERSON, NEW, "next_invoice_sequence=2000000000",
      "This value must be less than or equal to 1000000000.", "next_invoice_sequence",
      "parameter_invalid_integer" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_words_and_texts_are_held_to_the_table (void)
{
  static const Case cases[] = {
    { INTENT, NEW, BASE "&capture_method=later",
      "Invalid capture_method: must be one of automatic, automatic_async, or manual",
      "capture_method", NULL },
    { INTENT, NEW, BASE "&setup_future_usage=x",
      "Invalid setup_future_usage: must be one of off_session or on_session", "setup_future_usage",
      NULL },
    { INTENT, NEW, BASE "&payment_method_types[]=cash",
      "Invalid payment_method_types[0]: must be one of ", "payment_method_types[0]", NULL },
    { INTENT, NEW, BASE "&confirm=yes", "Invalid boolean: yes", "confirm", NULL },
    { INTENT, NEW, BASE "&confirm=1", "Invalid boolean: 1", "confirm", NULL },
    { INTENT, NEW, BASE "&description[a]=b", "Invalid string: ", "description", NULL },
    { INTENT, NEW, BASE "&statement_descriptor=12345678901234567890123",
      "Invalid string: ", "statement_descriptor", NULL },
    { INTENT, NEW, "amount=5&currency=xxq", "Invalid currency: xxq", "currency", NULL },
    { INTENT, NEW, BASE "&receipt_email=nobody", "Invalid email address: nobody", "receipt_email",
      "email_invalid" },
    { INTENT, NEW, BASE "&receipt_email=a@b@c", "Invalid email address: ", "receipt_email",
      "email_invalid" },
    { PERSON, NEW, "email=a%20b@c.example", "Invalid email address: ", "email", "email_invalid" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_empty_values_only_unset_what_can_be_unset (void)
{
  static const Case cases[] = {
    { INTENT, NEW, "amount=&currency=usd", "You passed an empty string for 'amount'.", "amount",
      "parameter_invalid_empty" },
    { INTENT, NEW, "amount=5&currency=", "You passed an empty string for 'currency'.", "currency",
      "parameter_invalid_empty" },
    { INTENT, NEW, BASE "&customer=", "You passed an empty string for 'customer'.", "customer",
      "parameter_invalid_empty" },
    { INTENT, NEW, BASE "&capture_method=", "You passed an empty string for 'capture_method'.",
      "capture_method", "parameter_invalid_empty" },
    { INTENT, NEW,
      BASE "&payment_method_data=", "You passed an empty string for 'payment_method_data'.",
      "payment_method_data", "parameter_invalid_empty" },
    { INTENT, KONTOR_IN_LIST, "created=", "You passed an empty string for 'created'.", "created",
      "parameter_invalid_empty" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_lists_and_objects_are_told_apart (void)
{
  static const Case cases[] = {
    { INTENT, NEW, BASE "&payment_method_types=card", "Invalid array", "payment_method_types",
      NULL },
    { INTENT, NEW, BASE "&payment_method_types[a]=card", "Invalid array", "payment_method_types",
      NULL },
    { INTENT, NEW, BASE "&shipping=x", "Invalid object", "shipping", NULL },
    { INTENT, NEW, BASE "&shipping[]=x", "Invalid object", "shipping", NULL },
    { INTENT, NEW, BASE "&metadata=x", "Invalid object", "metadata", NULL },
    { PERSON, NEW, "invoice_settings[custom_fields][]=x", "Invalid object",
      "invoice_settings[custom_fields][0]", NULL },
    { PERSON, NEW,
      "{\"invoice_settings\":{\"custom_fields\":[{\"name\":\"a\",\"value\":\"b\"},{\"name\":\"a\","
      "\"value\":\"b\"},"
      "{\"name\":\"a\",\"value\":\"b\"},{\"name\":\"a\",\"value\":\"b\"},{\"name\":\"a\",\"value\":"
      "\"b\"}]}}",
      "Invalid array: invoice_settings[custom_fields] takes at most 4 items.",
      "invoice_settings[custom_fields]", NULL },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_metadata_keeps_within_its_bounds (void)
{
  static const Case cases[] = {
    { PERSON, NEW, "metadata[1234567890123456789012345678901234567890]=x" },
    { PERSON, NEW, "metadata[12345678901234567890123456789012345678901]=x",
      "Metadata keys must be at most 40 characters", "metadata", NULL },
    { PERSON, NEW, "metadata[a][b]=x", "Metadata values can only be strings.", "metadata[a]",
      NULL },
    { PERSON, NEW, "{\"metadata\":{\"a[b]\":\"x\"}}",
      "Metadata keys cannot be empty or hold square brackets.", "metadata", NULL },
    { PERSON, NEW, "{\"metadata\":{\"\":\"x\"}}", "Metadata keys cannot be empty", "metadata",
      NULL },
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autofree char *long_text = g_strnfill (501, 'x');
  g_autofree char *long_value = g_strdup_printf ("metadata[a]=%s", long_text);
  g_autoptr (GString) many = g_string_new ("metadata[0]=x");
  KontorError error = { 0 };

  run_cases (cases, G_N_ELEMENTS (cases));
  g_assert_false (kontor_params_check (&kontor_customer_resource.shape, NEW, NULL, arena,
                                       parse (arena, long_value), &error));
  g_assert_cmpstr (error.param, ==, "metadata[a]");
  for (guint i = 1; i <= 50; i++)
    g_string_append_printf (many, "&metadata[k%u]=x", i);
  g_assert_false (kontor_params_check (&kontor_customer_resource.shape, NEW, NULL, arena,
                                       parse (arena, many->str), &error));
  g_assert_cmpstr (error.param, ==, "metadata");
}

static void
test_further_parameters_of_a_route_are_checked_too (void)
{
  static const KontorField extra[] = {
    { "seconds", KONTOR_INT, KONTOR_PARAM_ONLY | KONTOR_REQUIRED, .min = 1, .max = 10 },
    { NULL },
  };
  static const struct
  {
    const char *sent, *message;
  } cases[] = {
    { "seconds=5", "" },
    { "", "Missing required param: seconds." },
    { "seconds=11", "This value must be less than or equal to 10." },
    { "minutes=1", "Received unknown parameter: minutes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      KontorError error = { 0 };

      kontor_params_check (NULL, 0, extra, arena, parse (arena, cases[i].sent), &error);
      g_assert_cmpstr (error.message, ==, cases[i].message);
    }
}

static const KontorValue *
checked (KontorArena *arena, const KontorResource *resource, guint32 operation, const char *sent)
{
  KontorValue *params = parse (arena, sent);
  KontorError error = { 0 };

  kontor_params_check (&resource->shape, operation, NULL, arena, params, &error);
  g_assert_cmpstr (error.message, ==, "");
  return params;
}

static gboolean
update (KontorArena *arena, KontorCustomer *customer, const char *sent)
{
  return kontor_params_apply (&kontor_customer_resource.shape, KONTOR_IN_UPDATE,
                              checked (arena, PERSON, KONTOR_IN_UPDATE, sent), arena, customer);
}

static void
assert_shows (const KontorObject *object, const char *piece)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_object_write (object, NULL, NULL, &json);
  if (strstr (kontor_buffer_text (&json), piece) == NULL)
    g_error ("%s is not in %s", piece, kontor_buffer_text (&json));
}

static void
test_what_is_sent_is_set_and_the_rest_stays (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorCustomer *customer = kontor_object_new (PERSON, arena);

  customer->head.id = "cus_1";
  g_assert_true (update (arena, customer,
                         "name=N&balance=-5&metadata[a]=1&metadata[b]=2&invoice_settings[footer]=F"
                         "&address[city]=C&preferred_locales[]=de&email=a@b.example"));
  assert_shows (&customer->head, "\"balance\":-5");
  assert_shows (&customer->head, "\"metadata\":{\"a\":\"1\",\"b\":\"2\"}");
  g_assert_true (update (
      arena, customer,
      "metadata[a]=&metadata[c]=3&invoice_settings[default_payment_method]=pm_1&address[line1]=L"));
  assert_shows (&customer->head, "\"name\":\"N\"");
  assert_shows (&customer->head, "\"metadata\":{\"b\":\"2\",\"c\":\"3\"}");
  assert_shows (&customer->head, "\"default_payment_method\":\"pm_1\",\"footer\":\"F\"");
  assert_shows (&customer->head, "\"address\":{\"city\":\"C\",\"country\":null,\"line1\":\"L\"");
  assert_shows (&customer->head, "\"preferred_locales\":[\"de\"]");
}

static void
test_what_is_sent_empty_is_unset (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorCustomer *customer = kontor_object_new (PERSON, arena);

  customer->head.id = "cus_1";
  update (arena, customer,
          "name=N&tax_exempt=reverse&metadata[a]=1&address[city]=C&preferred_locales[]=de&balance=7"
          "&invoice_settings[footer]=F");
  g_assert_true (
      update (arena, customer,
              "name=&tax_exempt=&metadata=&address=&preferred_locales=&invoice_settings[footer]="));
  assert_shows (&customer->head, "\"name\":null");
  assert_shows (&customer->head, "\"tax_exempt\":\"none\"");
  assert_shows (&customer->head, "\"metadata\":{}");
  assert_shows (&customer->head, "\"address\":null");
  assert_shows (&customer->head, "\"preferred_locales\":[]");
  assert_shows (&customer->head, "\"footer\":null");
  /* JSON's null leaves alone what cannot be unset. */
  g_assert_false (update (arena, customer, "{\"balance\":null}"));
  assert_shows (&customer->head, "\"balance\":7");
}

static void
test_what_is_the_same_changes_nothing (void)
{
  static const char sent[] = "name=N&balance=1&metadata[a]=1&address[city]=C&preferred_locales[]="
                             "de&invoice_settings[footer]=F";
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorCustomer *customer = kontor_object_new (PERSON, arena);

  g_assert_true (update (arena, customer, sent));
  g_assert_false (update (arena, customer, sent));
  g_assert_false (update (arena, customer, ""));
  g_assert_true (update (arena, customer, "address[city]=D"));
}

static void
test_an_address_to_ship_to_is_replaced_whole (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorCustomer *customer = kontor_object_new (PERSON, arena);
  const KontorShipping *before;

  update (arena, customer,
          "shipping[name]=A&shipping[address][line1]=L&shipping[address][line2]=flat "
          "2&shipping[phone]=1");
  before = customer->shipping;
  update (arena, customer, "shipping[name]=B&shipping[address][line1]=M");
  g_assert_cmpstr (customer->shipping->name, ==, "B");
  g_assert_null (customer->shipping->address->line2);
  g_assert_null (customer->shipping->phone);
  /* An older version of the object may still be looking at the old one. */
  g_assert_cmpstr (before->name, ==, "A");
}

static void
test_a_mere_parameter_is_left_to_the_rules (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorPaymentIntent *intent = kontor_object_new (INTENT, arena);
  const KontorValue *params = checked (
      arena, INTENT, NEW, BASE "&payment_method=pm_card_visa&confirm=true&off_session=recurring");

  kontor_params_apply (&kontor_payment_intent_resource.shape, NEW, params, arena, intent);
  g_assert_null (intent->payment_method);
  g_assert_cmpint (intent->off_session, ==, FALSE);
  g_assert_cmpstr (intent->capture_method, ==, "automatic_async");
  g_assert_cmpstr (kontor_params_string (params, "payment_method"), ==, "pm_card_visa");
  g_assert_true (kontor_params_bool (params, "confirm", FALSE));
  g_assert_cmpint (kontor_params_int (params, "amount", 0), ==, 2000);
  g_assert_cmpint (kontor_params_int (params, "amount_to_capture", 7), ==, 7);
  g_assert_false (kontor_params_has (params, "customer"));
  g_assert_null (kontor_params_object (params, "shipping"));
  g_assert_false (kontor_params_unset (params, "customer"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/params/known-parameters-are-taken", test_known_parameters_are_taken);
  g_test_add_func ("/params/unknown-parameters-are-named", test_unknown_parameters_are_named);
  g_test_add_func ("/params/missing-parameters-are-named", test_missing_parameters_are_named);
  g_test_add_func ("/params/numbers-are-whole-and-in-range", test_numbers_are_whole_and_in_range);
  g_test_add_func ("/params/words-and-texts-are-held-to-the-table",
                   test_words_and_texts_are_held_to_the_table);
  g_test_add_func ("/params/empty-values-only-unset-what-can-be-unset",
                   test_empty_values_only_unset_what_can_be_unset);
  g_test_add_func ("/params/lists-and-objects-are-told-apart",
                   test_lists_and_objects_are_told_apart);
  g_test_add_func ("/params/metadata-keeps-within-its-bounds",
                   test_metadata_keeps_within_its_bounds);
  g_test_add_func ("/params/further-parameters-of-a-route-are-checked-too",
                   test_further_parameters_of_a_route_are_checked_too);
  g_test_add_func ("/params/what-is-sent-is-set-and-the-rest-stays",
                   test_what_is_sent_is_set_and_the_rest_stays);
  g_test_add_func ("/params/what-is-sent-empty-is-unset", test_what_is_sent_empty_is_unset);
  g_test_add_func ("/params/what-is-the-same-changes-nothing",
                   test_what_is_the_same_changes_nothing);
  g_test_add_func ("/params/an-address-to-ship-to-is-replaced-whole",
                   test_an_address_to_ship_to_is_replaced_whole);
  g_test_add_func ("/params/a-mere-parameter-is-left-to-the-rules",
                   test_a_mere_parameter_is_left_to_the_rules);
  return g_test_run ();
}
