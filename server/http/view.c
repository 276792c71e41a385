/* view.c: the routes of saved views: what consoles show of a list, under a name. */
#include "core/resources/view.h"

#include <string.h>

#include "server/engine/tx.h"
#include "server/http/actor.h"
#include "server/http/nouns.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz"

static gboolean
check (const KontorView *view, KontorError *error)
{
  if (strspn (view->screen, LETTERS "-") != strlen (view->screen))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "screen",
                             "The name of a screen consists of small letters and -.");
  for (guint i = 0; view->columns != NULL && i < view->columns->n; i++)
    {
      const char *name = view->columns->items[i];
      g_autofree char *param = g_strdup_printf ("columns[%u]", i);

      if (*name == '\0' || strlen (name) > 60
          || strspn (name, LETTERS "0123456789_.-") != strlen (name))
        return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, param,
                                 "The name of a column consists of at most 60 small letters, "
                                 "digits, _, . and -.");
    }
  return TRUE;
}

#define MOST_SCREENS 100

/* The one that @owner has under this name on a screen, if any; what became of it so far in this unit
 * of work. */
static gboolean
find_named (KontorCall *call,
            const char *owner,
            const char *screen,
            const char *name,
            KontorView **view)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  KontorListQuery query = { .resource = &kontor_view_resource,
                            .scope = call->scope,
                            .limit = MOST_SCREENS,
                            .created_min = KONTOR_NONE,
                            .created_max = KONTOR_NONE,
                            .n_filters = 3,
                            .filters = { { .column = "owner", .text = owner },
                                         { .column = "name", .text = name },
                                         { .column = "deleted", .number = 0 } } };
  gboolean has_more;

  *view = NULL;
  if (!kontor_store_object_list (call->store, call->arena, &query, found, &has_more,
                                 &call->failure))
    return FALSE;
  for (guint i = 0; i < found->len && *view == NULL; i++)
    {
      KontorView *one = kontor_tx_get_by_key (call->tx, &kontor_view_resource,
                                              ((const KontorObject *) found->pdata[i])->key);

      if (one != NULL && g_strcmp0 (one->screen, screen) == 0)
        *view = one;
    }
  return TRUE;
}

/* Saved under a name that is taken, it takes that one's place. */
static gboolean
save (KontorCall *call, KontorError *error)
{
  KontorActor actor;
  KontorView *view, *wanted;

  if (!kontor_call_actor (call, &actor)
      || !find_named (call, actor.id, kontor_params_string (call->params, "screen"),
                      kontor_params_string (call->params, "name"), &view))
    return FALSE;
  wanted = kontor_tx_new (call->tx, &kontor_view_resource);
  if (view != NULL)
    wanted->head = view->head;
  kontor_params_apply (&kontor_view_resource.shape, KONTOR_IN_CREATE, call->params, call->arena,
                       wanted);
  wanted->owner = actor.id;
  if (!check (wanted, error))
    return FALSE;
  if (view != NULL)
    *view = *wanted;
  else
    view = wanted;
  kontor_tx_save (call->tx, view, NULL);
  kontor_call_object (call, &view->head);
  return TRUE;
}

static KontorView *
require_own (KontorCall *call, KontorError *error)
{
  KontorView *view = kontor_tx_require (call->tx, &kontor_view_resource, call->ids[0], "id", error);
  KontorActor actor;

  if (view == NULL || !kontor_call_actor (call, &actor))
    return NULL;
  if (!view->deleted && (g_str_equal (view->owner, actor.id) || kontor_call_is_admin (call)))
    return view;
  if (view->deleted)
    kontor_error_missing (error, kontor_view_resource.object, call->ids[0], "id");
  else
    kontor_error_set (error, KONTOR_ERROR_API_KEY_SCOPE, NULL,
                      "Only whose view it is, an owner or an admin may change it.");
  return NULL;
}

static gboolean
is_name_free (KontorCall *call, const KontorView *view, KontorError *error)
{
  const char *name = kontor_params_string (call->params, "name");
  KontorView *other = NULL;

  if (name != NULL && !find_named (call, view->owner, view->screen, name, &other))
    return FALSE;
  return other == NULL || other->head.key == view->head.key
         || kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "name",
                              "There is another view of that name.");
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorView *view = require_own (call, error);

  if (view == NULL || !is_name_free (call, view, error))
    return FALSE;
  if (kontor_params_apply (&kontor_view_resource.shape, KONTOR_IN_UPDATE, call->params, call->arena,
                           view))
    {
      if (!check (view, error))
        return FALSE;
      kontor_tx_save (call->tx, view, NULL);
    }
  kontor_call_object (call, &view->head);
  return TRUE;
}

static gboolean delete (KontorCall *call, KontorError *error)
{
  KontorView *view = require_own (call, error);

  if (view == NULL)
    return FALSE;
  view->deleted = TRUE;
  kontor_tx_save (call->tx, view, NULL);
  return kontor_call_deleted (call, &view->head);
}

static gboolean
is_shown (const KontorObject *object, gconstpointer data)
{
  const KontorView *view = (const KontorView *) object;

  return view->shared || g_strcmp0 (view->owner, data) == 0;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorView *view = kontor_call_require (call, &kontor_view_resource, call->ids[0], error);
  KontorActor actor;

  if (view == NULL || !kontor_call_actor (call, &actor))
    return FALSE;
  if (view->deleted || (!is_shown (&view->head, actor.id) && !kontor_call_is_admin (call)))
    return kontor_error_missing (error, kontor_view_resource.object, call->ids[0], "id");
  kontor_call_object (call, &view->head);
  return TRUE;
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  KontorListQuery query
      = { .n_filters = 1, .filters = { { .column = "deleted", .number = 0 } }, .wanted = is_shown };
  KontorActor actor;

  if (!kontor_call_actor (call, &actor))
    return FALSE;
  query.wanted_data = actor.id;
  return kontor_call_list (call, &kontor_view_resource, &query, error);
}

#define READ KONTOR_SCOPE_KONTOR_READ
#define VIEW &kontor_view_resource

/* A view of one's own is a habit rather than a change: who may look may save one. */
const KontorRoute kontor_view_routes[] = {
  { "POST", "/v1/kontor/views", READ, VIEW, KONTOR_IN_CREATE, save, KONTOR_ROUTE_NOTED, NULL,
    "Saves a view, in the place of one's own of the same name." },
  { "GET", "/v1/kontor/views", READ, VIEW, KONTOR_IN_LIST, list, KONTOR_ROUTE_READ, NULL,
    "Lists one's own views and those that are shared, newest first." },
  { "GET", "/v1/kontor/views/:id", READ, VIEW, 0, retrieve, KONTOR_ROUTE_READ, NULL,
    "Shows a view." },
  { "POST", "/v1/kontor/views/:id", READ, VIEW, KONTOR_IN_UPDATE, update, KONTOR_ROUTE_NOTED, NULL,
    "Changes a view of one's own; owners and admins change anybody's." },
  { "DELETE", "/v1/kontor/views/:id", READ, VIEW, 0, delete, KONTOR_ROUTE_NOTED, NULL,
    "Deletes a view of one's own; owners and admins delete anybody's." },
  { NULL },
};
