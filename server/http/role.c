/* role.c: what people may do: a role is a set of scopes in test mode and one in live mode. */
#include "server/http/role.h"

#include "server/engine/user.h"
#include "server/http/key.h"

#define ALL G_MAXUINT64
#define READ G_GUINT64_CONSTANT (0x5555555555555555) /* even bits read */
#define ABOUT_PEOPLE                                                                               \
  (KONTOR_SCOPE_PEOPLE_READ | KONTOR_SCOPE_PEOPLE_WRITE | KONTOR_SCOPE_AUDIT_READ)
#define ABOUT_KEYS (KONTOR_SCOPE_KEYS_READ | KONTOR_SCOPE_KEYS_WRITE)
#define OUTSIDE (READ & ~(guint64) (ABOUT_PEOPLE | ABOUT_KEYS))
#define SERVE                                                                                      \
  (KONTOR_SCOPE_CUSTOMERS_WRITE | KONTOR_SCOPE_REFUNDS_WRITE | KONTOR_SCOPE_PAYMENT_METHODS_WRITE)

/* An admin's difference to an owner is no scope: server/engine/user.c keeps owners from admins. */
const KontorRole kontor_roles[] = {
  [KONTOR_ROLE_OWNER] = { "owner", "Everything, and who else may.", { ALL, ALL } },
  [KONTOR_ROLE_ADMIN]
  = { "admin", "Everything but making, changing or removing owners.", { ALL, ALL } },
  [KONTOR_ROLE_DEVELOPER]
  = { "developer",
      "In test mode everything but people and the account. In live mode reads all but people, and "
      "tends webhooks.",
      { ALL & ~(guint64) (ABOUT_PEOPLE | KONTOR_SCOPE_ACCOUNT_WRITE),
        (READ | KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE) & ~(guint64) ABOUT_PEOPLE } },
  [KONTOR_ROLE_ANALYST]
  = { "analyst", "Reads all but keys and people, and changes nothing.", { OUTSIDE, OUTSIDE } },
  [KONTOR_ROLE_SUPPORT] = { "support",
                            "Reads all but keys and people, refunds payments and edits customers "
                            "and their payment methods.",
                            { OUTSIDE | SERVE, OUTSIDE | SERVE } },
  { NULL },
};

/**
 * kontor_roles_that_may:
 * @arena: where the text is to live
 * @live: in which mode
 * @needed: bits of #KontorScopeBit
 *
 * Returns: their names, for a sentence: "owner, admin"
 */
const char *
kontor_roles_that_may (KontorArena *arena, gboolean live, guint64 needed)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (const KontorRole *role = kontor_roles; role->name != NULL; role++)
    if ((role->scopes[live] & needed) == needed)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", role->name);
  return kontor_arena_strdup (arena, names->str);
}

/**
 * kontor_role_write_scopes:
 * @scopes: in test mode, in live mode
 * @out: gets them as JSON, each named as for a restricted key
 */
void
kontor_role_write_scopes (const guint64 scopes[2], KontorBuffer *out)
{
  kontor_buffer_literal (out, "{\"live\":");
  kontor_scopes_write (scopes[1], out);
  kontor_buffer_literal (out, ",\"test\":");
  kontor_scopes_write (scopes[0], out);
  kontor_buffer_char (out, '}');
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  KontorBuffer *out = &call->reply->body;

  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (const KontorRole *role = kontor_roles; role->name != NULL; role++)
    {
      kontor_buffer_puts (out, role == kontor_roles ? "" : ",");
      kontor_buffer_literal (out, "{\"object\":\"kontor.role\",\"description\":");
      kontor_buffer_string (out, role->doc);
      kontor_buffer_literal (out, ",\"name\":");
      kontor_buffer_string (out, role->name);
      kontor_buffer_literal (out, ",\"scopes\":");
      kontor_role_write_scopes (role->scopes, out);
      kontor_buffer_char (out, '}');
    }
  kontor_buffer_literal (out, "],\"has_more\":false,\"url\":\"/v1/kontor/roles\"}\n");
  return TRUE;
}

const KontorRoute kontor_role_routes[] = {
  { "GET", "/v1/kontor/roles", KONTOR_SCOPE_NONE, NULL, 0, list,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_ANYBODY, NULL, "List what each role may do." },
  { NULL },
};
