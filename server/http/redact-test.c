/* redact-test.c: that the request log holds no card number and no secret, wherever it was sent. */
#include "server/http/redact.h"

#include <string.h>

#include "core/form.h"
#include "core/resources/payment_intent.h"

static const struct
{
  const char *form, *kept;
} cases[] = {
  { "amount=2000&currency=usd", "{\"amount\":\"2000\",\"currency\":\"usd\"}" },
  { "payment_method_data[card][number]=4242424242424242",
    "{\"payment_method_data\":{\"card\":{\"number\":\"[redacted]\"}}}" },
  { "payment_method_data[card][cvc]=123",
    "{\"payment_method_data\":{\"card\":{\"cvc\":\"[redacted]\"}}}" },
  { "client_secret=pi_1_secret_2", "{\"client_secret\":\"[redacted]\"}" },
  { "description=card+4242+4242+4242+4242+please", "{\"description\":\"[redacted]\"}" },
  { "metadata[card]=4242-4242-4242-4242", "{\"metadata\":{\"card\":\"[redacted]\"}}" },
  { "source[number]=5555555555554444", "{\"source\":{\"number\":\"[redacted]\"}}" },
  { "nonsense[]=378282246310005", "{\"nonsense\":[\"[redacted]\"]}" },
  { "metadata[order]=4242424242424241", "{\"metadata\":{\"order\":\"4242424242424241\"}}" },
  { "metadata[phone]=%2B49+89+123456", "{\"metadata\":{\"phone\":\"+49 89 123456\"}}" },
};

static void
test_keeps_no_secret (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_auto (KontorBuffer) out = { 0 };
      KontorValue *params = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
      const char *problem;

      g_assert_true (
          kontor_form_parse (arena, cases[i].form, strlen (cases[i].form), params, &problem));
      kontor_redact_params (&kontor_payment_intent_resource.shape, NULL, params, &out);
      g_assert_cmpstr (kontor_buffer_text (&out), ==, cases[i].kept);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/keeps-no-secret", test_keeps_no_secret);
  return g_test_run ();
}
