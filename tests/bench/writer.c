/* writer.c: payments through the engine alone: what its one thread can commit when nobody waits for HTTP.
 *
 * Each operation does what the API does inside the engine: looks for its idempotency key, creates and
 * confirms the payment, renders the reply, and records the key and the request. As many operations are
 * under way as a busy server has connections. Prints JSON. */
#include <stdio.h>
#include <string.h>

#include "core/form.h"
#include "server/acquirers/simulator.h"
#include "server/engine/engine.h"
#include "server/engine/payment_intent.h"

#define UNDER_WAY 64
#define TEST_SCOPE (1 << 1) /* account 1, test mode */

static const char payment[] = "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true"
                              "&automatic_payment_methods[enabled]=true"
                              "&automatic_payment_methods[allow_redirects]=never";

typedef struct
{
  KontorEngine *engine;
  KontorIds *ids;
  const KontorValue *params;
  gint64 ends_us;
  guint64 n_committed; /* by the engine's thread */
  GMutex lock;
  GCond finished;
  guint under_way;     /* under lock */
} Bench;

typedef struct
{
  KontorOp op;
  Bench *bench;
  KontorBuffer reply;
  guint64 number; /* of its kind: no two payments ever share one */
  gint64 tick;    /* of its request */
} Payment;

static void
record (Payment *work, KontorTx *tx, const KontorObject *object)
{
  KontorIdempotencyRow answer = { .created = tx->now, .request = tx->request, .status = 200 };
  KontorRequestRow request = {
    .key = tx->request,
    .id = kontor_ids_make (tx->ids, tx->arena, "req", work->tick),
    .created = tx->now,
    .method = "POST",
    .path = "/v1/payment_intents",
    .status = 200,
    .params = "{\"amount\":\"2000\",\"currency\":\"usd\",\"payment_method\":\"pm_card_visa\"}",
  };

  /* Spread over the whole range, as the hash of a key is. */
  ((guint64 *) answer.key)[0] = (work->number + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  ((guint64 *) answer.key)[1] = work->number;
  answer.version = object->version;
  kontor_tx_record_idempotency (tx, &answer);
  kontor_tx_record_request (tx, &request);
}

static void
payment_run (KontorOp *op, KontorTx *tx)
{
  Payment *work = (Payment *) op;
  KontorPaymentIntent *intent = NULL;
  KontorError error = { 0 };
  gboolean keep;

  if (!kontor_payment_intent_create (tx, work->bench->params, &intent, &keep, &error))
    g_error ("A payment was refused: %s", error.message);
  work->reply.length = 0;
  kontor_object_write (&intent->head, NULL, NULL, &work->reply);
  record (work, tx, &intent->head);
}

static void
submit (Payment *work)
{
  kontor_arena_reset (work->op.arena);
  work->number += UNDER_WAY;
  work->tick = kontor_ids_tick (work->bench->ids);
  work->op.request = kontor_key (TEST_SCOPE, work->tick);
  kontor_engine_submit (work->bench->engine, &work->op);
}

static void
payment_done (KontorOp *op, gboolean committed)
{
  Payment *work = (Payment *) op;
  Bench *bench = work->bench;

  if (!committed)
    g_error ("A payment was not committed");
  bench->n_committed++;
  if (g_get_monotonic_time () < bench->ends_us)
    {
      submit (work);
      return;
    }
  g_mutex_lock (&bench->lock);
  if (--bench->under_way == 0)
    g_cond_signal (&bench->finished);
  g_mutex_unlock (&bench->lock);
}

static const KontorValue *
read_params (KontorArena *arena)
{
  KontorValue *params = kontor_arena_new0 (arena, KontorValue);
  const char *problem = NULL;
  KontorError error = { 0 };

  params->type = KONTOR_VALUE_OBJECT;
  if (!kontor_form_parse (arena, payment, strlen (payment), params, &problem))
    g_error ("%s", problem);
  if (!kontor_params_check (&kontor_payment_intent_resource.shape, KONTOR_IN_CREATE, NULL, arena,
                            params, &error))
    g_error ("%s", error.message);
  return params;
}

static void
run (Bench *bench, double seconds)
{
  Payment payments[UNDER_WAY] = { 0 };
  gint64 start_us = g_get_monotonic_time ();
  double elapsed_s;

  bench->ends_us = start_us + (gint64) (seconds * G_USEC_PER_SEC);
  bench->under_way = UNDER_WAY;
  for (guint i = 0; i < UNDER_WAY; i++)
    {
      payments[i].bench = bench;
      payments[i].number = i;
      payments[i].op.run = payment_run;
      payments[i].op.done = payment_done;
      payments[i].op.scope = TEST_SCOPE;
      payments[i].op.arena = kontor_arena_new ();
    }
  for (guint i = 0; i < UNDER_WAY; i++)
    submit (&payments[i]);
  g_mutex_lock (&bench->lock);
  while (bench->under_way > 0)
    g_cond_wait (&bench->finished, &bench->lock);
  g_mutex_unlock (&bench->lock);
  elapsed_s = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  printf ("{\"payments\": %" G_GUINT64_FORMAT ", \"seconds\": %.3f, \"rps\": %.1f}\n",
          bench->n_committed, elapsed_s, (double) bench->n_committed / elapsed_s);
  for (guint i = 0; i < UNDER_WAY; i++)
    {
      kontor_arena_free (payments[i].op.arena);
      kontor_buffer_clear (&payments[i].reply);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  KontorSettings settings = {
    .n_fees = 1,
    .fees = { { .rate_ppm = 29000, .fixed = 30 } },
    .payout_delay_days = 2,
    .authorization_days = 7,
    .test_acquirer = kontor_simulator (),
    .public_url = "http://127.0.0.1",
  };
  KontorClock clock = { 0 };
  KontorArena *arena;
  Bench bench = { 0 };

  if (argc != 3)
    {
      g_printerr ("usage: writer DIRECTORY SECONDS\n");
      return 2;
    }
  bench.ids = kontor_ids_new (&clock, NULL);
  bench.engine = kontor_engine_new (argv[1], &clock, bench.ids, &settings, &error);
  if (bench.engine == NULL)
    {
      g_printerr ("writer: %s\n", error->message);
      return 1;
    }
  arena = kontor_arena_new ();
  bench.params = read_params (arena);
  g_mutex_init (&bench.lock);
  g_cond_init (&bench.finished);
  run (&bench, g_ascii_strtod (argv[2], NULL));
  kontor_engine_free (bench.engine);
  kontor_ids_free (bench.ids);
  kontor_arena_free (arena);
  return 0;
}
