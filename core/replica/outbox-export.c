/* outbox-export.c: what waits is written to a file for the person, before the copy it was based on is thrown away. */
#include "core/buffer.h"
#include "core/replica/outbox.h"

static void
write_text (KontorBuffer *out, const char *name, const char *text)
{
  kontor_buffer_printf (out, ",\"%s\":", name);
  if (text != NULL)
    kontor_buffer_string (out, text);
  else
    kontor_buffer_literal (out, "null");
}

static void
write_queued (KontorBuffer *out, const KontorQueued *queued)
{
  kontor_buffer_printf (out, "\n  {\"n\":%" G_GINT64_FORMAT, queued->n);
  write_text (out, "op", queued->op);
  write_text (out, "state", kontor_queued_name (queued->state));
  write_text (out, "do", queued->action);
  write_text (out, "on", queued->on);
  kontor_buffer_printf (out,
                        ",\"if_v\":%" G_GINT64_FORMAT ",\"args\":%s,\"made\":%" G_GINT64_FORMAT
                        ",\"expires\":%" G_GINT64_FORMAT ",\"unsure\":%s}",
                        queued->if_v, queued->args != NULL ? queued->args : "{}", queued->made,
                        queued->expires, queued->is_unsure ? "true" : "false");
}

static char *
write_all (KontorOutbox *outbox, const GPtrArray *waiting)
{
  g_autofree char *place = kontor_outbox_meta (outbox, "place");
  KontorBuffer out = { 0 };

  kontor_buffer_literal (&out, "{\"object\":\"kontor.queue\"");
  write_text (&out, "place", place);
  kontor_buffer_literal (&out, ",\"actions\":[");
  for (guint i = 0; i < waiting->len; i++)
    {
      kontor_buffer_puts (&out, i > 0 ? "," : "");
      write_queued (&out, waiting->pdata[i]);
    }
  kontor_buffer_literal (&out, "\n]}\n");
  kontor_buffer_text (&out);
  return out.data;
}

/**
 * kontor_outbox_export:
 * @folder: of the copy and its queue
 * @error: return location for a #GError
 *
 * The queue stays as it is. Nobody but the person may read the file.
 *
 * Returns: (transfer full) (nullable): the file, queue-export-DATE.json beside the queue; %NULL without
 * @error: nothing waits
 */
char *
kontor_outbox_export (const char *folder, GError **error)
{
  g_autofree char *queue = g_build_filename (folder, "queue.db", NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = g_date_time_format (now, "queue-export-%Y%m%d-%H%M%S.json");
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (KontorOutbox) outbox = NULL;
  g_autoptr (GPtrArray) waiting = NULL;

  if (!g_file_test (queue, G_FILE_TEST_EXISTS))
    return NULL;
  outbox = kontor_outbox_open (folder, error);
  if (outbox == NULL)
    return NULL;
  waiting = kontor_outbox_list (outbox, KONTOR_QUEUED_OPEN);
  if (waiting->len == 0)
    return NULL;
  text = write_all (outbox, waiting);
  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error)
             ? g_steal_pointer (&path)
             : NULL;
}
