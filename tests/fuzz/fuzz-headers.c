/* fuzz-headers.c: an Authorization header gives a key's text or nothing; lists of scopes and of
 * networks are taken whole or refused with the place of the mistake; a URL is refused with a sentence. */
#include "core/network.h"
#include "server/engine/webhook-url.h"
#include "server/http/auth.h"
#include "server/http/key.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void
check_key (KontorArena *arena, const char *text)
{
  const char *key = kontor_auth_key_text (arena, text);

  if (key == NULL)
    return;
  g_assert_cmpuint (strlen (key), >, 0);
  g_assert_cmpuint (strlen (key), <, strlen (text));
  g_assert_nonnull (kontor_key_hint (arena, key));
}

static void
check_scopes (const char *text)
{
  const char *unknown = NULL;
  guint64 scopes = 0;

  if (!kontor_scopes_parse (text, &scopes, &unknown))
    g_assert_true (unknown >= text && unknown < text + strlen (text));
}

static void
check_networks (const char *text)
{
  const char *bad = NULL;
  g_autoptr (GPtrArray) networks = kontor_networks_parse (text, &bad);

  if (networks == NULL)
    g_assert_true (bad >= text && bad < text + strlen (text));
}

static void
check_url (const char *text)
{
  KontorError error = { 0 };

  if (!kontor_webhook_url_check (text, FALSE, NULL, "url", &error))
    g_assert_true (g_utf8_validate (error.message, -1, NULL) && *error.message != '\0');
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *text = kontor_arena_strndup (arena, (const char *) data, size);

  check_key (arena, text);
  check_scopes (text);
  check_networks (text);
  check_url (text);
  return 0;
}
