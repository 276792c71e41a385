/* reply.c: answers on stdout: as JSON for programs, coloured for people, lists page by page. */
#include "cli/reply.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/json-print.h"
#include "core/buffer.h"

/**
 * kontor_reply_headers:
 * @cli: a run
 * @reply: an answer
 *
 * Shows status and headers on stderr, where they are in nobody's way, when --show-headers asks.
 */
void
kontor_reply_headers (const KontorCli *cli, const KontorClientReply *reply)
{
  if (!kontor_cli_has (cli, "show-headers"))
    return;
  fprintf (cli->err.stream, "HTTP %u\n", reply->status);
  for (guint i = 0; i < reply->headers->len; i++)
    fprintf (cli->err.stream, "%s\n", (const char *) g_ptr_array_index (reply->headers, i));
  fputc ('\n', cli->err.stream);
}

static const KontorValue *
items_of (const KontorValue *json)
{
  const KontorValue *data = json->type == KONTOR_VALUE_OBJECT ? kontor_value_get (json, "data")
                                                              : NULL;

  return data != NULL && data->type == KONTOR_VALUE_ARRAY ? data : NULL;
}

static void
print_line (const KontorCli *cli, const KontorValue *value)
{
  g_auto (KontorBuffer) text = { 0 };

  kontor_json_write (&text, value);
  fwrite (text.data, 1, text.length, cli->out.stream);
  fputc ('\n', cli->out.stream);
}

static void
print_lines (const KontorCli *cli, const KontorValue *json)
{
  const KontorValue *items = items_of (json);

  if (items == NULL)
    print_line (cli, json);
  for (const KontorValue *item = items != NULL ? items->first : NULL; item != NULL;
       item = item->next)
    print_line (cli, item);
}

/**
 * kontor_reply_print:
 * @cli: a run
 * @reply: an answer
 *
 * The bytes as they came with --json, the objects of a list a line each with --jsonl, and else
 * indented and, on a terminal, coloured.
 */
void
kontor_reply_print (const KontorCli *cli, const KontorClientReply *reply)
{
  gsize length;
  const char *text = g_bytes_get_data (reply->body, &length);

  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  if (cli->jsonl)
    {
      print_lines (cli, reply->json);
      return;
    }
  if (cli->json)
    fwrite (text, 1, length, cli->out.stream);
  else
    kontor_json_print (&cli->out, text, length, 0);
  fputc ('\n', cli->out.stream);
}

/* ------------------------------------------------------------------------------ page by page -- */

static void
print_item (const KontorCli *cli, const KontorValue *item, guint n_before)
{
  g_auto (KontorBuffer) text = { 0 };

  if (cli->jsonl)
    {
      print_line (cli, item);
      return;
    }
  kontor_json_write (&text, item);
  if (n_before > 0)
    fputc (',', cli->out.stream);
  if (cli->json)
    fwrite (text.data, 1, text.length, cli->out.stream);
  else
    {
      fputs ("\n    ", cli->out.stream);
      kontor_json_print (&cli->out, text.data, text.length, 2);
    }
}

/* What stands around the objects of all pages makes them one list again. */
static void
print_frame (const KontorCli *cli, gboolean is_begin, guint n)
{
  static const char *const frames[2][2] = {
    { "{\"object\":\"list\",\"data\":[", "],\"has_more\":false}\n" },
    { "{\n  \"object\": \"list\",\n  \"data\": [", "],\n  \"has_more\": false\n}\n" },
  };

  if (cli->jsonl)
    return;
  if (!cli->json && !is_begin && n > 0)
    fputs ("\n  ", cli->out.stream);
  fputs (frames[cli->json ? 0 : 1][is_begin ? 0 : 1], cli->out.stream);
}

/**
 * kontor_reply_all:
 * @cli: a run
 * @call: asks for a list; turned to its last page
 *
 * Prints every object of the list, holding no more than one page of it. What came before a failure
 * has been printed; the frame then stays open, so that nobody takes the part for the whole.
 *
 * Returns: the exit code
 */
int
kontor_reply_all (KontorCli *cli, KontorClientCall *call)
{
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;
  guint n = 0;

  while (more)
    {
      g_autoptr (KontorClientReply) reply = kontor_cli_send (cli, call, &error);
      const KontorValue *items = reply != NULL ? items_of (reply->json) : NULL;

      if (reply == NULL)
        return kontor_cli_report (cli, error);
      if (items == NULL)
        {
          kontor_reply_print (cli, reply);
          return KONTOR_EXIT_OK;
        }
      kontor_style_progress_end (&cli->err);
      if (n == 0)
        print_frame (cli, TRUE, n);
      for (const KontorValue *item = items->first; item != NULL; item = item->next)
        print_item (cli, item, n++);
      fflush (cli->out.stream);
      more = kontor_client_call_turn_page (call, reply);
      if (more && !cli->out.is_terminal)
        kontor_style_progress (&cli->err, _ ("%u objects…"), n);
    }
  kontor_style_progress_end (&cli->err);
  print_frame (cli, FALSE, n);
  return KONTOR_EXIT_OK;
}
