/* sync.c: the change feed, and sums to compare a copy by. */
#include "server/http/sync.h"

#include <string.h>

#include "server/http/pending.h"
#include "server/http/sync-snapshot.h"
#include "server/http/wait.h"
#include "server/store/meta.h"

#define MAX_LINES 1000

/* What a key or a role must be allowed to read of each kind. */
static const struct
{
  guint kind;
  KontorScopeBit scope;
} needed[] = {
  { KONTOR_KIND_ACCOUNT, KONTOR_SCOPE_ACCOUNT_READ },
  { KONTOR_KIND_CUSTOMER, KONTOR_SCOPE_CUSTOMERS_READ },
  { KONTOR_KIND_PAYMENT_METHOD, KONTOR_SCOPE_PAYMENT_METHODS_READ },
  { KONTOR_KIND_SETUP_INTENT, KONTOR_SCOPE_SETUP_INTENTS_READ },
  { KONTOR_KIND_SETUP_ATTEMPT, KONTOR_SCOPE_SETUP_INTENTS_READ },
  { KONTOR_KIND_PAYMENT_INTENT, KONTOR_SCOPE_PAYMENT_INTENTS_READ },
  { KONTOR_KIND_CHARGE, KONTOR_SCOPE_CHARGES_READ },
  { KONTOR_KIND_REFUND, KONTOR_SCOPE_REFUNDS_READ },
  { KONTOR_KIND_BALANCE_TRANSACTION, KONTOR_SCOPE_BALANCE_READ },
  { KONTOR_KIND_WEBHOOK_ENDPOINT, KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ },
  { KONTOR_KIND_NOTE, KONTOR_SCOPE_KONTOR_READ },
  { KONTOR_KIND_VIEW, KONTOR_SCOPE_KONTOR_READ },
  { KONTOR_KIND_EVENT, KONTOR_SCOPE_EVENTS_READ },
  { KONTOR_STREAM_REQUEST_LOG, KONTOR_SCOPE_KONTOR_READ },
  { KONTOR_STREAM_WEBHOOK_ATTEMPT, KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ },
  { KONTOR_STREAM_AUDIT_ENTRY, KONTOR_SCOPE_AUDIT_READ },
  { KONTOR_STREAM_LEDGER_ENTRY, KONTOR_SCOPE_BALANCE_READ },
  { KONTOR_STREAM_NOTICE, KONTOR_SCOPE_KONTOR_READ },
};

/**
 * kontor_sync_view:
 * @call: a call whose key is known
 * @view: (out): its scope, and the kinds that it may read
 */
void
kontor_sync_view (const KontorCall *call, KontorSyncView *view)
{
  memset (view, 0, sizeof *view);
  view->scope = call->scope;
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (call->key.type != KONTOR_KEY_RESTRICTED || (call->key.scopes & needed[i].scope) != 0)
      view->kinds |= G_GUINT64_CONSTANT (1) << kontor_sync_kind (needed[i].kind)->bit;
}

/* The feed. */

static gboolean
write_page (KontorCall *call,
            const KontorSyncView *view,
            const char *epoch,
            KontorFeedPosition *position,
            KontorSyncPage *page)
{
  KontorBuffer *out = &call->reply->body;

  out->length = 0;
  page->out = out;
  page->client = kontor_params_string (call->params, "client");
  page->arena = call->arena;
  page->limit = (guint) kontor_params_int (call->params, "limit", MAX_LINES);
  if (!kontor_sync_page (call->store, view, position, page, &call->failure))
    return FALSE;
  call->reply->status = 200;
  call->reply->content_type = "application/x-ndjson";
  kontor_buffer_literal (out, "{\"cursor\":\"");
  kontor_buffer_puts (out,
                      kontor_sync_cursor_write (call->api, call->arena, epoch, view, position));
  kontor_buffer_puts (out, page->more ? "\",\"more\":true,\"at\":" : "\",\"more\":false,\"at\":");
  kontor_buffer_int (out, call->now);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

/* %TRUE with @page filled in when there is a page; %TRUE without when the reply asks for a snapshot. */
static gboolean
read_changes (KontorCall *call, KontorSyncPage *page, KontorError *error)
{
  const char *cursor = kontor_params_string (call->params, "cursor"), *epoch;
  KontorFeedPosition position = { 0 };
  KontorSyncView view;
  gboolean gone;

  kontor_sync_view (call, &view);
  memset (page, 0, sizeof *page);
  page->more = TRUE;
  /* First of all: the transaction begins to see the database with the first row that it reads. */
  page->certain_request = kontor_key (
      call->scope, kontor_pending_certain (call->api->pending, call->api->ids, call->now));
  if (!kontor_store_epoch (call->store, call->arena, &epoch, &call->failure))
    return FALSE;
  if (cursor != NULL
      && !kontor_sync_cursor_read (call, cursor, epoch, &view, &position, &gone, error))
    return gone;
  return write_page (call, &view, epoch, &position, page);
}

static gboolean
changes (KontorCall *call, KontorError *error)
{
  KontorSyncPage page;

  /* This very call is not logged when it goes well: the log need not wait for it. */
  kontor_pending_leave (call->api->pending, &call->pending);
  if (!read_changes (call, &page, error))
    return FALSE;
  return page.more || page.n_telling > 0 || !kontor_call_may_wait (call)
         || kontor_call_wait (call, KONTOR_COMMIT_ANY, error);
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const KontorField changes_params[] = {
  { .name = "cursor",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "Where the page before ended, or the snapshot; from the beginning when left out." },
  { .name = "limit",
    .type = KONTOR_INT,
    .flags = PARAM,
    .min = 1,
    .max = MAX_LINES,
    .doc = "How many lines at most, from 1 to 1000; 1000 when left out." },
  KONTOR_WAIT_FIELD,
  { .name = "client",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "Which console asks: it is told what became of its operations." },
  { NULL },
};

const KontorRoute kontor_sync_routes[] = {
  { "GET", "/v1/kontor/sync/changes", KONTOR_SCOPE_KONTOR_READ, NULL, 0, changes,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_QUIET, changes_params,
    "What has changed since a cursor, as lines of JSON." },
  { "GET", "/v1/kontor/sync/snapshot", KONTOR_SCOPE_KONTOR_READ, NULL, 0, kontor_sync_snapshot_get,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_QUIET, NULL,
    "All there is, as an SQLite file to begin a copy with." },
  { NULL },
};
