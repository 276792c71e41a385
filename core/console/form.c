/* form.c: what is asked before something is changed: values, their mistakes, the intent. */
#include "core/console/form.h"

#include <string.h>

#include "core/console/text.h"
#include "core/currency.h"

#define MOST_INPUTS 8
#define LONGEST_TEXT 5000

struct _KontorForm
{
  GObject parent_instance;
  const KontorFormDeclaration *declaration;
  const KontorFormat *format;
  KontorItem *item;
  const KontorRecord *record; /* of @item */
  char *values[MOST_INPUTS + 1];
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
finalize (GObject *object)
{
  KontorForm *form = KONTOR_FORM (object);

  for (guint i = 0; i < form->n; i++)
    g_free (form->values[i]);
  g_clear_object (&form->item);
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
}

/**
 * kontor_form_new:
 * @declaration: what is asked: static
 * @list: whose replica
 * @item: the object it is about
 * @format: how the person reads and writes; it must outlive the form
 *
 * Returns: (transfer full): the form, filled in as far as the object says
 */
KontorForm *
kontor_form_new (const KontorFormDeclaration *declaration,
                 KontorList *list,
                 KontorItem *item,
                 const KontorFormat *format)
{
  KontorForm *form = g_object_new (KONTOR_TYPE_FORM, NULL);

  form->declaration = declaration;
  form->format = format;
  form->item = g_object_ref (item);
  form->record = kontor_record_of (list, item);
  for (; declaration->inputs[form->n].name != NULL && form->n < MOST_INPUTS; form->n++)
    {
      const KontorInput *input = &declaration->inputs[form->n];
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
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at > text && strchr (at + 1, '@') == NULL && strchr (at, '.') != NULL
         && strpbrk (text, " \t\"<>") == NULL && text[strlen (text) - 1] != '.';
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
  const KontorInput *declared = &form->declaration->inputs[input];
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
    case KONTOR_INPUT_TEXT:
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
      return g_strdup_printf ("%s: %s", _ (form->declaration->inputs[i].label),
                              kontor_form_problem (form, i));
  return form->declaration->preview (form->record, (const char *const *) form->values,
                                     form->format);
}

/* --------------------------------------------------------------------------------- intent -- */

static void
write_value (KontorForm *form, guint i, KontorBuffer *json)
{
  const char *problem = NULL;
  gint64 amount = 0;

  if (json->length > 1)
    kontor_buffer_char (json, ',');
  kontor_buffer_string (json, form->declaration->inputs[i].name);
  kontor_buffer_char (json, ':');
  if (form->declaration->inputs[i].kind == KONTOR_INPUT_MONEY
      && read_amount (form, form->values[i], &amount, &problem))
    kontor_buffer_int (json, amount);
  else
    kontor_buffer_string (json, form->values[i]);
}

/* Only what was said: of an edit, what is another value than before; "" then unsets it. */
static gboolean
is_said (KontorForm *form, guint i)
{
  const KontorFormDeclaration *declaration = form->declaration;
  g_autofree char *before = NULL;

  if (declaration->class != KONTOR_INTENT_EDIT || declaration->initial == NULL)
    return *form->values[i] != '\0';
  before = declaration->initial (form->record, &declaration->inputs[i], form->format);
  return strcmp (before != NULL ? before : "", form->values[i]) != 0;
}

/**
 * kontor_form_submit:
 * @form: a form
 *
 * Returns: (transfer full) (nullable): what to put into the outbox; %NULL while something is wrong
 */
KontorIntent *
kontor_form_submit (KontorForm *form)
{
  g_auto (KontorBuffer) json = { 0 };
  KontorIntent *intent;

  if (!kontor_form_is_complete (form))
    return NULL;
  kontor_buffer_char (&json, '{');
  for (guint i = 0; i < form->n; i++)
    if (is_said (form, i))
      write_value (form, i, &json);
  kontor_buffer_char (&json, '}');

  intent = g_new0 (KontorIntent, 1);
  intent->op = g_strdup (form->declaration->name);
  intent->on = g_strdup (kontor_item_id (form->item));
  intent->if_v = kontor_item_version (form->item);
  intent->args = g_strdup (kontor_buffer_text (&json));
  intent->class = form->declaration->class;
  return intent;
}
