/* settings.h: what a person prefers, of both consoles and on every server. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  KONTOR_SETTING_BOOL,   /* "true" or "false" */
  KONTOR_SETTING_CHOICE, /* one of @choices */
  KONTOR_SETTING_ZONE,   /* a time zone's name; "": the machine's */
  KONTOR_SETTING_NUMBER, /* 0 or more */
} KontorSettingKind;

/* One row per setting: preferences are drawn from it. */
typedef struct
{
  const char        *name;
  const char        *title;   /* marked for translation */
  const char        *help;    /* one sentence, likewise */
  KontorSettingKind  kind;
  const char        *initial;
  const char *const *choices;
} KontorSetting;

extern const KontorSetting kontor_settings_table[]; /* ends with a row without a name */

/* Signals: "changed" (const char *name): a setting has another value */
#define KONTOR_TYPE_SETTINGS (kontor_settings_get_type ())
G_DECLARE_FINAL_TYPE (KontorSettings, kontor_settings, KONTOR, SETTINGS, GObject)

KontorSettings      *kontor_settings_load   (GError **error);
const KontorSetting *kontor_settings_find   (const char *name);
const char          *kontor_settings_text   (KontorSettings *settings, const char *name);
gboolean             kontor_settings_is     (KontorSettings *settings, const char *name);
gint64               kontor_settings_number (KontorSettings *settings, const char *name);
gboolean             kontor_settings_check  (const KontorSetting *setting,
                                             const char          *value,
                                             GError             **error);
gboolean             kontor_settings_set    (KontorSettings *settings,
                                             const char     *name,
                                             const char     *value,
                                             GError        **error);

/* Of one screen, by its name. */
char   **kontor_settings_columns     (KontorSettings *settings, const char *screen);
gboolean kontor_settings_set_columns (KontorSettings    *settings,
                                      const char        *screen,
                                      const char *const *columns,
                                      GError           **error);
char    *kontor_settings_sort        (KontorSettings *settings,
                                      const char     *screen,
                                      gboolean       *descending);
gboolean kontor_settings_set_sort    (KontorSettings *settings,
                                      const char     *screen,
                                      const char     *column,
                                      gboolean        descending,
                                      GError        **error);

G_END_DECLS
