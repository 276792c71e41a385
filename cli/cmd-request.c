/* cmd-request.c: kontor get, post and delete: any request of the API. */
#include <glib/gi18n.h>

#include "cli/commands.h"
#include "cli/reply.h"
#include "cli/request.h"

static gboolean
make_call (KontorCli *cli, KontorClientCall *call, GError **error)
{
  kontor_request_flags (cli, call);
  return kontor_request_data (cli, call, error);
}

static int
send (KontorCli *cli, const char *method)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = kontor_request_path (cli->arguments[0]);
  g_autoptr (KontorClientCall) call = kontor_client_call_new (method, path);
  g_autoptr (KontorClientReply) reply = NULL;

  if (!make_call (cli, call, &error))
    return kontor_cli_report (cli, error);
  reply = kontor_cli_send (cli, call, &error);
  if (reply == NULL)
    return kontor_cli_report (cli, error);
  kontor_reply_headers (cli, reply);
  kontor_reply_print (cli, reply);
  return KONTOR_EXIT_OK;
}

static int
get (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr (KontorClientCall) call = NULL;

  if (!kontor_cli_has (cli, "all"))
    return send (cli, "GET");
  path = kontor_request_path (cli->arguments[0]);
  call = kontor_client_call_new ("GET", path);
  if (!make_call (cli, call, &error))
    return kontor_cli_report (cli, error);
  if (!kontor_cli_has (cli, "limit"))
    kontor_client_call_set (call, "limit", "100");
  return kontor_reply_all (cli, call);
}

static int
post (KontorCli *cli)
{
  return send (cli, "POST");
}

static int
delete_path (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;

  if (!kontor_request_may_delete (cli, cli->arguments[0], &error))
    return kontor_cli_report (cli, error);
  return send (cli, "DELETE");
}

#define PATHS                                                                                    \
  N_ ("PATH is that of the API, with or without /v1/ before it, or an object's id alone: "        \
      "“/v1/customers”, “customers” and “cus_3xAbc” are understood.")

const KontorCommand kontor_request_commands[] = {
  { "get", NULL, N_ ("PATH"), 1, 1, kontor_request_get_flags, get, N_ ("Read an object or a list."),
    PATHS },
  { "post", NULL, N_ ("PATH"), 1, 1, kontor_request_post_flags, post,
    N_ ("Make an object, change one, or act on one."), PATHS },
  { "delete", "del", N_ ("PATH"), 1, 1, kontor_request_delete_flags, delete_path,
    N_ ("Delete an object."), PATHS },
  { NULL },
};
