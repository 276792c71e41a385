/* search.c: finding objects by Stripe's query language. */
#include "server/http/search.h"

#include <string.h>

#include "core/query.h"
#include "server/http/loader.h"
#include "server/store/search.h"

#define TEXT     KONTOR_QUERY_TEXT
#define NUMBER   KONTOR_QUERY_NUMBER
#define METADATA KONTOR_QUERY_METADATA

/* Name, kind, whether ~ is taken, path in the stored body, column. */
static const KontorQueryField customer_fields[] = {
  { "created", NUMBER, FALSE, NULL, "created" }, { "email", TEXT, TRUE, NULL, "email" },
  { "metadata", METADATA, TRUE, NULL, NULL },    { "name", TEXT, TRUE, "$.name", NULL },
  { "phone", TEXT, TRUE, "$.phone", NULL },      { NULL },
};

static const KontorQueryField payment_intent_fields[] = {
  { "amount", NUMBER, FALSE, NULL, "amount" },
  { "created", NUMBER, FALSE, NULL, "created" },
  { "currency", TEXT, FALSE, NULL, "currency" },
  { "customer", TEXT, FALSE, NULL, "customer" },
  { "metadata", METADATA, TRUE, NULL, NULL },
  { "status", TEXT, FALSE, NULL, "status" },
  { NULL },
};

#define DETAILS "payment_method_details."
#define METHOD  "$.payment_method_details."

static const KontorQueryField charge_fields[] = {
  { "amount", NUMBER, FALSE, NULL, "amount" },
  { "billing_details.address.postal_code", TEXT, FALSE, "$.billing_details.address.postal_code",
    NULL },
  { "created", NUMBER, FALSE, NULL, "created" },
  { "currency", TEXT, FALSE, NULL, "currency" },
  { "customer", TEXT, FALSE, NULL, "customer" },
  { "disputed", TEXT, FALSE, "$.disputed", NULL },
  { "metadata", METADATA, TRUE, NULL, NULL },
  { DETAILS "card.brand", TEXT, FALSE, METHOD "card.brand", NULL },
  { DETAILS "card.exp_month", NUMBER, FALSE, METHOD "card.exp_month", NULL },
  { DETAILS "card.exp_year", NUMBER, FALSE, METHOD "card.exp_year", NULL },
  { DETAILS "card.fingerprint", TEXT, FALSE, METHOD "card.fingerprint", NULL },
  { DETAILS "card.last4", TEXT, FALSE, METHOD "card.last4", NULL },
  { DETAILS "type", TEXT, FALSE, METHOD "type", NULL },
  { "refunded", TEXT, FALSE, "$.refunded", NULL },
  { "status", TEXT, FALSE, NULL, "status" },
  { NULL },
};

static const struct
{
  KontorKind              kind;
  const KontorQueryField *fields;
} searchable[] = {
  { KONTOR_KIND_CUSTOMER, customer_fields },
  { KONTOR_KIND_PAYMENT_INTENT, payment_intent_fields },
  { KONTOR_KIND_CHARGE, charge_fields },
};

/**
 * kontor_search_take_total:
 * @call: a search
 * @expand: (nullable): the parameter expand, as it was sent
 *
 * Notes in @call whether "total_count" is among @expand: it is no property that names an object.
 *
 * Returns: (nullable): the rest of @expand
 */
const KontorValue *
kontor_search_take_total (KontorCall *call, const KontorValue *expand)
{
  KontorValue *rest;

  if (expand == NULL || (expand->type != KONTOR_VALUE_ARRAY && expand->type != KONTOR_VALUE_OBJECT))
    return expand;
  rest = kontor_value_new (call->arena, KONTOR_VALUE_ARRAY);
  for (const KontorValue *item = expand->first; item != NULL; item = item->next)
    if (item->text != NULL && strcmp (item->text, "total_count") == 0)
      call->wants_total = TRUE;
    else
      {
        KontorValue *kept = kontor_value_append (call->arena, rest, NULL, item->type);

        kept->text = item->text;
        kept->length = item->length;
      }
  return rest->first != NULL ? rest : NULL;
}

/* The mark of a page is the tick of its last object: it says nothing that the id does not say. */
static gboolean
read_page (KontorCall *call, gint64 *after, KontorError *error)
{
  const char *page = kontor_params_string (call->params, "page");
  guint64 tick;

  *after = 0;
  if (page == NULL)
    return TRUE;
  if (strlen (page) != 12
      || !g_ascii_string_to_unsigned (page, 16, 0, KONTOR_TICK_MASK, &tick, NULL))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "page",
                             "Invalid page: use the next_page of a search result.");
  *after = kontor_key (call->scope, (gint64) tick);
  return TRUE;
}

static gboolean
write_result (KontorCall *call, const KontorSearchResult *result)
{
  const KontorResource *resource = call->route->resource;
  KontorBuffer *out = &call->reply->body;

  kontor_buffer_literal (out, "{\"object\":\"search_result\",\"data\":[");
  for (guint i = 0; i < result->n; i++)
    {
      const KontorObject *object = kontor_store_object_get_by_key (
          call->store, call->arena, resource, result->keys[i], &call->failure);

      if (object == NULL)
        return FALSE;
      if (i > 0)
        kontor_buffer_char (out, ',');
      kontor_loader_write (call, object, call->expand, out);
    }
  kontor_buffer_literal (out, "],\"has_more\":");
  kontor_buffer_puts (out, result->has_more ? "true" : "false");
  if (result->has_more)
    kontor_buffer_printf (out, ",\"next_page\":\"%012" G_GINT64_MODIFIER "x\"",
                          result->keys[result->n - 1] & KONTOR_TICK_MASK);
  else
    kontor_buffer_literal (out, ",\"next_page\":null");
  if (call->wants_total)
    kontor_buffer_printf (out, ",\"total_count\":%" G_GINT64_FORMAT, result->total);
  kontor_buffer_literal (out, ",\"url\":");
  kontor_buffer_string (out, call->request->path);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

/**
 * kontor_handle_search:
 * @call: a call on a route with #KONTOR_ROUTE_SEARCH
 * @error: says what is wrong with the query
 *
 * Returns: whether the call went well
 */
gboolean
kontor_handle_search (KontorCall *call, KontorError *error)
{
  const KontorQueryField *fields = NULL;
  KontorQuery query;
  KontorSearch search = {
    .resource = call->route->resource,
    .query = &query,
    .scope = call->scope,
    .limit = (guint) kontor_params_int (call->params, "limit", 10),
    .wants_total = call->wants_total,
  };
  KontorSearchResult result;

  for (guint i = 0; i < G_N_ELEMENTS (searchable); i++)
    if (searchable[i].kind == call->route->resource->kind)
      fields = searchable[i].fields;
  g_assert (fields != NULL);
  if (!read_page (call, &search.after, error)
      || !kontor_query_parse (kontor_params_string (call->params, "query"), fields, call->arena,
                              &query, error))
    return FALSE;
  call->reply->status = 200;
  return kontor_store_search (call->store, call->arena, &search, &result, &call->failure)
         && write_result (call, &result);
}
