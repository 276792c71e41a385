/* forms.c: what is asked before a payment or a customer is changed. */
#include "core/console/form.h"
#include "core/console/text.h"
#include "core/resources/charge.h"
#include "core/resources/customer.h"
#include "core/resources/payment_intent.h"

static const char *const refund_reasons[]
    = { "duplicate", "fraudulent", "requested_by_customer", NULL };
static const char *const cancel_reasons[]
    = { "abandoned", "duplicate", "fraudulent", "requested_by_customer", NULL };

static const KontorInput refund_inputs[] = {
  { "amount", N_ ("Amount"), N_ ("All that is left, or a part of it."), KONTOR_INPUT_MONEY, TRUE },
  { "reason", N_ ("Reason"), N_ ("Why it is given back."), KONTOR_INPUT_CHOICE, FALSE,
    refund_reasons },
  { NULL },
};

static const KontorInput capture_inputs[] = {
  { "amount_to_capture", N_ ("Amount"), N_ ("All that is authorized, or a part of it."),
    KONTOR_INPUT_MONEY, TRUE },
  { NULL },
};

static const KontorInput cancel_inputs[] = {
  { "cancellation_reason", N_ ("Reason"), N_ ("Why it is canceled."), KONTOR_INPUT_CHOICE, FALSE,
    cancel_reasons },
  { NULL },
};

static const KontorInput customer_inputs[] = {
  { "name", N_ ("Name"), N_ ("What they are called."), KONTOR_INPUT_TEXT, FALSE },
  { "email", N_ ("Mail"), N_ ("Where receipts go."), KONTOR_INPUT_EMAIL, FALSE },
  { "phone", N_ ("Telephone"), N_ ("With the country's number."), KONTOR_INPUT_TEXT, FALSE },
  { "description", N_ ("Description"), N_ ("For yourselves; they never see it."), KONTOR_INPUT_TEXT,
    FALSE },
  { NULL },
};

static gint64
most_refundable (const KontorRecord *record, const char **currency)
{
  const KontorCharge *charge = (const KontorCharge *) record->charge;

  if (charge == NULL)
    return 0;
  *currency = charge->currency;
  return charge->amount_captured - charge->amount_refunded;
}

static gint64
most_capturable (const KontorRecord *record, const char **currency)
{
  const KontorPaymentIntent *intent = (const KontorPaymentIntent *) record->object;

  *currency = intent->currency;
  return intent->amount_capturable > 0 ? intent->amount_capturable : intent->amount;
}

static char *
all_of_it (gint64 (*most) (const KontorRecord *, const char **),
           const KontorRecord *record,
           const KontorInput *input,
           const KontorFormat *format)
{
  const char *currency = NULL;
  gint64 amount = most (record, &currency);
  KontorFormat plain = *format;

  plain.thousands = "";
  return input->kind == KONTOR_INPUT_MONEY ? kontor_format_decimal (&plain, amount, currency)
                                           : NULL;
}

static char *
initial_refund (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  return all_of_it (most_refundable, record, input, format);
}

static char *
initial_capture (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  return all_of_it (most_capturable, record, input, format);
}

static char *
preview_refund (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  const char *currency = NULL;
  gint64 most = most_refundable (record, &currency);
  g_autofree char *code = g_ascii_strup (currency, -1);
  g_autofree char *left = kontor_format_money (format, most, currency);

  return g_strdup_printf (_ ("%s %s of %s goes back to the customer."), values[0], code, left);
}

static char *
preview_capture (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  const char *currency = NULL;
  gint64 most = most_capturable (record, &currency);
  g_autofree char *code = g_ascii_strup (currency, -1);
  g_autofree char *all = kontor_format_money (format, most, currency);

  return g_strdup_printf (_ ("%s %s of %s is taken; the rest is released."), values[0], code, all);
}

static char *
preview_cancel (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup (_ ("The payment ends, and what is authorized is released."));
}

static char *
initial_customer (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  const KontorCustomer *customer = (const KontorCustomer *) record->object;
  const char *const now[]
      = { customer->name, customer->email, customer->phone, customer->description };

  return g_strdup (now[input - customer_inputs]);
}

static char *
preview_customer (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("%s is changed."),
                          *values[0] != '\0' ? values[0] : record->object->id);
}

const KontorFormDeclaration kontor_refund_form
    = { "refund.create", N_ ("Refund"),  N_ ("Refund"),   KONTOR_INTENT_MONEY,
        refund_inputs,   initial_refund, most_refundable, preview_refund };

const KontorFormDeclaration kontor_capture_form
    = { "payment_intent.capture", N_ ("Capture"),  N_ ("Capture"),  KONTOR_INTENT_MONEY,
        capture_inputs,           initial_capture, most_capturable, preview_capture };

const KontorFormDeclaration kontor_cancel_form = {
  "payment_intent.cancel",
  N_ ("Cancel the payment"),
  N_ ("Cancel the payment"),
  KONTOR_INTENT_MONEY,
  cancel_inputs,
  NULL,
  NULL,
  preview_cancel,
};

const KontorFormDeclaration kontor_customer_form
    = { "customer.update", N_ ("Edit the customer"), N_ ("Save"), KONTOR_INTENT_EDIT,
        customer_inputs,   initial_customer,         NULL,        preview_customer };
