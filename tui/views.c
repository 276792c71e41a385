/* views.c: the menu of saved views: to show one, to save, share or delete one by its name. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/console/views.h"
#include "tui/app.h"
#include "tui/menu.h"

typedef enum
{
  SHOW,
  SAVE,
  SHARE,
  DELETE,
} What;

static const KontorSavedView *
find (GPtrArray *views, const char *name, gboolean own)
{
  for (guint i = 0; i < views->len; i++)
    {
      const KontorSavedView *view = views->pdata[i];

      if (strcmp (view->name, name) == 0 && (view->own || !own))
        return view;
    }
  return NULL;
}

static void
add (TuiMenu *menu, char *text, What what)
{
  tui_menu_add (menu, text, NULL, NULL, FALSE, GUINT_TO_POINTER (what));
  g_free (text);
}

/* The views first; then what can be done under the name that is typed. */
static void
fill (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiApp *app = data;
  g_autoptr (GPtrArray) views = kontor_views_of (app->desk, tui_app_view (app)->screen);

  for (guint i = 0; i < views->len; i++)
    {
      const KontorSavedView *view = views->pdata[i];
      g_autofree char *hint
          = g_strdup_printf ("%s%s", view->query, view->shared ? _ (" · shared") : "");

      if (*typed == '\0' || kontor_command_score (view->name, typed) > 0)
        tui_menu_add (menu, view->name, hint, NULL, FALSE, GUINT_TO_POINTER (SHOW));
    }
  if (*typed == '\0')
    return;
  add (menu, g_strdup_printf (_ ("Save this as “%s”"), typed), SAVE);
  add (menu, g_strdup_printf (_ ("Save this as “%s” for everybody"), typed), SHARE);
  if (find (views, typed, TRUE) != NULL)
    add (menu, g_strdup_printf (_ ("Delete “%s”"), typed), DELETE);
}

static void
act (TuiApp *app, What what, const char *name)
{
  KontorScreen *screen = tui_app_view (app)->screen;
  g_autoptr (GPtrArray) views = kontor_views_of (app->desk, screen);
  const KontorSavedView *view = find (views, name, what == DELETE);
  g_autoptr (GError) error = NULL;

  if (what == SHOW && view != NULL)
    {
      kontor_views_show (screen, view);
      tui_field_set (app->search, view->query);
    }
  else if (what == DELETE && view != NULL && kontor_views_delete (app->desk, view, &error))
    tui_app_say (app, FALSE, _ ("“%s” is deleted."), name);
  else if (what != SHOW && what != DELETE
           && kontor_views_save (app->desk, screen, name, what == SHARE, &error))
    tui_app_say (app, FALSE, _ ("“%s” is saved."), name);
  if (error != NULL)
    tui_app_say (app, TRUE, "%s", error->message);
}

static gboolean
choose (const TuiMenuItem *item, const char *typed, gpointer data)
{
  What what = GPOINTER_TO_UINT (item->data);

  act (data, what, what == SHOW ? item->text : typed);
  return FALSE;
}

/**
 * tui_choose_view:
 * @app: the console, with a screen
 *
 * Lists the saved views of its list.
 */
void
tui_choose_view (TuiApp *app)
{
  static TuiMenuKind kind = { .is_typed_to = TRUE, .fill = fill, .choose = choose };

  kind.title = _ ("Views");
  kind.hint = _ ("Type a name to save what is shown · Esc back");
  tui_app_push (app, tui_menu_new (&kind, app));
}
