/* idempotency.c: the same Idempotency-Key earns the same reply.
 *
 * A key is known by a hash of the scope and its letters, a request by a hash of its method, path and
 * parameters in a canonical order. The record is written with the operation it belongs to: either both
 * are there after a crash, or neither. */
#include "server/http/idempotency.h"

#include <string.h>

#include "core/json.h"
#include "core/signature.h"
#include "server/http/reply.h"

#define MAX_LETTERS 255

/* Keys of requests that are being worked on. There are never more than connections, so a short list of
 * slots per first byte is all it takes. */
#define N_BUCKETS 64

typedef struct _Claim Claim;

struct _Claim
{
  Claim  *next;
  guint8  hash[16];
};

struct _KontorClaims
{
  GMutex lock;
  Claim *buckets[N_BUCKETS]; /* under lock; each lives in its call's arena */
};

/**
 * kontor_claims_new:
 *
 * Returns: (transfer full): no keys in use
 */
KontorClaims *
kontor_claims_new (void)
{
  KontorClaims *claims = g_new0 (KontorClaims, 1);

  g_mutex_init (&claims->lock);
  return claims;
}

/**
 * kontor_claims_free:
 * @claims: (transfer full): keys in use, of which there are none any more
 */
void
kontor_claims_free (KontorClaims *claims)
{
  g_mutex_clear (&claims->lock);
  g_free (claims);
}

static void
write_canonical (KontorArena *arena, KontorBuffer *out, const KontorValue *value)
{
  const KontorValue **sorted;
  guint n = 0;

  if (value->type != KONTOR_VALUE_OBJECT && value->type != KONTOR_VALUE_ARRAY)
    {
      kontor_buffer_append (out, value->text != NULL ? value->text : "", value->length);
      kontor_buffer_char (out, '\0');
      return;
    }
  sorted = kontor_arena_new0_n (arena, const KontorValue *, value->n_children + 1);
  for (const KontorValue *child = value->first; child != NULL; child = child->next)
    {
      guint at = n++;

      for (; child->key != NULL && at > 0 && strcmp (sorted[at - 1]->key, child->key) > 0; at--)
        sorted[at] = sorted[at - 1];
      sorted[at] = child;
    }
  kontor_buffer_char (out, '\1');
  for (guint i = 0; i < n; i++)
    {
      if (sorted[i]->key != NULL)
        kontor_buffer_append (out, sorted[i]->key, strlen (sorted[i]->key) + 1);
      write_canonical (arena, out, sorted[i]);
    }
  kontor_buffer_char (out, '\2');
}

/**
 * kontor_idempotency_hash:
 * @api: whose key it is made with
 * @arena: for the work
 * @value: parameters
 * @hash: (out): the same for the same parameters, in whatever order they stand
 */
void
kontor_idempotency_hash (KontorApi *api,
                         KontorArena *arena,
                         const KontorValue *value,
                         guint8 hash[16])
{
  g_auto (KontorBuffer) text = { 0 };

  write_canonical (arena, &text, value);
  kontor_hash16 (hash, api->hash_key, text.data, text.length);
}

static void
hash_request (KontorCall *call)
{
  const KontorRequest *request = call->request;
  g_auto (KontorBuffer) text = { 0 };

  kontor_buffer_append (&text, (const char *) &call->scope, sizeof call->scope);
  /* A customer's page is not told what the merchant's own server was. */
  kontor_buffer_char (&text, call->key.type == KONTOR_KEY_PUBLISHABLE ? 'p' : 's');
  kontor_buffer_puts (&text, request->idempotency_key);
  kontor_hash16 (call->idempotency_hash, call->api->hash_key, text.data, text.length);
  text.length = 0;
  kontor_buffer_append (&text, request->method, strlen (request->method) + 1);
  kontor_buffer_append (&text, request->path, strlen (request->path) + 1);
  write_canonical (call->arena, &text, call->params);
  kontor_hash16 (call->params_hash, call->api->hash_key, text.data, text.length);
}

/**
 * kontor_idempotency_claim:
 * @call: a call with parameters as they were sent, before they are checked
 * @error: says that the key is too long, or that a request with it is under way
 *
 * Sets aside the Idempotency-Key of a POST for @call. Nothing happens when there is none.
 *
 * Returns: whether the call may go on
 */
gboolean
kontor_idempotency_claim (KontorCall *call, KontorError *error)
{
  const char *key = call->request->idempotency_key;
  KontorClaims *claims = call->api->claims;
  Claim **bucket, *claim;

  if (key == NULL || *key == '\0' || call->request->method[0] != 'P')
    return TRUE;
  if (strlen (key) > MAX_LETTERS)
    return kontor_error_set (error, KONTOR_ERROR_IDEMPOTENCY_KEY_TOO_LONG, NULL, NULL);
  hash_request (call);
  bucket = &claims->buckets[call->idempotency_hash[0] % N_BUCKETS];
  g_mutex_lock (&claims->lock);
  for (claim = *bucket; claim != NULL; claim = claim->next)
    if (memcmp (claim->hash, call->idempotency_hash, sizeof claim->hash) == 0)
      {
        g_mutex_unlock (&claims->lock);
        return kontor_error_set (error, KONTOR_ERROR_IDEMPOTENCY_IN_USE, NULL, NULL);
      }
  claim = kontor_arena_new0 (call->arena, Claim);
  memcpy (claim->hash, call->idempotency_hash, sizeof claim->hash);
  claim->next = *bucket;
  *bucket = claim;
  g_mutex_unlock (&claims->lock);
  call->claimed = TRUE;
  return TRUE;
}

/**
 * kontor_idempotency_release:
 * @call: a call that is done, whatever became of it
 *
 * From any thread.
 */
void
kontor_idempotency_release (KontorCall *call)
{
  KontorClaims *claims = call->api->claims;
  Claim **at;

  if (!call->claimed)
    return;
  call->claimed = FALSE;
  g_mutex_lock (&claims->lock);
  at = &claims->buckets[call->idempotency_hash[0] % N_BUCKETS];
  while (memcmp ((*at)->hash, call->idempotency_hash, sizeof (*at)->hash) != 0)
    at = &(*at)->next;
  *at = (*at)->next;
  g_mutex_unlock (&claims->lock);
}

/* A reply that shows a secret is kept in the vault, after a byte that no JSON begins with. */
#define SEALED '\0'

/* Nobody else's box is opened by the key of this one. */
static gint64
box_owner (const guint8 key[16])
{
  gint64 owner;

  memcpy (&owner, key, sizeof owner);
  return GINT64_FROM_LE (owner);
}

static void
seal (KontorCall *call, KontorIdempotencyRow *row)
{
  gsize length;
  const guint8 *sealed = kontor_vault_seal (&call->api->vault, call->api->ids, call->arena,
                                            box_owner (row->key), row->body, row->body_length,
                                            &length);
  char *marked = kontor_arena_alloc (call->arena, length + 1);

  marked[0] = SEALED;
  memcpy (marked + 1, sealed, length);
  row->body = marked;
  row->body_length = length + 1;
}

static gboolean
unseal (KontorCall *call, const KontorIdempotencyRow *row)
{
  gsize length;
  const guint8 *body = kontor_vault_unseal (&call->api->vault, call->arena, box_owner (row->key),
                                            (const guint8 *) row->body + 1, row->body_length - 1,
                                            &length);

  if (body == NULL)
    {
      g_set_error_literal (&call->failure, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                           "a reply that was kept cannot be opened with keys/vault.key");
      return FALSE;
    }
  kontor_buffer_append (&call->reply->body, (const char *) body, length);
  return TRUE;
}

static gboolean
render (KontorCall *call, const KontorIdempotencyRow *row)
{
  const KontorObject *object;

  call->reply->status = row->status;
  if (row->version == 0 && row->body_length > 0 && *(const char *) row->body == SEALED)
    return unseal (call, row);
  if (row->version == 0)
    {
      kontor_buffer_append (&call->reply->body, row->body, row->body_length);
      return TRUE;
    }
  object = kontor_store_object_at_version (call->store, call->arena, row->version, NULL,
                                           &call->failure);
  if (object == NULL)
    return FALSE;
  kontor_reply_object (call, object, NULL);
  call->reply->status = row->status;
  return TRUE;
}

/**
 * kontor_idempotency_replay:
 * @call: a call that claimed its key, with @call->store set
 * @error: says that the key was used with other parameters
 * @replayed: (out): whether the reply is filled in with what the first use earned
 *
 * Returns: whether the call may go on; when not and @error is not set, @call->failure is
 */
gboolean
kontor_idempotency_replay (KontorCall *call, KontorError *error, gboolean *replayed)
{
  KontorIdempotencyRow row;
  gboolean found;

  *replayed = FALSE;
  if (!call->claimed)
    return TRUE;
  if (!kontor_store_idempotency_find (call->store, call->arena, call->idempotency_hash, call->now,
                                      &row, &found, &call->failure))
    return FALSE;
  if (!found)
    return TRUE;
  if (memcmp (row.params, call->params_hash, sizeof row.params) != 0)
    return kontor_error_set (
        error, KONTOR_ERROR_IDEMPOTENCY_MISMATCH, NULL,
        "Keys for idempotent requests can only be used with the same parameters they were first "
        "used with. Try using a key other than '%s' if you meant to execute a different request.",
        call->request->idempotency_key);
  if (!render (call, &row)
      || !kontor_store_request_id (call->store, call->arena, row.request,
                                   &call->reply->original_request, &call->failure))
    return FALSE;
  call->reply->replayed = *replayed = TRUE;
  return TRUE;
}

/* What says nothing about the request itself must not stick to it. */
static gboolean
is_final (const KontorCall *call)
{
  guint status = call->reply->status;

  return status < 500 && status != 401 && status != 409 && status != 429
         && call->refusal != KONTOR_ERROR_IDEMPOTENCY_MISMATCH;
}

/**
 * kontor_idempotency_record:
 * @call: a call that ran in the engine, with its reply
 *
 * Keeps the reply for the key it claimed, if any, together with what the operation wrote.
 */
void
kontor_idempotency_record (KontorCall *call)
{
  const KontorReply *reply = call->reply;
  KontorIdempotencyRow row = {
    .created = call->now,
    .request = call->op.request,
    .status = reply->status,
    .version = call->reply_version,
    .body = reply->body.data,
    .body_length = reply->body.length,
  };

  if (!call->claimed || call->keep_no_reply || !is_final (call))
    return;
  memcpy (row.key, call->idempotency_hash, sizeof row.key);
  memcpy (row.params, call->params_hash, sizeof row.params);
  if (call->seal_reply && call->refusal == KONTOR_ERROR_NONE)
    seal (call, &row);
  kontor_tx_record_idempotency (call->tx, &row);
}
