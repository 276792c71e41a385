/* feed-stream.c: what was added to the streams, which stand in no log of versions: events, the request log, attempts to send
 * webhooks, the journal, notices, the audit log. Their bodies are put together by SQLite. */
#include "server/store/feed.h"

#include <string.h>

/* An event's object as it then was can be had from the API; here stands only what it is. */
#define EVENT                                                                                      \
  "SELECT e.key, 1, e.key & 281474976710655, e.id, e.created, json_object('data',"                 \
  " json_object('object', json_object('id', %s, 'object', %s)), 'request',"                        \
  " json_object('id', r.id, 'idempotency_key', r.idempotency_key), 'type', t.name)"                \
  " FROM events e JOIN versions v ON v.seq = e.version LEFT JOIN requests r ON r.key = e.request"  \
  " LEFT JOIN event_types t ON t.number = e.type"                                                  \
  " WHERE e.key > ?1 AND e.key <= ?2 ORDER BY e.key LIMIT ?3"

#define REQUEST                                                                                    \
  "SELECT key, 1, key & 281474976710655, id, created, json_object('api_version', api_version,"     \
  " 'duration_us', duration_us, 'error', error, 'idempotency_key', idempotency_key,"               \
  " 'key', 'key_' || api_key, 'method', method, 'params', json(params), 'path', path,"             \
  " 'remote', remote, 'status', status, 'user', user) FROM requests"                               \
  " WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3"

/* The outcomes are in the order of KontorOutcome. A delivery is named after the ticks of its event and of its
 * endpoint, eight letters of each id. */
#define ATTEMPT                                                                                    \
  "SELECT a.number, a.scope = ?4, a.number, 'wha_' || a.number, a.created,"                        \
  " CASE WHEN a.scope = ?4 THEN json_object('about', %s, 'attempt', a.attempt, 'by_hand',"         \
  " json(iif(a.by_hand, 'true', 'false')), 'connect_us', a.connect_us, 'delivery',"                \
  " 'whd_' || substr(e.id, 5, 8) || substr(w.id, 4, 8), 'duration_us', a.duration_us,"             \
  " 'endpoint', w.id, 'event', e.id, 'event_type', t.name, 'outcome', CASE a.outcome"              \
  " WHEN 0 THEN 'succeeded' WHEN 1 THEN 'http_error' WHEN 2 THEN 'redirect' WHEN 3 THEN 'gone'"    \
  " WHEN 4 THEN 'unknown_host' WHEN 5 THEN 'refused_address' WHEN 6 THEN 'no_connection'"          \
  " WHEN 7 THEN 'tls_error' WHEN 8 THEN 'timeout' ELSE 'broken_answer' END, 'problem', a.problem," \
  " 'request', json_object('headers', a.request_headers, 'method', 'POST', 'url', a.url),"         \
  " 'response', CASE WHEN a.status IS NULL THEN NULL ELSE json_object('body',"                     \
  " CAST(a.response_body AS TEXT), 'headers', a.response_headers, 'status', a.status) END,"        \
  " 'wait_us', a.wait_us) END FROM webhook_attempts a LEFT JOIN events e ON e.key = a.event"       \
  " LEFT JOIN versions v ON v.seq = e.version LEFT JOIN event_types t ON t.number = e.type"        \
  " LEFT JOIN webhook_endpoints w ON w.key = a.endpoint"                                           \
  " WHERE a.number > ?1 AND a.number <= ?2 ORDER BY a.number LIMIT ?3"

/* An entry's postings are numbered entry << 6 | line. */
#define ENTRY                                                                                      \
  "SELECT n.number, n.scope = ?4, n.number, 'entry_' || n.number, n.created,"                      \
  " CASE WHEN n.scope = ?4 THEN json_object('kind', n.kind, 'postings',"                           \
  " (SELECT json_group_array(json_object('account', l.kind, 'amount', p.amount, 'available_on',"   \
  " nullif(l.available_on, 0), 'currency', l.currency)) FROM postings p"                           \
  " JOIN ledger_accounts l ON l.number = p.account"                                                \
  " WHERE p.number BETWEEN n.number << 6 AND n.number << 6 | 63), 'source', b.id) END"             \
  " FROM entries n LEFT JOIN balance_transactions b ON b.key = n.source"                           \
  " WHERE n.number > ?1 AND n.number <= ?2 ORDER BY n.number LIMIT ?3"

/* Read in the order of what last happened to each: one that is dismissed comes again, with a higher version. */
#define NOTICE                                                                                     \
  "SELECT change, scope = ?4, number, 'notice_' || number, created, json_object('about', object,"  \
  " 'dismissed', dismissed, 'kind', kind, 'message', message), change FROM notices"                \
  " WHERE change > ?1 AND change <= ?2 AND scope = ?4 ORDER BY change LIMIT ?3"

/* A copy of either mode holds what is no one merchant's matter, when it was done by somebody who works for this one. */
#define AUDIT                                                                                      \
  "SELECT number, mine, number, 'alog_' || number, at / 1000000, CASE WHEN mine THEN"              \
  " json_object('action', action, 'actor', json_object('kind', actor_kind, 'id', actor, 'name',"   \
  " actor_name), 'created_us', at, 'hash', lower(hex(hash)), 'livemode', CASE WHEN scope <> 0 "    \
  "THEN"                                                                                           \
  " json(iif(scope & 1, 'true', 'false')) END, 'number', number, 'outcome', outcome, 'previous',"  \
  " lower(hex(previous)), 'remote', remote, 'request', request, 'scope', scope, 'summary',"        \
  " json(summary), 'target', object) END FROM (SELECT *, scope = ?4 OR (scope = 0 AND"             \
  " (actor_kind <> 'user' OR actor IN (SELECT id FROM users JOIN memberships ON user = key WHERE"  \
  " account = ?4 >> 1))) AS mine FROM audit_log"                                                   \
  " WHERE number > ?1 AND number <= ?2 ORDER BY number LIMIT ?3)"

/* A stream that is not numbered for all scopes together lies in keys of scope << 48 | tick. */
static const struct
{
  guint kind;
  gboolean by_scope;
  const char *table, *column;
  gsize position;
  const char
      *sql; /* holds %s where the id of an object stands, and then again where its noun does */
} streams[] = {
#define AT(member) G_STRUCT_OFFSET (KontorFeedPosition, member)
  { KONTOR_KIND_EVENT, TRUE, "events", "key", AT (event), EVENT },
  { KONTOR_STREAM_REQUEST_LOG, TRUE, "requests", "key", AT (request), REQUEST },
  { KONTOR_STREAM_WEBHOOK_ATTEMPT, FALSE, "webhook_attempts", "number", AT (attempt), ATTEMPT },
  { KONTOR_STREAM_LEDGER_ENTRY, FALSE, "entries", "number", AT (entry), ENTRY },
  { KONTOR_STREAM_NOTICE, FALSE, "notices", "change", AT (notice), NOTICE },
  { KONTOR_STREAM_AUDIT_ENTRY, FALSE, "audit_log", "number", AT (audit), AUDIT },
#undef AT
};

/* Which object an event is about stands in the table of its kind. */
static void
find_object (GString *id, GString *noun)
{
  const KontorSyncKind *kinds;
  guint n;

  kinds = kontor_sync_kinds (&n);
  for (guint i = 0; i < n; i++)
    if (kinds[i].has_versions)
      {
        g_string_append_printf (id, " WHEN %u THEN (SELECT id FROM %s WHERE key = v.object)",
                                kinds[i].kind, kontor_resources[kinds[i].kind]->table);
        g_string_append_printf (noun, " WHEN %u THEN '%s'", kinds[i].kind, kinds[i].name);
      }
  g_string_append (id, " END");
  g_string_append (noun, " END");
}

static const char *
make_sql (const char *text)
{
  g_autoptr (GString) sql = g_string_new (text);
  g_autoptr (GString) id = g_string_new ("CASE v.kind"), noun = g_string_new ("CASE v.kind");

  find_object (id, noun);
  g_string_replace (sql, "%s", id->str, 1);
  g_string_replace (sql, "%s", noun->str, 1);
  return g_intern_string (sql->str);
}

static const char *
sql_of (guint place)
{
  static const char *made[G_N_ELEMENTS (streams)];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
        made[i] = make_sql (streams[i].sql);
      g_once_init_leave (&once, 1);
    }
  return made[place];
}

static guint
place_of (guint kind)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (streams) && streams[i].kind != kind)
    i++;
  return i;
}

/* A body that came from outside may be no text at all. */
static void
hand_out (const KontorFeedQuery *query,
          sqlite3_stmt *statement,
          KontorFeedRow *row,
          gboolean *go_on)
{
  g_autofree char *valid = NULL;

  row->number = sqlite3_column_int64 (statement, 2);
  row->id = (const char *) sqlite3_column_text (statement, 3);
  row->created = sqlite3_column_int64 (statement, 4);
  row->body = (const char *) sqlite3_column_text (statement, 5);
  row->length = (gsize) sqlite3_column_bytes (statement, 5);
  if (sqlite3_column_count (statement) > 6)
    row->version = sqlite3_column_int64 (statement, 6);
  if (row->body == NULL)
    return;
  if (!g_utf8_validate (row->body, (gssize) row->length, NULL))
    {
      row->body = valid = g_utf8_make_valid (row->body, (gssize) row->length);
      row->length = strlen (valid);
    }
  *go_on = query->each (row, query->data);
}

/**
 * kontor_store_feed_stream:
 * @store: a connection with an open transaction
 * @query: whose rows, and who gets them
 * @kind: a stream
 * @position: (inout): the last row that was read
 * @until: the last one that is certain: earlier ones will not be added any more
 * @more: (out): whether it goes on after @position
 * @error: return location for a #GError
 *
 * Returns: whether it could be read
 */
gboolean
kontor_store_feed_stream (KontorStore *store,
                          const KontorFeedQuery *query,
                          guint kind,
                          gint64 *position,
                          gint64 until,
                          gboolean *more,
                          GError **error)
{
  guint i = place_of (kind);
  KontorFeedRow row = { .kind = kontor_sync_kind (kind) };
  gboolean go_on = TRUE;
  sqlite3_stmt *statement;
  int result = SQLITE_ERROR;
  guint n = 0;

  g_return_val_if_fail (i < G_N_ELEMENTS (streams), FALSE);
  statement = kontor_store_statement (store, sql_of (i));
  if (statement == NULL)
    return kontor_store_problem (store, error);
  if (streams[i].by_scope)
    {
      *position = MAX (*position, kontor_key (query->scope, 0));
      until = MIN (until, kontor_key (query->scope, KONTOR_TICK_MASK));
    }
  sqlite3_bind_int64 (statement, 1, *position);
  sqlite3_bind_int64 (statement, 2, until);
  sqlite3_bind_int64 (statement, 3, query->most);
  sqlite3_bind_int64 (statement, 4, query->scope);
  while (go_on && (result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      *position = sqlite3_column_int64 (statement, 0);
      if (sqlite3_column_int (statement, 1) != 0)
        hand_out (query, statement, &row, &go_on);
      n++;
    }
  sqlite3_reset (statement);
  *more = !go_on || n == query->most;
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/* The one number that @statement, which names a scope's lowest and highest key, gives. */
static gboolean
ask (KontorStore *store, const char *sql, guint scope, gint64 n, gint64 *value, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, g_intern_string (sql));
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, kontor_key (scope, 0));
  sqlite3_bind_int64 (statement, 2, kontor_key (scope, KONTOR_TICK_MASK));
  sqlite3_bind_int64 (statement, 3, scope);
  sqlite3_bind_int64 (statement, 4, n);
  result = sqlite3_step (statement);
  *value = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_feed_now:
 * @store: a connection with an open transaction
 * @scope: whose copy
 * @position: (out): where everything stands
 * @error: return location for a #GError
 *
 * Returns: whether it could be read
 */
gboolean
kontor_store_feed_now (KontorStore *store,
                       guint scope,
                       KontorFeedPosition *position,
                       GError **error)
{
  memset (position, 0, sizeof *position);
  if (!kontor_store_integer (store, "SELECT max(seq) FROM versions", &position->version, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autofree char *sql
          = g_strdup_printf ("SELECT max(%s) FROM %s%s", streams[i].column, streams[i].table,
                             streams[i].by_scope ? " WHERE key BETWEEN ?1 AND ?2" : "");

      if (!ask (store, sql, scope, 0, &G_STRUCT_MEMBER (gint64, position, streams[i].position),
                error))
        return FALSE;
    }
  return TRUE;
}

/**
 * kontor_store_feed_back:
 * @store: a connection with an open transaction
 * @scope: whose copy
 * @kind: a stream
 * @n: how many of its newest rows are wanted
 * @position: (out): after which they begin
 * @error: return location for a #GError
 *
 * Returns: whether it could be read
 */
gboolean
kontor_store_feed_back (KontorStore *store,
                        guint scope,
                        guint kind,
                        guint n,
                        gint64 *position,
                        GError **error)
{
  guint i = place_of (kind);
  g_autofree char *sql = NULL;

  g_return_val_if_fail (i < G_N_ELEMENTS (streams), FALSE);
  sql = g_strdup_printf ("SELECT %s - 1 FROM %s WHERE %s ORDER BY %s DESC LIMIT 1 OFFSET ?4",
                         streams[i].column, streams[i].table,
                         streams[i].by_scope ? "key BETWEEN ?1 AND ?2" : "scope = ?3",
                         streams[i].column);
  return ask (store, sql, scope, (gint64) n - 1, position, error);
}
