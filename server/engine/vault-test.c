/* vault-test.c: that a box opens for its owner alone, and only as it was sealed. */
#include "server/engine/vault.h"

#include <string.h>

#define OWNER ((gint64) 2 << KONTOR_TICK_BITS | 77)

typedef struct
{
  KontorClock  clock;
  KontorIds   *ids;
  KontorArena *arena;
  KontorVault  vault;
} Place;

static void
set_up (Place *place, gconstpointer unused)
{
  place->ids = kontor_ids_new (&place->clock, NULL);
  place->arena = kontor_arena_new ();
  memset (place->vault.key, 7, sizeof place->vault.key);
}

static void
tear_down (Place *place, gconstpointer unused)
{
  kontor_vault_close (&place->vault);
  kontor_arena_free (place->arena);
  kontor_ids_free (place->ids);
}

static guint8 *
seal (Place *place, const char *secret, gsize *length)
{
  return kontor_vault_seal (&place->vault, place->ids, place->arena, OWNER, secret, strlen (secret),
                            length);
}

static const char *
unseal (Place *place, gint64 owner, const guint8 *sealed, gsize length)
{
  return (const char *) kontor_vault_unseal (&place->vault, place->arena, owner, sealed, length,
                                             NULL);
}

static void
test_opens_as_it_was_sealed (Place *place, gconstpointer unused)
{
  static const char *const secrets[] = { "", "a", "whsec_0123456789ABCDEFGHIJKLMNOPQRSTUV" };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      gsize sealed_length, length = 99;
      guint8 *sealed = seal (place, secrets[i], &sealed_length);
      guint8 *opened = kontor_vault_unseal (&place->vault, place->arena, OWNER, sealed,
                                            sealed_length, &length);

      g_assert_cmpstr ((const char *) opened, ==, secrets[i]);
      g_assert_cmpuint (length, ==, strlen (secrets[i]));
    }
}

static void
test_never_looks_the_same_twice (Place *place, gconstpointer unused)
{
  gsize first_length, second_length;
  guint8 *first = seal (place, "a secret", &first_length);
  guint8 *second = seal (place, "a secret", &second_length);

  g_assert_cmpuint (first_length, ==, second_length);
  g_assert_cmpint (memcmp (first, second, first_length), !=, 0);
}

static void
test_no_byte_can_be_changed (Place *place, gconstpointer unused)
{
  gsize length;
  guint8 *sealed = seal (place, "a secret", &length);

  for (gsize i = 0; i < length; i++)
    {
      sealed[i] ^= 1;
      g_assert_null (unseal (place, OWNER, sealed, length));
      sealed[i] ^= 1;
    }
  for (gsize i = 0; i < length; i++)
    g_assert_null (unseal (place, OWNER, sealed, i));
  g_assert_cmpstr (unseal (place, OWNER, sealed, length), ==, "a secret");
}

static void
test_opens_for_its_owner_alone (Place *place, gconstpointer unused)
{
  gsize length;
  guint8 *sealed = seal (place, "a secret", &length);

  g_assert_null (unseal (place, OWNER + 1, sealed, length));
  place->vault.key[31] ^= 1;
  g_assert_null (unseal (place, OWNER, sealed, length));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Place, NULL, set_up, function, tear_down)
  ADD ("/vault/opens-as-it-was-sealed", test_opens_as_it_was_sealed);
  ADD ("/vault/never-looks-the-same-twice", test_never_looks_the_same_twice);
  ADD ("/vault/no-byte-can-be-changed", test_no_byte_can_be_changed);
  ADD ("/vault/opens-for-its-owner-alone", test_opens_for_its_owner_alone);
#undef ADD
  return g_test_run ();
}
