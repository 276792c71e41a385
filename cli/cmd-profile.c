/* cmd-profile.c: kontor profile: which servers and accounts are stored. */
#include <glib/gi18n.h>

#include "cli/commands.h"
#include "cli/table.h"
#include "core/buffer.h"
#include "core/text.h"

static void
json_member (KontorBuffer *json, const char *name, const char *value)
{
  kontor_buffer_printf (json, "%s\"%s\":", json->data[json->length - 1] == '{' ? "" : ",", name);
  if (value != NULL)
    kontor_buffer_string (json, value);
  else
    kontor_buffer_literal (json, "null");
}

static void
json_profile (KontorBuffer *json, const KontorProfile *profile, gboolean is_current)
{
  g_autofree char *masked = kontor_profile_masked (profile->key);

  kontor_buffer_char (json, '{');
  json_member (json, "name", profile->name);
  json_member (json, "url", profile->url);
  json_member (json, "mode", profile->livemode ? "live" : "test");
  json_member (json, "account", profile->account);
  json_member (json, "account_name", profile->account_name);
  json_member (json, "key", masked);
  kontor_buffer_printf (json, ",\"current\":%s}", is_current ? "true" : "false");
}

static void
table_row (KontorTable *table, const KontorProfile *profile, gboolean is_current)
{
  g_autofree char *masked = kontor_profile_masked (profile->key);

  kontor_table_cell (table, is_current ? "*" : "", KONTOR_ROLE_GOOD);
  kontor_table_cell (table, profile->name, KONTOR_ROLE_HEADING);
  kontor_table_cell (table, profile->livemode ? _ ("live") : _ ("test"),
                     profile->livemode ? KONTOR_ROLE_WARNING : KONTOR_ROLE_PLAIN);
  kontor_table_cell (table, profile->url, KONTOR_ROLE_PLAIN);
  kontor_table_cell (table,
                     profile->account_name != NULL ? profile->account_name
                     : profile->account != NULL    ? profile->account
                                                   : "",
                     KONTOR_ROLE_PLAIN);
  kontor_table_cell (table, masked != NULL ? masked : "", KONTOR_ROLE_DIM);
}

static int
list (KontorCli *cli)
{
  static const KontorColumn columns[] = { { "" },
                                          { N_ ("NAME") },
                                          { N_ ("MODE") },
                                          { N_ ("SERVER"), .may_shrink = TRUE },
                                          { N_ ("ACCOUNT"), .may_shrink = TRUE },
                                          { N_ ("KEY") },
                                          { NULL } };
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (&error);
  g_autoptr (KontorTable) table = kontor_table_new (&cli->out, columns);
  g_auto (GStrv) names = NULL;
  g_auto (KontorBuffer) json = { 0 };

  if (profiles == NULL)
    return kontor_cli_report (cli, error);
  names = kontor_profiles_names (profiles);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (KontorProfile) profile = kontor_profiles_find (profiles, names[i], NULL);
      gboolean is_current = g_str_equal (names[i], kontor_profiles_current (profiles));

      if (profile == NULL)
        continue;
      kontor_buffer_puts (&json, json.length == 0 ? "" : cli->jsonl ? "\n" : ",");
      json_profile (&json, profile, is_current);
      table_row (table, profile, is_current);
    }
  if (cli->json || cli->jsonl)
    fprintf (cli->out.stream, cli->jsonl ? "%s\n" : "[%s]\n", kontor_buffer_text (&json));
  else
    kontor_table_print (table);
  return KONTOR_EXIT_OK;
}

static int
use (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (&error);

  if (profiles == NULL || !kontor_profiles_use (profiles, cli->arguments[0], &error))
    return kontor_cli_report (cli, error);
  fprintf (cli->err.stream, _ ("Now working with the profile “%s”.\n"), cli->arguments[0]);
  return KONTOR_EXIT_OK;
}

static void
show_lines (const KontorCli *cli, const KontorProfiles *profiles, const KontorProfile *profile)
{
  g_autofree char *masked = kontor_profile_masked (profile->key);

  kontor_table_line (&cli->out, _ ("Profile"), profile->name);
  kontor_table_line (&cli->out, _ ("Server"), profile->url);
  kontor_table_line (&cli->out, _ ("Mode"), profile->livemode ? _ ("live") : _ ("test"));
  kontor_table_line (&cli->out, _ ("Account"), profile->account);
  kontor_table_line (&cli->out, _ ("Name"), profile->account_name);
  kontor_table_line (&cli->out, _ ("Key"), masked);
  kontor_table_line (&cli->out, _ ("Kept in"), kontor_profiles_path (profiles));
}

static int
show (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (&error);
  g_autoptr (KontorProfile) profile = NULL;
  g_auto (KontorBuffer) json = { 0 };
  const char *name;

  if (profiles == NULL)
    return kontor_cli_report (cli, error);
  name = cli->n_arguments > 0 ? cli->arguments[0] : kontor_profiles_current (profiles);
  profile = kontor_profiles_find (profiles, name, &error);
  if (profile == NULL)
    return kontor_cli_report (cli, error);
  if (!cli->json && !cli->jsonl)
    {
      show_lines (cli, profiles, profile);
      return KONTOR_EXIT_OK;
    }
  json_profile (&json, profile, g_str_equal (name, kontor_profiles_current (profiles)));
  fprintf (cli->out.stream, "%s\n", kontor_buffer_text (&json));
  return KONTOR_EXIT_OK;
}

static int
remove_one (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (&error);

  if (profiles == NULL || !kontor_profiles_remove (profiles, cli->arguments[0], &error))
    return kontor_cli_report (cli, error);
  fprintf (cli->err.stream, _ ("Removed the profile “%s”.\n"), cli->arguments[0]);
  return KONTOR_EXIT_OK;
}

const KontorCommand kontor_profile_commands[] = {
  { "profile list", "profiles", NULL, 0, 0, NULL, list, N_ ("List the profiles.") },
  { "profile use", NULL, N_ ("NAME"), 1, 1, NULL, use,
    N_ ("Make a profile the one that counts when none is named."), .offer = KONTOR_OFFER_PROFILES },
  { "profile show", NULL, N_ ("[NAME]"), 0, 1, NULL, show,
    N_ ("Show a profile; never its whole key."), .offer = KONTOR_OFFER_PROFILES },
  { "profile remove", NULL, N_ ("NAME"), 1, 1, NULL, remove_one,
    N_ ("Forget a profile and its key."), .offer = KONTOR_OFFER_PROFILES },
  { NULL },
};
