/* audit-log.c: who did what, over HTTP. */
#include "server/http/audit-log.h"

#include <sodium.h>
#include <string.h>

#include "server/engine/account.h"
#include "server/http/list.h"
#include "server/http/member.h"
#include "server/store/audit-log.h"

#define ID_PREFIX "alog_"

/* An API key sees what was done in its own mode, people see both. */
static int
mode_of (const KontorCall *call)
{
  if (call->person == NULL)
    return (int) (call->scope & 1);
  if (!kontor_params_has (call->params, "livemode"))
    return -1;
  return kontor_params_bool (call->params, "livemode", FALSE);
}

static void
hash_member (KontorBuffer *out, const char *name, const guint8 hash[32])
{
  char text[65];

  sodium_bin2hex (text, sizeof text, hash, 32);
  kontor_member_text (out, name, text);
}

/* Whether it has the hash that it should have, and follows what it says it follows. */
static gboolean
verify (KontorCall *call, const KontorAuditRow *row, KontorBuffer *out)
{
  guint8 hash[32];
  gboolean follows;

  if (!kontor_store_audit_follows (call->store, row, &follows, &call->failure))
    return FALSE;
  kontor_audit_hash (row, hash);
  kontor_member_bool (out, "verified", follows && memcmp (hash, row->hash, sizeof hash) == 0);
  return TRUE;
}

static void
write_actor (const KontorAuditRow *row, KontorBuffer *out)
{
  kontor_buffer_literal (out, ",\"actor\":{\"kind\":");
  kontor_buffer_string (out, row->actor_kind);
  kontor_member_text (out, "id", row->actor);
  kontor_member_text (out, "name", row->actor_name);
  kontor_buffer_char (out, '}');
}

/* All that the hash covers can be read from it. */
static gboolean
write_row (KontorCall *call, const KontorAuditRow *row, KontorBuffer *out)
{
  kontor_buffer_printf (
      out, "{\"id\":\"" ID_PREFIX "%" G_GINT64_FORMAT "\",\"object\":\"kontor.audit_entry\"",
      row->number);
  kontor_member_text (out, "action", row->action);
  write_actor (row, out);
  kontor_member_int (out, "created", row->at / G_USEC_PER_SEC);
  kontor_member_int (out, "created_us", row->at);
  hash_member (out, "hash", row->hash);
  if (row->scope != 0)
    kontor_member_bool (out, "livemode", row->scope & 1);
  else
    kontor_member_text (out, "livemode", NULL);
  kontor_member_int (out, "number", row->number);
  kontor_member_text (out, "outcome", row->outcome);
  hash_member (out, "previous", row->previous);
  kontor_member_text (out, "remote", row->remote);
  kontor_member_text (out, "request", row->request);
  kontor_member_int (out, "scope", row->scope);
  kontor_buffer_literal (out, ",\"summary\":");
  kontor_buffer_puts (out, row->summary);
  kontor_member_text (out, "target", row->object);
  if (kontor_params_bool (call->params, "verify", FALSE) && !verify (call, row, out))
    return FALSE;
  kontor_buffer_char (out, '}');
  return TRUE;
}

static gboolean
find (KontorCall *call, const char *id, const char *param, KontorAuditRow *row, KontorError *error)
{
  gint64 number
      = g_str_has_prefix (id, ID_PREFIX) ? g_ascii_strtoll (id + strlen (ID_PREFIX), NULL, 10) : 0;
  gboolean found;

  if (!kontor_store_audit_get (call->store, call->arena, call->scope >> 1, mode_of (call), number,
                               row, &found, &call->failure))
    return FALSE;
  return found || kontor_error_missing (error, "audit_entry", id, param);
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorAuditRow row;

  if (!find (call, call->ids[0], "id", &row, error) || !write_row (call, &row, &call->reply->body))
    return FALSE;
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

static gboolean
read_cursor (KontorCall *call, const char *name, gint64 *number, KontorError *error)
{
  const char *id = kontor_params_string (call->params, name);
  KontorAuditRow row;

  if (id == NULL)
    return TRUE;
  if (!find (call, id, name, &row, error))
    return FALSE;
  *number = row.number;
  return TRUE;
}

/* "refund.*" stands for all that begins so. */
static const char *
read_action (KontorCall *call)
{
  const char *action = kontor_params_string (call->params, "action");

  if (action == NULL || !g_str_has_suffix (action, ".*"))
    return action;
  return kontor_arena_strndup (call->arena, action, strlen (action) - 1);
}

static void
read_times (KontorCall *call, KontorAuditQuery *query)
{
  gint64 lowest = KONTOR_NONE, highest = KONTOR_NONE;

  kontor_list_range (call->params, "created", &lowest, &highest);
  if (lowest != KONTOR_NONE)
    query->at_min = lowest * G_USEC_PER_SEC;
  if (highest != KONTOR_NONE)
    query->at_max = highest * G_USEC_PER_SEC + G_USEC_PER_SEC - 1;
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorAuditRow));
  KontorBuffer *out = &call->reply->body;
  KontorAuditQuery query = {
    .account = call->scope >> 1,
    .live = mode_of (call),
    .limit = (guint) kontor_params_int (call->params, "limit", 10),
    .actor = kontor_params_string (call->params, "actor"),
    .object = kontor_params_string (call->params, "target"),
    .action = read_action (call),
  };
  gboolean has_more;

  read_times (call, &query);
  if (!read_cursor (call, "starting_after", &query.after, error)
      || !read_cursor (call, "ending_before", &query.before, error)
      || !kontor_store_audit_list (call->store, call->arena, &query, rows, &has_more,
                                   &call->failure))
    return FALSE;
  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < rows->len; i++)
    {
      kontor_buffer_puts (out, i > 0 ? "," : "");
      if (!write_row (call, &g_array_index (rows, KontorAuditRow, i), out))
        return FALSE;
    }
  kontor_buffer_printf (out, "],\"has_more\":%s,\"url\":\"/v1/kontor/audit_log\"}\n",
                        has_more ? "true" : "false");
  return TRUE;
}

#define FILTER KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const KontorField list_params[] = {
  { "actor", KONTOR_STRING, FILTER, .doc = "Who did it: user_… or key_…." },
  { "action", KONTOR_STRING, FILTER, .doc = "What was done: refund.create, or refund.* for all." },
  { "target", KONTOR_STRING, FILTER, .doc = "What it was done to: an id." },
  { "created", KONTOR_RANGE, FILTER, .doc = "When it was done." },
  { "livemode", KONTOR_BOOL, FILTER, .doc = "In which mode; in either when left out." },
  { "verify", KONTOR_BOOL, FILTER,
    .doc = "Whether to check each entry's hash, and that it follows the one before." },
  { NULL },
};
static const KontorField retrieve_params[] = {
  { "verify", KONTOR_BOOL, FILTER,
    .doc = "Whether to check the entry's hash, and that it follows the one before." },
  { NULL },
};

const KontorRoute kontor_audit_log_routes[] = {
  { "GET", "/v1/kontor/audit_log", KONTOR_SCOPE_AUDIT_READ, NULL, KONTOR_IN_LIST, list,
    KONTOR_ROUTE_READ, list_params, "List who did what, the newest first." },
  { "GET", "/v1/kontor/audit_log/:id", KONTOR_SCOPE_AUDIT_READ, NULL, KONTOR_IN_ACTION, retrieve,
    KONTOR_ROUTE_READ, retrieve_params, "Retrieve one entry of the audit log." },
  { NULL },
};
