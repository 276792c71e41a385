/* export.c: exactly the rows that are shown, written to a file in their order.
 *
 * A worker has a list of its own over the same answer, so that neither a new search nor the window's
 * scrolling disturbs it; memory does not grow with the rows. */
#include "core/console/export.h"

#include <string.h>

#define FLUSH_AT 65536

typedef struct
{
  const KontorScreenDeclaration *declaration;
  KontorExportKind kind;
  KontorFormat format;
  KontorList *list;
  GOutputStream *stream;
  GString *out; /* what is not yet in @stream */
  guint n;      /* rows written */
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->list);
  g_object_unref (export->stream);
  g_string_free (export->out, TRUE);
  g_free (export);
}

/* Quoted where it must be. A spreadsheet takes what begins with these signs for a formula. */
static void
append_csv (GString *out, const char *text, gboolean is_first)
{
  gboolean is_formula = *text != '\0' && strchr ("=+@", *text) != NULL;

  if (!is_first)
    g_string_append_c (out, ',');
  if (!is_formula && strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append (out, is_formula ? "\"'" : "\"");
  for (; *text != '\0'; text++)
    g_string_append_printf (out, *text == '"' ? "\"\"" : "%c", *text);
  g_string_append_c (out, '"');
}

static void
write_names (Export *export)
{
  append_csv (export->out, "id", TRUE);
  for (const KontorColumn *column = export->declaration->columns; column->name != NULL; column++)
    if (column->kind != KONTOR_COLUMN_ID)
      append_csv (export->out, column->name, FALSE);
  g_string_append (export->out, "\r\n");
}

static void
write_cells (Export *export, KontorItem *item)
{
  const KontorRecord *record = kontor_record_of (export->list, item);

  append_csv (export->out, kontor_item_id (item), TRUE);
  for (const KontorColumn *column = export->declaration->columns; column->name != NULL; column++)
    if (column->kind != KONTOR_COLUMN_ID)
      {
        g_autofree char *cell = column->cell (record, &export->format);

        append_csv (export->out, cell, FALSE);
      }
  g_string_append (export->out, "\r\n");
}

/* The body's own members behind those that the replica keeps beside it. */
static void
write_json (Export *export, KontorItem *item)
{
  const char *body = kontor_item_body (item);

  g_string_append_printf (export->out, "{\"id\":\"%s\",\"created\":%" G_GINT64_FORMAT,
                          kontor_item_id (item), kontor_item_created (item));
  if (body != NULL && body[0] == '{' && body[1] != '}')
    g_string_append_printf (export->out, ",%s\n", body + 1);
  else
    g_string_append (export->out, "}\n");
}

static gboolean
flush (Export *export, GCancellable *cancellable, GError **error)
{
  gboolean good = g_output_stream_write_all (export->stream, export->out->str, export->out->len,
                                             NULL, cancellable, error);

  g_string_truncate (export->out, 0);
  return good;
}

static gboolean
write_rows (Export *export, GCancellable *cancellable, GError **error)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (export->list));

  if (export->kind == KONTOR_EXPORT_CSV)
    write_names (export);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KontorItem) item = g_list_model_get_item (G_LIST_MODEL (export->list), i);

      if (kontor_item_body (item) == NULL)
        continue; /* gone since it was found */
      if (export->kind == KONTOR_EXPORT_CSV)
        write_cells (export, item);
      else
        write_json (export, item);
      export->n++;
      if (export->out->len >= FLUSH_AT && !flush (export, cancellable, error))
        return FALSE;
    }
  return flush (export, cancellable, error)
         && g_output_stream_flush (export->stream, cancellable, error);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *export = data;
  GError *error = NULL;

  if (write_rows (export, cancellable, &error))
    g_task_return_int (task, (gssize) export->n);
  else
    g_task_return_error (task, error);
}

/**
 * kontor_export_async:
 * @screen: a screen; what its list shows now is written, whatever is searched for meanwhile
 * @kind: in which form
 * @stream: where to; it is not closed
 * @cancellable: (nullable): stops it; what was written stays
 * @callback: called when it is done
 * @data: for @callback
 *
 * Of CSV, times are in the person's zone and amounts without marks between thousands, with a full
 * stop before the decimals and the currency behind.
 */
void
kontor_export_async (KontorScreen *screen,
                     KontorExportKind kind,
                     GOutputStream *stream,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer data)
{
  g_autoptr (GTask) task = g_task_new (screen, cancellable, callback, data);
  GError *error = NULL;
  KontorList *list = kontor_screen_copy_list (screen, &error);
  Export *export;

  if (list == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  export = g_new0 (Export, 1);
  export->declaration = kontor_screen_declaration (screen);
  export->kind = kind;
  export->format = *kontor_screen_format (screen);
  export->format.thousands = "";
  export->format.decimal_point = ".";
  export->format.is_utf8 = TRUE;
  export->list = list;
  export->stream = g_object_ref (stream);
  export->out = g_string_new (NULL);
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, run);
}

/**
 * kontor_export_finish:
 * @screen: the screen
 * @result: what the callback got
 * @n: (out) (optional): how many rows were written
 * @error: return location for a #GError
 *
 * Returns: %TRUE when all rows are in the stream; else %FALSE with a #GIOErrorEnum
 */
gboolean
kontor_export_finish (KontorScreen *screen, GAsyncResult *result, guint *n, GError **error)
{
  gssize written = g_task_propagate_int (G_TASK (result), error);

  if (written >= 0 && n != NULL)
    *n = (guint) written;
  return written >= 0;
}
