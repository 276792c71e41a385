/* save.c: the rows that are shown, written to a file. */
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/console/export.h"
#include "tui/app.h"

typedef struct
{
  TuiApp *app;
  char   *path;
} Save;

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Save *save = data;
  g_autoptr (GError) error = NULL;
  guint n;

  save->app->n_under_way--;
  if (kontor_export_finish (KONTOR_SCREEN (source), result, &n, &error))
    {
      g_autofree char *number = kontor_format_number (kontor_desk_format (save->app->desk), n);

      tui_app_say (save->app, FALSE, _ ("%s rows are in %s."), number, save->path);
    }
  else
    tui_app_say (save->app, TRUE, "%s: %s", save->path, error->message);
  g_free (save->path);
  g_free (save);
}

/**
 * tui_save_list:
 * @app: the console, with a screen
 * @path: of a file that is not there yet; .jsonl at its end: an object a line, else a table
 *
 * Says how many rows it was when it is done.
 */
void
tui_save_list (TuiApp *app, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream = NULL;
  Save *save;

  if (kontor_screen_is_partial (tui_app_view (app)->screen)) /* before an empty file is left */
    {
      tui_app_say (app, TRUE, "%s", _ ("Not all rows have been read yet: try again in a moment."));
      return;
    }
  stream = g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, &error);
  if (stream == NULL)
    {
      tui_app_say (app, TRUE, "%s", error->message);
      return;
    }
  save = g_new0 (Save, 1);
  save->app = app;
  save->path = g_strdup (path);
  app->n_under_way++;
  kontor_export_async (tui_app_view (app)->screen,
                       g_str_has_suffix (path, ".jsonl") ? KONTOR_EXPORT_JSONL : KONTOR_EXPORT_CSV,
                       G_OUTPUT_STREAM (stream), NULL, saved_cb, save);
}
