/* signature-test.c: that hashes are the ones that every implementation of BLAKE2b gives. */
#include "core/signature.h"

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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signature/hashes-are-those-of-blake2b", test_hashes_are_those_of_blake2b);
  return g_test_run ();
}
