/* script.c: the console driven by a file of keys, as tests and habits need it. */
#include "tui/script.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#define STEP_MS 5
#define PATIENCE_MS 15000

struct _TuiScript
{
  char  **lines;
  guint   at;
  gint64  since;  /* when the step that is waited for began; 0: none */
  int     status;
  TuiApp *app;
};

typedef enum
{
  DONE,
  WAIT,
  FAILED
} Outcome;

static void
give (TuiApp *app, const char *key)
{
  TuiInput input = { .key = key };

  if (strcmp (key, "Space") == 0)
    input.text = " ";
  else if (g_utf8_strlen (key, -1) == 1)
    input.text = key;
  tui_app_input (app, &input);
}

static Outcome
press (TuiScript *script, const char *keys)
{
  g_auto (GStrv) list = g_strsplit (keys, " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    if (*list[i] != '\0')
      give (script->app, list[i]);
  return DONE;
}

/* A letter at a time, as a person does. */
static Outcome
type (TuiScript *script, const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      g_autofree char *letter = g_strndup (at, (gsize) (g_utf8_next_char (at) - at));

      give (script->app, strcmp (letter, " ") == 0 ? "Space" : letter);
    }
  return DONE;
}

static Outcome
wait_for (TuiScript *script, const char *what)
{
  gboolean synced = kontor_sync_state (kontor_desk_sync (script->app->desk)) == KONTOR_SYNC_CURRENT;

  if (strcmp (what, "synced") == 0)
    return synced && tui_app_is_idle (script->app) ? DONE : WAIT;
  if (strcmp (what, "idle") == 0)
    return tui_app_is_idle (script->app) ? DONE : WAIT;
  return FAILED;
}

static Outcome
write_screen (TuiScript *script, const char *path)
{
  g_autofree char *text = tui_terminal_text ();
  g_autoptr (GError) error = NULL;

  if (strcmp (path, "-") == 0)
    {
      fputs (text, stdout);
      fflush (stdout);
      return DONE;
    }
  if (g_file_set_contents (path, text, -1, &error))
    return DONE;
  fprintf (stderr, "kontor-tui: %s\n", error->message);
  return FAILED;
}

static Outcome
expect (TuiScript *script, const char *wanted)
{
  g_autofree char *text = tui_terminal_text ();

  return strstr (text, wanted) != NULL ? DONE : WAIT;
}

static Outcome
resize (TuiScript *script, const char *size)
{
  int width, height;

  if (sscanf (size, "%dx%d", &width, &height) != 2)
    return FAILED;
  tui_terminal_resize (height, width);
  tui_app_paint_later (script->app);
  return DONE;
}

static const struct
{
  const char *name;
  Outcome   (*run) (TuiScript *script, const char *argument);
} steps[] = {
  { "keys ", press },          { ":type ", type },     { ":wait ", wait_for },
  { ":screen ", write_screen }, { ":expect ", expect }, { ":size ", resize },
};

static Outcome
run_line (TuiScript *script, const char *line)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_has_prefix (line, steps[i].name))
      return steps[i].run (script, line + strlen (steps[i].name));
  return *line == '\0' || *line == '#' ? DONE : FAILED;
}

static gboolean
end (TuiScript *script, int status)
{
  script->status = status;
  tui_app_quit (script->app);
  return G_SOURCE_REMOVE;
}

static gboolean
fail (TuiScript *script)
{
  g_autofree char *text = tui_terminal_text ();

  fprintf (stderr, "kontor-tui: script, line %u: %s\n%s", script->at + 1, script->lines[script->at],
           text);
  return end (script, 3);
}

/* After all that the last step brought about has been painted. */
static gboolean
step_cb (gpointer data)
{
  TuiScript *script = data;
  const char *line = script->lines[script->at];

  if (line == NULL)
    return end (script, 0);
  if (script->app->paint_source != 0)
    return G_SOURCE_CONTINUE;
  switch (run_line (script, line))
    {
    case DONE:
      script->at++;
      script->since = 0;
      break;
    case WAIT:
      if (script->since == 0)
        script->since = g_get_monotonic_time ();
      if (g_get_monotonic_time () - script->since > PATIENCE_MS * G_TIME_SPAN_MILLISECOND)
        return fail (script);
      break;
    case FAILED:
      return fail (script);
    }
  return G_SOURCE_CONTINUE;
}

/**
 * tui_script_load:
 * @path: of a file; "-": standard input
 * @error: return location for a #GError
 *
 * Returns: (transfer full): its steps, or %NULL
 */
TuiScript *
tui_script_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  TuiScript *script;

  if (!g_file_get_contents (strcmp (path, "-") == 0 ? "/dev/stdin" : path, &text, NULL, error))
    return NULL;
  script = g_new0 (TuiScript, 1);
  script->lines = g_strsplit (text, "\n", -1);
  return script;
}

/**
 * tui_script_free:
 * @script: (transfer full) (nullable): a script
 */
void
tui_script_free (TuiScript *script)
{
  if (script == NULL)
    return;
  g_strfreev (script->lines);
  g_free (script);
}

/**
 * tui_script_start:
 * @script: what is to be done
 * @app: the console, started; ends when the script does
 */
void
tui_script_start (TuiScript *script, TuiApp *app)
{
  script->app = app;
  g_timeout_add_full (G_PRIORITY_LOW, STEP_MS, step_cb, script, NULL);
}

/**
 * tui_script_status:
 * @script: one that has ended
 *
 * Returns: the program's exit status: 0, or 3 when something was not as expected
 */
int
tui_script_status (const TuiScript *script)
{
  return script->status;
}
