/* submit.c: sends what a form asks for, and hears what became of it.
 *
 * What may wait is on disk before anything is said of it; with the server there, its decision is
 * waited for, as long as the person does. What may not wait is asked of the server directly. */
#include "core/console/submit.h"

#include <string.h>

#include "core/console/text.h"

/* What is waited for; the data of the task. */
typedef struct
{
  KontorOutbox *outbox;   /* %NULL: it is asked of the server directly */
  GArray *queued;         /* of gint64: their numbers */
  GCancellable *patience; /* ends with the person's */
  const char *reveal;
  gboolean is_replaced;   /* it stood in the queue before, and stays whatever becomes of it */
} Wait;

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  g_clear_object (&wait->outbox);
  g_clear_object (&wait->patience);
  g_array_unref (wait->queued);
  g_free (wait);
}

/**
 * kontor_submitted_free:
 * @submitted: (transfer full) (nullable): what became of a form
 */
void
kontor_submitted_free (KontorSubmitted *submitted)
{
  if (submitted == NULL)
    return;
  g_free (submitted->problem);
  g_free (submitted->secret);
  g_free (submitted);
}

/* ---------------------------------------------------------------------------------- the queue -- */

static void
finish (GTask *task, KontorSubmitted *submitted)
{
  Wait *wait = g_task_get_task_data (task);

  if (wait->outbox != NULL)
    g_signal_handlers_disconnect_by_data (wait->outbox, task);
  if (wait->patience != NULL)
    g_signal_handlers_disconnect_by_data (wait->patience, task);
  g_task_return_pointer (task, submitted, (GDestroyNotify) kontor_submitted_free);
  g_object_unref (task);
}

/* What was refused is put right in the form, as something new: it need not stand in the queue. */
static void
refuse (GTask *task, const KontorQueued *row)
{
  Wait *wait = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (wait->outbox, task);
  if (wait->patience != NULL)
    g_signal_handlers_disconnect_by_data (wait->patience, task);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", kontor_queued_why (row));
  if (!wait->is_replaced)
    (void) kontor_outbox_discard (wait->outbox, row->n, NULL);
  g_object_unref (task);
}

static void
count (KontorSubmitted *submitted, const KontorQueued *row)
{
  if (row == NULL || row->state == KONTOR_QUEUED_WAITING || row->state == KONTOR_QUEUED_SENT)
    submitted->n_queued++;
  else if (row->state == KONTOR_QUEUED_DONE)
    submitted->n_done++;
  else if (submitted->n_refused++ == 0)
    submitted->problem = g_strdup (kontor_queued_why (row));
}

static KontorSubmitted *
count_all (const Wait *wait)
{
  KontorSubmitted *submitted = g_new0 (KontorSubmitted, 1);

  for (guint i = 0; i < wait->queued->len; i++)
    {
      g_autoptr (KontorQueued) row
          = kontor_outbox_get (wait->outbox, g_array_index (wait->queued, gint64, i));

      count (submitted, row);
    }
  return submitted;
}

static void
decided_cb (KontorOutbox *outbox, GTask *task)
{
  const Wait *wait = g_task_get_task_data (task);
  g_autoptr (KontorSubmitted) submitted = count_all (wait);
  g_autoptr (KontorQueued) only = NULL;

  if (submitted->n_queued > 0)
    return;
  if (wait->queued->len == 1 && submitted->n_refused == 1)
    only = kontor_outbox_get (outbox, g_array_index (wait->queued, gint64, 0));
  if (only != NULL)
    refuse (task, only);
  else
    finish (task, g_steal_pointer (&submitted));
}

static void
impatient_cb (GCancellable *patience, GTask *task)
{
  finish (task, count_all (g_task_get_task_data (task)));
}

/* Its number; 0: it does not stand in the queue. */
static gint64
put (KontorOutbox *outbox, const KontorIntent *intent, GError **error)
{
  if (intent->replaces == 0)
    return kontor_outbox_add (outbox, intent, 0, error);
  return kontor_outbox_edit (outbox, intent->replaces, intent->args, intent->if_v, error)
             ? intent->replaces
             : 0;
}

/* All of them or, where the disk is full, those before: these are wanted and stay. */
static gboolean
add_all (const Wait *wait, GPtrArray *intents, GError **error)
{
  for (guint i = 0; i < intents->len; i++)
    {
      gint64 n = put (wait->outbox, intents->pdata[i], error);

      if (n == 0)
        return FALSE;
      g_array_append_val (wait->queued, n);
    }
  return TRUE;
}

static void
queue (KontorDesk *desk, KontorForm *form, GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  g_autoptr (GPtrArray) intents = kontor_form_intents (form);
  GError *error = NULL;

  if (kontor_desk_outbox (desk) == NULL || intents == NULL || intents->len == 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                               kontor_desk_outbox (desk) != NULL
                                   ? _ ("There is nothing to be done.")
                                   : _ ("The queue of actions cannot be written, so nothing is"
                                        " done."));
      g_object_unref (task);
      return;
    }
  wait->outbox = g_object_ref (kontor_desk_outbox (desk));
  wait->is_replaced = ((const KontorIntent *) intents->pdata[0])->replaces > 0;
  if (!add_all (wait, intents, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (!kontor_desk_is_online (desk))
    finish (task, count_all (wait));
  else
    {
      g_signal_connect (wait->outbox, "changed", G_CALLBACK (decided_cb), task);
      if (wait->patience != NULL)
        g_signal_connect (wait->patience, "cancelled", G_CALLBACK (impatient_cb), task);
    }
}

/* --------------------------------------------------------------------------- the server itself -- */

/* By names with dots between. */
static const KontorValue *
find_secret (const KontorValue *json, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);

  for (guint i = 0; names[i] != NULL && json != NULL; i++)
    json = kontor_value_get (json, names[i]);
  return json;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  const Wait *wait = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  const KontorValue *secret;
  KontorSubmitted *submitted;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           _ ("Not waited for: it may have been done all the same."));
    }
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  submitted = g_new0 (KontorSubmitted, 1);
  submitted->n_done = 1;
  secret = wait->reveal != NULL ? find_secret (reply->json, wait->reveal) : NULL;
  submitted->secret = g_strdup (secret != NULL ? secret->text : NULL);
  kontor_desk_refresh (KONTOR_DESK (g_task_get_source_object (task)), NULL);
  finish (task, submitted);
}

static void
ask (KontorDesk *desk, KontorForm *form, GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  g_autoptr (KontorClientCall) call = kontor_form_call (form);

  if (call == NULL || !kontor_desk_is_online (desk))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                               call == NULL
                                   ? _ ("There is nothing to be done.")
                                   : _ ("This needs the server, which is not reached now."));
      g_object_unref (task);
      return;
    }
  wait->reveal = kontor_form_declaration (form)->reveal;
  kontor_client_send_async (kontor_desk_client (desk), call, wait->patience, sent_cb, task);
}

/**
 * kontor_submit_async:
 * @desk: whose server and queue
 * @form: a form in which nothing is wrong
 * @patience: (nullable): cancelled when the person does not want to wait any more: what is queued
 *   is sent all the same
 * @callback: called when it is decided, or queued without a server
 * @data: for @callback
 */
void
kontor_submit_async (KontorDesk *desk,
                     KontorForm *form,
                     GCancellable *patience,
                     GAsyncReadyCallback callback,
                     gpointer data)
{
  GTask *task = g_task_new (desk, NULL, callback, data);
  Wait *wait = g_new0 (Wait, 1);

  wait->queued = g_array_new (FALSE, FALSE, sizeof (gint64));
  wait->patience = patience != NULL ? g_object_ref (patience) : NULL;
  g_task_set_task_data (task, wait, wait_free);
  if (kontor_form_declaration (form)->class == KONTOR_INTENT_ONLINE)
    ask (desk, form, task);
  else
    queue (desk, form, task);
}

/**
 * kontor_submit_finish:
 * @result: what the callback got
 * @error: return location for a #GError
 *
 * Returns: (transfer full): what became of it; %NULL with an error whose message says why nothing
 * was done
 */
KontorSubmitted *
kontor_submit_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kontor_submitted_text:
 * @submitted: what became of a form
 * @title: of the form, translated
 *
 * Returns: (transfer full): a sentence that tells it
 */
char *
kontor_submitted_text (const KontorSubmitted *submitted, const char *title)
{
  guint n = submitted->n_done + submitted->n_queued + submitted->n_refused;

  if (submitted->n_refused > 0)
    return g_strdup_printf (_ ("%s: %u done, %u refused, as the queue shows: %s"), title,
                            submitted->n_done, submitted->n_refused, submitted->problem);
  if (submitted->n_queued > 1)
    return g_strdup_printf (_ ("%s: %u queued; they are sent when the server answers."), title,
                            submitted->n_queued);
  if (submitted->n_queued > 0)
    return g_strdup_printf (_ ("%s: queued; it is sent when the server answers."), title);
  return n > 1 ? g_strdup_printf (_ ("%s: all %u done."), title, n)
               : g_strdup_printf (_ ("%s: done."), title);
}
