/* error-test.c: that there is one sound row per refusal, and that sentences come out whole. */
#include "core/error.h"

#include <string.h>

static void
test_every_code_has_its_row (void)
{
  for (guint i = 0; i < KONTOR_N_ERRORS; i++)
    {
      const KontorErrorInfo *info = kontor_error_info (i);

      g_test_message ("row %u", i);
      g_assert_cmpuint (info->number, ==, i);
      g_assert_nonnull (info->message);
      g_assert_cmpuint (strlen (info->message), >, 5);
      if (i == KONTOR_ERROR_NONE)
        continue;

      g_assert_cmpuint (info->status, >=, 400);
      g_assert_cmpuint (info->status, <, 600);
      g_assert_true (g_str_has_suffix (info->type, "_error"));
      if (info->code != NULL)
        g_assert_true (g_regex_match_simple ("^[a-z_]+$", info->code, 0, 0));
      /* one %s at most, and nothing else for printf() */
      g_assert_true (g_regex_match_simple ("^[^%]*(%s[^%]*)?$", info->message, 0, 0));
    }
}

static void
test_types_go_with_statuses (void)
{
  for (guint i = KONTOR_ERROR_API; i < KONTOR_N_ERRORS; i++)
    {
      const KontorErrorInfo *info = kontor_error_info (i);

      g_test_message ("row %u: %s", i, info->message);
      g_assert_cmpint (info->status >= 500, ==, strcmp (info->type, "api_error") == 0);
      g_assert_cmpint (info->status == 402, ==, strcmp (info->type, "card_error") == 0);
      g_assert_cmpint (info->status == 402, ==, i >= KONTOR_ERROR_AUTHENTICATION_REQUIRED);
    }
}

static void
test_the_tables_sentence_names_the_parameter (void)
{
  KontorError error = { 0 };

  g_assert_false (kontor_error_set (&error, KONTOR_ERROR_PARAMETER_MISSING, "amount", NULL));
  g_assert_cmpstr (error.message, ==, "Missing required param: amount.");
  g_assert_cmpstr (error.param, ==, "amount");
  g_assert_cmpuint (error.info->status, ==, 400);

  kontor_error_set (&error, KONTOR_ERROR_PARAMETER_UNKNOWN, "card[%s%n]", NULL);
  g_assert_cmpstr (error.message, ==, "Received unknown parameter: card[%s%n]");
}

static void
test_a_sentence_of_ones_own_takes_its_place (void)
{
  KontorError error = { .decline_code = "stolen_card", .charge = "ch_1", .payment_intent = "x" };

  kontor_error_set (&error, KONTOR_ERROR_INVALID_REQUEST, NULL, "No %s after %d.", "tea", 5);
  g_assert_cmpstr (error.message, ==, "No tea after 5.");
  g_assert_cmpstr (error.param, ==, "");
  g_assert_cmpstr (error.decline_code, ==, "");
  g_assert_cmpstr (error.charge, ==, "");
  g_assert_null (error.payment_intent);
  g_assert_false (kontor_error_set (NULL, KONTOR_ERROR_API, NULL, NULL));
}

static void
test_long_texts_are_cut_at_a_letter (void)
{
  g_autoptr (GString) longest = g_string_new (NULL);

  while (longest->len < 1000)
    g_string_append (longest, "€");
  for (guint shift = 0; shift < 3; shift++)
    {
      KontorError error = { 0 };

      kontor_error_set (&error, KONTOR_ERROR_PARAMETER_UNKNOWN, longest->str, NULL);
      g_assert_true (g_utf8_validate (error.message, -1, NULL));
      g_assert_true (g_utf8_validate (error.param, -1, NULL));
      kontor_error_set (&error, KONTOR_ERROR_INVALID_REQUEST, NULL, "%s", longest->str);
      g_assert_true (g_utf8_validate (error.message, -1, NULL));
      g_assert_cmpuint (strlen (error.message), >, 600);
      g_string_prepend_c (longest, '.');
    }
}

static void
test_sentences_are_always_utf8 (void)
{
  KontorError error = { 0 };

  kontor_error_set (&error, KONTOR_ERROR_INVALID_REQUEST, "a\xff z", "Not here: %.4s.", "ab€");
  g_assert_cmpstr (error.message, ==, "Not here: ab??.");
  g_assert_cmpstr (error.param, ==, "a? z");
  kontor_error_set (&error, KONTOR_ERROR_INVALID_REQUEST, NULL, "ab%.2s", "€");
  g_assert_cmpstr (error.message, ==, "ab");
}

static void
test_what_is_missing_is_named (void)
{
  KontorError error = { 0 };

  g_assert_false (kontor_error_missing (&error, "customer", "cus_x", NULL));
  g_assert_cmpstr (error.message, ==, "No such customer: 'cus_x'");
  kontor_error_missing (&error, "payment_method", "pm_x", NULL);
  g_assert_cmpstr (error.message, ==, "No such PaymentMethod: 'pm_x'");
  g_assert_cmpuint (error.info->status, ==, 404);
  g_assert_cmpstr (error.info->code, ==, "resource_missing");

  kontor_error_missing (&error, "customer", "cus_x", "id");
  g_assert_cmpuint (error.info->status, ==, 404);
  g_assert_cmpstr (error.param, ==, "id");

  kontor_error_missing (&error, "customer", "cus_x", "customer");
  g_assert_cmpuint (error.info->status, ==, 400);
  g_assert_cmpstr (error.param, ==, "customer");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/every-code-has-its-row", test_every_code_has_its_row);
  g_test_add_func ("/error/types-go-with-statuses", test_types_go_with_statuses);
  g_test_add_func ("/error/the-tables-sentence-names-the-parameter",
                   test_the_tables_sentence_names_the_parameter);
  g_test_add_func ("/error/a-sentence-of-ones-own-takes-its-place",
                   test_a_sentence_of_ones_own_takes_its_place);
  g_test_add_func ("/error/long-texts-are-cut-at-a-letter", test_long_texts_are_cut_at_a_letter);
  g_test_add_func ("/error/sentences-are-always-utf8", test_sentences_are_always_utf8);
  g_test_add_func ("/error/what-is-missing-is-named", test_what_is_missing_is_named);
  return g_test_run ();
}
