/* feed.c: what is new in the database since somebody last looked, for copies of it.
 *
 * The version log is the feed of objects. A row of it is handed out only while it is its object's newest: what was
 * overtaken comes later in the log anyway. So an object that changed ten thousand times is one row, and a row never
 * has to be put together from a difference. There is no index by scope: the log is read through and others' rows are
 * passed over, which costs a few tenths of a microsecond each (their bodies are not touched). */
#include "server/store/feed.h"

#include <string.h>

typedef struct
{
  const char *find; /* a noun's row by its key */
  const char *all;  /* its rows in a range of keys, with their bodies */
} Noun;

static Noun nouns[KONTOR_N_KINDS];

static void
make_noun (Noun *noun, const KontorResource *resource)
{
  const KontorField *field = kontor_shape_find (&resource->shape, "deleted");
  gboolean may_be_deleted = field != NULL && (field->flags & KONTOR_COLUMN) != 0;
  g_autofree char *find = g_strdup_printf ("SELECT id, created, version, %s FROM %s WHERE key = ?1",
                                           may_be_deleted ? "deleted" : "0", resource->table);
  g_autofree char *all
      = g_strdup_printf ("SELECT o.key, o.id, o.created, o.version, v.body FROM %s o"
                         " JOIN versions v ON v.seq = o.version WHERE o.key BETWEEN ?1 AND ?2%s"
                         " ORDER BY o.key",
                         resource->table, may_be_deleted ? " AND o.deleted = 0" : "");

  noun->find = g_intern_string (find);
  noun->all = g_intern_string (all);
}

static const Noun *
noun_of (guint kind)
{
  static gsize once = 0;
  const KontorSyncKind *kinds;
  guint n;

  if (g_once_init_enter (&once))
    {
      kinds = kontor_sync_kinds (&n);
      for (guint i = 0; i < n; i++)
        if (kinds[i].has_versions)
          make_noun (&nouns[kinds[i].kind], kontor_resources[kinds[i].kind]);
      g_once_init_leave (&once, 1);
    }
  return &nouns[kind];
}

static gboolean
is_wanted (const KontorFeedQuery *query, const KontorSyncKind *kind)
{
  return kind != NULL && ((query->kinds >> kind->bit) & 1) != 0;
}

/* The account itself lives in its test scope and is shown in both modes. */
static gboolean
is_in_scope (const KontorFeedQuery *query, guint kind, gint64 key)
{
  guint scope = kind == KONTOR_KIND_ACCOUNT ? query->scope & ~1u : query->scope;

  return kontor_key_scope (key) == scope;
}

/* %FALSE: the rest is not wanted, or @error is set. @taken: the row was the newest of its object. */
static gboolean
hand_out (KontorStore *store,
          const KontorFeedQuery *query,
          const KontorSyncKind *kind,
          sqlite3_stmt *version,
          GError **error)
{
  gint64 seq = sqlite3_column_int64 (version, 0), key = sqlite3_column_int64 (version, 2);
  sqlite3_stmt *object = kontor_store_statement (store, noun_of (kind->kind)->find);
  KontorFeedRow row = { .kind = kind, .number = key & KONTOR_TICK_MASK, .version = seq };
  gboolean go_on = TRUE;
  int result;

  if (object == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (object, 1, key);
  result = sqlite3_step (object);
  if (result == SQLITE_ROW && sqlite3_column_int64 (object, 2) == seq)
    {
      row.id = (const char *) sqlite3_column_text (object, 0);
      row.created = sqlite3_column_int64 (object, 1);
      row.gone = sqlite3_column_int (object, 3) != 0;
      if (!row.gone)
        {
          row.body = (const char *) sqlite3_column_text (version, 3);
          row.length = (gsize) sqlite3_column_bytes (version, 3);
        }
      go_on = query->each (&row, query->data);
    }
  sqlite3_reset (object);
  return result == SQLITE_ROW || result == SQLITE_DONE ? go_on
                                                       : kontor_store_problem (store, error);
}

/**
 * kontor_store_feed_objects:
 * @store: a connection with an open transaction
 * @query: whose rows, and who gets them
 * @position: (inout): the last version that was read; nothing up to it is handed out again
 * @more: (out): whether the log goes on after it
 * @error: return location for a #GError
 *
 * Returns: whether the log could be read
 */
gboolean
kontor_store_feed_objects (KontorStore *store,
                           const KontorFeedQuery *query,
                           gint64 *position,
                           gboolean *more,
                           GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT seq, kind, object, body FROM versions WHERE seq > ?1 ORDER BY seq");
  GError *problem = NULL;
  int result = SQLITE_ERROR;
  guint n = 0;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, *position);
  *more = FALSE;
  while (!*more && problem == NULL && (result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const KontorSyncKind *kind = kontor_sync_kind ((guint) sqlite3_column_int (statement, 1));

      if (is_wanted (query, kind)
          && is_in_scope (query, kind->kind, sqlite3_column_int64 (statement, 2)))
        *more = !hand_out (store, query, kind, statement, &problem);
      *more |= ++n >= query->most;
      *position = sqlite3_column_int64 (statement, 0);
    }
  sqlite3_reset (statement);
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_feed_all:
 * @store: a connection with an open transaction
 * @query: whose rows, and who gets them
 * @kind: of which kind; one with versions
 * @first: the lowest tick
 * @last: the highest tick
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_feed_all (KontorStore *store,
                       const KontorFeedQuery *query,
                       guint kind,
                       gint64 first,
                       gint64 last,
                       GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, noun_of (kind)->all);
  guint scope = kind == KONTOR_KIND_ACCOUNT ? query->scope & ~1u : query->scope;
  KontorFeedRow row = { .kind = kontor_sync_kind (kind) };
  gboolean go_on = TRUE;
  int result = SQLITE_ERROR;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, kontor_key (scope, first));
  sqlite3_bind_int64 (statement, 2, kontor_key (scope, last));
  while (go_on && (result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      row.number = sqlite3_column_int64 (statement, 0) & KONTOR_TICK_MASK;
      row.id = (const char *) sqlite3_column_text (statement, 1);
      row.created = sqlite3_column_int64 (statement, 2);
      row.version = sqlite3_column_int64 (statement, 3);
      row.body = (const char *) sqlite3_column_text (statement, 4);
      row.length = (gsize) sqlite3_column_bytes (statement, 4);
      go_on = query->each (&row, query->data);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_feed_bounds:
 * @store: a connection
 * @first: (out): the oldest version that the log holds; 0 when it is empty
 * @last: (out): the newest one
 * @error: return location for a #GError
 *
 * Returns: whether the log could be read
 */
gboolean
kontor_store_feed_bounds (KontorStore *store, gint64 *first, gint64 *last, GError **error)
{
  return kontor_store_integer (store, "SELECT min(seq) FROM versions", first, error)
         && kontor_store_integer (store, "SELECT max(seq) FROM versions", last, error);
}
