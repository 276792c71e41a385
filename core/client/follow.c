/* follow.c: the events of an account as they happen: all of them, once each, in order.
 *
 * The server holds each request until there is something to tell and says where the next one goes on. A
 * request whose answer got lost is asked again from the same place: so nothing is missed, and since the
 * place moves with the answer, nothing comes twice. */
#include "core/client/follow.h"

#include <string.h>

#include "core/client/client-error.h"

#define WAIT_S "50"
#define PATIENCE_S 75         /* for an answer that the server holds back for WAIT_S */
#define FIRST_DELAY_MS 500
#define LONGEST_DELAY_MS 30000

struct _KontorFollow
{
  KontorClient *client;
  char *after;              /* where the next request goes on; %NULL: at the first event there is */
  char **types;
  KontorFollowHandler handler;
  GCancellable *cancellable;
  guint timer;
  guint delay_ms;           /* after the next failure; 0: the last request was answered */
  gboolean begun, paused, asking;
};

static void ask (KontorFollow *follow);

static gboolean
ask_cb (gpointer data)
{
  KontorFollow *follow = data;

  follow->timer = 0;
  ask (follow);
  return G_SOURCE_REMOVE;
}

/* Some of it by chance, so that those who lost the same server do not come back at once together. */
static void
ask_later (KontorFollow *follow, const GError *error)
{
  guint again_ms;

  follow->delay_ms = follow->delay_ms == 0 ? FIRST_DELAY_MS
                                           : MIN (follow->delay_ms * 2, LONGEST_DELAY_MS);
  again_ms = follow->delay_ms / 2 + (guint) g_random_int_range (0, (gint32) follow->delay_ms / 2);
  follow->handler.trouble (error, again_ms, follow->handler.data);
  follow->timer = g_timeout_add (again_ms, ask_cb, follow);
}

static gboolean
is_for_good (const GError *error)
{
  return error->domain == KONTOR_CLIENT_ERROR
         && (error->code == KONTOR_CLIENT_ERROR_REFUSED || error->code == KONTOR_CLIENT_ERROR_KEY
             || error->code == KONTOR_CLIENT_ERROR_MISSING);
}

static void
move_on (KontorFollow *follow, const KontorValue *reply)
{
  const KontorValue *next = kontor_value_get (reply, "next");

  if (next == NULL || next->type != KONTOR_VALUE_STRING)
    return;
  g_free (follow->after);
  follow->after = g_strdup (next->text);
}

static void
take (KontorFollow *follow, const KontorClientReply *reply)
{
  const KontorValue *list = kontor_value_get (reply->json, "data");

  if (follow->delay_ms != 0)
    follow->handler.back (follow->handler.data);
  follow->delay_ms = 0;
  if (!follow->begun)
    follow->handler.begun (follow->handler.data);
  follow->begun = TRUE;
  move_on (follow, reply->json);
  for (const KontorValue *event = list != NULL ? list->first : NULL; event != NULL;
       event = event->next)
    follow->handler.event (event, follow->handler.data);
  ask (follow);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  KontorFollow *follow = data;

  /* Then nobody follows any more, and @follow is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  follow->asking = FALSE;
  if (reply != NULL)
    take (follow, reply);
  else if (is_for_good (error))
    follow->handler.refused (error, follow->handler.data);
  else
    ask_later (follow, error);
}

/* The first request is not held, so that it is known at once from where on it follows. */
static void
ask (KontorFollow *follow)
{
  g_autoptr (KontorClientCall) call = NULL;

  if (follow->asking || follow->paused || follow->timer != 0)
    return;
  call = kontor_client_call_new ("GET", "/v1/kontor/events");
  if (follow->after != NULL)
    kontor_client_call_add (call, "after", follow->after);
  for (guint i = 0; follow->types != NULL && follow->types[i] != NULL; i++)
    kontor_client_call_add (call, "types[]", follow->types[i]);
  kontor_client_call_add (call, "wait", follow->begun ? WAIT_S : "0");
  follow->asking = TRUE;
  kontor_client_send_async (follow->client, call, follow->cancellable, answered_cb, follow);
}

/**
 * kontor_follow_new:
 * @client: how to reach the server; its patience and its retries are set for this alone
 * @after: (nullable): id of an event, or "now"; %NULL: from the first event that there is
 * @types: (nullable): types of event, or groups such as "charge.*"; %NULL: all
 * @handler: told of what happens, from the main loop; copied
 *
 * Returns: (transfer full): something that follows until it is freed
 */
KontorFollow *
kontor_follow_new (KontorClient *client,
                   const char *after,
                   const char *const *types,
                   const KontorFollowHandler *handler)
{
  KontorFollow *follow = g_new0 (KontorFollow, 1);

  follow->client = g_object_ref (client);
  follow->after = g_strdup (after);
  follow->types = g_strdupv ((char **) types);
  follow->handler = *handler;
  follow->cancellable = g_cancellable_new ();
  kontor_client_set_timeout (client, PATIENCE_S);
  kontor_client_set_retries (client, 0);
  ask (follow);
  return follow;
}

/**
 * kontor_follow_pause:
 * @follow: what follows
 * @paused: whether to ask for no more; what is on its way still comes
 */
void
kontor_follow_pause (KontorFollow *follow, gboolean paused)
{
  follow->paused = paused;
  if (!paused)
    ask (follow);
}

/**
 * kontor_follow_free:
 * @follow: (transfer full): what follows; its handler is not called any more
 */
void
kontor_follow_free (KontorFollow *follow)
{
  g_cancellable_cancel (follow->cancellable);
  g_clear_handle_id (&follow->timer, g_source_remove);
  g_object_unref (follow->cancellable);
  g_object_unref (follow->client);
  g_strfreev (follow->types);
  g_free (follow->after);
  g_free (follow);
}
