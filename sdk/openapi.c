/* openapi.c: writes openapi.json out of the tables of resources and routes. */
#include <stdio.h>
#include <string.h>

#include "sdk/schema.h"
#include "server/http/router.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

/* The names of what varies in a path must differ: the second ":id" is id2. */
static char *
name_of (const char *part, guint nth)
{
  return nth == 0 ? g_strdup (part + 1) : g_strdup_printf ("%s%u", part + 1, nth + 1);
}

/* "/v1/refunds/:id" is "/v1/refunds/{id}" here. */
static char *
template_of (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GString) out = g_string_new (NULL);
  guint n = 0;

  for (guint i = 1; parts[i] != NULL; i++)
    if (parts[i][0] == ':')
      {
        g_autofree char *name = name_of (parts[i], n++);

        g_string_append_printf (out, "/{%s}", name);
      }
    else
      g_string_append_printf (out, "/%s", parts[i]);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* A name for generators of clients: post_v1_refunds_id_cancel. */
static char *
operation_id (const KontorRoute *route)
{
  g_autofree char *method = g_ascii_strdown (route->method, -1);
  g_autofree char *words = g_strdelimit (g_strdup (route->path), "/", '_');
  g_autoptr (GString) name = g_string_new (method);

  g_string_append (name, words);
  g_string_replace (name, ":", "", 0);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static void
add_path_parameters (JsonBuilder *builder, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  guint n = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *name = NULL;

      if (parts[i][0] != ':')
        continue;
      name = name_of (parts[i], n++);
      json_builder_begin_object (builder);
      kontor_schema_text (builder, "name", name);
      kontor_schema_text (builder, "in", "path");
      json_builder_set_member_name (builder, "required");
      json_builder_add_boolean_value (builder, TRUE);
      json_builder_set_member_name (builder, "schema");
      json_builder_begin_object (builder);
      kontor_schema_text (builder, "type", "string");
      json_builder_end_object (builder);
      json_builder_end_object (builder);
    }
}

typedef struct
{
  JsonBuilder *builder;
  guint32 operation;
} Adding;

static void
add_query_parameter (const KontorField *field, gpointer data)
{
  Adding *adding = data;
  JsonBuilder *builder = adding->builder;

  json_builder_begin_object (builder);
  kontor_schema_text (builder, "name", field->name);
  kontor_schema_text (builder, "in", "query");
  if (kontor_schema_is_required (field, adding->operation))
    {
      json_builder_set_member_name (builder, "required");
      json_builder_add_boolean_value (builder, TRUE);
    }
  kontor_schema_text (builder, "style", "deepObject");
  json_builder_set_member_name (builder, "schema");
  kontor_schema_field (builder, field, TRUE);
  json_builder_end_object (builder);
}

static void
add_parameters (JsonBuilder *builder, const KontorEndpoint *endpoint)
{
  static const KontorField expand
      = { "expand", KONTOR_STRINGS, 0, .doc = "What to show whole instead of its id." };
  const KontorRoute *route = endpoint->route;
  Adding adding = { builder, route->operation };

  json_builder_set_member_name (builder, "parameters");
  json_builder_begin_array (builder);
  add_path_parameters (builder, route->path);
  if (!g_str_equal (route->method, "POST"))
    {
      kontor_schema_each_param (route->resource != NULL ? &route->resource->shape : NULL,
                                endpoint->extra, route->operation, add_query_parameter, &adding);
      if (route->resource != NULL)
        add_query_parameter (&expand, &adding);
    }
  json_builder_end_array (builder);
}

/* Forms and JSON say the same, so both point to one schema, named after the operation. */
static void
add_body (JsonBuilder *builder, const KontorEndpoint *endpoint)
{
  static const char *const types[] = { FORM, JSON };
  g_autofree char *name = operation_id (endpoint->route);

  json_builder_set_member_name (builder, "requestBody");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "content");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      json_builder_set_member_name (builder, types[i]);
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "schema");
      json_builder_begin_object (builder);
      kontor_schema_reference (builder, name, "");
      json_builder_end_object (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_reply_schema (JsonBuilder *builder, const KontorRoute *route)
{
  const char *noun = route->resource != NULL && !(route->flags & KONTOR_ROUTE_OTHER)
                         ? route->resource->shape.name
                         : NULL;

  if (noun == NULL)
    kontor_schema_text (builder, "type", "object");
  else if (route->flags & KONTOR_ROUTE_SEARCH)
    kontor_schema_list (builder, "search_result", noun);
  else if (route->operation & KONTOR_IN_LIST)
    kontor_schema_list (builder, "list", noun);
  else
    kontor_schema_reference (builder, g_str_equal (route->method, "DELETE") ? "deleted" : noun, "");
}

static void
add_response (JsonBuilder *builder, const char *status, const char *doc, const KontorRoute *route)
{
  json_builder_set_member_name (builder, status);
  json_builder_begin_object (builder);
  kontor_schema_text (builder, "description", doc);
  json_builder_set_member_name (builder, "content");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, JSON);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "schema");
  json_builder_begin_object (builder);
  if (route != NULL)
    add_reply_schema (builder, route);
  else
    kontor_schema_reference (builder, "error", "");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/* Open to everybody, and yet no page to be looked at: a password is what is sent there. */
static gboolean
is_sign_in (const KontorRoute *route)
{
  return route->flags & KONTOR_ROUTE_OPEN && route->aside != NULL;
}

/* The API itself: pages for people, health and figures speak no JSON of ours. */
static gboolean
is_api (const KontorRoute *route)
{
  return (g_str_has_prefix (route->path, "/v1/") || g_str_has_prefix (route->path, "/v2/"))
         && (!(route->flags & KONTOR_ROUTE_OPEN) || is_sign_in (route));
}

static void
add_json (JsonBuilder *builder, const char *name, const char *json)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, json_from_string (json, NULL));
}

static void
add_operation (JsonBuilder *builder, const KontorEndpoint *endpoint)
{
  const KontorRoute *route = endpoint->route;
  g_autofree char *method = g_ascii_strdown (route->method, -1);
  g_autofree char *name = operation_id (route);

  json_builder_set_member_name (builder, method);
  json_builder_begin_object (builder);
  if (route->doc != NULL)
    kontor_schema_text (builder, "summary", route->doc);
  kontor_schema_text (builder, "operationId", name);
  if (is_sign_in (route))
    add_json (builder, "security", "[]");
  add_parameters (builder, endpoint);
  if (g_str_equal (route->method, "POST"))
    add_body (builder, endpoint);
  json_builder_set_member_name (builder, "responses");
  json_builder_begin_object (builder);
  add_response (builder, "200", "What was asked for.", route);
  add_response (builder, "default", "Why it was refused.", NULL);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_paths (JsonBuilder *builder, const KontorRouter *router)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  json_builder_set_member_name (builder, "paths");
  json_builder_begin_object (builder);
  for (guint i = 0; i < kontor_router_n (router); i++)
    {
      const char *path = kontor_router_endpoint (router, i)->route->path;
      g_autofree char *template = template_of (path);

      if (!is_api (kontor_router_endpoint (router, i)->route)
          || !g_hash_table_add (seen, (gpointer) path))
        continue;
      json_builder_set_member_name (builder, template);
      json_builder_begin_object (builder);
      for (guint other = i; other < kontor_router_n (router); other++)
        if (g_str_equal (kontor_router_endpoint (router, other)->route->path, path))
          add_operation (builder, kontor_router_endpoint (router, other));
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
add_bodies (JsonBuilder *builder, const KontorRouter *router)
{
  for (guint i = 0; i < kontor_router_n (router); i++)
    {
      const KontorEndpoint *endpoint = kontor_router_endpoint (router, i);
      const KontorRoute *route = endpoint->route;
      g_autofree char *name = operation_id (route);

      if (!is_api (route) || !g_str_equal (route->method, "POST"))
        continue;
      json_builder_set_member_name (builder, name);
      json_builder_begin_object (builder);
      kontor_schema_params (builder, route->resource != NULL ? &route->resource->shape : NULL,
                            endpoint->extra, route->operation, route->resource != NULL);
      json_builder_end_object (builder);
    }
}

static void
add_shapes (JsonBuilder *builder, const KontorRouter *router)
{
  g_autoptr (GPtrArray) extras = g_ptr_array_new ();

  for (guint i = 0; i < kontor_router_n (router); i++)
    {
      const KontorEndpoint *endpoint = kontor_router_endpoint (router, i);

      if (endpoint->extra != NULL)
        g_ptr_array_add (extras, (gpointer) endpoint->extra);
      /* one of another form of a noun is in no list of resources */
      if (endpoint->route->resource != NULL)
        g_ptr_array_add (extras, (gpointer) endpoint->route->resource->shape.fields);
    }
  g_ptr_array_add (extras, NULL);
  kontor_schema_all (builder, (const KontorField *const *) extras->pdata);
}

/* What is the same in every version of this document. */
static const char error_schema[]
    = "{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{\"type\":"
      "\"object\",\"required\":[\"type\",\"message\"],"
      "\"properties\":{\"type\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},\"message\":{"
      "\"type\":\"string\"},"
      "\"param\":{\"type\":\"string\"},\"decline_code\":{\"type\":\"string\"},\"charge\":{\"type\":"
      "\"string\"},"
      "\"doc_url\":{\"type\":\"string\"},\"request_log_url\":{\"type\":\"string\"},"
      "\"payment_intent\":{\"$ref\":\"#/components/schemas/payment_intent\"},"
      "\"payment_method\":{\"$ref\":\"#/components/schemas/payment_method\"},"
      "\"setup_intent\":{\"$ref\":\"#/components/schemas/setup_intent\"}}}}}";
static const char deleted_schema[]
    = "{\"type\":\"object\",\"required\":[\"id\",\"object\",\"deleted\"],\"properties\":{\"id\":{"
      "\"type\":\"string\"},"
      "\"object\":{\"type\":\"string\"},\"deleted\":{\"const\":true}}}";
static const char security_schemes[]
    = "{\"basic\":{\"type\":\"http\",\"scheme\":\"basic\",\"description\":\"The key as user name, "
      "without password.\"},"
      "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"The key, or the token "
      "of a "
      "person's session, as token.\"}}";
static const char security[] = "[{\"bearer\":[]},{\"basic\":[]}]";
static const char info[]
    = "{\"title\":\"Kontor\",\"version\":\"2026-10-28\",\"description\":\"Payments on a server of "
      "one's own, by the wire format of Stripe's API.\"}";

static char *
make_document (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  KontorRouter *router = kontor_router_new (kontor_route_tables);

  json_builder_begin_object (builder);
  kontor_schema_text (builder, "openapi", "3.1.0");
  add_json (builder, "info", info);
  add_json (builder, "security", security);
  add_paths (builder, router);
  json_builder_set_member_name (builder, "components");
  json_builder_begin_object (builder);
  add_json (builder, "securitySchemes", security_schemes);
  json_builder_set_member_name (builder, "schemas");
  json_builder_begin_object (builder);
  add_json (builder, "error", error_schema);
  add_json (builder, "deleted", deleted_schema);
  add_shapes (builder, router);
  add_bodies (builder, router);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  kontor_router_free (router);

  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_indent (generator, 1);
  return json_generator_to_data (generator, NULL);
}

static int
check (const char *file, const char *document)
{
  g_autofree char *found = NULL;
  gsize length = strlen (document);
  gboolean same = g_file_get_contents (file, &found, NULL, NULL)
                  && strncmp (found, document, length) == 0 && g_str_equal (found + length, "\n");

  printf ("1..1\n%s 1 - %s is what the tables say\n", same ? "ok" : "not ok", "openapi.json");
  if (!same)
    printf ("# write it anew: openapi %s\n", file);
  return same ? 0 : 1;
}

int
main (int argc, char *argv[])
{
  g_autofree char *document = make_document ();
  g_autofree char *text = g_strconcat (document, "\n", NULL);
  g_autoptr (GError) error = NULL;

  if (argc == 3 && g_str_equal (argv[1], "--check"))
    return check (argv[2], document);
  if (argc == 2)
    {
      if (g_file_set_contents (argv[1], text, -1, &error))
        return 0;
      fprintf (stderr, "openapi: %s\n", error->message);
      return 1;
    }
  fputs ("usage: openapi [--check] FILE\n", stderr);
  return 2;
}
