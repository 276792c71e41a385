/* attempt.c: one event sent to one endpoint: signed, under way, and what came of it. */
#include "server/webhook/sender.h"

#include "core/signature.h"

/* An endpoint that takes longer counts among those that may not answer at all. */
#define SLOW_US G_USEC_PER_SEC
#define PARK_US (60 * G_USEC_PER_SEC)
#define RECENT_US G_USEC_PER_SEC
/* More than three thousand may begin in a second, however long they take. */
#define MAX_FRESH 128
#define FRESH_US (G_USEC_PER_SEC / 25)

/**
 * kontor_target_is_doubtful:
 * @target: an endpoint whose health is known
 *
 * Returns: whether it may not answer: it did not lately, it never did, or it takes its time
 */
gboolean
kontor_target_is_doubtful (const KontorTarget *target)
{
  return target->pace.in_a_row > 0 || target->health.last_success == 0 || target->slow;
}

static void
stale (KontorWebhooks *sender, KontorDelivery *delivery)
{
  if (delivery->fresh)
    g_queue_unlink (&sender->fresh[delivery->doubtful], &delivery->fresh_link);
  delivery->fresh = FALSE;
}

/**
 * kontor_attempt_has_slot:
 * @sender: the sender
 * @target: an endpoint
 *
 * Those that may not answer hold half of the connections at most: so they never delay the others. And of those
 * who answer soon no more are asked at once than keep this thread busy: each more would only make it slower.
 *
 * Returns: whether one more request to it may be under way
 */
gboolean
kontor_attempt_has_slot (KontorWebhooks *sender, KontorTarget *target)
{
  guint max = sender->settings->connections;
  gboolean doubtful = kontor_target_is_doubtful (target);

  return sender->posts.length < max && sender->fresh[doubtful].length < MAX_FRESH
         && (!doubtful || sender->n_doubtful < MAX (1, max / 2));
}

/**
 * kontor_attempt_age:
 * @sender: the sender
 *
 * Counts no longer as fresh what was begun more than a moment ago.
 *
 * Returns: when the next is to be looked at, in monotonic microseconds; %G_MAXINT64: there is none
 */
gint64
kontor_attempt_age (KontorWebhooks *sender)
{
  gint64 now = g_get_monotonic_time (), next = G_MAXINT64;

  for (guint i = 0; i < G_N_ELEMENTS (sender->fresh); i++)
    {
      KontorDelivery *oldest;

      while ((oldest = g_queue_peek_head (&sender->fresh[i])) != NULL
             && kontor_post_began (oldest->post) + FRESH_US <= now)
        stale (sender, oldest);
      if (oldest != NULL)
        next = MIN (next, kontor_post_began (oldest->post) + FRESH_US);
    }
  return next;
}

/* Of an event that many endpoints are tried again with, the bytes are made once. */
static gboolean
render (KontorWebhooks *sender, KontorDelivery *delivery, GError **error)
{
  KontorPayload *payload = delivery->payload;
  guint slot = (guint) (payload->event % KONTOR_SENDER_MAX_RECENT);
  gint64 pending, now = g_get_monotonic_time ();

  if (payload->body != NULL)
    return TRUE;
  if (sender->recent[slot] != NULL && sender->recent[slot]->event == payload->event
      && now - sender->recent_us[slot] < RECENT_US)
    {
      delivery->payload = kontor_payload_ref (sender->recent[slot]);
      kontor_payload_unref (payload);
      return TRUE;
    }
  if (!kontor_store_delivery_pending (sender->reader, payload->event, &pending, error)
      || !kontor_payload_render (payload, sender->reader, pending, error))
    return FALSE;
  kontor_payload_unref (sender->recent[slot]);
  sender->recent[slot] = kontor_payload_ref (payload);
  sender->recent_us[slot] = now;
  return TRUE;
}

static void
sign (const KontorTarget *target,
      const KontorPayload *payload,
      gint64 now,
      GString *stripe,
      GString *standard)
{
  gsize length;
  gconstpointer body = g_bytes_get_data (payload->body, &length);

  for (guint i = 0; i < target->signers->len; i++)
    {
      const KontorSigner *signer = &g_array_index (target->signers, KontorSigner, i);

      if (!signer->is_seed)
        {
          kontor_sign_stripe (stripe, signer->text, now, body, length);
          kontor_sign_standard (standard, signer->text, payload->id, now, body, length);
        }
      else if (target->ed25519)
        kontor_sign_ed25519 (standard, signer->seed, payload->id, now, body, length);
    }
}

static char *
write_headers (KontorWebhooks *sender,
               const KontorTarget *target,
               const KontorPayload *payload,
               gint64 now)
{
  g_autoptr (GString) stripe = g_string_new (NULL), standard = g_string_new (NULL);

  sign (target, payload, now, stripe, standard);
  return g_strdup_printf ("Content-Type: application/json; charset=utf-8\n"
                          "User-Agent: %s\n"
                          "Accept: */*\n"
                          "Stripe-Signature: %s\n"
                          "webhook-id: %s\n"
                          "webhook-timestamp: %" G_GINT64_FORMAT "\n"
                          "webhook-signature: %s\n",
                          sender->user_agent, stripe->str, payload->id, now, standard->str);
}

static void
count (guint64 *figure, guint64 value)
{
  __atomic_store_n (figure, value, __ATOMIC_RELAXED);
}

static void
keep_health (KontorWebhooks *sender, KontorTarget *target, const KontorAnswer *answer)
{
  KontorWebhookHealthRow *health = &target->health;
  gint64 now_us = kontor_sender_now_us (sender), now = now_us / G_USEC_PER_SEC;

  health->duration_us += answer->duration_us;
  target->slow = answer->duration_us > SLOW_US;
  if (answer->outcome == KONTOR_OUTCOME_TAKEN)
    {
      kontor_pace_taken (&target->pace, (guint) target->max_concurrency);
      health->succeeded++;
      health->last_success = now;
      health->in_a_row = health->failing_since = 0;
      return;
    }
  kontor_pace_failed (&target->pace, now_us, g_random_int ());
  health->failed++;
  health->in_a_row++;
  health->last_failure = now;
  if (health->failing_since == 0)
    health->failing_since = now;
}

static void
done_cb (KontorPost *post, KontorAnswer *answer, gpointer data)
{
  KontorDelivery *delivery = data;
  KontorTarget *target = delivery->line->target;
  KontorWebhooks *sender = delivery->sender;
  gboolean taken = answer->outcome == KONTOR_OUTCOME_TAKEN;

  delivery->post = NULL;
  stale (sender, delivery);
  g_queue_unlink (&sender->posts, &delivery->link);
  count (&sender->figures.under_way, sender->posts.length);
  sender->n_doubtful -= delivery->doubtful;
  target->under_way--;
  target->answered_us = g_get_monotonic_time ();
  kontor_sender_wake (sender);
  if (sender->abandoned)
    {
      /* It was cut off by us: the next start of the server sends it again. */
      kontor_answer_free (answer);
      return;
    }
  count (&sender->figures.attempts[answer->outcome], sender->figures.attempts[answer->outcome] + 1);
  keep_health (sender, target, answer);
  kontor_trouble_check (sender, target, answer->outcome);
  kontor_writer_attempt (sender, delivery, answer);
  kontor_dispatch_ended (sender, delivery, taken);
}

static SoupSession *
session_of (KontorWebhooks *sender, const KontorTarget *target)
{
  guint64 mixed = (guint64) target->key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return sender->sessions[mixed >> (64 - KONTOR_SENDER_SESSION_BITS)];
}

/**
 * kontor_attempt_begin:
 * @sender: the sender
 * @delivery: the first of its line
 * @spoilt: (out): whether its event can never be sent
 *
 * Returns: whether it is under way; if not, and it is not spoilt, its endpoint is left alone for a while
 */
gboolean
kontor_attempt_begin (KontorWebhooks *sender, KontorDelivery *delivery, gboolean *spoilt)
{
  KontorTarget *target = delivery->line->target;
  gint64 now_us = kontor_sender_now_us (sender);
  KontorPostSpec spec = { .uri = target->uri, .allow = sender->allow };
  g_autoptr (GError) error = NULL;

  *spoilt = FALSE;
  delivery->created = now_us / G_USEC_PER_SEC;
  if (!kontor_target_load (target, sender->reader, sender->vault, delivery->created, &error)
      || !render (sender, delivery, &error) || target->uri == NULL)
    {
      g_warning ("Nothing can be sent to %s: %s", target->url,
                 error != NULL ? error->message : "it is no URL");
      *spoilt = target->signers != NULL && error != NULL && kontor_handover_is_spoilt (error);
      if (!*spoilt)
        target->pace.probe_us = now_us + PARK_US;
      return FALSE;
    }
  g_free (delivery->headers);
  delivery->headers = write_headers (sender, target, delivery->payload, delivery->created);
  spec.headers = delivery->headers;
  spec.body = delivery->payload->body;
  delivery->sender = sender;
  g_clear_pointer (&delivery->url, g_ref_string_release);
  delivery->url = g_ref_string_acquire (target->url);
  delivery->doubtful = kontor_target_is_doubtful (target);
  sender->n_doubtful += delivery->doubtful;
  target->under_way++;
  kontor_pace_begun (&target->pace, target->max_per_second, now_us);
  g_queue_push_tail_link (&sender->posts, &delivery->link);
  g_queue_push_tail_link (&sender->fresh[delivery->doubtful], &delivery->fresh_link);
  delivery->fresh = TRUE;
  count (&sender->figures.under_way, sender->posts.length);
  delivery->post = kontor_post_send (session_of (sender, target), &spec, done_cb, delivery);
  return TRUE;
}

/**
 * kontor_attempt_expire:
 * @sender: the sender
 *
 * Ends the requests that have lasted too long.
 */
void
kontor_attempt_expire (KontorWebhooks *sender)
{
  gint64 latest = g_get_monotonic_time () - (gint64) sender->settings->timeout_s * G_USEC_PER_SEC;

  for (GList *item = sender->posts.head; item != NULL; item = item->next)
    {
      KontorDelivery *delivery = item->data;

      if (kontor_post_began (delivery->post) > latest)
        break;
      kontor_post_expire (delivery->post);
    }
}

/**
 * kontor_attempt_abandon:
 * @sender: the sender, which stops
 *
 * Cuts off what is under way. Nothing is noted of it, so that it is sent again.
 */
void
kontor_attempt_abandon (KontorWebhooks *sender)
{
  sender->abandoned = TRUE;
  for (GList *item = sender->posts.head; item != NULL; item = item->next)
    kontor_post_expire (((KontorDelivery *) item->data)->post);
}
