/* queue-change.c: a conflict, field by field, and the form in which something else is wanted. */
#include "core/console/screens/actions.h"
#include "core/console/text.h"
#include "core/replica/outbox.h"

/* (transfer full): as far as fields are compared. */
static KontorQueued *
queued_of (const KontorRecord *record)
{
  KontorQueued *queued = g_new0 (KontorQueued, 1);

  queued->n = kontor_record_number (record, "n");
  queued->args = kontor_record_json (record, "args");
  queued->base = kontor_record_json (record, "base");
  queued->answer = kontor_record_json (record, "answer");
  queued->class = (KontorIntentClass) kontor_record_number (record, "class");
  return queued;
}

static const char *
shown (const char *text)
{
  return text == NULL ? _ ("not known") : *text == '\0' ? _ ("nothing") : text;
}

/**
 * kontor_queue_write_conflict:
 * @writer: of the detail of something queued
 *
 * What was wanted of each field, what it was and what it is by now; nothing where there is no
 * conflict.
 */
void
kontor_queue_write_conflict (KontorDetailWriter *writer)
{
  g_autoptr (KontorQueued) queued = queued_of (writer->record);
  gint64 v = 0;
  g_autoptr (GPtrArray) fields = kontor_queued_compare (queued, &v);

  for (guint i = 0; v > 0 && i < fields->len; i++)
    {
      const KontorCompared *field = fields->pdata[i];
      g_autofree char *title = g_strdup_printf (
          field->clashes ? _ ("Both changed %s") : _ ("Only you changed %s"), field->field);

      kontor_detail_section (writer, g_intern_string (title));
      kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("You saw"), shown (field->base), NULL);
      kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("You want"), shown (field->mine), NULL);
      kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("It is now"), shown (field->theirs), NULL);
    }
}

/* ----------------------------------------------------------------------------------- the form -- */

static char *
help_of (const KontorCompared *field, gint64 v, gboolean is_amount)
{
  if (v > 0)
    return g_strdup_printf (_ ("By now it is: %s"), shown (field->theirs));
  return g_strdup (is_amount ? _ ("In the smallest unit of the currency, without a point.")
                             : _ ("What is to be sent."));
}

static gboolean
is_any_clashing (GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++)
    if (((const KontorCompared *) fields->pdata[i])->clashes)
      return TRUE;
  return FALSE;
}

/* Of a conflict what clashes; else all that was said. */
static KontorInputs *
make_inputs (const KontorRecord *record)
{
  g_autoptr (KontorQueued) queued = queued_of (record);
  gint64 v = 0;
  g_autoptr (GPtrArray) fields = kontor_queued_compare (queued, &v);
  gboolean clashing = is_any_clashing (fields);
  KontorInputs *made = g_new0 (KontorInputs, 1);

  for (guint i = 0; i < fields->len; i++)
    {
      const KontorCompared *field = fields->pdata[i];
      gboolean is_amount = g_str_has_prefix (field->field, "amount");

      if (field->clashes || !clashing)
        kontor_inputs_add (made, field->field, help_of (field, v, is_amount));
    }
  return made;
}

static char *
initial (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  g_autoptr (KontorQueued) queued = queued_of (record);
  gint64 v = 0;
  g_autoptr (GPtrArray) fields = kontor_queued_compare (queued, &v);

  for (guint i = 0; i < fields->len; i++)
    {
      const KontorCompared *field = fields->pdata[i];

      if (g_str_equal (field->field, input->name))
        return g_strdup (field->mine);
    }
  return NULL;
}

static char *
preview (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  const char *on = kontor_record_text (record, "on");

  return on != NULL
             ? g_strdup_printf (_ ("This is sent for %s in the place of what was queued."), on)
             : g_strdup (_ ("This is sent in the place of what was queued."));
}

static KontorIntent *
replace (const KontorRecord *record, const KontorInput *inputs, const char *const *values)
{
  g_autoptr (KontorQueued) queued = queued_of (record);
  g_autoptr (GHashTable) said = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 v = 0;
  GPtrArray *fields = kontor_queued_compare (queued, &v); /* for the version that is the server's */
  KontorIntent *intent = g_new0 (KontorIntent, 1);

  g_clear_pointer (&fields, g_ptr_array_unref);
  for (guint i = 0; inputs[i].name != NULL; i++)
    g_hash_table_insert (said, (gpointer) inputs[i].name, (gpointer) values[i]);
  intent->op = g_strdup (kontor_record_text (record, "do"));
  intent->on = g_strdup (kontor_record_text (record, "on"));
  intent->args = kontor_queued_change (queued, said);
  intent->class = queued->class;
  intent->if_v = v;
  intent->replaces = queued->n;
  return intent;
}

static gboolean
is_money (const KontorRecord *record)
{
  return kontor_record_number (record, "class") == KONTOR_INTENT_MONEY;
}

/* Real money that is changed here is typed once more, as it was when it was asked for. */
const KontorFormDeclaration kontor_queue_change_form = {
  .name = "queue.change",
  .title = N_ ("Something else in its place"),
  .submit = N_ ("Send this"),
  .class = KONTOR_INTENT_EDIT,
  .make_inputs = make_inputs,
  .initial = initial,
  .preview = preview,
  .is_money = is_money,
  .replace = replace,
};
