/* audit-note.c: what of a call goes into the audit log: all that people change, what programs change of how the server
 * is run, and who was refused what they may not do. */
#include "server/http/audit-note.h"

#include <string.h>

#include "server/http/actor.h"
#include "server/http/api.h"
#include "server/store/audit-log.h"

/* What a program changes with one of these is noted too; the rest of what it does is its business. */
#define ADMINISTRATIVE                                                                             \
  (KONTOR_SCOPE_ACCOUNT_WRITE | KONTOR_SCOPE_KONTOR_WRITE | KONTOR_SCOPE_KEYS_WRITE                \
   | KONTOR_SCOPE_PEOPLE_WRITE | KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE)

#define MOST_SUMMARY 4000

static const char *const prefixes[] = { "/v1/kontor/", "/v1/", "/v2/core/", "/" };

static gboolean
is_collection (const char *word)
{
  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    if (kontor_resources[kind] != NULL && g_strcmp0 (kontor_resources[kind]->table, word) == 0)
      return TRUE;
  return FALSE;
}

static const char *
verb_of (const char *method, gboolean of_one)
{
  if (g_str_equal (method, "GET"))
    return of_one ? "retrieve" : "list";
  if (g_str_equal (method, "DELETE"))
    return "delete";
  return of_one ? "update" : "create";
}

/* "refunds" to "refund", "webhook_deliveries" to "webhook_delivery". */
static void
add_singular (GString *action, const char *plural)
{
  gsize length = strlen (plural);

  if (g_str_has_suffix (plural, "ies"))
    g_string_append_printf (action, "%.*sy", (int) length - 3, plural);
  else
    g_string_append_len (action, plural, (gssize) length - g_str_has_suffix (plural, "s"));
}

static char **
words_of (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (path, prefixes[i]))
      return g_strsplit (path + strlen (prefixes[i]), "/", -1);
  return g_new0 (char *, 1);
}

/**
 * kontor_audit_action:
 * @arena: where the text is to live
 * @method: of a route
 * @path: of a route: "/v1/refunds/:id/cancel"
 *
 * Returns: what is done there, in a word: "refund.cancel"
 */
const char *
kontor_audit_action (KontorArena *arena, const char *method, const char *path)
{
  g_autoptr (GString) action = g_string_new (NULL);
  g_auto (GStrv) words = words_of (path);
  guint n = g_strv_length (words), noun = 0;
  gboolean of_one, says_itself = FALSE;

  for (guint i = 1; i < n; i++)
    if (is_collection (words[i]))
      noun = i;
  of_one = n > noun + 1 && words[noun + 1][0] == ':';
  if (n <= noun + 1 || of_one)
    add_singular (action, words[noun] != NULL ? words[noun] : "");
  else
    g_string_append (action, words[noun]);
  for (guint i = noun + 1; i < n; i++)
    if (words[i][0] != ':')
      {
        g_string_append_printf (action, ".%s", words[i]);
        says_itself = g_str_equal (method, "POST");
      }
  if (!says_itself)
    g_string_append_printf (
        action, ".%s", verb_of (method, of_one || n > noun + 1 || !g_str_has_suffix (path, "s")));
  return kontor_arena_strdup (arena, action->str);
}

/* What was acted on: the last id of the URL, or what came into being, also by an operation. */
static const char *
object_of (const KontorCall *call)
{
  static const char *const heads[] = { "{\"id\":\"", "{\"ok\":{\"id\":\"" };
  const KontorBuffer *body = &call->reply->body;

  for (guint i = 0; i < G_N_ELEMENTS (heads) && call->refusal == KONTOR_ERROR_NONE; i++)
    {
      gsize length = strlen (heads[i]);
      const char *id = body->data + length, *end;

      if (body->length > length && memcmp (body->data, heads[i], length) == 0
          && (end = memchr (id, '"', body->length - length)) != NULL)
        return kontor_arena_strndup (call->arena, id, (gsize) (end - id));
    }
  return call->ids[1] != NULL ? call->ids[1] : call->ids[0];
}

static gboolean
name_actor (KontorCall *call, KontorAuditRow *row)
{
  KontorActor actor;

  if (!kontor_call_actor (call, &actor))
    return FALSE;
  row->actor_kind = actor.kind;
  row->actor = actor.id;
  row->actor_name = actor.name;
  return TRUE;
}

static const char *
outcome_of (const KontorCall *call)
{
  const KontorErrorInfo *info;

  if (call->refusal == KONTOR_ERROR_NONE)
    return "ok";
  info = kontor_error_info (call->refusal);
  return info->code != NULL ? info->code : info->type;
}

static gboolean
is_noted (const KontorCall *call)
{
  return call->person != NULL
         || (call->key.number != 0
             && ((call->route->scope & ADMINISTRATIVE) != 0
                 || (call->route->flags & KONTOR_ROUTE_NOTED) != 0));
}

/**
 * kontor_audit_note_call:
 * @call: a call in the engine, whose reply is made; call->store is the engine's
 *
 * The row is committed with what was done, also when that was refused.
 *
 * Returns: whether it was written, or need not be; if not, @call->failure is set
 */
gboolean
kontor_audit_note_call (KontorCall *call)
{
  const char *params = call->logged_params;
  KontorAuditRow row = {
    .at = kontor_clock_now_us (call->api->clock),
    .scope = call->scope,
    .remote = call->request->remote,
    .request = call->request->id,
    .outcome = outcome_of (call),
  };

  if (!is_noted (call))
    return TRUE;
  row.action = kontor_audit_action (call->arena, call->route->method, call->route->path);
  row.object = object_of (call);
  row.summary = params == NULL ? "{}" : strlen (params) <= MOST_SUMMARY ? params : "{\"cut\":true}";
  return name_actor (call, &row) && kontor_store_audit_append (call->store, &row, &call->failure);
}

/**
 * kontor_audit_wants_refusal:
 * @call: a call that was refused, with its reply
 *
 * Returns: whether it is somebody known who tried what they may not do
 */
gboolean
kontor_audit_wants_refusal (const KontorCall *call)
{
  return (call->refusal == KONTOR_ERROR_API_KEY_SCOPE
          || call->refusal == KONTOR_ERROR_ACCOUNT_INVALID)
         && call->route != NULL && is_noted (call);
}
