/* auth.c: turns an API key into an account, a mode and scopes. Sessions of people: person.c. */
#include "server/http/auth.h"

#include <string.h>

#include "server/http/password.h"
#include "server/http/person.h"

#include "core/network.h"

#define TOUCH_EVERY_S 3600

static const char *
after_scheme (const char *authorization, const char *scheme)
{
  gsize length = strlen (scheme);

  if (g_ascii_strncasecmp (authorization, scheme, length) != 0 || authorization[length] != ' ')
    return NULL;
  return authorization + length + strspn (authorization + length, " ");
}

/**
 * kontor_auth_key_text:
 * @arena: where the text is to live
 * @authorization: (nullable): the header's value
 *
 * Takes "Bearer KEY", and "Basic …" with the key as the user's name.
 *
 * Returns: (nullable): the key's text, or %NULL when the header holds none
 */
const char *
kontor_auth_key_text (KontorArena *arena, const char *authorization)
{
  const char *value;
  char *text;
  gsize length;

  if (authorization == NULL)
    return NULL;
  value = after_scheme (authorization, "Bearer");
  if (value != NULL)
    text = kontor_arena_strdup (arena, value);
  else if ((value = after_scheme (authorization, "Basic")) != NULL)
    {
      text = kontor_arena_strdup (arena, value);
      if (strlen (text) < 2) /* less makes no byte, and GLib will not decode it */
        return NULL;
      g_base64_decode_inplace (text, &length);
      text[length] = '\0';
      text[strcspn (text, ":")] = '\0';
    }
  else
    return NULL;
  g_strchomp (text);
  return *text != '\0' ? text : NULL;
}

/* Long enough to be one of ours and made of nothing but letters, digits and "_". */
static gboolean
looks_like_key (const char *text)
{
  gsize length = strspn (text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");

  return text[length] == '\0' && length >= 40 && length <= 128;
}

static KontorCachedKey *
cache_key (KontorCall *call,
           KontorWorker *worker,
           KontorCachedKey *slot,
           const KontorApiKeyRow *row)
{
  const char *bad;

  g_clear_pointer (&slot->networks, g_ptr_array_unref);
  memcpy (slot->hash, row->hash, sizeof slot->hash);
  slot->used = TRUE;
  slot->key.number = row->number;
  slot->key.scope = row->scope;
  slot->key.type = kontor_key_type_find (row->type);
  slot->expires = row->expires;
  slot->touched = row->last_used;
  slot->bucket = kontor_limits_bucket (call->api->limits, row->number);
  if (!kontor_scopes_parse (row->scopes, &slot->key.scopes, NULL))
    slot->key.scopes = 0;
  /* What cannot be read lets nobody in. */
  if (row->ip_allow != NULL
      && (slot->networks = kontor_networks_parse (row->ip_allow, &bad)) == NULL)
    slot->networks = g_ptr_array_new ();
  return slot;
}

/* %NULL with @call->failure unset: there is no such key. */
static KontorCachedKey *
find_key (KontorCall *call, KontorWorker *worker, const char *text)
{
  KontorCachedKey *slot;
  KontorApiKeyRow row;
  gboolean found = FALSE;
  guint8 hash[32];

  kontor_worker_keep_fresh (worker);
  kontor_key_hash (call->api->hash_key, text, hash);
  slot = &worker->keys[hash[0] % KONTOR_WORKER_KEYS];
  if (slot->used && memcmp (slot->hash, hash, sizeof hash) == 0)
    return slot;
  if (kontor_worker_store (worker, &call->failure) == NULL
      || !kontor_store_api_key_find (worker->store, call->arena, hash, &row, &found, &call->failure)
      || !found)
    return NULL;
  return cache_key (call, worker, slot, &row);
}

static gboolean
comes_from (const KontorCachedKey *key, const char *remote)
{
  g_autoptr (GInetAddress) address = NULL;

  if (key->networks == NULL)
    return TRUE;
  address = remote != NULL ? g_inet_address_new_from_string (remote) : NULL;
  return address != NULL && kontor_networks_allow (key->networks, address);
}

static gboolean
check_route (const KontorCall *call, KontorError *error)
{
  const KontorRoute *route = call->route;
  guint64 needed = route->scope;

  if (route->flags & KONTOR_ROUTE_PERSON)
    return kontor_error_set (error, KONTOR_ERROR_SESSION_REQUIRED, NULL, NULL);
  switch (call->key.type)
    {
    case KONTOR_KEY_PUBLISHABLE:
      if (route->flags & KONTOR_ROUTE_CLIENT)
        return TRUE;
      return kontor_error_set (error, KONTOR_ERROR_SECRET_KEY_REQUIRED, NULL, NULL);
    case KONTOR_KEY_RESTRICTED:
      if (route->flags & KONTOR_ROUTE_ANYBODY)
        return TRUE;
      if (needed != 0 && (call->key.scopes & needed) == needed)
        return TRUE;
      return kontor_error_set (error, KONTOR_ERROR_API_KEY_SCOPE, NULL, NULL);
    default:
      return TRUE;
    }
}

/* A key is good for one mode; who names another has taken the wrong key. */
static gboolean
check_mode (const KontorCall *call, KontorError *error)
{
  const char *mode = call->request->mode, *own = call->scope & 1 ? "live" : "test";

  if (mode == NULL || *mode == '\0' || g_str_equal (mode, own))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_LIVEMODE_MISMATCH, NULL,
                           "Kontor-Mode is %.20s, and the key is one of %s mode.", mode, own);
}

/* An account may be named only by its own keys: there are no connected accounts. */
static gboolean
check_account (KontorCall *call,
               KontorWorker *worker,
               const char *id,
               const char *text,
               KontorError *error)
{
  if (id == NULL || *id == '\0')
    return TRUE;
  if (kontor_worker_store (worker, &call->failure) != NULL)
    {
      const KontorObject *account = kontor_store_object_get (worker->store, call->arena,
                                                             kontor_resources[KONTOR_KIND_ACCOUNT],
                                                             call->scope & ~1u, id, &call->failure);

      if (account != NULL)
        return TRUE;
    }
  return kontor_error_set (error, KONTOR_ERROR_ACCOUNT_INVALID, NULL,
                           "The provided key '%s' does not have access to account '%.64s' (or that "
                           "account does not exist). Application access may have been revoked.",
                           kontor_key_hint (call->arena, text), id);
}

typedef struct
{
  KontorOp op;
  gint64   number, now;
} Touch;

static void
touch_run (KontorOp *op, KontorTx *tx)
{
  const Touch *touch = (const Touch *) op;
  GError *problem = NULL;

  if (!kontor_store_api_key_used (tx->store, touch->number, touch->now, &problem))
    kontor_tx_fail (tx, problem);
}

static void
touch_done (KontorOp *op, gboolean committed)
{
  g_free (op);
}

/* Seldom enough to cost nothing, often enough to tell which keys are still in use. */
static void
touch (KontorApi *api, KontorCachedKey *key, gint64 now)
{
  Touch *work;

  if (now - key->touched < TOUCH_EVERY_S)
    return;
  key->touched = now;
  work = g_new0 (Touch, 1);
  work->op.run = touch_run;
  work->op.done = touch_done;
  work->number = key->key.number;
  work->now = now;
  kontor_engine_submit (api->engine, &work->op);
}

/**
 * kontor_authenticate:
 * @call: a call whose route is known
 * @worker: of the calling thread
 * @error: gets the refusal, in Stripe's words
 *
 * Sets @call->key and @call->scope, counts the request against the key's rate, and checks what the
 * key may do. When the database fails, @call->failure is set.
 *
 * Returns: whether the call may go on
 */
gboolean
kontor_authenticate (KontorCall *call, KontorWorker *worker, KontorError *error)
{
  const char *text = kontor_auth_key_text (call->arena, call->request->authorization);
  KontorCachedKey *key;
  guint wait_s = 0;

  if (text == NULL)
    return kontor_error_set (error, KONTOR_ERROR_API_KEY_MISSING, NULL, NULL);
  if (g_str_has_prefix (text, KONTOR_SESSION_TOKEN))
    return kontor_authenticate_person (call, worker, text, error)
           && check_account (call, worker, call->request->account, text, error);
  key = looks_like_key (text) ? find_key (call, worker, text) : NULL;
  if (key == NULL)
    return kontor_error_set (error, KONTOR_ERROR_API_KEY_INVALID, NULL,
                             "Invalid API Key provided: %s", kontor_key_hint (call->arena, text));
  if (key->expires != 0 && call->now >= key->expires)
    return kontor_error_set (error, KONTOR_ERROR_API_KEY_EXPIRED, NULL,
                             "Expired API Key provided: %s", kontor_key_hint (call->arena, text));
  if (!comes_from (key, call->request->remote))
    return kontor_error_set (error, KONTOR_ERROR_API_KEY_SCOPE, NULL,
                             "The API key provided does not allow requests from your IP address.");
  call->key = key->key;
  call->scope = call->op.scope = key->key.scope;
  if (!kontor_bucket_take (key->bucket, &call->api->rate, call->request->started_us, &wait_s))
    {
      call->reply->retry_after_s = wait_s;
      call->reply->rate_limited = TRUE;
      return kontor_error_set (error, KONTOR_ERROR_RATE_LIMIT, NULL, NULL);
    }
  touch (call->api, key, call->now);
  return check_route (call, error) && check_mode (call, error)
         && check_account (call, worker, call->request->account, text, error)
         && check_account (call, worker, call->request->acting_for, text, error);
}
