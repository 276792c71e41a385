/* api-test.c: what every request meets on its way, from its key to the line in the log. */
#include "server/http/api.h"

#include <string.h>

#include "server/test-world.h"

#define PAYMENT                                                                                   \
  "amount=2000&currency=usd&confirm=true&automatic_payment_methods[enabled]=true"                 \
  "&automatic_payment_methods[allow_redirects]=never"

#define ASK(...) (&(KontorAsk){ __VA_ARGS__ })

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

static const KontorReply *
pay (KontorWorld *world, const char *method, const char *idempotency_key)
{
  g_autofree char *body = g_strdup_printf (PAYMENT "&payment_method=%s", method);

  return kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/payment_intents",
                                       .body = body, .idempotency_key = idempotency_key));
}

static void
test_the_same_key_earns_the_same_reply (void)
{
  static const struct
  {
    const char *description, *method;
    guint status;
  } cases[] = {
    { "a payment", "pm_card_visa", 200 },
    { "a refusal by the bank", "pm_card_chargeDeclined", 402 },
  };
  g_autoptr (KontorWorld) world = kontor_world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorReply *first = pay (world, cases[i].method, cases[i].method);
      const KontorReply *second = pay (world, cases[i].method, cases[i].method);

      g_test_message ("%s", cases[i].description);
      g_assert_cmpuint (first->status, ==, cases[i].status);
      g_assert_cmpuint (second->status, ==, cases[i].status);
      g_assert_cmpstr (kontor_world_text (first), ==, kontor_world_text (second));
      g_assert_false (first->replayed);
      g_assert_true (second->replayed);
      g_assert_true (g_str_has_prefix (second->original_request, "req_"));
    }
}

static void
test_other_parameters_do_not_go_with_the_same_key (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *reply;

  kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers", .idempotency_key = "k",
                                .body = "name=A&email=a@example.com"));
  reply = kontor_world_ask (world,
                            ASK (.method = "POST", .path = "/v1/customers", .idempotency_key = "k",
                                 .body = "email=a%40example.com&name=A"));
  g_assert_true (reply->replayed);
  reply = kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers",
                                        .idempotency_key = "k", .type = "application/json",
                                        .body = "{\"name\":\"A\",\"email\":\"a@example.com\"}"));
  g_assert_true (reply->replayed);
  reply = kontor_world_ask (world,
                            ASK (.method = "POST", .path = "/v1/customers", .idempotency_key = "k",
                                 .body = "name=B&email=a@example.com"));
  g_assert_cmpuint (reply->status, ==, 400);
  assert_has (reply, "\"idempotency_error\"");
  /* The first reply still stands. */
  reply = kontor_world_ask (world,
                            ASK (.method = "POST", .path = "/v1/customers", .idempotency_key = "k",
                                 .body = "name=A&email=a@example.com"));
  g_assert_true (reply->replayed);
}

static void
test_what_was_not_begun_is_not_kept (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *reply;

  reply = kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers",
                                        .idempotency_key = "k", .body = "nonsense=1"));
  g_assert_cmpuint (reply->status, ==, 400);
  reply = kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers",
                                        .idempotency_key = "k", .body = "name=A"));
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_false (reply->replayed);
}

static void
test_a_key_is_free_again_after_a_day (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  KontorAsk ask
      = { .method = "POST", .path = "/v1/customers", .idempotency_key = "k", .body = "name=A" };

  kontor_world_ask (world, &ask);
  kontor_clock_advance (&world->clock, 23 * 3600);
  g_assert_true (kontor_world_ask (world, &ask)->replayed);
  kontor_clock_advance (&world->clock, 3601);
  g_assert_false (kontor_world_ask (world, &ask)->replayed);
}

static void
test_a_key_in_use_is_not_used_twice (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  KontorAsk ask
      = { .method = "POST", .path = "/v1/customers", .idempotency_key = "k", .body = "name=A" };
  gboolean ready;
  KontorCall *first = kontor_world_begin (world, &ask, &ready);
  const KontorReply *second;

  g_assert_false (ready);
  second = kontor_world_ask (world, &ask);
  g_assert_cmpuint (second->status, ==, 409);
  assert_has (second, "\"idempotency_key_in_use\"");
  g_assert_false (second->should_retry_no);
  kontor_world_finish (first);
  g_assert_cmpuint (first->reply->status, ==, 200);
  kontor_buffer_clear (&first->reply->body);
  g_assert_true (kontor_world_ask (world, &ask)->replayed);
}

static void
test_a_key_is_not_shared_between_modes (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const char *live = kontor_world_key (world, 3, KONTOR_KEY_SECRET, NULL, NULL, 0);
  KontorAsk ask
      = { .method = "POST", .path = "/v1/customers", .idempotency_key = "k", .body = "name=A" };
  const KontorReply *reply;

  kontor_world_ask (world, &ask);
  ask.key = live;
  reply = kontor_world_ask (world, &ask);
  g_assert_false (reply->replayed);
  assert_has (reply, "\"livemode\":true");
}

static void
test_lets_in_whom_it_should (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  gint64 now = kontor_clock_now (&world->clock);
  const char *publishable = kontor_world_key (world, 2, KONTOR_KEY_PUBLISHABLE, NULL, NULL, 0);
  const char *reads = kontor_world_key (world, 2, KONTOR_KEY_RESTRICTED, "customers_read", NULL, 0);
  const char *writes
      = kontor_world_key (world, 2, KONTOR_KEY_RESTRICTED, "customers_write", NULL, 0);
  const char *elsewhere = kontor_world_key (world, 2, KONTOR_KEY_SECRET, NULL, "192.0.2.0/24", 0);
  const char *lapsed = kontor_world_key (world, 2, KONTOR_KEY_SECRET, NULL, NULL, now - 1);
  const struct
  {
    const char *description;
    KontorAsk ask;
    guint status;
    const char *part;
  } cases[] = {
    { "no key", { "GET", "/v1/customers", .key = "" }, 401, "You did not provide an API key" },
    { "no key of ours",
      { "GET", "/v1/customers", .key = "sk_test_0123456789abcdef" },
      401,
      "Invalid API Key provided: sk_test_****cdef" },
    { "a key that looks like ours",
      { "GET", "/v1/customers", .key = "sk_test_0123456789012345678901234567890123456789012" },
      401,
      "Invalid API Key provided" },
    { "a key past its time",
      { "GET", "/v1/customers", .key = lapsed },
      401,
      "\"api_key_expired\"" },
    { "a publishable key",
      { "GET", "/v1/customers", .key = publishable },
      401,
      "\"secret_key_required\"" },
    { "a key that may", { "GET", "/v1/customers", .key = reads }, 200, "\"list\"" },
    { "a key that may only read",
      { "POST", "/v1/customers", .key = reads },
      403,
      "\"more_permissions_required\"" },
    { "who may write may read", { "GET", "/v1/customers", .key = writes }, 200, "\"list\"" },
    { "a key for something else",
      { "GET", "/v1/charges", .key = writes },
      403,
      "\"more_permissions_required\"" },
    { "from elsewhere", { "GET", "/v1/customers", .key = elsewhere }, 403, "IP address" },
    { "from where it may",
      { "GET", "/v1/customers", .key = elsewhere, .remote = "192.0.2.9" },
      200,
      "\"list\"" },
    { "for another account",
      { "GET", "/v1/customers", .account = "acct_000000000000000000000000" },
      403,
      "\"account_invalid\"" },
    { "no key needed", { "GET", "/healthz", .key = "" }, 200, "ok" },
    { "an unknown URL, before any key",
      { "GET", "/v1/nothing", .key = "" },
      404,
      "Unrecognized request URL (GET: /v1/nothing)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorReply *reply = kontor_world_ask (world, &cases[i].ask);

      g_test_message ("%s", cases[i].description);
      g_assert_cmpuint (reply->status, ==, cases[i].status);
      assert_has (reply, cases[i].part);
    }
}

static void
test_an_account_may_name_itself (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *id = kontor_world_member (
      kontor_world_ask (world, ASK (.method = "GET", .path = "/v1/account")), "id");

  g_assert_cmpuint (
      kontor_world_ask (world, ASK (.method = "GET", .path = "/v1/customers", .account = id))
          ->status,
      ==, 200);
}

static void
test_a_key_that_is_rolled_or_revoked_is_refused_at_once (void)
{
  static const struct
  {
    const char *method, *suffix;
  } cases[] = { { "POST", "/roll" }, { "DELETE", "" } };
  g_autoptr (KontorWorld) world = kontor_world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorReply *made
          = kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/kontor/api_keys",
                                          .body = "name=x", .idempotency_key = "k"));
      g_autofree char *id = kontor_world_member (made, "id"),
                      *secret = kontor_world_member (made, "secret");
      g_autofree char *path = g_strconcat ("/v1/kontor/api_keys/", id, cases[i].suffix, NULL);
      KontorAsk ask = { .method = "GET", .path = "/v1/balance", .key = secret };

      /* A secret is told once: it is not kept for a replay. */
      g_assert_false (made->replayed);
      g_assert_cmpuint (kontor_world_ask (world, &ask)->status, ==, 200);
      g_assert_cmpuint (
          kontor_world_ask (world, ASK (.method = cases[i].method, .path = path))->status, ==, 200);
      g_assert_cmpuint (kontor_world_ask (world, &ask)->status, ==, 401);
    }
}

static void
test_a_key_rolled_with_overlap_lasts_that_long (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *made = kontor_world_ask (
      world, ASK (.method = "POST", .path = "/v1/kontor/api_keys", .body = "name=x"));
  g_autofree char *id = kontor_world_member (made, "id"),
                  *secret = kontor_world_member (made, "secret");
  g_autofree char *path = g_strconcat ("/v1/kontor/api_keys/", id, "/roll", NULL);
  KontorAsk ask = { .method = "GET", .path = "/v1/balance", .key = secret };
  const KontorReply *rolled
      = kontor_world_ask (world, ASK (.method = "POST", .path = path, .body = "expires_in=3600"));
  g_autofree char *next = kontor_world_member (rolled, "secret");

  kontor_clock_advance (&world->clock, 3590);
  g_assert_cmpuint (kontor_world_ask (world, &ask)->status, ==, 200);
  kontor_clock_advance (&world->clock, 20);
  g_assert_cmpuint (kontor_world_ask (world, &ask)->status, ==, 401);
  ask.key = next;
  g_assert_cmpuint (kontor_world_ask (world, &ask)->status, ==, 200);
}

static void
test_too_many_requests_are_told_to_wait (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  KontorAsk ask = { .method = "GET", .path = "/v1/balance" };
  const KontorReply *reply;

  world->api.rate = (KontorRate){ .per_second = 1, .burst = 2 };
  kontor_world_ask (world, &ask);
  kontor_world_ask (world, &ask);
  reply = kontor_world_ask (world, &ask);
  g_assert_cmpuint (reply->status, ==, 429);
  g_assert_cmpuint (reply->retry_after_s, >=, 1);
  g_assert_true (reply->rate_limited);
  g_assert_false (reply->should_retry_no);
  assert_has (reply, "\"rate_limit\"");
}

static void
test_reads_the_version_and_the_body (void)
{
  static const struct
  {
    const char *description;
    KontorAsk ask;
    guint status;
  } cases[] = {
    { "an older version", { "GET", "/v1/balance", .version = "2022-11-15" }, 200 },
    { "a version with a beta",
      { "GET", "/v1/balance", .version = "2026-10-28.endive; x_beta=v1" },
      200 },
    { "no version", { "GET", "/v1/balance", .version = "latest" }, 400 },
    { "a date that ends too early", { "GET", "/v1/balance", .version = "2022-11" }, 400 },
    { "a form without a type", { "POST", "/v1/customers", .body = "name=A" }, 200 },
    { "a form",
      { "POST", "/v1/customers", .body = "name=A",
        .type = "application/x-www-form-urlencoded; charset=utf-8" },
      200 },
    { "JSON",
      { "POST", "/v1/customers", .body = "{\"name\":\"A\"}", .type = "Application/JSON" },
      200 },
    { "JSON that is a list",
      { "POST", "/v1/customers", .body = "[]", .type = "application/json" },
      400 },
    { "broken JSON", { "POST", "/v1/customers", .body = "{", .type = "application/json" }, 400 },
    { "neither",
      { "POST", "/v1/customers", .body = "x", .type = "multipart/form-data; boundary=x" },
      400 },
    { "parameters in the query", { "POST", "/v1/customers", .query = "name=A" }, 200 },
    { "an unknown parameter", { "POST", "/v1/customers", .body = "nam=A" }, 400 },
    { "a parameter where there are none", { "GET", "/v1/balance", .query = "amount=1" }, 400 },
    { "an idempotency key of 255 letters and more",
      { "POST", "/v1/customers",
        .idempotency_key = "01234567890123456789012345678901234567890123456789012345678901234567890"
                           "12345678901234567890123456789"
                           "01234567890123456789012345678901234567890123456789012345678901234567890"
                           "12345678901234567890123456789"
                           "01234567890123456789012345678901234567890123456789012345" },
      400 },
    { "a header that is not text", { "POST", "/v1/customers", .idempotency_key = "\xff" }, 400 },
    { "a path that is not ASCII", { "GET", "/v1/customers/\xc3\xa4" }, 400 },
  };
  g_autoptr (KontorWorld) world = kontor_world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorReply *reply = kontor_world_ask (world, &cases[i].ask);

      g_test_message ("%s", cases[i].description);
      g_assert_cmpuint (reply->status, ==, cases[i].status);
      if (cases[i].status == 400)
        assert_has (reply, "\"invalid_request_error\"");
    }
  g_assert_cmpstr (kontor_world_ask (
                       world, ASK (.method = "GET", .path = "/v1/balance", .version = "2022-11-15"))
                       ->api_version,
                   ==, "2022-11-15");
}

static char *
make_customer (KontorWorld *world, const char *body)
{
  return kontor_world_member (
      kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers", .body = body)),
      "id");
}

static void
test_pages_go_both_ways (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *first = make_customer (world, "name=1"),
                  *second = make_customer (world, "name=2");
  g_autofree char *third = make_customer (world, "name=3");
  g_autofree char *after = g_strconcat ("limit=1&starting_after=", third, NULL);
  g_autofree char *before = g_strconcat ("limit=1&ending_before=", first, NULL);
  g_autofree char *both = g_strconcat ("starting_after=", first, "&ending_before=", first, NULL);
  const struct
  {
    const char *query;
    guint status;
    const char *has, *has_not;
  } cases[] = {
    { "limit=2", 200, third, first },
    { "limit=2", 200, "\"has_more\":true", "\"has_more\":false" },
    { "limit=3", 200, "\"has_more\":false", "\"has_more\":true" },
    { after, 200, second, third },
    { before, 200, second, third },
    { both, 400, "starting_after", "\"data\"" },
    { "starting_after=cus_nothing", 400, "\"param\":\"starting_after\"", "\"data\"" },
    { "limit=0", 400, "\"param\":\"limit\"", "\"data\"" },
    { "limit=101", 400, "\"param\":\"limit\"", "\"data\"" },
    { "created[gt]=4000000000", 200, "\"data\":[]", third },
    { "expand[]=data.nothing", 400, "cannot be expanded", "\"data\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorReply *reply = kontor_world_ask (
          world, ASK (.method = "GET", .path = "/v1/customers", .query = cases[i].query));

      g_test_message ("%s", cases[i].query);
      g_assert_cmpuint (reply->status, ==, cases[i].status);
      assert_has (reply, cases[i].has);
      assert_has_not (reply, cases[i].has_not);
    }
}

static void
test_search_finds_what_it_is_asked_for (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *jenny
      = make_customer (world, "name=Jenny+Rosen&email=jenny@example.com&metadata[tier]=gold");
  g_autofree char *carl
      = make_customer (world, "name=Carl&email=carl@example.com&metadata[tier]=tin");
  const struct
  {
    const char *query;
    guint status;
    const char *has, *has_not;
  } cases[] = {
    { "query=email:'jenny@example.com'", 200, jenny, carl },
    { "query=email:'JENNY@example.com'", 200, jenny, carl },
    { "query=name~'rosen'", 200, jenny, carl },
    { "query=-name~'rosen'", 200, carl, jenny },
    { "query=metadata['tier']:'tin'", 200, carl, jenny },
    { "query=metadata['tier']:null", 200, "\"data\":[]", jenny },
    { "query=-metadata['tier']:null&expand[]=total_count", 200, "\"total_count\":2",
      "\"total_count\":1" },
    { "query=phone:null", 200, jenny, "\"has_more\":true" },
    { "query=created>0&limit=1", 200, "\"has_more\":true", jenny },
    { "query=name:'x')+OR+1=1--'", 400, "\"param\":\"query\"", jenny },
    { "query=nothing:'x'", 400, "\"param\":\"query\"", jenny },
    { "limit=1", 400, "\"param\":\"query\"", jenny },
    { "query=name~'rosen'&page=zzz", 400, "\"param\":\"page\"", jenny },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query = g_strdelimit (g_strdup (cases[i].query), "'", '"');
      const KontorReply *reply = kontor_world_ask (
          world, ASK (.method = "GET", .path = "/v1/customers/search", .query = query));

      g_test_message ("%s", cases[i].query);
      g_assert_cmpuint (reply->status, ==, cases[i].status);
      assert_has (reply, cases[i].has);
      assert_has_not (reply, cases[i].has_not);
    }
}

static void
test_a_customers_page_sees_no_more_than_it_needs (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const char *publishable = kontor_world_key (world, 2, KONTOR_KEY_PUBLISHABLE, NULL, NULL, 0);
  const KontorReply *paid = kontor_world_ask (
      world, ASK (.method = "POST", .path = "/v1/payment_intents",
                  .body = PAYMENT "&payment_method=pm_card_visa&metadata[margin]=secret"));
  g_autofree char *id = kontor_world_member (paid, "id"),
                  *secret = kontor_world_member (paid, "client_secret");
  g_autofree char *path = g_strconcat ("/v1/payment_intents/", id, NULL);
  g_autofree char *right = g_strconcat ("client_secret=", secret, "&expand[]=latest_charge", NULL);
  g_autofree char *wrong = g_strconcat ("client_secret=", secret, "x", NULL);
  const KontorReply *reply;

  reply = kontor_world_ask (
      world, ASK (.method = "GET", .path = path, .query = right, .key = publishable));
  g_assert_cmpuint (reply->status, ==, 200);
  assert_has (reply, "\"metadata\":{}");
  assert_has (reply, "\"latest_charge\":null");
  reply = kontor_world_ask (
      world, ASK (.method = "GET", .path = path, .query = wrong, .key = publishable));
  g_assert_cmpuint (reply->status, ==, 400);
  reply = kontor_world_ask (world, ASK (.method = "GET", .path = path, .key = publishable));
  g_assert_cmpuint (reply->status, ==, 400);
  assert_has (reply, "\"param\":\"client_secret\"");
}

static void
test_a_list_in_a_reply_counts_what_was_just_made (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  g_autofree char *id = kontor_world_member (pay (world, "pm_card_visa", NULL), "id");
  g_autofree char *body
      = g_strdup_printf ("payment_intent=%s&amount=500&expand[]=charge.refunds", id);
  KontorAsk ask = { .method = "POST", .path = "/v1/refunds", .body = body };
  g_autofree char *first = kontor_world_member (kontor_world_ask (world, &ask), "id");
  const KontorReply *reply = kontor_world_ask (world, &ask);
  g_autofree char *second = kontor_world_member (reply, "id");
  const char *list = strstr (kontor_world_text (reply), "\"refunds\":{");

  g_assert_nonnull (list);
  g_assert_nonnull (strstr (list, first));
  g_assert_nonnull (strstr (list, second));
  g_assert_true (strstr (list, second) < strstr (list, first));
}

static void
test_the_log_holds_what_was_asked_and_no_secret (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *reply;

  kontor_world_ask (world,
                    ASK (.method = "POST", .path = "/v1/payment_methods", .idempotency_key = "k",
                         .body = "type=card&card[number]=4242424242424242&card[exp_month]=12"
                                 "&card[exp_year]=2040&card[cvc]=123"));
  kontor_world_ask (
      world, ASK (.method = "POST", .path = "/v1/customers", .body = "nonsense=4242424242424242"));
  kontor_world_ask (world, ASK (.method = "GET", .path = "/v1/balance"));
  /* A write comes after what was queued before it. */
  kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers", .body = "name=A"));
  reply = kontor_world_ask (
      world, ASK (.method = "GET", .path = "/v1/kontor/request_logs", .query = "limit=100"));
  assert_has (reply, "\"path\":\"/v1/payment_methods\"");
  assert_has (reply, "\"idempotency_key\":\"k\"");
  assert_has (reply, "\"error\":\"parameter_unknown\"");
  assert_has (reply, "[redacted]");
  assert_has_not (reply, "4242424242424242");
  assert_has_not (reply, "\"cvc\":\"123\"");
  assert_has_not (reply, "/v1/balance");
  reply = kontor_world_ask (
      world, ASK (.method = "GET", .path = "/v1/kontor/request_logs", .query = "status[gte]=400"));
  assert_has (reply, "\"error\":\"parameter_unknown\"");
  assert_has_not (reply, "/v1/payment_methods");
}

static void
test_the_clock_moves_only_where_it_may (void)
{
  g_autoptr (KontorWorld) world = kontor_world_new ();
  const KontorReply *reply = kontor_world_ask (
      world, ASK (.method = "POST", .path = "/v1/kontor/test_helpers/advance_clock",
                  .body = "seconds=60"));

  g_assert_cmpuint (reply->status, ==, 400);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api/the-same-key-earns-the-same-reply",
                   test_the_same_key_earns_the_same_reply);
  g_test_add_func ("/api/other-parameters-do-not-go-with-the-same-key",
                   test_other_parameters_do_not_go_with_the_same_key);
  g_test_add_func ("/api/what-was-not-begun-is-not-kept", test_what_was_not_begun_is_not_kept);
  g_test_add_func ("/api/a-key-is-free-again-after-a-day", test_a_key_is_free_again_after_a_day);
  g_test_add_func ("/api/a-key-in-use-is-not-used-twice", test_a_key_in_use_is_not_used_twice);
  g_test_add_func ("/api/a-key-is-not-shared-between-modes",
                   test_a_key_is_not_shared_between_modes);
  g_test_add_func ("/api/lets-in-whom-it-should", test_lets_in_whom_it_should);
  g_test_add_func ("/api/an-account-may-name-itself", test_an_account_may_name_itself);
  g_test_add_func ("/api/a-key-that-is-rolled-or-revoked-is-refused-at-once",
                   test_a_key_that_is_rolled_or_revoked_is_refused_at_once);
  g_test_add_func ("/api/a-key-rolled-with-overlap-lasts-that-long",
                   test_a_key_rolled_with_overlap_lasts_that_long);
  g_test_add_func ("/api/too-many-requests-are-told-to-wait",
                   test_too_many_requests_are_told_to_wait);
  g_test_add_func ("/api/reads-the-version-and-the-body", test_reads_the_version_and_the_body);
  g_test_add_func ("/api/pages-go-both-ways", test_pages_go_both_ways);
  g_test_add_func ("/api/search-finds-what-it-is-asked-for",
                   test_search_finds_what_it_is_asked_for);
  g_test_add_func ("/api/a-customers-page-sees-no-more-than-it-needs",
                   test_a_customers_page_sees_no_more_than_it_needs);
  g_test_add_func ("/api/a-list-in-a-reply-counts-what-was-just-made",
                   test_a_list_in_a_reply_counts_what_was_just_made);
  g_test_add_func ("/api/the-log-holds-what-was-asked-and-no-secret",
                   test_the_log_holds_what_was_asked_and_no_secret);
  g_test_add_func ("/api/the-clock-moves-only-where-it-may",
                   test_the_clock_moves_only_where_it_may);
  return g_test_run ();
}
