/* person.c: turns a session's token into a person, a merchant, a mode and what their role may. */
#include "server/http/person.h"

#include <string.h>

#include "server/engine/user.h"
#include "server/http/role.h"

#define TOUCH_EVERY_S 300
#define ID_PREFIX "ses_"

/* The commands of kontord change rows behind the server's back: what was read is believed so long. */
#define FRESH_US (2 * G_USEC_PER_SEC)

static gboolean
read_session (KontorCall *call,
              KontorWorker *worker,
              KontorCachedSession *slot,
              const guint8 hash[32])
{
  gboolean found;

  slot->used = FALSE;
  if (slot->arena == NULL)
    {
      slot->arena = kontor_arena_new ();
      slot->memberships = g_array_new (FALSE, FALSE, sizeof (KontorMembershipRow));
    }
  kontor_arena_reset (slot->arena);
  g_array_set_size (slot->memberships, 0);
  if (kontor_worker_store (worker, &call->failure) == NULL
      || !kontor_store_session_find (worker->store, slot->arena, hash, &slot->row, &found,
                                     &call->failure)
      || !found
      || !kontor_store_membership_list (worker->store, slot->arena, slot->row.user,
                                        slot->memberships, &call->failure))
    return FALSE;
  slot->used = TRUE;
  slot->read_us = g_get_monotonic_time ();
  slot->touched = slot->row.last_used;
  slot->bucket = kontor_limits_bucket (call->api->limits, G_MININT64 + slot->row.number);
  return TRUE;
}

/* %NULL with @call->failure unset: there is no such session. */
static KontorCachedSession *
find_session (KontorCall *call, KontorWorker *worker, const char *token)
{
  KontorCachedSession *slot;
  guint8 hash[32];

  kontor_worker_keep_fresh (worker);
  kontor_key_hash (call->api->hash_key, token, hash);
  slot = &worker->sessions[hash[0] % KONTOR_WORKER_SESSIONS];
  if (slot->used && memcmp (slot->row.hash, hash, sizeof hash) == 0
      && g_get_monotonic_time () - slot->read_us < FRESH_US)
    return slot;
  return read_session (call, worker, slot, hash) ? slot : NULL;
}

static gboolean
goes_on (const KontorCall *call, const KontorCachedSession *session)
{
  return !session->row.is_over && call->now < session->row.expires
         && call->now < MAX (session->touched, session->row.last_used) + call->api->session_idle_s;
}

typedef struct
{
  KontorOp op;
  gint64   number, now;
} Touch;

static void
touch_run (KontorOp *op, KontorTx *tx)
{
  const Touch *touch = (const Touch *) op;
  GError *problem = NULL;

  if (!kontor_store_session_used (tx->store, touch->number, touch->now, &problem))
    kontor_tx_fail (tx, problem);
}

static void
touch_done (KontorOp *op, gboolean committed)
{
  g_free (op);
}

static void
touch (KontorApi *api, KontorCachedSession *session, gint64 now)
{
  Touch *work;

  if (now - session->touched < TOUCH_EVERY_S)
    return;
  session->touched = now;
  work = g_new0 (Touch, 1);
  work->op.run = touch_run;
  work->op.done = touch_done;
  work->number = session->row.number;
  work->now = now;
  kontor_engine_submit (api->engine, &work->op);
}

/* The slot may be another's before the call is over. */
static KontorPerson *
copy_person (KontorCall *call, const KontorSessionRow *row)
{
  KontorPerson *person = kontor_arena_new0 (call->arena, KontorPerson);

  person->user = row->user;
  person->id = kontor_arena_strdup (call->arena, row->user_id);
  person->email = kontor_arena_strdup (call->arena, row->user_email);
  person->name = kontor_arena_strdup (call->arena, row->user_name);
  person->role = -1;
  person->session = row->number;
  return person;
}

static gboolean
read_mode (const char *mode, gboolean *live, KontorError *error)
{
  *live = g_strcmp0 (mode, "live") == 0;
  if (*live || mode == NULL || *mode == '\0' || g_str_equal (mode, "test"))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                           "Invalid Kontor-Mode: %.20s. It is test or live.", mode);
}

/* Without a header: for the first merchant, in test mode. */
static gboolean
enter_account (KontorCall *call,
               const KontorCachedSession *session,
               KontorPerson *person,
               KontorError *error)
{
  const char *wanted = call->request->acting_for;
  gboolean live;

  if (!read_mode (call->request->mode, &live, error))
    return FALSE;
  for (guint i = 0; i < session->memberships->len; i++)
    {
      const KontorMembershipRow *row
          = &g_array_index (session->memberships, KontorMembershipRow, i);

      if (wanted != NULL && *wanted != '\0' && !g_str_equal (wanted, row->account_id))
        continue;
      person->role = kontor_role_number (row->role);
      call->scope = call->op.scope = row->account << 1 | live;
      call->key = (KontorKey){
        .scope = call->scope,
        .type = KONTOR_KEY_RESTRICTED,
        .scopes = person->role >= 0 ? kontor_roles[person->role].scopes[live] : 0,
      };
      return TRUE;
    }
  if (wanted == NULL && call->route->scope == KONTOR_SCOPE_NONE)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_ACCOUNT_INVALID, NULL,
                           "You do not work for account '%.64s', or there is no such account.",
                           wanted != NULL ? wanted : "");
}

static gboolean
check_role (const KontorCall *call, const KontorPerson *person, KontorError *error)
{
  guint64 needed = call->route->scope;
  gboolean live = call->scope & 1;

  if (call->route->flags & KONTOR_ROUTE_ANYBODY)
    return TRUE;
  if (needed == 0 ? (call->route->flags & KONTOR_ROUTE_PERSON) != 0
                  : (call->key.scopes & needed) == needed)
    return TRUE;
  return kontor_error_set (
      error, KONTOR_ERROR_API_KEY_SCOPE, NULL,
      "Your role here, %s, does not allow this in %s mode. These roles do: %s.",
      person->role >= 0 ? kontor_roles[person->role].name : "none", live ? "live" : "test",
      kontor_roles_that_may (call->arena, live, needed));
}

/**
 * kontor_authenticate_person:
 * @call: a call whose route is known
 * @worker: of the calling thread
 * @token: what was sent where an API key might be
 * @error: gets the refusal
 *
 * Sets @call->person, and @call->key and @call->scope to what their role may with the merchant and in the mode that the
 * headers Kontor-Account and Kontor-Mode name. When the database fails, @call->failure is set.
 *
 * Returns: whether the call may go on
 */
gboolean
kontor_authenticate_person (KontorCall *call,
                            KontorWorker *worker,
                            const char *token,
                            KontorError *error)
{
  KontorCachedSession *session = find_session (call, worker, token);
  KontorPerson *person;
  guint wait_s = 0;

  if (session == NULL || !goes_on (call, session))
    return kontor_error_set (error, KONTOR_ERROR_SESSION_INVALID, NULL, NULL);
  call->person = person = copy_person (call, &session->row);
  if (!kontor_bucket_take (session->bucket, &call->api->rate, call->request->started_us, &wait_s))
    {
      call->reply->retry_after_s = wait_s;
      call->reply->rate_limited = TRUE;
      return kontor_error_set (error, KONTOR_ERROR_RATE_LIMIT, NULL, NULL);
    }
  touch (call->api, session, call->now);
  return enter_account (call, session, person, error) && check_role (call, person, error);
}

/**
 * kontor_person_become:
 * @call: a call that came from nobody known
 * @user: who it turned out to be; their strings outlive the call
 * @session: what they have begun, or 0
 */
void
kontor_person_become (KontorCall *call, const KontorUserRow *user, gint64 session)
{
  KontorPerson *person = kontor_arena_new0 (call->arena, KontorPerson);

  person->user = user->key;
  person->id = user->id;
  person->email = user->email;
  person->name = user->name;
  person->role = -1;
  person->session = session;
  call->person = person;
}

/**
 * kontor_session_id:
 * @arena: where the text is to live
 * @number: of a session
 *
 * Returns: its id
 */
const char *
kontor_session_id (KontorArena *arena, gint64 number)
{
  return kontor_arena_printf (arena, ID_PREFIX "%" G_GINT64_FORMAT, number);
}

/**
 * kontor_session_number:
 * @id: of a session
 *
 * Returns: its number, 0 when it is no such id
 */
gint64
kontor_session_number (const char *id)
{
  return g_str_has_prefix (id, ID_PREFIX) ? g_ascii_strtoll (id + strlen (ID_PREFIX), NULL, 10) : 0;
}
