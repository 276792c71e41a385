/* router-test.c: that each route is found under its own path and method, and nothing else is. */
#include "server/http/router.h"

#include <string.h>

/* "/v1/refunds/:id" as somebody would ask for it. */
static char *
example_of (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (char **part = parts; *part != NULL; part++)
    if (**part == ':')
      {
        g_free (*part);
        *part = g_strdup ("some_id");
      }
  return g_strjoinv ("/", parts);
}

static void
test_finds_every_route (void)
{
  KontorRouter *router = kontor_router_new (kontor_route_tables);
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  g_assert_cmpuint (kontor_router_n (router), >, 50);
  for (guint i = 0; i < kontor_router_n (router); i++)
    {
      const KontorEndpoint *endpoint = kontor_router_endpoint (router, i);
      g_autofree char *path = example_of (endpoint->route->path);
      const char *ids[2] = { NULL, NULL };

      g_test_message ("%s %s", endpoint->route->method, path);
      g_assert_true (kontor_router_match (router, endpoint->route->method, path, arena, ids)
                     == endpoint);
      if (strchr (endpoint->route->path, ':') != NULL)
        g_assert_cmpstr (ids[0], ==, "some_id");
    }
  kontor_router_free (router);
}

/* A key that may only read must not be let through to what writes. */
static void
test_every_route_says_who_may (void)
{
  KontorRouter *router = kontor_router_new (kontor_route_tables);

  for (guint i = 0; i < kontor_router_n (router); i++)
    {
      const KontorRoute *route = kontor_router_endpoint (router, i)->route;
      gboolean writes = !g_str_equal (route->method, "GET");
      guint64 odd_bits = route->scope & G_GUINT64_CONSTANT (0xaaaaaaaaaaaaaaaa);

      g_test_message ("%s %s", route->method, route->path);
      g_assert_nonnull (route->doc);
      g_assert_nonnull (route->handler);
      /* What is written about things: the handler asks for more, by what it is about. */
      if (route->flags & KONTOR_ROUTE_NOTED && odd_bits == 0)
        continue;
      /* What is one's own needs no scope. */
      if (route->flags & (KONTOR_ROUTE_PERSON | KONTOR_ROUTE_ANYBODY)
          && route->scope == KONTOR_SCOPE_NONE)
        continue;
      if (!(route->flags & KONTOR_ROUTE_OPEN))
        g_assert_cmpint (route->scope != KONTOR_SCOPE_NONE && (odd_bits != 0) == writes, ==, TRUE);
    }
  kontor_router_free (router);
}

static void
test_finds_nothing_else (void)
{
  static const char *const paths[][2] = {
    { "GET", "" },
    { "GET", "/" },
    { "GET", "/v1" },
    { "GET", "/v1/" },
    { "GET", "/v1/customers/" },
    { "GET", "/v1//customers" },
    { "GET", "//v1/customers" },
    { "GET", "/v1/customer" },
    { "GET", "/v1/customersx" },
    { "GET", "/v1/customers/cus_1/nothing" },
    { "GET", "/v1/customers/cus_1/payment_methods/pm_1/more" },
    { "PUT", "/v1/customers" },
    { "DELETE", "/v1/customers" },
    { "get", "/v1/customers" },
    { "GET", "v1/customers" },
  };
  KontorRouter *router = kontor_router_new (kontor_route_tables);
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *ids[2] = { NULL, NULL };

      g_test_message ("%s %s", paths[i][0], paths[i][1]);
      g_assert_null (kontor_router_match (router, paths[i][0], paths[i][1], arena, ids));
    }
  kontor_router_free (router);
}

static void
test_a_word_goes_before_an_id (void)
{
  KontorRouter *router = kontor_router_new (kontor_route_tables);
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *ids[2] = { NULL, NULL };
  const KontorEndpoint *endpoint
      = kontor_router_match (router, "GET", "/v1/charges/search", arena, ids);

  g_assert_cmpstr (endpoint->route->path, ==, "/v1/charges/search");
  g_assert_null (ids[0]);
  kontor_router_free (router);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/router/finds-every-route", test_finds_every_route);
  g_test_add_func ("/router/every-route-says-who-may", test_every_route_says_who_may);
  g_test_add_func ("/router/finds-nothing-else", test_finds_nothing_else);
  g_test_add_func ("/router/a-word-goes-before-an-id", test_a_word_goes_before_an_id);
  return g_test_run ();
}
