/* search.c: finding objects by a query of several conditions.
 *
 * The conditions become SQL over the noun's columns and over the stored body; what the caller sent is
 * bound, never written into the text. A search reads its scope from the newest object backwards. */
#include "server/store/search.h"

/* What a condition compares, as SQL. Stored bodies leave defaults out: a boolean that is not there is false. */
static const KontorField *
bool_field (const KontorSearch *search, const KontorQueryTerm *term)
{
  const KontorField *field = kontor_shape_find (&search->resource->shape, term->field->name);

  return field != NULL && field->type == KONTOR_BOOL ? field : NULL;
}

static gboolean
is_id (const KontorSearch *search, const KontorQueryTerm *term)
{
  const KontorField *field = kontor_shape_find (&search->resource->shape, term->field->name);

  return term->field->column != NULL && field != NULL && field->type == KONTOR_ID;
}

static const char *
operator_sql (const KontorQueryTerm *term)
{
  switch (term->op)
    {
    case KONTOR_QUERY_LESS:
      return "<";
    case KONTOR_QUERY_LESS_EQUAL:
      return "<=";
    case KONTOR_QUERY_GREATER:
      return ">";
    case KONTOR_QUERY_GREATER_EQUAL:
      return ">=";
    default:
      return "=";
    }
}

/* Two parameters belong to each term: ?(base) is its value, ?(base + 1) its metadata key. */
static void
append_metadata (GString *sql, const KontorQueryTerm *term, guint base)
{
  g_string_append_printf (
      sql, "EXISTS (SELECT 1 FROM json_each(v.body, '$.metadata') m WHERE m.key = ?%u", base + 1);
  if (term->op == KONTOR_QUERY_LIKE)
    g_string_append_printf (sql, " AND instr(lower(m.value), lower(?%u)) > 0", base);
  else if (term->op != KONTOR_QUERY_IS_NULL)
    g_string_append_printf (sql, " AND m.value = ?%u COLLATE NOCASE", base);
  g_string_append (sql, ")");
}

static void
append_term (GString *sql, const KontorSearch *search, const KontorQueryTerm *term, guint base)
{
  g_autofree char *value = term->field->column != NULL
                               ? g_strdup_printf ("o.%s", term->field->column)
                               : g_strdup_printf ("json_extract(v.body, '%s')", term->field->path);
  gboolean negated = term->negated;

  if (term->field->kind == KONTOR_QUERY_METADATA)
    {
      /* “is null” is that there is no such key. */
      negated ^= term->op == KONTOR_QUERY_IS_NULL;
      g_string_append (sql, negated ? "NOT " : "");
      append_metadata (sql, term, base);
      return;
    }
  g_string_append (sql, negated ? "NOT " : "");
  if (term->op == KONTOR_QUERY_IS_NULL)
    g_string_append_printf (sql, "(%s IS NULL)", value);
  else if (term->op == KONTOR_QUERY_LIKE)
    g_string_append_printf (sql, "coalesce(instr(lower(%s), lower(?%u)) > 0, 0)", value, base);
  else if (bool_field (search, term) != NULL)
    g_string_append_printf (sql, "(coalesce(%s, 0) = ?%u)", value, base);
  else
    g_string_append_printf (sql, "coalesce(%s %s ?%u%s, 0)", value, operator_sql (term), base,
                            term->field->kind == KONTOR_QUERY_TEXT ? " COLLATE NOCASE" : "");
}

#define N_FIXED 3 /* ?1 above, ?2 below, ?3 limit */

static char *
make_sql (const KontorSearch *search, const char *columns, const char *rest)
{
  const KontorQuery *query = search->query;
  GString *sql = g_string_new (NULL);

  g_string_printf (sql,
                   "SELECT %s FROM %s o JOIN versions v ON v.seq = o.version"
                   " WHERE o.key > ?1 AND o.key < ?2",
                   columns, search->resource->table);
  if (kontor_shape_find (&search->resource->shape, "deleted") != NULL)
    g_string_append (sql, " AND o.deleted = 0");
  g_string_append (sql, " AND (");
  for (guint i = 0; i < query->n; i++)
    {
      g_string_append (sql, i == 0 ? "" : query->any ? " OR " : " AND ");
      append_term (sql, search, &query->terms[i], N_FIXED + 1 + i * 2);
    }
  g_string_append_printf (sql, ")%s", rest);
  return g_string_free (sql, FALSE);
}

static void
bind_terms (sqlite3_stmt *statement, const KontorSearch *search)
{
  for (guint i = 0; i < search->query->n; i++)
    {
      const KontorQueryTerm *term = &search->query->terms[i];
      int at = N_FIXED + 1 + (int) i * 2;

      if (term->field->kind == KONTOR_QUERY_METADATA)
        sqlite3_bind_text (statement, at + 1, term->key, -1, SQLITE_STATIC);
      if (term->op == KONTOR_QUERY_IS_NULL)
        continue;
      if (bool_field (search, term) != NULL)
        sqlite3_bind_int (statement, at, g_strcmp0 (term->text, "true") == 0);
      else if (is_id (search, term))
        {
          gint64 tick = kontor_id_tick (term->text);

          sqlite3_bind_int64 (statement, at, tick >= 0 ? kontor_key (search->scope, tick) : -1);
        }
      else if (term->field->kind == KONTOR_QUERY_NUMBER)
        sqlite3_bind_int64 (statement, at, term->number);
      else
        sqlite3_bind_text (statement, at, term->text, -1, SQLITE_STATIC);
    }
}

/* Not kept: every query has a text of its own. */
static sqlite3_stmt *
prepare (KontorStore *store,
         const KontorSearch *search,
         const char *sql,
         gint64 after,
         GError **error)
{
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v2 (kontor_store_handle (store), sql, -1, &statement, NULL) != SQLITE_OK)
    {
      kontor_store_problem (store, error);
      return NULL;
    }
  sqlite3_bind_int64 (statement, 1, kontor_key (search->scope, 0) - 1);
  sqlite3_bind_int64 (statement, 2, after != 0 ? after : kontor_key (search->scope + 1, 0));
  bind_terms (statement, search);
  return statement;
}

static gboolean
count_all (KontorStore *store, const KontorSearch *search, gint64 *total, GError **error)
{
  g_autofree char *sql = make_sql (search, "count(*)", "");
  sqlite3_stmt *statement = prepare (store, search, sql, 0, error);
  int result;

  if (statement == NULL)
    return FALSE;
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    *total = sqlite3_column_int64 (statement, 0);
  else
    kontor_store_problem (store, error);
  sqlite3_finalize (statement);
  return result == SQLITE_ROW;
}

/**
 * kontor_store_search:
 * @store: a connection
 * @arena: where the keys are to live
 * @search: what to look for
 * @result: (out): what was found
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_search (KontorStore *store,
                     KontorArena *arena,
                     const KontorSearch *search,
                     KontorSearchResult *result,
                     GError **error)
{
  g_autofree char *sql = make_sql (search, "o.key", " ORDER BY o.key DESC LIMIT ?3");
  sqlite3_stmt *statement = prepare (store, search, sql, search->after, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 3, (gint64) search->limit + 1);
  *result = (KontorSearchResult){ .keys = kontor_arena_new0_n (arena, gint64, search->limit) };
  while ((step = sqlite3_step (statement)) == SQLITE_ROW && !result->has_more)
    {
      if (result->n < search->limit)
        result->keys[result->n++] = sqlite3_column_int64 (statement, 0);
      else
        result->has_more = TRUE;
    }
  if (step != SQLITE_ROW && step != SQLITE_DONE)
    kontor_store_problem (store, error);
  sqlite3_finalize (statement);
  return (step == SQLITE_ROW || step == SQLITE_DONE)
         && (!search->wants_total || count_all (store, search, &result->total, error));
}
