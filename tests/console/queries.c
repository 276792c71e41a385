/* queries.c: asks a screen over a copy what comes line by line, and says which rows it shows.
 *
 * A line is "COLUMN up|down QUERY". What is shown goes to FOLDER/list, an id a line, and is exported
 * to FOLDER/csv and FOLDER/jsonl; then "N rows" is printed, or what is wrong with the line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/console/export.h"

static const KontorFormat format = { ".", ",", NULL, TRUE };

static void
settle (KontorScreen *screen)
{
  while (kontor_screen_is_busy (screen))
    g_main_context_iteration (NULL, TRUE);
}

static void
sort (KontorScreen *screen, const char *name, gboolean down)
{
  const KontorColumn *column = kontor_screen_declaration (screen)->columns;
  gboolean is_down;

  while (column->name != NULL && strcmp (column->name, name) != 0)
    column++;
  if (column->name == NULL)
    g_error ("there is no column %s", name);
  while (!kontor_screen_sorted_by (screen, column, &is_down) || is_down != down)
    kontor_screen_sort (screen, column);
}

static void
write_list (KontorScreen *screen, const char *folder)
{
  GListModel *list = G_LIST_MODEL (kontor_screen_list (screen));
  g_autofree char *path = g_build_filename (folder, "list", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (KontorItem) item = g_list_model_get_item (list, i);

      g_string_append_printf (text, "%s\n", kontor_item_id (item));
    }
  if (!g_file_set_contents (path, text->str, (gssize) text->len, NULL))
    g_error ("%s cannot be written", path);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n;

  if (!kontor_export_finish (KONTOR_SCREEN (source), result, &n, &error))
    g_error ("%s", error->message);
  *(gboolean *) data = TRUE;
}

static void export(KontorScreen *screen,
                   KontorExportKind kind,
                   const char *folder,
                   const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream
      = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);
  gboolean is_done = FALSE;

  kontor_export_async (screen, kind, G_OUTPUT_STREAM (stream), NULL, exported_cb, &is_done);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
  g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL);
}

static void
answer (KontorScreen *screen, char *line, const char *folder)
{
  g_auto (GStrv) parts = g_strsplit (g_strchomp (line), " ", 3);
  gsize start, length;

  if (g_strv_length (parts) < 2)
    g_error ("a column and a direction are missing");
  sort (screen, parts[0], strcmp (parts[1], "down") == 0);
  kontor_screen_set_query (screen, parts[2]);
  settle (screen);
  if (kontor_screen_mistake (screen, &start, &length))
    {
      g_print ("%s\n", kontor_screen_banner (screen));
      return;
    }
  write_list (screen, folder);
  export(screen, KONTOR_EXPORT_CSV, folder, "csv");
  export(screen, KONTOR_EXPORT_JSONL, folder, "jsonl");
  g_print ("%u rows\n", g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (screen))));
}

int
main (int argc, char *argv[])
{
  g_autoptr (KontorShelf) shelf = NULL;
  g_autoptr (KontorScreen) screen = NULL;
  char line[4096];

  if (argc != 3)
    g_error ("usage: console-queries COPY FOLDER");
  shelf = kontor_shelf_new (argv[1]);
  screen = kontor_screen_new (&kontor_payments_screen, shelf, &format);
  settle (screen);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      answer (screen, line, argv[2]);
      fflush (stdout);
    }
  return 0;
}
