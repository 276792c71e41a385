/* customer.h: the shape of somebody who pays, once or often. */
#pragma once

#include "core/resources/common.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const char *value;
} KontorCustomField;

typedef struct
{
  const char *amount_tax_display;
  const char *template;
} KontorRenderingOptions;

typedef struct
{
  KontorItems            *custom_fields; /* of KontorCustomField */
  const char             *default_payment_method;
  const char             *footer;
  KontorRenderingOptions *rendering_options;
} KontorInvoiceSettings;

typedef struct
{
  KontorObject           head;
  KontorAddress         *address;
  /* what they owe (positive) or have to their credit (negative) */
  gint64                 balance;
  const char            *business_name;
  const char            *currency;
  const char            *default_source;
  int                    delinquent;
  const char            *description;
  const char            *email;
  const char            *individual_name;
  const char            *invoice_prefix;
  KontorInvoiceSettings *invoice_settings;
  KontorMap             *metadata;
  const char            *name;
  gint64                 next_invoice_sequence;
  const char            *phone;
  KontorStrings         *preferred_locales;
  KontorShipping        *shipping;
  const char            *tax_exempt;
  /* hidden */
  int                    deleted;        /* gone for the API, kept for the books */
} KontorCustomer;

extern const KontorShape    kontor_custom_field_shape;
extern const KontorShape    kontor_rendering_options_shape;
extern const KontorShape    kontor_invoice_settings_shape;
extern const KontorResource kontor_customer_resource;

G_END_DECLS
