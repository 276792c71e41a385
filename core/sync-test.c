/* sync-test.c: what a server and its consoles must say alike about copies of the data. */
#include "core/sync.h"

static void
test_every_kind_is_found_by_name_and_number (void)
{
  const KontorSyncKind *kinds;
  guint64 bits = 0;
  guint n;

  kinds = kontor_sync_kinds (&n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (kontor_sync_kind (kinds[i].kind) == &kinds[i]);
      g_assert_true (kontor_sync_kind_find (kinds[i].name) == &kinds[i]);
      g_assert_cmpuint (kinds[i].bit, <, 64);
      g_assert_cmpuint (bits & (G_GUINT64_CONSTANT (1) << kinds[i].bit), ==, 0);
      bits |= G_GUINT64_CONSTANT (1) << kinds[i].bit;
      if (kinds[i].has_versions)
        g_assert_true (g_str_has_suffix (kontor_resources[kinds[i].kind]->object, kinds[i].name));
    }
  g_assert_null (kontor_sync_kind_find ("balance"));
}

static void
test_an_id_names_its_row (void)
{
  static const struct
  {
    const char *description, *id;
    guint kind;
    gint64 number; /* -1: it has none */
  } cases[] = {
    { "a number", "entry_42", KONTOR_STREAM_LEDGER_ENTRY, 42 },
    { "a large number", "wha_178915200000000", KONTOR_STREAM_WEBHOOK_ATTEMPT, 178915200000000 },
    { "a number that is too large", "wha_99999999999999999", KONTOR_STREAM_WEBHOOK_ATTEMPT, -1 },
    { "no number", "entry_", KONTOR_STREAM_LEDGER_ENTRY, -1 },
    { "letters after it", "entry_4x", KONTOR_STREAM_LEDGER_ENTRY, -1 },
    { "nothing like an id", "entry", KONTOR_STREAM_LEDGER_ENTRY, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 row = kontor_sync_row (cases[i].kind, cases[i].id);

      g_test_message ("%s", cases[i].description);
      g_assert_cmpint (row, ==,
                       cases[i].number < 0 ? -1 : kontor_key (cases[i].kind, cases[i].number));
    }
}

static void
test_an_object_lies_at_its_tick (void)
{
  KontorClock clock = { 0 };
  KontorIds *ids = kontor_ids_new (&clock, NULL);
  KontorArena *arena = kontor_arena_new ();
  gint64 tick = kontor_ids_tick (ids);

  g_assert_cmpint (kontor_sync_row (KONTOR_KIND_CHARGE, kontor_ids_make (ids, arena, "ch", tick)),
                   ==, kontor_key (KONTOR_KIND_CHARGE, tick));
  kontor_arena_free (arena);
  kontor_ids_free (ids);
}

/* Python: int.from_bytes(hashlib.blake2b(b"ch_1\0" + (7).to_bytes(8, "little") + b"{}",
 * digest_size=16).digest()[:8], "little") */
static void
test_a_digest_covers_name_version_and_body (void)
{
  guint64 digest = kontor_sync_digest ("ch_1", 7, "{}", 2);

  g_assert_cmphex (digest, ==, G_GUINT64_CONSTANT (0x1e0a1912b75a135f));
  g_assert_cmphex (digest, !=, kontor_sync_digest ("ch_1", 8, "{}", 2));
  g_assert_cmphex (digest, !=, kontor_sync_digest ("ch_2", 7, "{}", 2));
  g_assert_cmphex (digest, !=, kontor_sync_digest ("ch_1", 7, "[]", 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/every-kind-is-found-by-name-and-number",
                   test_every_kind_is_found_by_name_and_number);
  g_test_add_func ("/sync/an-id-names-its-row", test_an_id_names_its_row);
  g_test_add_func ("/sync/an-object-lies-at-its-tick", test_an_object_lies_at_its_tick);
  g_test_add_func ("/sync/a-digest-covers-name-version-and-body",
                   test_a_digest_covers_name_version_and_body);
  return g_test_run ();
}
