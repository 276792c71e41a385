/* notice.c: the routes of what the people of an account should know. */
#include "core/resources/notice.h"

#include <string.h>

#include "server/http/list.h"
#include "server/http/nouns.h"
#include "server/http/webhook_delivery.h"
#include "server/store/notice.h"

#define PREFIX "notice_"

static gboolean
find (KontorCall *call, const char *id, const char *param, KontorNoticeRow *row, KontorError *error)
{
  guint64 number;
  gboolean found = FALSE;

  if (g_str_has_prefix (id, PREFIX)
      && g_ascii_string_to_unsigned (id + strlen (PREFIX), 10, 1, G_MAXINT64, &number, NULL)
      && !kontor_store_notice_get (call->store, call->arena, call->scope, (gint64) number, row,
                                   &found, &call->failure))
    return FALSE;
  return found || kontor_error_missing (error, "notice", id, param);
}

static KontorNotice *
show (KontorCall *call, const KontorNoticeRow *row)
{
  KontorNotice *notice = kontor_object_new (&kontor_notice_resource, call->arena);

  notice->head.id = kontor_arena_printf (call->arena, PREFIX "%" G_GINT64_FORMAT, row->number);
  notice->head.key = kontor_key (row->scope, 0);
  notice->head.created = row->created;
  notice->about = row->object;
  notice->dismissed = row->dismissed != 0 ? row->dismissed : KONTOR_NONE;
  notice->kind = row->kind;
  notice->message = row->message;
  return notice;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorNoticeRow row;

  if (!find (call, call->ids[0], "id", &row, error))
    return FALSE;
  kontor_call_object (call, &show (call, &row)->head);
  return TRUE;
}

static gboolean
dismiss (KontorCall *call, KontorError *error)
{
  KontorNoticeRow row;

  if (!find (call, call->ids[0], "id", &row, error)
      || !kontor_store_notice_dismiss (call->store, row.number, call->now, &call->failure))
    return FALSE;
  row.dismissed = row.dismissed != 0 ? row.dismissed : call->now;
  kontor_call_object (call, &show (call, &row)->head);
  return TRUE;
}

static gboolean
read_cursor (KontorCall *call, const char *name, gint64 *number, KontorError *error)
{
  const char *id = kontor_params_string (call->params, name);
  KontorNoticeRow row = { 0 };

  if (id != NULL && !find (call, id, name, &row, error))
    return FALSE;
  *number = row.number;
  return TRUE;
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorNoticeRow));
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  KontorNoticeQuery query = {
    .scope = call->scope,
    .limit = (guint) kontor_params_int (call->params, "limit", 10),
    .dismissed = kontor_params_has (call->params, "dismissed")
                     ? kontor_params_bool (call->params, "dismissed", FALSE)
                     : -1,
  };
  gboolean has_more;

  kontor_list_range (call->params, "created", &query.created_min, &query.created_max);
  if (!kontor_call_one_cursor (call, error)
      || !read_cursor (call, "starting_after", &query.after, error)
      || !read_cursor (call, "ending_before", &query.before, error)
      || !kontor_store_notice_list (call->store, call->arena, &query, rows, &has_more,
                                    &call->failure))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (found, show (call, &g_array_index (rows, KontorNoticeRow, i)));
  kontor_list_write (call, found, has_more, call->request->path, NULL, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

#define NOTICE &kontor_notice_resource

const KontorRoute kontor_notice_routes[] = {
  { "GET", "/v1/kontor/notices", KONTOR_SCOPE_KONTOR_READ, NOTICE, KONTOR_IN_LIST, list,
    KONTOR_ROUTE_READ, NULL, "List what the people of the account should know, newest first." },
  { "GET", "/v1/kontor/notices/:id", KONTOR_SCOPE_KONTOR_READ, NOTICE, 0, retrieve,
    KONTOR_ROUTE_READ, NULL, "Retrieve a notice." },
  { "POST", "/v1/kontor/notices/:id/dismiss", KONTOR_SCOPE_KONTOR_WRITE, NOTICE, 0, dismiss, 0,
    NULL, "Say that a notice was read." },
  { NULL },
};
