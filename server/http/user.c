/* user.c: people over HTTP: who works for a merchant, and as what. */
#include "server/http/user.h"

#include <string.h>

#include "server/engine/user.h"
#include "server/http/api.h"
#include "server/http/member.h"
#include "server/http/password.h"
#include "server/http/person.h"
#include "server/http/role.h"
#include "server/http/sign-in.h"

/* Without the closing brace. */
static void
open_user (const KontorUserRow *row, KontorBuffer *out)
{
  kontor_buffer_printf (out,
                        "{\"id\":\"%s\",\"object\":\"kontor.user\",\"created\":%" G_GINT64_FORMAT,
                        row->id, row->created);
  kontor_member_time (out, "disabled", row->disabled);
  kontor_member_text (out, "email", row->email);
  kontor_member_bool (out, "invited", row->password == NULL);
  kontor_member_text (out, "name", row->name);
  if (row->role != NULL)
    kontor_member_text (out, "role", row->role);
  kontor_member_bool (out, "totp", row->totp.bytes != NULL);
}

/**
 * kontor_user_write:
 * @row: somebody
 * @out: gets them as JSON
 */
void
kontor_user_write (const KontorUserRow *row, KontorBuffer *out)
{
  open_user (row, out);
  kontor_buffer_char (out, '}');
}

/**
 * kontor_user_write_accounts:
 * @call: a call
 * @user: whose
 * @out: gets for which merchants they work, as what, and what they may do there
 *
 * Returns: whether the database could be read; if not, @call->failure is set
 */
gboolean
kontor_user_write_accounts (KontorCall *call, gint64 user, KontorBuffer *out)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorMembershipRow));

  if (!kontor_store_membership_list (call->store, call->arena, user, rows, &call->failure))
    return FALSE;
  kontor_buffer_char (out, '[');
  for (guint i = 0; i < rows->len; i++)
    {
      const KontorMembershipRow *row = &g_array_index (rows, KontorMembershipRow, i);
      int role = kontor_role_number (row->role);

      kontor_buffer_printf (out, "%s{\"account\":\"%s\",\"name\":", i > 0 ? "," : "",
                            row->account_id);
      kontor_buffer_string (out, row->account_name != NULL ? row->account_name : "");
      kontor_buffer_printf (out, ",\"role\":\"%s\",\"scopes\":", row->role);
      kontor_role_write_scopes (role >= 0 ? kontor_roles[role].scopes : (guint64[2]){ 0, 0 }, out);
      kontor_buffer_char (out, '}');
    }
  kontor_buffer_char (out, ']');
  return TRUE;
}

static KontorUserAct
act_of (KontorCall *call)
{
  return (KontorUserAct){
    .store = call->store,
    .arena = call->arena,
    .now = call->now,
    .account = call->scope >> 1,
    .acting = call->person->role,
    .actor = call->person->user,
    .failure = &call->failure,
  };
}

static gboolean
answer (KontorCall *call, const KontorUserRow *row)
{
  kontor_user_write (row, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

/* The token is shown this once. */
static gboolean
answer_invited (KontorCall *call, const KontorUserRow *row, const char *token)
{
  KontorBuffer *out = &call->reply->body;

  call->keep_no_reply = TRUE;
  open_user (row, out);
  kontor_buffer_literal (out, ",\"invitation\":");
  if (token == NULL)
    kontor_buffer_literal (out, "null");
  else
    kontor_buffer_printf (out, "{\"token\":\"%s\",\"expires\":%" G_GINT64_FORMAT "}", token,
                          row->token_expires);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

/* Who works for another merchant only is nobody here. */
static gboolean
find (KontorCall *call, const char *id, const char *param, KontorUserRow *row, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorMembershipRow));
  gboolean found;

  if (!kontor_store_user_by_id (call->store, call->arena, id, row, &found, &call->failure)
      || (found
          && !kontor_store_membership_list (call->store, call->arena, row->key, rows,
                                            &call->failure)))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, KontorMembershipRow, i).account == call->scope >> 1)
      {
        row->role = g_array_index (rows, KontorMembershipRow, i).role;
        return TRUE;
      }
  return kontor_error_missing (error, "user", id, param);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  const char *after = kontor_params_string (call->params, "starting_after");
  guint limit = (guint) kontor_params_int (call->params, "limit", 10);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorUserRow));
  KontorBuffer *out = &call->reply->body;
  KontorUserRow last = { 0 };

  if ((after != NULL && !find (call, after, "starting_after", &last, error))
      || !kontor_store_user_list (call->store, call->arena, call->scope >> 1, last.key, limit + 1,
                                  rows, &call->failure))
    return FALSE;
  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < MIN (rows->len, limit); i++)
    {
      kontor_buffer_puts (out, i > 0 ? "," : "");
      kontor_user_write (&g_array_index (rows, KontorUserRow, i), out);
    }
  kontor_buffer_printf (out, "],\"has_more\":%s,\"url\":\"%s\"}\n",
                        rows->len > limit ? "true" : "false", call->request->path);
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorUserRow row;

  return find (call, call->ids[0], "id", &row, error) && answer (call, &row);
}

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorUserAct act = act_of (call);
  const char *email = kontor_user_email (call->arena, kontor_params_string (call->params, "email"));
  const char *name = kontor_params_string (call->params, "name");
  guint8 hash[32];
  const char *token
      = kontor_token_make (call->arena, call->api->hash_key, KONTOR_INVITATION_TOKEN, hash);
  KontorUserRow row;
  gboolean is_new;

  return kontor_user_invite (&act, call->api->ids, email, name != NULL ? name : email,
                             kontor_role_number (kontor_params_string (call->params, "role")), hash,
                             &row, &is_new, error)
         && answer_invited (call, &row, is_new ? token : NULL);
}

static gboolean
set_role (KontorCall *call, int role, KontorError *error)
{
  KontorUserAct act = act_of (call);
  KontorUserRow row;

  call->keys_changed = TRUE;
  return find (call, call->ids[0], "id", &row, error)
         && kontor_user_set_role (&act, &row, role, error) && answer (call, &row);
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  return set_role (call, kontor_role_number (kontor_params_string (call->params, "role")), error);
}

static gboolean
remove_member (KontorCall *call, KontorError *error)
{
  return set_role (call, -1, error);
}

static gboolean
set_disabled (KontorCall *call, gboolean disabled, KontorError *error)
{
  KontorUserAct act = act_of (call);
  KontorUserRow row;

  call->keys_changed = TRUE;
  return find (call, call->ids[0], "id", &row, error)
         && kontor_user_set_disabled (&act, &row, disabled, error) && answer (call, &row);
}

static gboolean
disable (KontorCall *call, KontorError *error)
{
  return set_disabled (call, TRUE, error);
}

static gboolean
enable (KontorCall *call, KontorError *error)
{
  return set_disabled (call, FALSE, error);
}

static gboolean
reset (KontorCall *call, KontorError *error)
{
  KontorUserAct act = act_of (call);
  KontorUserRow row;
  guint8 hash[32];
  const char *token
      = kontor_token_make (call->arena, call->api->hash_key, KONTOR_INVITATION_TOKEN, hash);

  call->keys_changed = TRUE;
  return find (call, call->ids[0], "id", &row, error) && kontor_user_reset (&act, &row, hash, error)
         && answer_invited (call, &row, token);
}

static gboolean
find_invited (KontorCall *call, KontorUserRow *row, KontorError *error)
{
  gboolean found;
  guint8 hash[32];

  kontor_key_hash (call->api->hash_key, kontor_params_string (call->params, "token"), hash);
  if (!kontor_store_user_by_token (call->store, call->arena, hash, row, &found, &call->failure))
    return FALSE;
  if (found && call->now < row->token_expires && row->disabled == 0)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "token",
                           "This invitation is not known, was used, or has expired. Ask for a new "
                           "one.");
}

static gboolean
hash_first_password (KontorCall *call, KontorError *error)
{
  KontorPasswordWork *work = kontor_arena_new0 (call->arena, KontorPasswordWork);
  const char *password = kontor_params_string (call->params, "password");
  KontorUserRow row;

  if (!kontor_sign_in_rate (call, error) || !find_invited (call, &row, error)
      || !kontor_password_fits (password, row.email, "password", error))
    return FALSE;
  work->fresh = kontor_password_hash (call->arena, password);
  call->aside = work;
  return work->fresh != NULL || kontor_error_set (error, KONTOR_ERROR_BUSY, NULL, NULL);
}

static gboolean
set_first_password (KontorCall *call, KontorError *error)
{
  const KontorPasswordWork *work = call->aside;
  KontorUserAct act = { .store = call->store, .now = call->now, .failure = &call->failure };
  KontorUserRow row;

  call->keys_changed = TRUE;
  if (!find_invited (call, &row, error))
    return FALSE;
  kontor_person_become (call, &row, 0);
  return kontor_user_set_password (&act, &row, work->fresh) && answer (call, &row);
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const KontorField create_params[] = {
  { "email", KONTOR_EMAIL, PARAM | KONTOR_REQUIRED, .max = 320, .doc = "Whom to invite." },
  { "name", KONTOR_STRING, PARAM, .max = 200, .doc = "What people call them." },
  { "role", KONTOR_STRING, PARAM | KONTOR_REQUIRED, .values = kontor_role_names,
    .doc = "What they may do for this merchant." },
  { NULL },
};
static const KontorField update_params[] = {
  { "role", KONTOR_STRING, PARAM | KONTOR_REQUIRED, .values = kontor_role_names,
    .doc = "What they may do for this merchant from now on." },
  { NULL },
};
static const KontorField password_params[] = {
  { "token", KONTOR_STRING, PARAM | KONTOR_REQUIRED | KONTOR_SECRET, .max = 128,
    .doc = "Of an invitation or a reset." },
  { "password", KONTOR_STRING, PARAM | KONTOR_REQUIRED | KONTOR_SECRET, .max = 1024,
    .doc = "The new password, of ten characters at least." },
  { NULL },
};

#define READ KONTOR_SCOPE_PEOPLE_READ
#define WRITE KONTOR_SCOPE_PEOPLE_WRITE
#define PERSON KONTOR_ROUTE_PERSON

const KontorRoute kontor_user_routes[] = {
  { "GET", "/v1/kontor/users", READ, NULL, KONTOR_IN_LIST, list, KONTOR_ROUTE_READ | PERSON, NULL,
    "List who works for this merchant, the newest first." },
  { "POST", "/v1/kontor/users", WRITE, NULL, KONTOR_IN_CREATE, create, PERSON, create_params,
    "Invite somebody; the invitation's token is shown in this reply and never again." },
  { "GET", "/v1/kontor/users/:id", READ, NULL, 0, retrieve, KONTOR_ROUTE_READ | PERSON, NULL,
    "Retrieve somebody who works for this merchant." },
  { "POST", "/v1/kontor/users/:id", WRITE, NULL, KONTOR_IN_UPDATE, update, PERSON, update_params,
    "Give somebody another role." },
  { "DELETE", "/v1/kontor/users/:id", WRITE, NULL, 0, remove_member, PERSON, NULL,
    "Let somebody work for this merchant no more." },
  { "POST", "/v1/kontor/users/:id/disable", WRITE, NULL, 0, disable, PERSON, NULL,
    "Let somebody sign in no more, and end their sessions." },
  { "POST", "/v1/kontor/users/:id/enable", WRITE, NULL, 0, enable, PERSON, NULL,
    "Let somebody sign in again." },
  { "POST", "/v1/kontor/users/:id/reset", WRITE, NULL, 0, reset, PERSON, NULL,
    "Take password and second factor from somebody; the token with which a new password is set is "
    "shown in this reply and never again." },
  { "POST", "/v1/kontor/passwords", KONTOR_SCOPE_NONE, NULL, KONTOR_IN_CREATE, set_first_password,
    KONTOR_ROUTE_OPEN, password_params, "Set a password by the token of an invitation or a reset.",
    hash_first_password },
  { NULL },
};
