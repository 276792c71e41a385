/* tables.h: what each screen's list is searched and sorted by. */
#pragma once

#include "core/console/record.h"

G_BEGIN_DECLS

/* Columns of payments. */
enum
{
  KONTOR_PAYMENT_STATUS,
  KONTOR_PAYMENT_CURRENCY,
  KONTOR_PAYMENT_BRAND,
  KONTOR_PAYMENT_FLAGS,
  KONTOR_PAYMENT_AMOUNT,
  KONTOR_PAYMENT_CREATED,
  KONTOR_PAYMENT_CUSTOMER,
  KONTOR_PAYMENT_DESCRIPTION,
  KONTOR_PAYMENT_LAST4,
  KONTOR_PAYMENT_EMAIL,
  KONTOR_PAYMENT_FAILURE,
  KONTOR_PAYMENT_METADATA,
};

/* Columns of customers. */
enum
{
  KONTOR_CUSTOMER_NAME,
  KONTOR_CUSTOMER_EMAIL,
  KONTOR_CUSTOMER_PHONE,
  KONTOR_CUSTOMER_DESCRIPTION,
  KONTOR_CUSTOMER_BUSINESS,
  KONTOR_CUSTOMER_METADATA,
  KONTOR_CUSTOMER_CURRENCY,
  KONTOR_CUSTOMER_BALANCE,
  KONTOR_CUSTOMER_FLAGS,
  KONTOR_CUSTOMER_CREATED,
};

/* Columns of events. */
enum
{
  KONTOR_EVENT_TYPE,
  KONTOR_EVENT_KIND,
  KONTOR_EVENT_ABOUT, /* the key of what it is about */
  KONTOR_EVENT_CREATED,
  KONTOR_EVENT_ID,    /* its object's */
  KONTOR_EVENT_REQUEST,
  KONTOR_EVENT_CAUSE, /* the key of that request */
};

/* Columns of what changed the balance. */
enum
{
  KONTOR_BALANCE_TYPE,
  KONTOR_BALANCE_CURRENCY,
  KONTOR_BALANCE_NET,
  KONTOR_BALANCE_AMOUNT,
  KONTOR_BALANCE_FEE,
  KONTOR_BALANCE_AVAILABLE,
  KONTOR_BALANCE_CREATED,
  KONTOR_BALANCE_ABOUT,  /* the key of the charge or refund */
  KONTOR_BALANCE_SOURCE, /* its id */
};

/* Columns of attempts to send an event. */
enum
{
  KONTOR_ATTEMPT_OUTCOME, /* succeeded, failed */
  KONTOR_ATTEMPT_REASON,
  KONTOR_ATTEMPT_TYPE,
  KONTOR_ATTEMPT_STATUS,
  KONTOR_ATTEMPT_NUMBER,
  KONTOR_ATTEMPT_DURATION,
  KONTOR_ATTEMPT_CREATED,
  KONTOR_ATTEMPT_TO,      /* the key of the endpoint */
  KONTOR_ATTEMPT_ENDPOINT,
  KONTOR_ATTEMPT_EVENT,
  KONTOR_ATTEMPT_OBJECT,
};

extern const KontorIndexTable kontor_attempt_table;
extern const KontorIndexTable kontor_view_table;
extern const KontorIndexTable kontor_payment_table;
extern const KontorFindField  kontor_payment_fields[];
extern const KontorIndexTable kontor_customer_table;
extern const KontorFindField  kontor_customer_fields[];
extern const KontorIndexTable kontor_event_table;
extern const KontorIndexTable kontor_balance_table;

/* events.c: out of what an event says of its object */
char       *kontor_event_about    (const KontorRecord *record, const char *name);
const char *kontor_payment_status (const char *status,
                                   gboolean has_error,
                                   gboolean charge_failed,
                                   gint64 amount,
                                   gint64 refunded,
                                   gboolean disputed);

G_END_DECLS
