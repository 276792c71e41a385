/* choose-account.c: the menu of profiles: to which account of which server the console goes. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/profile.h"
#include "tui/app.h"
#include "tui/menu.h"

static void
add_profile (TuiMenu *menu, TuiApp *app, const KontorProfiles *profiles, const char *name)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (KontorProfile) profile = kontor_profiles_find (profiles, name, &problem);
  g_autofree char *note
      = profile != NULL
            ? g_strdup_printf ("%s %s", profile->livemode ? _ ("LIVE") : _ ("TEST"), profile->url)
            : NULL;

  tui_menu_add (menu, name, note, problem != NULL ? problem->message : NULL,
                strcmp (kontor_desk_profile (app->desk)->name, name) == 0, NULL);
}

static void
fill_accounts (TuiMenu *menu, const char *typed, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (&error);
  g_auto (GStrv) names = profiles != NULL ? kontor_profiles_names (profiles) : NULL;

  if (profiles == NULL)
    tui_menu_add (menu, _ ("No profiles"), NULL, error->message, FALSE, NULL);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    add_profile (menu, data, profiles, names[i]);
}

/* What waits in a queue stays there: the other account has one of its own. */
static gboolean
choose_account (const TuiMenuItem *item, const char *typed, gpointer data)
{
  TuiApp *app = data;

  if (!item->checked)
    {
      g_free (app->next);
      app->next = g_strdup (item->text);
      tui_app_quit (app);
    }
  return FALSE;
}

/**
 * tui_choose_account:
 * @app: the console
 *
 * Lists the profiles; one that is chosen takes this one's place.
 */
void
tui_choose_account (TuiApp *app)
{
  static TuiMenuKind kind = { .has_checks = TRUE, .fill = fill_accounts, .choose = choose_account };

  kind.title = _ ("Accounts");
  kind.hint = _ ("“kontor login” adds one · Esc back");
  tui_app_push (app, tui_menu_new (&kind, app));
}
