/* settings.c: what a person prefers, of both consoles and on every server.
 *
 * They stand in $XDG_CONFIG_HOME/kontor/console.ini, which people may write by hand:
 *
 *   [console]
 *   start=overview
 *   zone=Europe/Berlin
 *
 *   [screen payments]
 *   columns=amount;status;created
 *   sort=amount
 *   descending=true
 *
 * What is written there and not known here stays: it may be another version's. */
#include "core/console/settings.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/console/text.h"

#define GENERAL "console"
#define GROUP_PREFIX "screen "
#define LARGEST_FILE (1 << 20)

struct _KontorSettings
{
  GObject parent_instance;
  char *path;
  GKeyFile *file;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (KontorSettings, kontor_settings, G_TYPE_OBJECT)

static const char *const starts[] = { "payments", "overview", NULL };
static const char *const themes[] = { "system", "light", "dark", "mono", NULL };
static const char *const bools[] = { "true", "false", NULL };
static const char *const dates[] = { "iso", "locale", NULL };

const KontorSetting kontor_settings_table[] = {
  { "start", N_ ("First screen"), N_ ("What is shown when a console starts."),
    KONTOR_SETTING_CHOICE, "payments", starts },
  { "theme", N_ ("Colours"),
    N_ ("Light and dark are for windows; a terminal has its own. Mono draws without any."),
    KONTOR_SETTING_CHOICE, "system", themes },
  { "dates", N_ ("Dates"), N_ ("As 2026-11-22 everywhere, or as your language writes them."),
    KONTOR_SETTING_CHOICE, "iso", dates },
  { "zone", N_ ("Time zone"), N_ ("Such as Europe/Berlin; empty for this machine's."),
    KONTOR_SETTING_ZONE, "" },
  { "confirm-live", N_ ("Confirm real money"),
    N_ ("Amounts of live mode are typed twice before they are moved."), KONTOR_SETTING_BOOL, "true",
    bools },
  { "read-only", N_ ("Only read"), N_ ("Nothing can be changed from a console."),
    KONTOR_SETTING_BOOL, "false", bools },
  { "mouse", N_ ("Mouse"), N_ ("The terminal's mouse moves and opens; else it selects text."),
    KONTOR_SETTING_BOOL, "true", bools },
  { "bell", N_ ("Bell"), N_ ("The terminal rings when something should be looked at."),
    KONTOR_SETTING_BOOL, "false", bools },
  { "desktop", N_ ("Desktop notices"),
    N_ ("The terminal is asked to show news on the desktop (OSC 9)."), KONTOR_SETTING_BOOL, "false",
    bools },
  { "notify-payment", N_ ("Tell of failed payments"), N_ ("As they happen."), KONTOR_SETTING_BOOL,
    "false", bools },
  { "notify-payment-from", N_ ("… from this amount"), N_ ("In whole units of the currency."),
    KONTOR_SETTING_NUMBER, "0" },
  { "notify-refund", N_ ("Tell of failed refunds"), N_ ("Money that the bank sent back."),
    KONTOR_SETTING_BOOL, "true", bools },
  { "notify-dispute", N_ ("Tell of disputes"), N_ ("Payments that a customer disputes."),
    KONTOR_SETTING_BOOL, "true", bools },
  { "notify-endpoint", N_ ("Tell of endpoints"), N_ ("Webhook endpoints that fail or are off."),
    KONTOR_SETTING_BOOL, "true", bools },
  { "notify-queue", N_ ("Tell of the queue"), N_ ("Queued actions that were not done."),
    KONTOR_SETTING_BOOL, "true", bools },
  { NULL },
};

/* ---------------------------------------------------------------------------------- checks -- */

static gboolean
refuse (GError **error, const char *name, const char *what)
{
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING, "%s: %s", name, what);
  return FALSE;
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strlen (text) <= 12 && text[strspn (text, "0123456789")] == '\0';
}

static gboolean
is_zone (const char *text)
{
  g_autoptr (GTimeZone) zone = *text != '\0' ? g_time_zone_new_identifier (text) : NULL;

  return *text == '\0' || zone != NULL;
}

/**
 * kontor_settings_check:
 * @setting: one of the table
 * @value: what it would be
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING, which names the setting
 *
 * Returns: whether it may be so
 */
gboolean
kontor_settings_check (const KontorSetting *setting, const char *value, GError **error)
{
  g_autofree char *all = NULL, *what = NULL;

  switch (setting->kind)
    {
    case KONTOR_SETTING_BOOL:
      return strcmp (value, "true") == 0 || strcmp (value, "false") == 0
             || refuse (error, setting->name, _ ("write true or false."));
    case KONTOR_SETTING_NUMBER:
      return is_number (value) || refuse (error, setting->name, _ ("write a number, such as 100."));
    case KONTOR_SETTING_ZONE:
      return is_zone (value)
             || refuse (error, setting->name,
                        _ ("write a zone such as Europe/Berlin, or nothing."));
    case KONTOR_SETTING_CHOICE:
    default:
      if (g_strv_contains (setting->choices, value))
        return TRUE;
      all = g_strjoinv (", ", (char **) setting->choices);
      what = g_strdup_printf (_ ("write one of %s."), all);
      return refuse (error, setting->name, what);
    }
}

/* ------------------------------------------------------------------------------- the file -- */

/* Whether GKeyFile reads the line; it does not tell which one it cannot. */
static gboolean
is_readable (const char *line)
{
  const char *equals = strchr (line, '=');

  if (*line == '\0' || *line == '#')
    return TRUE;
  if (*line == '[')
    return g_str_has_suffix (line, "]") && strlen (line) > 2;
  return equals != NULL && equals > line;
}

static gboolean
blame (const KontorSettings *settings, guint line, const char *what, GError **error)
{
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING, "%s:%u: %s", settings->path,
               line, what);
  return FALSE;
}

/* Each line by itself, so that a mistake can be found. */
static gboolean
check_lines (const KontorSettings *settings, const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean is_general = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]), *equals = strchr (line, '=');
      const KontorSetting *setting;
      g_autoptr (GError) problem = NULL;

      if (!g_utf8_validate (line, -1, NULL))
        return blame (settings, i + 1, _ ("this is not UTF-8."), error);
      if (!is_readable (line))
        return blame (settings, i + 1, _ ("write “name=value”, “[group]” or “# a note”."), error);
      if (*line == '[')
        is_general = strcmp (line, "[" GENERAL "]") == 0;
      if (*line == '[' || *line == '#' || equals == NULL || !is_general)
        continue;
      *equals = '\0';
      setting = kontor_settings_find (g_strstrip (line));
      if (setting != NULL && !kontor_settings_check (setting, g_strstrip (equals + 1), &problem))
        return blame (settings, i + 1, problem->message, error);
    }
  return TRUE;
}

/* @file is as it was when the file cannot be read. No file says nothing. */
static gboolean
read_file (KontorSettings *settings, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) problem = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (settings->path, &text, &length, &problem)
      && !g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return refuse (error, settings->path, problem->message);
  g_clear_error (&problem);
  if (length > LARGEST_FILE || (text != NULL && strlen (text) != length))
    return refuse (error, settings->path, _ ("this is no file of settings."));
  if (text != NULL && !check_lines (settings, text, error))
    return FALSE;
  if (text != NULL
      && !g_key_file_load_from_data (file, text, length, G_KEY_FILE_KEEP_COMMENTS, &problem))
    return refuse (error, settings->path, problem->message);
  g_clear_pointer (&settings->file, g_key_file_unref);
  settings->file = g_steal_pointer (&file);
  return TRUE;
}

/* A new file takes the old one's place, so that a full disk costs nothing. */
static gboolean
write_file (KontorSettings *settings, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (settings->path);
  gsize length;
  g_autofree char *text = g_key_file_to_data (settings->file, &length, NULL);
  g_autoptr (GError) problem = NULL;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    return refuse (error, folder, g_strerror (errno));
  if (!g_file_set_contents_full (settings->path, text, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, &problem))
    return refuse (error, settings->path, problem->message);
  return TRUE;
}

/* ------------------------------------------------------------------------------ life cycle -- */

static void
finalize (GObject *object)
{
  KontorSettings *settings = KONTOR_SETTINGS (object);

  g_free (settings->path);
  g_clear_pointer (&settings->file, g_key_file_unref);
  G_OBJECT_CLASS (kontor_settings_parent_class)->finalize (object);
}

static void
kontor_settings_class_init (KontorSettingsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  /**
   * KontorSettings::changed:
   * @settings: the settings
   * @name: of the one that has another value
   */
  signals[CHANGED] = g_signal_new ("changed", KONTOR_TYPE_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kontor_settings_init (KontorSettings *settings)
{
  settings->path = g_build_filename (g_get_user_config_dir (), "kontor", "console.ini", NULL);
}

/**
 * kontor_settings_load:
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING, which names the file and its line
 *
 * Returns: (transfer full) (nullable): what the person prefers; everything as at first when there
 * is no file
 */
KontorSettings *
kontor_settings_load (GError **error)
{
  g_autoptr (KontorSettings) settings = g_object_new (KONTOR_TYPE_SETTINGS, NULL);

  return read_file (settings, error) ? g_steal_pointer (&settings) : NULL;
}

/* ------------------------------------------------------------------------------ the values -- */

/**
 * kontor_settings_find:
 * @name: of a setting
 *
 * Returns: (nullable): its row of the table; %NULL when there is none of this name
 */
const KontorSetting *
kontor_settings_find (const char *name)
{
  for (const KontorSetting *setting = kontor_settings_table; setting->name != NULL; setting++)
    if (strcmp (setting->name, name) == 0)
      return setting;
  return NULL;
}

/**
 * kontor_settings_text:
 * @settings: (nullable): what the person prefers; %NULL: nothing
 * @name: of a setting of the table
 *
 * Returns: its value, as it is written in the file; an interned string
 */
const char *
kontor_settings_text (KontorSettings *settings, const char *name)
{
  const KontorSetting *setting = kontor_settings_find (name);
  g_autofree char *value
      = settings != NULL ? g_key_file_get_string (settings->file, GENERAL, name, NULL) : NULL;

  g_return_val_if_fail (setting != NULL, "");
  return value != NULL ? g_intern_string (g_strstrip (value)) : setting->initial;
}

/**
 * kontor_settings_is:
 * @settings: (nullable): what the person prefers; %NULL: nothing
 * @name: of a %KONTOR_SETTING_BOOL
 *
 * Returns: whether it is so
 */
gboolean
kontor_settings_is (KontorSettings *settings, const char *name)
{
  return strcmp (kontor_settings_text (settings, name), "true") == 0;
}

/**
 * kontor_settings_number:
 * @settings: (nullable): what the person prefers; %NULL: nothing
 * @name: of a %KONTOR_SETTING_NUMBER
 *
 * Returns: it, 0 or more
 */
gint64
kontor_settings_number (KontorSettings *settings, const char *name)
{
  return g_ascii_strtoll (kontor_settings_text (settings, name), NULL, 10);
}

/* Another console may have written since: what it wrote stays. */
static gboolean
write_value (KontorSettings *settings,
             const char *group,
             const char *name,
             const char *value,
             GError **error)
{
  if (!read_file (settings, error))
    return FALSE;
  if (value != NULL)
    g_key_file_set_string (settings->file, group, name, value);
  else
    g_key_file_remove_key (settings->file, group, name, NULL);
  return write_file (settings, error);
}

/**
 * kontor_settings_set:
 * @settings: what the person prefers
 * @name: of a setting of the table
 * @value: what it is from now on
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * When the file cannot be written it counts for this console all the same; one that cannot be read
 * is not written over.
 *
 * Returns: whether it was allowed, and is in the file
 */
gboolean
kontor_settings_set (KontorSettings *settings, const char *name, const char *value, GError **error)
{
  const KontorSetting *setting = kontor_settings_find (name);
  const char *before = kontor_settings_text (settings, name);
  gboolean done;

  g_return_val_if_fail (setting != NULL, FALSE);
  if (!kontor_settings_check (setting, value, error))
    return FALSE;
  done = write_value (settings, GENERAL, name, value, error);
  if (strcmp (kontor_settings_text (settings, name), before) != 0)
    g_signal_emit (settings, signals[CHANGED], 0, setting->name);
  return done;
}

/* ----------------------------------------------------------------------------- the screens -- */

static char *
group_of (const char *screen)
{
  return g_strconcat (GROUP_PREFIX, screen, NULL);
}

/**
 * kontor_settings_columns:
 * @settings: (nullable): what the person prefers; %NULL: nothing
 * @screen: name of a screen
 *
 * Returns: (transfer full) (nullable): names of the columns that are shown; %NULL: those that are
 * at first
 */
char **
kontor_settings_columns (KontorSettings *settings, const char *screen)
{
  g_autofree char *group = group_of (screen);

  return settings != NULL
             ? g_key_file_get_string_list (settings->file, group, "columns", NULL, NULL)
             : NULL;
}

/**
 * kontor_settings_set_columns:
 * @settings: what the person prefers
 * @screen: name of a screen
 * @columns: (nullable): names of the columns that are shown; %NULL: as at first
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: whether it is in the file
 */
gboolean
kontor_settings_set_columns (KontorSettings *settings,
                             const char *screen,
                             const char *const *columns,
                             GError **error)
{
  g_autofree char *group = group_of (screen);
  g_autofree char *list = columns != NULL ? g_strjoinv (";", (char **) columns) : NULL;

  return write_value (settings, group, "columns", list, error);
}

/**
 * kontor_settings_sort:
 * @settings: (nullable): what the person prefers; %NULL: nothing
 * @screen: name of a screen
 * @descending: (out): in which direction; untouched without an answer
 *
 * Returns: (transfer full) (nullable): name of the column that is sorted by; %NULL: as at first
 */
char *
kontor_settings_sort (KontorSettings *settings, const char *screen, gboolean *descending)
{
  g_autofree char *group = group_of (screen);
  char *column = settings != NULL ? g_key_file_get_string (settings->file, group, "sort", NULL)
                                  : NULL;

  if (column != NULL)
    *descending = g_key_file_get_boolean (settings->file, group, "descending", NULL);
  return column;
}

/**
 * kontor_settings_set_sort:
 * @settings: what the person prefers
 * @screen: name of a screen
 * @column: (nullable): name of the column that is sorted by; %NULL: as at first
 * @descending: in which direction
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: whether it is in the file
 */
gboolean
kontor_settings_set_sort (KontorSettings *settings,
                          const char *screen,
                          const char *column,
                          gboolean descending,
                          GError **error)
{
  g_autofree char *group = group_of (screen);
  const char *direction = column == NULL ? NULL : descending ? "true" : "false";

  return write_value (settings, group, "sort", column, error)
         && write_value (settings, group, "descending", direction, error);
}
