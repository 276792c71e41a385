/* fetch.c: what the copy does not hold of an object, asked of the server while it is looked at.
 *
 * Who runs through a list looks at each row for a moment only: so nothing is asked before a row
 * has been looked at for a while. */
#include "core/console/fetch.h"

#define PATIENCE_MS 150
#define MOST_KEPT 64

struct _KontorFetch
{
  KontorClient *client;
  void (*arrived) (gpointer data);
  gpointer data;
  GCancellable *cancellable;
  GHashTable *texts; /* by path: what came; "" while it is on its way, or could not be had */
  char *wanted;      /* path that is looked at and not asked for yet */
  guint source;
};

typedef struct
{
  KontorFetch *fetch;
  char *path;
} Asked;

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Asked *asked = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);

  if (reply != NULL)
    {
      gsize length;
      const char *text = g_bytes_get_data (reply->body, &length);

      g_hash_table_replace (asked->fetch->texts, g_strdup (asked->path), g_strndup (text, length));
      asked->fetch->arrived (asked->fetch->data);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* by then it is gone */
    g_hash_table_remove (asked->fetch->texts, asked->path); /* asked again when looked at again */
  g_free (asked->path);
  g_free (asked);
}

static gboolean
ask_cb (gpointer data)
{
  KontorFetch *fetch = data;
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", fetch->wanted);
  Asked *asked = g_new0 (Asked, 1);

  fetch->source = 0;
  if (g_hash_table_size (fetch->texts) >= MOST_KEPT)
    g_hash_table_remove_all (fetch->texts);
  g_hash_table_replace (fetch->texts, g_strdup (fetch->wanted), g_strdup (""));
  asked->fetch = fetch;
  asked->path = g_steal_pointer (&fetch->wanted);
  kontor_client_send_async (fetch->client, call, fetch->cancellable, sent_cb, asked);
  return G_SOURCE_REMOVE;
}

/**
 * kontor_fetch_new:
 * @client: who is asked
 * @arrived: called when something came
 * @data: for @arrived
 *
 * Returns: (transfer full): something that has fetched nothing yet
 */
KontorFetch *
kontor_fetch_new (KontorClient *client, void (*arrived) (gpointer data), gpointer data)
{
  KontorFetch *fetch = g_new0 (KontorFetch, 1);

  fetch->client = g_object_ref (client);
  fetch->arrived = arrived;
  fetch->data = data;
  fetch->cancellable = g_cancellable_new ();
  fetch->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return fetch;
}

/**
 * kontor_fetch_free:
 * @fetch: (transfer full) (nullable): a fetch; what is on its way is dropped
 */
void
kontor_fetch_free (KontorFetch *fetch)
{
  if (fetch == NULL)
    return;
  g_cancellable_cancel (fetch->cancellable);
  g_clear_handle_id (&fetch->source, g_source_remove);
  g_object_unref (fetch->cancellable);
  g_object_unref (fetch->client);
  g_hash_table_unref (fetch->texts);
  g_free (fetch->wanted);
  g_free (fetch);
}

/**
 * kontor_fetch_get:
 * @fetch: a fetch
 * @path: "/v1/events/evt_…"
 * @is_online: whether the server can be asked
 *
 * What is not there yet is asked for, if it is still wanted in a moment.
 *
 * Returns: (nullable): the JSON that stands there; %NULL: not yet
 */
const char *
kontor_fetch_get (KontorFetch *fetch, const char *path, gboolean is_online)
{
  const char *text = g_hash_table_lookup (fetch->texts, path);

  if (text != NULL)
    return *text != '\0' ? text : NULL;
  if (!is_online || g_strcmp0 (fetch->wanted, path) == 0)
    return NULL;
  g_free (fetch->wanted);
  fetch->wanted = g_strdup (path);
  g_clear_handle_id (&fetch->source, g_source_remove);
  fetch->source = g_timeout_add (PATIENCE_MS, ask_cb, fetch);
  return NULL;
}
