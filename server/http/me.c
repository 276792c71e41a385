/* me.c: what people see and set of themselves. */
#include "server/http/me.h"

#include <sodium.h>
#include <string.h>

#include "core/totp.h"
#include "server/engine/account.h"
#include "server/engine/user.h"
#include "server/http/api.h"
#include "server/http/person.h"
#include "server/http/role.h"
#include "server/http/session.h"
#include "server/http/sign-in.h"
#include "server/http/user.h"
#include "server/store/recovery.h"

#define N_RECOVERY_CODES 10
#define RECOVERY_BYTES 10 /* 80 bits: sixteen letters */

static gboolean
read_own (KontorCall *call, KontorUserRow *row, KontorError *error)
{
  gboolean found;

  if (!kontor_store_user_by_id (call->store, call->arena, call->person->id, row, &found,
                                &call->failure))
    return FALSE;
  return found || kontor_error_set (error, KONTOR_ERROR_SESSION_INVALID, NULL, NULL);
}

/* A program with a key is shown as one role of its own. */
static gboolean
retrieve_key (KontorCall *call, KontorError *error)
{
  const KontorAccount *account
      = kontor_account_of (call->store, call->arena, call->scope, &call->failure);
  gboolean live = call->scope & 1;
  guint64 scopes[2] = { 0, 0 };
  KontorBuffer *out = &call->reply->body;

  if (account == NULL)
    return FALSE;
  scopes[live] = call->key.type == KONTOR_KEY_RESTRICTED
                     ? call->key.scopes
                     : ~(guint64) (KONTOR_SCOPE_PEOPLE_READ | KONTOR_SCOPE_PEOPLE_WRITE);
  kontor_buffer_printf (
      out,
      "{\"object\":\"kontor.me\",\"accounts\":[{\"account\":\"%s\",\"name\":", account->head.id);
  kontor_buffer_string (out,
                        account->business_profile != NULL && account->business_profile->name != NULL
                            ? account->business_profile->name
                            : "");
  kontor_buffer_literal (out, ",\"role\":null,\"scopes\":");
  kontor_role_write_scopes (scopes, out);
  kontor_buffer_printf (out,
                        "}],\"key\":\"key_%" G_GINT64_FORMAT
                        "\",\"livemode\":%s,\"session\":null,\"user\":null}\n",
                        call->key.number, live ? "true" : "false");
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorBuffer *out = &call->reply->body;
  KontorUserRow row;
  gint64 left;

  if (call->person == NULL)
    return retrieve_key (call, error);
  if (!read_own (call, &row, error)
      || !kontor_store_recovery_left (call->store, row.key, &left, &call->failure))
    return FALSE;
  kontor_buffer_literal (out, "{\"object\":\"kontor.me\",\"accounts\":");
  if (!kontor_user_write_accounts (call, row.key, out))
    return FALSE;
  kontor_buffer_printf (out,
                        ",\"key\":null,\"livemode\":%s,\"recovery_codes_left\":%" G_GINT64_FORMAT
                        ",\"session\":\"%s\",\"user\":",
                        call->scope & 1 ? "true" : "false", left,
                        kontor_session_id (call->arena, call->person->session));
  kontor_user_write (&row, out);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorUserRow row;

  if (!read_own (call, &row, error))
    return FALSE;
  row.name = kontor_params_string (call->params, "name");
  call->keys_changed = TRUE;
  if (!kontor_store_user_update (call->store, &row, &call->failure))
    return FALSE;
  kontor_user_write (&row, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

/* Who sits at somebody else's open session still does not know the password. */
static gboolean
try_password (KontorCall *call, KontorError *error)
{
  return kontor_sign_in_try (call, call->person->email,
                             kontor_params_string (call->params, "password"), error);
}

static gboolean
try_and_hash (KontorCall *call, KontorError *error)
{
  const char *fresh = kontor_params_string (call->params, "new_password");
  KontorPasswordWork *work;

  if (!kontor_password_fits (fresh, call->person->email, "new_password", error)
      || !try_password (call, error))
    return FALSE;
  work = call->aside;
  if (!work->matches)
    return TRUE;
  work->fresh = kontor_password_hash (call->arena, fresh);
  return work->fresh != NULL || kontor_error_set (error, KONTOR_ERROR_BUSY, NULL, NULL);
}

static gboolean
read_proven (KontorCall *call, KontorUserRow *row, KontorError *error)
{
  return read_own (call, row, error)
         && kontor_sign_in_password (call, row->email, row, KONTOR_ERROR_PASSWORD_WRONG, "password",
                                     error);
}

static gboolean
change_password (KontorCall *call, KontorError *error)
{
  const KontorPasswordWork *work = call->aside;
  KontorUserAct act = { .store = call->store, .now = call->now, .failure = &call->failure };
  KontorUserRow row;

  call->keys_changed = call->keep_no_reply = TRUE;
  return read_proven (call, &row, error) && kontor_user_set_password (&act, &row, work->fresh)
         && kontor_session_begin (call, &row);
}

static gboolean
begin_totp (KontorCall *call, KontorError *error)
{
  KontorBuffer *out = &call->reply->body;
  g_autofree char *letters = NULL, *uri = NULL;
  guint8 secret[KONTOR_TOTP_BYTES];
  KontorUserRow row;

  call->keep_no_reply = TRUE;
  if (!read_proven (call, &row, error))
    return FALSE;
  if (row.totp.bytes != NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "An authenticator is set up already. Take it away first.");
  randombytes_buf (secret, sizeof secret);
  row.totp_pending.bytes = kontor_vault_seal (&call->api->vault, call->api->ids, call->arena,
                                              row.key, secret, sizeof secret,
                                              &row.totp_pending.length);
  letters = kontor_base32 (secret, sizeof secret);
  uri = kontor_totp_uri ("Kontor", row.email, secret, sizeof secret);
  sodium_memzero (secret, sizeof secret);
  if (!kontor_store_user_update (call->store, &row, &call->failure))
    return FALSE;
  kontor_buffer_printf (
      out, "{\"object\":\"kontor.totp\",\"enabled\":false,\"secret\":\"%s\",\"uri\":\"%s\"}\n",
      letters, uri);
  return TRUE;
}

static gboolean
make_recovery_codes (KontorCall *call, gint64 user, KontorBuffer *out)
{
  guint8 hashes[N_RECOVERY_CODES][32], chance[RECOVERY_BYTES];

  kontor_buffer_char (out, '[');
  for (guint i = 0; i < N_RECOVERY_CODES; i++)
    {
      g_autofree char *letters = NULL;

      randombytes_buf (chance, sizeof chance);
      letters = kontor_base32 (chance, sizeof chance);
      kontor_recovery_hash (call, user, letters, hashes[i]);
      kontor_buffer_printf (out, "%s\"%.4s-%.4s-%.4s-%.4s\"", i > 0 ? "," : "", letters,
                            letters + 4, letters + 8, letters + 12);
    }
  kontor_buffer_char (out, ']');
  return kontor_store_recovery_replace (call->store, user, (const guint8 (*)[32]) hashes,
                                        N_RECOVERY_CODES, &call->failure);
}

static gboolean
confirm_totp (KontorCall *call, KontorError *error)
{
  const char *code = kontor_params_string (call->params, "code");
  KontorBuffer *out = &call->reply->body;
  const guint8 *secret;
  KontorUserRow row;
  gsize length;
  gint64 step;

  call->keep_no_reply = TRUE;
  if (!read_own (call, &row, error))
    return FALSE;
  if (row.totp_pending.bytes == NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "No authenticator is being set up. Begin with POST "
                             "/v1/kontor/me/totp.");
  secret = kontor_vault_unseal (&call->api->vault, call->arena, row.key, row.totp_pending.bytes,
                                row.totp_pending.length, &length);
  step = secret != NULL ? kontor_totp_check (secret, length, call->now, 0, code) : -1;
  if (step < 0)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "code",
                             "This is not the authenticator's code of now. Check that its clock is "
                             "right.");
  row.totp = row.totp_pending;
  row.totp_pending = (KontorSealed){ NULL, 0 };
  row.totp_step = step;
  if (!kontor_store_user_update (call->store, &row, &call->failure))
    return FALSE;
  kontor_buffer_literal (out, "{\"object\":\"kontor.totp\",\"enabled\":true,\"recovery_codes\":");
  if (!make_recovery_codes (call, row.key, out))
    return FALSE;
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

static gboolean
end_totp (KontorCall *call, KontorError *error)
{
  KontorUserRow row;

  if (!read_proven (call, &row, error))
    return FALSE;
  row.totp = row.totp_pending = (KontorSealed){ NULL, 0 };
  if (!kontor_store_user_update (call->store, &row, &call->failure)
      || !kontor_store_recovery_replace (call->store, row.key, NULL, 0, &call->failure))
    return FALSE;
  kontor_buffer_literal (&call->reply->body, "{\"object\":\"kontor.totp\",\"enabled\":false}\n");
  return TRUE;
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY | KONTOR_REQUIRED
#define PASSWORD                                                                                   \
  {                                                                                                \
    "password", KONTOR_STRING, PARAM | KONTOR_SECRET, .max = 1024,                                 \
                                                      .doc = "One's present password."             \
  }

static const KontorField update_params[] = {
  { "name", KONTOR_STRING, PARAM, .max = 200, .doc = "What people call one." },
  { NULL },
};
static const KontorField proof_params[] = { PASSWORD, { NULL } };
static const KontorField password_params[] = {
  PASSWORD,
  { "new_password", KONTOR_STRING, PARAM | KONTOR_SECRET, .max = 1024,
    .doc = "The new one, of ten characters at least." },
  { NULL },
};
static const KontorField code_params[] = {
  { "code", KONTOR_STRING, PARAM | KONTOR_SECRET, .max = 20,
    .doc = "What the authenticator shows now." },
  { NULL },
};

#define PERSON KONTOR_ROUTE_PERSON

const KontorRoute kontor_me_routes[] = {
  { "GET", "/v1/kontor/me", KONTOR_SCOPE_NONE, NULL, 0, retrieve,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_ANYBODY, NULL,
    "Show who asks, for which merchants they work, and what they may do there." },
  { "POST", "/v1/kontor/me", KONTOR_SCOPE_NONE, NULL, KONTOR_IN_UPDATE, update, PERSON,
    update_params, "Change one's name." },
  { "POST", "/v1/kontor/me/password", KONTOR_SCOPE_NONE, NULL, KONTOR_IN_ACTION, change_password,
    PERSON, password_params,
    "Change one's password; all one's sessions end, and the reply begins a new one.",
    try_and_hash },
  { "POST", "/v1/kontor/me/totp", KONTOR_SCOPE_NONE, NULL, KONTOR_IN_ACTION, begin_totp, PERSON,
    proof_params, "Begin to set up an authenticator; its secret is shown in this reply.",
    try_password },
  { "POST", "/v1/kontor/me/totp/confirm", KONTOR_SCOPE_NONE, NULL, KONTOR_IN_ACTION, confirm_totp,
    PERSON, code_params,
    "Finish it by a first code; recovery codes are shown in this reply and never again." },
  { "DELETE", "/v1/kontor/me/totp", KONTOR_SCOPE_NONE, NULL, KONTOR_IN_ACTION, end_totp, PERSON,
    proof_params, "Take the authenticator away, and the recovery codes.", try_password },
  { NULL },
};
