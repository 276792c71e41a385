/* push-ask.c: asks the server what became of what it may have done, or had done before it was restored. */
#include "core/replica/push-private.h"

#include <glib/gi18n-lib.h>

#include "core/client/client-error.h"

#define MOST_ASKED 100
#define STALE_S (15 * 60)  /* money is asked for again after so long */
#define AUDIT_S (89 * 86400) /* the server's own ninety days, less one for clocks that differ */

static void told_cb (GObject *source, GAsyncResult *result, gpointer data);

/**
 * kontor_push_is_stale:
 * @queued: an action
 *
 * Returns: whether it is about money and was last confirmed so long ago that the person is to be asked
 */
gboolean
kontor_push_is_stale (const KontorQueued *queued)
{
  gint64 age = g_get_real_time () / G_USEC_PER_SEC - queued->confirmed;

  return queued->class == KONTOR_INTENT_MONEY && ABS (age) > STALE_S;
}

static void
ask_on (KontorPush *push)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/ops");

  for (guint i = 0; i < MIN (push->asked->len, MOST_ASKED); i++)
    kontor_client_call_add (call, "id[]", g_ptr_array_index (push->asked, i));
  push->is_asking = TRUE;
  kontor_client_send_async (push->client, call, push->cancellable, told_cb, g_object_ref (push));
}

/**
 * kontor_push_ask_for:
 * @push: a push
 * @asked: (transfer full) (element-type utf8): operations, at least one
 * @audit: (transfer full) (nullable): the epoch in which they are looked for; %NULL: they may have been done
 */
void
kontor_push_ask_for (KontorPush *push, GPtrArray *asked, char *audit)
{
  g_clear_pointer (&push->asked, g_ptr_array_unref);
  g_free (push->audit);
  push->asked = asked;
  push->audit = audit;
  ask_on (push);
}

static const KontorValue *
find_told (const KontorValue *data, const char *op)
{
  for (const KontorValue *told = data->first; told != NULL; told = told->next)
    if (g_strcmp0 (kontor_push_text (told, "op"), op) == 0)
      return told;
  return NULL;
}

static void
take_unknown (KontorPush *push, const char *op)
{
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (GError) error = NULL;

  if (push->audit != NULL)
    {
      kontor_push_check_noted (push, kontor_outbox_lose (push->outbox, op, &error), error);
      return;
    }
  sent = kontor_outbox_list (push->outbox, KONTOR_QUEUED_BIT (KONTOR_QUEUED_SENT));
  for (guint i = 0; i < sent->len; i++)
    {
      const KontorQueued *queued = g_ptr_array_index (sent, i);

      if (g_str_equal (queued->op, op) && kontor_push_is_stale (queued))
        kontor_outbox_ask (
            push->outbox, op,
            _ ("It was sent, but the server knows nothing of it: is it still wanted?"), NULL);
    }
}

static void
take_told (KontorPush *push, const KontorValue *told)
{
  const char *op = kontor_push_text (told, "op"), *state = kontor_push_text (told, "state");
  const char *status = kontor_push_text (told, "status");
  const KontorValue *answer = kontor_push_member (told, "r");
  g_autoptr (GError) error = NULL;

  if (answer == NULL)
    return;
  /* done once, and after the restore another copy of this queue heard otherwise */
  if (push->audit != NULL && g_strcmp0 (state, "done") != 0)
    kontor_push_check_noted (push, kontor_outbox_lose (push->outbox, op, &error), error);
  else
    kontor_push_take_decision (
        push, op, state, status != NULL ? (guint) g_ascii_strtoull (status, NULL, 10) : 0, answer);
}

/* All that was to be asked has been. */
static void
end_asking (KontorPush *push)
{
  g_autoptr (GError) error = NULL;

  if (push->audit == NULL)
    push->has_asked = TRUE;
  else
    kontor_push_check_noted (
        push, kontor_outbox_set_meta (push->outbox, "epoch", push->audit, &error), error);
  g_clear_pointer (&push->asked, g_ptr_array_unref);
  g_clear_pointer (&push->audit, g_free);
}

static void
told_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorPush) push = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  const KontorValue *list = reply != NULL ? kontor_push_member (reply->json, "data") : NULL;
  guint n;

  if (kontor_push_was_stopped (error) || push->asked == NULL)
    {
      push->is_asking = FALSE;
      return;
    }
  if (list == NULL)
    {
      push->is_asking = FALSE;
      /* begun anew when it is tried again */
      g_clear_pointer (&push->asked, g_ptr_array_unref);
      kontor_push_try_later (
          push, error != NULL ? error->message : _ ("The server's answer makes no sense."),
          refusal != NULL ? refusal->wait_s : 0);
      return;
    }
  /* each note wakes the push: nothing else is asked before this answer has been gone through */
  n = MIN (push->asked->len, MOST_ASKED);
  for (guint i = 0; i < n; i++)
    {
      const char *op = g_ptr_array_index (push->asked, i);
      const KontorValue *told = find_told (list, op);

      if (told != NULL)
        take_told (push, told);
      else
        take_unknown (push, op);
    }
  if (push->timer != 0)
    {
      /* it could not all be written down: it is still to be asked */
      push->is_asking = FALSE;
      g_clear_pointer (&push->asked, g_ptr_array_unref);
      return;
    }
  g_ptr_array_remove_range (push->asked, 0, n);
  push->delay_ms = 0;
  kontor_push_set_problem (push, NULL);
  if (push->asked->len > 0)
    ask_on (push);
  else
    {
      end_asking (push);
      push->is_asking = FALSE;
      kontor_push_work (push);
    }
}

/**
 * kontor_push_begin_asking:
 * @push: a push
 *
 * Nothing is sent before it is known what became of what was sent before.
 *
 * Returns: whether something is to be asked first
 */
gboolean
kontor_push_begin_asking (KontorPush *push)
{
  g_autofree char *was = kontor_outbox_meta (push->outbox, "epoch");
  gboolean is_audit = g_strcmp0 (push->epoch, was) != 0;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) asked = g_ptr_array_new_with_free_func (g_free);

  if (!is_audit && push->has_asked)
    return FALSE;
  rows = is_audit ? kontor_outbox_done_since (push->outbox,
                                              g_get_real_time () / G_USEC_PER_SEC - AUDIT_S)
                  : kontor_outbox_list (push->outbox, KONTOR_QUEUED_BIT (KONTOR_QUEUED_SENT));
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (asked, g_strdup (((const KontorQueued *) g_ptr_array_index (rows, i))->op));
  if (asked->len > 0)
    {
      kontor_push_ask_for (push, g_steal_pointer (&asked),
                           is_audit ? g_strdup (push->epoch) : NULL);
      return TRUE;
    }
  push->asked = g_steal_pointer (&asked);
  push->audit = is_audit ? g_strdup (push->epoch) : NULL;
  end_asking (push);
  return push->timer != 0 || kontor_push_begin_asking (push);
}
