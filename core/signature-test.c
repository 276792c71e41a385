/* signature-test.c: that hashes and signatures are the ones that every other implementation gives. */
#include "core/signature.h"

#include <string.h>

static const char payload[] = "{\"id\":\"evt_1\",\"object\":\"event\"}";
static const char old_secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
static const char new_secret[] = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
#define WHEN G_GINT64_CONSTANT (1614265330)

static void
assert_hex (const guint8 *bytes, gsize n, const char *expected)
{
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  g_assert_cmpstr (hex->str, ==, expected);
}

/* Expected values: Python's hashlib.blake2b with the same key and digest_size. */
static void
test_hashes_are_those_of_blake2b (void)
{
  guint8 key[32], out[32];

  for (guint i = 0; i < sizeof key; i++)
    key[i] = (guint8) i;

  kontor_hash32 (out, NULL, "abc", 3);
  assert_hex (out, 32, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  kontor_hash32 (out, key, "abc", 3);
  assert_hex (out, 32, "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
  kontor_hash16 (out, key, "abc", 3);
  assert_hex (out, 16, "1a64be47e4729d951c302ee543f97cf3");
  kontor_hash16 (out, key, "", 0);
  assert_hex (out, 16, "3daf97bce7888fd59773c66bf647459c");
}

/* Expected: stripe.webhooks.generateTestHeaderString() of the npm package, for each secret alone. */
static void
test_stripe_finds_its_signature (void)
{
  g_autoptr (GString) header = g_string_new (NULL);

  kontor_sign_stripe (header, old_secret, WHEN, payload, strlen (payload));
  g_assert_cmpstr (header->str, ==,
                   "t=1614265330,"
                   "v1=9e5b1967c75cbf545b79cec1364541514b7c2d42b9f5c5ccd34aa676a0815233");
  kontor_sign_stripe (header, new_secret, WHEN, payload, strlen (payload));
  g_assert_cmpstr (header->str, ==,
                   "t=1614265330,"
                   "v1=9e5b1967c75cbf545b79cec1364541514b7c2d42b9f5c5ccd34aa676a0815233,"
                   "v1=69b85d7e5c95119153d514d952d2ea89ff6a04a8b09c3e327aa6236f8cb35292");
}

/* Expected: sign() of the npm package standardwebhooks; the first is also the example that
 * implementations of that specification share. */
static void
test_standard_webhooks_are_signed (void)
{
  const char *example = "{\"test\": 2432232314}";
  g_autoptr (GString) header = g_string_new (NULL);

  kontor_sign_standard (header, old_secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", WHEN, example,
                        strlen (example));
  g_assert_cmpstr (header->str, ==, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  g_string_truncate (header, 0);
  kontor_sign_standard (header, new_secret, "evt_1", WHEN, payload, strlen (payload));
  g_assert_cmpstr (header->str, ==, "v1,4pSOJNQYY8Y4aREZ9P+UzzXBIWdEakvu5+c2fgaX1no=");
}

/* Expected: sign(null, …) of node's crypto with the same seed. */
static void
test_ed25519_stands_beside_it (void)
{
  guint8 seed[32];
  g_autoptr (GString) header = g_string_new (NULL);
  g_autofree char *public_key = NULL;

  for (guint i = 0; i < sizeof seed; i++)
    seed[i] = (guint8) i;
  kontor_sign_standard (header, new_secret, "evt_1", WHEN, payload, strlen (payload));
  kontor_sign_ed25519 (header, seed, "evt_1", WHEN, payload, strlen (payload));
  g_assert_cmpstr (header->str, ==,
                   "v1,4pSOJNQYY8Y4aREZ9P+UzzXBIWdEakvu5+c2fgaX1no= "
                   "v1a,cTy5jN8YPbue2NVTg0Bvzfb4B+xX7NdtstInlmUN/"
                   "Npmqc6tORCd8w+yb5Tq5CPHl5xtKwJKVtAAJ64ZHiBaBg==");
  public_key = kontor_webhook_public_key (seed);
  g_assert_cmpstr (public_key, ==, "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signature/hashes-are-those-of-blake2b", test_hashes_are_those_of_blake2b);
  g_test_add_func ("/signature/stripe-finds-its-signature", test_stripe_finds_its_signature);
  g_test_add_func ("/signature/standard-webhooks-are-signed", test_standard_webhooks_are_signed);
  g_test_add_func ("/signature/ed25519-stands-beside-it", test_ed25519_stands_beside_it);
  return g_test_run ();
}
