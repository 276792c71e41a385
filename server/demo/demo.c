/* demo.c: a data directory full of sample payments, made by the very rules that serve real ones.
 *
 * Two years of a shop that grows, busier in December, on weekdays and in the evening. Everything follows
 * from the seed and the last day: the same two give the same payments. Each operation sets the clock to
 * its own moment on the engine's thread, where all of its chance is drawn too. */
#include "server/demo/demo.h"

#include <string.h>

#include "core/form.h"
#include "server/acquirers/simulator.h"
#include "server/demo/words.h"
#include "server/engine/customer.h"
#include "server/engine/payment_intent.h"
#include "server/engine/refund.h"
#include "server/engine/settings.h"
#include "server/home.h"
#include "server/jobs/jobs.h"

#define DAYS 730
#define DAY_S 86400
#define UNDER_WAY 256
#define TEST_SCOPE (1 << 1)  /* account 1, test mode */
#define REFUNDABLE 256       /* of the newest payments */
#define NEW_CUSTOMER_PPM 160000
#define GUEST_PPM 200000
#define REFUND_PPM 36000

typedef struct _Shop Shop;

/* One payment, and what is done beside it. */
typedef struct
{
  KontorOp op;
  Shop    *shop;
  gint64   at_us;
} Sale;

typedef struct
{
  char   id[40];
  gint64 amount;
} Paid;

struct _Shop
{
  const KontorDemo *demo;
  KontorClock   clock;
  KontorIds    *ids;
  KontorEngine *engine;
  KontorJobs   *jobs;
  Sale          sales[UNDER_WAY];
  /* Of the engine's thread. */
  GRand        *chance;
  GPtrArray    *customers; /* ids */
  Paid          paid[REFUNDABLE];
  guint64       n_paid;
  GError       *problem;
  /* Under lock. */
  GMutex        lock;
  GCond         changed;
  GPtrArray    *idle;      /* Sale */
};

/* How a payment ends, and how often out of a million. */
typedef struct
{
  guint       ppm;
  const char *card;
  const char *more;    /* further parameters */
  enum
  {
    ENDS_THERE,
    CAPTURE_ALL,
    CAPTURE_PART,
    CANCEL
  } then;
} Ending;

static const Ending endings[] = {
  { 330000, "pm_card_visa", "&confirm=true" },
  { 190000, "pm_card_mastercard", "&confirm=true" },
  { 90000, "pm_card_visa_debit", "&confirm=true" },
  { 70000, "pm_card_amex", "&confirm=true" },
  { 60000, "pm_card_de", "&confirm=true" },
  { 40000, "pm_card_gb", "&confirm=true" },
  { 40000, "pm_card_fr", "&confirm=true" },
  { 30000, "pm_card_jcb", "&confirm=true" },
  { 15000, "pm_card_discover", "&confirm=true" },
  { 24000, "pm_card_visa", "&confirm=true&capture_method=manual", CAPTURE_ALL },
  { 6000, "pm_card_mastercard", "&confirm=true&capture_method=manual", CAPTURE_PART },
  { 6000, "pm_card_visa", "&confirm=true&capture_method=manual" },
  { 28000, "pm_card_chargeDeclined", "&confirm=true" },
  { 21000, "pm_card_chargeDeclinedInsufficientFunds", "&confirm=true" },
  { 8000, "pm_card_chargeDeclinedExpiredCard", "&confirm=true" },
  { 3000, "pm_card_chargeDeclinedFraudulent", "&confirm=true" },
  { 4000, "pm_card_chargeDeclinedIncorrectCvc", "&confirm=true" },
  { 14000, "pm_card_threeDSecure2Required", "&confirm=true&return_url=https://shop.example/back" },
  { 12000, "pm_card_visa", "", CANCEL },
  { 9000, NULL, "" },
};

/* Prices are of a euro's kind and are put into each currency's own. */
static const struct
{
  guint       ppm;
  const char *code;
  gint64      times, by;
} currencies[] = {
  { 560000, "eur", 1, 1 },  { 240000, "usd", 11, 10 }, { 110000, "gbp", 85, 100 },
  { 50000, "jpy", 16, 10 }, { 25000, "ils", 4, 1 },    { 15000, "kwd", 33, 10 },
};

static const gint64 prices[] = { 490,  790,  990,  1200, 1490,  1900,  2450,  2900,
                                 3900, 4900, 5900, 7900, 11900, 19900, 34900, 89000 };

static guint
draw (Shop *shop, guint below)
{
  return (guint) g_rand_int_range (shop->chance, 0, (gint32) below);
}

static gboolean
happens (Shop *shop, guint ppm)
{
  return draw (shop, 1000000) < ppm;
}

static const KontorValue *
read_form (KontorTx *tx, const KontorResource *resource, guint32 operation, const char *form)
{
  KontorValue *params = kontor_value_new (tx->arena, KONTOR_VALUE_OBJECT);
  const char *problem = NULL;
  KontorError error = { 0 };

  if (!kontor_form_parse (tx->arena, form, strlen (form), params, &problem))
    g_error ("%s: %s", form, problem);
  if (!kontor_params_check (&resource->shape, operation, NULL, tx->arena, params, &error))
    g_error ("%s: %s", form, error.message);
  return params;
}

static void
refused (Shop *shop, const char *what, const KontorError *error)
{
  if (shop->problem == NULL)
    g_set_error (&shop->problem, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
                 "The sample %s was refused: %s", what, error->message);
}

static const char *
new_customer (Shop *shop, KontorTx *tx)
{
  KontorPerson person;
  KontorCustomer *customer = NULL;
  KontorError error = { 0 };
  g_autofree char *name = NULL, *form = NULL;

  kontor_person_init (&person, shop->customers->len);
  name = g_uri_escape_string (person.name, NULL, FALSE);
  form = g_strdup_printf ("name=%s&email=%s&address[country]=%s&preferred_locales[]=%s"
                          "&metadata[segment]=%s",
                          name, person.email, person.country, person.locale,
                          draw (shop, 5) == 0 ? "wholesale" : "retail");
  kontor_person_clear (&person);
  if (!kontor_customer_create (
          tx, read_form (tx, &kontor_customer_resource, KONTOR_IN_CREATE, form), &customer, &error))
    {
      refused (shop, "customer", &error);
      return NULL;
    }
  g_ptr_array_add (shop->customers, g_strdup (customer->head.id));
  return customer->head.id;
}

/* Those who came early come back more often. */
static const char *
choose_customer (Shop *shop, KontorTx *tx)
{
  guint n = shop->customers->len, among;

  if (n == 0 || happens (shop, NEW_CUSTOMER_PPM))
    return new_customer (shop, tx);
  if (happens (shop, GUEST_PPM))
    return NULL;
  among = 1 + draw (shop, n);
  return g_ptr_array_index (shop->customers, draw (shop, among));
}

static const Ending *
choose_ending (Shop *shop)
{
  guint at = draw (shop, 1000000), i = 0;

  while (i + 1 < G_N_ELEMENTS (endings) && at >= endings[i].ppm)
    at -= endings[i++].ppm;
  return &endings[i];
}

static gint64
choose_amount (Shop *shop, const char **currency)
{
  guint at = draw (shop, 1000000), i = 0, first = draw (shop, G_N_ELEMENTS (prices));
  /* The smaller of two: most baskets are small. */
  gint64 price = prices[MIN (first, draw (shop, G_N_ELEMENTS (prices)))];

  while (i + 1 < G_N_ELEMENTS (currencies) && at >= currencies[i].ppm)
    at -= currencies[i++].ppm;
  *currency = currencies[i].code;
  price = price * (1 + draw (shop, 8) / 6) * currencies[i].times / currencies[i].by;
  /* A fils is no coin: dinars are charged in tens of them. */
  return g_str_equal (*currency, "kwd") ? price / 10 * 10 : price;
}

static void
finish (Shop *shop, KontorTx *tx, KontorPaymentIntent *intent, const Ending *ending)
{
  g_autofree char *part
      = g_strdup_printf ("amount_to_capture=%" G_GINT64_FORMAT, intent->amount * 3 / 4);
  KontorError error = { 0 };
  gboolean done = TRUE;

  if (ending->then == CAPTURE_ALL || ending->then == CAPTURE_PART)
    done = kontor_payment_intent_capture (tx, intent,
                                          read_form (tx, &kontor_payment_intent_resource,
                                                     KONTOR_IN_CAPTURE,
                                                     ending->then == CAPTURE_PART ? part : ""),
                                          &error);
  else if (ending->then == CANCEL)
    done = kontor_payment_intent_cancel (tx, intent,
                                         read_form (tx, &kontor_payment_intent_resource,
                                                    KONTOR_IN_CANCEL,
                                                    "cancellation_reason=requested_by_customer"),
                                         &error);
  if (!done)
    refused (shop, "capture", &error);
}

static void
pay (Shop *shop, KontorTx *tx)
{
  const char *customer = choose_customer (shop, tx), *currency;
  const Ending *ending = choose_ending (shop);
  gint64 amount = choose_amount (shop, &currency);
  g_autofree char *goods = g_uri_escape_string (kontor_goods_name (draw (shop, 64)), NULL, FALSE);
  g_autoptr (GString) form = g_string_new (NULL);
  KontorPaymentIntent *intent = NULL;
  KontorError error = { 0 };
  gboolean keep = FALSE;

  g_string_printf (form,
                   "amount=%" G_GINT64_FORMAT "&currency=%s&description=%s&metadata[order]=%u"
                   "&payment_method_types[]=card",
                   amount, currency, goods, 100000 + draw (shop, 900000));
  if (customer != NULL)
    g_string_append_printf (form, "&customer=%s", customer);
  if (ending->card != NULL)
    g_string_append_printf (form, "&payment_method=%s", ending->card);
  g_string_append (form, ending->more);
  if (!kontor_payment_intent_create (
          tx, read_form (tx, &kontor_payment_intent_resource, KONTOR_IN_CREATE, form->str), &intent,
          &keep, &error)
      && !keep)
    {
      refused (shop, "payment", &error);
      return;
    }
  /* A decline is an error to the shop, but its traces stay. */
  if (error.info != NULL || intent == NULL)
    return;
  finish (shop, tx, intent, ending);
  if (intent->status == KONTOR_PAYMENT_INTENT_SUCCEEDED)
    {
      Paid *paid = &shop->paid[shop->n_paid++ % REFUNDABLE];

      g_strlcpy (paid->id, intent->head.id, sizeof paid->id);
      paid->amount = intent->amount_received;
    }
}

static void
give_back (Shop *shop, KontorTx *tx)
{
  static const char *const reasons[]
      = { "requested_by_customer", "requested_by_customer", "duplicate", "fraudulent" };
  Paid *paid = &shop->paid[draw (shop, (guint) MIN (shop->n_paid, REFUNDABLE))];
  gint64 amount = draw (shop, 3) == 0 ? MAX (paid->amount / 2, 1) : paid->amount;
  g_autofree char *form = NULL;
  KontorRefund *refund = NULL;
  KontorError error = { 0 };

  if (paid->amount == 0)
    return;
  form = g_strdup_printf ("payment_intent=%s&amount=%" G_GINT64_FORMAT "&reason=%s", paid->id,
                          amount, reasons[draw (shop, G_N_ELEMENTS (reasons))]);
  paid->amount = 0;
  if (!kontor_refund_create (tx, read_form (tx, &kontor_refund_resource, KONTOR_IN_CREATE, form),
                             &refund, &error))
    refused (shop, "refund", &error);
}

static void
sale_run (KontorOp *op, KontorTx *tx)
{
  Sale *sale = (Sale *) op;
  Shop *shop = sale->shop;

  shop->clock.fixed_us = sale->at_us;
  tx->now = sale->at_us / G_USEC_PER_SEC;
  if (shop->problem != NULL)
    return;
  if (shop->n_paid > 0 && happens (shop, REFUND_PPM))
    give_back (shop, tx);
  pay (shop, tx);
}

static void
sale_done (KontorOp *op, gboolean committed)
{
  Sale *sale = (Sale *) op;
  Shop *shop = sale->shop;

  g_mutex_lock (&shop->lock);
  if (!committed && shop->problem == NULL)
    shop->problem = g_error_new_literal (KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
                                         "The sample payments cannot be written");
  g_ptr_array_add (shop->idle, sale);
  g_cond_signal (&shop->changed);
  g_mutex_unlock (&shop->lock);
}

static void
submit (Shop *shop, gint64 at_us)
{
  Sale *sale;

  g_mutex_lock (&shop->lock);
  while (shop->idle->len == 0)
    g_cond_wait (&shop->changed, &shop->lock);
  sale = g_ptr_array_steal_index_fast (shop->idle, shop->idle->len - 1);
  g_mutex_unlock (&shop->lock);
  kontor_arena_reset (sale->op.arena);
  sale->at_us = at_us;
  kontor_engine_submit (shop->engine, &sale->op);
}

/* Returns whether all went well so far. */
static gboolean
wait_for_all (Shop *shop)
{
  gboolean well;

  g_mutex_lock (&shop->lock);
  while (shop->idle->len < UNDER_WAY)
    g_cond_wait (&shop->changed, &shop->lock);
  well = shop->problem == NULL;
  g_mutex_unlock (&shop->lock);
  return well;
}

/* How busy a day is, compared with others. */
static gint64
weight_of (gint64 day_start, guint day)
{
  static const gint64 by_month[] = { 90, 85, 95, 100, 100, 95, 80, 80, 100, 105, 125, 165 };
  static const gint64 by_weekday[] = { 100, 110, 115, 110, 120, 85, 70 };
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (day_start);

  return by_month[g_date_time_get_month (date) - 1]
         * by_weekday[g_date_time_get_day_of_week (date) - 1] * (DAYS / 2 + day);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

/* @n moments of one day, in order: a third of them in the evening. No two in the same tick. */
static void
draw_times (GRand *chance, gint64 day_start, guint64 n, GArray *times)
{
  g_array_set_size (times, 0);
  for (guint64 i = 0; i < n; i++)
    {
      gboolean evening = g_rand_int_range (chance, 0, 3) == 0;
      gint64 second = evening ? g_rand_int_range (chance, 17 * 3600, 22 * 3600)
                              : g_rand_int_range (chance, 5 * 3600, 24 * 3600);
      gint64 at = (day_start + second) * G_USEC_PER_SEC + g_rand_int_range (chance, 0, 1000000);

      g_array_append_val (times, at);
    }
  g_array_sort (times, compare_times);
}

static gboolean
trade (Shop *shop)
{
  gint64 first = shop->demo->until / DAY_S * DAY_S - DAYS * (gint64) DAY_S;
  g_autoptr (GRand) hours = g_rand_new_with_seed ((guint32) shop->demo->seed + 1);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 all = 0, so_far = 0;
  guint64 done = 0;

  for (guint day = 0; day < DAYS; day++)
    all += weight_of (first + day * (gint64) DAY_S, day);
  for (guint day = 0; day < DAYS; day++)
    {
      gint64 start = first + day * (gint64) DAY_S;
      guint64 until_now;

      so_far += weight_of (start, day);
      until_now = (guint64) ((double) shop->demo->rows * ((double) so_far / (double) all) + 0.5);
      draw_times (hours, start, until_now - done, times);
      for (guint i = 0; i < times->len; i++)
        submit (shop, g_array_index (times, gint64, i));
      done = until_now;
      if (!wait_for_all (shop))
        return FALSE;
      shop->clock.fixed_us = (start + DAY_S) * G_USEC_PER_SEC;
      kontor_jobs_run_due (shop->jobs);
      if (shop->demo->progress != NULL)
        shop->demo->progress (done, shop->demo->rows);
    }
  return TRUE;
}

static void
close_shop (Shop *shop)
{
  for (guint i = 0; i < UNDER_WAY; i++)
    kontor_arena_free (shop->sales[i].op.arena);
  g_clear_pointer (&shop->jobs, kontor_jobs_free);
  g_clear_pointer (&shop->engine, kontor_engine_free);
  g_clear_pointer (&shop->ids, kontor_ids_free);
  g_ptr_array_unref (shop->customers);
  g_ptr_array_unref (shop->idle);
  g_rand_free (shop->chance);
  g_mutex_clear (&shop->lock);
  g_cond_clear (&shop->changed);
}

static gboolean
open_shop (Shop *shop, const char *data_dir, const KontorSettings *settings, GError **error)
{
  guint8 seed[32] = { 0 };

  memcpy (seed, &shop->demo->seed, sizeof shop->demo->seed);
  shop->clock.fixed_us
      = (shop->demo->until / DAY_S * DAY_S - DAYS * (gint64) DAY_S) * G_USEC_PER_SEC;
  shop->chance = g_rand_new_with_seed ((guint32) shop->demo->seed);
  shop->customers = g_ptr_array_new_with_free_func (g_free);
  shop->idle = g_ptr_array_new ();
  g_mutex_init (&shop->lock);
  g_cond_init (&shop->changed);
  for (guint i = 0; i < UNDER_WAY; i++)
    {
      shop->sales[i] = (Sale){
        .op
        = { .run = sale_run, .done = sale_done, .arena = kontor_arena_new (), .scope = TEST_SCOPE },
        .shop = shop
      };
      g_ptr_array_add (shop->idle, &shop->sales[i]);
    }
  shop->ids = kontor_ids_new (&shop->clock, seed);
  shop->engine = kontor_engine_new (data_dir, &shop->clock, shop->ids, settings, error);
  if (shop->engine == NULL || !kontor_home_prepare (data_dir, shop->engine, error))
    return FALSE;
  shop->jobs = kontor_jobs_new (data_dir, shop->engine, &shop->clock, error);
  return shop->jobs != NULL;
}

/* Ids follow the clock: what is two years old cannot come after what is from today. */
static gboolean
check_empty (const char *data_dir, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "kontor.db", NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
               "%s holds a database already: sample payments need a directory of their own",
               data_dir);
  return FALSE;
}

/**
 * kontor_demo_fill:
 * @data_dir: a directory without a database
 * @demo: what to fill it with
 * @error: return location for a #GError
 *
 * Makes a database with the test-mode life of a shop: customers, payments that succeed, fail or wait,
 * captures, refunds.
 *
 * Returns: whether all of it was written
 */
gboolean
kontor_demo_fill (const char *data_dir, const KontorDemo *demo, GError **error)
{
  KontorSettings settings = {
    .n_fees = 2,
    .fees = { { "jpy", 36000, 0 }, { "", 29000, 30 } },
    .payout_delay_days = 2,
    .authorization_days = 7,
    .test_acquirer = kontor_simulator (),
    .public_url = "",
  };
  g_autofree Shop *shop = g_new0 (Shop, 1);
  gboolean filled;
  int lock;

  if (!check_empty (data_dir, error))
    return FALSE;
  lock = kontor_home_lock (data_dir, 0, error);
  if (lock < 0)
    return FALSE;
  shop->demo = demo;
  filled = open_shop (shop, data_dir, &settings, error) && trade (shop);
  close_shop (shop);
  kontor_home_unlock (lock);
  if (shop->problem != NULL)
    g_propagate_error (error, shop->problem);
  return filled;
}
