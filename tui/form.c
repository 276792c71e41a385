/* form.c: a form on the screen: its fields, what is wrong with them, what will happen. */
#include "core/console/form.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/text.h"
#include "tui/app.h"

#define MOST_FIELDS 16
#define LABELS 18

typedef struct
{
  TuiLayer    layer;
  TuiApp     *app;
  KontorForm *form;
  TuiField   *fields[MOST_FIELDS]; /* the last one is @confirmation's, where there is one */
  guint       n_inputs, n, at;
  gboolean    is_confirmed;        /* money of live mode: the amount is typed twice */
  gboolean    is_touched;          /* only then what is wrong is shown */
  char       *refusal;             /* what the server said */
  gint64      queued;              /* names it in the queue while it waits for the server; 0: not sent */
  gboolean    is_over;
  TuiArea     area;
} Form;

static const KontorInput *
inputs_of (const Form *form)
{
  return kontor_form_declaration (form->form)->inputs;
}

/* -------------------------------------------------------------------------------- painting -- */

static const char *
problem_at (const Form *form, guint i)
{
  if (i < form->n_inputs)
    return kontor_form_problem (form->form, i);
  return strcmp (form->fields[i]->text->str, form->fields[0]->text->str) == 0
             ? NULL
             : _ ("Type it once more: this is real money.");
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
  gboolean active = i == form->at && form->queued == 0;
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
  for (guint i = 0; i < form->n && y < form->area.y + height - 5; i++, y += 2)
    paint_field (form, i, y);
  if (form->refusal != NULL)
    paint_wrapped (y, form->area.x + 2, (guint) width - 4, 3, TUI_PROBLEM, form->refusal);
  else if (kontor_form_is_complete (form->form))
    paint_wrapped (y, form->area.x + 2, (guint) width - 4, 3, TUI_STRONG, preview);
  keys = form->queued != 0
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

static void
stop_waiting (Form *form)
{
  if (form->queued != 0)
    form->app->n_under_way--;
  form->queued = 0;
}

/* What was refused is put right here, as something new: it need not stand in the queue as well. */
static void
decided_cb (KontorOutbox *outbox, Form *form)
{
  g_autoptr (KontorQueued) row = form->queued != 0 ? kontor_outbox_get (outbox, form->queued)
                                                   : NULL;

  if (row == NULL || row->state == KONTOR_QUEUED_WAITING || row->state == KONTOR_QUEUED_SENT)
    return;
  stop_waiting (form);
  if (row->state == KONTOR_QUEUED_DONE)
    {
      tui_app_say (form->app, FALSE, _ ("%s: done."),
                   _ (kontor_form_declaration (form->form)->title));
      remove_form (form);
      return;
    }
  g_free (form->refusal);
  form->refusal = g_strdup (kontor_queued_why (row));
  (void) kontor_outbox_discard (outbox, row->n, NULL);
  tui_app_paint_later (form->app);
}

static void
say_queued (Form *form)
{
  tui_app_say (form->app, FALSE, _ ("%s: queued; it is sent when the server answers."),
               _ (kontor_form_declaration (form->form)->title));
}

static gboolean
is_complete (const Form *form)
{
  for (guint i = 0; i < form->n; i++)
    if (problem_at (form, i) != NULL)
      return FALSE;
  return TRUE;
}

/* It is on disk before anything is said of it. With the server there, the form waits to hear what
 * became of it. */
static void
send (Form *form)
{
  TuiApp *app = form->app;
  g_autoptr (KontorIntent) intent = kontor_form_submit (form->form);
  g_autoptr (GError) error = NULL;
  gint64 n;

  g_clear_pointer (&form->refusal, g_free);
  if (kontor_desk_outbox (app->desk) == NULL)
    {
      form->refusal = g_strdup (_ ("The queue of actions cannot be written, so nothing is done."));
      return;
    }
  n = kontor_outbox_add (kontor_desk_outbox (app->desk), intent, 0, &error);
  if (n == 0)
    {
      form->refusal = g_strdup (error->message);
      return;
    }
  if (!kontor_desk_is_online (app->desk))
    {
      say_queued (form);
      form->is_over = TRUE;
      return;
    }
  form->queued = n;
  app->n_under_way++;
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
  else if (strcmp (key, "Enter") == 0 && form->at == form->n - 1)
    submit (form);
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

static gboolean
form_input (TuiLayer *layer, const TuiInput *input)
{
  Form *form = (Form *) layer;
  int row = input->y - form->area.y - 2;

  if (g_strcmp0 (input->key, "Esc") == 0 || g_strcmp0 (input->key, "Ctrl-c") == 0)
    {
      if (form->queued != 0)
        say_queued (form);
      return FALSE;
    }
  if (form->queued != 0)
    return TRUE;
  if (input->mouse == TUI_CLICK && row >= 0 && row / 2 < (int) form->n)
    form->at = (guint) row / 2;
  else if (input->mouse == TUI_NO_MOUSE)
    take_key (form, input);
  return !form->is_over;
}

static void
form_free (TuiLayer *layer)
{
  Form *form = (Form *) layer;

  if (kontor_desk_outbox (form->app->desk) != NULL)
    g_signal_handlers_disconnect_by_data (kontor_desk_outbox (form->app->desk), form);
  stop_waiting (form);
  for (guint i = 0; i < form->n; i++)
    tui_field_free (form->fields[i]);
  g_object_unref (form->form);
  g_free (form->refusal);
  g_free (form);
}

/**
 * tui_form_new:
 * @app: the console
 * @declaration: what is asked, of the object at the cursor
 *
 * Returns: (transfer full): the form, to be put on the screen
 */
TuiLayer *
tui_form_new (TuiApp *app, const KontorFormDeclaration *declaration)
{
  static const TuiLayerClass class = { form_paint, form_input, form_free };
  KontorScreen *screen = tui_app_view (app)->screen;
  KontorList *list = kontor_screen_list (screen);
  g_autoptr (KontorItem) item
      = g_list_model_get_item (G_LIST_MODEL (list), kontor_screen_cursor (screen));
  Form *form = g_new0 (Form, 1);

  form->layer.class = &class;
  form->app = app;
  if (kontor_desk_outbox (app->desk) != NULL)
    g_signal_connect (kontor_desk_outbox (app->desk), "changed", G_CALLBACK (decided_cb), form);
  form->form = kontor_form_new (declaration, list, item, kontor_desk_format (app->desk));
  for (; declaration->inputs[form->n].name != NULL && form->n < MOST_FIELDS - 1; form->n++)
    form->fields[form->n] = tui_field_new (kontor_form_value (form->form, form->n));
  form->n_inputs = form->n;
  form->is_confirmed = kontor_desk_profile (app->desk)->livemode
                       && declaration->class == KONTOR_INTENT_MONEY
                       && declaration->inputs[0].kind == KONTOR_INPUT_MONEY;
  if (form->is_confirmed)
    form->fields[form->n++] = tui_field_new (NULL);
  return &form->layer;
}
