/* payments.c: the screen of payments: each payment intent with its latest charge. */
#include "core/console/desk.h"
#include "core/console/screens/related.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/charge.h"
#include "core/resources/customer.h"
#include "core/resources/payment_intent.h"
#include "core/sync.h"

#define MOST_RELATED 20

static const KontorPaymentIntent *
intent_of (const KontorRecord *record)
{
  return (const KontorPaymentIntent *) record->object;
}

static const KontorCharge *
charge_of (const KontorRecord *record)
{
  return (const KontorCharge *) record->charge;
}

static const KontorChargeCard *
card_of (const KontorRecord *record)
{
  const KontorCharge *charge = charge_of (record);

  return charge != NULL && charge->payment_method_details != NULL
             ? charge->payment_method_details->card
             : NULL;
}

static const char *
status_of (const KontorRecord *record)
{
  const KontorPaymentIntent *intent = intent_of (record);
  const KontorCharge *charge = charge_of (record);
  const KontorField *field = kontor_shape_find (&intent->head.resource->shape, "status");

  return kontor_payment_status (intent->status >= 0 ? field->values[intent->status] : NULL,
                                intent->last_payment_error != NULL,
                                charge != NULL && charge->status == KONTOR_CHARGE_FAILED,
                                intent->amount, charge != NULL ? charge->amount_refunded : 0,
                                charge != NULL && charge->disputed == 1);
}

static char *
amount_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_money (format, intent_of (record)->amount, intent_of (record)->currency);
}

static char *
status_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (status_of (record));
}

static char *
customer_cell (const KontorRecord *record, const KontorFormat *format)
{
  const KontorCustomer *customer = (const KontorCustomer *) record->customer;
  const char *name = NULL;

  if (customer != NULL)
    name = customer->name != NULL ? customer->name : customer->email;
  return kontor_format_text (format, name != NULL ? name : intent_of (record)->customer);
}

static char *
card_cell (const KontorRecord *record, const KontorFormat *format)
{
  const KontorChargeCard *card = card_of (record);

  return card != NULL ? g_strdup_printf ("%s %s", card->brand != NULL ? card->brand : "",
                                         card->last4 != NULL ? card->last4 : "")
                      : g_strdup ("");
}

static char *
description_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, intent_of (record)->description);
}

static char *
refunded_cell (const KontorRecord *record, const KontorFormat *format)
{
  const KontorCharge *charge = charge_of (record);

  return charge != NULL && charge->amount_refunded > 0
             ? kontor_format_money (format, charge->amount_refunded, charge->currency)
             : g_strdup ("");
}

static char *
email_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, intent_of (record)->receipt_email);
}

static char *
id_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (record->object->id);
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, record->object->created);
}

static const KontorColumn columns[] = {
  { "amount", N_ ("Amount"), KONTOR_COLUMN_MONEY, 15, 0, TRUE, FALSE, KONTOR_PAYMENT_AMOUNT,
    amount_cell },
  { "status", N_ ("Status"), KONTOR_COLUMN_STATUS, 18, 1, FALSE, FALSE, KONTOR_PAYMENT_STATUS,
    status_cell },
  { "customer", N_ ("Customer"), KONTOR_COLUMN_TEXT, 22, 2, FALSE, FALSE, KONTOR_PAYMENT_CUSTOMER,
    customer_cell },
  { "card", N_ ("Card"), KONTOR_COLUMN_TEXT, 15, 4, FALSE, FALSE, KONTOR_PAYMENT_BRAND, card_cell },
  { "description", N_ ("Description"), KONTOR_COLUMN_TEXT, 24, 5, FALSE, FALSE,
    KONTOR_PAYMENT_DESCRIPTION, description_cell },
  { "created", N_ ("Date"), KONTOR_COLUMN_TIME, 16, 3, FALSE, FALSE, KONTOR_PAYMENT_CREATED,
    created_cell },
  { "refunded", N_ ("Refunded"), KONTOR_COLUMN_MONEY, 15, 6, TRUE, TRUE, KONTOR_INDEX_NO_COLUMN,
    refunded_cell },
  { "email", N_ ("Receipt to"), KONTOR_COLUMN_TEXT, 24, 7, FALSE, TRUE, KONTOR_PAYMENT_EMAIL,
    email_cell },
  { "id", N_ ("Id"), KONTOR_COLUMN_ID, 27, 8, FALSE, TRUE, KONTOR_INDEX_NO_COLUMN, id_cell },
  { NULL },
};

static void
write_charge (KontorDetailWriter *writer, const KontorCharge *charge)
{
  const KontorChargeCard *card = card_of (writer->record);

  kontor_detail_section (writer, _ ("Latest charge"));
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), charge->head.id, NULL);
  kontor_detail_take (
      writer, KONTOR_DETAIL_MONEY, _ ("Captured"),
      kontor_format_money (writer->format, charge->amount_captured, charge->currency));
  if (charge->amount_refunded > 0)
    kontor_detail_take (
        writer, KONTOR_DETAIL_MONEY, _ ("Refunded"),
        kontor_format_money (writer->format, charge->amount_refunded, charge->currency));
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Failure"), charge->failure_code, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Reason"), charge->failure_message, NULL);
  if (card == NULL)
    return;
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Card"),
                      card_cell (writer->record, writer->format));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Expires"),
                      g_strdup_printf ("%02d/%d", (int) card->exp_month, (int) card->exp_year));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Issued in"), card->country, NULL);
  if (card->checks != NULL)
    kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Security code"), card->checks->cvc_check,
                       NULL);
}

static void
write_risk (KontorDetailWriter *writer, const KontorOutcome *outcome)
{
  if (outcome == NULL)
    return;
  kontor_detail_section (writer, _ ("Risk"));
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Level"), outcome->risk_level, NULL);
  if (outcome->risk_score != KONTOR_NONE)
    kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Score"),
                        kontor_format_number (writer->format, outcome->risk_score));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Said to you"), outcome->seller_message, NULL);
}

/**
 * kontor_related_payment:
 * @writer: the detail being written
 * @record: a payment
 *
 * Writes it in one line, which leads to it.
 */
void
kontor_related_payment (KontorDetailWriter *writer, const KontorRecord *record)
{
  g_autofree char *time
      = kontor_format_moment (writer->format, record->object->created, writer->now);
  g_autofree char *money = amount_cell (record, writer->format);
  g_autofree char *text = g_strdup_printf ("%s  %s  %s", time, money, status_of (record));

  kontor_detail_add (writer, KONTOR_DETAIL_LINK, "", text, record->object->id);
}

/* An attempt to take the money, in one line. */
static void
write_attempt (KontorDetailWriter *writer, const KontorRecord *record)
{
  const KontorCharge *charge = (const KontorCharge *) record->object;
  const KontorField *field = kontor_shape_find (&charge->head.resource->shape, "status");
  g_autofree char *time = kontor_format_moment (writer->format, charge->head.created, writer->now);
  g_autofree char *money = kontor_format_money (writer->format, charge->amount, charge->currency);
  g_autofree char *text = g_strdup_printf (
      "%s  %s  %s  %s", time, money, charge->status >= 0 ? field->values[charge->status] : "",
      charge->failure_code != NULL ? charge->failure_code : "");

  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, "", g_strchomp (text), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, "", charge->head.id, NULL);
}

/* Of all its attempts only one can have refunds: the one that succeeded, and so the latest. */
static GPtrArray *
refunds_of (KontorDetailWriter *writer, const char *charge)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  gint64 key = charge != NULL ? kontor_sync_row (KONTOR_KIND_CHARGE, charge) : -1;
  g_autoptr (GArray) keys
      = desk != NULL && key >= 0 ? kontor_shelf_related (
            kontor_desk_shelf (desk), &kontor_refund_table, KONTOR_RELATED_TO, key, MOST_RELATED)
                                 : NULL;
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, g_array_index (keys, gint64, i));

      if (item != NULL)
        g_ptr_array_add (ids, g_strdup (kontor_item_id (item)));
    }
  return ids;
}

/* What belongs to it: attempts, refunds, what both did to the balance, and what happened to all. */
static void
write_related (KontorDetailWriter *writer, const KontorPaymentIntent *intent)
{
  const char *id = intent->head.id, *charge = intent->latest_charge;
  g_autoptr (GPtrArray) ids = refunds_of (writer, charge);

  if (charge != NULL)
    g_ptr_array_insert (ids, 0, g_strdup (charge));
  g_ptr_array_add (ids, NULL);
  kontor_related_notes (writer, id);
  kontor_related_write (writer, _ ("Attempts"), &kontor_charge_table, KONTOR_RELATED_TO, id,
                        MOST_RELATED, write_attempt);
  kontor_related_write (writer, _ ("Refunds"), &kontor_refund_table, KONTOR_RELATED_TO, charge,
                        MOST_RELATED, kontor_related_refund);
  kontor_related_moves (writer, (const char *const *) ids->pdata);
  g_ptr_array_insert (ids, 0, g_strdup (id));
  kontor_detail_timeline (writer, (const char *const *) ids->pdata);
}

static void
write_metadata (KontorDetailWriter *writer, const KontorMap *metadata)
{
  if (metadata == NULL || metadata->n == 0)
    return;
  kontor_detail_section (writer, _ ("Metadata"));
  for (guint i = 0; i < metadata->n; i++)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, g_intern_string (metadata->pairs[i].key),
                       metadata->pairs[i].value, NULL);
}

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const KontorPaymentIntent *intent = intent_of (record);
  const KontorCharge *charge = charge_of (record);
  g_autofree char *customer = customer_cell (record, writer->format);

  kontor_detail_section (writer, _ ("Payment"));
  kontor_detail_take (writer, KONTOR_DETAIL_MONEY, _ ("Amount"),
                      amount_cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Status"), status_of (record), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), record->object->id, NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Made"),
                      created_cell (record, writer->format));
  if (intent->customer != NULL)
    kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Customer"), customer, intent->customer);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Description"), intent->description, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Receipt to"), intent->receipt_email, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Canceled because"),
                     intent->cancellation_reason, NULL);
  if (charge != NULL)
    {
      write_charge (writer, charge);
      write_risk (writer, charge->outcome);
    }
  write_related (writer, intent);
  write_metadata (writer, intent->metadata);
  kontor_detail_json (writer, NULL);
}

const KontorScreenDeclaration kontor_payments_screen = {
  .name = "payments",
  .title = N_ ("Payments"),
  .letter = 'p',
  .path = "/v1/payment_intents/%s",
  .table = &kontor_payment_table,
  .fields = kontor_payment_fields,
  .columns = columns,
  .sort = KONTOR_PAYMENT_CREATED,
  .facet = KONTOR_PAYMENT_STATUS,
  .detail = write_detail,
};
