/* api-key.c: API keys over HTTP: list, make, roll and revoke. */
#include "server/http/api-key.h"

#include <string.h>

#include "core/network.h"
#include "server/http/api.h"
#include "server/http/key.h"
#include "server/http/member.h"

#define ID_PREFIX "key_"
#define MAX_OVERLAP_S (7 * 86400)

static void
words_member (KontorBuffer *out, const char *name, const char *words)
{
  kontor_buffer_printf (out, ",\"%s\":", name);
  if (words == NULL)
    {
      kontor_buffer_literal (out, "null");
      return;
    }
  kontor_buffer_char (out, '[');
  for (gboolean first = TRUE; *(words += strspn (words, " ,")) != '\0'; first = FALSE)
    {
      gsize length = strcspn (words, " ,");
      g_autofree char *word = g_strndup (words, length);

      if (!first)
        kontor_buffer_char (out, ',');
      kontor_buffer_string (out, word);
      words += length;
    }
  kontor_buffer_char (out, ']');
}

/* @secret is shown once, when the key is made. */
static void
write_key (const KontorApiKeyRow *row, const char *secret, KontorBuffer *out)
{
  kontor_buffer_printf (
      out, "{\"id\":\"" ID_PREFIX "%" G_GINT64_FORMAT "\",\"object\":\"kontor.api_key\"",
      row->number);
  kontor_member_time (out, "created", row->created);
  kontor_member_time (out, "expires", row->expires);
  kontor_member_text (out, "hint", row->hint);
  words_member (out, "ip_allow", row->ip_allow);
  kontor_member_time (out, "last_used", row->last_used);
  kontor_member_bool (out, "livemode", row->scope & 1);
  kontor_member_text (out, "name", row->name);
  words_member (out, "scopes", row->scopes);
  if (secret != NULL)
    kontor_member_text (out, "secret", secret);
  kontor_buffer_printf (out, ",\"type\":\"%s\"}", row->type);
}

static gboolean
answer (KontorCall *call, const KontorApiKeyRow *row, const char *secret)
{
  call->reply->status = 200;
  write_key (row, secret, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

static gboolean
find (KontorCall *call, const char *id, const char *param, KontorApiKeyRow *row, KontorError *error)
{
  gint64 number
      = g_str_has_prefix (id, ID_PREFIX) ? g_ascii_strtoll (id + strlen (ID_PREFIX), NULL, 10) : 0;
  gboolean found;

  if (!kontor_store_api_key_get (call->store, call->arena, call->scope, number, row, &found,
                                 &call->failure))
    return FALSE;
  return found || kontor_error_missing (error, "api_key", id, param);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  const char *after = kontor_params_string (call->params, "starting_after");
  guint limit = (guint) kontor_params_int (call->params, "limit", 10);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorApiKeyRow));
  KontorBuffer *out = &call->reply->body;
  KontorApiKeyRow last = { 0 };

  if (after != NULL && !find (call, after, "starting_after", &last, error))
    return FALSE;
  if (!kontor_store_api_key_list (call->store, call->arena, call->scope, last.number, limit + 1,
                                  rows, &call->failure))
    return FALSE;
  call->reply->status = 200;
  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < MIN (rows->len, limit); i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_key (&g_array_index (rows, KontorApiKeyRow, i), NULL, out);
    }
  kontor_buffer_printf (out, "],\"has_more\":%s,\"url\":\"%s\"}\n",
                        rows->len > limit ? "true" : "false", call->request->path);
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorApiKeyRow row;

  return find (call, call->ids[0], "id", &row, error) && answer (call, &row, NULL);
}

static gboolean
make (KontorCall *call, const KontorKeySpec *spec)
{
  KontorApiKeyRow row;
  const char *text = kontor_key_make (spec, call->api->hash_key, call->arena, &row);

  call->keep_no_reply = TRUE;
  return kontor_store_api_key_insert (call->store, &row, &call->failure)
         && answer (call, &row, text);
}

static const char *
join (KontorCall *call, const char *name)
{
  const KontorValue *list = kontor_value_get (call->params, name);
  g_autoptr (GString) words = g_string_new (NULL);

  if (list == NULL || list->first == NULL)
    return NULL;
  for (const KontorValue *item = list->first; item != NULL; item = item->next)
    g_string_append_printf (words, "%s%s", item == list->first ? "" : " ", item->text);
  return kontor_arena_strdup (call->arena, words->str);
}

static gboolean
check_words (const KontorKeySpec *spec, KontorError *error)
{
  g_autoptr (GPtrArray) networks = NULL;
  const char *bad;
  guint64 scopes;

  if ((spec->scopes != NULL) != (spec->type == KONTOR_KEY_RESTRICTED))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "scopes",
                             "A restricted key needs scopes, and no other key takes them.");
  if (!kontor_scopes_parse (spec->scopes, &scopes, &bad))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "scopes", "Unknown scope: %.60s",
                             bad);
  if (spec->ip_allow != NULL && (networks = kontor_networks_parse (spec->ip_allow, &bad)) == NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "ip_allow",
                             "Not an address or network: %.60s", bad);
  return TRUE;
}

static gboolean
create (KontorCall *call, KontorError *error)
{
  const char *type = kontor_params_string (call->params, "type");
  const char *name = kontor_params_string (call->params, "name");
  KontorKeySpec spec = {
    .scope = call->scope,
    .type = type != NULL ? kontor_key_type_find (type) : KONTOR_KEY_SECRET,
    .name = name != NULL ? name : "",
    .scopes = join (call, "scopes"),
    .ip_allow = join (call, "ip_allow"),
    .created = call->now,
    .expires = kontor_params_int (call->params, "expires", 0),
  };

  if (spec.expires != 0 && spec.expires <= call->now)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "expires",
                             "The time is in the past.");
  return check_words (&spec, error) && make (call, &spec);
}

static gboolean
expire (KontorCall *call, gint64 number, gint64 at)
{
  call->keys_changed = TRUE;
  return kontor_store_api_key_expire (call->store, number, at, &call->failure);
}

static gboolean
roll (KontorCall *call, KontorError *error)
{
  gint64 expires = call->now + kontor_params_int (call->params, "expires_in", 0);
  KontorApiKeyRow row;
  KontorKeySpec spec;

  if (!find (call, call->ids[0], "id", &row, error))
    return FALSE;
  if (row.expires != 0 && row.expires <= call->now)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "This key has expired: make a new one.");
  spec = (KontorKeySpec){
    .scope = row.scope,
    .type = kontor_key_type_find (row.type),
    .name = row.name,
    .scopes = row.scopes,
    .ip_allow = row.ip_allow,
    .created = call->now,
    .expires = row.expires,
  };
  return expire (call, row.number, row.expires != 0 ? MIN (expires, row.expires) : expires)
         && make (call, &spec);
}

static gboolean
revoke_key (KontorCall *call, KontorError *error)
{
  KontorApiKeyRow row;

  if (!find (call, call->ids[0], "id", &row, error))
    return FALSE;
  if (row.expires == 0 || row.expires > call->now)
    row.expires = call->now;
  return expire (call, row.number, row.expires) && answer (call, &row, NULL);
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const char *const types[] = { "secret", "publishable", "restricted", NULL };

static const KontorField create_params[] = {
  { .name = "type",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .values = types,
    .doc = "What kind of key; secret when left out." },
  { .name = "name", .type = KONTOR_STRING, .flags = PARAM, .max = 200, .doc = "What it is for." },
  { .name = "scopes",
    .type = KONTOR_STRINGS,
    .flags = PARAM,
    .doc = "What a restricted key may do, such as charges_read." },
  { .name = "ip_allow",
    .type = KONTOR_STRINGS,
    .flags = PARAM,
    .doc = "Addresses or networks it may be used from." },
  { .name = "expires", .type = KONTOR_TIME, .flags = PARAM, .doc = "From when it is refused." },
  { NULL },
};

static const KontorField roll_params[] = {
  { .name = "expires_in",
    .type = KONTOR_INT,
    .flags = PARAM,
    .min = 0,
    .max = MAX_OVERLAP_S,
    .doc = "For how many seconds the old key is still taken; 0 when left out." },
  { NULL },
};

const KontorRoute kontor_api_key_routes[] = {
  { "GET", "/v1/kontor/api_keys", KONTOR_SCOPE_KEYS_READ, NULL, KONTOR_IN_LIST, list,
    KONTOR_ROUTE_READ, NULL, "List API keys of this account and mode, the newest first." },
  { "POST", "/v1/kontor/api_keys", KONTOR_SCOPE_KEYS_WRITE, NULL, KONTOR_IN_CREATE, create, 0,
    create_params, "Make an API key; its secret is shown in this reply and never again." },
  { "GET", "/v1/kontor/api_keys/:id", KONTOR_SCOPE_KEYS_READ, NULL, 0, retrieve, KONTOR_ROUTE_READ,
    NULL, "Retrieve an API key, without its secret." },
  { "POST", "/v1/kontor/api_keys/:id/roll", KONTOR_SCOPE_KEYS_WRITE, NULL, KONTOR_IN_ACTION, roll,
    0, roll_params, "Make a new key in the place of this one." },
  { "DELETE", "/v1/kontor/api_keys/:id", KONTOR_SCOPE_KEYS_WRITE, NULL, 0, revoke_key, 0, NULL,
    "Refuse a key from now on." },
  { NULL },
};
