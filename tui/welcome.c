/* welcome.c: what somebody who has no server yet is asked, before the screen is taken over. */
#include "tui/welcome.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "core/client/prompt.h"
#include "core/client/sign-in.h"
#include "core/text.h"
#include "tui/own-server.h"

/* ------------------------------------------------------------------------------------ questions -- */

/* What was typed; @fallback when that is nothing. %NULL: there is nobody any more. */
static char *
ask (const char *question, const char *fallback)
{
  char *answer;

  if (fallback != NULL)
    printf ("%s [%s] ", question, fallback);
  else
    printf ("%s ", question);
  fflush (stdout);
  answer = kontor_prompt_line (stdin);
  if (answer == NULL || *g_strstrip (answer) != '\0' || fallback == NULL)
    return answer;
  g_free (answer);
  return g_strdup (fallback);
}

static void
forget (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static gboolean
ask_server (KontorProfile *profile, GError **error)
{
  g_autofree char *typed = ask (_ ("Server:"), KONTOR_PROFILE_DEFAULT_URL);

  profile->url = typed != NULL ? kontor_profile_url (typed, error) : NULL;
  if (profile->url == NULL)
    return FALSE;
  if (g_str_has_prefix (profile->url, "http://") && !kontor_profile_is_local (profile->url))
    printf (_ ("Warning: what you sign in with goes to this server unencrypted; use https.\n"));
  return TRUE;
}

/* ------------------------------------------------------------------------------- ways to sign in -- */

static gboolean
send_proof (KontorProfile *profile, KontorSignIn *proof, GError **error)
{
  g_autoptr (GError) problem = NULL;
  char *code;
  gboolean done;

  if (kontor_sign_in (profile, proof, &problem))
    return TRUE;
  if (!kontor_sign_in_needs_code (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  code = kontor_prompt_secret (stdout, _ ("Code of your authenticator, or a recovery code:"));
  proof->code = code;
  done = kontor_sign_in (profile, proof, error);
  forget (code);
  return done;
}

static gboolean
by_password (KontorProfile *profile, GError **error)
{
  g_autofree char *email = NULL, *mode = NULL;
  char *password;
  gboolean done;

  if (!ask_server (profile, error))
    return FALSE;
  email = ask (_ ("Email address:"), NULL);
  mode = email != NULL ? ask (_ ("Mode, test or live:"), "test") : NULL;
  if (mode == NULL)
    return FALSE;
  profile->livemode = g_ascii_strcasecmp (mode, "live") == 0;
  password = kontor_prompt_secret (stdout, _ ("Password:"));
  done = password != NULL
         && send_proof (profile, &(KontorSignIn){ .email = email, .password = password }, error);
  forget (password);
  return done;
}

static gboolean
by_key (KontorProfile *profile, GError **error)
{
  g_autoptr (KontorClient) client = NULL;

  if (!ask_server (profile, error))
    return FALSE;
  profile->key = kontor_prompt_secret (stdout, _ ("API key:"));
  if (profile->key == NULL)
    return FALSE;
  g_strstrip (profile->key);
  client = kontor_client_new_for (profile);
  kontor_client_set_retries (client, 0);
  return kontor_sign_in_by_key (profile, client, error);
}

/* What comes of it is kept, so that this is asked once. */
static KontorProfile *
sign_in (KontorProfiles *profiles,
         gboolean (*way) (KontorProfile *profile, GError **error),
         GError **error)
{
  g_autoptr (KontorProfile) profile = g_new0 (KontorProfile, 1);

  profile->name = g_strdup (kontor_profiles_current (profiles));
  return way (profile, error) && kontor_profiles_put (profiles, profile, error)
             ? g_steal_pointer (&profile)
             : NULL;
}

/* ----------------------------------------------------------------------------------------- menu -- */

static const struct
{
  const char *letter, *label;
  gboolean (*way) (KontorProfile *profile, GError **error); /* %NULL: a server of one's own */
  int samples;
} choices[] = {
  { "p", N_ ("sign in with your email address and password"), by_password },
  { "k", N_ ("sign in with an API key"), by_key },
  { "s", N_ ("a server of your own on this machine, with sample payments"), NULL, TUI_SAMPLES },
  { "e", N_ ("an empty one of your own"), NULL, 0 },
};

static KontorProfile *
obey (const char *letter, KontorProfiles *profiles, KontorLocal **local, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    if (g_str_equal (choices[i].letter, letter))
      return choices[i].way != NULL ? sign_in (profiles, choices[i].way, error)
                                    : tui_own_server_start (choices[i].samples, local, error);
  return NULL;
}

static char *
ask_which (void)
{
  printf ("\n%s\n\n", _ ("No server is known yet. What would you like to work with?"));
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    printf ("  %s  %s\n", choices[i].letter, _ (choices[i].label));
  printf ("  q  %s\n\n", _ ("quit"));
  return ask (">", NULL);
}

/**
 * tui_welcome:
 * @profiles: gets the one that somebody signs in to
 * @local: (out): a server of one's own, if it is to be that; it runs as long as it lives
 *
 * Asks until something comes of it. A server of one's own that is there already needs no question.
 *
 * Returns: (transfer full) (nullable): what to work with; %NULL: nothing is wanted
 */
KontorProfile *
tui_welcome (KontorProfiles *profiles, KontorLocal **local)
{
  g_autofree char *folder = kontor_local_folder ();
  g_autofree char *letter = g_strdup (kontor_local_exists (folder) ? "e" : NULL);
  KontorProfile *profile = NULL;

  while (profile == NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *said = NULL;

      if (letter == NULL)
        letter = ask_which ();
      if (letter == NULL || g_str_equal (letter, "q"))
        return NULL;
      profile = obey (letter, profiles, local, &error);
      said = error != NULL ? kontor_text_clean (error->message) : NULL;
      if (said != NULL)
        printf ("\n%s\n", said);
      g_clear_pointer (&letter, g_free);
    }
  return profile;
}
