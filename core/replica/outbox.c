/* outbox.c: what people want done, kept until the server has decided, and what it decided.
 *
 * What is in here is on disk: an action that cannot be stored is an error and never looks queued. */
#include "core/replica/outbox-private.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>

#include "kontor-replica-queue.h"

#define VERSION 2
#define BUSY_MS 5000
#define DAY_S G_GINT64_CONSTANT (86400)
#define KEPT_S (90 * DAY_S) /* as long as the server knows what became of it */

G_DEFINE_FINAL_TYPE (KontorOutbox, kontor_outbox, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --------------------------------------------------------------------------------- writing -- */

static gboolean
fail_db (KontorOutbox *outbox, GError **error)
{
  int code = outbox->db != NULL ? sqlite3_errcode (outbox->db) : SQLITE_NOMEM;

  g_set_error (error, G_IO_ERROR, code == SQLITE_FULL ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
               _ ("The queue cannot be written to: %s"), sqlite3_errstr (code));
  return FALSE;
}

static gboolean
changed_cb (gpointer data)
{
  KontorOutbox *outbox = data;

  outbox->idle = 0;
  g_signal_emit (outbox, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
changed (KontorOutbox *outbox)
{
  if (outbox->idle == 0)
    outbox->idle = g_idle_add (changed_cb, outbox);
}

/**
 * kontor_outbox_run:
 * @outbox: an outbox
 * @error: return location for a #GIOErrorEnum
 * @sql: one statement
 * @types: a letter for each parameter: i for a gint64, s for text
 * @...: the parameters
 *
 * Returns: whether it was done
 */
gboolean
kontor_outbox_run (KontorOutbox *outbox, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement = NULL;
  gboolean done;
  va_list values;

  if (sqlite3_prepare_v2 (outbox->db, sql, -1, &statement, NULL) != SQLITE_OK)
    return fail_db (outbox, error);
  va_start (values, types);
  for (int i = 0; types[i] != '\0'; i++)
    if (types[i] == 'i')
      sqlite3_bind_int64 (statement, i + 1, va_arg (values, gint64));
    else
      sqlite3_bind_text (statement, i + 1, va_arg (values, const char *), -1, SQLITE_TRANSIENT);
  va_end (values);
  done = sqlite3_step (statement) == SQLITE_DONE || fail_db (outbox, error);
  sqlite3_finalize (statement);
  if (done)
    changed (outbox);
  return done;
}

/**
 * kontor_outbox_begin:
 * @outbox: an outbox
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether a transaction is open
 */
gboolean
kontor_outbox_begin (KontorOutbox *outbox, GError **error)
{
  return sqlite3_exec (outbox->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK
         || fail_db (outbox, error);
}

/**
 * kontor_outbox_end:
 * @outbox: one with an open transaction
 * @good: whether to keep what was done
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether it was kept
 */
gboolean
kontor_outbox_end (KontorOutbox *outbox, gboolean good, GError **error)
{
  if (good
      && (sqlite3_exec (outbox->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK
          || fail_db (outbox, error)))
    return TRUE;
  sqlite3_exec (outbox->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

/**
 * kontor_outbox_settle:
 * @outbox: one with an open transaction
 * @error: return location for a #GIOErrorEnum
 *
 * What depends on something that was not done is not sent, and is again when that is tried anew.
 *
 * Returns: whether it is so
 */
gboolean
kontor_outbox_settle (KontorOutbox *outbox, GError **error)
{
  int before;

  do
    {
      before = sqlite3_total_changes (outbox->db);
      if (!kontor_outbox_run (outbox, error,
                              "UPDATE intents SET state = 'depends' WHERE after > 0 AND +state IN "
                              "('waiting', 'ask')"
                              " AND NOT EXISTS (SELECT 1 FROM intents d WHERE d.n = intents.after"
                              " AND d.state IN ('waiting', 'ask', 'sent', 'done', 'conflict'))",
                              "")
          || !kontor_outbox_run (
              outbox, error,
              "UPDATE intents SET state = 'waiting' WHERE state = 'depends'"
              " AND (after = 0 OR EXISTS (SELECT 1 FROM intents d WHERE d.n = intents.after"
              " AND d.state IN ('waiting', 'ask', 'sent', 'done', 'conflict')))",
              ""))
        return FALSE;
    }
  while (sqlite3_total_changes (outbox->db) > before);
  return TRUE;
}

/**
 * kontor_outbox_set_meta:
 * @outbox: an outbox
 * @name: of core/replica/queue.sql
 * @value: what it is to say
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether it does
 */
gboolean
kontor_outbox_set_meta (KontorOutbox *outbox, const char *name, const char *value, GError **error)
{
  return kontor_outbox_run (outbox, error,
                            "INSERT INTO meta (name, value) VALUES (?1, ?2)"
                            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                            "ss", name, value);
}

/**
 * kontor_outbox_set_online:
 * @outbox: an outbox
 * @is_online: whether the server answers
 *
 * What needs the server is refused while it does not.
 */
void
kontor_outbox_set_online (KontorOutbox *outbox, gboolean is_online)
{
  outbox->is_online = is_online;
}

/**
 * kontor_outbox_client:
 * @outbox: an outbox
 *
 * Returns: (transfer none): this console's name towards the server
 */
const char *
kontor_outbox_client (KontorOutbox *outbox)
{
  return outbox->client;
}

/* ---------------------------------------------------------------------------------- object -- */

static void
written_cb (KontorOutbox *outbox)
{
  gint64 version = kontor_outbox_read_int (outbox, "PRAGMA data_version");

  if (version != outbox->data_version)
    changed (outbox);
  outbox->data_version = version;
}

/* Another console of the same person may write to it. */
static void
watch (KontorOutbox *outbox, const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (log);

  outbox->data_version = kontor_outbox_read_int (outbox, "PRAGMA data_version");
  outbox->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (outbox->monitor != NULL)
    g_signal_connect_swapped (outbox->monitor, "changed", G_CALLBACK (written_cb), outbox);
}

/* What makes a file of the version that is the index into one of the next. */
static const char *const upgrades[VERSION] = {
  [0] = kontor_replica_queue,
  [1] = "ALTER TABLE intents ADD COLUMN base TEXT",
};

/* Where there was no file, the tables are those of this version at once. */
static gboolean
upgrade (KontorOutbox *outbox, gint64 version)
{
  gint64 last = version == 0 ? 1 : VERSION;

  for (gint64 i = version; i < last; i++)
    if (sqlite3_exec (outbox->db, upgrades[i], NULL, NULL, NULL) != SQLITE_OK)
      return FALSE;
  return version == VERSION
         || sqlite3_exec (outbox->db, "PRAGMA user_version = " G_STRINGIFY (VERSION), NULL, NULL,
                          NULL)
                == SQLITE_OK;
}

static gboolean
make_tables (KontorOutbox *outbox, GError **error)
{
  gint64 version;
  gboolean good;

  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  version = kontor_outbox_read_int (outbox, "PRAGMA user_version");
  if (version > VERSION)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("The queue was written by a newer Kontor than this one."));
      return kontor_outbox_end (outbox, FALSE, NULL);
    }
  good = upgrade (outbox, version);
  return kontor_outbox_end (outbox, good || fail_db (outbox, error), error);
}

static gboolean
name_client (KontorOutbox *outbox, GError **error)
{
  g_autofree char *name = kontor_outbox_make_op ();

  memcpy (name, "co_", 3);
  if (!kontor_outbox_run (outbox, error,
                          "INSERT INTO meta (name, value) VALUES ('client', ?1)"
                          " ON CONFLICT (name) DO NOTHING",
                          "s", name))
    return FALSE;
  outbox->client = kontor_outbox_meta (outbox, "client");
  return outbox->client != NULL || fail_db (outbox, error);
}

/**
 * kontor_outbox_open:
 * @folder: of the copy; made when it is missing
 * @error: return location for a #GIOErrorEnum
 *
 * What was decided three months ago is forgotten.
 *
 * Returns: (transfer full) (nullable): the queue beside the copy
 */
KontorOutbox *
kontor_outbox_open (const char *folder, GError **error)
{
  g_autoptr (KontorOutbox) outbox = g_object_new (KONTOR_TYPE_OUTBOX, NULL);
  g_autofree char *path = g_build_filename (folder, "queue.db", NULL);

  g_mkdir_with_parents (folder, 0700);
  if (sqlite3_open_v2 (path, &outbox->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL)
          != SQLITE_OK
      || sqlite3_busy_timeout (outbox->db, BUSY_MS) != SQLITE_OK
      || sqlite3_exec (outbox->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", NULL, NULL,
                       NULL)
             != SQLITE_OK)
    {
      fail_db (outbox, error);
      return NULL;
    }
  if (!make_tables (outbox, error) || !name_client (outbox, error)
      || !kontor_outbox_run (outbox, error,
                             "DELETE FROM intents WHERE decided > 0 AND decided < ?1", "i",
                             kontor_outbox_now_s () - KEPT_S))
    return NULL;
  watch (outbox, path);
  return g_steal_pointer (&outbox);
}

static void
kontor_outbox_finalize (GObject *object)
{
  KontorOutbox *outbox = KONTOR_OUTBOX (object);

  g_clear_handle_id (&outbox->idle, g_source_remove);
  if (outbox->monitor != NULL)
    g_signal_handlers_disconnect_by_data (outbox->monitor, outbox);
  g_clear_object (&outbox->monitor);
  g_clear_pointer (&outbox->db, sqlite3_close);
  g_free (outbox->client);
  G_OBJECT_CLASS (kontor_outbox_parent_class)->finalize (object);
}

static void
kontor_outbox_class_init (KontorOutboxClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kontor_outbox_finalize;
  signals[CHANGED] = g_signal_new ("changed", KONTOR_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
kontor_outbox_init (KontorOutbox *outbox)
{
}
