/* figures.c: what the sender counts about itself, as Prometheus reads it. */
#include "server/webhook/sender.h"

static const char *const outcomes[KONTOR_N_OUTCOMES] = {
  [KONTOR_OUTCOME_TAKEN] = "succeeded",
  [KONTOR_OUTCOME_STATUS] = "http_error",
  [KONTOR_OUTCOME_REDIRECT] = "redirect",
  [KONTOR_OUTCOME_GONE] = "gone",
  [KONTOR_OUTCOME_UNKNOWN_HOST] = "unknown_host",
  [KONTOR_OUTCOME_REFUSED_ADDRESS] = "refused_address",
  [KONTOR_OUTCOME_NO_CONNECTION] = "no_connection",
  [KONTOR_OUTCOME_TLS] = "tls_error",
  [KONTOR_OUTCOME_TIMEOUT] = "timeout",
  [KONTOR_OUTCOME_BROKEN] = "broken_answer",
};

static guint64
get (const guint64 *figure)
{
  return __atomic_load_n (figure, __ATOMIC_RELAXED);
}

static void
write_one (const char *name, const char *type, const char *help, guint64 value, KontorBuffer *out)
{
  kontor_buffer_printf (out, "# HELP %s %s\n# TYPE %s %s\n%s %" G_GUINT64_FORMAT "\n", name, help,
                        name, type, name, value);
}

/**
 * kontor_webhooks_write_figures:
 * @webhooks: the sender
 * @out: gets what it did since it started
 *
 * From any thread.
 */
void
kontor_webhooks_write_figures (KontorWebhooks *webhooks, KontorBuffer *out)
{
  const KontorSenderFigures *figures = &webhooks->figures;

  kontor_buffer_literal (out,
                         "# HELP kontor_webhook_attempts_total Requests to webhook endpoints.\n"
                         "# TYPE kontor_webhook_attempts_total counter\n");
  for (guint i = 0; i < KONTOR_N_OUTCOMES; i++)
    kontor_buffer_printf (out,
                          "kontor_webhook_attempts_total{outcome=\"%s\"} %" G_GUINT64_FORMAT "\n",
                          outcomes[i], get (&figures->attempts[i]));
  write_one ("kontor_webhook_given_up_total", "counter", "Deliveries that failed for good.",
             get (&figures->given_up), out);
  write_one ("kontor_webhook_under_way", "gauge", "Requests to webhook endpoints under way.",
             get (&figures->under_way), out);
  write_one ("kontor_webhook_queued", "gauge", "Deliveries that wait in memory.",
             get (&figures->queued), out);
  write_one ("kontor_webhook_lag_seconds", "gauge",
             "How long the delivery has been due that waits longest.", get (&figures->lag_s), out);
}
