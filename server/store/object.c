/* object.c: objects and their versions in the database, by the declaration of their resource. */
#include "server/store/object.h"

#include "core/json.h"
#include "core/patch.h"

#define MAX_COLUMNS 16

/* What a resource's table needs in SQL, made once from its COLUMN fields. */
typedef struct
{
  const char *insert, *update, *get;
  guint n_columns;
  const KontorField *columns[MAX_COLUMNS];
  gboolean may_be_deleted;
} Table;

static Table tables[KONTOR_N_KINDS];

static void
make_table (Table *table, const KontorResource *resource)
{
  g_autoptr (GString) insert = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autoptr (GString) update = g_string_new (NULL);
  g_autofree char *get
      = g_strdup_printf ("SELECT o.key, o.id, o.created, o.version, v.body FROM %s o"
                         " JOIN versions v ON v.seq = o.version WHERE o.key = ?1",
                         resource->table);

  g_string_printf (insert, "INSERT INTO %s (key, id, created, version", resource->table);
  g_string_printf (update, "UPDATE %s SET version = ?2", resource->table);
  for (const KontorField *field = resource->shape.fields; field->name != NULL; field++)
    if (field->flags & KONTOR_COLUMN)
      {
        g_assert (table->n_columns < MAX_COLUMNS);
        table->columns[table->n_columns++] = field;
        g_string_append_printf (insert, ", \"%s\"", field->name);
        g_string_append (values, ", ?");
        g_string_append_printf (update, ", \"%s\" = ?%u", field->name, table->n_columns + 2);
        table->may_be_deleted |= g_str_equal (field->name, "deleted");
      }
  g_string_append_printf (insert, ") VALUES (?, ?, ?, ?%s)", values->str);
  g_string_append (update, " WHERE key = ?1");
  table->insert = g_intern_string (insert->str);
  table->update = g_intern_string (update->str);
  table->get = g_intern_string (get);
}

static const Table *
table_of (const KontorResource *resource)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
        if (kontor_resources[kind] != NULL && kontor_resources[kind]->table != NULL)
          make_table (&tables[kind], kontor_resources[kind]);
      g_once_init_leave (&once, 1);
    }
  return &tables[resource->kind];
}

/* An id in the same scope is kept as the integer of its key: small, and a join needs no text. */
static void
bind_id (sqlite3_stmt *statement, int at, const KontorObject *object, const char *id)
{
  gint64 tick = id != NULL ? kontor_id_tick (id) : -1;

  if (tick < 0)
    sqlite3_bind_null (statement, at);
  else
    sqlite3_bind_int64 (statement, at, kontor_key (kontor_key_scope (object->key), tick));
}

static void
bind_column (sqlite3_stmt *statement, int at, const KontorObject *object, const KontorField *field)
{
  gconstpointer member = (const guint8 *) object + field->offset;

  switch (field->type)
    {
    case KONTOR_ID:
      bind_id (statement, at, object, *(const char *const *) member);
      break;
    case KONTOR_INT:
    case KONTOR_TIME:
      if (*(const gint64 *) member == KONTOR_NONE)
        sqlite3_bind_null (statement, at);
      else
        sqlite3_bind_int64 (statement, at, *(const gint64 *) member);
      break;
    case KONTOR_BOOL:
      sqlite3_bind_int (statement, at, *(const int *) member);
      break;
    case KONTOR_ENUM:
      if (*(const int *) member < 0)
        sqlite3_bind_null (statement, at);
      else
        sqlite3_bind_text (statement, at, field->values[*(const int *) member], -1, SQLITE_STATIC);
      break;
    default:
      sqlite3_bind_text (statement, at, *(const char *const *) member, -1, SQLITE_STATIC);
    }
}

/**
 * kontor_store_object_insert:
 * @store: a connection with an open transaction
 * @object: a new object; its id, key, created and version are set
 * @error: return location for a #GError
 *
 * Returns: whether the noun's row was written
 */
gboolean
kontor_store_object_insert (KontorStore *store, const KontorObject *object, GError **error)
{
  const Table *table = table_of (object->resource);
  sqlite3_stmt *statement = kontor_store_statement (store, table->insert);

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, object->key);
  sqlite3_bind_text (statement, 2, object->id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, object->created);
  sqlite3_bind_int64 (statement, 4, object->version);
  for (guint i = 0; i < table->n_columns; i++)
    bind_column (statement, (int) i + 5, object, table->columns[i]);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_object_update:
 * @store: a connection with an open transaction
 * @object: an object whose row exists; its version is the new one
 * @error: return location for a #GError
 *
 * Returns: whether the noun's row was changed
 */
gboolean
kontor_store_object_update (KontorStore *store, const KontorObject *object, GError **error)
{
  const Table *table = table_of (object->resource);
  sqlite3_stmt *statement = kontor_store_statement (store, table->update);

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, object->key);
  sqlite3_bind_int64 (statement, 2, object->version);
  for (guint i = 0; i < table->n_columns; i++)
    bind_column (statement, (int) i + 3, object, table->columns[i]);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_version_insert:
 * @store: a connection with an open transaction
 * @seq: the version's place in the log
 * @resource: what @key is
 * @key: the object
 * @prev: the version before, 0 for the first
 * @body: slim JSON
 * @length: of @body in bytes
 * @error: return location for a #GError
 *
 * Returns: whether the row was written
 */
gboolean
kontor_store_version_insert (KontorStore *store,
                             gint64 seq,
                             const KontorResource *resource,
                             gint64 key,
                             gint64 prev,
                             const char *body,
                             gsize length,
                             GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO versions (seq, kind, object, prev, body) VALUES (?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, seq);
  sqlite3_bind_int (statement, 2, (int) resource->kind);
  sqlite3_bind_int64 (statement, 3, key);
  if (prev == 0)
    sqlite3_bind_null (statement, 4);
  else
    sqlite3_bind_int64 (statement, 4, prev);
  sqlite3_bind_text (statement, 5, body, (int) length, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}

/* The row is key, id, created, version, body. */
static gpointer
read_row (KontorStore *store,
          KontorArena *arena,
          const KontorResource *resource,
          sqlite3_stmt *row,
          GError **error)
{
  KontorObject *object = kontor_object_new (resource, arena);

  object->key = sqlite3_column_int64 (row, 0);
  object->id = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (row, 1));
  object->created = sqlite3_column_int64 (row, 2);
  object->version = sqlite3_column_int64 (row, 3);
  if (kontor_object_read (resource, arena, (const char *) sqlite3_column_text (row, 4),
                          (gsize) sqlite3_column_bytes (row, 4), object))
    return object;
  g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
               "version %" G_GINT64_FORMAT " of %s is not readable", object->version, object->id);
  return NULL;
}

/**
 * kontor_store_object_get_by_key:
 * @store: a connection
 * @arena: where the object is to live
 * @resource: what it is
 * @key: which
 * @error: return location for a #GError
 *
 * Returns: (transfer none) (nullable): the object as it is now; %NULL without @error when there is none
 */
gpointer
kontor_store_object_get_by_key (KontorStore *store,
                                KontorArena *arena,
                                const KontorResource *resource,
                                gint64 key,
                                GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, table_of (resource)->get);
  gpointer object = NULL;
  int result = SQLITE_ERROR;

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, key);
      result = sqlite3_step (statement);
    }
  if (result == SQLITE_ROW)
    object = read_row (store, arena, resource, statement, error);
  else if (result != SQLITE_DONE)
    kontor_store_problem (store, error);
  if (statement != NULL)
    sqlite3_reset (statement);
  return object;
}

/**
 * kontor_store_object_get:
 * @store: a connection
 * @arena: where the object is to live
 * @resource: what it is
 * @scope: whose it must be
 * @id: its name, as anybody may have sent it
 * @error: return location for a #GError
 *
 * Returns: (transfer none) (nullable): the object as it is now; %NULL without @error when there is none
 */
gpointer
kontor_store_object_get (KontorStore *store,
                         KontorArena *arena,
                         const KontorResource *resource,
                         guint scope,
                         const char *id,
                         GError **error)
{
  gint64 tick = kontor_id_tick (id);
  KontorObject *object;

  if (tick < 0)
    return NULL;
  object = kontor_store_object_get_by_key (store, arena, resource, kontor_key (scope, tick), error);
  /* The tick alone could be guessed: the rest of the id must be right too. */
  return object != NULL && g_str_equal (object->id, id) ? object : NULL;
}

/* A row of versions. */
typedef struct
{
  const KontorResource *resource;
  gint64 key, prev;
  char *body;
  gsize length;
} Version;

static gboolean
read_version (KontorStore *store, KontorArena *arena, gint64 seq, Version *version, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT kind, object, coalesce(prev, 0), body FROM versions WHERE seq = ?1");
  int kind;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, seq);
  if (sqlite3_step (statement) == SQLITE_ROW)
    {
      kind = sqlite3_column_int (statement, 0);
      version->resource = kind > 0 && kind < KONTOR_N_KINDS ? kontor_resources[kind] : NULL;
      version->key = sqlite3_column_int64 (statement, 1);
      version->prev = sqlite3_column_int64 (statement, 2);
      version->length = (gsize) sqlite3_column_bytes (statement, 3);
      version->body = kontor_arena_strndup (
          arena, (const char *) sqlite3_column_text (statement, 3), version->length);
    }
  sqlite3_reset (statement);
  return version->resource != NULL;
}

/* The base is always whole: it was the newest of its commit. */
static gboolean
complete_body (KontorStore *store, KontorArena *arena, Version *version, GError **error)
{
  const char *problem = NULL;
  KontorValue *difference = kontor_json_parse (arena, version->body, version->length, &problem);
  const KontorValue *seq = difference != NULL ? kontor_value_get (difference, "base") : NULL;
  const KontorValue *patch = difference != NULL ? kontor_value_get (difference, "patch") : NULL;
  g_auto (KontorBuffer) json = { 0 };
  KontorValue *body;
  Version base = { 0 };

  if (seq == NULL || patch == NULL
      || !read_version (store, arena, g_ascii_strtoll (seq->text, NULL, 10), &base, error))
    return FALSE;
  body = kontor_json_parse (arena, base.body, base.length, &problem);
  if (body == NULL)
    return FALSE;
  kontor_json_write (&json, kontor_patch_apply (arena, body, patch));
  version->body = kontor_arena_strndup (arena, json.data, json.length);
  version->length = json.length;
  return TRUE;
}

static KontorObject *
object_of (KontorStore *store,
           KontorArena *arena,
           gint64 seq,
           const Version *version,
           GError **error)
{
  const KontorObject *newest
      = kontor_store_object_get_by_key (store, arena, version->resource, version->key, error);
  KontorObject *object;

  if (newest == NULL)
    return NULL;
  object = kontor_object_new (version->resource, arena);
  object->key = version->key;
  object->id = newest->id;
  object->created = newest->created;
  object->version = seq;
  return kontor_object_read (version->resource, arena, version->body, version->length, object)
             ? object
             : NULL;
}

/**
 * kontor_store_object_at_version:
 * @store: a connection
 * @arena: where the object is to live
 * @seq: a version
 * @prev: (out) (optional): the version before it, 0 when it is the first
 * @error: return location for a #GError
 *
 * Returns: (transfer none) (nullable): the object as it was then
 */
gpointer
kontor_store_object_at_version (KontorStore *store,
                                KontorArena *arena,
                                gint64 seq,
                                gint64 *prev,
                                GError **error)
{
  Version version = { 0 };
  KontorObject *object = NULL;

  if (read_version (store, arena, seq, &version, error)
      && (!g_str_has_prefix (version.body, KONTOR_VERSION_BASE)
          || complete_body (store, arena, &version, error)))
    object = object_of (store, arena, seq, &version, error);
  if (object != NULL && prev != NULL)
    *prev = version.prev;
  if (object == NULL && error != NULL && *error == NULL)
    g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                 "version %" G_GINT64_FORMAT " is not readable", seq);
  return object;
}

/**
 * kontor_store_version_object:
 * @store: a connection
 * @seq: a version
 * @object: (out): key of the object it is of; 0 when there is no such version
 * @error: return location for a #GError
 *
 * Returns: whether it could be read
 */
gboolean
kontor_store_version_object (KontorStore *store, gint64 seq, gint64 *object, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT object FROM versions WHERE seq = ?1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, seq);
  result = sqlite3_step (statement);
  *object = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static const char *
list_sql (const KontorListQuery *query)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql,
                   "SELECT o.key, o.id, o.created, o.version, v.body FROM %s o"
                   " JOIN versions v ON v.seq = o.version WHERE o.key > ?1 AND o.key < ?2",
                   query->resource->table);
  if (query->created_min != KONTOR_NONE || query->created_max != KONTOR_NONE)
    g_string_append (sql, " AND o.created BETWEEN ?3 AND ?4");
  for (guint i = 0; i < query->n_filters; i++)
    g_string_append_printf (sql, " AND o.\"%s\" = ?%u", query->filters[i].column, i + 6);
  if (table_of (query->resource)->may_be_deleted)
    g_string_append (sql, " AND o.deleted = 0");
  g_string_append_printf (sql, " ORDER BY o.key %s LIMIT ?5", query->before != 0 ? "ASC" : "DESC");
  return g_intern_string (sql->str);
}

static void
key_range (const KontorListQuery *query, gint64 *above, gint64 *below)
{
  *above = kontor_key (query->scope, 0) - 1;
  *below = kontor_key (query->scope + 1, 0);
  if (query->created_min != KONTOR_NONE)
    *above = MAX (*above, kontor_key (query->scope, kontor_tick_before (query->created_min)) - 1);
  if (query->after != 0)
    *below = MIN (*below, query->after);
  if (query->before != 0)
    *above = MAX (*above, query->before);
}

/**
 * kontor_store_object_list:
 * @store: a connection
 * @arena: where the objects are to live
 * @query: which ones
 * @found: gets #KontorObject pointers, newest first
 * @has_more: (out): whether there are more beyond them in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the list could be read
 */
gboolean
kontor_store_object_list (KontorStore *store,
                          KontorArena *arena,
                          const KontorListQuery *query,
                          GPtrArray *found,
                          gboolean *has_more,
                          GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, list_sql (query));
  gint64 above, below;
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  key_range (query, &above, &below);
  sqlite3_bind_int64 (statement, 1, above);
  sqlite3_bind_int64 (statement, 2, below);
  sqlite3_bind_int64 (statement, 3, query->created_min);
  sqlite3_bind_int64 (statement, 4,
                      query->created_max != KONTOR_NONE ? query->created_max : G_MAXINT64);
  sqlite3_bind_int64 (statement, 5, query->wanted == NULL ? (gint64) query->limit + 1 : -1);
  for (guint i = 0; i < query->n_filters; i++)
    if (query->filters[i].text != NULL)
      sqlite3_bind_text (statement, (int) i + 6, query->filters[i].text, -1, SQLITE_STATIC);
    else
      sqlite3_bind_int64 (statement, (int) i + 6, query->filters[i].number);
  *has_more = FALSE;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gpointer object = read_row (store, arena, query->resource, statement, error);

      if (object == NULL)
        {
          sqlite3_reset (statement);
          return FALSE;
        }
      if (query->wanted != NULL && !query->wanted (object, query->wanted_data))
        continue;
      if (found->len == query->limit)
        {
          *has_more = TRUE;
          break;
        }
      if (query->before != 0)
        g_ptr_array_insert (found, 0, object);
      else
        g_ptr_array_add (found, object);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
