/* nouns.h: the route tables of the nouns, one in each file named after it. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_account_routes[];
extern const KontorRoute kontor_authenticate_routes[];
extern const KontorRoute kontor_balance_routes[];
extern const KontorRoute kontor_charge_routes[];
extern const KontorRoute kontor_customer_routes[];
extern const KontorRoute kontor_event_destination_routes[];
extern const KontorRoute kontor_event_feed_routes[];
extern const KontorRoute kontor_event_routes[];
extern const KontorRoute kontor_note_routes[];
extern const KontorRoute kontor_notice_routes[];
extern const KontorRoute kontor_payment_intent_routes[];
extern const KontorRoute kontor_payment_method_routes[];
extern const KontorRoute kontor_refund_routes[];
extern const KontorRoute kontor_setup_attempt_routes[];
extern const KontorRoute kontor_setup_intent_routes[];
extern const KontorRoute kontor_view_routes[];
extern const KontorRoute kontor_webhook_attempt_routes[];
extern const KontorRoute kontor_webhook_delivery_routes[];
extern const KontorRoute kontor_webhook_endpoint_routes[];
extern const KontorRoute kontor_webhook_resend_routes[];
extern const KontorRoute kontor_webhook_settings_routes[];

/* What payment methods and customers share: a page of methods. */
gboolean kontor_call_list_methods (KontorCall *call, KontorListQuery *query, KontorError *error);

G_END_DECLS
