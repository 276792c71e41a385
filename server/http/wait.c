/* wait.c: calls that wait for something to happen before they are answered.
 *
 * A handler that finds nothing says so and is put aside; its HTTP thread goes on with others. After a
 * commit that may concern it, it is run again by the one thread here, until it finds something or its time is
 * over. It is run once more as soon as it is put aside, so that what was committed between its look and
 * that moment is not missed. */
#include "server/http/wait.h"

#include "server/http/pending.h"

#define MAX_WAITS 1000 /* of all keys at once */

/* Rounds are not begun more often than so that half of a processor is left to others. */
#define LEAST_PAUSE_US 1000
#define MOST_PAUSE_US  50000

struct _KontorWaits
{
  KontorApi  *api;
  GThread    *thread;
  GMutex      lock;
  GCond       wake;
  GPtrArray  *calls;   /* under lock, as all of these: KontorCall, put aside */
  GHashTable *per_key; /* number → how many wait */
  guint       n;       /* altogether */
  guint       news;    /* KontorCommit since the last round */
  gboolean    look;    /* a round is due, whatever the news are */
  gboolean    stopping, ended;
};

/* On the engine's thread. */
static void
watch_cb (gpointer data, KontorCommit what)
{
  KontorWaits *waits = data;

  g_mutex_lock (&waits->lock);
  if (waits->n > 0)
    {
      waits->news |= what;
      g_cond_signal (&waits->wake);
    }
  g_mutex_unlock (&waits->lock);
}

/* People have no key: each of their sessions counts by itself. */
static gpointer
who (const KontorCall *call)
{
  return GSIZE_TO_POINTER (call->person != NULL ? -call->person->session : call->key.number);
}

/* The lock is held. */
static gint64
first_deadline (const KontorWaits *waits)
{
  gint64 first = G_MAXINT64;

  for (guint i = 0; i < waits->calls->len; i++)
    first = MIN (first, ((const KontorCall *) waits->calls->pdata[i])->waiting.until_us);
  return first;
}

static GPtrArray *
take_round (KontorWaits *waits, guint *news)
{
  GPtrArray *round;

  g_mutex_lock (&waits->lock);
  while (!waits->ended && waits->news == 0 && !waits->look)
    {
      gint64 deadline = first_deadline (waits);

      if (deadline == G_MAXINT64)
        g_cond_wait (&waits->wake, &waits->lock);
      else if (!g_cond_wait_until (&waits->wake, &waits->lock, deadline))
        break;
    }
  round = waits->ended ? NULL : g_steal_pointer (&waits->calls);
  if (round != NULL)
    waits->calls = g_ptr_array_new ();
  *news = waits->news;
  waits->news = 0;
  waits->look = FALSE;
  g_mutex_unlock (&waits->lock);
  return round;
}

static void
leave (KontorWaits *waits, gpointer name)
{
  guint left = GPOINTER_TO_UINT (g_hash_table_lookup (waits->per_key, name)) - 1;

  waits->n--;
  if (left > 0)
    g_hash_table_insert (waits->per_key, name, GUINT_TO_POINTER (left));
  else
    g_hash_table_remove (waits->per_key, name);
}

/* Whether @call is to be run again; sets whether that is for the last time. */
static gboolean
is_due (KontorWaits *waits, KontorCall *call, guint news, gint64 now_us)
{
  KontorWaiting *waiting = &call->waiting;
  gboolean was_fresh = waiting->fresh;

  waiting->fresh = FALSE;
  waiting->over = waits->stopping || waiting->until_us <= now_us
                  || g_atomic_int_get (&waiting->gone);
  return waiting->over || was_fresh || (waiting->what & news) != 0;
}

static void
run_one (KontorWaits *waits, KontorCall *call, guint news)
{
  gpointer name = who (call);
  gboolean due, ready;

  g_mutex_lock (&waits->lock);
  due = is_due (waits, call, news, g_get_monotonic_time ());
  g_mutex_unlock (&waits->lock);
  ready = due && kontor_api_again (call);
  g_mutex_lock (&waits->lock);
  if (ready)
    leave (waits, name);
  else
    g_ptr_array_add (waits->calls, call);
  g_mutex_unlock (&waits->lock);
  if (ready)
    call->finished (call);
}

static gpointer
waits_thread (gpointer data)
{
  KontorWaits *waits = data;
  GPtrArray *round;
  guint news;

  while ((round = take_round (waits, &news)) != NULL)
    {
      gint64 began_us = g_get_monotonic_time (), took_us;

      for (guint i = 0; i < round->len; i++)
        run_one (waits, round->pdata[i], news);
      g_ptr_array_unref (round);
      took_us = g_get_monotonic_time () - began_us;
      if (took_us > LEAST_PAUSE_US)
        g_usleep ((gulong) MIN (took_us, MOST_PAUSE_US));
    }
  return NULL;
}

/**
 * kontor_waits_new:
 * @api: whose calls may wait; its engine runs
 *
 * Returns: (transfer full): a place to wait at
 */
KontorWaits *
kontor_waits_new (KontorApi *api)
{
  KontorWaits *waits = g_new0 (KontorWaits, 1);

  waits->api = api;
  g_mutex_init (&waits->lock);
  g_cond_init (&waits->wake);
  waits->calls = g_ptr_array_new ();
  waits->per_key = g_hash_table_new (NULL, NULL);
  waits->thread = g_thread_new ("waits", waits_thread, waits);
  kontor_engine_watch (api->engine, watch_cb, waits);
  return waits;
}

/**
 * kontor_waits_free:
 * @waits: (transfer full): a place at which nobody waits, of an API whose engine has stopped
 */
void
kontor_waits_free (KontorWaits *waits)
{
  g_mutex_lock (&waits->lock);
  waits->ended = TRUE;
  g_cond_signal (&waits->wake);
  g_mutex_unlock (&waits->lock);
  g_thread_join (waits->thread);
  g_ptr_array_unref (waits->calls);
  g_hash_table_unref (waits->per_key);
  g_mutex_clear (&waits->lock);
  g_cond_clear (&waits->wake);
  g_free (waits);
}

/**
 * kontor_waits_stop:
 * @waits: a place to wait at
 *
 * Everybody is answered with what there is: the server stops.
 */
void
kontor_waits_stop (KontorWaits *waits)
{
  g_mutex_lock (&waits->lock);
  waits->stopping = waits->look = TRUE;
  g_cond_signal (&waits->wake);
  g_mutex_unlock (&waits->lock);
}

/**
 * kontor_waits_add:
 * @waits: a place to wait at
 * @call: a call whose handler ended with kontor_call_wait()
 *
 * Its finished() is called when the reply is ready, on another thread; that may be before this returns.
 */
void
kontor_waits_add (KontorWaits *waits, KontorCall *call)
{
  g_mutex_lock (&waits->lock);
  call->waiting.fresh = TRUE;
  g_ptr_array_add (waits->calls, call);
  waits->look = TRUE;
  g_cond_signal (&waits->wake);
  g_mutex_unlock (&waits->lock);
}

/**
 * kontor_call_may_wait:
 * @call: a call with the parameter wait, or without
 *
 * Returns: whether its time is not yet over
 */
gboolean
kontor_call_may_wait (const KontorCall *call)
{
  return !call->waiting.over && kontor_params_int (call->params, "wait", 0) > 0;
}

static gboolean
enter (KontorWaits *waits, gpointer name)
{
  gboolean entered;
  guint n;

  g_mutex_lock (&waits->lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (waits->per_key, name));
  entered = n < KONTOR_MAX_WAITS_PER_KEY && waits->n < MAX_WAITS;
  if (entered)
    {
      g_hash_table_insert (waits->per_key, name, GUINT_TO_POINTER (n + 1));
      waits->n++;
    }
  g_mutex_unlock (&waits->lock);
  return entered;
}

/**
 * kontor_call_wait:
 * @call: a call on a route of #KONTOR_ROUTE_READ that may wait and has found nothing
 * @what: after which commits it is run again
 * @error: says that too many wait already
 *
 * A handler ends with it instead of a reply.
 *
 * Returns: whether it waits
 */
gboolean
kontor_call_wait (KontorCall *call, KontorCommit what, KontorError *error)
{
  KontorWaiting *waiting = &call->waiting;

  if (waiting->until_us == 0)
    {
      if (!enter (call->api->waits, who (call)))
        {
          call->reply->retry_after_s = 1;
          return kontor_error_set (error, KONTOR_ERROR_RATE_LIMIT, "wait",
                                   "Too many requests wait already: at most %d do so with one key.",
                                   KONTOR_MAX_WAITS_PER_KEY);
        }
      /* Who reads the request log in its order need not wait for this one. */
      kontor_pending_leave (call->api->pending, &call->pending);
      waiting->until_us
          = g_get_monotonic_time () + kontor_params_int (call->params, "wait", 0) * G_USEC_PER_SEC;
      waiting->key_generation = g_atomic_int_get (&call->api->key_generation);
    }
  waiting->what = what;
  waiting->goes_on = TRUE;
  return TRUE;
}

/**
 * kontor_call_stop_waiting:
 * @call: a call that is not answered yet
 *
 * When it waits, it is answered soon, so that it does not count any more.
 */
void
kontor_call_stop_waiting (KontorCall *call)
{
  KontorWaits *waits;

  if (call->waiting.until_us == 0 || g_atomic_int_get (&call->waiting.gone))
    return;
  waits = call->api->waits;
  g_atomic_int_set (&call->waiting.gone, TRUE);
  g_mutex_lock (&waits->lock);
  waits->look = TRUE;
  g_cond_signal (&waits->wake);
  g_mutex_unlock (&waits->lock);
}
