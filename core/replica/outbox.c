/* outbox.c: what people want done, kept until the server has decided, and what it decided.
 *
 * What is in here is on disk: an action that cannot be stored is an error and never looks queued. A name (op) that
 * was sent stands for the same action for ever; who changes an action gives it another name, and may only while
 * it is certain that it was not done under the old one. */
#include "core/replica/outbox-private.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#include "core/json.h"
#include "kontor-replica-queue.h"

#define VERSION 1
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

static const char *const names[KONTOR_QUEUED_N_STATES]
    = { "waiting", "ask", "sent", "done", "refused", "conflict", "expired", "lost", "depends" };

/* For so many seconds: the server takes ninety days at most, and clocks differ. */
static const gint64 lives_s[] = { 30 * DAY_S, 30 * DAY_S, DAY_S, 60 };

/* ------------------------------------------------------------------------------------- rows -- */

/**
 * kontor_queued_free:
 * @queued: (transfer full): a row
 */
void
kontor_queued_free (KontorQueued *queued)
{
  g_free (queued->op);
  g_free (queued->action);
  g_free (queued->on);
  g_free (queued->args);
  g_free (queued->answer);
  g_free (queued->problem);
  g_free (queued);
}

/**
 * kontor_queued_name:
 * @state: a state
 *
 * Returns: (transfer none): its word in files and scripts
 */
const char *
kontor_queued_name (KontorQueuedState state)
{
  return names[state];
}

/**
 * kontor_queued_why:
 * @queued: a row
 *
 * Returns: (transfer none): why it is not done, in a sentence; %NULL: it is
 */
const char *
kontor_queued_why (const KontorQueued *queued)
{
  switch (queued->state)
    {
    case KONTOR_QUEUED_DONE:
      return NULL;
    case KONTOR_QUEUED_DEPENDS:
      return _ ("It depends on an action that was not done.");
    case KONTOR_QUEUED_LOST:
      return _ (
          "It was done, but the server was restored from an older backup and knows nothing of it.");
    case KONTOR_QUEUED_CONFLICT:
      return _ ("Somebody else has changed the object since.");
    default:
      break;
    }
  if (queued->is_held)
    return _ ("Something that was asked for before comes first.");
  if (queued->problem != NULL)
    return queued->problem;
  return queued->state == KONTOR_QUEUED_SENT ? _ ("It was sent; the answer is not here yet.")
                                             : _ ("It is sent as soon as the server is reached.");
}

static KontorQueuedState
state_of (const char *name)
{
  for (guint i = 0; i < KONTOR_QUEUED_N_STATES; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return (KontorQueuedState) i;
  return KONTOR_QUEUED_REFUSED;
}

static char *
text_at (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static KontorQueued *
read_row (sqlite3_stmt *statement)
{
  KontorQueued *queued = g_new0 (KontorQueued, 1);

  queued->n = sqlite3_column_int64 (statement, 0);
  queued->op = text_at (statement, 1);
  queued->action = text_at (statement, 2);
  queued->on = text_at (statement, 3);
  queued->if_v = sqlite3_column_int64 (statement, 4);
  queued->args = text_at (statement, 5);
  queued->class = (KontorIntentClass) sqlite3_column_int (statement, 6);
  queued->made = sqlite3_column_int64 (statement, 7);
  queued->confirmed = sqlite3_column_int64 (statement, 8);
  queued->expires = sqlite3_column_int64 (statement, 9);
  queued->after = sqlite3_column_int64 (statement, 10);
  queued->state = state_of ((const char *) sqlite3_column_text (statement, 11));
  queued->is_unsure = sqlite3_column_int (statement, 12) != 0;
  queued->tries = (guint) sqlite3_column_int (statement, 13);
  queued->status = (guint) sqlite3_column_int (statement, 14);
  queued->answer = text_at (statement, 15);
  queued->problem = text_at (statement, 16);
  queued->is_held = sqlite3_column_int (statement, 17) != 0;
  return queued;
}

/**
 * kontor_outbox_query:
 * @outbox: an outbox
 * @sql: KONTOR_QUEUED_COLUMNS and what follows, with at most one parameter
 * @first: the parameter
 *
 * Returns: (transfer full) (element-type KontorQueued): the rows
 */
GPtrArray *
kontor_outbox_query (KontorOutbox *outbox, const char *sql, gint64 first)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_queued_free);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (outbox->db, sql, -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, first);
      while (sqlite3_step (statement) == SQLITE_ROW)
        g_ptr_array_add (rows, read_row (statement));
    }
  sqlite3_finalize (statement);
  return rows;
}

/* ----------------------------------------------------------------------------------- writing -- */

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

/* --------------------------------------------------------------------------------- what is wanted -- */

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* As UUIDs of version 7: time, then chance. */
static char *
make_op (void)
{
  guint8 chance[10];
  char letters[sizeof chance * 2 + 1];

  randombytes_buf (chance, sizeof chance);
  sodium_bin2hex (letters, sizeof letters, chance, sizeof chance);
  return g_strdup_printf ("op_%012" G_GINT64_MODIFIER "x%s", g_get_real_time () / 1000, letters);
}

static gboolean
check_args (const char *args, GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  KontorValue *value = kontor_json_parse (arena, args, strlen (args), &problem);

  if (value != NULL && value->type == KONTOR_VALUE_OBJECT)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is no JSON object."), args);
  return FALSE;
}

/**
 * kontor_outbox_add:
 * @outbox: an outbox
 * @intent: what is wanted
 * @after: only when that one is done; 0: whenever
 * @error: return location for a #GIOErrorEnum: %G_IO_ERROR_NOT_CONNECTED when it cannot wait for the server
 *
 * Returns: its number; 0: it is not queued
 */
gint64
kontor_outbox_add (KontorOutbox *outbox, const KontorIntent *intent, gint64 after, GError **error)
{
  g_autofree char *op = make_op ();
  gint64 now = now_s ();
  gint64 n = 0;
  gboolean good;

  if (intent->class == KONTOR_INTENT_ONLINE && !outbox->is_online)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           _ ("This needs the server, which is not reached now."));
      return 0;
    }
  if (!check_args (intent->args, error) || !kontor_outbox_begin (outbox, error))
    return 0;
  good = kontor_outbox_run (
      outbox, error,
      "INSERT INTO intents (op, action, target, if_v, args, class, made, confirmed, expires,"
      " after, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, 'waiting')",
      "sssisiiii", op, intent->op, intent->on,
      intent->class == KONTOR_INTENT_HARMLESS ? 0 : intent->if_v, intent->args,
      (gint64) intent->class, now, now + lives_s[intent->class], after);
  n = sqlite3_last_insert_rowid (outbox->db);
  good = good && kontor_outbox_settle (outbox, error);
  return kontor_outbox_end (outbox, good, error) ? n : 0;
}

/* One change by a person; when no row fits, it has meanwhile become something else. */
static gboolean
end_change (KontorOutbox *outbox, gboolean good, GError **error)
{
  if (good && sqlite3_changes (outbox->db) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _ ("This cannot be changed now: it was sent, or decided upon."));
      good = FALSE;
    }
  return kontor_outbox_end (outbox, good && kontor_outbox_settle (outbox, error), error);
}

/* Certain not to have been done under its name, nor to be done any more. */
#define FREE                                                                                       \
  "unsure = 0 AND state IN ('waiting', 'ask', 'refused', 'conflict', 'expired', 'lost', "          \
  "'depends')"

/**
 * kontor_outbox_edit:
 * @outbox: an outbox
 * @n: one that was not done
 * @args: (nullable): other parameters, a JSON object
 * @if_v: the version on which this was decided; 0: as before
 * @error: return location for a #GIOErrorEnum
 *
 * Wants something else in its place, by a new name. This is how a conflict is resolved, too: with the version
 * that the server has.
 *
 * Returns: whether it waits to be sent
 */
gboolean
kontor_outbox_edit (KontorOutbox *outbox, gint64 n, const char *args, gint64 if_v, GError **error)
{
  g_autofree char *op = make_op ();
  g_autoptr (KontorQueued) queued = kontor_outbox_get (outbox, n);
  gint64 now = now_s ();
  gboolean good;

  if ((args != NULL && !check_args (args, error)) || !kontor_outbox_begin (outbox, error))
    return FALSE;
  good = kontor_outbox_run (
      outbox, error,
      "UPDATE intents SET op = ?2, args = ifnull (?3, args), made = ?4, confirmed = ?4,"
      " if_v = CASE WHEN ?5 > 0 THEN ?5 ELSE if_v END, expires = ?6, state = 'waiting',"
      " tries = 0, decided = 0, status = 0, answer = NULL, problem = NULL"
      " WHERE n = ?1 AND " FREE,
      "issiii", n, op, args, now, if_v,
      now + lives_s[queued != NULL ? queued->class : KONTOR_INTENT_ONLINE]);
  return end_change (outbox, good, error);
}

/**
 * kontor_outbox_confirm:
 * @outbox: an outbox
 * @n: one that asks
 * @if_v: the version that the person saw; 0: as before
 * @error: return location for a #GIOErrorEnum
 *
 * It is still wanted. What may have been done already stays as it was sent, to the letter.
 *
 * Returns: whether it waits to be sent
 */
gboolean
kontor_outbox_confirm (KontorOutbox *outbox, gint64 n, gint64 if_v, GError **error)
{
  g_autoptr (KontorQueued) queued = kontor_outbox_get (outbox, n);
  gint64 now = now_s ();
  gboolean good;

  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  good = kontor_outbox_run (
      outbox, error,
      "UPDATE intents SET state = CASE unsure WHEN 0 THEN 'waiting' ELSE 'sent' END,"
      " if_v = CASE WHEN ?2 > 0 AND unsure = 0 THEN ?2 ELSE if_v END,"
      " expires = CASE unsure WHEN 0 THEN ?4 ELSE expires END, confirmed = ?3,"
      " problem = NULL WHERE n = ?1 AND state = 'ask'",
      "iiii", n, if_v, now, now + lives_s[queued != NULL ? queued->class : KONTOR_INTENT_ONLINE]);
  return end_change (outbox, good, error);
}

/**
 * kontor_outbox_retry:
 * @outbox: an outbox
 * @n: one that was not done
 * @error: return location for a #GIOErrorEnum
 *
 * Wants the same once more, by a new name, and whatever became of what it depended on.
 *
 * Returns: whether it waits to be sent
 */
gboolean
kontor_outbox_retry (KontorOutbox *outbox, gint64 n, GError **error)
{
  if (!kontor_outbox_run (
          outbox, error, "UPDATE intents SET after = 0 WHERE n = ?1 AND state = 'depends'", "i", n))
    return FALSE;
  return kontor_outbox_edit (outbox, n, NULL, 0, error);
}

/**
 * kontor_outbox_discard:
 * @outbox: an outbox
 * @n: one that was not done
 * @error: return location for a #GIOErrorEnum
 *
 * What asks can be discarded though it was sent: the server was asked, and knows nothing of it.
 *
 * Returns: whether it is forgotten; not when it may have been done, or will be
 */
gboolean
kontor_outbox_discard (KontorOutbox *outbox, gint64 n, GError **error)
{
  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  return end_change (outbox,
                     kontor_outbox_run (outbox, error,
                                        "DELETE FROM intents WHERE n = ?1"
                                        " AND (state = 'ask' OR (" FREE "))",
                                        "i", n),
                     error);
}

/* ---------------------------------------------------------------------------------- reading -- */

static char *
where_states (guint states)
{
  GString *sql = g_string_new ("state IN (");
  gboolean any = FALSE;

  for (guint i = 0; i < KONTOR_QUEUED_N_STATES; i++)
    if (states & KONTOR_QUEUED_BIT (i))
      {
        g_string_append_printf (sql, "%s'%s'", any ? ", " : "", names[i]);
        any = TRUE;
      }
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

/**
 * kontor_outbox_list:
 * @outbox: an outbox
 * @states: bits of #KontorQueuedState
 *
 * Returns: (transfer full) (element-type KontorQueued): what stands so, in the order in which it was wanted
 */
GPtrArray *
kontor_outbox_list (KontorOutbox *outbox, guint states)
{
  g_autofree char *where = where_states (states);
  g_autofree char *sql = g_strconcat (KONTOR_QUEUED_COLUMNS "WHERE i.", where, " ORDER BY n", NULL);

  return kontor_outbox_query (outbox, sql, 0);
}

/**
 * kontor_outbox_get:
 * @outbox: an outbox
 * @n: of one
 *
 * Returns: (transfer full) (nullable): it
 */
KontorQueued *
kontor_outbox_get (KontorOutbox *outbox, gint64 n)
{
  g_autoptr (GPtrArray) rows
      = kontor_outbox_query (outbox, KONTOR_QUEUED_COLUMNS "WHERE i.n = ?1", n);

  return rows->len > 0 ? g_ptr_array_steal_index (rows, 0) : NULL;
}

static gint64
read_int (KontorOutbox *outbox, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 value = 0;

  if (sqlite3_prepare_v2 (outbox->db, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

/**
 * kontor_outbox_count:
 * @outbox: an outbox
 * @states: bits of #KontorQueuedState, or %KONTOR_QUEUED_OPEN
 *
 * Returns: how many stand so
 */
guint
kontor_outbox_count (KontorOutbox *outbox, guint states)
{
  g_autofree char *where = where_states (states);
  g_autofree char *sql = g_strconcat ("SELECT count(*) FROM intents WHERE ", where, NULL);

  return (guint) read_int (outbox, sql);
}

/**
 * kontor_outbox_meta:
 * @outbox: an outbox
 * @name: of core/replica/queue.sql
 *
 * Returns: (transfer full) (nullable): what it says
 */
char *
kontor_outbox_meta (KontorOutbox *outbox, const char *name)
{
  sqlite3_stmt *statement = NULL;
  char *value = NULL;

  if (sqlite3_prepare_v2 (outbox->db, "SELECT value FROM meta WHERE name = ?1", -1, &statement,
                          NULL)
      == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        value = text_at (statement, 0);
    }
  sqlite3_finalize (statement);
  return value;
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

/* ----------------------------------------------------------------------------------- object -- */

static void
written_cb (KontorOutbox *outbox)
{
  gint64 version = read_int (outbox, "PRAGMA data_version");

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

  outbox->data_version = read_int (outbox, "PRAGMA data_version");
  outbox->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (outbox->monitor != NULL)
    g_signal_connect_swapped (outbox->monitor, "changed", G_CALLBACK (written_cb), outbox);
}

static gboolean
make_tables (KontorOutbox *outbox, GError **error)
{
  gint64 version;
  gboolean good;

  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  version = read_int (outbox, "PRAGMA user_version");
  if (version > VERSION)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("The queue was written by a newer Kontor than this one."));
      return kontor_outbox_end (outbox, FALSE, NULL);
    }
  good = version == VERSION
         || (sqlite3_exec (outbox->db, kontor_replica_queue, NULL, NULL, NULL) == SQLITE_OK
             && sqlite3_exec (outbox->db, "PRAGMA user_version = " G_STRINGIFY (VERSION), NULL,
                              NULL, NULL)
                    == SQLITE_OK);
  return kontor_outbox_end (outbox, good || fail_db (outbox, error), error);
}

static gboolean
name_client (KontorOutbox *outbox, GError **error)
{
  g_autofree char *name = make_op ();

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
                             now_s () - KEPT_S))
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
