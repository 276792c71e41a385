/* webhook-settings.c: what Stripe's API does not tell and set of a webhook endpoint: how it fares, how
 * fast it is sent to, what it wants of its events, and with what they are signed. */
#include "server/http/api.h"
#include "server/http/member.h"
#include "server/http/nouns.h"

#include "core/signature.h"
#include "server/engine/webhook-secret.h"
#include "server/engine/webhook_endpoint.h"
#include "server/store/delivery.h"
#include "server/store/webhook-health.h"

#define DAY_S 86400
#define MAX_OVERLAP_S (7 * DAY_S)
#define HINT_LETTERS 4

static void
write_secret (KontorCall *call, const KontorWebhookSecretRow *row, KontorBuffer *out)
{
  KontorWebhookSecret secret;
  gboolean opened = kontor_webhook_secret_open (&call->api->vault, call->arena, row, &secret);
  g_autofree char *key = opened && secret.seed != NULL ? kontor_webhook_public_key (secret.seed)
                                                       : NULL;
  const char *hint = key;

  if (opened && secret.text != NULL)
    hint = kontor_arena_printf (call->arena, KONTOR_WEBHOOK_SECRET "****%s",
                                secret.text + strlen (secret.text) - HINT_LETTERS);
  kontor_buffer_printf (out, "{\"id\":\"whs_%" G_GINT64_FORMAT "\"", row->number);
  kontor_member_time (out, "created", row->created);
  kontor_member_time (out, "expires", row->expires);
  kontor_member_text (out, "hint", hint);
  kontor_member_text (out, "kind", row->kind == KONTOR_SECRET_HMAC ? "hmac" : "ed25519");
  kontor_buffer_char (out, '}');
}

static const char *
public_key (KontorCall *call, const GArray *rows)
{
  KontorWebhookSecret secret;

  for (guint i = 0; i < rows->len; i++)
    if (kontor_webhook_secret_open (&call->api->vault, call->arena,
                                    &g_array_index (rows, KontorWebhookSecretRow, i), &secret)
        && secret.seed != NULL)
      {
        g_autofree char *key = kontor_webhook_public_key (secret.seed);

        return kontor_arena_strdup (call->arena, key);
      }
  return NULL;
}

static gboolean
write_secrets (KontorCall *call, gint64 endpoint, KontorBuffer *out)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorWebhookSecretRow));

  if (!kontor_store_webhook_secrets (call->store, call->arena, endpoint, call->now, rows,
                                     &call->failure))
    return FALSE;
  kontor_member_text (out, "public_key", public_key (call, rows));
  kontor_buffer_literal (out, ",\"secrets\":[");
  for (guint i = 0; i < rows->len; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_secret (call, &g_array_index (rows, KontorWebhookSecretRow, i), out);
    }
  kontor_buffer_char (out, ']');
  return TRUE;
}

static gboolean
write_counters (KontorCall *call, gint64 endpoint, KontorBuffer *out)
{
  KontorWebhookHealthRow health;
  gint64 pending, attempts;

  if (!kontor_store_webhook_health_get (call->store, endpoint, &health, &call->failure)
      || !kontor_store_delivery_count_open (call->store, endpoint, &pending, &call->failure))
    return FALSE;
  attempts = health.succeeded + health.failed;
  kontor_buffer_printf (out, ",\"counters\":{\"succeeded\":%" G_GINT64_FORMAT, health.succeeded);
  kontor_member_int (out, "failed", health.failed);
  kontor_member_int (out, "given_up", health.given_up);
  kontor_member_int (out, "average_duration_ms",
                     attempts > 0 ? health.duration_us / attempts / 1000 : KONTOR_NONE);
  kontor_member_int (out, "in_a_row", health.in_a_row);
  kontor_member_time (out, "failing_since", health.failing_since);
  kontor_member_time (out, "last_success", health.last_success);
  kontor_member_time (out, "last_failure", health.last_failure);
  kontor_member_int (out, "pending", pending);
  kontor_buffer_char (out, '}');
  return TRUE;
}

/* @secret is shown once, when it was rolled. */
static gboolean
answer (KontorCall *call, const KontorWebhookEndpoint *endpoint, const char *secret)
{
  KontorBuffer *out = &call->reply->body;
  gint64 key = endpoint->head.key;

  kontor_buffer_printf (out, "{\"id\":\"%s\",\"object\":\"kontor.webhook_endpoint\"",
                        endpoint->head.id);
  if (!write_counters (call, key, out))
    return FALSE;
  kontor_member_time (out, "disabled_at", endpoint->disabled_at);
  kontor_member_text (out, "disabled_reason", endpoint->disabled_reason);
  kontor_member_text (out, "filter", endpoint->filter);
  kontor_member_bool (out, "livemode", kontor_key_scope (key) & 1);
  kontor_member_int (out, "max_concurrency", endpoint->max_concurrency);
  kontor_member_int (out, "max_per_second", endpoint->max_per_second);
  if (secret != NULL)
    kontor_member_text (out, "secret", secret);
  if (!write_secrets (call, key, out))
    return FALSE;
  kontor_member_text (out, "signature_scheme", endpoint->signature_scheme);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint
      = kontor_call_require (call, &kontor_webhook_endpoint_resource, call->ids[0], error);

  if (endpoint == NULL)
    return FALSE;
  if (endpoint->deleted)
    return kontor_error_missing (error, "webhook_endpoint", call->ids[0], "id");
  return answer (call, endpoint, NULL);
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);

  return endpoint != NULL
         && kontor_webhook_endpoint_tune (call->tx, &call->api->vault, endpoint, call->params,
                                          error)
         && answer (call, endpoint, NULL);
}

static gboolean
roll (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);
  gint64 until = call->now + kontor_params_int (call->params, "expires_in", DAY_S);
  const char *secret;

  if (endpoint == NULL)
    return FALSE;
  secret = kontor_webhook_endpoint_roll (call->tx, &call->api->vault, endpoint, until, error);
  call->seal_reply = TRUE;
  return secret != NULL && answer (call, endpoint, secret);
}

static const KontorField roll_params[] = {
  { .name = "expires_in",
    .type = KONTOR_INT,
    .flags = KONTOR_PARAM_ONLY | KONTOR_IN_ANY,
    .min = 0,
    .max = MAX_OVERLAP_S,
    .doc
    = "For how many seconds the old secret still signs beside the new one; a day when left out." },
  { NULL },
};

#define READ KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ
#define WRITE KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE

const KontorRoute kontor_webhook_settings_routes[] = {
  { "GET", "/v1/kontor/webhook_endpoints/:id", READ, NULL, 0, retrieve, KONTOR_ROUTE_READ, NULL,
    "Shows how a webhook endpoint fares, and what Stripe's API does not tell of it." },
  { "POST", "/v1/kontor/webhook_endpoints/:id", WRITE, &kontor_webhook_endpoint_resource,
    KONTOR_IN_ACTION, update, KONTOR_ROUTE_OTHER, NULL,
    "Sets how fast a webhook endpoint is sent to, what it wants, and how that is signed." },
  { "POST", "/v1/kontor/webhook_endpoints/:id/roll_secret", WRITE, NULL, KONTOR_IN_ACTION2, roll, 0,
    roll_params,
    "Makes a new secret, shown in this reply; the old one signs beside it for a while." },
  { NULL },
};
