/* aside.c: threads for what takes too long for the engine and for the threads of sockets.
 *
 * Hashing a password takes a tenth of a second and 64 MB by intent. So few are hashed at a time, and what does
 * not fit into a short queue is told to come again. */
#include "server/http/aside.h"

#include "server/http/idempotency.h"
#include "server/http/reply.h"
#include "server/http/worker.h"

#define N_THREADS 2
#define MOST_WAITING 64

struct _KontorAside
{
  KontorApi   *api;
  GAsyncQueue *queue; /* KontorCall; the aside itself tells a thread to end */
  GThread     *threads[N_THREADS];
};

static void
end (KontorCall *call, const KontorError *error)
{
  if (call->failure != NULL || error->info == NULL)
    kontor_reply_failure (call, KONTOR_ERROR_API);
  else
    kontor_reply_error (call, error);
  kontor_idempotency_release (call);
  call->finished (call);
}

static void
work (KontorApi *api, KontorCall *call)
{
  KontorError error;
  gboolean goes_on;

  error.info = NULL;
  call->store = kontor_worker_store (kontor_worker_get (api), &call->failure);
  goes_on = call->store != NULL && call->route->aside (call, &error);
  call->store = NULL;
  if (goes_on)
    kontor_engine_submit (api->engine, &call->op);
  else
    end (call, &error);
}

static gpointer
thread (gpointer data)
{
  KontorAside *aside = data;
  gpointer item;

  while ((item = g_async_queue_pop (aside->queue)) != aside)
    work (aside->api, item);
  kontor_worker_leave ();
  return NULL;
}

/**
 * kontor_aside_new:
 * @api: whose calls they are
 *
 * Returns: (transfer full): threads that wait for work
 */
KontorAside *
kontor_aside_new (KontorApi *api)
{
  KontorAside *aside = g_new0 (KontorAside, 1);

  aside->api = api;
  aside->queue = g_async_queue_new ();
  for (guint i = 0; i < N_THREADS; i++)
    aside->threads[i] = g_thread_new ("aside", thread, aside);
  return aside;
}

/**
 * kontor_aside_free:
 * @aside: (transfer full): threads, whose engine still runs
 */
void
kontor_aside_free (KontorAside *aside)
{
  for (guint i = 0; i < N_THREADS; i++)
    g_async_queue_push (aside->queue, aside);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (aside->threads[i]);
  g_async_queue_unref (aside->queue);
  g_free (aside);
}

/**
 * kontor_aside_push:
 * @aside: the threads
 * @call: a call whose route has something to be done aside
 */
void
kontor_aside_push (KontorAside *aside, KontorCall *call)
{
  KontorError error;

  if (g_async_queue_length (aside->queue) < MOST_WAITING)
    {
      g_async_queue_push (aside->queue, call);
      return;
    }
  call->reply->retry_after_s = 2;
  kontor_error_set (&error, KONTOR_ERROR_RATE_LIMIT, NULL,
                    "Too many people are signing in at this moment. Try again in a moment.");
  end (call, &error);
}
