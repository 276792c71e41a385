/* customers.c: the screen of customers. */
#include "core/console/desk.h"
#include "core/console/screens/related.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/customer.h"
#include "core/resources/payment_method.h"
#include "core/sync.h"

#define MOST_PAYMENTS 20
#define MOST_METHODS 20

static const KontorCustomer *
customer_of (const KontorRecord *record)
{
  return (const KontorCustomer *) record->object;
}

static char *
name_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, customer_of (record)->name);
}

static char *
email_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, customer_of (record)->email);
}

static char *
phone_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, customer_of (record)->phone);
}

static char *
balance_cell (const KontorRecord *record, const KontorFormat *format)
{
  const KontorCustomer *customer = customer_of (record);

  return customer->balance != 0
             ? kontor_format_money (format, customer->balance, customer->currency)
             : g_strdup ("");
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, record->object->created);
}

static char *
id_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (record->object->id);
}

static const KontorColumn columns[] = {
  { "name", N_ ("Name"), KONTOR_COLUMN_TEXT, 24, 0, FALSE, FALSE, KONTOR_CUSTOMER_NAME, name_cell },
  { "email", N_ ("Mail"), KONTOR_COLUMN_TEXT, 30, 1, FALSE, FALSE, KONTOR_CUSTOMER_EMAIL,
    email_cell },
  { "created", N_ ("Since"), KONTOR_COLUMN_TIME, 16, 2, FALSE, FALSE, KONTOR_CUSTOMER_CREATED,
    created_cell },
  { "phone", N_ ("Telephone"), KONTOR_COLUMN_TEXT, 18, 3, FALSE, FALSE, KONTOR_CUSTOMER_PHONE,
    phone_cell },
  { "balance", N_ ("Balance"), KONTOR_COLUMN_MONEY, 15, 4, TRUE, FALSE, KONTOR_CUSTOMER_BALANCE,
    balance_cell },
  { "id", N_ ("Id"), KONTOR_COLUMN_ID, 28, 5, FALSE, TRUE, KONTOR_INDEX_NO_COLUMN, id_cell },
  { NULL },
};

static void
write_address (KontorDetailWriter *writer, const KontorAddress *address)
{
  if (address == NULL)
    return;
  kontor_detail_section (writer, _ ("Address"));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Street"), address->line1, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Second line"), address->line2, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Postal code"), address->postal_code, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("City"), address->city, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("State"), address->state, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Country"), address->country, NULL);
}

static void
write_method (KontorDetailWriter *writer, const KontorRecord *record)
{
  const KontorPaymentMethod *method = (const KontorPaymentMethod *) record->object;
  const KontorCard *card = method->card;
  g_autofree char *text
      = card != NULL ? g_strdup_printf ("%s %s  %02d/%d", card->brand != NULL ? card->brand : "",
                                        card->last4 != NULL ? card->last4 : "",
                                        (int) card->exp_month, (int) card->exp_year)
                     : g_strdup (method->type);

  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, "", text, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, "", method->head.id, NULL);
}

/* Its newest payments; how to see all of them is said when there are more. */
static void
write_payments (KontorDetailWriter *writer, const char *id)
{
  guint n = kontor_related_write (writer, _ ("Payments"), &kontor_payment_table,
                                  KONTOR_PAYMENT_CUSTOMER, id, MOST_PAYMENTS,
                                  kontor_related_payment);

  if (n == MOST_PAYMENTS)
    kontor_detail_take (writer, KONTOR_DETAIL_TEXT, "",
                        g_strdup_printf (_ ("All of them: g p, then /customer:%s"), id));
}

/* Refunds do not name the customer: they are found over the payments. */
static void
write_refunds (KontorDetailWriter *writer, const char *id)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  g_autoptr (GArray) keys
      = desk != NULL
            ? kontor_shelf_related (kontor_desk_shelf (desk), &kontor_payment_table,
                                    KONTOR_PAYMENT_CUSTOMER,
                                    kontor_sync_row (KONTOR_KIND_CUSTOMER, id), MOST_PAYMENTS)
            : NULL;
  const char *section = _ ("Refunds");

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, g_array_index (keys, gint64, i));
      const KontorRecord *payment = item != NULL ? kontor_desk_record (desk, item) : NULL;

      if (payment != NULL && payment->charge != NULL
          && kontor_related_write (writer, section, &kontor_refund_table, KONTOR_RELATED_TO,
                                   payment->charge->id, MOST_PAYMENTS, kontor_related_refund)
                 > 0)
        section = NULL;
    }
}

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const KontorCustomer *customer = customer_of (record);

  kontor_detail_section (writer, _ ("Customer"));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Name"), customer->name, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Business"), customer->business_name, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Mail"), customer->email, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Telephone"), customer->phone, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), record->object->id, NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Since"),
                      created_cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Description"), customer->description, NULL);
  if (customer->balance != 0)
    kontor_detail_take (writer, KONTOR_DETAIL_MONEY, _ ("Balance"),
                        balance_cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Pays with"), customer->default_source,
                     customer->default_source);
  write_address (writer, customer->address);
  kontor_related_notes (writer, record->object->id);
  kontor_related_write (writer, _ ("Payment methods"), &kontor_method_table,
                        KONTOR_RELATED_CUSTOMER, record->object->id, MOST_METHODS, write_method);
  write_payments (writer, record->object->id);
  write_refunds (writer, record->object->id);
  kontor_detail_timeline (writer, (const char *const[]){ record->object->id, NULL });
  if (customer->metadata != NULL && customer->metadata->n > 0)
    kontor_detail_section (writer, _ ("Metadata"));
  for (guint i = 0; customer->metadata != NULL && i < customer->metadata->n; i++)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT,
                       g_intern_string (customer->metadata->pairs[i].key),
                       customer->metadata->pairs[i].value, NULL);
  kontor_detail_json (writer, NULL);
}

const KontorScreenDeclaration kontor_customers_screen = {
  .name = "customers",
  .title = N_ ("Customers"),
  .letter = 'c',
  .path = "/v1/customers/%s",
  .table = &kontor_customer_table,
  .fields = kontor_customer_fields,
  .columns = columns,
  .sort = KONTOR_CUSTOMER_CREATED,
  .facet = KONTOR_INDEX_NO_COLUMN,
  .detail = write_detail,
};
