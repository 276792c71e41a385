/* prefer.c: how the console follows what the person prefers. */
#include <string.h>

#include "tui/app.h"

/**
 * tui_prefer_colors:
 * @app: the console
 *
 * Returns: how many colours to use: 0 for none, -1 for all that the terminal has
 */
int
tui_prefer_colors (TuiApp *app)
{
  const char *no_color = g_getenv ("NO_COLOR");
  const char *theme = kontor_settings_text (kontor_desk_settings (app->desk), "theme");

  return strcmp (theme, "mono") == 0 || (no_color != NULL && *no_color != '\0') ? 0 : -1;
}

/**
 * tui_prefer_read_only:
 * @app: the console
 *
 * What was asked for when it was started counts more than what is preferred.
 */
void
tui_prefer_read_only (TuiApp *app)
{
  kontor_desk_set_read_only (
      app->desk,
      app->only_reads || kontor_settings_is (kontor_desk_settings (app->desk), "read-only"));
}

static void
follow_mouse (TuiApp *app)
{
  tui_terminal_use_mouse (kontor_settings_is (kontor_desk_settings (app->desk), "mouse"));
}

static void
follow_colors (TuiApp *app)
{
  tui_terminal_use_colors (tui_prefer_colors (app));
  tui_terminal_repaint ();
}

/* The others are looked at when they matter. */
static const struct
{
  const char *name;
  void      (*follow) (TuiApp *app);
} follows[] = {
  { "mouse", follow_mouse },
  { "theme", follow_colors },
  { "read-only", tui_prefer_read_only },
};

static void
changed_cb (KontorSettings *settings, const char *name, TuiApp *app)
{
  for (guint i = 0; i < G_N_ELEMENTS (follows); i++)
    if (strcmp (follows[i].name, name) == 0)
      follows[i].follow (app);
  tui_app_paint_later (app);
}

static void
news_cb (KontorDesk *desk, const KontorNotification *news, TuiApp *app)
{
  KontorSettings *settings = kontor_desk_settings (desk);
  g_autofree char *text = *news->body != '\0' ? g_strdup_printf ("%s: %s", news->title, news->body)
                                              : g_strdup (news->title);

  tui_app_say (app, news->urgency == KONTOR_URGENCY_HIGH, "%s", text);
  tui_terminal_notify (kontor_settings_is (settings, "bell"),
                       kontor_settings_is (settings, "desktop") ? text : NULL);
}

/**
 * tui_prefer_begin:
 * @app: the console, on a terminal
 *
 * Follows what is preferred from here on.
 */
void
tui_prefer_begin (TuiApp *app)
{
  KontorSettings *settings = kontor_desk_settings (app->desk);

  g_signal_connect (settings, "changed", G_CALLBACK (changed_cb), app);
  g_signal_connect (app->desk, "news", G_CALLBACK (news_cb), app);
  if (!kontor_settings_is (settings, "mouse"))
    follow_mouse (app);
}

/**
 * tui_prefer_start:
 * @app: the console
 *
 * Returns: number of the screen that is shown first
 */
guint
tui_prefer_start (TuiApp *app)
{
  const char *name = kontor_settings_text (kontor_desk_settings (app->desk), "start");
  guint i = 0;

  while (i + 1 < app->n_views && strcmp (app->views[i].declaration->name, name) != 0)
    i++;
  return i;
}

/**
 * tui_prefer_recall:
 * @app: the console
 * @view: one of its screens, which was not shown yet
 *
 * Shows the columns that were shown last.
 */
void
tui_prefer_recall (TuiApp *app, TuiView *view)
{
  const KontorColumn *columns = view->declaration->columns;
  g_auto (GStrv) shown
      = kontor_settings_columns (kontor_desk_settings (app->desk), view->declaration->name);

  for (guint i = 0; shown != NULL && columns[i].name != NULL; i++)
    if (g_strv_contains ((const char *const *) shown, columns[i].name) == columns[i].hidden)
      view->grid.toggled |= 1u << i;
}

/**
 * tui_prefer_columns:
 * @app: the console
 * @view: one of its screens
 * @toggled: bits of columns that are shown or hidden against their declaration
 *
 * Shows these columns, now and the next time.
 */
void
tui_prefer_columns (TuiApp *app, TuiView *view, guint32 toggled)
{
  const KontorColumn *columns = view->declaration->columns;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) shown = NULL;
  g_autoptr (GError) error = NULL;

  view->grid.toggled = toggled;
  for (guint i = 0; columns[i].name != NULL; i++)
    if (tui_grid_has_column (&view->grid, columns, i))
      g_strv_builder_add (builder, columns[i].name);
  shown = g_strv_builder_end (builder);
  if (!kontor_settings_set_columns (kontor_desk_settings (app->desk), view->declaration->name,
                                    toggled != 0 ? (const char *const *) shown : NULL, &error))
    tui_app_say (app, TRUE, "%s", error->message);
}
