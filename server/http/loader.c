/* loader.c: gets at the objects that a reply is asked to show whole.
 *
 * What was loaded once is kept for the rest of the call, so that a page of charges of one customer
 * reads that customer once. */
#include "server/http/loader.h"

#include <string.h>

#include "server/http/client-view.h"
#include "server/http/list.h"

struct _KontorMemo
{
  KontorMemo *next;
  const char *id;
  const KontorObject *object; /* %NULL: there is none */
};

#define SUBLIST_LIMIT 10

static const KontorObject *
read_object (KontorCall *call, const KontorResource *resource, const char *id)
{
  GError *problem = NULL;
  const KontorObject *object;

  if (call->tx != NULL)
    return kontor_tx_get (call->tx, resource, id);
  object = kontor_store_object_get (call->store, call->arena, resource, call->scope, id, &problem);
  if (problem != NULL && call->failure == NULL)
    call->failure = problem;
  else
    g_clear_error (&problem);
  return object;
}

/**
 * kontor_loader_get:
 * @call: on whose behalf
 * @resource: what it is
 * @id: which
 *
 * Returns: (transfer none) (nullable): the object, as this call sees it throughout
 */
const KontorObject *
kontor_loader_get (KontorCall *call, const KontorResource *resource, const char *id)
{
  KontorMemo *memo;

  for (memo = call->memo; memo != NULL; memo = memo->next)
    if (strcmp (memo->id, id) == 0)
      return memo->object;
  memo = kontor_arena_new0 (call->arena, KontorMemo);
  memo->id = id;
  memo->object = read_object (call, resource, id);
  memo->next = call->memo;
  call->memo = memo;
  return memo->object;
}

static const KontorObject *
age (KontorCall *call, const KontorObject *object)
{
  if (object != NULL && object->resource->age != NULL)
    object->resource->age ((gpointer) object, call->now);
  return object;
}

static const KontorObject *
load (gpointer data, const KontorField *field, const char *id)
{
  const KontorResource *resource = kontor_resource_by_prefix (id);
  const KontorObject *object = resource != NULL ? kontor_loader_get (data, resource, id) : NULL;

  return object != NULL ? kontor_client_view (data, age (data, object)) : NULL;
}

static const KontorExpand *
children_of (const KontorExpand *expand, const char *name)
{
  for (; expand != NULL; expand = expand->next)
    if (strcmp (expand->name, name) == 0)
      return expand->children;
  return NULL;
}

/* In the engine the rows of this very operation are not written yet: what it made stands at the front. */
static gboolean
add_unwritten (KontorCall           *call,
               const KontorResource *resource,
               const char           *column,
               const KontorObject   *parent,
               GPtrArray            *found)
{
  const KontorField *field = kontor_shape_find (&resource->shape, column);
  g_autoptr (GPtrArray) made = g_ptr_array_new ();

  for (guint i = 0; i < found->len; i++)
    {
      const KontorObject *object = g_ptr_array_index (found, i);

      found->pdata[i] = kontor_tx_get_by_key (call->tx, resource, object->key);
    }
  kontor_tx_made (call->tx, resource, made);
  for (guint i = 0; i < made->len; i++)
    {
      gpointer object = g_ptr_array_index (made, i);
      const char *id = G_STRUCT_MEMBER (const char *, object, field->offset);

      if (g_strcmp0 (id, parent->id) == 0)
        g_ptr_array_insert (found, 0, object);
    }
  if (found->len <= SUBLIST_LIMIT)
    return FALSE;
  g_ptr_array_set_size (found, SUBLIST_LIMIT);
  return TRUE;
}

static void
write_sublist (gpointer data,
               const KontorField *field,
               const KontorObject *parent,
               const KontorExpand *expand,
               KontorBuffer *out)
{
  KontorCall *call = data;
  KontorListQuery query = {
    .resource = kontor_resource_by_name (field->target),
    .scope = call->scope,
    .limit = SUBLIST_LIMIT,
    .created_min = KONTOR_NONE,
    .created_max = KONTOR_NONE,
    .n_filters = 1,
    .filters = { { .column = field->column, .number = parent->key } },
  };
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GError *problem = NULL;
  gboolean has_more = FALSE;
  const char *url;

  if (!kontor_store_object_list (call->store, call->arena, &query, found, &has_more, &problem))
    {
      if (call->failure == NULL)
        call->failure = problem;
      else
        g_error_free (problem);
    }
  if (call->tx != NULL)
    has_more |= add_unwritten (call, query.resource, field->column, parent, found);
  url = kontor_arena_printf (call->arena, "/v1/%s/%s/%s", parent->resource->table, parent->id,
                             field->name);
  kontor_list_write (call, found, has_more, url, children_of (expand, "data"), out);
}

/**
 * kontor_loader_write:
 * @call: on whose behalf
 * @object: what to write
 * @expand: (nullable): ids in it that are to be shown whole
 * @out: where it goes
 */
void
kontor_loader_write (KontorCall *call,
                     const KontorObject *object,
                     const KontorExpand *expand,
                     KontorBuffer *out)
{
  const KontorLoader loader = { .data = call, .load = load, .sublist = write_sublist };
  const KontorObject *view = kontor_client_view (call, object);

  if (view != NULL)
    kontor_object_write (age (call, view), expand, &loader, out);
  else
    kontor_buffer_literal (out, "null");
}
