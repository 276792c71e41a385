/* routes.c: every table of routes there is. A noun's table lies in the file named after the noun. */
#include "server/http/api-key.h"
#include "server/http/audit-log.h"
#include "server/http/clock.h"
#include "server/http/figures.h"
#include "server/http/ledger-entry.h"
#include "server/http/me.h"
#include "server/http/nouns.h"
#include "server/http/op.h"
#include "server/http/request-log.h"
#include "server/http/role.h"
#include "server/http/router.h"
#include "server/http/session.h"
#include "server/http/sync-digest.h"
#include "server/http/sync.h"
#include "server/http/user.h"

/* clang-format off: one a line */
const KontorRoute *const kontor_route_tables[] = {
  kontor_account_routes,
  kontor_api_key_routes,
  kontor_audit_log_routes,
  kontor_authenticate_routes,
  kontor_balance_routes,
  kontor_charge_routes,
  kontor_clock_routes,
  kontor_customer_routes,
  kontor_event_destination_routes,
  kontor_event_feed_routes,
  kontor_event_routes,
  kontor_figures_routes,
  kontor_ledger_entry_routes,
  kontor_me_routes,
  kontor_note_routes,
  kontor_notice_routes,
  kontor_op_routes,
  kontor_payment_intent_routes,
  kontor_payment_method_routes,
  kontor_refund_routes,
  kontor_request_log_routes,
  kontor_role_routes,
  kontor_session_routes,
  kontor_setup_attempt_routes,
  kontor_setup_intent_routes,
  kontor_sync_digest_routes,
  kontor_sync_routes,
  kontor_user_routes,
  kontor_view_routes,
  kontor_webhook_attempt_routes,
  kontor_webhook_delivery_routes,
  kontor_webhook_endpoint_routes,
  kontor_webhook_resend_routes,
  kontor_webhook_settings_routes,
  NULL,
};
/* clang-format on */
