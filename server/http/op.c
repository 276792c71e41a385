/* op.c: the routes by which consoles have things done, once each.
 *
 * A console may have waited for days, may not know whether its last try came through, and may be two: its folder was
 * copied. So an operation has a name, and what became of it is written with what it did. Whoever sends it again is told
 * the same. All of it runs on the engine's thread, one operation after the other: two of one name cannot meet. */
#include "server/http/op.h"

#include <string.h>

#include "server/engine/sync.h"
#include "server/http/idempotency.h"
#include "server/http/op-action.h"
#include "server/http/reply.h"
#include "server/store/op.h"

#define KEPT_DAYS 90
#define DAY_S 86400
#define MAX_ASKED 100

static const char name_letters[]
    = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.";

/* What is asked. */
typedef struct
{
  const KontorEndpoint *endpoint; /* of the route itself */
  const char *id, *client, *action, *on;
  const KontorValue *args;
  gint64 if_v, expires;
  KontorOpRow row;
} Op;

static gboolean
check_name (const char *name, const char *param, const char *prefix, KontorError *error)
{
  gsize length = strlen (name);

  if (g_str_has_prefix (name, prefix) && length > strlen (prefix) && length <= 80
      && strspn (name, name_letters) == length)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, param,
                           "%s must be at most 80 letters, digits or _-. beginning with \"%s\".",
                           param, prefix);
}

/* Answers are kept for so long: who could ask later might have it done twice. */
static gboolean
check_expires (const KontorCall *call, gint64 expires, KontorError *error)
{
  if (expires <= call->now + KEPT_DAYS * DAY_S)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "expires",
                           "An operation may wait for at most %d days.", KEPT_DAYS);
}

/* All that says what is to be done; not who sends it, nor when. */
static void
hash_op (KontorCall *call, Op *op)
{
  KontorValue *asked = kontor_value_new (call->arena, KONTOR_VALUE_OBJECT);
  static const char *const names[] = { "do", "on", "if_v", "args", "expires" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const KontorValue *value = kontor_value_get (call->params, names[i]);

      if (value != NULL)
        {
          KontorValue *copy = kontor_value_append (call->arena, asked, names[i], KONTOR_VALUE_NULL);
          KontorValue *next = copy->next;

          *copy = *value;
          copy->key = names[i];
          copy->next = next;
        }
    }
  kontor_idempotency_hash (call->api, call->arena, asked, op->row.hash);
}

static gboolean
read_op (KontorCall *call, Op *op, KontorError *error)
{
  const KontorValue *params = call->params;

  memset (op, 0, sizeof *op);
  op->endpoint = call->endpoint;
  op->id = kontor_params_string (params, "op");
  op->client = kontor_params_string (params, "client");
  op->action = kontor_params_string (params, "do");
  op->on = kontor_params_string (params, "on");
  op->args = kontor_value_get (params, "args");
  op->if_v = kontor_params_int (params, "if_v", KONTOR_NONE);
  op->expires = kontor_params_int (params, "expires", 0);
  if (op->args != NULL && op->args->type == KONTOR_VALUE_NULL)
    op->args = NULL;
  if (op->args != NULL && op->args->type != KONTOR_VALUE_OBJECT)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "args",
                             "args must be an object of parameters.");
  if (!check_name (op->id, "op", "op_", error) || !check_name (op->client, "client", "", error)
      || !check_expires (call, op->expires, error))
    return FALSE;
  op->row.scope = call->scope;
  op->row.id = op->id;
  op->row.client = op->client;
  op->row.n = kontor_params_int (params, "n", -1);
  op->row.action = op->action;
  op->row.object = op->on;
  op->row.made = kontor_params_int (params, "made", 0);
  hash_op (call, op);
  return TRUE;
}

/* Who is told again what was decided, whoever they are: the operation's name is the proof. */
static gboolean
replay (KontorCall *call, const Op *op, gboolean *replayed, KontorError *error)
{
  KontorOpRow row;

  if (!kontor_store_op_find (call->store, call->arena, call->scope, op->id, &row, replayed,
                             &call->failure))
    return FALSE;
  if (!*replayed)
    return TRUE;
  if (memcmp (row.hash, op->row.hash, sizeof row.hash) != 0)
    return kontor_error_set (error, KONTOR_ERROR_OP_REUSED, "op", NULL);
  call->reply->status = row.status;
  call->reply->replayed = TRUE;
  kontor_buffer_append (&call->reply->body, row.result, row.length);
  return TRUE;
}

/* The reply stands; from now on it is what became of the operation. */
static gboolean
decide (KontorCall *call, Op *op, const char *state)
{
  const KontorReply *reply = call->reply;
  KontorOpRow *row = &op->row;

  call->endpoint = op->endpoint;
  call->reply_version = 0;
  row->number = kontor_ids_tick (call->tx->ids);
  row->actor = call->person != NULL
                   ? call->person->id
                   : kontor_arena_printf (call->arena, "key_%" G_GINT64_FORMAT, call->key.number);
  row->state = state;
  row->status = reply->status;
  row->result = reply->body.data;
  row->length = reply->body.length;
  row->created = call->now;
  return kontor_store_op_insert (
      call->store, row, kontor_tick_at (MAX (0, call->now - KEPT_DAYS * DAY_S)), &call->failure);
}

/* {"error":…} becomes {"refused":…}. */
static gboolean
decide_refused (KontorCall *call, Op *op, const KontorError *refusal, const char *state)
{
  KontorBuffer *body = &call->reply->body;
  const char *text;

  kontor_reply_error (call, refusal);
  text = kontor_arena_strndup (call->arena, body->data, body->length);
  body->length = 0;
  kontor_buffer_literal (body, "{\"refused\":");
  kontor_buffer_puts (body, text + strlen ("{\"error\":"));
  call->reply->status = 422;
  return decide (call, op, state);
}

/* What says nothing about the operation itself must not stick to it. */
static gboolean
is_final (const KontorError *refusal)
{
  guint status = refusal->info->status;

  return status < 500 && status != 401 && status != 403 && status != 409 && status != 429;
}

static gboolean
is_deleted (const KontorObject *object)
{
  const KontorField *field = kontor_shape_find (&object->resource->shape, "deleted");

  return field != NULL && field->type == KONTOR_BOOL && (field->flags & KONTOR_HIDDEN)
         && G_STRUCT_MEMBER (int, object, field->offset) == 1;
}

/* The version that the person saw is no longer the newest: they are shown what it is now. */
static void
write_conflict (KontorCall *call, const Op *op, const KontorObject *object)
{
  KontorBuffer *out = &call->reply->body;
  g_auto (KontorBuffer) slim = { 0 };

  call->reply->status = 409;
  kontor_buffer_literal (out, "{\"conflict\":{\"id\":");
  kontor_buffer_string (out, op->on);
  if (object == NULL || is_deleted (object))
    {
      kontor_buffer_literal (out, ",\"gone\":true}}\n");
      return;
    }
  kontor_object_write_slim (kontor_object_trimmed (object, call->arena), &slim);
  kontor_buffer_printf (
      out, ",\"t\":\"%s\",\"v\":%" G_GINT64_FORMAT ",\"c\":%" G_GINT64_FORMAT ",\"d\":",
      object->resource->object, object->version, object->created);
  kontor_sync_body (object->resource->kind, kontor_buffer_text (&slim), slim.length, out);
  kontor_buffer_literal (out, "}}\n");
}

static const KontorObject *
find_object (KontorCall *call, const Op *op)
{
  const KontorResource *resource = op->on != NULL ? kontor_resource_by_prefix (op->on) : NULL;

  if (resource == NULL || kontor_sync_kind (resource->kind) == NULL)
    return NULL;
  return kontor_tx_get (call->tx, resource, op->on);
}

static gboolean
may (const KontorCall *call, KontorError *error)
{
  guint64 needed = call->route->scope;

  if (call->key.type == KONTOR_KEY_SECRET
      || (call->key.type == KONTOR_KEY_RESTRICTED && needed != 0
          && (call->key.scopes & needed) == needed))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_API_KEY_SCOPE, NULL, NULL);
}

static void
write_done (KontorCall *call, const Op *op)
{
  KontorBuffer *body = &call->reply->body;
  const KontorObject *object = find_object (call, op);
  gint64 version = object != NULL ? object->version : call->reply_version;
  const char *inner = kontor_arena_strndup (call->arena, body->data, body->length);
  gsize length = strlen (inner);

  while (length > 0 && inner[length - 1] == '\n')
    length--;
  body->length = 0;
  kontor_buffer_literal (body, "{\"ok\":");
  kontor_buffer_append (body, inner, length);
  kontor_buffer_printf (body, ",\"v\":%" G_GINT64_FORMAT ",\"seq\":%" G_GINT64_FORMAT "}\n",
                        version, kontor_tx_n_versions (call->tx));
}

/* The very handler of the API's own route; its refusal is an answer too. */
static gboolean
run (KontorCall *call, Op *op, KontorError *error)
{
  KontorError refusal = { 0 };
  gboolean done = kontor_call_check_params (call, &refusal)
                  && call->route->handler (call, &refusal);

  if (done)
    {
      write_done (call, op);
      call->reply->status = 200;
      return decide (call, op, "done");
    }
  if (call->failure != NULL || refusal.info == NULL)
    return FALSE;
  if (!is_final (&refusal))
    {
      *error = refusal;
      return FALSE;
    }
  if (!call->keep_writes)
    kontor_tx_discard (call->tx);
  return decide_refused (call, op, &refusal, "refused");
}

static gboolean
perform (KontorCall *call, Op *op, KontorError *error)
{
  const KontorOpAction *action = kontor_op_action_find (op->action);
  const KontorObject *object;

  if (action == NULL)
    return kontor_error_set (error, KONTOR_ERROR_OP_UNKNOWN, "do", NULL);
  if (!kontor_op_action_take (action, call, op->on, op->args, error) || !may (call, error))
    return FALSE;
  if (op->if_v != KONTOR_NONE)
    {
      object = find_object (call, op);
      if (object == NULL || object->version != op->if_v)
        {
          write_conflict (call, op, object);
          return decide (call, op, "conflict");
        }
    }
  return run (call, op, error);
}

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorError refusal = { 0 };
  gboolean replayed;
  Op op;

  if (!read_op (call, &op, error) || !replay (call, &op, &replayed, error))
    return FALSE;
  if (replayed)
    return TRUE;
  if (op.expires > call->now)
    return perform (call, &op, error);
  kontor_error_set (&refusal, KONTOR_ERROR_OP_EXPIRED, "expires", NULL);
  return decide_refused (call, &op, &refusal, "expired");
}

/* What is known. */

static void
write_row (const KontorOpRow *row, KontorBuffer *out)
{
  gsize length = row->length;

  while (length > 0 && row->result[length - 1] == '\n')
    length--;
  kontor_buffer_literal (out, "{\"object\":\"kontor.op\",\"op\":");
  kontor_buffer_string (out, row->id);
  kontor_buffer_literal (out, ",\"actor\":");
  kontor_buffer_string (out, row->actor);
  kontor_buffer_literal (out, ",\"client\":");
  kontor_buffer_string (out, row->client);
  kontor_buffer_printf (out, ",\"created\":%" G_GINT64_FORMAT ",\"do\":", row->created);
  kontor_buffer_string (out, row->action);
  kontor_buffer_literal (out, ",\"on\":");
  if (row->object != NULL)
    kontor_buffer_string (out, row->object);
  else
    kontor_buffer_literal (out, "null");
  kontor_buffer_printf (out, ",\"state\":\"%s\",\"status\":%u,\"r\":", row->state, row->status);
  kontor_buffer_append (out, row->result, length);
  kontor_buffer_char (out, '}');
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  const KontorValue *ids = kontor_params_object (call->params, "id");
  KontorBuffer *out = &call->reply->body;
  gboolean any = FALSE, found;
  KontorOpRow row;

  if (ids->n_children > MAX_ASKED)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "id",
                             "id takes at most %d names.", MAX_ASKED);
  call->reply->status = 200;
  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (const KontorValue *id = ids->first; id != NULL; id = id->next)
    {
      if (!kontor_store_op_find (call->store, call->arena, call->scope, id->text, &row, &found,
                                 &call->failure))
        return FALSE;
      if (!found)
        continue;
      if (any)
        kontor_buffer_char (out, ',');
      write_row (&row, out);
      any = TRUE;
    }
  kontor_buffer_literal (out, "],\"has_more\":false,\"url\":\"/v1/kontor/ops\"}\n");
  return TRUE;
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const KontorField create_params[] = {
  { .name = "op",
    .type = KONTOR_STRING,
    .flags = PARAM | KONTOR_REQUIRED,
    .doc = "The operation's name, op_…, made by the console and never used again." },
  { .name = "client",
    .type = KONTOR_STRING,
    .flags = PARAM | KONTOR_REQUIRED,
    .doc = "Which console." },
  { .name = "n",
    .type = KONTOR_INT,
    .flags = PARAM,
    .min = 0,
    .max = G_MAXINT64,
    .doc = "The console's count of its operations." },
  { .name = "do",
    .type = KONTOR_STRING,
    .flags = PARAM | KONTOR_REQUIRED,
    .doc = "What is to be done, such as refund.create." },
  { .name = "on", .type = KONTOR_STRING, .flags = PARAM, .doc = "The object it is done to." },
  { .name = "if_v",
    .type = KONTOR_INT,
    .flags = PARAM,
    .min = 0,
    .max = G_MAXINT64,
    .doc = "Only while this is the object's version." },
  { .name = "args",
    .type = KONTOR_ANYTHING,
    .flags = PARAM,
    .doc = "The parameters of the route that does it." },
  { .name = "made", .type = KONTOR_TIME, .flags = PARAM, .doc = "When the person did it." },
  { .name = "expires",
    .type = KONTOR_TIME,
    .flags = PARAM | KONTOR_REQUIRED,
    .doc = "From when on it is not to be done any more, at most 90 days ahead." },
  { NULL },
};

static const KontorField list_params[] = {
  { .name = "id",
    .type = KONTOR_STRINGS,
    .flags = PARAM | KONTOR_REQUIRED,
    .doc = "Names of operations, up to 100." },
  { NULL },
};

const KontorRoute kontor_op_routes[] = {
  { "POST", "/v1/kontor/ops", KONTOR_SCOPE_NONE, NULL, 0, create, KONTOR_ROUTE_ANYBODY,
    create_params, "Has something done once, however often it is sent." },
  { "GET", "/v1/kontor/ops", KONTOR_SCOPE_NONE, NULL, 0, list,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_ANYBODY, list_params,
    "What became of operations; those that are not known are left out." },
  { NULL },
};
