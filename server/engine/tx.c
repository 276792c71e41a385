/* tx.c: one unit of work: what an operation reads and, all or nothing, what it leaves behind. */
#include "server/engine/tx-private.h"

#include <string.h>

#include "core/json.h"
#include "core/patch.h"
#include "server/engine/engine.h"
#include "server/engine/event.h"
#include "server/engine/ledger.h"
#include "server/engine/missing.h"
#include "server/engine/outbox.h"
#include "server/store/event.h"
#include "server/store/job.h"
#include "server/store/object.h"

#define MAX_LINES 8

/* An object this unit of work has read or made, so that everybody sees the same struct. */
typedef struct
{
  KontorObject *object;
  gint64 stored_version; /* 0: no row yet */
  gboolean changed;
} Held;

typedef struct
{
  gint64 seq, prev, key;
  const KontorResource *resource;
  gsize at, length; /* in bodies */
} Version;

typedef struct
{
  const char *kind;
  char currency[4];
  gint64 source;
  KontorLine lines[MAX_LINES + 1];
} Entry;

struct _KontorTxWrites
{
  GArray *held;     /* Held */
  GArray *versions; /* Version */
  GArray *events;   /* KontorEventRow */
  GArray *entries;  /* Entry */
  GArray *jobs;     /* KontorJobRow */
  GArray *ended;    /* gint64: objects whose jobs go */
  KontorBuffer bodies;
  gint64 next_seq;  /* of this unit of work, including what is not yet written */
  gint64 first_seq; /* where it began */
  gboolean has_reply, has_request, webhooks_changed;
  KontorIdempotencyRow reply;
  KontorRequestRow request;
  GError *failure;
};

/**
 * kontor_tx_init:
 * @tx: (out): a unit of work, used again and again
 * @store: the writer's connection
 * @ids: where keys and ids come from
 * @books: the ledger
 * @outbox: what is to be sent to webhook endpoints
 * @settings: the operator's
 */
void
kontor_tx_init (KontorTx *tx,
                KontorStore *store,
                KontorIds *ids,
                KontorBooks *books,
                KontorOutbox *outbox,
                const KontorSettings *settings)
{
  memset (tx, 0, sizeof *tx);
  tx->store = store;
  tx->ids = ids;
  tx->books = books;
  tx->outbox = outbox;
  tx->settings = settings;
  tx->writes = g_new0 (struct _KontorTxWrites, 1);
  tx->writes->held = g_array_new (FALSE, TRUE, sizeof (Held));
  tx->writes->versions = g_array_new (FALSE, TRUE, sizeof (Version));
  tx->writes->events = g_array_new (FALSE, TRUE, sizeof (KontorEventRow));
  tx->writes->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  tx->writes->jobs = g_array_new (FALSE, TRUE, sizeof (KontorJobRow));
  tx->writes->ended = g_array_new (FALSE, TRUE, sizeof (gint64));
}

/**
 * kontor_tx_clear:
 * @tx: what kontor_tx_init() made
 */
void
kontor_tx_clear (KontorTx *tx)
{
  g_array_unref (tx->writes->held);
  g_array_unref (tx->writes->versions);
  g_array_unref (tx->writes->events);
  g_array_unref (tx->writes->entries);
  g_array_unref (tx->writes->jobs);
  g_array_unref (tx->writes->ended);
  kontor_buffer_clear (&tx->writes->bodies);
  g_clear_error (&tx->writes->failure);
  g_free (tx->writes);
}

/**
 * kontor_tx_reload:
 * @tx: a unit of work
 * @error: return location for a #GError
 *
 * Returns: whether the end of the version log could be read
 */
gboolean
kontor_tx_reload (KontorTx *tx, GError **error)
{
  if (!kontor_store_integer (tx->store, "SELECT max(seq) FROM versions", &tx->writes->next_seq,
                             error))
    return FALSE;
  tx->writes->next_seq++;
  return TRUE;
}

static void
forget_writes (struct _KontorTxWrites *writes)
{
  g_array_set_size (writes->held, 0);
  g_array_set_size (writes->versions, 0);
  g_array_set_size (writes->events, 0);
  g_array_set_size (writes->entries, 0);
  g_array_set_size (writes->jobs, 0);
  g_array_set_size (writes->ended, 0);
  writes->bodies.length = 0;
  writes->webhooks_changed = FALSE;
}

/**
 * kontor_tx_start:
 * @tx: a unit of work whose last use was flushed
 * @arena: of the operation
 * @scope: whose world it works in
 * @request: key of the cause, or 0
 * @now: Unix seconds
 */
void
kontor_tx_start (KontorTx *tx, KontorArena *arena, guint scope, gint64 request, gint64 now)
{
  tx->arena = arena;
  tx->scope = scope;
  tx->request = request;
  tx->now = now;
  forget_writes (tx->writes);
  tx->writes->has_reply = tx->writes->has_request = FALSE;
  tx->writes->first_seq = tx->writes->next_seq;
  g_clear_error (&tx->writes->failure);
}

/**
 * kontor_tx_discard:
 * @tx: a unit of work
 *
 * Drops every write made so far; nothing of it has reached the database.
 */
void
kontor_tx_discard (KontorTx *tx)
{
  forget_writes (tx->writes);
  tx->writes->next_seq = tx->writes->first_seq;
}

/**
 * kontor_tx_fail:
 * @tx: a unit of work
 * @error: (transfer full): what the database said
 *
 * The batch this belongs to will not be committed.
 */
void
kontor_tx_fail (KontorTx *tx, GError *error)
{
  if (tx->writes->failure == NULL)
    tx->writes->failure = error;
  else
    g_error_free (error);
}

/**
 * kontor_tx_n_versions:
 * @tx: a unit of work
 *
 * Returns: the newest sequence number, counting what this unit of work saved
 */
gint64
kontor_tx_n_versions (const KontorTx *tx)
{
  return tx->writes->next_seq - 1;
}

static Held *
find_held (KontorTx *tx, gint64 key, const KontorResource *resource)
{
  for (guint i = 0; i < tx->writes->held->len; i++)
    {
      Held *held = &g_array_index (tx->writes->held, Held, i);

      if (held->object->key == key && held->object->resource == resource)
        return held;
    }
  return NULL;
}

/**
 * kontor_tx_get_by_key:
 * @tx: a unit of work
 * @resource: what it is
 * @key: which
 *
 * Returns: (transfer none) (nullable): the object, one struct for everybody in this unit of work
 */
gpointer
kontor_tx_get_by_key (KontorTx *tx, const KontorResource *resource, gint64 key)
{
  Held *held = find_held (tx, key, resource);
  GError *error = NULL;
  KontorObject *object;

  if (held != NULL)
    return held->object;
  object = kontor_store_object_get_by_key (tx->store, tx->arena, resource, key, &error);
  if (error != NULL)
    kontor_tx_fail (tx, error);
  if (object != NULL)
    {
      Held fresh = { object, object->version, FALSE };

      g_array_append_val (tx->writes->held, fresh);
    }
  return object;
}

/**
 * kontor_tx_get:
 * @tx: a unit of work
 * @resource: what it is
 * @id: (nullable): its name, as anybody may have sent it
 *
 * Returns: (transfer none) (nullable): the object of this scope with that id
 */
gpointer
kontor_tx_get (KontorTx *tx, const KontorResource *resource, const char *id)
{
  gint64 tick = id != NULL ? kontor_id_tick (id) : -1;
  KontorObject *object;

  if (tick < 0)
    return NULL;
  object = kontor_tx_get_by_key (tx, resource, kontor_key (tx->scope, tick));
  return object != NULL && g_str_equal (object->id, id) ? object : NULL;
}

/**
 * kontor_tx_require:
 * @tx: a unit of work
 * @resource: what it is
 * @id: its name
 * @param: (nullable): the parameter that named it, %NULL for the URL
 * @error: gets “No such …”
 *
 * Returns: (transfer none) (nullable): the object, or %NULL with @error set
 */
gpointer
kontor_tx_require (KontorTx *tx,
                   const KontorResource *resource,
                   const char *id,
                   const char *param,
                   KontorError *error)
{
  gpointer object = kontor_tx_get (tx, resource, id);

  if (object == NULL)
    kontor_missing (tx->store, tx->arena, resource, tx->scope, id, param, error);
  return object;
}

/**
 * kontor_tx_new:
 * @tx: a unit of work
 * @resource: what to make
 *
 * Returns: (transfer none): an empty object with id, key and created; it exists once it is saved
 */
gpointer
kontor_tx_new (KontorTx *tx, const KontorResource *resource)
{
  KontorObject *object = kontor_object_new (resource, tx->arena);
  gint64 tick = kontor_ids_tick (tx->ids);
  Held held = { object, 0, FALSE };

  object->key = kontor_key (tx->scope, tick);
  object->id = kontor_ids_make (tx->ids, tx->arena, resource->prefix, tick);
  object->created = tx->now;
  g_array_append_val (tx->writes->held, held);
  return object;
}

/**
 * kontor_tx_made:
 * @tx: a unit of work
 * @resource: what to look for
 * @made: gets the objects that it made and saved, the oldest first
 */
void
kontor_tx_made (KontorTx *tx, const KontorResource *resource, GPtrArray *made)
{
  for (guint i = 0; i < tx->writes->held->len; i++)
    {
      const Held *held = &g_array_index (tx->writes->held, Held, i);

      if (held->object->resource == resource && held->stored_version == 0 && held->changed)
        g_ptr_array_add (made, held->object);
    }
}

/**
 * kontor_tx_event:
 * @tx: a unit of work
 * @object: an object saved in it, or stored before
 * @event_type: "charge.succeeded"
 *
 * Tells that something happened to @object, as its newest version shows it.
 *
 * Returns: key of the event
 */
gint64
kontor_tx_event (KontorTx *tx, gpointer object, const char *event_type)
{
  const KontorObject *head = object;
  gint64 tick = kontor_ids_tick (tx->ids);
  KontorEventRow row = {
    .key = kontor_key (tx->scope, tick),
    .id = kontor_ids_make (tx->ids, tx->arena, "evt", tick),
    .created = tx->now,
    .type = kontor_event_number (event_type),
    .version = head->version,
    .request = tx->request,
  };

  g_assert (row.type != 0 && row.version != 0);
  g_array_append_val (tx->writes->events, row);
  return row.key;
}

/**
 * kontor_tx_event_id:
 * @tx: a unit of work
 * @event: what kontor_tx_event() gave
 *
 * Returns: (transfer none): the id of that event
 */
const char *
kontor_tx_event_id (const KontorTx *tx, gint64 event)
{
  for (guint i = tx->writes->events->len; i > 0; i--)
    if (g_array_index (tx->writes->events, KontorEventRow, i - 1).key == event)
      return g_array_index (tx->writes->events, KontorEventRow, i - 1).id;
  g_return_val_if_reached ("");
}

/* The newest version of @object, when this unit of work made it and no event tells of it: so nobody
 * will ever see it, and it can be written over. */
static Version *
find_unseen (struct _KontorTxWrites *writes, const KontorObject *object)
{
  if (object->version < writes->first_seq)
    return NULL;
  for (guint i = writes->events->len; i > 0; i--)
    if (g_array_index (writes->events, KontorEventRow, i - 1).version == object->version)
      return NULL;
  for (guint i = writes->versions->len; i > 0; i--)
    if (g_array_index (writes->versions, Version, i - 1).seq == object->version)
      return &g_array_index (writes->versions, Version, i - 1);
  return NULL;
}

static Version *
add_version (struct _KontorTxWrites *writes, KontorObject *object)
{
  Version version = {
    .seq = writes->next_seq++,
    .prev = object->version,
    .key = object->key,
    .resource = object->resource,
  };

  g_array_append_val (writes->versions, version);
  object->version = version.seq;
  return &g_array_index (writes->versions, Version, writes->versions->len - 1);
}

/**
 * kontor_tx_save:
 * @tx: a unit of work
 * @object: what kontor_tx_new() or kontor_tx_get() gave
 * @event_type: (nullable): what happened to it
 *
 * Keeps @object as it is at this moment as its newest version. Saving again later in the same unit
 * of work makes a further version when an event tells of this one, else takes its place; the noun's
 * row is written once, as it is at the end.
 */
void
kontor_tx_save (KontorTx *tx, gpointer object, const char *event_type)
{
  KontorObject *head = object;
  struct _KontorTxWrites *writes = tx->writes;
  Held *held = find_held (tx, head->key, head->resource);
  Version *version = find_unseen (writes, head);

  g_assert (held != NULL && held->object == head);
  if (version == NULL)
    version = add_version (writes, head);
  version->at = writes->bodies.length;
  kontor_object_write_slim (kontor_object_trimmed (head, tx->arena), &writes->bodies);
  version->length = writes->bodies.length - version->at;
  held->changed = TRUE;
  if (head->resource->complete != NULL)
    head->resource->complete (object, tx->arena);
  if (event_type != NULL)
    kontor_tx_event (tx, object, event_type);
}

/**
 * kontor_tx_job:
 * @tx: a unit of work
 * @kind: a row of the table in server/jobs/jobs.c
 * @run_at: Unix seconds
 * @object: key of what it is about
 */
void
kontor_tx_job (KontorTx *tx, const char *kind, gint64 run_at, gint64 object)
{
  KontorJobRow row = { .run_at = run_at, .kind = kind, .object = object };

  g_array_append_val (tx->writes->jobs, row);
}

/**
 * kontor_tx_end_jobs:
 * @tx: a unit of work
 * @object: key of an object about which nothing is to be done any more
 */
void
kontor_tx_end_jobs (KontorTx *tx, gint64 object)
{
  g_array_append_val (tx->writes->ended, object);
}

/**
 * kontor_tx_webhooks_changed:
 * @tx: a unit of work
 *
 * Whoever watches the engine is told, once this is committed, that rows about webhooks were written which no
 * object shows: deliveries to be sent again, secrets.
 */
void
kontor_tx_webhooks_changed (KontorTx *tx)
{
  tx->writes->webhooks_changed = TRUE;
}

/**
 * kontor_tx_post:
 * @tx: a unit of work
 * @kind: what kind of movement: "charge", "refund" …
 * @currency: of all @lines
 * @source: key of the balance transaction that tells why; 0 when the server itself moved it
 * @lines: the postings, ending with a row without kind; they sum to zero
 *
 * One movement of money, committed with the objects saved beside it. A sum that is not zero is our
 * own mistake and stops the program before it is written.
 */
void
kontor_tx_post (KontorTx *tx,
                const char *kind,
                const char *currency,
                gint64 source,
                const KontorLine *lines)
{
  Entry entry = { .kind = kind, .source = source };
  gint64 sum = 0;
  guint n = 0;

  g_strlcpy (entry.currency, currency, sizeof entry.currency);
  for (const KontorLine *line = lines; line->kind != NULL; line++)
    {
      g_assert (n < MAX_LINES);
      entry.lines[n++] = *line;
      g_assert (!__builtin_add_overflow (sum, line->amount, &sum));
    }
  g_assert (sum == 0);
  g_array_append_val (tx->writes->entries, entry);
}

/**
 * kontor_tx_record_idempotency:
 * @tx: a unit of work
 * @row: the answer to keep, also when the writes are discarded; its memory lives until the flush
 */
void
kontor_tx_record_idempotency (KontorTx *tx, const KontorIdempotencyRow *row)
{
  tx->writes->reply = *row;
  tx->writes->has_reply = TRUE;
}

/**
 * kontor_tx_record_request:
 * @tx: a unit of work
 * @row: the line of the request log; its memory lives until the flush
 */
void
kontor_tx_record_request (KontorTx *tx, const KontorRequestRow *row)
{
  tx->writes->request = *row;
  tx->writes->has_request = TRUE;
}

/* The newest version of the same object in this unit of work, if @version is not it. */
static const Version *
find_newest (const struct _KontorTxWrites *writes, guint place)
{
  const Version *version = &g_array_index (writes->versions, Version, place);

  for (guint i = writes->versions->len; i > place + 1; i--)
    if (g_array_index (writes->versions, Version, i - 1).key == version->key
        && g_array_index (writes->versions, Version, i - 1).resource == version->resource)
      return &g_array_index (writes->versions, Version, i - 1);
  return NULL;
}

/* A version that was overtaken before anybody could read it is kept as what the newest one changed of it, since
 * most of it would be said twice. Readers: kontor_store_object_at_version(). */
static gboolean
write_as_patch (KontorTx *tx, const Version *version, const Version *newest, KontorBuffer *out)
{
  const char *bodies = tx->writes->bodies.data, *problem = NULL;
  KontorValue *body
      = kontor_json_parse (tx->arena, bodies + version->at, version->length, &problem);
  KontorValue *base = kontor_json_parse (tx->arena, bodies + newest->at, newest->length, &problem);

  if (body == NULL || base == NULL)
    return FALSE;
  kontor_buffer_literal (out, KONTOR_VERSION_BASE);
  kontor_buffer_int (out, newest->seq);
  kontor_buffer_literal (out, ",\"patch\":");
  if (!kontor_patch_write (base, body, out))
    return FALSE;
  kontor_buffer_char (out, '}');
  return out->length < version->length;
}

static gboolean
flush_version (KontorTx *tx, guint place, GError **error)
{
  const Version *version = &g_array_index (tx->writes->versions, Version, place);
  const Version *newest = find_newest (tx->writes, place);
  g_auto (KontorBuffer) patch = { 0 };

  if (newest != NULL && write_as_patch (tx, version, newest, &patch))
    return kontor_store_version_insert (tx->store, version->seq, version->resource, version->key,
                                        version->prev, patch.data, patch.length, error);
  return kontor_store_version_insert (tx->store, version->seq, version->resource, version->key,
                                      version->prev, tx->writes->bodies.data + version->at,
                                      version->length, error);
}

static gboolean
flush_objects (KontorTx *tx, GError **error)
{
  struct _KontorTxWrites *writes = tx->writes;

  for (guint i = 0; i < writes->versions->len; i++)
    if (!flush_version (tx, i, error))
      return FALSE;
  for (guint i = 0; i < writes->held->len; i++)
    {
      const Held *held = &g_array_index (writes->held, Held, i);

      if (!held->changed)
        continue;
      if (!(held->stored_version == 0
                ? kontor_store_object_insert (tx->store, held->object, error)
                : kontor_store_object_update (tx->store, held->object, error)))
        return FALSE;
      if (held->object->resource->kind == KONTOR_KIND_WEBHOOK_ENDPOINT)
        kontor_outbox_endpoint_changed (tx->outbox, (KontorWebhookEndpoint *) held->object);
    }
  return TRUE;
}

static gboolean
flush_money (KontorTx *tx, GError **error)
{
  for (guint i = 0; i < tx->writes->entries->len; i++)
    {
      const Entry *entry = &g_array_index (tx->writes->entries, Entry, i);

      if (!kontor_books_post (tx->books, tx->scope, entry->kind, entry->currency, entry->source,
                              tx->now, entry->lines, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
flush_rest (KontorTx *tx, GError **error)
{
  struct _KontorTxWrites *writes = tx->writes;

  for (guint i = 0; i < writes->events->len; i++)
    {
      const KontorEventRow *event = &g_array_index (writes->events, KontorEventRow, i);

      if (!kontor_store_event_insert (tx->store, event, error)
          || !kontor_outbox_add (tx->outbox, tx->scope, event, error))
        return FALSE;
    }
  if (writes->webhooks_changed)
    kontor_outbox_touch (tx->outbox, KONTOR_COMMIT_WEBHOOKS);
  if (writes->has_request)
    kontor_outbox_touch (tx->outbox, KONTOR_COMMIT_REQUESTS);
  for (guint i = 0; i < writes->ended->len; i++)
    if (!kontor_store_job_delete_of (tx->store, g_array_index (writes->ended, gint64, i), error))
      return FALSE;
  for (guint i = 0; i < writes->jobs->len; i++)
    if (!kontor_store_job_insert (tx->store, &g_array_index (writes->jobs, KontorJobRow, i), error))
      return FALSE;
  return (!writes->has_reply || kontor_store_idempotency_insert (tx->store, &writes->reply, error))
         && (!writes->has_request
             || kontor_store_request_insert (tx->store, &writes->request, error));
}

/**
 * kontor_tx_flush:
 * @tx: a unit of work that is done
 * @error: return location for a #GError
 *
 * Returns: whether all its rows are in the open transaction
 */
gboolean
kontor_tx_flush (KontorTx *tx, GError **error)
{
  if (tx->writes->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&tx->writes->failure));
      return FALSE;
    }
  return flush_objects (tx, error) && flush_money (tx, error) && flush_rest (tx, error);
}
