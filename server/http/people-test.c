/* people-test.c: signing in and out, and what each role may. */
#include "server/http/api.h"

#include <string.h>

#include "core/totp.h"
#include "server/engine/user.h"
#include "server/http/audit-note.h"
#include "server/http/password.h"
#include "server/http/role.h"
#include "server/test-world.h"

#define ASK(...) (&(KontorAsk){ __VA_ARGS__ })
#define PASSWORD "correct horse battery"

static void
assert_has (const KontorReply *reply, const char *part)
{
  if (strstr (kontor_world_text (reply), part) == NULL)
    g_error ("“%s” is not in %s", part, kontor_world_text (reply));
}

static void
assert_has_not (const KontorReply *reply, const char *part)
{
  if (strstr (kontor_world_text (reply), part) != NULL)
    g_error ("“%s” is in %s", part, kontor_world_text (reply));
}

static void
assert_status (const KontorReply *reply, guint status)
{
  if (reply->status != status)
    g_error ("%u instead of %u: %s", reply->status, status, kontor_world_text (reply));
}

/* As kontord's own command does it. */
static void
add_user (KontorWorld *world, const char *email, int role)
{
  static const char *hash; /* made once: it takes a while */
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (GError) failure = NULL;
  KontorUserAct act = { .store = world->store,
                        .arena = arena,
                        .now = kontor_clock_now (&world->clock),
                        .account = 1,
                        .acting = KONTOR_ROLE_OWNER,
                        .failure = &failure };
  KontorError error = { 0 };
  KontorUserRow row;
  gboolean is_new;

  if (hash == NULL)
    hash = g_intern_string (kontor_password_hash (arena, PASSWORD));
  g_assert_true (kontor_store_begin (world->store, &failure));
  g_assert_true (
      kontor_user_invite (&act, world->ids, email, email, role, NULL, &row, &is_new, &error));
  g_assert_true (kontor_user_set_password (&act, &row, hash));
  g_assert_true (kontor_store_commit (world->store, &failure));
}

static const KontorReply *
sign_in (KontorWorld *world, const char *email, const char *password, const char *more)
{
  g_autofree char *body = g_strdup_printf ("email=%s&password=%s%s", email, password, more);

  return kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/kontor/sessions", .key = "",
                                       .body = body, .agent = "a test"));
}

static char *
token_of (KontorWorld *world, const char *email)
{
  const KontorReply *reply = sign_in (world, email, PASSWORD, "");

  assert_status (reply, 200);
  return kontor_world_member (reply, "token");
}

static const KontorReply *
get (KontorWorld *world, const char *token, const char *path)
{
  return kontor_world_ask (world, ASK (.method = "GET", .path = path, .key = token));
}

static const KontorReply *
post (KontorWorld *world, const char *token, const char *path, const char *body)
{
  return kontor_world_ask (world, ASK (.method = "POST", .path = path, .key = token, .body = body));
}

static void
test_a_person_signs_in_and_out (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *reply;
  g_autofree char *token = NULL;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  reply = sign_in (world, "Ada@Example.com", PASSWORD, "");
  assert_status (reply, 200);
  assert_has (reply, "\"role\":\"owner\"");
  assert_has (reply, "\"user_agent\":\"a test\"");
  token = kontor_world_member (reply, "token");
  assert_has (get (world, token, "/v1/kontor/me"), "\"email\":\"ada@example.com\"");
  assert_has (get (world, token, "/v1/kontor/sessions"), "\"current\":true");
  assert_status (post (world, token, "/v1/customers", "name=A"), 200);
  assert_has (get (world, token, "/v1/kontor/request_logs"), "\"user\":\"user_");
  reply = kontor_world_ask (
      world, ASK (.method = "DELETE", .path = "/v1/kontor/sessions/current", .key = token));
  assert_status (reply, 200);
  reply = get (world, token, "/v1/kontor/me");
  assert_status (reply, 401);
  assert_has (reply, "\"session_expired\"");
}

static void
test_nobody_learns_who_is_known (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *known, *unknown;
  const char *a, *b;

  world->clock.fixed_us = G_GINT64_CONSTANT (2000000000) * G_USEC_PER_SEC;
  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  for (guint i = 0; i < 7; i++)
    {
      known = sign_in (world, "ada@example.com", "something else", "");
      unknown = sign_in (world, "bob@example.com", "something else", "");
      g_assert_cmpuint (known->status, ==, i < 5 ? 401 : 429);
      g_assert_cmpuint (unknown->status, ==, known->status);
      a = strstr (kontor_world_text (known), "\"message\"");
      b = strstr (kontor_world_text (unknown), "\"message\"");
      g_assert_cmpmem (a, strcspn (a, "}"), b, strcspn (b, "}"));
    }
}

static void
test_failures_lock_for_longer_and_longer (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *reply;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  for (guint i = 0; i < 5; i++)
    assert_status (sign_in (world, "ada@example.com", "something else", ""), 401);
  reply = sign_in (world, "ada@example.com", PASSWORD, "");
  assert_status (reply, 429);
  g_assert_cmpuint (reply->retry_after_s, >=, 14);
  kontor_clock_advance (&world->clock, 16);
  assert_status (sign_in (world, "ada@example.com", "something else", ""), 401);
  reply = sign_in (world, "ada@example.com", PASSWORD, "");
  g_assert_cmpuint (reply->retry_after_s, >=, 29);
  kontor_clock_advance (&world->clock, 31);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, ""), 200);
  /* And all is forgiven. */
  assert_status (sign_in (world, "ada@example.com", "something else", ""), 401);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, ""), 200);
}

static void
test_each_role_may_what_its_row_says (void)
{
  static const struct
  {
    const char *description, *method, *path, *body, *mode;
    guint       statuses[KONTOR_N_ROLES]; /* owner, admin, developer, analyst, support */
  } cases[] = {
    { "read", "GET", "/v1/customers", NULL, NULL, { 200, 200, 200, 200, 200 } },
    { "edit", "POST", "/v1/customers", "name=A", NULL, { 200, 200, 200, 403, 200 } },
    { "edit in live mode", "POST", "/v1/customers", "name=A", "live", { 200, 200, 403, 403, 200 } },
    { "pay",
      "POST",
      "/v1/payment_intents",
      "amount=500&currency=usd",
      NULL,
      { 200, 200, 200, 403, 403 } },
    { "refund", "POST", "/v1/refunds", "charge=ch_1", NULL, { 404, 404, 404, 403, 404 } },
    { "keys", "GET", "/v1/kontor/api_keys", NULL, NULL, { 200, 200, 200, 403, 403 } },
    { "new key", "POST", "/v1/kontor/api_keys", "name=A", NULL, { 200, 200, 200, 403, 403 } },
    { "new live key",
      "POST",
      "/v1/kontor/api_keys",
      "name=A",
      "live",
      { 200, 200, 403, 403, 403 } },
    { "people", "GET", "/v1/kontor/users", NULL, NULL, { 200, 200, 403, 403, 403 } },
    { "roles", "GET", "/v1/kontor/roles", NULL, NULL, { 200, 200, 200, 200, 200 } },
  };
  g_autoptr (KontorWorld) world = kontor_world_new ();

  for (guint role = 0; role < KONTOR_N_ROLES; role++)
    {
      g_autofree char *email = g_strdup_printf ("%s@example.com", kontor_role_names[role]);
      g_autofree char *token = NULL;

      add_user (world, email, (int) role);
      token = token_of (world, email);
      for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          const KontorReply *reply = kontor_world_ask (
              world, ASK (.method = cases[i].method, .path = cases[i].path, .body = cases[i].body,
                          .mode = cases[i].mode, .key = token));

          g_test_message ("%s: %s", kontor_role_names[role], cases[i].description);
          if (cases[i].statuses[role] == 404 ? reply->status == 403
                                             : reply->status != cases[i].statuses[role])
            g_error ("%s: %s: %s", email, cases[i].description, kontor_world_text (reply));
          if (reply->status == 403)
            assert_has (reply, "These roles do: owner, admin");
        }
    }
}

static void
test_a_key_is_no_person (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *reply = get (world, NULL, "/v1/kontor/users");

  assert_status (reply, 403);
  assert_has (reply, "\"session_required\"");
  assert_has (get (world, NULL, "/v1/kontor/me"), "\"user\":null");
}

static void
test_an_invitation_is_used_once (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *token = NULL, *invitation = NULL, *body = NULL;
  const KontorReply *reply;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  token = token_of (world, "ada@example.com");
  reply = post (world, token, "/v1/kontor/users", "email=Bob@example.com&name=Bob&role=support");
  assert_status (reply, 200);
  assert_has (reply, "\"invited\":true");
  invitation = kontor_world_member (reply, "token");
  body = g_strdup_printf ("token=%s&password=" PASSWORD, invitation);
  reply = post (world, "", "/v1/kontor/passwords", "token=kinv_nonsense&password=" PASSWORD);
  assert_status (reply, 400);
  assert_status (post (world, "", "/v1/kontor/passwords", body), 200);
  assert_status (post (world, "", "/v1/kontor/passwords", body), 400);
  assert_status (sign_in (world, "bob@example.com", PASSWORD, ""), 200);
  reply = post (world, token, "/v1/kontor/users", "email=bob@example.com&role=admin");
  assert_has (reply, "a member already, as support");
}

static void
test_an_owner_is_left (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *owner = NULL, *admin = NULL, *id = NULL, *path = NULL, *disable = NULL;
  const KontorReply *reply;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  add_user (world, "bob@example.com", KONTOR_ROLE_ADMIN);
  owner = token_of (world, "ada@example.com");
  admin = token_of (world, "bob@example.com");
  reply = sign_in (world, "ada@example.com", PASSWORD, "");
  id = g_strndup (strstr (kontor_world_text (reply), "\"id\":\"user_") + 6, 29);
  path = g_strdup_printf ("/v1/kontor/users/%s", id);
  disable = g_strdup_printf ("/v1/kontor/users/%s/disable", id);
  assert_has (post (world, owner, path, "role=admin"), "\"last_owner\"");
  assert_has (post (world, owner, disable, NULL), "\"last_owner\"");
  assert_has (post (world, admin, path, "role=admin"), "Only an owner");
  assert_has (post (world, admin, disable, NULL), "Only an owner");
  assert_has (post (world, admin, "/v1/kontor/users", "email=c@example.com&role=owner"),
              "Only an owner");
  add_user (world, "cy@example.com", KONTOR_ROLE_OWNER);
  assert_status (post (world, owner, path, "role=admin"), 200);
}

static void
test_what_ends_sessions (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *owner = NULL, *disable = NULL;
  const KontorReply *reply;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  add_user (world, "bob@example.com", KONTOR_ROLE_SUPPORT);
  owner = token_of (world, "ada@example.com");
  first = token_of (world, "bob@example.com");
  second = token_of (world, "bob@example.com");
  reply = post (world, first, "/v1/kontor/me/password",
                "password=something else&new_password=another password");
  assert_has (reply, "\"password_wrong\"");
  reply = post (world, first, "/v1/kontor/me/password", "password=" PASSWORD "&new_password=short");
  assert_has (reply, "\"password_weak\"");
  reply = post (world, first, "/v1/kontor/me/password",
                "password=" PASSWORD "&new_password=another password");
  assert_status (reply, 200);
  third = kontor_world_member (reply, "token");
  assert_status (get (world, first, "/v1/kontor/me"), 401);
  assert_status (get (world, second, "/v1/kontor/me"), 401);
  reply = get (world, third, "/v1/kontor/me");
  assert_status (reply, 200);
  disable = g_strdup_printf ("/v1/kontor/users/%.29s/disable",
                             strstr (kontor_world_text (reply), "\"id\":\"user_") + 6);
  assert_status (post (world, owner, disable, NULL), 200);
  assert_status (get (world, third, "/v1/kontor/me"), 401);
  assert_status (sign_in (world, "bob@example.com", "another password", ""), 401);
  /* And time does. */
  kontor_clock_advance (&world->clock, 6 * 86400);
  assert_status (get (world, owner, "/v1/kontor/me"), 200);
  kontor_clock_advance (&world->clock, 6 * 86400);
  assert_status (get (world, owner, "/v1/kontor/me"), 200);
  kontor_clock_advance (&world->clock, 8 * 86400);
  assert_status (get (world, owner, "/v1/kontor/me"), 401);
}

/* The letters that are shown, as bytes. */
static gsize
read_base32 (const char *text, guint8 *bytes)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  guint bits = 0, n_bits = 0;
  gsize n = 0;

  for (; *text != '\0'; text++)
    {
      bits = bits << 5 | (guint) (strchr (letters, *text) - letters);
      n_bits += 5;
      if (n_bits >= 8)
        bytes[n++] = (guint8) (bits >> (n_bits -= 8));
    }
  return n;
}

static void
test_a_second_factor_is_asked_for (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *token = NULL, *secret = NULL, *body = NULL, *more = NULL, *recovery = NULL;
  const KontorReply *reply;
  guint8 bytes[64];
  gsize length;

  world->clock.fixed_us = G_GINT64_CONSTANT (2000000000) * G_USEC_PER_SEC;
  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  token = token_of (world, "ada@example.com");
  reply = post (world, token, "/v1/kontor/me/totp", "password=" PASSWORD);
  assert_status (reply, 200);
  assert_has (reply, "otpauth://totp/Kontor:ada@example.com?secret=");
  secret = kontor_world_member (reply, "secret");
  length = read_base32 (secret, bytes);
  assert_status (post (world, token, "/v1/kontor/me/totp/confirm", "code=000000"), 400);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, ""), 200);
  body = g_strdup_printf ("code=%06u",
                          kontor_totp_code (bytes, length, kontor_clock_now (&world->clock) / 30));
  reply = post (world, token, "/v1/kontor/me/totp/confirm", body);
  assert_status (reply, 200);
  recovery = g_strndup (strstr (kontor_world_text (reply), "[\"") + 2, 19);
  reply = sign_in (world, "ada@example.com", PASSWORD, "");
  assert_status (reply, 401);
  assert_has (reply, "\"totp_required\"");
  /* The code that confirmed it has been used. */
  more = g_strdup_printf ("&totp=%s", body + 5);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, more), 401);
  world->clock.fixed_us += 30 * G_USEC_PER_SEC;
  g_free (more);
  more = g_strdup_printf ("&totp=%06u",
                          kontor_totp_code (bytes, length, kontor_clock_now (&world->clock) / 30));
  assert_status (sign_in (world, "ada@example.com", "something else", more), 401);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, more), 200);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, more), 401);
  g_free (more);
  more = g_strdup_printf ("&recovery_code=%s", recovery);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, more), 200);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, more), 401);
  assert_has (get (world, token, "/v1/kontor/me"), "\"recovery_codes_left\":9");
  reply = kontor_world_ask (world, ASK (.method = "DELETE", .path = "/v1/kontor/me/totp",
                                        .key = token, .body = "password=" PASSWORD));
  assert_status (reply, 200);
  assert_status (sign_in (world, "ada@example.com", PASSWORD, ""), 200);
}

static void
test_acts_for_a_merchant_in_a_mode (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *token = NULL, *account = NULL;
  const KontorReply *reply;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  token = token_of (world, "ada@example.com");
  account = kontor_world_member (get (world, token, "/v1/kontor/me"), "account");
  reply = kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers", .body = "name=A",
                                        .key = token, .acting_for = account, .mode = "live"));
  assert_has (reply, "\"livemode\":true");
  reply = kontor_world_ask (
      world, ASK (.method = "GET", .path = "/v1/customers", .key = token, .acting_for = "acct_1"));
  assert_has (reply, "\"account_invalid\"");
  reply = kontor_world_ask (
      world, ASK (.method = "GET", .path = "/v1/customers", .key = token, .mode = "lively"));
  assert_status (reply, 400);
  reply = kontor_world_ask (world, ASK (.method = "GET", .path = "/v1/customers", .mode = "live"));
  assert_has (reply, "\"livemode_mismatch\"");
  reply = kontor_world_ask (
      world, ASK (.method = "GET", .path = "/v1/customers", .mode = "test", .acting_for = account));
  assert_status (reply, 200);
}

static void
test_each_action_has_a_word (void)
{
  static const char *const cases[][3] = {
    { "POST", "/v1/refunds", "refund.create" },
    { "POST", "/v1/refunds/:id", "refund.update" },
    { "POST", "/v1/refunds/:id/cancel", "refund.cancel" },
    { "POST", "/v1/charges/:id/refunds", "refund.create" },
    { "GET", "/v1/charges/:id/refunds/:id", "refund.retrieve" },
    { "GET", "/v1/customers", "customer.list" },
    { "DELETE", "/v1/customers/:id", "customer.delete" },
    { "POST", "/v1/kontor/me", "me.update" },
    { "POST", "/v1/kontor/me/password", "me.password" },
    { "POST", "/v1/kontor/me/totp/confirm", "me.totp.confirm" },
    { "DELETE", "/v1/kontor/me/totp", "me.totp.delete" },
    { "POST", "/v1/kontor/users/:id/disable", "user.disable" },
    { "POST", "/v1/kontor/api_keys/:id/roll", "api_key.roll" },
    { "GET", "/v1/kontor/webhook_deliveries", "webhook_delivery.list" },
    { "POST", "/v2/core/event_destinations", "event_destination.create" },
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (kontor_audit_action (arena, cases[i][0], cases[i][1]), ==, cases[i][2]);
}

static void
test_what_people_do_is_logged (void)
{
  static const char *const wanted[] = {
    "\"action\":\"session.create\"",
    "\"action\":\"customer.create\"",
    "\"target\":\"cus_",
    "\"summary\":{\"name\":\"A\"}",
    "\"summary\":{\"email\":\"ada@example.com\",\"password\":\"[redacted]\"}",
    "\"actor\":{\"kind\":\"user\",\"id\":\"user_",
    "\"actor\":{\"kind\":\"key\",\"id\":\"key_1\",\"name\":\"test sk_test_",
    "\"action\":\"api_key.create\"",
    "\"outcome\":\"resource_missing\"",
    "\"outcome\":\"sign_in_refused\"",
    "\"outcome\":\"more_permissions_required\"",
    "\"action\":\"payment_intent.create\"",
    "\"verified\":true",
  };
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *owner = NULL, *support = NULL;
  const KontorReply *reply;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  add_user (world, "bob@example.com", KONTOR_ROLE_SUPPORT);
  owner = token_of (world, "ada@example.com");
  support = token_of (world, "bob@example.com");
  post (world, owner, "/v1/customers", "name=A");
  post (world, NULL, "/v1/customers", "name=of a program");
  post (world, NULL, "/v1/kontor/api_keys", "name=new");
  post (world, owner, "/v1/refunds", "charge=ch_1");
  post (world, owner, "/v1/customers", "nonsense=1");
  assert_status (post (world, support, "/v1/payment_intents", "amount=500&currency=usd"), 403);
  assert_status (sign_in (world, "ada@example.com", "something else", ""), 401);
  assert_status (sign_in (world, "nobody@example.com", "something else", ""), 401);
  assert_status (get (world, support, "/v1/kontor/audit_log"), 403);
  reply = kontor_world_ask (world, ASK (.method = "GET", .path = "/v1/kontor/audit_log",
                                        .query = "limit=100&verify=true", .key = owner));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    assert_has (reply, wanted[i]);
  assert_has_not (reply, "of a program");
  assert_has_not (reply, "nobody@example.com");
  assert_has_not (reply, PASSWORD);
  assert_has_not (reply, "\"verified\":false");
}

static void
test_the_log_is_searched (void)
{
  static const struct
  {
    const char *query;
    guint       n;
  } cases[] = {
    { "action=customer.create", 3 },
    { "action=customer.*", 3 },
    { "action=customer.create&livemode=true", 1 },
    { "action=customer.create&limit=2", 2 },
    { "action=session.create", 1 },
    { "action=refund.*", 0 },
    { "actor=key_1", 0 },
    { "target=cus_1", 0 },
    { "created[lt]=1000&action=customer.*", 0 },
    { "created[gt]=1000&action=customer.*", 3 },
  };
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *owner = NULL;

  add_user (world, "ada@example.com", KONTOR_ROLE_OWNER);
  owner = token_of (world, "ada@example.com");
  for (guint i = 0; i < 3; i++)
    kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers", .body = "name=A",
                                  .key = owner, .mode = i == 0 ? "live" : "test"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorReply *reply
          = kontor_world_ask (world, ASK (.method = "GET", .path = "/v1/kontor/audit_log",
                                          .query = cases[i].query, .key = owner));
      const char *at = kontor_world_text (reply);
      guint n = 0;

      g_test_message ("%s", cases[i].query);
      assert_status (reply, 200);
      while ((at = strstr (at, "kontor.audit_entry")) != NULL)
        {
          at++;
          n++;
        }
      g_assert_cmpuint (n, ==, cases[i].n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/people/a-person-signs-in-and-out", test_a_person_signs_in_and_out);
  g_test_add_func ("/people/nobody-learns-who-is-known", test_nobody_learns_who_is_known);
  g_test_add_func ("/people/failures-lock-for-longer-and-longer",
                   test_failures_lock_for_longer_and_longer);
  g_test_add_func ("/people/each-role-may-what-its-row-says", test_each_role_may_what_its_row_says);
  g_test_add_func ("/people/a-key-is-no-person", test_a_key_is_no_person);
  g_test_add_func ("/people/an-invitation-is-used-once", test_an_invitation_is_used_once);
  g_test_add_func ("/people/an-owner-is-left", test_an_owner_is_left);
  g_test_add_func ("/people/what-ends-sessions", test_what_ends_sessions);
  g_test_add_func ("/people/a-second-factor-is-asked-for", test_a_second_factor_is_asked_for);
  g_test_add_func ("/people/acts-for-a-merchant-in-a-mode", test_acts_for_a_merchant_in_a_mode);
  g_test_add_func ("/people/each-action-has-a-word", test_each_action_has_a_word);
  g_test_add_func ("/people/what-people-do-is-logged", test_what_people_do_is_logged);
  g_test_add_func ("/people/the-log-is-searched", test_the_log_is_searched);
  return g_test_run ();
}
