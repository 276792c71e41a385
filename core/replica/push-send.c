/* push-send.c: sends what may be sent, and says of each try what it means.
 *
 * An operation is noted as sent before it leaves, so that nobody takes it back while it may be done. */
#include "core/replica/push-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/client-error.h"

#define FIRST_DELAY_MS 1000
#define LONGEST_DELAY_MS (5 * 60 * 1000)
#define MOST_UNDER_WAY 4

typedef struct
{
  KontorPush *push;
  char *op;
  gboolean was_unsure;
  guint tries;
} Sending;

static void
sending_free (Sending *sending)
{
  g_hash_table_remove (sending->push->under_way, sending->op);
  g_object_unref (sending->push);
  g_free (sending->op);
  g_free (sending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sending, sending_free)

static void
hold (KontorPush *push, const char *op, guint tries)
{
  gint64 *until = g_new (gint64, 1);
  guint longest_ms = (guint) MIN ((guint64) FIRST_DELAY_MS << MIN (tries, 20), LONGEST_DELAY_MS);

  *until = g_get_monotonic_time () + (gint64) kontor_push_by_chance (longest_ms) * 1000;
  g_hash_table_replace (push->held, g_strdup (op), until);
  kontor_push_wake_later (push, longest_ms);
}

/* No decision, and what that means: for this one, and for the others. */
static void
take_trouble (Sending *sending, const GError *error)
{
  KontorPush *push = sending->push;
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  guint status = refusal != NULL ? refusal->status : 0;
  /* only what the server itself refuses was certainly not done by this try */
  gboolean is_ours = refusal != NULL && refusal->type != NULL;
  gboolean not_now = is_ours && (status == 401 || status == 403 || status == 429);
  gboolean never = is_ours
                   && (status == 400 || status == 404 || status == 422
                       || (status == 409 && g_strcmp0 (refusal->code, "op_reused") == 0)
                       || (status == 403 && !sending->was_unsure));
  g_autoptr (GError) problem = NULL;

  if (never)
    {
      kontor_push_check_noted (push,
                               kontor_outbox_decide (push->outbox, sending->op,
                                                     KONTOR_QUEUED_REFUSED, status, 0,
                                                     refusal->body, error->message, &problem),
                               problem);
      return;
    }
  kontor_push_check_noted (push,
                           kontor_outbox_not_sent (push->outbox, sending->op,
                                                   sending->was_unsure || !not_now, error->message,
                                                   &problem),
                           problem);
  if (status >= 500 && status != 503)
    hold (push, sending->op, sending->tries);
  else
    {
      if (status == 0)
        kontor_outbox_set_online (push->outbox, FALSE);
      kontor_push_try_later (push, error->message, refusal != NULL ? refusal->wait_s : 0);
    }
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Sending) sending = data;
  KontorPush *push = sending->push;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  gboolean decided;
  gsize length;

  if (reply != NULL)
    {
      const char *body = g_bytes_get_data (reply->body, &length);

      decided = kontor_push_take_answer (push, sending->op, reply->status, body, length);
      if (!decided)
        g_set_error_literal (&error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_STRANGE,
                             _ ("The server's answer says nothing of what was asked."));
    }
  else
    decided = refusal != NULL && refusal->body != NULL
              && kontor_push_take_answer (push, sending->op, refusal->status, refusal->body,
                                          strlen (refusal->body));
  if (kontor_push_was_stopped (error))
    return;
  if (decided)
    {
      push->delay_ms = 0;
      kontor_push_set_problem (push, NULL);
      kontor_outbox_set_online (push->outbox, TRUE);
    }
  else
    take_trouble (sending, error);
  g_hash_table_remove (push->under_way, sending->op);
  kontor_push_work (push);
}

static char *
body_of (KontorPush *push, const KontorQueued *queued)
{
  KontorBuffer json = { 0 };

  kontor_buffer_literal (&json, "{\"op\":");
  kontor_buffer_string (&json, queued->op);
  kontor_buffer_literal (&json, ",\"client\":");
  kontor_buffer_string (&json, kontor_outbox_client (push->outbox));
  kontor_buffer_printf (&json, ",\"n\":%" G_GINT64_FORMAT ",\"do\":", queued->n);
  kontor_buffer_string (&json, queued->action);
  if (queued->on != NULL)
    {
      kontor_buffer_literal (&json, ",\"on\":");
      kontor_buffer_string (&json, queued->on);
    }
  if (queued->if_v > 0)
    kontor_buffer_printf (&json, ",\"if_v\":%" G_GINT64_FORMAT, queued->if_v);
  kontor_buffer_printf (
      &json, ",\"args\":%s,\"made\":%" G_GINT64_FORMAT ",\"expires\":%" G_GINT64_FORMAT "}",
      queued->args, queued->made, queued->expires);
  kontor_buffer_text (&json);
  return json.data;
}

static void
send_one (KontorPush *push, const KontorQueued *queued)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("POST", "/v1/kontor/ops");
  g_autofree char *body = body_of (push, queued);
  g_autoptr (GError) error = NULL;
  Sending *sending;

  if (!kontor_outbox_sending (push->outbox, queued->op, &error))
    {
      kontor_push_check_noted (push, FALSE, error);
      return;
    }
  sending = g_new0 (Sending, 1);
  sending->push = g_object_ref (push);
  sending->op = g_strdup (queued->op);
  sending->was_unsure = queued->is_unsure;
  sending->tries = queued->tries;
  g_hash_table_add (push->under_way, g_strdup (queued->op));
  kontor_client_call_set_json (call, body);
  kontor_client_send_async (push->client, call, push->cancellable, sent_cb, sending);
}

/* Why a person is to say whether it is still wanted; %NULL: no reason. */
static const char *
reason_to_ask (KontorPush *push, const KontorQueued *queued)
{
  if (queued->class != KONTOR_INTENT_MONEY || queued->is_unsure)
    return NULL;
  if (kontor_push_is_stale (queued))
    return _ ("It has waited for more than 15 minutes: is it still wanted?");
  if (queued->on != NULL && queued->if_v > 0
      && kontor_replica_version (push->replica, queued->on) > queued->if_v)
    return _ ("The object has changed since this was asked for: is it still wanted?");
  return NULL;
}

/* What may have been done long ago is not sent again before it is known that it was not. */
static gboolean
must_look (KontorPush *push, const KontorQueued *queued)
{
  GPtrArray *asked;

  if (!queued->is_unsure || !kontor_push_is_stale (queued))
    return FALSE;
  asked = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (asked, g_strdup (queued->op));
  kontor_push_ask_for (push, asked, NULL);
  return TRUE;
}

static gboolean
is_held (KontorPush *push, const char *op)
{
  const gint64 *until = g_hash_table_lookup (push->held, op);

  return g_hash_table_contains (push->under_way, op)
         || (until != NULL && *until > g_get_monotonic_time ());
}

/**
 * kontor_push_send:
 * @push: a push
 *
 * Sends what may be sent now, some at the same time, of one object one.
 */
void
kontor_push_send (KontorPush *push)
{
  guint passed = g_hash_table_size (push->under_way) + g_hash_table_size (push->held);
  g_autoptr (GPtrArray) ready = kontor_outbox_ready (push->outbox, passed + MOST_UNDER_WAY);

  for (guint i = 0; i < ready->len; i++)
    {
      const KontorQueued *queued = g_ptr_array_index (ready, i);
      const char *reason = reason_to_ask (push, queued);

      if (g_hash_table_size (push->under_way) >= MOST_UNDER_WAY || push->timer != 0)
        return;
      if (is_held (push, queued->op))
        continue;
      if (reason != NULL)
        kontor_outbox_ask (push->outbox, queued->op, reason, NULL);
      else if (must_look (push, queued))
        return;
      else
        send_one (push, queued);
    }
}
