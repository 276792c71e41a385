/* sign-in.c: people sign in to a server, by a password or a key, and end that again.
 *
 * A password is sent once and kept nowhere; what is kept is the session's token. */
#include "core/client/sign-in.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/client-error.h"

#define SESSIONS "/v1/kontor/sessions"
#define CODE_LENGTH 6 /* of an authenticator; recovery codes are longer */

static char *
text_member (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL ? kontor_value_get (object, name) : NULL;

  return value != NULL && value->type == KONTOR_VALUE_STRING ? g_strdup (value->text) : NULL;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING, message);
  return FALSE;
}

static KontorClientCall *
make_call (const KontorSignIn *proof)
{
  KontorClientCall *call = kontor_client_call_new ("POST", SESSIONS);
  gboolean is_totp = proof->code != NULL && strlen (proof->code) == CODE_LENGTH;

  kontor_client_call_add (call, "email", proof->email);
  kontor_client_call_add (call, "password", proof->password);
  if (proof->code != NULL && *proof->code != '\0')
    kontor_client_call_add (call, is_totp ? "totp" : "recovery_code", proof->code);
  return call;
}

/* Of those whom the person works for the one that is wanted, else the first. */
static const KontorValue *
choose_account (const KontorValue *session, const char *wanted)
{
  const KontorValue *accounts = kontor_value_get (session, "accounts");

  for (const KontorValue *one = accounts != NULL ? accounts->first : NULL; one != NULL;
       one = one->next)
    {
      g_autofree char *id = text_member (one, "account");

      if (id != NULL && (wanted == NULL || g_str_equal (id, wanted)))
        return one;
    }
  return NULL;
}

static void
replace (char **member, char *text)
{
  g_free (*member);
  *member = text;
}

static gboolean
take_session (KontorProfile *profile, const KontorValue *session, GError **error)
{
  const KontorValue *expires = kontor_value_get (session, "expires");

  replace (&profile->key, text_member (session, "token"));
  replace (&profile->session, text_member (session, "id"));
  replace (&profile->email, text_member (kontor_value_get (session, "user"), "email"));
  if (!kontor_profile_is_person (profile) || profile->session == NULL || expires == NULL
      || expires->type != KONTOR_VALUE_NUMBER)
    return refuse (error, _ ("What answers there is no Kontor server: it begins no session."));
  profile->expires = g_ascii_strtoll (expires->text, NULL, 10);
  return TRUE;
}

static gboolean
take_account (KontorProfile *profile, const KontorValue *session, GError **error)
{
  const KontorValue *account = choose_account (session, profile->account);

  if (account == NULL)
    {
      (void) kontor_sign_out (profile, NULL);
      g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                   profile->account != NULL ? _ ("%s does not work for the account %s.")
                                            : _ ("%s works for no account of this server."),
                   profile->email, profile->account);
      return FALSE;
    }
  replace (&profile->account, text_member (account, "account"));
  replace (&profile->account_name, text_member (account, "name"));
  replace (&profile->role, text_member (account, "role"));
  return TRUE;
}

/**
 * kontor_sign_in:
 * @profile: gets the session; says the server, the mode and, if one is wanted, the account
 * @proof: who wants in
 * @error: return location for a #KontorClientError; see kontor_sign_in_needs_code()
 *
 * Waits for the answer. It is asked for once, as each failure counts there.
 *
 * Returns: whether a session began
 */
gboolean
kontor_sign_in (KontorProfile *profile, const KontorSignIn *proof, GError **error)
{
  g_autoptr (KontorClient) client = kontor_client_new (profile->url, NULL);
  g_autoptr (KontorClientCall) call = make_call (proof);
  g_autoptr (KontorClientReply) reply = NULL;

  kontor_client_set_retries (client, 0);
  reply = kontor_client_send (client, call, NULL, error);
  return reply != NULL && take_session (profile, reply->json, error)
         && take_account (profile, reply->json, error);
}

/**
 * kontor_sign_in_needs_code:
 * @error: what kontor_sign_in() said
 *
 * Returns: whether the password was right and only the authenticator's code is missing
 */
gboolean
kontor_sign_in_needs_code (const GError *error)
{
  const KontorRefusal *refusal = kontor_client_error_refusal (error);

  return refusal != NULL && g_strcmp0 (refusal->code, "totp_required") == 0;
}

/**
 * kontor_sign_in_by_key:
 * @profile: says the key; gets its mode and account
 * @client: of that server and key
 * @error: return location for a #KontorClientError
 *
 * Asks the server whose key it is, and waits for the answer.
 *
 * Returns: whether the key is good there
 */
gboolean
kontor_sign_in_by_key (KontorProfile *profile, KontorClient *client, GError **error)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/account");
  g_autoptr (KontorClientReply) reply = NULL;
  const KontorValue *settings;

  if (!kontor_profile_key_check (profile->key, &profile->livemode, error))
    return FALSE;
  reply = kontor_client_send (client, call, NULL, error);
  if (reply == NULL)
    return FALSE;
  replace (&profile->account, text_member (reply->json, "id"));
  if (profile->account == NULL)
    return refuse (error, _ ("What answers there is no Kontor server: it shows no account."));
  settings = kontor_value_get (reply->json, "settings");
  settings = settings != NULL ? kontor_value_get (settings, "dashboard") : NULL;
  replace (&profile->account_name, text_member (settings, "display_name"));
  return TRUE;
}

/**
 * kontor_sign_out:
 * @profile: of who signed in
 * @error: return location for a #KontorClientError
 *
 * Ends the session on the server, also of who works for none of its accounts any more.
 *
 * Returns: whether it has ended
 */
gboolean
kontor_sign_out (const KontorProfile *profile, GError **error)
{
  g_autoptr (KontorClient) client = kontor_client_new (profile->url, profile->key);
  g_autofree char *path = g_strconcat (SESSIONS "/", profile->session, NULL);
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("DELETE", path);
  g_autoptr (KontorClientReply) reply = NULL;

  kontor_client_set_retries (client, 0);
  reply = kontor_client_send (client, call, NULL, error);
  return reply != NULL;
}
