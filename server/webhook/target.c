/* target.c: the webhook endpoints as the sender knows them: what was set, and how it goes. */
#include "server/webhook/target.h"

#include <libsoup/soup.h>
#include <sodium.h>
#include <string.h>

#include "server/engine/outbox.h"
#include "server/engine/webhook-secret.h"
#include "server/store/webhook.h"

/* Rolled again and again, so many still sign: what is sent has a bound. */
#define MAX_SIGNERS 8

struct _KontorTargets
{
  const KontorWebhookSettings *settings;
  GHashTable *by_key;   /* gint64 * in the target → KontorTarget */
  GHashTable *by_scope; /* guint → GPtrArray; a target never leaves it */
  gint64      version;  /* up to which all is known */
};

static void
forget_settings (KontorTarget *target)
{
  g_clear_pointer (&target->url, g_ref_string_release);
  g_clear_pointer (&target->uri, g_uri_unref);
  g_clear_pointer (&target->filter_arena, kontor_arena_free);
  target->filter = NULL;
}

/**
 * kontor_target_forget_secrets:
 * @target: a target whose secrets may have changed
 */
void
kontor_target_forget_secrets (KontorTarget *target)
{
  if (target->signers != NULL)
    sodium_memzero (target->signers->data, target->signers->len * sizeof (KontorSigner));
  g_clear_pointer (&target->signers, g_array_unref);
}

static void
free_target (gpointer data)
{
  KontorTarget *target = data;

  forget_settings (target);
  kontor_target_forget_secrets (target);
  g_queue_clear (&target->queue);
  g_free (target);
}

/**
 * kontor_targets_new:
 * @settings: the operator's; must outlive the targets
 *
 * Returns: (transfer full): the targets; none is known yet
 */
KontorTargets *
kontor_targets_new (const KontorWebhookSettings *settings)
{
  KontorTargets *targets = g_new0 (KontorTargets, 1);

  targets->settings = settings;
  targets->by_key = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_target);
  targets->by_scope = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  return targets;
}

/**
 * kontor_targets_free:
 * @targets: (transfer full): the targets
 */
void
kontor_targets_free (KontorTargets *targets)
{
  g_hash_table_unref (targets->by_scope);
  g_hash_table_unref (targets->by_key);
  g_free (targets);
}

static KontorTarget *
add_target (KontorTargets *targets, gint64 key)
{
  gpointer scope = GUINT_TO_POINTER (kontor_key_scope (key));
  GPtrArray *neighbours = g_hash_table_lookup (targets->by_scope, scope);
  KontorTarget *target = g_new0 (KontorTarget, 1);

  target->key = key;
  target->next_due = G_MAXINT64;
  g_queue_init (&target->queue);
  if (neighbours == NULL)
    {
      neighbours = g_ptr_array_new ();
      g_hash_table_insert (targets->by_scope, scope, neighbours);
    }
  g_ptr_array_add (neighbours, target);
  g_hash_table_insert (targets->by_key, &target->key, target);
  return target;
}

static void
set_filter (KontorTarget *target, const KontorWebhookEndpoint *endpoint)
{
  KontorError problem = { 0 };

  if (endpoint->filter == NULL)
    return;
  target->filter_arena = kontor_arena_new ();
  target->filter = kontor_arena_new0 (target->filter_arena, KontorQuery);
  if (kontor_filter_parse (endpoint->filter, target->filter_arena, target->filter, &problem))
    return;
  /* It was checked when it was set. Too much is better than an event lost. */
  g_warning ("%s: its filter is not understood, so all events are sent: %s", endpoint->head.id,
             problem.message);
  target->filter = NULL;
}

static gint64
or_else (gint64 value, gint64 standard)
{
  return value != KONTOR_NONE && value > 0 ? value : standard;
}

typedef struct
{
  KontorTargets *targets;
  KontorTargetFunc changed;
  gpointer data;
} Refresh;

static void
set_target_cb (const KontorWebhookEndpoint *endpoint, gpointer data)
{
  Refresh *refresh = data;
  KontorTargets *targets = refresh->targets;
  KontorTarget *target = kontor_targets_find (targets, endpoint->head.key);
  gboolean is_new = target == NULL;

  if (is_new)
    target = add_target (targets, endpoint->head.key);
  forget_settings (target);
  kontor_target_forget_secrets (target);
  target->deleted = endpoint->deleted == 1;
  target->enabled = !target->deleted && g_strcmp0 (endpoint->status, "disabled") != 0;
  if (is_new)
    target->was_enabled = target->enabled;
  target->mask = kontor_webhook_endpoint_mask (endpoint);
  target->ed25519 = g_strcmp0 (endpoint->signature_scheme, "ed25519") == 0;
  target->max_concurrency = or_else (endpoint->max_concurrency, targets->settings->concurrency);
  target->max_per_second = or_else (endpoint->max_per_second, 0);
  target->url = g_ref_string_new (endpoint->url != NULL ? endpoint->url : "");
  target->uri = g_uri_parse (target->url, SOUP_HTTP_URI_FLAGS, NULL);
  set_filter (target, endpoint);
  targets->version = MAX (targets->version, endpoint->head.version);
  refresh->changed (target, refresh->data);
}

/**
 * kontor_targets_refresh:
 * @targets: the targets
 * @store: a connection
 * @changed: called for each that is new or was changed
 * @data: for @changed
 * @error: return location for a #GError
 *
 * Returns: whether all that is committed is known
 */
gboolean
kontor_targets_refresh (KontorTargets *targets,
                        KontorStore *store,
                        KontorTargetFunc changed,
                        gpointer data,
                        GError **error)
{
  Refresh refresh = { targets, changed, data };

  return kontor_store_webhook_endpoints (store, targets->version, set_target_cb, &refresh, error);
}

/**
 * kontor_targets_find:
 * @targets: the targets
 * @key: an endpoint's
 *
 * Returns: (transfer none) (nullable): the target
 */
KontorTarget *
kontor_targets_find (KontorTargets *targets, gint64 key)
{
  return g_hash_table_lookup (targets->by_key, &key);
}

/**
 * kontor_targets_of:
 * @targets: the targets
 * @scope: an account in a mode
 *
 * Returns: (transfer none) (nullable): its targets, also those that want nothing
 */
GPtrArray *
kontor_targets_of (KontorTargets *targets, guint scope)
{
  return g_hash_table_lookup (targets->by_scope, GUINT_TO_POINTER (scope));
}

/**
 * kontor_targets_each:
 * @targets: the targets
 * @each: called for all of them
 * @data: for @each
 */
void
kontor_targets_each (KontorTargets *targets, KontorTargetFunc each, gpointer data)
{
  GHashTableIter iter;
  gpointer target;

  g_hash_table_iter_init (&iter, targets->by_key);
  while (g_hash_table_iter_next (&iter, NULL, &target))
    each (target, data);
}

/**
 * kontor_targets_scopes:
 * @targets: the targets
 * @scopes: gets the scope of each, once
 */
void
kontor_targets_scopes (KontorTargets *targets, GArray *scopes)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, targets->by_scope);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint scope = GPOINTER_TO_UINT (key);

      g_array_append_val (scopes, scope);
    }
}

/**
 * kontor_target_wants:
 * @target: a target
 * @event: an event of its scope
 *
 * Keys rise in the order of commit: what happened before an endpoint was made is not for it.
 *
 * Returns: whether the type is one it is sent; its filter may still say no
 */
gboolean
kontor_target_wants (const KontorTarget *target, const KontorEventRow *event)
{
  return ((target->mask >> event->type) & 1) != 0 && event->key > target->key;
}

/**
 * kontor_target_load_health:
 * @target: a target
 * @store: a connection
 * @error: return location for a #GError
 *
 * Returns: whether it is known how sending to it went so far
 */
gboolean
kontor_target_load_health (KontorTarget *target, KontorStore *store, GError **error)
{
  if (target->knows_health)
    return TRUE;
  if (!kontor_store_webhook_health_get (store, target->key, &target->health, error))
    return FALSE;
  target->health.given_up = 0; /* rows count on */
  target->knows_health = TRUE;
  kontor_pace_init (&target->pace, target->health.in_a_row);
  return TRUE;
}

static KontorSigner
signer_of (const KontorWebhookSecret *secret)
{
  KontorSigner signer = { .is_seed = secret->kind == KONTOR_SECRET_ED25519 };

  if (signer.is_seed)
    memcpy (signer.seed, secret->seed, sizeof signer.seed);
  else if (g_strlcpy (signer.text, secret->text, sizeof signer.text) >= sizeof signer.text)
    g_assert_not_reached ();
  return signer;
}

static gboolean
read_secrets (KontorTarget *target,
              KontorStore *store,
              const KontorVault *vault,
              gint64 now,
              GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (GArray) secrets = g_array_new (FALSE, FALSE, sizeof (KontorWebhookSecret));

  if (!kontor_webhook_secrets (store, arena, vault, target->key, now, secrets, error))
    return FALSE;
  target->signers = g_array_sized_new (FALSE, FALSE, sizeof (KontorSigner), secrets->len);
  target->secrets_until = G_MAXINT64;
  for (guint i = 0; i < secrets->len && i < MAX_SIGNERS; i++)
    {
      const KontorWebhookSecret *secret = &g_array_index (secrets, KontorWebhookSecret, i);
      KontorSigner signer = signer_of (secret);

      g_array_append_val (target->signers, signer);
      if (secret->expires != 0)
        target->secrets_until = MIN (target->secrets_until, secret->expires);
    }
  return TRUE;
}

/**
 * kontor_target_load:
 * @target: a target
 * @store: a connection
 * @vault: what secrets are sealed in
 * @now: Unix seconds
 * @error: return location for a #GError
 *
 * Returns: whether it is known how sending to it went, and what to sign with at @now
 */
gboolean
kontor_target_load (KontorTarget *target,
                    KontorStore *store,
                    const KontorVault *vault,
                    gint64 now,
                    GError **error)
{
  if (!kontor_target_load_health (target, store, error))
    return FALSE;
  if (target->signers != NULL && now < target->secrets_until)
    return TRUE;
  kontor_target_forget_secrets (target);
  return read_secrets (target, store, vault, now, error);
}
