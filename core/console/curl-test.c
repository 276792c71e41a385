/* curl-test.c: a logged request can be pasted into a shell. */
#include "core/console/curl.h"

#include <string.h>

#include "core/json.h"

static void
test_commands (void)
{
  static const struct
  {
    const char *what, *method, *path, *params, *command;
  } rows[] = {
    { "a read", "GET", "/v1/balance", NULL, "curl http://h/v1/balance -u \"$KONTOR_API_KEY:\"" },
    { "a read with parameters", "GET", "/v1/charges", "{\"limit\":3}",
      "curl -G http://h/v1/charges -u \"$KONTOR_API_KEY:\" --data-urlencode 'limit=3'" },
    { "a write", "POST", "/v1/customers", "{\"metadata\":{\"a\":\"b\"},\"expand\":[\"x\",\"y\"]}",
      "curl http://h/v1/customers -u \"$KONTOR_API_KEY:\" --data-urlencode 'metadata[a]=b'"
      " --data-urlencode 'expand[]=x' --data-urlencode 'expand[]=y'" },
    { "a list of objects", "POST", "/v1/x", "{\"items\":[{\"price\":\"p\"}]}",
      "curl http://h/v1/x -u \"$KONTOR_API_KEY:\" --data-urlencode 'items[0][price]=p'" },
    { "a write without parameters", "POST", "/v1/x", "{}",
      "curl -X POST http://h/v1/x -u \"$KONTOR_API_KEY:\"" },
    { "a deletion", "DELETE", "/v1/x", NULL,
      "curl -X DELETE http://h/v1/x -u \"$KONTOR_API_KEY:\"" },
    { "what a shell would take for its own", "POST", "/v1/x?a=b&c", "{\"name\":\"O'Neil $HOME\"}",
      "curl 'http://h/v1/x?a=b&c' -u \"$KONTOR_API_KEY:\""
      " --data-urlencode 'name=O'\\''Neil $HOME'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      const char *problem, *json = rows[i].params;
      const KontorValue *params
          = json != NULL ? kontor_json_parse (arena, json, strlen (json), &problem) : NULL;
      g_autofree char *command = kontor_curl ("http://h", rows[i].method, rows[i].path, params);

      g_test_message ("%s", rows[i].what);
      g_assert_cmpstr (command, ==, rows[i].command);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/curl/is-what-a-shell-understands", test_commands);
  return g_test_run ();
}
