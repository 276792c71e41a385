/* test-world.c: a whole server without sockets, for tests of what is asked and answered. */
#include "server/test-world.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include "server/acquirers/simulator.h"
#include "server/home.h"
#include "server/http/key.h"
#include "server/store/key-file.h"

typedef struct
{
  KontorCall    call; /* first */
  KontorRequest request;
  KontorReply   reply;
  GMutex        lock;
  GCond         done;
  gboolean      is_done;
} Asked;

/**
 * kontor_world_new:
 *
 * Returns: (transfer full): a server over a database of its own, with the machine's time of day
 */
KontorWorld *
kontor_world_new (void)
{
  KontorWorld *world = g_new0 (KontorWorld, 1);
  g_autoptr (GError) error = NULL;

  world->data_dir = g_dir_make_tmp ("kontor-world-XXXXXX", &error);
  world->arenas = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_arena_free);
  world->settings.test_acquirer = kontor_simulator ();
  world->settings.public_url = "http://kontor.test";
  world->settings.n_fees = 1;
  world->settings.payout_delay_days = 2;
  world->settings.authorization_days = 7;
  world->ids = kontor_ids_new (&world->clock, NULL);
  world->engine
      = kontor_engine_new (world->data_dir, &world->clock, world->ids, &world->settings, &error);
  g_assert_no_error (error);
  g_assert_true (kontor_home_prepare (world->data_dir, world->engine, &error));
  world->store = kontor_store_open (world->data_dir, TRUE, &error);
  g_assert_no_error (error);
  world->api.engine = world->engine;
  world->api.clock = &world->clock;
  world->api.ids = world->ids;
  world->api.settings = &world->settings;
  world->api.data_dir = world->data_dir;
  world->api.session_s = 30 * 86400;
  world->api.session_idle_s = 7 * 86400;
  g_assert_true (
      kontor_key_file_load (world->data_dir, KONTOR_HASH_KEY, world->api.hash_key, &error));
  g_assert_true (kontor_vault_open (&world->api.vault, world->data_dir, &error));
  kontor_api_start (&world->api);
  world->key = kontor_world_key (world, 2, KONTOR_KEY_SECRET, NULL, NULL, 0);
  return world;
}

static int
remove_one (const char *path, const struct stat *info, int type, struct FTW *place)
{
  return remove (path);
}

/**
 * kontor_world_free:
 * @world: (transfer full): a world in which nothing is under way
 */
void
kontor_world_free (KontorWorld *world)
{
  kontor_api_settle (&world->api);
  kontor_engine_free (world->engine);
  kontor_api_stop (&world->api);
  kontor_store_close (world->store);
  kontor_ids_free (world->ids);
  g_ptr_array_unref (world->arenas);
  nftw (world->data_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  g_free (world->data_dir);
  g_free (world);
}

/**
 * kontor_world_key:
 * @world: a world
 * @scope: account << 1 | live
 * @type: %KONTOR_KEY_SECRET …
 * @scopes: (nullable): of a restricted key
 * @ip_allow: (nullable): networks it may be used from
 * @expires: Unix seconds; 0: never
 *
 * Returns: (transfer none): the text of a new key
 */
const char *
kontor_world_key (KontorWorld *world,
                  guint        scope,
                  int          type,
                  const char  *scopes,
                  const char  *ip_allow,
                  gint64       expires)
{
  KontorKeySpec spec = { .scope = scope,
                         .type = type,
                         .name = "test",
                         .scopes = scopes,
                         .ip_allow = ip_allow,
                         .created = kontor_clock_now (&world->clock),
                         .expires = expires };
  KontorArena *arena = kontor_arena_new ();
  g_autoptr (GError) error = NULL;
  KontorApiKeyRow row;
  const char *text = kontor_key_make (&spec, world->api.hash_key, arena, &row);

  g_ptr_array_add (world->arenas, arena);
  g_assert_true (kontor_store_api_key_insert (world->store, &row, &error));
  return text;
}

static void
finished_cb (KontorCall *call)
{
  Asked *asked = (Asked *) call;

  g_mutex_lock (&asked->lock);
  asked->is_done = TRUE;
  g_cond_signal (&asked->done);
  g_mutex_unlock (&asked->lock);
}

/**
 * kontor_world_begin:
 * @world: a world
 * @ask: what is sent; lives as long as the call
 * @ready: (out): whether the reply is there already
 *
 * Returns: (transfer none): a call that kontor_world_finish() brings to its end
 */
KontorCall *
kontor_world_begin (KontorWorld *world, const KontorAsk *ask, gboolean *ready)
{
  KontorArena *arena = kontor_arena_new ();
  Asked *asked = kontor_arena_new0 (arena, Asked);
  KontorRequest *request = &asked->request;
  const char *key = ask->key != NULL ? ask->key : world->key;

  g_ptr_array_add (world->arenas, arena);
  request->arena = arena;
  request->method = ask->method;
  request->path = ask->path;
  request->query = ask->query;
  request->body = ask->body;
  request->body_length = ask->body != NULL ? strlen (ask->body) : 0;
  request->content_type = ask->type;
  request->idempotency_key = ask->idempotency_key;
  request->api_version = ask->version;
  request->account = ask->account;
  request->acting_for = ask->acting_for;
  request->mode = ask->mode;
  request->agent = ask->agent;
  request->remote = ask->remote != NULL ? ask->remote : "127.0.0.1";
  request->authorization = *key != '\0' ? kontor_arena_printf (arena, "Bearer %s", key) : NULL;
  request->started_us = g_get_monotonic_time ();
  asked->call.arena = arena;
  asked->call.request = request;
  asked->call.reply = &asked->reply;
  asked->call.finished = finished_cb;
  g_mutex_init (&asked->lock);
  g_cond_init (&asked->done);
  *ready = kontor_api_begin (&world->api, &asked->call);
  return &asked->call;
}

/**
 * kontor_world_finish:
 * @call: what kontor_world_begin() gave, whose reply was not ready
 */
void
kontor_world_finish (KontorCall *call)
{
  Asked *asked = (Asked *) call;

  kontor_api_submit (call);
  g_mutex_lock (&asked->lock);
  while (!asked->is_done)
    g_cond_wait (&asked->done, &asked->lock);
  g_mutex_unlock (&asked->lock);
}

/* The reply outlives the call's buffer: its bytes move into the arena. */
static void
keep_body (KontorCall *call)
{
  KontorBuffer *body = &call->reply->body;
  char *text = kontor_arena_strndup (call->arena, body->length > 0 ? body->data : "", body->length);
  gsize length = body->length;

  kontor_buffer_clear (body);
  body->data = text;
  body->length = length;
}

/**
 * kontor_world_ask:
 * @world: a world
 * @ask: what is sent
 *
 * Returns: (transfer none): what is answered
 */
const KontorReply *
kontor_world_ask (KontorWorld *world, const KontorAsk *ask)
{
  gboolean ready;
  KontorCall *call = kontor_world_begin (world, ask, &ready);

  if (!ready)
    kontor_world_finish (call);
  kontor_api_end (call);
  keep_body (call);
  return call->reply;
}

/**
 * kontor_world_text:
 * @reply: what kontor_world_ask() gave
 *
 * Returns: (transfer none): its body
 */
const char *
kontor_world_text (const KontorReply *reply)
{
  return reply->body.data;
}

/**
 * kontor_world_member:
 * @reply: what kontor_world_ask() gave
 * @name: of a member that holds a string
 *
 * Returns: (transfer full) (nullable): the first value of that name, however deep it stands
 */
char *
kontor_world_member (const KontorReply *reply, const char *name)
{
  g_autofree char *wanted = g_strdup_printf ("\"%s\":\"", name);
  const char *at = strstr (reply->body.data, wanted);

  if (at == NULL)
    return NULL;
  at += strlen (wanted);
  return g_strndup (at, strcspn (at, "\""));
}
