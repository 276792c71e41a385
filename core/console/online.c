/* online.c: lists that only the server has, fetched into sheets. */
#include "core/console/online.h"

#include "core/buffer.h"
#include "core/console/text.h"
#include "core/sync.h"

/* A list on its way, page by page. */
typedef struct
{
  KontorScreen *screen; /* not owned: it goes with the desk, and so does all this */
  KontorSheet *sheet;   /* likewise */
  KontorSheetKind kind;
  KontorClientCall *call;
  GCancellable *cancellable;
  GPtrArray *replies;   /* of KontorClientReply */
} Fill;

static void
fill_free (Fill *fill)
{
  kontor_client_call_free (fill->call);
  g_object_unref (fill->cancellable);
  g_ptr_array_unref (fill->replies);
  g_free (fill);
}

static void
put_row (Fill *fill, const KontorValue *row)
{
  const KontorValue *id = kontor_value_get (row, "id"),
                    *created = kontor_value_get (row, "created");
  gint64 key = id != NULL && id->text != NULL ? kontor_sync_row (fill->kind, id->text) : -1;
  g_auto (KontorBuffer) json = { 0 };

  if (key < 0)
    return;
  kontor_json_write (&json, row);
  kontor_sheet_put (
      fill->sheet, fill->kind, key & KONTOR_TICK_MASK, id->text,
      created != NULL && created->text != NULL ? g_ascii_strtoll (created->text, NULL, 10) : 0,
      kontor_buffer_text (&json));
}

static void
put_all (Fill *fill)
{
  kontor_sheet_begin (fill->sheet);
  for (guint i = 0; i < fill->replies->len; i++)
    {
      const KontorClientReply *reply = fill->replies->pdata[i];
      const KontorValue *data = kontor_value_get (reply->json, "data");

      for (const KontorValue *row = data != NULL ? data->first : NULL; row != NULL; row = row->next)
        put_row (fill, row);
    }
  kontor_sheet_end (fill->sheet);
  kontor_screen_say (fill->screen, NULL);
}

static void ask (Fill *fill, KontorClient *client);

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fill *fill = data;
  g_autoptr (GError) error = NULL;
  KontorClientReply *reply = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);

  if (reply != NULL)
    {
      g_ptr_array_add (fill->replies, reply);
      if (kontor_client_call_turn_page (fill->call, reply))
        {
          ask (fill, KONTOR_CLIENT (source));
          return;
        }
      put_all (fill);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    kontor_screen_say (fill->screen, error->message);
  fill_free (fill);
}

static void
ask (Fill *fill, KontorClient *client)
{
  kontor_client_send_async (client, fill->call, fill->cancellable, sent_cb, fill);
}

/**
 * kontor_online_fill:
 * @desk: whose server is asked
 * @screen: where what goes wrong is said
 * @sheet: takes the rows when all are there
 * @path: of a list: "/v1/kontor/api_keys"
 * @kind: what the rows are; their ids end with a number or a tick
 *
 * Without the server the rows stay as they were, and the screen says so.
 */
void
kontor_online_fill (KontorDesk *desk,
                    KontorScreen *screen,
                    KontorSheet *sheet,
                    const char *path,
                    KontorSheetKind kind)
{
  Fill *fill;

  if (!kontor_desk_is_online (desk))
    {
      kontor_screen_say (screen, _ ("This needs the server, which is not reached now."));
      return;
    }
  fill = g_new0 (Fill, 1);
  fill->screen = screen;
  fill->sheet = sheet;
  fill->kind = kind;
  fill->cancellable = g_object_ref (kontor_desk_cancellable (desk));
  fill->replies = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_client_reply_free);
  fill->call = kontor_client_call_new ("GET", path);
  kontor_client_call_add (fill->call, "limit", "100");
  ask (fill, kontor_desk_client (desk));
}
