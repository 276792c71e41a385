/* common.h: pieces that several objects are made of: addresses, next steps, what went wrong. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  const char *city;
  const char *country;     /* ISO 3166-1, two letters */
  const char *line1;
  const char *line2;
  const char *postal_code;
  const char *state;
} KontorAddress;

typedef struct
{
  KontorAddress *address;
  const char    *email;
  const char    *name;
  const char    *phone;
  const char    *tax_id;
} KontorBillingDetails;

typedef struct
{
  KontorAddress *address;
  const char    *carrier;
  const char    *name;
  const char    *phone;
  const char    *tracking_number;
} KontorShipping;

typedef struct
{
  const char *allow_redirects; /* always, never */
  int         enabled;
} KontorAutomaticPaymentMethods;

typedef struct
{
  const char *return_url;
  const char *url;
} KontorRedirectToUrl;

typedef struct
{
  KontorRedirectToUrl *redirect_to_url;
  const char          *type;           /* redirect_to_url, use_stripe_sdk */
  const char          *use_stripe_sdk; /* JSON */
} KontorNextAction;

/* An error as it was answered, kept in the object it happened to. */
typedef struct
{
  const char *advice_code;
  const char *charge;
  const char *code;
  const char *decline_code;
  const char *doc_url;
  const char *message;
  const char *network_decline_code;
  const char *param;
  const char *payment_method;      /* JSON: the whole method as it then was */
  const char *payment_method_type;
  const char *request_log_url;
  const char *type;
} KontorLastError;

/* Whether they say nothing at all. %NULL does not. */
gboolean kontor_billing_details_are_empty (const KontorBillingDetails *details);

extern const KontorShape kontor_address_shape;
extern const KontorShape kontor_billing_details_shape;
extern const KontorShape kontor_shipping_shape;
extern const KontorShape kontor_customer_shipping_shape; /* of a customer: without a carrier */
extern const KontorShape kontor_automatic_payment_methods_shape;
extern const KontorShape kontor_mandate_data_shape;      /* parameter only */
extern const KontorShape kontor_redirect_to_url_shape;
extern const KontorShape kontor_next_action_shape;
extern const KontorShape kontor_last_error_shape;

/* The ways to pay that are known by name. */
extern const char *const kontor_payment_method_words[];

G_END_DECLS
