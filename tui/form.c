/* form.c: a form on the screen: its fields, what is wrong with them, what will happen. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/console/submit.h"
#include "core/text.h"
#include "tui/app.h"

#define MOST_FIELDS 16
#define LABELS 18

typedef struct _Form Form;

/* Who does not wait closes the form: then only what became of it is said. */
typedef struct
{
  TuiApp     *app;
  Form       *form; /* %NULL: it was closed */
  const char *title;
} Sending;

struct _Form
{
  TuiLayer    layer;
  TuiApp     *app;
  KontorForm *form;
  TuiField   *fields[MOST_FIELDS]; /* the last one is @confirmation's, where there is one */
  guint       n_inputs, n, at;
  gboolean    is_touched;          /* only then what is wrong is shown */
  char       *refusal;             /* what the server said */
  GCancellable *patience;          /* while the server decides; else %NULL */
  char       *secret;              /* shown once, when all is done; else %NULL */
  Sending    *sending;             /* likewise */
  TuiArea     area;
};

static const KontorInput *
inputs_of (const Form *form)
{
  return kontor_form_inputs (form->form);
}

/* -------------------------------------------------------------------------------- painting -- */

static const char *
problem_at (const Form *form, guint i)
{
  g_autofree char *once_more = NULL;

  if (i < form->n_inputs)
    return kontor_form_problem (form->form, i);
  once_more = kontor_form_once_more (form->form, TRUE);
  if (g_strcmp0 (form->fields[i]->text->str, once_more) == 0)
    return NULL;
  return form->n_inputs > 0 ? _ ("Type it once more: this is real money.")
                            : _ ("Type how many there are: this is the real thing.");
}

static void
paint_choices (const Form *form, guint i, int y, int x, guint columns)
{
  const char *const *choices = inputs_of (form)[i].choices;
  g_autofree char *all = g_strjoinv (" · ", (char **) choices);

  tui_put (y, x, columns, TUI_DIM, TUI_START, all);
}

static void
paint_field (Form *form, guint i, int y)
{
  gboolean active = i == form->at && form->patience == NULL;
  int x = form->area.x + 2, width = form->area.width - 4;
  const char *label = i < form->n_inputs ? _ (inputs_of (form)[i].label) : _ ("Once more");
  const char *problem = form->is_touched || i == form->at ? problem_at (form, i) : NULL;
  const char *help = i < form->n_inputs ? _ (inputs_of (form)[i].help) : "";

  tui_put (y, x, LABELS - 1, active ? TUI_STRONG : TUI_PLAIN, TUI_START, label);
  tui_field_paint (form->fields[i], (TuiArea){ y, x + LABELS, 1, width - LABELS }, NULL, active);
  if (problem != NULL && (form->is_touched || form->fields[i]->text->len > 0))
    tui_put (y + 1, x + LABELS, (guint) (width - LABELS), TUI_BAD, TUI_START, problem);
  else if (active && i < form->n_inputs && inputs_of (form)[i].choices != NULL)
    paint_choices (form, i, y + 1, x + LABELS, (guint) (width - LABELS));
  else
    tui_put (y + 1, x + LABELS, (guint) (width - LABELS), TUI_DIM, TUI_START, active ? help : "");
}

/* In as many rows as it needs. */
static int
paint_wrapped (int y, int x, guint columns, int rows, TuiStyle style, const char *text)
{
  for (; *text != '\0' && rows > 0; rows--, y++)
    {
      guint taken;
      gsize fits = kontor_text_fit (text, columns, &taken), at = fits;
      g_autofree char *line = NULL;

      while (text[fits] != '\0' && at > 0 && text[at] != ' ')
        at--;
      at = at == 0 ? fits : at;
      line = g_strndup (text, at);
      tui_put (y, x, columns, style, TUI_START, line);
      text += at + (text[at] == ' ');
    }
  return y;
}

/* What is shown once stands on one line, to be selected with the mouse as well. */
static void
paint_secret (const Form *form, int y)
{
  int x = form->area.x + 2;
  guint width = (guint) form->area.width - 4;

  y = paint_wrapped (y, x, width, 3, TUI_STRONG,
                     _ ("Done. This is shown once and kept nowhere: copy it now."));
  paint_wrapped (y + 1, x, width, 3, TUI_GOOD, form->secret);
  tui_put (form->area.y + form->area.height - 2, x, width, TUI_DIM, TUI_START,
           _ ("y  Copy   Enter  It is kept safe"));
}

static void
form_paint (TuiLayer *layer, TuiArea whole)
{
  Form *form = (Form *) layer;
  const KontorFormDeclaration *declaration = kontor_form_declaration (form->form);
  int height = (int) form->n * 2 + 8, width = MIN (whole.width - 2, 72), y;
  g_autofree char *preview = kontor_form_preview (form->form), *keys = NULL;

  height = MIN (height, whole.height);
  form->area = (TuiArea){ whole.y + (whole.height - height) / 3,
                          whole.x + (whole.width - width) / 2, height, width };
  tui_erase (form->area, TUI_PLAIN);
  tui_frame (form->area, TUI_STRONG, _ (declaration->title));
  tui_cursor (-1, 0);
  y = form->area.y + 2;
  if (form->secret != NULL)
    {
      paint_secret (form, y);
      return;
    }
  for (guint i = 0; i < form->n && y < form->area.y + height - 5; i++, y += 2)
    paint_field (form, i, y);
  if (form->refusal != NULL)
    paint_wrapped (y, form->area.x + 2, (guint) width - 4, 3, TUI_PROBLEM, form->refusal);
  else if (kontor_form_is_complete (form->form))
    paint_wrapped (y, form->area.x + 2, (guint) width - 4, 3, TUI_STRONG, preview);
  keys = form->patience != NULL
             ? g_strdup (_ ("Asking the server…   Esc  Do not wait for it"))
             : g_strdup_printf (_ ("Tab  Next field   Ctrl-s  %s   Esc  Nothing is done"),
                                _ (declaration->submit));
  tui_put (form->area.y + height - 2, form->area.x + 2, (guint) width - 4, TUI_DIM, TUI_START,
           keys);
}

/* ------------------------------------------------------------------------------ submitting -- */

static void
remove_form (Form *form)
{
  g_ptr_array_remove (form->app->layers, form);
}

static gboolean
is_complete (const Form *form)
{
  for (guint i = 0; i < form->n; i++)
    if (problem_at (form, i) != NULL)
      return FALSE;
  return TRUE;
}

static void
stop_waiting (Form *form)
{
  if (form->patience == NULL)
    return;
  g_cancellable_cancel (form->patience);
  g_clear_object (&form->patience);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Sending *sending = data;
  Form *form = sending->form;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorSubmitted) submitted = kontor_submit_finish (result, &error);
  g_autofree char *said = submitted != NULL ? kontor_submitted_text (submitted, sending->title)
                                            : NULL;

  sending->app->n_under_way--;
  if (form != NULL)
    {
      form->sending = NULL;
      g_clear_object (&form->patience);
    }
  if (submitted != NULL && (form == NULL || submitted->secret == NULL))
    tui_app_say (sending->app, submitted->n_refused > 0, "%s", said);
  if (submitted != NULL && form != NULL)
    {
      form->secret = g_steal_pointer (&submitted->secret);
      if (form->secret == NULL)
        remove_form (form);
    }
  else if (submitted == NULL && form != NULL)
    form->refusal = g_strdup (error->message);
  else if (submitted == NULL)
    tui_app_say (sending->app, TRUE, "%s: %s", sending->title, error->message);
  tui_app_paint_later (sending->app);
  g_free (sending);
}

/* With the server there, the form waits to hear what became of it. */
static void
send (Form *form)
{
  Sending *sending = g_new0 (Sending, 1);

  g_clear_pointer (&form->refusal, g_free);
  form->patience = g_cancellable_new ();
  form->sending = sending;
  sending->app = form->app;
  sending->form = form;
  sending->title = _ (kontor_form_declaration (form->form)->title);
  form->app->n_under_way++;
  kontor_submit_async (form->app->desk, form->form, form->patience, sent_cb, sending);
}

static void
submit (Form *form)
{
  form->is_touched = TRUE;
  if (is_complete (form))
    {
      send (form);
      return;
    }
  for (guint i = form->n; i > 0; i--)
    if (problem_at (form, i - 1) != NULL)
      form->at = i - 1;
}

/* ----------------------------------------------------------------------------------- input -- */

/* Through the words there are, and nothing, where nothing is allowed. */
static void
turn_choice (Form *form, int by)
{
  const KontorInput *input = &inputs_of (form)[form->at];
  int n = (int) g_strv_length ((char **) input->choices), now = input->required ? 0 : -1;
  int least = input->required ? 0 : -1;

  for (int i = 0; i < n; i++)
    if (strcmp (input->choices[i], form->fields[form->at]->text->str) == 0)
      now = i;
  now += by;
  now = now < least ? n - 1 : now >= n ? least : now;
  tui_field_set (form->fields[form->at], now < 0 ? "" : input->choices[now]);
  kontor_form_set_value (form->form, form->at, form->fields[form->at]->text->str);
}

static void
go (Form *form, int by)
{
  form->at = (form->at + form->n + (guint) by) % form->n;
}

static gboolean
is_choice (const Form *form)
{
  return form->at < form->n_inputs && inputs_of (form)[form->at].kind == KONTOR_INPUT_CHOICE;
}

static void
take_key (Form *form, const TuiInput *input)
{
  const char *key = input->key != NULL ? input->key : "";

  if (strcmp (key, "Ctrl-s") == 0)
    submit (form);
  else if (strcmp (key, "Enter") == 0 && form->at + 1 >= form->n)
    submit (form);
  else if (form->n == 0)
    return;
  else if (strcmp (key, "Enter") == 0 || strcmp (key, "Tab") == 0 || strcmp (key, "Down") == 0)
    go (form, 1);
  else if (strcmp (key, "Shift-Tab") == 0 || strcmp (key, "Up") == 0)
    go (form, -1);
  else if (is_choice (form) && (strcmp (key, "Right") == 0 || strcmp (key, "Space") == 0))
    turn_choice (form, 1);
  else if (is_choice (form) && strcmp (key, "Left") == 0)
    turn_choice (form, -1);
  else if (tui_field_input (form->fields[form->at], input) && form->at < form->n_inputs)
    kontor_form_set_value (form->form, form->at, form->fields[form->at]->text->str);
}

/* It is not stored anywhere: only the keys that copy it and that close it do something. */
static gboolean
take_secret_key (Form *form, const TuiInput *input)
{
  if (g_strcmp0 (input->key, "y") == 0)
    {
      tui_terminal_copy (form->secret);
      tui_app_say (form->app, FALSE, _ ("Copied."));
    }
  return g_strcmp0 (input->key, "Enter") != 0;
}

static gboolean
form_input (TuiLayer *layer, const TuiInput *input)
{
  Form *form = (Form *) layer;
  int row = input->y - form->area.y - 2;

  if (g_strcmp0 (input->key, "Esc") == 0 || g_strcmp0 (input->key, "Ctrl-c") == 0)
    return FALSE;
  if (form->patience != NULL)
    return TRUE;
  if (form->secret != NULL)
    return take_secret_key (form, input);
  if (input->mouse == TUI_CLICK && row >= 0 && row / 2 < (int) form->n)
    form->at = (guint) row / 2;
  else if (input->mouse == TUI_NO_MOUSE)
    take_key (form, input);
  return TRUE;
}

static void
form_free (TuiLayer *layer)
{
  Form *form = (Form *) layer;

  if (form->sending != NULL)
    form->sending->form = NULL;
  stop_waiting (form);
  for (guint i = 0; i < form->n; i++)
    tui_field_free (form->fields[i]);
  g_object_unref (form->form);
  g_free (form->refusal);
  g_free (form->secret);
  g_free (form);
}

/**
 * tui_form_new:
 * @app: the console
 * @declaration: what is asked, of the object at the cursor or of those that are marked
 *
 * Returns: (transfer full): the form, to be put on the screen
 */
TuiLayer *
tui_form_new (TuiApp *app, const KontorFormDeclaration *declaration)
{
  static const TuiLayerClass class = { form_paint, form_input, form_free };
  Form *form = g_new0 (Form, 1);
  g_autofree char *once_more = NULL;

  form->layer.class = &class;
  form->app = app;
  form->form
      = kontor_form_new (declaration, tui_app_view (app)->screen, kontor_desk_format (app->desk));
  for (; inputs_of (form)[form->n].name != NULL && form->n < MOST_FIELDS - 1; form->n++)
    form->fields[form->n] = tui_field_new (kontor_form_value (form->form, form->n));
  form->n_inputs = form->n;
  once_more = kontor_form_once_more (
      form->form, kontor_desk_profile (app->desk)->livemode
                      && kontor_settings_is (kontor_desk_settings (app->desk), "confirm-live"));
  if (once_more != NULL)
    form->fields[form->n++] = tui_field_new (NULL);
  return &form->layer;
}
