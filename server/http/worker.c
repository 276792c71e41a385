/* worker.c: what each HTTP thread keeps to itself, so that no request waits for a lock. */
#include "server/http/worker.h"

#include <string.h>

static void
forget_keys (KontorWorker *worker)
{
  for (guint i = 0; i < KONTOR_WORKER_KEYS; i++)
    g_clear_pointer (&worker->keys[i].networks, g_ptr_array_unref);
  memset (worker->keys, 0, sizeof worker->keys);
  for (guint i = 0; i < KONTOR_WORKER_SESSIONS; i++)
    worker->sessions[i].used = FALSE;
}

static void
worker_free (gpointer data)
{
  KontorWorker *worker = data;

  forget_keys (worker);
  for (guint i = 0; i < KONTOR_WORKER_SESSIONS; i++)
    {
      g_clear_pointer (&worker->sessions[i].arena, kontor_arena_free);
      g_clear_pointer (&worker->sessions[i].memberships, g_array_unref);
    }
  kontor_store_close (worker->store);
  kontor_wanting_free (worker->wanting);
  for (guint i = 0; i < worker->n_arenas; i++)
    kontor_arena_free (worker->arenas[i]);
  g_free (worker);
}

static GPrivate this_worker = G_PRIVATE_INIT (worker_free);

/**
 * kontor_worker_get:
 * @api: whom the calling thread works for
 *
 * Returns: (transfer none): what the calling thread keeps for @api, until the thread ends
 */
KontorWorker *
kontor_worker_get (KontorApi *api)
{
  KontorWorker *worker = g_private_get (&this_worker);

  if (G_LIKELY (worker != NULL && worker->api == api))
    return worker;
  worker = g_new0 (KontorWorker, 1);
  worker->api = api;
  g_private_replace (&this_worker, worker);
  return worker;
}

/**
 * kontor_worker_leave:
 *
 * The calling thread works for nobody any more.
 */
void
kontor_worker_leave (void)
{
  g_private_replace (&this_worker, NULL);
}

/**
 * kontor_worker_store:
 * @worker: of the calling thread
 * @error: return location for a #GError
 *
 * Returns: (transfer none): its read-only connection, opened when first asked for; %NULL on an error
 */
KontorStore *
kontor_worker_store (KontorWorker *worker, GError **error)
{
  if (G_UNLIKELY (worker->store == NULL))
    worker->store = kontor_store_open (worker->api->data_dir, FALSE, error);
  return worker->store;
}

/**
 * kontor_worker_take_arena:
 * @worker: of the calling thread
 *
 * Returns: (transfer full): an empty arena
 */
KontorArena *
kontor_worker_take_arena (KontorWorker *worker)
{
  return worker->n_arenas > 0 ? worker->arenas[--worker->n_arenas] : kontor_arena_new ();
}

/**
 * kontor_worker_give_arena:
 * @worker: of the calling thread
 * @arena: (transfer full): an arena whose request is over
 */
void
kontor_worker_give_arena (KontorWorker *worker, KontorArena *arena)
{
  if (worker->n_arenas == G_N_ELEMENTS (worker->arenas))
    {
      kontor_arena_free (arena);
      return;
    }
  kontor_arena_reset (arena);
  worker->arenas[worker->n_arenas++] = arena;
}

/**
 * kontor_worker_keep_fresh:
 * @worker: of the calling thread
 *
 * Forgets the keys and sessions it knows when some key or somebody was changed since.
 */
void
kontor_worker_keep_fresh (KontorWorker *worker)
{
  int generation = g_atomic_int_get (&worker->api->key_generation);

  if (worker->generation == generation)
    return;
  forget_keys (worker);
  worker->generation = generation;
}
