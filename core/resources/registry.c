/* registry.c: all resources, by kind. */
#include "core/resources/account.h"
#include "core/resources/balance.h"
#include "core/resources/balance_transaction.h"
#include "core/resources/charge.h"
#include "core/resources/customer.h"
#include "core/resources/event.h"
#include "core/resources/note.h"
#include "core/resources/notice.h"
#include "core/resources/payment_intent.h"
#include "core/resources/payment_method.h"
#include "core/resources/refund.h"
#include "core/resources/setup_attempt.h"
#include "core/resources/setup_intent.h"
#include "core/resources/view.h"
#include "core/resources/webhook_attempt.h"
#include "core/resources/webhook_delivery.h"
#include "core/resources/webhook_endpoint.h"

const KontorResource *const kontor_resources[KONTOR_N_KINDS] = {
  [KONTOR_KIND_ACCOUNT] = &kontor_account_resource,
  [KONTOR_KIND_CUSTOMER] = &kontor_customer_resource,
  [KONTOR_KIND_PAYMENT_METHOD] = &kontor_payment_method_resource,
  [KONTOR_KIND_SETUP_INTENT] = &kontor_setup_intent_resource,
  [KONTOR_KIND_SETUP_ATTEMPT] = &kontor_setup_attempt_resource,
  [KONTOR_KIND_PAYMENT_INTENT] = &kontor_payment_intent_resource,
  [KONTOR_KIND_CHARGE] = &kontor_charge_resource,
  [KONTOR_KIND_REFUND] = &kontor_refund_resource,
  [KONTOR_KIND_BALANCE_TRANSACTION] = &kontor_balance_transaction_resource,
  [KONTOR_KIND_EVENT] = &kontor_event_resource,
  [KONTOR_KIND_BALANCE] = &kontor_balance_resource,
  [KONTOR_KIND_WEBHOOK_ENDPOINT] = &kontor_webhook_endpoint_resource,
  [KONTOR_KIND_WEBHOOK_DELIVERY] = &kontor_webhook_delivery_resource,
  [KONTOR_KIND_WEBHOOK_ATTEMPT] = &kontor_webhook_attempt_resource,
  [KONTOR_KIND_NOTICE] = &kontor_notice_resource,
  [KONTOR_KIND_NOTE] = &kontor_note_resource,
  [KONTOR_KIND_VIEW] = &kontor_view_resource,
};
