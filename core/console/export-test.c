/* export-test.c: a file has the rows that are shown, all of them, in their order. */
#include "core/console/export.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/id.h"
#include "tests/console/replica-fixture.h"

static const KontorFormat format = { ",", ".", NULL, FALSE };

typedef struct
{
  gboolean done, good;
  guint n;
  GError *error;
} Result;

static void
done_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  Result *result = data;

  result->good = kontor_export_finish (KONTOR_SCREEN (source), async, &result->n, &result->error);
  result->done = TRUE;
}

static void
settle (KontorScreen *screen)
{
  while (kontor_screen_is_busy (screen))
    g_main_context_iteration (NULL, TRUE);
}

static char *
write_all (KontorScreen *screen, KontorExportKind kind, const char *next_line, guint *n)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  Result result = { FALSE };

  kontor_export_async (screen, kind, stream, NULL, done_cb, &result);
  if (next_line != NULL)
    kontor_screen_set_query (screen, next_line); /* and nothing comes of it */
  while (!result.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (result.good);
  *n = result.n;
  g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static void
with_screen (void (*test) (KontorScreen *screen, sqlite3 *db))
{
  g_autofree char *dir = g_dir_make_tmp ("kontor-export-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "replica", NULL);
  sqlite3 *db = kontor_sample_new (file, 5, 1500);
  g_autoptr (KontorShelf) shelf = kontor_shelf_new (file);
  KontorScreen *screen = kontor_screen_new (&kontor_payments_screen, shelf, &format);
  g_autoptr (GDir) opened = NULL;
  const char *name;

  settle (screen);
  test (screen, db);
  settle (screen);
  g_object_unref (screen);
  kontor_sample_close (db);
  opened = g_dir_open (dir, 0, NULL);
  while ((name = g_dir_read_name (opened)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

static void
check_files (KontorScreen *screen, sqlite3 *db)
{
  KontorList *list = kontor_screen_list (screen);
  g_autofree char *csv = NULL, *json = NULL;
  g_auto (GStrv) rows = NULL, objects = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n;

  kontor_screen_set_query (screen, "status:refunded|failed");
  settle (screen);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (KontorItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_ptr_array_add (ids, g_strdup (kontor_item_id (item)));
    }
  json = write_all (screen, KONTOR_EXPORT_JSONL, NULL, &n);
  g_assert_cmpuint (n, ==, ids->len);
  csv = write_all (screen, KONTOR_EXPORT_CSV, "booking", &n);
  g_assert_cmpuint (n, ==, ids->len);

  rows = g_strsplit (csv, "\r\n", -1);
  objects = g_strsplit (json, "\n", -1);
  g_assert_cmpuint (g_strv_length (rows), ==, ids->len + 2);
  g_assert_cmpstr (rows[0], ==,
                   "id,amount,status,customer,card,description,created,refunded,email");
  for (guint i = 0; i < ids->len; i++)
    {
      g_assert_true (g_str_has_prefix (rows[i + 1], ids->pdata[i]));
      g_assert_cmpuint (strcspn (rows[i + 1], ","), ==, strlen (ids->pdata[i]));
      g_assert_nonnull (strstr (objects[i], ids->pdata[i]));
      g_assert_nonnull (strstr (objects[i], ",\"amount\":"));
    }
}

static void
test_files_have_what_is_shown (void)
{
  with_screen (check_files);
}

static void
check_quotes (KontorScreen *screen, sqlite3 *db)
{
  g_autofree char *id = kontor_sample_id ("pi", kontor_sample_tick (9000, 1)), *csv = NULL;
  gint64 key = kontor_key (KONTOR_KIND_PAYMENT_INTENT, kontor_id_tick (id));
  guint n;

  kontor_sample_put (
      db, KONTOR_KIND_PAYMENT_INTENT, id, 1,
      "{\"amount\":123456789,\"currency\":\"eur\",\"description\":\"=sum(\\\"a\\\",b)\"}");
  kontor_shelf_refresh (kontor_screen_shelf (screen), &key, 1);
  settle (screen);
  kontor_screen_set_query (screen, id);
  settle (screen);
  csv = write_all (screen, KONTOR_EXPORT_CSV, NULL, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_nonnull (strstr (csv, ",1234567.89 EUR,incomplete,,,\"'=sum(\"\"a\"\",b)\",1970-01-01"));
}

static void
test_texts_cannot_break_out_of_their_cell (void)
{
  with_screen (check_quotes);
}

static void
check_cancel (KontorScreen *screen, sqlite3 *db)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Result result = { FALSE };

  g_cancellable_cancel (cancellable);
  kontor_export_async (screen, KONTOR_EXPORT_CSV, stream, cancellable, done_cb, &result);
  while (!result.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (result.good);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&result.error);
}

static void
test_an_export_can_be_stopped (void)
{
  with_screen (check_cancel);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/files-have-what-is-shown", test_files_have_what_is_shown);
  g_test_add_func ("/export/texts-cannot-break-out-of-their-cell",
                   test_texts_cannot_break_out_of_their_cell);
  g_test_add_func ("/export/an-export-can-be-stopped", test_an_export_can_be_stopped);
  return g_test_run ();
}
