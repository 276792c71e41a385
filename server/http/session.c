/* session.c: sessions over HTTP: signing in and out. */
#include "server/http/session.h"

#include <string.h>

#include "server/engine/user.h"
#include "server/http/api.h"
#include "server/http/member.h"
#include "server/http/person.h"
#include "server/http/sign-in.h"
#include "server/http/user.h"

#define MAX_AGENT 200

/* Without the closing brace. */
static void
open_session (KontorCall *call, const KontorSessionRow *row)
{
  KontorBuffer *out = &call->reply->body;
  gboolean current = call->person != NULL && call->person->session == row->number;

  kontor_buffer_printf (out,
                        "{\"id\":\"%s\",\"object\":\"kontor.session\",\"created\":%" G_GINT64_FORMAT
                        ",\"current\":%s,\"expires\":%" G_GINT64_FORMAT
                        ",\"last_used\":%" G_GINT64_FORMAT,
                        kontor_session_id (call->arena, row->number), row->created,
                        current ? "true" : "false", row->expires, row->last_used);
  kontor_member_text (out, "remote", row->remote);
  kontor_member_text (out, "user_agent", row->agent);
}

/**
 * kontor_session_begin:
 * @call: a call in the engine
 * @user: who has proved who they are
 *
 * Returns: whether it was written; if not, @call->failure is set
 */
gboolean
kontor_session_begin (KontorCall *call, const KontorUserRow *user)
{
  const char *agent = call->request->agent;
  KontorSessionRow row = {
    .user = user->key,
    .epoch = user->epoch,
    .created = call->now,
    .last_used = call->now,
    .expires = call->now + call->api->session_s,
    .remote = call->request->remote,
  };
  const char *token
      = kontor_token_make (call->arena, call->api->hash_key, KONTOR_SESSION_TOKEN, row.hash);
  KontorBuffer *out = &call->reply->body;

  if (agent != NULL && g_utf8_validate (agent, -1, NULL))
    row.agent = kontor_arena_strndup (call->arena, agent, MIN (strlen (agent), MAX_AGENT));
  if (row.agent != NULL && !g_utf8_validate (row.agent, -1, NULL))
    row.agent = NULL;
  if (!kontor_store_session_insert (call->store, &row, &call->failure))
    return FALSE;
  kontor_person_become (call, user, row.number);
  call->keep_no_reply = TRUE;
  open_session (call, &row);
  kontor_buffer_literal (out, ",\"accounts\":");
  if (!kontor_user_write_accounts (call, user->key, out))
    return FALSE;
  kontor_member_text (out, "token", token);
  kontor_buffer_literal (out, ",\"user\":");
  kontor_user_write (user, out);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

static gboolean
try_password (KontorCall *call, KontorError *error)
{
  const char *email = kontor_params_string (call->params, "email");
  const char *password = kontor_params_string (call->params, "password");

  return kontor_sign_in_rate (call, error)
         && kontor_sign_in_try (call, kontor_user_email (call->arena, email), password, error);
}

static gboolean
create (KontorCall *call, KontorError *error)
{
  const char *email = kontor_user_email (call->arena, kontor_params_string (call->params, "email"));
  KontorUserRow row;
  gboolean found;

  call->keep_no_reply = TRUE;
  if (!kontor_store_user_by_email (call->store, call->arena, email, &row, &found, &call->failure))
    return FALSE;
  if (found)
    kontor_person_become (call, &row, 0);
  return kontor_sign_in_password (call, email, found ? &row : NULL, KONTOR_ERROR_SIGN_IN_REFUSED,
                                  NULL, error)
         && kontor_sign_in_second (call, &row, error) && kontor_sign_in_forgive (call, email)
         && kontor_session_begin (call, &row);
}

static gboolean
read_own (KontorCall *call, GArray *rows)
{
  return kontor_store_session_list (call->store, call->arena, call->person->user, call->now, rows,
                                    &call->failure);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorSessionRow));
  KontorBuffer *out = &call->reply->body;

  if (!read_own (call, rows))
    return FALSE;
  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < rows->len; i++)
    {
      kontor_buffer_puts (out, i > 0 ? "," : "");
      open_session (call, &g_array_index (rows, KontorSessionRow, i));
      kontor_buffer_char (out, '}');
    }
  kontor_buffer_literal (out, "],\"has_more\":false,\"url\":\"/v1/kontor/sessions\"}\n");
  return TRUE;
}

/* "current" is the one that asks. */
static gboolean
find (KontorCall *call, KontorSessionRow *row, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorSessionRow));
  const char *id = call->ids[0];
  gint64 number = g_str_equal (id, "current") ? call->person->session : kontor_session_number (id);

  if (!read_own (call, rows))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, KontorSessionRow, i).number == number)
      {
        *row = g_array_index (rows, KontorSessionRow, i);
        return TRUE;
      }
  return kontor_error_missing (error, "session", id, "id");
}

static gboolean
answer (KontorCall *call, const KontorSessionRow *row)
{
  open_session (call, row);
  kontor_buffer_literal (&call->reply->body, "}\n");
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorSessionRow row;

  return find (call, &row, error) && answer (call, &row);
}

static gboolean
end (KontorCall *call, KontorError *error)
{
  KontorSessionRow row;

  if (!find (call, &row, error)
      || !kontor_store_session_end (call->store, row.number, call->now, &call->failure))
    return FALSE;
  call->keys_changed = TRUE;
  row.expires = call->now;
  return answer (call, &row);
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const KontorField create_params[] = {
  { "email", KONTOR_STRING, PARAM | KONTOR_REQUIRED, .max = 320, .doc = "Who signs in." },
  { "password", KONTOR_STRING, PARAM | KONTOR_REQUIRED | KONTOR_SECRET, .max = 1024,
    .doc = "Their password." },
  { "totp", KONTOR_STRING, PARAM | KONTOR_SECRET, .max = 20,
    .doc = "The code of their authenticator, if they have set one up." },
  { "recovery_code", KONTOR_STRING, PARAM | KONTOR_SECRET, .max = 40,
    .doc = "In the place of totp: one of the codes for when the authenticator is lost." },
  { NULL },
};

const KontorRoute kontor_session_routes[] = {
  { "POST", "/v1/kontor/sessions", KONTOR_SCOPE_NONE, NULL, KONTOR_IN_CREATE, create,
    KONTOR_ROUTE_OPEN, create_params,
    "Sign in; the session's token is shown in this reply and never again.", try_password },
  { "GET", "/v1/kontor/sessions", KONTOR_SCOPE_NONE, NULL, 0, list,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_PERSON, NULL, "List one's own sessions, the newest first." },
  { "GET", "/v1/kontor/sessions/:id", KONTOR_SCOPE_NONE, NULL, 0, retrieve,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_PERSON, NULL,
    "Retrieve one of one's own sessions; current is the one that asks." },
  { "DELETE", "/v1/kontor/sessions/:id", KONTOR_SCOPE_NONE, NULL, 0, end, KONTOR_ROUTE_PERSON, NULL,
    "Sign out; current is the session that asks." },
  { NULL },
};
