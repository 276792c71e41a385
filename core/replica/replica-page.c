/* replica-page.c: a page of the feed is applied, rows and cursor in one transaction. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/json.h"
#include "core/replica/news.h"
#include "core/replica/replica-private.h"
#include "core/sync.h"

/**
 * kontor_replica_run:
 * @replica: a copy
 * @statement: one of its file that answers nothing
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether it is done
 */
gboolean
kontor_replica_run (KontorReplica *replica, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);

  sqlite3_reset (statement);
  return result == SQLITE_DONE || kontor_replica_fail_db (replica->db, error);
}

/**
 * kontor_replica_text:
 * @line: of a page
 * @name: "id"
 *
 * Returns: (transfer none) (nullable): what it says there
 */
const char *
kontor_replica_text (const KontorValue *line, const char *name)
{
  const KontorValue *value = kontor_value_get (line, name);

  return value != NULL ? value->text : NULL;
}

/**
 * kontor_replica_number:
 * @line: of a page
 * @name: "v"
 *
 * Returns: what it says there; 0: nothing
 */
gint64
kontor_replica_number (const KontorValue *line, const char *name)
{
  const char *text = kontor_replica_text (line, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
apply_line (KontorReplica *replica,
            const KontorValue *line,
            GArray *keys,
            gint64 *seq,
            GError **error)
{
  const char *type = kontor_replica_text (line, "t"), *id = kontor_replica_text (line, "id");
  const KontorSyncKind *kind = type != NULL ? kontor_sync_kind_find (type) : NULL;
  gint64 key = kind != NULL && id != NULL ? kontor_sync_row (kind->kind, id) : -1;
  const KontorValue *body = kontor_value_get (line, "d");
  gboolean gone = g_strcmp0 (kontor_replica_text (line, "gone"), "true") == 0;
  sqlite3_stmt *statement = gone ? replica->drop : replica->put;
  g_auto (KontorBuffer) json = { 0 };

  /* A kind that came later than this program: when it is replaced, so is the copy. */
  if (key < 0 || (!gone && body == NULL))
    return TRUE;
  sqlite3_bind_int64 (statement, 1, key);
  if (gone)
    sqlite3_bind_int64 (statement, 2, kontor_replica_number (line, "v"));
  else
    {
      kontor_json_write (&json, body);
      sqlite3_bind_text (statement, 2, id, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, kontor_replica_number (line, "v"));
      sqlite3_bind_int64 (statement, 4, kontor_replica_number (line, "c"));
      sqlite3_bind_text (statement, 5, json.data, (int) json.length, SQLITE_STATIC);
    }
  if (kind->has_versions)
    *seq = MAX (*seq, kontor_replica_number (line, "v"));
  g_array_append_val (keys, key);
  return kontor_replica_run (replica, statement, error);
}

/**
 * kontor_replica_set_meta:
 * @replica: a copy that is ours and there
 * @name: as for kontor_replica_meta()
 * @value: what it is to say
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether it is written down
 */
gboolean
kontor_replica_set_meta (KontorReplica *replica,
                         const char *name,
                         const char *value,
                         GError **error)
{
  sqlite3_bind_text (replica->set, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_text (replica->set, 2, value, -1, SQLITE_STATIC);
  return kontor_replica_run (replica, replica->set, error);
}

/* The newest version that this copy has heard of: what is newer may differ. */
static gboolean
set_seq (KontorReplica *replica, gint64 seq, GError **error)
{
  g_autofree char *was = kontor_replica_read_meta (replica->db, "seq");
  g_autofree char *is = g_strdup_printf ("%" G_GINT64_FORMAT, seq);

  return (was != NULL && g_ascii_strtoll (was, NULL, 10) >= seq)
         || kontor_replica_set_meta (replica, "seq", is, error);
}

/* The last line says where the feed goes on. A page without it was cut off, wherever that was. */
static gboolean
apply_lines (KontorReplica *replica,
             const char *page,
             gsize length,
             GArray *keys,
             gboolean *more,
             GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *at = page, *end = page + length, *stop;
  gint64 seq = 0;

  /* of an empty one there is not even a beginning */
  for (; at != NULL && (stop = memchr (at, '\n', (gsize) (end - at))) != NULL; at = stop + 1)
    {
      const char *problem = NULL, *cursor;
      KontorValue *line = kontor_json_parse (arena, at, (gsize) (stop - at), &problem);

      if (line == NULL || line->type != KONTOR_VALUE_OBJECT)
        return kontor_replica_fail (error, _ ("A page of changes arrived damaged: %s"),
                                    problem != NULL ? problem : "");
      cursor = kontor_replica_text (line, "cursor");
      if (cursor != NULL)
        {
          *more = g_strcmp0 (kontor_replica_text (line, "more"), "true") == 0;
          return kontor_replica_set_meta (replica, "cursor", cursor, error)
                 && set_seq (replica, seq, error)
                 && kontor_replica_set_meta (replica, "at", kontor_replica_text (line, "at"),
                                             error);
        }
      if (!apply_line (replica, line, keys, &seq, error))
        return FALSE;
      kontor_arena_reset (arena);
    }
  return kontor_replica_fail (error, "%s", _ ("A page of changes was cut off"));
}

/**
 * kontor_replica_begin:
 * @replica: a copy
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether it may be written to, until kontor_replica_end()
 */
gboolean
kontor_replica_begin (KontorReplica *replica, GError **error)
{
  if (replica->db == NULL || !kontor_replica_is_ours (replica))
    return kontor_replica_fail (error, _ ("There is no copy of ours in %s"), replica->folder);
  return sqlite3_exec (replica->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK
         || kontor_replica_fail_db (replica->db, error);
}

/**
 * kontor_replica_end:
 * @replica: a copy
 * @good: whether all went well so far
 * @keys: (element-type gint64): the rows that were touched; emptied when nothing is kept
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether it is kept; if not, nothing is
 */
gboolean
kontor_replica_end (KontorReplica *replica, gboolean good, GArray *keys, GError **error)
{
  if (good
      && ((kontor_news_write (replica->db, keys) == SQLITE_OK
           && sqlite3_exec (replica->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
          || kontor_replica_fail_db (replica->db, error)))
    return TRUE;
  sqlite3_exec (replica->db, "ROLLBACK", NULL, NULL, NULL);
  g_array_set_size (keys, 0);
  return FALSE;
}

/**
 * kontor_replica_apply:
 * @replica: a copy that is ours and there
 * @page: what the feed answered
 * @length: of @page
 * @keys: gets the rows that changed, as gint64
 * @more: (out): whether the feed has more by now
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether all of it was applied; if not, nothing was
 */
gboolean
kontor_replica_apply (KontorReplica *replica,
                      const char *page,
                      gsize length,
                      GArray *keys,
                      gboolean *more,
                      GError **error)
{
  return kontor_replica_begin (replica, error)
         && kontor_replica_end (replica, apply_lines (replica, page, length, keys, more, error),
                                keys, error);
}
