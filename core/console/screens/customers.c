/* customers.c: the screen of customers. */
#include "core/console/screen.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/customer.h"

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
