/* cmd-status.c: kontor status and kontor whoami: which server, which account, which mode. */
#include <glib/gi18n.h>

#include "cli/commands.h"
#include "cli/table.h"
#include "core/buffer.h"

static const char *
text_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL ? kontor_value_get (object, name) : NULL;

  return value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : NULL;
}

static KontorClientReply *
ask (KontorCli *cli, const char *path, GError **error)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", path);

  return kontor_cli_send (cli, call, error);
}

static void
member (KontorBuffer *json, const char *name, const char *value)
{
  kontor_buffer_printf (json, "%s\"%s\":", json->length > 1 ? "," : "", name);
  if (value != NULL)
    kontor_buffer_string (json, value);
  else
    kontor_buffer_literal (json, "null");
}

typedef struct
{
  const char *name;  /* in JSON */
  const char *title; /* for people, marked with N_() */
  const char *value; /* or %NULL */
} Row;

static void
print_rows (const KontorCli *cli, const Row *rows, guint n)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_buffer_char (&json, '{');
  for (guint i = 0; i < n; i++)
    {
      if (!cli->json && !cli->jsonl)
        kontor_table_line (&cli->out, _ (rows[i].title), rows[i].value);
      member (&json, rows[i].name, rows[i].value);
    }
  if (cli->json || cli->jsonl)
    fprintf (cli->out.stream, "%s}\n", kontor_buffer_text (&json));
}

static int
status (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) health = ask (cli, "/healthz", &error);
  g_autoptr (KontorClientReply) ready = health != NULL ? ask (cli, "/readyz", &error) : NULL;
  g_autoptr (KontorClientReply) account = ready != NULL ? ask (cli, "/v1/account", &error) : NULL;

  if (account == NULL)
    return kontor_cli_report (cli, error);
  {
    const Row rows[] = {
      { "url", N_ ("Server"), kontor_client_get_url (cli->client) },
      { "status", N_ ("Status"), text_of (ready->json, "status") },
      { "version", N_ ("Version"), text_of (health->json, "version") },
      { "mode", N_ ("Mode"), cli->profile->livemode ? "live" : "test" },
      { "account", N_ ("Account"), text_of (account->json, "id") },
      { "profile", N_ ("Profile"), *cli->profile->name != '\0' ? cli->profile->name : NULL },
      { "client_version", N_ ("This program"), KONTOR_VERSION },
    };

    print_rows (cli, rows, G_N_ELEMENTS (rows));
  }
  return KONTOR_EXIT_OK;
}

/* Of the accounts that a person works for the one that the profile names. */
static const KontorValue *
account_of (const KontorCli *cli, const KontorValue *me)
{
  const KontorValue *accounts = kontor_value_get (me, "accounts");
  const KontorValue *one = accounts != NULL ? accounts->first : NULL;

  while (one != NULL && g_strcmp0 (text_of (one, "account"), cli->profile->account) != 0)
    one = one->next;
  return one;
}

static int
whoami_person (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) me = ask (cli, "/v1/kontor/me", &error);
  g_autoptr (GDateTime) end = g_date_time_new_from_unix_local (cli->profile->expires);
  g_autofree char *expires = end != NULL ? g_date_time_format_iso8601 (end) : NULL;
  const KontorValue *user = me != NULL ? kontor_value_get (me->json, "user") : NULL;
  const KontorValue *account = me != NULL ? account_of (cli, me->json) : NULL;

  if (me == NULL)
    return kontor_cli_report (cli, error);
  {
    const Row rows[] = {
      { "person", N_ ("Person"), text_of (user, "name") },
      { "email", N_ ("Email"), text_of (user, "email") },
      { "role", N_ ("Role"), text_of (account, "role") },
      { "account", N_ ("Account"), cli->profile->account },
      { "account_name", N_ ("Name"), text_of (account, "name") },
      { "mode", N_ ("Mode"), cli->profile->livemode ? "live" : "test" },
      { "url", N_ ("Server"), kontor_client_get_url (cli->client) },
      { "profile", N_ ("Profile"), cli->profile->name },
      { "expires", N_ ("Signed in until"), expires },
    };

    print_rows (cli, rows, G_N_ELEMENTS (rows));
  }
  return KONTOR_EXIT_OK;
}

static int
whoami_key (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) account = ask (cli, "/v1/account", &error);
  const KontorValue *settings, *dashboard;
  g_autofree char *masked = NULL;

  if (account == NULL)
    return kontor_cli_report (cli, error);
  settings = kontor_value_get (account->json, "settings");
  dashboard = settings != NULL ? kontor_value_get (settings, "dashboard") : NULL;
  masked = kontor_profile_masked (cli->profile->key);
  {
    const Row rows[] = {
      { "account", N_ ("Account"), text_of (account->json, "id") },
      { "account_name", N_ ("Name"), text_of (dashboard, "display_name") },
      { "email", N_ ("Email"), text_of (account->json, "email") },
      { "mode", N_ ("Mode"), cli->profile->livemode ? "live" : "test" },
      { "url", N_ ("Server"), kontor_client_get_url (cli->client) },
      { "profile", N_ ("Profile"), *cli->profile->name != '\0' ? cli->profile->name : NULL },
      { "key", N_ ("Key"), masked },
    };

    print_rows (cli, rows, G_N_ELEMENTS (rows));
  }
  return KONTOR_EXIT_OK;
}

static int
whoami (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;

  if (!kontor_cli_connect (cli, &error))
    return kontor_cli_report (cli, error);
  return kontor_profile_is_person (cli->profile) ? whoami_person (cli) : whoami_key (cli);
}

const KontorCommand kontor_status_commands[] = {
  { "status", NULL, NULL, 0, 0, NULL, status,
    N_ ("Show whether the server answers, its version and the mode.") },
  { "whoami", NULL, NULL, 0, 0, NULL, whoami,
    N_ ("Show who is signed in, or which account the key belongs to.") },
  { NULL },
};
