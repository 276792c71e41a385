/* outbox-row.c: reading what stands in the queue. */
#include "core/replica/outbox-private.h"

#include <glib/gi18n-lib.h>

static const char *const names[KONTOR_QUEUED_N_STATES]
    = { "waiting", "ask", "sent", "done", "refused", "conflict", "expired", "lost", "depends" };

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
  g_free (queued->base);
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
  queued->base = text_at (statement, 18);
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

/**
 * kontor_outbox_read_int:
 * @outbox: an outbox
 * @sql: of one number
 *
 * Returns: the number
 */
gint64
kontor_outbox_read_int (KontorOutbox *outbox, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 value = 0;

  if (sqlite3_prepare_v2 (outbox->db, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

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

  return (guint) kontor_outbox_read_int (outbox, sql);
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
