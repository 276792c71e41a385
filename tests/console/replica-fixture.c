/* replica-fixture.c: a replica full of made-up payments, for tests and benchmarks. */
#include "tests/console/replica-fixture.h"

#include "core/id.h"
#include "core/resource.h"

#define SPAN_S (730 * 86400) /* two years up to now */
#define CUSTOMER_PART 0
#define INTENT_PART 1
#define CHARGE_PART 2

static const char schema[]
    = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
      "CREATE TABLE meta (name TEXT PRIMARY KEY, value);"
      "CREATE TABLE objects (row INTEGER PRIMARY KEY, id TEXT NOT NULL, v INTEGER NOT NULL,"
      " created INTEGER NOT NULL, body TEXT NOT NULL);"
      "INSERT INTO meta VALUES ('epoch', 'fixture'), ('seq', '1');";

static const char *const first_names[] = { "Anna",  "Ben",  "Chloé", "David", "Emre", "Fatima",
                                           "Grete", "Hiro", "Ines",  "Jürg",  "Kaja", "Liam",
                                           "Mette", "Noa",  "Olga",  "Pablo" };
static const char *const last_names[] = { "Berger", "Cohen", "Diaz", "Eriksen", "Fischer",
                                          "Garcia", "Haas",  "Ito",  "Jansen",  "Kowalski" };
static const char *const things[] = { "Order", "Subscription", "Invoice", "Booking", "Donation" };
static const char *const brands[] = { "visa", "visa", "mastercard", "amex", "jcb" };
static const char *const currencies[] = { "eur", "eur", "eur", "usd", "usd", "gbp", "jpy", "kwd" };
static const char *const failures[] = { "card_declined", "insufficient_funds", "expired_card" };

/* A tick's id whose letters of chance follow from it. */
char *
kontor_sample_id (const char *prefix, gint64 tick)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const gint64 first = KONTOR_TICK_MASK + 1 - G_GINT64_CONSTANT (218340105584896);
  char name[25];
  guint64 rest = (guint64) (tick - first), chance = (guint64) tick;

  for (guint i = 8; i > 0; i--, rest /= 62)
    name[i - 1] = letters[rest % 62];
  for (guint i = 8; i < 24; i++)
    {
      chance = chance * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407u;
      name[i] = letters[(chance >> 33) % 62];
    }
  name[24] = '\0';
  return g_strdup_printf ("%s_%s", prefix, name);
}

/* Payments are spread evenly; the parts of each follow one another. */
gint64
kontor_sample_tick (guint number, guint part)
{
  return kontor_tick_at (KONTOR_FIXTURE_NOW - SPAN_S) + (gint64) number * 16 + part;
}

void
kontor_sample_put (sqlite3 *db, guint kind, const char *id, gint64 created, const char *body)
{
  sqlite3_stmt *statement = sqlite3_next_stmt (db, NULL); /* the one that is kept */

  if (statement == NULL)
    g_assert_cmpint (sqlite3_prepare_v2 (db, "INSERT OR REPLACE INTO objects VALUES (?,?,1,?,?)",
                                         -1, &statement, NULL),
                     ==, SQLITE_OK);
  sqlite3_bind_int64 (statement, 1, kontor_key (kind, kontor_id_tick (id)));
  sqlite3_bind_text (statement, 2, id, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (statement, 3, created);
  sqlite3_bind_text (statement, 4, body, -1, SQLITE_TRANSIENT);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_reset (statement);
}

#define ANY(rand, list) ((list)[g_rand_int_range ((rand), 0, (gint) G_N_ELEMENTS (list))])

static void
put_customer (sqlite3 *db, GRand *rand, guint number)
{
  g_autofree char *id = kontor_sample_id ("cus", kontor_sample_tick (number, CUSTOMER_PART));
  const char *first = ANY (rand, first_names), *last = ANY (rand, last_names);
  g_autofree char *body
      = g_strdup_printf ("{\"email\":\"%s.%s%u@example.com\",\"name\":\"%s %s\",\"phone\":\"+49 30 "
                         "%06d\"}",
                         first, last, number, first, last, g_rand_int_range (rand, 0, 999999));

  kontor_sample_put (db, KONTOR_KIND_CUSTOMER, id, KONTOR_FIXTURE_NOW - SPAN_S, body);
}

typedef struct
{
  char *intent, *charge, *customer;
  const char *currency, *brand;
  gint64 amount, refunded, created;
  guint number, last4, outcome;
} Payment;

static char *
intent_body (const Payment *payment, GRand *rand)
{
  g_autofree char *customer = payment->customer != NULL
                                  ? g_strdup_printf (",\"customer\":\"%s\"", payment->customer)
                                  : g_strdup ("");
  const char *status = payment->outcome < 3    ? ""
                       : payment->outcome == 3 ? ",\"status\":\"canceled\""
                       : payment->outcome == 4 ? ",\"status\":\"requires_capture\""
                                               : ",\"status\":\"succeeded\"";

  return g_strdup_printf (
      "{\"amount\":%" G_GINT64_FORMAT ",\"amount_received\":%" G_GINT64_FORMAT
      ",\"capture_method\":\"automatic\",\"client_secret\":\"%08x\","
      "\"currency\":\"%s\"%s,\"description\":\"%s %u\",\"latest_charge\":\"%s\""
      ",\"metadata\":{\"order\":\"A%07u\"}%s%s}",
      payment->amount, payment->outcome > 4 ? payment->amount : 0, g_rand_int (rand),
      payment->currency, customer, ANY (rand, things), payment->number, payment->charge,
      payment->number, status,
      payment->outcome < 3 ? ",\"last_payment_error\":{\"code\":\"card_declined\"}" : "");
}

static char *
charge_body (const Payment *payment, GRand *rand)
{
  g_autofree char *result
      = payment->outcome < 3 ? g_strdup_printf ("\"failure_code\":\"%s\",\"status\":\"failed\"",
                                                ANY (rand, failures))
        : payment->outcome < 5
            ? g_strdup ("\"paid\":true,\"status\":\"succeeded\"")
            : g_strdup ("\"captured\":true,\"paid\":true,\"status\":\"succeeded\"");

  return g_strdup_printf (
      "{\"amount\":%" G_GINT64_FORMAT ",\"amount_captured\":%" G_GINT64_FORMAT
      ",\"amount_refunded\":%" G_GINT64_FORMAT ",\"currency\":\"%s\","
      "\"outcome\":{\"risk_level\":\"normal\",\"risk_score\":24},\"payment_intent\":\"%s\","
      "\"payment_method_details\":{\"card\":{\"authorization_code\":\"998895\",\"brand\":\"%s\","
      "\"checks\":{\"cvc_check\":\"pass\"},\"country\":\"US\",\"exp_month\":12,\"exp_year\":2027,"
      "\"fingerprint\":\"BwrBFyJbGU66v4pC\",\"last4\":\"%04u\",\"network_transaction_id\":"
      "\"106199889513813\"}},%s}",
      payment->amount, payment->outcome > 4 ? payment->amount : 0, payment->refunded,
      payment->currency, payment->intent, payment->brand, payment->last4, result);
}

static void
put_payment (sqlite3 *db, GRand *rand, guint number, guint n_payments, guint n_customers)
{
  Payment payment = { .number = number };
  g_autofree char *body = NULL, *charge = NULL;

  payment.intent = kontor_sample_id ("pi", kontor_sample_tick (number, INTENT_PART));
  payment.charge = kontor_sample_id ("ch", kontor_sample_tick (number, CHARGE_PART));
  if (g_rand_int_range (rand, 0, 5) > 0)
    payment.customer = kontor_sample_id (
        "cus",
        kontor_sample_tick ((guint) g_rand_int_range (rand, 0, (gint) n_customers), CUSTOMER_PART));
  payment.currency = ANY (rand, currencies);
  payment.brand = ANY (rand, brands);
  payment.last4 = (guint) g_rand_int_range (rand, 0, 10000);
  payment.amount = g_rand_int_range (rand, 100, 50000);
  payment.outcome = (guint) g_rand_int_range (rand, 0, 40);
  if (payment.outcome > 35)
    payment.refunded = payment.outcome > 37 ? payment.amount : payment.amount / 2;
  payment.created = KONTOR_FIXTURE_NOW - SPAN_S + (gint64) ((gdouble) SPAN_S * number / n_payments);
  body = intent_body (&payment, rand);
  charge = charge_body (&payment, rand);
  kontor_sample_put (db, KONTOR_KIND_PAYMENT_INTENT, payment.intent, payment.created, body);
  kontor_sample_put (db, KONTOR_KIND_CHARGE, payment.charge, payment.created, charge);
  g_free (payment.intent);
  g_free (payment.charge);
  g_free (payment.customer);
}

sqlite3 *
kontor_sample_new (const char *file, guint32 seed, guint n_payments)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint n_customers = MAX (n_payments / 10, 1);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
  /* A reader may be in the midst of a row when the test writes one. */
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, schema, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_exec (db, "BEGIN", NULL, NULL, NULL);
  for (guint i = 0; i < n_customers; i++)
    put_customer (db, rand, i);
  for (guint i = 0; i < n_payments; i++)
    put_payment (db, rand, i, n_payments, n_customers);
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  return db;
}

void
kontor_sample_close (sqlite3 *db)
{
  sqlite3_stmt *statement;

  while ((statement = sqlite3_next_stmt (db, NULL)) != NULL)
    sqlite3_finalize (statement);
  sqlite3_close (db);
}
