/* list.c: pages of objects: cursors both ways, ranges of time, filters by column. */
#include "server/http/list.h"

#include <string.h>

#include "server/engine/missing.h"
#include "server/http/loader.h"

#define DEFAULT_LIMIT 10
#define MAX_LIMIT     100

#define PAGE KONTOR_PARAM_ONLY | KONTOR_IN_ANY

/* How long a page is, of a list as of a search. */
#define ROW_LIMIT                                                                                  \
  {                                                                                                \
    .name = "limit", .type = KONTOR_INT, .flags = PAGE, .min = 1, .max = MAX_LIMIT,                \
    .doc = "How many objects to return, from 1 to 100; 10 when left out."                          \
  }

/* What every list takes, besides the noun's own filters. */
static const KontorField page_fields[] = {
  ROW_LIMIT,
  { .name = "starting_after",
    .type = KONTOR_STRING,
    .flags = PAGE,
    .doc = "The id of an object: the page begins after it." },
  { .name = "ending_before",
    .type = KONTOR_STRING,
    .flags = PAGE,
    .doc = "The id of an object: the page ends before it." },
  { NULL },
};

static const KontorField search_fields[] = {
  { .name = "query",
    .type = KONTOR_STRING,
    .flags = PAGE | KONTOR_REQUIRED,
    .doc = "What to look for, in the search language." },
  ROW_LIMIT,
  { .name = "page",
    .type = KONTOR_STRING,
    .flags = PAGE,
    .doc = "The next_page of the page before." },
  { NULL },
};

/* What proves to a publishable key that the customer's page got the object from the merchant. */
static const KontorField client_fields[] = {
  { .name = "client_secret",
    .type = KONTOR_STRING,
    .flags = PAGE | KONTOR_SECRET,
    .doc = "The client secret of the object; required with a publishable key." },
  { NULL },
};

static gboolean
is_declared (const KontorField *rows, const char *name, guint32 operation)
{
  for (; rows != NULL && rows->name != NULL; rows++)
    if ((rows->flags & operation & KONTOR_IN_ANY) && strcmp (rows->name, name) == 0)
      return TRUE;
  return FALSE;
}

/**
 * kontor_list_merge_extra:
 * @route: a route
 *
 * Adds what every list, every search and every route for publishable keys takes, unless the noun's table
 * declares it by itself.
 *
 * Returns: (transfer full) (nullable): the rows, or %NULL when the route's own suffice
 */
KontorField *
kontor_list_merge_extra (const KontorRoute *route)
{
  const KontorField *more = route->flags & KONTOR_ROUTE_SEARCH      ? search_fields
                            : route->operation & KONTOR_IN_LIST     ? page_fields
                            : route->flags & KONTOR_ROUTE_CLIENT    ? client_fields
                                                                 : NULL;
  const KontorField *shape = route->resource != NULL ? route->resource->shape.fields : NULL;
  GArray *rows;

  if (more == NULL)
    return NULL;
  rows = g_array_new (TRUE, TRUE, sizeof (KontorField));
  for (const KontorField *row = route->extra; row != NULL && row->name != NULL; row++)
    g_array_append_val (rows, *row);
  for (; more->name != NULL; more++)
    if (!is_declared (shape, more->name, route->operation)
        && !is_declared (route->extra, more->name, KONTOR_IN_ANY))
      g_array_append_val (rows, *more);
  return (KontorField *) (gpointer) g_array_free (rows, FALSE);
}

/**
 * kontor_list_range:
 * @params: checked parameters
 * @name: of a #KONTOR_RANGE among them: a time, or gt, gte, lt, lte
 * @lowest: (out): the first second, %KONTOR_NONE when open
 * @highest: (out): the last second, likewise
 */
void
kontor_list_range (const KontorValue *params, const char *name, gint64 *lowest, gint64 *highest)
{
  const KontorValue *range = kontor_value_get (params, name);

  *lowest = *highest = KONTOR_NONE;
  if (range == NULL)
    return;
  if (range->type != KONTOR_VALUE_OBJECT)
    {
      *lowest = *highest = range->integer;
      return;
    }
  for (const KontorValue *bound = range->first; bound != NULL; bound = bound->next)
    {
      gboolean inclusive = bound->key[strlen (bound->key) - 1] == 'e';

      if (bound->key[0] == 'g')
        *lowest = MAX (*lowest, inclusive ? bound->integer : bound->integer + 1);
      else
        {
          gint64 last = inclusive ? bound->integer : bound->integer - 1;

          *highest = *highest == KONTOR_NONE ? last : MIN (*highest, last);
        }
    }
}

/* An id in a filter must name something, as everywhere. */
static gboolean
filter_by_id (KontorCall        *call,
              const KontorField *field,
              const char        *id,
              KontorFilter      *filter,
              KontorError       *error)
{
  const KontorResource *resource = kontor_resource_by_prefix (id);
  const KontorObject *object = resource != NULL ? kontor_loader_get (call, resource, id) : NULL;
  g_autofree char *noun = g_strndup (field->target, strcspn (field->target, "|"));

  if (object == NULL)
    return kontor_error_missing (error, noun, id, field->name);
  filter->number = object->key;
  return TRUE;
}

static gboolean
add_filters (KontorCall           *call,
             const KontorResource *resource,
             KontorListQuery      *query,
             KontorError          *error)
{
  for (const KontorField *field = resource->shape.fields; field->name != NULL; field++)
    {
      const KontorValue *value;
      KontorFilter *filter;

      if ((field->flags & (KONTOR_IN_LIST | KONTOR_COLUMN)) != (KONTOR_IN_LIST | KONTOR_COLUMN)
          || field->type == KONTOR_RANGE
          || (value = kontor_value_get (call->params, field->name)) == NULL)
        continue;
      g_return_val_if_fail (query->n_filters < G_N_ELEMENTS (query->filters), FALSE);
      filter = &query->filters[query->n_filters++];
      *filter = (KontorFilter){ .column = field->name, .number = value->integer };
      if (field->type == KONTOR_ID)
        {
          if (!filter_by_id (call, field, value->text, filter, error))
            return FALSE;
        }
      else if (field->type != KONTOR_INT && field->type != KONTOR_TIME
               && field->type != KONTOR_BOOL)
        filter->text = value->text;
    }
  return TRUE;
}

static gboolean
read_cursor (KontorCall           *call,
             const KontorResource *resource,
             const char           *name,
             gint64               *key,
             KontorError          *error)
{
  const char *id = kontor_params_string (call->params, name);
  const KontorObject *object;

  if (id == NULL)
    return TRUE;
  object = kontor_loader_get (call, resource, id);
  if (object == NULL)
    return kontor_error_missing (error, resource->object, id, name);
  *key = object->key;
  return TRUE;
}

/* Limit, cursors and the range of creation; @error names the cursor that is none, or says that there are
 * two. */
static gboolean
read_page (KontorCall           *call,
           const KontorResource *resource,
           KontorListQuery      *query,
           KontorError          *error)
{
  if (kontor_params_string (call->params, "starting_after") != NULL
      && kontor_params_string (call->params, "ending_before") != NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "starting_after",
                             "You may only specify one of these parameters: starting_after, "
                             "ending_before.");
  query->resource = resource;
  query->scope = call->scope;
  query->limit = (guint) kontor_params_int (call->params, "limit", DEFAULT_LIMIT);
  kontor_list_range (call->params, "created", &query->created_min, &query->created_max);
  return read_cursor (call, resource, "starting_after", &query->after, error)
         && read_cursor (call, resource, "ending_before", &query->before, error);
}

/**
 * kontor_list_write:
 * @call: on whose behalf
 * @found: #KontorObject pointers
 * @has_more: whether the list goes on
 * @url: where the list is found
 * @expand: (nullable): ids in the objects that are to be shown whole
 * @out: gets the list object
 */
void
kontor_list_write (KontorCall         *call,
                   const GPtrArray    *found,
                   gboolean            has_more,
                   const char         *url,
                   const KontorExpand *expand,
                   KontorBuffer       *out)
{
  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < found->len; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      kontor_loader_write (call, g_ptr_array_index (found, i), expand, out);
    }
  kontor_buffer_literal (out, "],\"has_more\":");
  kontor_buffer_puts (out, has_more ? "true" : "false");
  kontor_buffer_literal (out, ",\"url\":");
  kontor_buffer_string (out, url);
  kontor_buffer_char (out, '}');
}

/**
 * kontor_call_list:
 * @call: a call with checked parameters
 * @resource: what is listed
 * @query: (inout): may hold filters of the handler's own; the rest is filled in
 * @error: says which parameter names nothing
 *
 * Answers with a page, newest first.
 *
 * Returns: whether the call went well
 */
gboolean
kontor_call_list (KontorCall           *call,
                  const KontorResource *resource,
                  KontorListQuery      *query,
                  KontorError          *error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  gboolean has_more;

  if (!read_page (call, resource, query, error) || !add_filters (call, resource, query, error))
    return FALSE;
  if (!kontor_store_object_list (call->store, call->arena, query, found, &has_more, &call->failure))
    return FALSE;
  call->reply->status = 200;
  kontor_list_write (call, found, has_more, call->request->path, call->expand, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

/**
 * kontor_handle_list:
 * @call: a call on a route of #KONTOR_IN_LIST
 * @error: as for kontor_call_list()
 *
 * Returns: whether the call went well
 */
gboolean
kontor_handle_list (KontorCall *call, KontorError *error)
{
  KontorListQuery query = { 0 };

  return kontor_call_list (call, call->route->resource, &query, error);
}

/**
 * kontor_call_require:
 * @call: a call that only reads
 * @resource: what is wanted
 * @id: its name, from the URL
 * @error: says “No such …”
 *
 * Returns: (transfer none) (nullable): the object, or %NULL with @error set
 */
gpointer
kontor_call_require (KontorCall           *call,
                     const KontorResource *resource,
                     const char           *id,
                     KontorError          *error)
{
  const KontorObject *object = kontor_loader_get (call, resource, id);

  if (object == NULL && call->failure == NULL)
    kontor_missing (call->store, call->arena, resource, call->scope, id, "id", error);
  return (gpointer) object;
}

/**
 * kontor_handle_retrieve:
 * @call: a call on a route that ends in an id
 * @error: as for kontor_call_require()
 *
 * Returns: whether the call went well
 */
gboolean
kontor_handle_retrieve (KontorCall *call, KontorError *error)
{
  const KontorObject *object
      = kontor_call_require (call, call->route->resource, call->ids[0], error);

  if (object == NULL)
    return FALSE;
  kontor_call_object (call, object);
  return TRUE;
}
