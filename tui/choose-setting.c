/* choose-setting.c: the menu of what a setting may be; what is no word of a table is typed. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "tui/app.h"
#include "tui/menu.h"

static const KontorSetting *
at_cursor (TuiApp *app)
{
  KontorScreen *screen = tui_app_view (app)->screen;
  gint64 key = kontor_list_key (kontor_screen_list (screen), kontor_screen_cursor (screen));
  guint64 number = (guint64) key & KONTOR_TICK_MASK;

  return key != 0 ? &kontor_settings_table[number - 1] : NULL;
}

static void
fill_words (TuiMenu *menu, const KontorSetting *setting, const char *now)
{
  for (guint i = 0; setting->choices[i] != NULL; i++)
    tui_menu_add (menu, setting->choices[i],
                  g_str_equal (setting->choices[i], setting->initial) ? _ ("at first") : NULL, NULL,
                  g_str_equal (setting->choices[i], now), setting);
}

static void
fill_values (TuiMenu *menu, const char *typed, gpointer data)
{
  const KontorSetting *setting = at_cursor (data);
  KontorSettings *settings = kontor_desk_settings (((TuiApp *) data)->desk);
  g_autoptr (GError) problem = NULL;

  if (setting == NULL)
    return;
  if (setting->choices != NULL)
    {
      fill_words (menu, setting, kontor_settings_text (settings, setting->name));
      return;
    }
  if (*typed != '\0')
    {
      kontor_settings_check (setting, typed, &problem);
      tui_menu_add (menu, typed, NULL, problem != NULL ? problem->message : NULL, FALSE, setting);
      return;
    }
  tui_menu_add (menu, kontor_settings_text (settings, setting->name), _ ("now"), NULL, FALSE,
                setting);
  tui_menu_add (menu, setting->initial, _ ("at first"), NULL, FALSE, setting);
}

static gboolean
choose_value (const TuiMenuItem *item, const char *typed, gpointer data)
{
  TuiApp *app = data;
  const KontorSetting *setting = item->data;
  g_autoptr (GError) error = NULL;

  if (kontor_settings_set (kontor_desk_settings (app->desk), setting->name, item->text, &error))
    tui_app_say (app, FALSE, _ ("%s: %s"), _ (setting->title),
                 *item->text != '\0' ? item->text : _ ("as at first"));
  else
    tui_app_say (app, TRUE, "%s", error->message);
  return FALSE;
}

/**
 * tui_choose_setting:
 * @app: the console, at a row of the preferences
 *
 * Asks what the setting is to be.
 */
void
tui_choose_setting (TuiApp *app)
{
  static TuiMenuKind words = { .has_checks = TRUE, .fill = fill_values, .choose = choose_value };
  static TuiMenuKind line = { .is_typed_to = TRUE, .fill = fill_values, .choose = choose_value };
  const KontorSetting *setting = at_cursor (app);
  TuiMenuKind *kind = setting->choices != NULL ? &words : &line;

  kind->title = _ (setting->title);
  kind->hint = setting->choices != NULL ? _ ("Enter sets it · Esc back")
                                        : _ ("Type it · Enter sets it · Esc back");
  tui_app_push (app, tui_menu_new (kind, app));
}
