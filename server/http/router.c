/* router.c: finds the route of a method and a path.
 *
 * The tables become a tree of path segments at the start; a look-up walks it once along the path. */
#include "server/http/router.h"

#include <string.h>

#include "server/http/list.h"

typedef struct _Node Node;

struct _Node
{
  const char     *segment;      /* borrowed from the route; %NULL: any (":id") */
  gsize           length;
  Node           *children;     /* first child; literal ones before any */
  Node           *next;
  KontorEndpoint *endpoints;    /* those of this path, one per method, linked by `another` */
};

typedef struct
{
  KontorEndpoint  endpoint;
  KontorEndpoint *another;      /* same path, other method */
  KontorField    *merged;       /* owned; %NULL when the route's own rows serve */
} Entry;

struct _KontorRouter
{
  Node      *root;
  GPtrArray *entries;           /* Entry */
};

static gboolean
is_word (const Node *node, const char *segment, gsize length)
{
  return node->length == length && memcmp (node->segment, segment, length) == 0;
}

/* A literal child goes first, so that "/search" is not taken for an id. */
static Node *
make_child (Node *parent, const char *segment, gsize length)
{
  gboolean any = segment[0] == ':';
  Node *node;

  for (node = parent->children; node != NULL; node = node->next)
    if (any ? node->segment == NULL : node->segment != NULL && is_word (node, segment, length))
      return node;
  node = g_new0 (Node, 1);
  if (any)
    {
      Node **end = &parent->children;

      while (*end != NULL)
        end = &(*end)->next;
      *end = node;
      return node;
    }
  node->segment = segment;
  node->length = length;
  node->next = parent->children;
  parent->children = node;
  return node;
}

static void
free_node (Node *node)
{
  while (node != NULL)
    {
      Node *next = node->next;

      free_node (node->children);
      g_free (node);
      node = next;
    }
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_free (entry->merged);
  g_free (entry);
}

static void
add_route (KontorRouter *router, const KontorRoute *route)
{
  Entry *entry = g_new0 (Entry, 1);
  Node *node = router->root;
  const char *at = route->path;

  g_assert (at[0] == '/');
  while (*at == '/')
    {
      gsize length = strcspn (++at, "/");

      node = make_child (node, at, length);
      at += length;
    }
  entry->endpoint.route = route;
  entry->merged = kontor_list_merge_extra (route);
  entry->endpoint.extra = entry->merged != NULL ? entry->merged : route->extra;
  entry->endpoint.number = router->entries->len;
  entry->another = node->endpoints;
  node->endpoints = &entry->endpoint;
  g_ptr_array_add (router->entries, entry);
}

/**
 * kontor_router_new:
 * @tables: route tables, each ending with a row without method, %NULL after the last; they outlive the router
 *
 * Returns: (transfer full): a router for all of them
 */
KontorRouter *
kontor_router_new (const KontorRoute *const *tables)
{
  KontorRouter *router = g_new0 (KontorRouter, 1);

  router->root = g_new0 (Node, 1);
  router->entries = g_ptr_array_new_with_free_func (free_entry);
  for (; *tables != NULL; tables++)
    for (const KontorRoute *route = *tables; route->method != NULL; route++)
      add_route (router, route);
  return router;
}

/**
 * kontor_router_free:
 * @router: (transfer full) (nullable): a router
 */
void
kontor_router_free (KontorRouter *router)
{
  if (router == NULL)
    return;
  free_node (router->root);
  g_ptr_array_unref (router->entries);
  g_free (router);
}

static const Node *
find_child (const Node *parent, const char *segment, gsize length)
{
  const Node *node = parent->children;

  while (node != NULL && node->segment != NULL && !is_word (node, segment, length))
    node = node->next;
  return node;
}

/**
 * kontor_router_match:
 * @router: a router
 * @method: "GET"
 * @path: "/v1/refunds/re_1", without a query
 * @arena: where the ids are to live
 * @ids: (out): what stands in the place of ":id", in order
 *
 * Returns: (nullable): the endpoint, or %NULL when nothing answers to that
 */
const KontorEndpoint *
kontor_router_match (const KontorRouter *router,
                     const char         *method,
                     const char         *path,
                     KontorArena        *arena,
                     const char         *ids[2])
{
  const Node *node = router->root;
  guint n_ids = 0;

  while (*path == '/')
    {
      gsize length = strcspn (++path, "/");

      node = find_child (node, path, length);
      if (node == NULL)
        return NULL;
      if (node->segment == NULL)
        {
          if (length == 0 || n_ids == 2)
            return NULL;
          ids[n_ids++] = kontor_arena_strndup (arena, path, length);
        }
      path += length;
    }
  for (const KontorEndpoint *endpoint = node->endpoints; endpoint != NULL;
       endpoint = ((const Entry *) endpoint)->another)
    if (strcmp (endpoint->route->method, method) == 0)
      return endpoint;
  return NULL;
}

/**
 * kontor_router_n:
 * @router: a router
 *
 * Returns: how many endpoints there are
 */
guint
kontor_router_n (const KontorRouter *router)
{
  return router->entries->len;
}

/**
 * kontor_router_endpoint:
 * @router: a router
 * @number: from 0
 *
 * Returns: (transfer none): that endpoint
 */
const KontorEndpoint *
kontor_router_endpoint (const KontorRouter *router, guint number)
{
  const Entry *entry = g_ptr_array_index (router->entries, number);

  return &entry->endpoint;
}
