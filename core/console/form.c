/* form.c: what is asked before something is changed: values, their mistakes, what comes of them. */
#include "core/console/form.h"

#include <string.h>

#include "core/console/desk.h"
#include "core/console/text.h"
#include "core/currency.h"

#define LONGEST_TEXT 5000

struct _KontorForm
{
  GObject parent_instance;
  const KontorFormDeclaration *declaration;
  const KontorInput *inputs; /* ends with a row without a name */
  KontorInputs *made;        /* those, where they are of this one row; %NULL: declared */
  const KontorFormat *format;
  KontorReplica *replica;     /* not owned: where rows of a sheet have their versions; or %NULL */
  GPtrArray *items;           /* what it is about */
  GPtrArray *records;         /* of KontorRecord, of those */
  const KontorRecord *record; /* the first; %NULL: it is about none */
  char *values[KONTOR_FORM_INPUTS + 1];
  guint n;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (KontorForm, kontor_form, G_TYPE_OBJECT)

static void
inputs_free (KontorInputs *made)
{
  for (guint i = 0; i < G_N_ELEMENTS (made->texts); i++)
    g_free (made->texts[i]);
  g_free (made);
}

static void
finalize (GObject *object)
{
  KontorForm *form = KONTOR_FORM (object);

  for (guint i = 0; i < form->n; i++)
    g_free (form->values[i]);
  g_ptr_array_unref (form->items);
  g_ptr_array_unref (form->records);
  g_clear_pointer (&form->made, inputs_free);
  G_OBJECT_CLASS (kontor_form_parent_class)->finalize (object);
}

static void
kontor_form_class_init (KontorFormClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  /**
   * KontorForm::changed:
   * @form: the form
   *
   * A value is another one, and so may be what is wrong and the preview.
   */
  signals[CHANGED] = g_signal_new ("changed", KONTOR_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
kontor_form_init (KontorForm *form)
{
  form->items = g_ptr_array_new_with_free_func (g_object_unref);
  form->records = g_ptr_array_new ();
}

/**
 * kontor_inputs_add:
 * @made: inputs that are made for one row
 * @name: of the parameter
 * @help: (transfer full): a translated sentence
 *
 * One more text is asked for, if there is still room in a form.
 */
void
kontor_inputs_add (KontorInputs *made, const char *name, char *help)
{
  KontorInput *input = &made->inputs[made->n];

  if (made->n == KONTOR_FORM_INPUTS)
    {
      g_free (help);
      return;
    }
  made->texts[made->n * 2] = g_strdup (name);
  made->texts[made->n * 2 + 1] = help;
  input->name = input->label = made->texts[made->n * 2];
  input->help = help;
  input->kind = KONTOR_INPUT_TEXT;
  made->n++;
}

static void
take_item (KontorForm *form, KontorList *list, KontorItem *item)
{
  if (item == NULL)
    return;
  g_ptr_array_add (form->items, item);
  g_ptr_array_add (form->records, (gpointer) kontor_record_of (list, item));
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right ? 1 : 0;
}

/* Oldest first: in the order in which things happened they are also done. */
static void
take_items (KontorForm *form, KontorScreen *screen)
{
  KontorList *list = kontor_screen_list (screen);
  g_autoptr (GArray) marked = kontor_list_marked (list);

  if (form->declaration->about_none)
    return;
  if (!form->declaration->many || marked->len == 0)
    {
      take_item (form, list,
                 g_list_model_get_item (G_LIST_MODEL (list), kontor_screen_cursor (screen)));
      return;
    }
  g_array_sort (marked, compare_keys);
  for (guint i = 0; i < marked->len; i++)
    take_item (form, list, kontor_list_load (list, g_array_index (marked, gint64, i)));
}

/**
 * kontor_form_new:
 * @declaration: what is asked: static
 * @screen: whose row at the cursor, or marked rows, it is about
 * @format: how the person reads and writes; it must outlive the form
 *
 * Returns: (transfer full): the form, filled in as far as the object says
 */
KontorForm *
kontor_form_new (const KontorFormDeclaration *declaration,
                 KontorScreen *screen,
                 const KontorFormat *format)
{
  KontorForm *form = g_object_new (KONTOR_TYPE_FORM, NULL);

  form->declaration = declaration;
  form->format = format;
  if (kontor_screen_declaration (screen)->fill != NULL && kontor_screen_desk (screen) != NULL)
    form->replica = kontor_desk_replica (kontor_screen_desk (screen));
  take_items (form, screen);
  form->record = form->records->len > 0 ? form->records->pdata[0] : NULL;
  form->made = declaration->make_inputs != NULL && form->record != NULL
                   ? declaration->make_inputs (form->record)
                   : NULL;
  form->inputs = form->made != NULL ? form->made->inputs : declaration->inputs;
  for (; form->inputs[form->n].name != NULL && form->n < KONTOR_FORM_INPUTS; form->n++)
    {
      const KontorInput *input = &form->inputs[form->n];
      char *value = declaration->initial != NULL
                        ? declaration->initial (form->record, input, format)
                        : NULL;

      form->values[form->n] = value != NULL ? value : g_strdup ("");
    }
  return form;
}

/**
 * kontor_form_declaration:
 * @form: a form
 *
 * Returns: what is asked
 */
const KontorFormDeclaration *
kontor_form_declaration (KontorForm *form)
{
  return form->declaration;
}

/**
 * kontor_form_inputs:
 * @form: a form
 *
 * Returns: (transfer none): what it asks; ends with a row without a name
 */
const KontorInput *
kontor_form_inputs (KontorForm *form)
{
  return form->inputs;
}

/**
 * kontor_form_value:
 * @form: a form
 * @input: the number of an input
 *
 * Returns: what stands in it
 */
const char *
kontor_form_value (KontorForm *form, guint input)
{
  g_return_val_if_fail (input < form->n, "");
  return form->values[input];
}

/**
 * kontor_form_set_value:
 * @form: a form
 * @input: the number of an input
 * @value: what the person put there
 */
void
kontor_form_set_value (KontorForm *form, guint input, const char *value)
{
  g_return_if_fail (input < form->n);
  if (strcmp (form->values[input], value) == 0)
    return;
  g_free (form->values[input]);
  form->values[input] = g_strdup (value);
  g_signal_emit (form, signals[CHANGED], 0);
}

/* --------------------------------------------------------------------------------- checks -- */

static gboolean
read_amount (KontorForm *form, const char *text, gint64 *amount, const char **problem)
{
  KontorFindSettings settings = { 0, NULL, form->format->decimal_point };
  const char *code = NULL;
  gint64 most = form->declaration->most (form->record, &code);
  const KontorCurrency *currency = code != NULL ? kontor_currency_find (code) : NULL;
  guint exponent = currency != NULL ? currency->exponent : 2;
  KontorFindValue value = { 0 };

  if (!kontor_find_read_amount (text, &settings, &value, problem))
    return FALSE;
  if (value.currency != NULL && g_strcmp0 (value.currency, code) != 0)
    *problem = _ ("This payment is in another currency.");
  else if (value.low_minor[exponent] != value.high_minor[exponent])
    *problem = _ ("This is no amount that the currency has.");
  else if (value.low_minor[exponent] <= 0)
    *problem = _ ("The amount must be more than nothing.");
  else if (value.low_minor[exponent] > most)
    *problem = _ ("This is more than there is left.");
  else
    {
      *amount = value.low_minor[exponent];
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_since (KontorForm *form, const char *text, gint64 *since, const char **problem)
{
  KontorFindSettings settings
      = { g_get_real_time () / G_USEC_PER_SEC, form->format->zone, form->format->decimal_point };
  KontorFindValue value = { 0 };

  if (!kontor_find_read_time (text, &settings, &value, problem))
    return FALSE;
  *since = value.low;
  return TRUE;
}

static gboolean
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at > text && strchr (at + 1, '@') == NULL && strchr (at, '.') != NULL
         && strpbrk (text, " \t\"<>") == NULL && text[strlen (text) - 1] != '.';
}

static gboolean
is_confirmed (KontorForm *form, const char *text)
{
  g_autofree char *wanted = form->declaration->confirm (form->record);

  return strcmp (text, wanted) == 0;
}

/**
 * kontor_form_problem:
 * @form: a form
 * @input: the number of an input
 *
 * Returns: (nullable): a translated sentence that says what is wrong there; %NULL when nothing is
 */
const char *
kontor_form_problem (KontorForm *form, guint input)
{
  const KontorInput *declared = &form->inputs[input];
  const char *value = form->values[input], *problem = NULL;
  gint64 amount;

  if (*value == '\0')
    return declared->required ? _ ("This is needed.") : NULL;
  if (strlen (value) > LONGEST_TEXT)
    return _ ("This is too long.");
  switch (declared->kind)
    {
    case KONTOR_INPUT_MONEY:
      return read_amount (form, value, &amount, &problem) ? NULL : problem;
    case KONTOR_INPUT_EMAIL:
      return is_email (value) ? NULL : _ ("This is no mail address.");
    case KONTOR_INPUT_CHOICE:
      return g_strv_contains (declared->choices, value) ? NULL : _ ("Choose one of the list.");
    case KONTOR_INPUT_SINCE:
      return read_since (form, value, &amount, &problem) ? NULL : problem;
    case KONTOR_INPUT_CONFIRM:
      return is_confirmed (form, value) ? NULL : _ ("This is not what is to be typed.");
    case KONTOR_INPUT_TEXT:
    case KONTOR_INPUT_WORDS:
      break;
    }
  return NULL;
}

/**
 * kontor_form_is_complete:
 * @form: a form
 *
 * Returns: whether nothing is wrong anywhere
 */
gboolean
kontor_form_is_complete (KontorForm *form)
{
  for (guint i = 0; i < form->n; i++)
    if (kontor_form_problem (form, i) != NULL)
      return FALSE;
  return TRUE;
}

/**
 * kontor_form_preview:
 * @form: a form
 *
 * Returns: (transfer full): one sentence that says what will happen; or what is wrong
 */
char *
kontor_form_preview (KontorForm *form)
{
  for (guint i = 0; i < form->n; i++)
    if (kontor_form_problem (form, i) != NULL)
      return g_strdup_printf ("%s: %s", _ (form->inputs[i].label), kontor_form_problem (form, i));
  if (form->declaration->preview_many != NULL)
    return form->declaration->preview_many (form->records, (const char *const *) form->values,
                                            form->format);
  return form->declaration->preview (form->record, (const char *const *) form->values,
                                     form->format);
}

/**
 * kontor_form_once_more:
 * @form: a form
 * @livemode: whether it is about the real thing
 *
 * What cannot be taken back is typed twice where it is real: an amount, or how many rows it is done
 * to.
 *
 * Returns: (transfer full) (nullable): what is to be typed once more; %NULL: nothing
 */
char *
kontor_form_once_more (KontorForm *form, gboolean livemode)
{
  const KontorFormDeclaration *declaration = form->declaration;
  gboolean is_money = declaration->is_money != NULL && form->record != NULL
                          ? declaration->is_money (form->record)
                          : declaration->class == KONTOR_INTENT_MONEY;

  if (!livemode || !is_money)
    return NULL;
  if (form->n > 0 && (form->made != NULL || form->inputs[0].kind == KONTOR_INPUT_MONEY))
    return g_strdup (form->values[0]);
  return form->items->len > 1 ? g_strdup_printf ("%u", form->items->len) : NULL;
}

/* ---------------------------------------------------------------------------- what it asks for -- */

static gboolean
is_number (KontorForm *form, guint i, gint64 *number)
{
  const char *problem = NULL;

  switch (form->inputs[i].kind)
    {
    case KONTOR_INPUT_MONEY:
      return read_amount (form, form->values[i], number, &problem);
    case KONTOR_INPUT_SINCE:
      return read_since (form, form->values[i], number, &problem);
    default:
      return FALSE;
    }
}

/* (transfer full): of a list of words those that are some. */
static char **
words_of (const char *value)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit_set (value, ", \t\n", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (words, parts[i]);
  return g_strv_builder_end (words);
}

static void
write_words (KontorBuffer *json, const char *value)
{
  g_auto (GStrv) words = words_of (value);

  kontor_buffer_char (json, '[');
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (i > 0)
        kontor_buffer_char (json, ',');
      kontor_buffer_string (json, words[i]);
    }
  kontor_buffer_char (json, ']');
}

/* "created[gte]" is an object with one member. */
static gboolean
write_name (KontorBuffer *json, const char *name)
{
  const char *bracket = strchr (name, '[');
  g_autofree char *outer = bracket != NULL ? g_strndup (name, (gsize) (bracket - name)) : NULL;
  g_autofree char *inner = bracket != NULL ? g_strndup (bracket + 1, strlen (bracket) - 2) : NULL;

  kontor_buffer_string (json, outer != NULL ? outer : name);
  kontor_buffer_char (json, ':');
  if (inner == NULL)
    return FALSE;
  kontor_buffer_char (json, '{');
  kontor_buffer_string (json, inner);
  kontor_buffer_char (json, ':');
  return TRUE;
}

static void
write_value (KontorForm *form, guint i, KontorBuffer *json)
{
  gboolean is_nested;
  gint64 number = 0;

  if (json->length > 1)
    kontor_buffer_char (json, ',');
  is_nested = write_name (json, form->inputs[i].name);
  if (is_number (form, i, &number))
    kontor_buffer_int (json, number);
  else if (form->inputs[i].kind == KONTOR_INPUT_WORDS)
    write_words (json, form->values[i]);
  else
    kontor_buffer_string (json, form->values[i]);
  if (is_nested)
    kontor_buffer_char (json, '}');
}

/* Only what was said: of an edit, what is another value than before; "" then unsets it. */
static gboolean
is_said (KontorForm *form, guint i)
{
  const KontorFormDeclaration *declaration = form->declaration;
  g_autofree char *before = NULL;

  if (form->inputs[i].kind == KONTOR_INPUT_CONFIRM)
    return FALSE;
  if (declaration->class != KONTOR_INTENT_EDIT || declaration->initial == NULL)
    return *form->values[i] != '\0';
  before = declaration->initial (form->record, &form->inputs[i], form->format);
  return strcmp (before != NULL ? before : "", form->values[i]) != 0;
}

/* %NULL: about nothing that is there. */
static const char *
id_of (KontorForm *form, guint i)
{
  if (i >= form->items->len)
    return NULL;
  return form->declaration->on != NULL ? form->declaration->on (form->records->pdata[i])
                                       : kontor_item_id (form->items->pdata[i]);
}

/* A row that only names another object has not that one's version, and a sheet has none at all. */
static gint64
version_of (KontorForm *form, guint i)
{
  if (i >= form->items->len || form->declaration->on != NULL)
    return 0;
  return form->replica != NULL ? MAX (kontor_replica_version (form->replica, id_of (form, i)), 0)
                               : kontor_item_version (form->items->pdata[i]);
}

static KontorIntent *
make_intent (KontorForm *form, guint i, const char *args)
{
  KontorIntent *intent = g_new0 (KontorIntent, 1);

  intent->op = g_strdup (form->declaration->name);
  intent->on = g_strdup (id_of (form, i));
  intent->if_v = version_of (form, i);
  intent->args = g_strdup (args);
  if (intent->if_v > 0 && form->declaration->class == KONTOR_INTENT_EDIT)
    intent->base = g_strdup (kontor_item_body (form->items->pdata[i]));
  intent->class = form->declaration->class;
  return intent;
}

static GPtrArray *
replacement (KontorForm *form)
{
  GPtrArray *intents = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_intent_free);

  if (form->record != NULL)
    g_ptr_array_add (intents, form->declaration->replace (form->record, form->inputs,
                                                          (const char *const *) form->values));
  return intents;
}

/**
 * kontor_form_intents:
 * @form: a form that is not of the class %KONTOR_INTENT_ONLINE
 *
 * Returns: (transfer full) (nullable) (element-type KontorIntent): what to put into the outbox, in
 * this order, of each object one; %NULL while something is wrong
 */
GPtrArray *
kontor_form_intents (KontorForm *form)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (KontorBuffer) json = { 0 };
  GPtrArray *intents;

  if (!kontor_form_is_complete (form))
    return NULL;
  if (form->declaration->replace != NULL)
    return replacement (form);
  kontor_buffer_char (&json, '{');
  for (guint i = 0; i < form->n; i++)
    if (is_said (form, i))
      write_value (form, i, &json);
  kontor_buffer_char (&json, '}');

  intents = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_intent_free);
  if (form->declaration->about_none)
    g_ptr_array_add (intents, make_intent (form, 0, kontor_buffer_text (&json)));
  for (guint i = 0; i < form->items->len; i++)
    if (id_of (form, i) != NULL && g_hash_table_add (seen, (gpointer) id_of (form, i)))
      g_ptr_array_add (intents, make_intent (form, i, kontor_buffer_text (&json)));
  return intents;
}

static void
add_to_call (KontorForm *form, guint i, KontorClientCall *call)
{
  const KontorInput *input = &form->inputs[i];
  gint64 number = 0;
  g_autofree char *text = NULL;

  if (input->kind == KONTOR_INPUT_WORDS)
    {
      g_autofree char *name = g_strconcat (input->name, "[]", NULL);
      g_auto (GStrv) words = words_of (form->values[i]);

      for (guint word = 0; words[word] != NULL; word++)
        kontor_client_call_add (call, name, words[word]);
      return;
    }
  text = is_number (form, i, &number) ? g_strdup_printf ("%" G_GINT64_FORMAT, number)
                                      : g_strdup (form->values[i]);
  kontor_client_call_add (call, input->name, text);
}

/**
 * kontor_form_call:
 * @form: a form of the class %KONTOR_INTENT_ONLINE
 *
 * Returns: (transfer full) (nullable): what to ask the server; %NULL while something is wrong
 */
KontorClientCall *
kontor_form_call (KontorForm *form)
{
  const KontorFormDeclaration *declaration = form->declaration;
  const char *mark = strstr (declaration->path, "%s"), *id = id_of (form, 0);
  KontorClientCall *call;
  g_autofree char *path = NULL;

  if (!kontor_form_is_complete (form) || (mark != NULL && id == NULL))
    return NULL;
  path = mark == NULL ? g_strdup (declaration->path)
                      : g_strdup_printf ("%.*s%s%s", (int) (mark - declaration->path),
                                         declaration->path, id, mark + 2);
  call = kontor_client_call_new (declaration->method, path);
  for (guint i = 0; i < form->n; i++)
    if (is_said (form, i))
      add_to_call (form, i, call);
  return call;
}
