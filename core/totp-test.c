/* totp-test.c: that codes are those of RFC 6238, and each is taken once. */
#include "core/totp.h"

#include <string.h>

static const guint8 secret[] = "12345678901234567890";
#define LENGTH (sizeof secret - 1)

/* RFC 6238, appendix B, SHA-1: its codes have eight digits, of which ours are the last six. */
static void
test_knows_the_vectors_of_the_standard (void)
{
  static const struct
  {
    gint64 time;
    guint  code;
  } vectors[] = {
    { 59, 94287082 },         { 1111111109, 7081804 },  { 1111111111, 14050471 },
    { 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    g_assert_cmpuint (kontor_totp_code (secret, LENGTH, vectors[i].time / 30), ==,
                      vectors[i].code % 1000000);
}

static void
test_forgives_half_a_minute (void)
{
  static const struct
  {
    gint64     now;
    const char *text;
    gint64     step;
  } cases[] = {
    { 59, "287082", 1 },      { 59 + 30, "287082", 1 },
    { 59 - 30, "287082", 1 }, { 59 + 60, "287082", -1 },
    { 59, "287 082", 1 },     { 59, "287-082", 1 },
    { 59, "287083", -1 },     { 59, "28708", -1 },
    { 59, "2870820", -1 },    { 59, "", -1 },
    { 59, "287082x", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (kontor_totp_check (secret, LENGTH, cases[i].now, 0, cases[i].text), ==,
                     cases[i].step);
}

static void
test_takes_a_code_once (void)
{
  gint64 step = kontor_totp_check (secret, LENGTH, 59, 0, "287082");

  g_assert_cmpint (kontor_totp_check (secret, LENGTH, 59, step, "287082"), ==, -1);
  g_assert_cmpint (kontor_totp_check (secret, LENGTH, 60, step, "287082"), ==, -1);
}

static void
test_is_shown_to_an_authenticator (void)
{
  /* RFC 4648, section 10 */
  static const char *const vectors[][2] = {
    { "", "" },
    { "f", "MY" },
    { "fo", "MZXQ" },
    { "foo", "MZXW6" },
    { "foob", "MZXW6YQ" },
    { "fooba", "MZXW6YTB" },
    { "foobar", "MZXW6YTBOI" },
  };
  g_autofree char *uri = kontor_totp_uri ("Kontor", "ä b@example.com", secret, LENGTH);

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *text
          = kontor_base32 ((const guint8 *) vectors[i][0], strlen (vectors[i][0]));

      g_assert_cmpstr (text, ==, vectors[i][1]);
    }
  g_assert_cmpstr (uri, ==,
                   "otpauth://totp/Kontor:%C3%A4%20b@example.com?secret="
                   "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kontor&digits=6&period=30");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/totp/knows-the-vectors-of-the-standard",
                   test_knows_the_vectors_of_the_standard);
  g_test_add_func ("/totp/forgives-half-a-minute", test_forgives_half_a_minute);
  g_test_add_func ("/totp/takes-a-code-once", test_takes_a_code_once);
  g_test_add_func ("/totp/is-shown-to-an-authenticator", test_is_shown_to_an_authenticator);
  return g_test_run ();
}
