/* download.c: what is too big for memory, into a file.
 *
 * A connection that breaks is taken up again where it was, as long as the server still has the same thing (by
 * its ETag); if it has another one, that comes whole. What comes packed is counted as it came, for that is what a
 * server means by a part of it, and unpacked on its way into the file. */
#include "core/client/download.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/client/call-private.h"
#include "core/client/client-error.h"

#define PIECE (256 * 1024)
#define MAX_ATTEMPTS 5        /* in a row that bring nothing */
#define AGAIN_MS 500
#define PACKED "gzip"

typedef struct
{
  KontorClientCall *call;
  char *file, *etag;
  KontorDownloadProgress progress;
  gpointer progress_data;
  SoupMessage *message;
  GInputStream *input;
  GOutputStream *output; /* open from one attempt to the next: it knows what was unpacked so far */
  guint64 done, total;   /* bytes as they come */
  guint attempts;
} Download;

static void attempt (GTask *task);

static void
download_free (gpointer data)
{
  Download *download = data;

  kontor_client_call_free (download->call);
  g_clear_object (&download->message);
  g_clear_object (&download->input);
  g_clear_object (&download->output);
  g_free (download->file);
  g_free (download->etag);
  g_free (download);
}

static gboolean
again_cb (gpointer data)
{
  GTask *task = data;

  if (!g_task_return_error_if_cancelled (task))
    attempt (task);
  return G_SOURCE_REMOVE;
}

/* Takes @error. */
static void
broken (GTask *task, GError *error)
{
  KontorClient *client = g_task_get_source_object (task);
  Download *download = g_task_get_task_data (task);

  g_clear_object (&download->input);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || ++download->attempts >= MAX_ATTEMPTS)
    {
      g_task_return_error (task, kontor_client_unreachable (client, error));
      g_error_free (error);
      return;
    }
  g_error_free (error);
  g_timeout_add_full (G_PRIORITY_DEFAULT, AGAIN_MS * download->attempts, again_cb,
                      g_object_ref (task), g_object_unref);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Download *download = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) piece
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize length = piece != NULL ? g_bytes_get_size (piece) : 0;

  if (piece == NULL)
    {
      broken (task, error);
      return;
    }
  if (length == 0)
    {
      if (g_output_stream_close (download->output, NULL, &error))
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, error);
      return;
    }
  if (!g_output_stream_write_all (download->output, g_bytes_get_data (piece, NULL), length, NULL,
                                  NULL, &error))
    {
      /* A full disk does not get better by asking again. */
      g_task_return_error (task, error);
      return;
    }
  download->done += length;
  download->attempts = 0;
  if (download->progress != NULL)
    download->progress (download->done, download->total, download->progress_data);
  g_input_stream_read_bytes_async (download->input, PIECE, G_PRIORITY_LOW,
                                   g_task_get_cancellable (task), read_cb, g_object_ref (task));
}

static const char *
header (Download *download, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (download->message), name);
}

static GOutputStream *
create_output (Download *download, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (download->file);
  g_autoptr (GOutputStream) plain
      = G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error));
  g_autoptr (GConverter) unpack = NULL;

  if (plain == NULL || g_strcmp0 (header (download, "Content-Encoding"), PACKED) != 0)
    return g_steal_pointer (&plain);
  unpack = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return g_converter_output_stream_new (plain, unpack);
}

static void
forget (Download *download)
{
  g_clear_object (&download->output);
  g_clear_pointer (&download->etag, g_free);
  download->done = 0;
}

/* Where it was, or anew. */
static gboolean
open_output (Download *download, gboolean goes_on, GError **error)
{
  if (!goes_on)
    {
      forget (download);
      download->etag = g_strdup (header (download, "ETag"));
      download->output = create_output (download, error);
    }
  download->total = download->done
                    + (guint64) MAX (soup_message_headers_get_content_length (
                                         soup_message_get_response_headers (download->message)),
                                     0);
  return download->output != NULL;
}

static void
refused_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Download *download = g_task_get_task_data (task);
  g_autoptr (GOutputStream) kept = G_OUTPUT_STREAM (source);
  gsize length;

  (void) g_output_stream_splice_finish (kept, result, NULL);
  length = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (kept));
  g_task_return_error (
      task, kontor_client_error_of_reply (
                soup_message_get_status (download->message), header (download, "Request-Id"),
                length > 0 ? g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (kept)) : "",
                length));
}

/* Whether what comes does not begin where what is here ends. */
static gboolean
is_unlike_before (Download *download, guint status)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (download->message);
  goffset begin = -1, end, total;

  if (status == SOUP_STATUS_PARTIAL_CONTENT)
    return download->output == NULL
           || !soup_message_headers_get_content_range (headers, &begin, &end, &total)
           || begin != (goffset) download->done;
  return status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE && download->done > 0;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Download *download = g_task_get_task_data (task);
  GError *error = NULL;
  guint status;

  download->input = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (download->input == NULL)
    {
      broken (task, error);
      return;
    }
  status = soup_message_get_status (download->message);
  if (is_unlike_before (download, status))
    {
      forget (download);
      broken (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                                         _ ("what was begun is no longer there")));
      return;
    }
  if (status != 200 && status != 206)
    {
      g_output_stream_splice_async (g_memory_output_stream_new_resizable (), download->input,
                                    G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                        | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                    G_PRIORITY_DEFAULT, NULL, refused_cb, g_object_ref (task));
      return;
    }
  if (!open_output (download, status == 206, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_input_stream_read_bytes_async (download->input, PIECE, G_PRIORITY_LOW,
                                   g_task_get_cancellable (task), read_cb, g_object_ref (task));
}

static void
attempt (GTask *task)
{
  KontorClient *client = g_task_get_source_object (task);
  Download *download = g_task_get_task_data (task);
  SoupMessageHeaders *headers;
  GError *error = NULL;

  g_clear_object (&download->message);
  download->message = kontor_client_message (client, download->call, &error);
  if (download->message == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  headers = soup_message_get_request_headers (download->message);
  soup_message_disable_feature (download->message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_replace (headers, "Accept-Encoding", PACKED);
  if (download->done > 0 && download->etag != NULL)
    {
      soup_message_headers_set_range (headers, (goffset) download->done, -1);
      soup_message_headers_replace (headers, "If-Range", download->etag);
    }
  soup_session_send_async (kontor_client_session (client), download->message, G_PRIORITY_DEFAULT,
                           g_task_get_cancellable (task), answered_cb, g_object_ref (task));
}

/**
 * kontor_client_download_async:
 * @client: a client
 * @call: what to ask; copied
 * @file: where it goes; replaced
 * @progress: (nullable): told now and then
 * @progress_data: for @progress
 * @cancellable: (nullable): ends it
 * @callback: called once, in the thread's main context
 * @data: for @callback
 */
void
kontor_client_download_async (KontorClient *client,
                              const KontorClientCall *call,
                              const char *file,
                              KontorDownloadProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, data);
  Download *download = g_new0 (Download, 1);

  download->call = kontor_client_call_copy (call);
  download->file = g_strdup (file);
  download->progress = progress;
  download->progress_data = progress_data;
  g_task_set_task_data (task, download, download_free);
  attempt (task);
}

/**
 * kontor_client_download_finish:
 * @client: a client
 * @result: what the callback got
 * @error: return location for a #KontorClientError or a #GIOErrorEnum
 *
 * Returns: whether the file is complete
 */
gboolean
kontor_client_download_finish (KontorClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
