/* notify.c: what a person is told of without having looked: the rules, and how much is too much.
 *
 * All rules are about what the world or the server does, not about what is done from this console:
 * whoever does something sees what comes of it. */
#include "core/console/notify.h"

#include <string.h>

#include "core/console/text.h"
#include "core/currency.h"

#define MOST_A_MINUTE 5
#define MINUTE_S 60

struct _KontorNotify
{
  gint64 began;                /* what happened before is no news */
  gint64 told[MOST_A_MINUTE];  /* when it was told, a ring */
  guint n_told;
  gboolean is_summed_up;       /* that there is more was told */
};

typedef struct
{
  const char   *type;    /* what it begins with */
  const char   *setting; /* that switches it off */
  const char   *least;   /* setting of the smallest amount, in whole units; %NULL: any */
  const char   *title;   /* marked for translation */
  KontorUrgency urgency;
} Rule;

static const Rule rules[] = {
  { "payment_intent.payment_failed", "notify-payment", "notify-payment-from", N_ ("Payment failed"),
    KONTOR_URGENCY_NORMAL },
  { "refund.failed", "notify-refund", NULL, N_ ("Refund failed"), KONTOR_URGENCY_HIGH },
  { "charge.dispute.created", "notify-dispute", NULL, N_ ("Payment disputed"),
    KONTOR_URGENCY_HIGH },
  { "webhook_endpoint.", "notify-endpoint", NULL, N_ ("Webhook endpoint"), KONTOR_URGENCY_HIGH },
  { "queue.refused", "notify-queue", NULL, N_ ("Action refused"), KONTOR_URGENCY_HIGH },
  { "queue.conflict", "notify-queue", NULL, N_ ("Action not done: it was changed meanwhile"),
    KONTOR_URGENCY_HIGH },
  { "queue.lost", "notify-queue", NULL, N_ ("Action lost by the server"), KONTOR_URGENCY_HIGH },
  { "queue.expired", "notify-queue", NULL, N_ ("Action came too late"), KONTOR_URGENCY_HIGH },
};

/**
 * kontor_notify_new:
 * @now: Unix seconds: what happened before is no news
 *
 * Returns: (transfer full): what tells of what happens from now on
 */
KontorNotify *
kontor_notify_new (gint64 now)
{
  KontorNotify *notify = g_new0 (KontorNotify, 1);

  notify->began = now;
  return notify;
}

/**
 * kontor_notify_free:
 * @notify: (transfer full): what told
 */
void
kontor_notify_free (KontorNotify *notify)
{
  g_free (notify);
}

/**
 * kontor_notification_free:
 * @notification: (transfer full): what was told
 */
void
kontor_notification_free (KontorNotification *notification)
{
  g_free (notification->title);
  g_free (notification->body);
  g_free (notification->target);
  g_free (notification);
}

static const Rule *
find_rule (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_has_prefix (type, rules[i].type))
      return &rules[i];
  return NULL;
}

static gboolean
is_large (const KontorHappening *happening, gint64 least)
{
  const KontorCurrency *currency
      = happening->currency != NULL ? kontor_currency_find (happening->currency) : NULL;

  for (guint i = currency != NULL ? currency->exponent : 2; i > 0; i--)
    least *= 10;
  return happening->amount >= least;
}

static gboolean
is_wanted (const Rule *rule, const KontorHappening *happening, KontorSettings *settings)
{
  return kontor_settings_is (settings, rule->setting)
         && (rule->least == NULL
             || is_large (happening, kontor_settings_number (settings, rule->least)));
}

static KontorNotification *
notification_new (const char *title, char *body, const char *target, KontorUrgency urgency)
{
  KontorNotification *notification = g_new0 (KontorNotification, 1);

  notification->title = g_strdup (title);
  notification->body = body;
  notification->target = g_strdup (target);
  notification->urgency = urgency;
  return notification;
}

static char *
body_of (const KontorHappening *happening, const KontorFormat *format)
{
  g_autofree char *money
      = happening->currency != NULL
            ? kontor_format_money (format, happening->amount, happening->currency)
            : NULL;
  g_autofree char *text = kontor_format_text (format, happening->text);

  if (money == NULL || *text == '\0')
    return g_strdup (money != NULL ? money : text);
  return g_strdup_printf ("%s · %s", money, text);
}

/* Whether the one that was told MOST_A_MINUTE ago is less than a minute old. */
static gboolean
is_too_much (const KontorNotify *notify, gint64 now)
{
  return notify->n_told >= MOST_A_MINUTE
         && now - notify->told[notify->n_told % MOST_A_MINUTE] < MINUTE_S;
}

/**
 * kontor_notify_tell:
 * @notify: what tells
 * @happening: what happened
 * @settings: (nullable): which rules are wanted
 * @format: how the person reads
 * @now: Unix seconds
 *
 * No more than five a minute; then one that says that there is more.
 *
 * Returns: (transfer full) (nullable): what the person is told of it
 */
KontorNotification *
kontor_notify_tell (KontorNotify *notify,
                    const KontorHappening *happening,
                    KontorSettings *settings,
                    const KontorFormat *format,
                    gint64 now)
{
  const Rule *rule = find_rule (happening->type);

  if (rule == NULL || happening->at < notify->began || !is_wanted (rule, happening, settings))
    return NULL;
  if (is_too_much (notify, now))
    {
      if (notify->is_summed_up)
        return NULL;
      notify->is_summed_up = TRUE;
      return notification_new (_ ("More is happening"), g_strdup (_ ("The overview has it all.")),
                               NULL, KONTOR_URGENCY_NORMAL);
    }
  notify->is_summed_up = FALSE;
  notify->told[notify->n_told++ % MOST_A_MINUTE] = now;
  return notification_new (_ (rule->title), body_of (happening, format), happening->about,
                           rule->urgency);
}
