/* seal-test.c: folds what was committed into signed blocks, so that it cannot be altered unnoticed. */
#include "server/jobs/seal.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/resources/customer.h"
#include "server/engine/ledger.h"
#include "server/engine/settings.h"
#include "server/store/block.h"

#define NOW G_GINT64_CONSTANT (1795435200)

typedef struct
{
  KontorClock    clock;
  KontorSettings settings;
  KontorIds     *ids;
  KontorEngine  *engine;
  KontorStore   *reader;
  char          *data_dir;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  place->clock.fixed_us = NOW * G_USEC_PER_SEC;
  place->data_dir = g_dir_make_tmp ("kontor-seal-XXXXXX", &error);
  g_assert_no_error (error);
  place->ids = kontor_ids_new (&place->clock, NULL);
  place->engine
      = kontor_engine_new (place->data_dir, &place->clock, place->ids, &place->settings, &error);
  g_assert_no_error (error);
  place->reader = kontor_store_open (place->data_dir, FALSE, &error);
  g_assert_no_error (error);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_remove (file) != 0)
        remove_folder (file);
    }
  g_rmdir (path);
}

static void
tear_down (Place *place, gconstpointer data)
{
  kontor_store_close (place->reader);
  kontor_engine_free (place->engine);
  kontor_ids_free (place->ids);
  remove_folder (place->data_dir);
  g_free (place->data_dir);
}

typedef struct
{
  KontorOp op;
  guint    n;
} Work;

static void
work_cb (KontorOp *op, KontorTx *tx)
{
  const KontorLine lines[]
      = { { KONTOR_LEDGER_CLEARING, 0, 10 }, { KONTOR_LEDGER_AVAILABLE, 0, -10 }, { NULL } };

  for (guint i = 0; i < ((Work *) op)->n; i++)
    {
      kontor_tx_save (tx, kontor_tx_new (tx, &kontor_customer_resource), NULL);
      kontor_tx_post (tx, "charge", "eur", 0, lines);
    }
}

/* @n versions and as many entries. */
static void
work (Place *place, guint n)
{
  while (n > 0)
    {
      Work some = { .op = { .run = work_cb, .scope = 2 }, .n = MIN (n, 500) };

      kontor_engine_run (place->engine, &some.op);
      n -= some.n;
    }
}

static gboolean
seal (Place *place, KontorBlock *last, gboolean *has_more, GError **error)
{
  return kontor_seal_run (place->engine, place->reader, place->data_dir, NOW, has_more, error)
         && kontor_store_block_last (place->reader, last, error);
}

static char *
key_path (Place *place, const char *name)
{
  return g_build_filename (place->data_dir, "keys", name, NULL);
}

static void
test_nothing (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = key_path (place, "seal.key");
  KontorBlock block;
  gboolean has_more = TRUE;

  g_assert_true (seal (place, &block, &has_more, &error));
  g_assert_cmpint (block.number, ==, 0);
  g_assert_false (has_more);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_first (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = key_path (place, "seal.key");
  g_autofree char *public = key_path (place, "seal.pub");
  g_autofree char *key = NULL;
  static const guint8 zeroes[32];
  struct stat about;
  KontorBlock block;
  gboolean has_more;

  work (place, 3);
  g_assert_true (seal (place, &block, &has_more, &error));
  g_assert_cmpint (block.number, ==, 1);
  g_assert_cmpint (block.last_entry, ==, 3);
  g_assert_cmpint (block.last_version, ==, 3);
  g_assert_cmpint (block.created, ==, NOW);
  g_assert_cmpmem (block.previous, 32, zeroes, 32);
  g_assert_cmpint (g_stat (secret, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (public, &key, NULL, &error));
  g_assert_cmpuint (strspn (key, "0123456789abcdef"), ==, 64);
}

static void
test_chain (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  KontorBlock first, second, third;
  gboolean has_more;

  work (place, 2);
  g_assert_true (seal (place, &first, &has_more, &error));
  work (place, 1);
  g_assert_true (seal (place, &second, &has_more, &error));
  g_assert_cmpint (second.number, ==, 2);
  g_assert_cmpint (second.last_entry, ==, 3);
  g_assert_cmpint (memcmp (second.previous, first.previous, 32), !=, 0);
  g_assert_true (seal (place, &third, &has_more, &error));
  g_assert_cmpint (third.number, ==, 2);
}

static void
test_bound (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  KontorBlock block;
  gboolean has_more;

  work (place, 10001);
  g_assert_true (seal (place, &block, &has_more, &error));
  g_assert_cmpint (block.last_entry, ==, 10000);
  g_assert_cmpint (block.last_version, ==, 10001);
  g_assert_true (has_more);
  g_assert_true (seal (place, &block, &has_more, &error));
  g_assert_cmpint (block.last_entry, ==, 10001);
  g_assert_false (has_more);
}

static void
test_lost_key (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = key_path (place, "seal.key");
  KontorBlock block;
  gboolean has_more;

  work (place, 1);
  g_assert_true (seal (place, &block, &has_more, &error));
  g_assert_cmpint (g_remove (secret), ==, 0);
  work (place, 1);
  g_assert_false (seal (place, &block, &has_more, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (error->message, "The books cannot be sealed: "));
}

static void
test_broken_key (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = key_path (place, "");
  g_autofree char *secret = key_path (place, "seal.key");
  KontorBlock block;
  gboolean has_more;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (secret, "abcd\n", -1, &error));
  work (place, 1);
  g_assert_false (seal (place, &block, &has_more, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/seal/" name, Place, NULL, set_up, test, tear_down)
  ADD ("makes-no-block-of-nothing", test_nothing);
  ADD ("makes-its-keys-before-the-first-block", test_first);
  ADD ("goes-on-where-it-stopped", test_chain);
  ADD ("makes-blocks-of-bounded-size", test_bound);
  ADD ("does-not-go-on-with-another-key", test_lost_key);
  ADD ("refuses-a-key-that-is-none", test_broken_key);
  return g_test_run ();
}
