/* event-success.c: events that all webhook endpoints took, and events that some did not.
 *
 * An event has not reached all while it stands in the outbox or has a delivery that did not succeed. Those
 * are found by the index of such deliveries, however many events went well; the others by a walk along the
 * events, which is long only where most failed. */
#include "core/id.h"
#include "core/resource.h"
#include "server/store/delivery-list.h"
#include "server/store/event.h"
#include "server/store/outbox.h"

#define NOT_SUCCEEDED                                                                              \
  (KONTOR_DELIVERIES_PENDING | 1u << KONTOR_DELIVERY_FAILED | 1u << KONTOR_DELIVERY_CANCELED)

/* A part of the list under way. */
typedef struct
{
  KontorStore *store;
  KontorArena *arena;
  const KontorEventQuery *query;
  gboolean success;
  GArray *keys; /* gint64, in the order in which they are read; one more than wanted */
} Search;

/* Whether some endpoint that wants an event has not taken it. */
static gboolean
is_unsettled (KontorStore *store, gint64 key, gboolean *unsettled, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT 1 FROM webhook_deliveries WHERE event = ?1 AND state <> 2 LIMIT 1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, key);
  result = sqlite3_step (statement);
  sqlite3_reset (statement);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    return kontor_store_problem (store, error);
  *unsettled = result == SQLITE_ROW;
  return *unsettled || kontor_store_outbox_has (store, key, unsettled, error);
}

static gboolean
is_backward (const Search *search)
{
  return search->query->before != 0;
}

static gboolean
is_full (const Search *search)
{
  return search->keys->len > search->query->limit;
}

static const char *
walk_sql (gboolean backward)
{
  return backward
             ? "SELECT key FROM events WHERE key > ?1 AND key < ?2 AND created BETWEEN ?3 AND ?4"
               " AND (?5 = 0 OR (?5 >> type) & 1) ORDER BY key"
             : "SELECT key FROM events WHERE key > ?1 AND key < ?2 AND created BETWEEN ?3 AND ?4"
               " AND (?5 = 0 OR (?5 >> type) & 1) ORDER BY key DESC";
}

/* Along the events between two keys, looking at each. */
static gboolean
walk (Search *search, gint64 above, gint64 below, GError **error)
{
  const KontorEventQuery *query = search->query;
  sqlite3_stmt *statement = kontor_store_statement (search->store, walk_sql (is_backward (search)));
  gboolean unsettled = FALSE, read = TRUE;
  int result = SQLITE_DONE;

  if (statement == NULL)
    return kontor_store_problem (search->store, error);
  sqlite3_bind_int64 (statement, 1, MAX (above, query->before));
  sqlite3_bind_int64 (statement, 2, query->after != 0 ? MIN (below, query->after) : below);
  sqlite3_bind_int64 (statement, 3, query->created_min);
  sqlite3_bind_int64 (statement, 4,
                      query->created_max != KONTOR_NONE ? query->created_max : G_MAXINT64);
  sqlite3_bind_int64 (statement, 5, query->types);
  while (read && !is_full (search) && (result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 key = sqlite3_column_int64 (statement, 0);

      read = is_unsettled (search->store, key, &unsettled, error);
      if (read && unsettled != search->success)
        g_array_append_val (search->keys, key);
    }
  sqlite3_reset (statement);
  if (read && result != SQLITE_ROW && result != SQLITE_DONE)
    return kontor_store_problem (search->store, error);
  return read;
}

/* Takes the events of a page of deliveries, each once. */
static void
take_events (Search *search, const GArray *rows)
{
  for (guint i = 0; i < rows->len && !is_full (search); i++)
    {
      guint at = is_backward (search) ? rows->len - 1 - i : i;
      gint64 key = g_array_index (rows, KontorDeliveryView, at).event;

      if (search->keys->len == 0
          || g_array_index (search->keys, gint64, search->keys->len - 1) != key)
        g_array_append_val (search->keys, key);
    }
}

/* Events before @below with a delivery that did not succeed. */
static gboolean
merge (Search *search, gint64 below, GError **error)
{
  const KontorEventQuery *query = search->query;
  KontorDeliveryQuery deliveries = {
    .scope = query->scope,
    .limit = query->limit + 1,
    .states = NOT_SUCCEEDED,
    .created_min = query->created_min,
    .created_max = query->created_max,
    .types = query->types,
  };
  gboolean has_more = TRUE;

  /* An endpoint of 0 comes before all, so that of an event none is left or all are. */
  if (is_backward (search))
    deliveries.before = (KontorDeliveryPlace){ query->before, G_MAXINT64 };
  else
    deliveries.after
        = (KontorDeliveryPlace){ query->after != 0 ? MIN (query->after, below) : below, 0 };
  while (has_more && !is_full (search))
    {
      g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorDeliveryView));
      gint64 last;

      if (!kontor_store_delivery_list (search->store, search->arena, &deliveries, rows, &has_more,
                                       error))
        return FALSE;
      take_events (search, rows);
      if (rows->len == 0)
        break;
      last = g_array_index (rows, KontorDeliveryView, is_backward (search) ? 0 : rows->len - 1)
                 .event;
      if (is_backward (search))
        deliveries.before.event = last;
      else
        deliveries.after.event = last;
    }
  return TRUE;
}

/* Backwards, what is read before @below may not go beyond it: that comes from the other part. */
static void
cut (Search *search, gint64 below)
{
  guint n = 0;

  while (n < search->keys->len && g_array_index (search->keys, gint64, n) < below)
    n++;
  g_array_set_size (search->keys, n);
}

/* What stands in the outbox has no rows yet: from its oldest event on each is looked at. */
static gboolean
find_unsettled (Search *search, GError **error)
{
  guint scope = search->query->scope;
  gint64 first, border;

  if (!kontor_store_outbox_first (search->store, &first, error))
    return FALSE;
  border = kontor_key (scope, 0) + first;
  if (is_backward (search))
    {
      if (!merge (search, border, error))
        return FALSE;
      cut (search, border);
      return is_full (search) || walk (search, border - 1, kontor_key (scope + 1, 0), error);
    }
  return walk (search, border - 1, kontor_key (scope + 1, 0), error)
         && (is_full (search) || merge (search, border, error));
}

static gboolean
read_rows (Search *search, GArray *rows, gboolean *has_more, GError **error)
{
  *has_more = is_full (search);
  for (guint i = 0; i < MIN (search->keys->len, search->query->limit); i++)
    {
      gboolean found = FALSE;
      KontorEventRow row;

      if (!kontor_store_event_get (search->store, search->arena,
                                   g_array_index (search->keys, gint64, i), &row, &found, error))
        return FALSE;
      if (found && is_backward (search))
        g_array_prepend_val (rows, row);
      else if (found)
        g_array_append_val (rows, row);
    }
  return TRUE;
}

/**
 * kontor_store_event_by_success:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @query: which ones
 * @success: those that all endpoints took which wanted them; else the others
 * @rows: gets #KontorEventRow, newest first
 * @has_more: (out): whether there are more in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the list could be read
 */
gboolean
kontor_store_event_by_success (KontorStore *store,
                               KontorArena *arena,
                               const KontorEventQuery *query,
                               gboolean success,
                               GArray *rows,
                               gboolean *has_more,
                               GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  Search search = { store, arena, query, success, keys };
  gint64 above = kontor_key (query->scope, 0) - 1, below = kontor_key (query->scope + 1, 0);

  if (query->created_min != KONTOR_NONE)
    above = kontor_key (query->scope, kontor_tick_before (query->created_min)) - 1;
  return (success ? walk (&search, above, below, error) : find_unsettled (&search, error))
         && read_rows (&search, rows, has_more, error);
}
