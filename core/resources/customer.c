/* customer.c: the shape of somebody who pays, once or often. */
#include "core/resources/customer.h"

#include "core/resources/row.h"

#define EITHER CREATE | UPDATE

static const KontorField custom_field_fields[] = {
  { "name", KONTOR_STRING, NESTED | REQUIRED, AT (KontorCustomField, name), .max = 40,
    .doc = "What it is called on the invoice." },
  { "value", KONTOR_STRING, NESTED | REQUIRED, AT (KontorCustomField, value), .max = 140,
    .doc = "What stands there." },
  ROW_END,
};

const KontorShape kontor_custom_field_shape
    = { "custom_field", sizeof (KontorCustomField), custom_field_fields };

static const KontorField rendering_options_fields[] = {
  { "amount_tax_display", KONTOR_STRING, NESTED | NULLABLE | CLEARABLE,
    AT (KontorRenderingOptions, amount_tax_display),
    .values = (const char *const[]){ "exclude_tax", "include_inclusive_tax", NULL },
    .doc = "Whether amounts are shown with tax." },
  { "template", KONTOR_STRING, NESTED | NULLABLE, AT (KontorRenderingOptions, template),
    .doc = "The template invoices are drawn with." },
  ROW_END,
};

const KontorShape kontor_rendering_options_shape
    = { "rendering_options", sizeof (KontorRenderingOptions), rendering_options_fields };

static const KontorField invoice_settings_fields[] = {
  { "custom_fields", KONTOR_OBJECTS, NESTED | NULLABLE | CLEARABLE,
    AT (KontorInvoiceSettings, custom_fields), .shape = &kontor_custom_field_shape, .max = 4,
    .doc = "What else stands on their invoices." },
  { "default_payment_method", KONTOR_ID, NESTED | NULLABLE | EXPANDABLE | CLEARABLE,
    AT (KontorInvoiceSettings, default_payment_method), .target = "payment_method",
    .doc = "What their invoices are paid with." },
  { "footer", KONTOR_STRING, NESTED | NULLABLE | CLEARABLE, AT (KontorInvoiceSettings, footer),
    .doc = "The last line of their invoices." },
  { "rendering_options", KONTOR_OBJECT, NESTED | NULLABLE | CLEARABLE,
    AT (KontorInvoiceSettings, rendering_options), .shape = &kontor_rendering_options_shape,
    .doc = "How their invoices are drawn." },
  ROW_END,
};

const KontorShape kontor_invoice_settings_shape
    = { "invoice_settings", sizeof (KontorInvoiceSettings), invoice_settings_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("customer"),
  { "address", KONTOR_OBJECT, NULLABLE | EITHER | CLEARABLE, AT (KontorCustomer, address),
    .shape = &kontor_address_shape, .doc = "Where they live." },
  { "balance", KONTOR_INT, EITHER, AT (KontorCustomer, balance),
    .doc = "What they owe (positive) or have to their credit (negative) at the next invoice." },
  { "business_name", KONTOR_STRING, OPTIONAL | EITHER | CLEARABLE,
    AT (KontorCustomer, business_name), .max = 150, .doc = "The name of their business." },
  ROW_CREATED,
  { "currency", KONTOR_CURRENCY, NULLABLE, AT (KontorCustomer, currency),
    .doc = "The currency they are billed in." },
  ROW_NULL ("customer_account", "The account behind them."),
  { "default_source", KONTOR_ID, NULLABLE | EXPANDABLE | UPDATE,
    AT (KontorCustomer, default_source), .target = "payment_method",
    .doc = "What older clients charge when they say nothing." },
  { "delinquent", KONTOR_BOOL, 0, AT (KontorCustomer, delinquent),
    .doc = "Whether their last invoice is overdue." },
  { "description", KONTOR_STRING, NULLABLE | EITHER | CLEARABLE, AT (KontorCustomer, description),
    .doc = "What the merchant wants to remember of them." },
  ROW_NULL ("discount", "The discount they get."),
  { "email", KONTOR_EMAIL, NULLABLE | EITHER | LIST | COLUMN | CLEARABLE,
    AT (KontorCustomer, email), .max = 512, .doc = "How to write to them." },
  { "individual_name", KONTOR_STRING, OPTIONAL | EITHER | CLEARABLE,
    AT (KontorCustomer, individual_name), .max = 150, .doc = "The name of the person." },
  { "invoice_prefix", KONTOR_STRING, NULLABLE | EITHER, AT (KontorCustomer, invoice_prefix),
    .max = 12, .doc = "What the numbers of their invoices begin with." },
  { "invoice_settings", KONTOR_OBJECT, EITHER, AT (KontorCustomer, invoice_settings),
    .shape = &kontor_invoice_settings_shape, .doc = "How they are invoiced." },
  ROW_LIVEMODE,
  ROW_METADATA (KontorCustomer, EITHER | CLEARABLE),
  { "name", KONTOR_STRING, NULLABLE | EITHER | CLEARABLE, AT (KontorCustomer, name), .max = 256,
    .doc = "Their full name, or their business's." },
  { "next_invoice_sequence", KONTOR_INT, OPTIONAL | EITHER,
    AT (KontorCustomer, next_invoice_sequence), .min = 1, .max = 1000000000,
    .doc = "The number of their next invoice." },
  { "phone", KONTOR_STRING, NULLABLE | EITHER | CLEARABLE, AT (KontorCustomer, phone), .max = 20,
    .doc = "How to call them." },
  { "preferred_locales", KONTOR_STRINGS, EITHER, AT (KontorCustomer, preferred_locales),
    .doc = "Their languages, the preferred one first." },
  { "shipping", KONTOR_OBJECT, NULLABLE | EITHER | CLEARABLE, AT (KontorCustomer, shipping),
    .shape = &kontor_customer_shipping_shape, .doc = "Where their goods go." },
  { "tax_exempt", KONTOR_STRING, NULLABLE | EITHER | CLEARABLE, AT (KontorCustomer, tax_exempt),
    .values = (const char *const[]){ "exempt", "none", "reverse", NULL }, .fixed = "none",
    .doc = "Whether they pay tax." },
  ROW_NULL_ID ("test_clock", "The test clock they live by."),

  { "deleted", KONTOR_BOOL, HIDDEN | COLUMN, AT (KontorCustomer, deleted),
    .doc = "Whether they are gone for the API." },

  ROW_CREATED_RANGE,
  { "payment_method", KONTOR_STRING, PARAM | CREATE, .doc = "What to attach to them." },
  { "source", KONTOR_STRING, PARAM | EITHER, .doc = "A card of older clients, as a token." },
  { "test_clock", KONTOR_STRING, PARAM | CREATE | LIST, .doc = "The test clock they live by." },
  { "validate", KONTOR_BOOL, PARAM | EITHER, .doc = "Whether the bank is asked about a new card." },
  ROW_TAKEN ("cash_balance", EITHER, "How money they send is matched."),
  ROW_TAKEN ("tax", EITHER, "Where they are taxed."),
  ROW_TAKEN ("tax_id_data", CREATE, "Their tax numbers."),
  ROW_END,
};

const KontorResource kontor_customer_resource = {
  .kind = KONTOR_KIND_CUSTOMER,
  .object = "customer",
  .table = "customers",
  .prefix = "cus",
  .shape = { "customer", sizeof (KontorCustomer), fields },
  .doc = "Somebody who pays, once or often.",
};
