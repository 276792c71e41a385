/* customer-forms.c: what is asked before a customer is made or deleted, or a note is written. */
#include "core/console/form.h"
#include "core/console/text.h"
#include "core/resources/customer.h"

static const KontorInput new_inputs[] = {
  { "name", N_ ("Name"), N_ ("What they are called."), KONTOR_INPUT_TEXT, TRUE },
  { "email", N_ ("Mail"), N_ ("Where receipts go."), KONTOR_INPUT_EMAIL, FALSE },
  { "phone", N_ ("Telephone"), N_ ("With the country's number."), KONTOR_INPUT_TEXT, FALSE },
  { "description", N_ ("Description"), N_ ("For yourselves; they never see it."), KONTOR_INPUT_TEXT,
    FALSE },
  { NULL },
};

static const KontorInput delete_inputs[] = {
  { "confirm", N_ ("Their name"), N_ ("Type the name, or the id of who has none."),
    KONTOR_INPUT_CONFIRM, TRUE },
  { NULL },
};

static const KontorInput note_inputs[] = {
  { "text", N_ ("Note"), N_ ("For yourselves; customers never see it."), KONTOR_INPUT_TEXT, TRUE },
  { NULL },
};

static char *
preview_new (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("%s becomes a customer."), values[0]);
}

static char *
name_of (const KontorRecord *record)
{
  const KontorCustomer *customer = (const KontorCustomer *) record->object;

  return g_strdup (customer->name != NULL && *customer->name != '\0' ? customer->name
                                                                     : record->object->id);
}

static char *
preview_delete (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  g_autofree char *name = name_of (record);

  return g_strdup_printf (_ ("%s is deleted for good, with all payment methods. Payments stay."),
                          name);
}

static char *
preview_note (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("Who may see %s may read this."), record->object->id);
}

const KontorFormDeclaration kontor_new_customer_form = {
  .name = "customer.create",
  .title = N_ ("New customer"),
  .submit = N_ ("Make"),
  .class = KONTOR_INTENT_EDIT,
  .inputs = new_inputs,
  .preview = preview_new,
  .about_none = TRUE,
};

/* What cannot be taken back is asked for anew when it waited, as money is. */
const KontorFormDeclaration kontor_delete_customer_form = {
  .name = "customer.delete",
  .title = N_ ("Delete the customer"),
  .submit = N_ ("Delete"),
  .class = KONTOR_INTENT_MONEY,
  .inputs = delete_inputs,
  .preview = preview_delete,
  .confirm = name_of,
};

const KontorFormDeclaration kontor_note_form = {
  .name = "note.create",
  .title = N_ ("Add a note"),
  .submit = N_ ("Save"),
  .class = KONTOR_INTENT_HARMLESS,
  .inputs = note_inputs,
  .preview = preview_note,
};
