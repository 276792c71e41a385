/* webhook_endpoint.c: the rules of a URL that events are sent to. */
#include "server/engine/webhook_endpoint.h"

#include <string.h>

#include "core/api-version.h"
#include "core/event-name.h"
#include "core/filter.h"
#include "server/engine/engine.h"
#include "server/engine/event.h"
#include "server/engine/settings.h"
#include "server/engine/webhook-secret.h"
#include "server/engine/webhook-url.h"
#include "server/store/notice.h"
#include "server/store/webhook.h"

/* How many secrets may sign at once: each is a line more in the header of every event. */
#define MAX_SECRETS 6

const KontorEndpointNames kontor_webhook_endpoint_names = { "url", "api_version" };
const KontorEndpointNames kontor_event_destination_names
    = { "webhook_endpoint[url]", "snapshot_api_version" };

/* What people are told when the server itself stops sending. */
static const struct
{
  const char *reason, *sentence;
} reasons[] = {
  { "failing",
    "Events are no longer sent to %s: it has not taken one for days. When it works again,"
    " enable it, and resend what it missed." },
  { "gone",
    "Events are no longer sent to %s: it answered 410 Gone, which says that it wants no more."
    " If that was a mistake, enable it, and resend what it missed." },
};

/**
 * kontor_webhook_endpoint_require:
 * @tx: a unit of work
 * @id: of an endpoint, from the URL
 * @error: gets “No such webhook_endpoint”
 *
 * Returns: (transfer none) (nullable): the endpoint; a deleted one is none any more
 */
KontorWebhookEndpoint *
kontor_webhook_endpoint_require (KontorTx *tx, const char *id, KontorError *error)
{
  KontorWebhookEndpoint *endpoint
      = kontor_tx_require (tx, &kontor_webhook_endpoint_resource, id, NULL, error);

  if (endpoint == NULL || !endpoint->deleted)
    return endpoint;
  kontor_error_missing (error, kontor_webhook_endpoint_resource.object, id, NULL);
  return NULL;
}

/* Stripe's, those of ours, groups of either, and all. */
static gboolean
is_event (const char *pattern)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (int));

  return kontor_event_name_exists (pattern) || kontor_event_match (pattern, numbers) > 0;
}

static gboolean
check_events (const KontorStrings *events, KontorError *error)
{
  if (events == NULL || events->n == 0)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_INVALID_EMPTY, "enabled_events",
                             "You must name at least one type of event, or * for all.");
  for (guint i = 0; i < events->n; i++)
    if (!is_event (events->items[i]))
      {
        g_autofree char *param = g_strdup_printf ("enabled_events[%u]", i);

        return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, param,
                                 "Invalid %s: '%.80s' is no type of event. Name one such as"
                                 " charge.succeeded, a group such as charge.*, or * for all.",
                                 param, events->items[i]);
      }
  return TRUE;
}

static gboolean
check_version (const char *version, const char *param, KontorError *error)
{
  const char *end = version != NULL ? kontor_api_version_end (version) : "";

  return (end != NULL && *end == '\0')
         || kontor_error_set (error, KONTOR_ERROR_VERSION_INVALID, param,
                              "Invalid Stripe API version: %.80s", version);
}

static gboolean
check (KontorTx *tx,
       const KontorWebhookEndpoint *endpoint,
       const KontorEndpointNames *names,
       KontorError *error)
{
  return kontor_webhook_url_check (endpoint->url, kontor_tx_is_live (tx),
                                   tx->settings->webhook_allow, names->url, error)
         && check_events (endpoint->enabled_events, error)
         && check_version (endpoint->api_version, names->version, error);
}

static gboolean
has_room (KontorTx *tx, KontorError *error)
{
  GError *problem = NULL;
  guint n = 0;

  if (!kontor_store_webhook_endpoint_count (tx->store, tx->scope, &n, &problem))
    kontor_tx_fail (tx, problem);
  return n < KONTOR_MAX_WEBHOOK_ENDPOINTS
         || kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                              "You have reached the maximum of %d webhook endpoints.",
                              KONTOR_MAX_WEBHOOK_ENDPOINTS);
}

static const char *
make_secrets (KontorTx *tx, const KontorVault *vault, const KontorWebhookEndpoint *endpoint)
{
  if (g_strcmp0 (endpoint->signature_scheme, "ed25519") == 0)
    kontor_webhook_secret_make (tx, vault, endpoint->head.key, KONTOR_SECRET_ED25519);
  return kontor_webhook_secret_make (tx, vault, endpoint->head.key, KONTOR_SECRET_HMAC);
}

/**
 * kontor_webhook_endpoint_add:
 * @tx: a unit of work
 * @vault: what its secret is sealed in
 * @endpoint: from kontor_tx_new(), filled in
 * @names: of the parameters it was filled in from
 * @error: names the parameter that is wrong
 *
 * Returns: whether it was saved; @endpoint then shows its secret, this once
 */
gboolean
kontor_webhook_endpoint_add (KontorTx *tx,
                             const KontorVault *vault,
                             KontorWebhookEndpoint *endpoint,
                             const KontorEndpointNames *names,
                             KontorError *error)
{
  if (!check (tx, endpoint, names, error) || !has_room (tx, error))
    return FALSE;
  endpoint->updated = tx->now;
  kontor_tx_save (tx, endpoint, NULL);
  endpoint->secret = make_secrets (tx, vault, endpoint);
  return TRUE;
}

/**
 * kontor_webhook_endpoint_save:
 * @tx: a unit of work
 * @endpoint: one that was changed
 * @names: of the parameters it may have been changed by
 * @error: names the parameter that is wrong
 *
 * Returns: whether it was saved
 */
gboolean
kontor_webhook_endpoint_save (KontorTx *tx,
                              KontorWebhookEndpoint *endpoint,
                              const KontorEndpointNames *names,
                              KontorError *error)
{
  if (!check (tx, endpoint, names, error))
    return FALSE;
  endpoint->updated = tx->now;
  kontor_tx_save (tx, endpoint, NULL);
  return TRUE;
}

static gboolean
check_filter (KontorTx *tx, const char *filter, KontorError *error)
{
  KontorQuery query;

  return filter == NULL || kontor_filter_parse (filter, tx->arena, &query, error);
}

/* Seeds are there exactly as long as they sign. */
static void
change_scheme (KontorTx *tx, const KontorVault *vault, const KontorWebhookEndpoint *endpoint)
{
  gint64 key = endpoint->head.key;
  GError *error = NULL;

  if (g_str_equal (endpoint->signature_scheme, "ed25519"))
    kontor_webhook_secret_make (tx, vault, key, KONTOR_SECRET_ED25519);
  else if (!kontor_store_webhook_secrets_expire (tx->store, key, KONTOR_SECRET_ED25519, tx->now,
                                                 &error)
           || !kontor_store_webhook_secrets_forget (tx->store, key, tx->now, &error))
    kontor_tx_fail (tx, error);
  kontor_tx_webhooks_changed (tx);
}

/**
 * kontor_webhook_endpoint_tune:
 * @tx: a unit of work
 * @vault: what its secrets are sealed in
 * @endpoint: an endpoint
 * @params: checked parameters of %KONTOR_IN_ACTION: its limits, filter and scheme of signatures
 * @error: says what is wrong with the filter
 *
 * Returns: whether it was saved
 */
gboolean
kontor_webhook_endpoint_tune (KontorTx *tx,
                              const KontorVault *vault,
                              KontorWebhookEndpoint *endpoint,
                              const KontorValue *params,
                              KontorError *error)
{
  const char *before = endpoint->signature_scheme;

  if (!kontor_params_apply (&kontor_webhook_endpoint_resource.shape, KONTOR_IN_ACTION, params,
                            tx->arena, endpoint))
    return TRUE;
  if (!check_filter (tx, endpoint->filter, error))
    return FALSE;
  if (g_strcmp0 (before, endpoint->signature_scheme) != 0)
    change_scheme (tx, vault, endpoint);
  endpoint->updated = tx->now;
  kontor_tx_save (tx, endpoint, NULL);
  return TRUE;
}

static void
tell_people (KontorTx *tx, const KontorWebhookEndpoint *endpoint, const char *sentence)
{
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", 2);
  KontorNoticeRow row = {
    .scope = tx->scope,
    .created = tx->now,
    .kind = "webhook_endpoint.disabled",
    .object = endpoint->head.id,
    .message = kontor_arena_printf (tx->arena, "%s%s%s", parts[0], endpoint->url, parts[1]),
  };
  GError *error = NULL;

  if (!kontor_store_notice_insert (tx->store, &row, &error))
    kontor_tx_fail (tx, error);
}

/**
 * kontor_webhook_endpoint_disable:
 * @tx: a unit of work in which everything is checked
 * @endpoint: an endpoint
 * @reason: "user", "failing" or "gone"
 *
 * Nothing is sent to it any more, until it is enabled again.
 */
void
kontor_webhook_endpoint_disable (KontorTx *tx, KontorWebhookEndpoint *endpoint, const char *reason)
{
  const char *event = NULL;

  if (endpoint->deleted || g_strcmp0 (endpoint->status, "disabled") == 0)
    return;
  endpoint->status = "disabled";
  endpoint->disabled_reason = reason;
  endpoint->disabled_at = endpoint->updated = tx->now;
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].reason, reason))
      {
        tell_people (tx, endpoint, reasons[i].sentence);
        event = "kontor.webhook_endpoint.disabled";
      }
  kontor_tx_save (tx, endpoint, event);
}

/**
 * kontor_webhook_endpoint_enable:
 * @tx: a unit of work
 * @endpoint: an endpoint, enabled or not
 *
 * What waits for it goes on.
 */
void
kontor_webhook_endpoint_enable (KontorTx *tx, KontorWebhookEndpoint *endpoint)
{
  if (g_strcmp0 (endpoint->status, "enabled") == 0)
    return;
  endpoint->status = "enabled";
  endpoint->disabled_reason = NULL;
  endpoint->disabled_at = KONTOR_NONE;
  endpoint->updated = tx->now;
  kontor_tx_save (tx, endpoint, NULL);
}

static void
drop_secrets (KontorTx *tx, gint64 endpoint)
{
  GError *error = NULL;

  if (!kontor_store_webhook_secrets_expire (tx->store, endpoint, 0, tx->now, &error)
      || !kontor_store_webhook_secrets_forget (tx->store, endpoint, tx->now, &error))
    kontor_tx_fail (tx, error);
}

/**
 * kontor_webhook_endpoint_delete:
 * @tx: a unit of work in which everything is checked
 * @endpoint: one that is not deleted
 *
 * What was sent to it can still be looked at; its secrets are gone.
 */
void
kontor_webhook_endpoint_delete (KontorTx *tx, KontorWebhookEndpoint *endpoint)
{
  endpoint->deleted = TRUE;
  endpoint->status = "disabled";
  endpoint->updated = tx->now;
  drop_secrets (tx, endpoint->head.key);
  kontor_tx_save (tx, endpoint, NULL);
}

/* How many would sign beside the new one. */
static guint
count_old (KontorTx *tx, gint64 endpoint, gint64 old_until)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorWebhookSecretRow));
  GError *error = NULL;

  if (old_until > tx->now
      && !kontor_store_webhook_secrets (tx->store, tx->arena, endpoint, tx->now, rows, &error))
    kontor_tx_fail (tx, error);
  return rows->len;
}

/**
 * kontor_webhook_endpoint_roll:
 * @tx: a unit of work in which all else is checked
 * @vault: what secrets are sealed in
 * @endpoint: an endpoint
 * @old_until: Unix seconds until which those of now sign too
 * @error: says that there are too many
 *
 * Returns: (transfer none) (nullable): the text of the new secret, which is shown this once
 */
const char *
kontor_webhook_endpoint_roll (KontorTx *tx,
                              const KontorVault *vault,
                              KontorWebhookEndpoint *endpoint,
                              gint64 old_until,
                              KontorError *error)
{
  gint64 key = endpoint->head.key;
  GError *problem = NULL;

  if (count_old (tx, key, old_until) >= MAX_SECRETS)
    {
      kontor_error_set (
          error, KONTOR_ERROR_INVALID_REQUEST, "expires_in",
          "%d secrets sign for this endpoint already. Wait until an older one expires,"
          " or end them all with expires_in=0.",
          MAX_SECRETS);
      return NULL;
    }
  if (!kontor_store_webhook_secrets_expire (tx->store, key, 0, old_until, &problem)
      || !kontor_store_webhook_secrets_forget (tx->store, key, tx->now, &problem))
    kontor_tx_fail (tx, problem);
  return make_secrets (tx, vault, endpoint);
}
