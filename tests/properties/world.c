/* world.c: a server without its front: engine, jobs, the rail of test mode, and a clock to move. */
#include "tests/properties/world.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/form.h"
#include "server/acquirers/simulator.h"
#include "server/engine/charge.h"
#include "server/engine/payment_intent.h"
#include "server/engine/refund.h"

/**
 * world_new:
 * @data_dir: (nullable): where its files are to stay; %NULL: in a directory that goes with it
 * @now: Unix seconds at which its clock stands
 *
 * Returns: (transfer full): an empty server in a directory of its own
 */
World *
world_new (const char *data_dir, gint64 now)
{
  World *world = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;
  guint8 seed[32] = { 0 };

  world->clock.fixed_us = now * G_USEC_PER_SEC;
  world->settings = (KontorSettings){
    .n_fees = 2,
    .fees = { { "jpy", 36000, 0 }, { "", 29000, 30 } },
    .payout_delay_days = 2,
    .authorization_days = 7,
    .test_acquirer = kontor_simulator (),
    .public_url = "http://127.0.0.1:8420",
  };
  world->is_ours = data_dir == NULL;
  world->data_dir = data_dir != NULL ? g_strdup (data_dir)
                                     : g_dir_make_tmp ("kontor-properties-XXXXXX", &error);
  g_assert_no_error (error);
  world->ids = kontor_ids_new (&world->clock, seed);
  world->engine
      = kontor_engine_new (world->data_dir, &world->clock, world->ids, &world->settings, &error);
  g_assert_no_error (error);
  world->jobs = kontor_jobs_new (world->data_dir, world->engine, &world->clock, &error);
  g_assert_no_error (error);
  world->reader = kontor_store_open (world->data_dir, FALSE, &error);
  g_assert_no_error (error);
  world->arena = kontor_arena_new ();
  return world;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_remove (file) != 0)
        remove_folder (file);
    }
  g_rmdir (path);
}

/**
 * world_rest:
 * @world: a world
 */
void
world_rest (World *world)
{
  g_clear_pointer (&world->jobs, kontor_jobs_free);
}

/**
 * world_free:
 * @world: (transfer full): a world, which ends
 */
void
world_free (World *world)
{
  world_rest (world);
  kontor_store_close (world->reader);
  kontor_engine_free (world->engine);
  kontor_ids_free (world->ids);
  kontor_arena_free (world->arena);
  if (world->is_ours)
    remove_folder (world->data_dir);
  g_free (world->data_dir);
  g_free (world);
}

static const struct
{
  const KontorResource *resource; /* of what is asked */
  guint32               operation;
} verbs[] = {
  [WORLD_PAY] = { &kontor_payment_intent_resource, KONTOR_IN_CREATE },
  [WORLD_FINISH] = { &kontor_payment_intent_resource, 0 },
  [WORLD_GIVE_UP] = { &kontor_payment_intent_resource, 0 },
  [WORLD_CAPTURE] = { &kontor_payment_intent_resource, KONTOR_IN_CAPTURE },
  [WORLD_RAISE] = { &kontor_payment_intent_resource, KONTOR_IN_ACTION },
  [WORLD_CANCEL] = { &kontor_payment_intent_resource, KONTOR_IN_CANCEL },
  [WORLD_REFUND] = { &kontor_refund_resource, KONTOR_IN_CREATE },
  [WORLD_STOP_REFUND] = { &kontor_refund_resource, 0 },
  [WORLD_CHARGE] = { &kontor_charge_resource, KONTOR_IN_CREATE },
  [WORLD_CAPTURE_CHARGE] = { &kontor_charge_resource, KONTOR_IN_CAPTURE },
};

static const KontorValue *
read_form (KontorTx *tx, const WorldAsk *ask)
{
  KontorValue *params = kontor_value_new (tx->arena, KONTOR_VALUE_OBJECT);
  const char *problem = NULL;
  KontorError error = { 0 };

  if (ask->form == NULL)
    return params;
  if (!kontor_form_parse (tx->arena, ask->form, strlen (ask->form), params, &problem))
    g_error ("%s: %s", ask->form, problem);
  if (!kontor_params_check (&verbs[ask->verb].resource->shape, verbs[ask->verb].operation, NULL,
                            tx->arena, params, &error))
    g_error ("%s: %s", ask->form, error.message);
  return params;
}

static void
tell (WorldAsk *ask, const KontorObject *object, int status)
{
  const KontorField *field = kontor_shape_find (&object->resource->shape, "status");

  g_strlcpy (ask->made, object->id, sizeof ask->made);
  ask->status = field->values[status];
}

static gboolean
do_payment (KontorTx *tx,
            WorldAsk *ask,
            KontorPaymentIntent *intent,
            const KontorValue *params,
            KontorError *error)
{
  switch (ask->verb)
    {
    case WORLD_FINISH:
    case WORLD_GIVE_UP:
      return kontor_payment_intent_finish_action (tx, intent, ask->verb == WORLD_FINISH, error);
    case WORLD_CAPTURE:
      return kontor_payment_intent_capture (tx, intent, params, error);
    case WORLD_RAISE:
      return kontor_payment_intent_increment (tx, intent, params, error);
    default:
      return kontor_payment_intent_cancel (tx, intent, params, error);
    }
}

static gboolean
ask_payment (KontorTx *tx, WorldAsk *ask, const KontorValue *params, KontorError *error)
{
  KontorPaymentIntent *intent = NULL;
  gboolean keep = FALSE, done;

  if (ask->verb == WORLD_PAY)
    done = kontor_payment_intent_create (tx, params, &intent, &keep, error) || keep;
  else
    {
      intent = kontor_tx_get (tx, &kontor_payment_intent_resource, ask->id);
      g_assert_nonnull (intent);
      done = do_payment (tx, ask, intent, params, error);
    }
  if (done)
    tell (ask, &intent->head, intent->status);
  return done;
}

static gboolean
ask_refund (KontorTx *tx, WorldAsk *ask, const KontorValue *params, KontorError *error)
{
  KontorRefund *refund = NULL;
  gboolean done;

  if (ask->verb == WORLD_REFUND)
    done = kontor_refund_create (tx, params, &refund, error);
  else
    {
      refund = kontor_tx_get (tx, &kontor_refund_resource, ask->id);
      g_assert_nonnull (refund);
      done = kontor_refund_cancel (tx, refund, error);
    }
  if (done)
    tell (ask, &refund->head, refund->status);
  return done;
}

static gboolean
ask_charge (KontorTx *tx, WorldAsk *ask, const KontorValue *params, KontorError *error)
{
  KontorCharge *charge = NULL;
  gboolean declined = FALSE, done;

  if (ask->verb == WORLD_CHARGE)
    done = kontor_charge_create (tx, params, &charge, &declined, error) || declined;
  else
    {
      charge = kontor_tx_get (tx, &kontor_charge_resource, ask->id);
      g_assert_nonnull (charge);
      done = kontor_charge_capture_alone (tx, charge, params, error);
    }
  if (done)
    tell (ask, &charge->head, charge->status);
  return done;
}

static void
run_cb (KontorOp *op, KontorTx *tx)
{
  WorldAsk *ask = (WorldAsk *) op;
  const KontorValue *params = read_form (tx, ask);
  KontorError error = { 0 };

  if (ask->verb == WORLD_REFUND || ask->verb == WORLD_STOP_REFUND)
    ask->taken = ask_refund (tx, ask, params, &error);
  else if (ask->verb == WORLD_CHARGE || ask->verb == WORLD_CAPTURE_CHARGE)
    ask->taken = ask_charge (tx, ask, params, &error);
  else
    ask->taken = ask_payment (tx, ask, params, &error);
  if (!ask->taken)
    kontor_tx_discard (tx);
}

static void
done_cb (KontorOp *op, gboolean committed)
{
  g_assert_true (committed);
}

/**
 * world_ask:
 * @world: a world
 * @asks: (inout) (array length=n): what is asked; gets the answers
 * @n: how many, at least one
 */
void
world_ask (World *world, WorldAsk *asks, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      asks[i].op = (KontorOp){ .run = run_cb, .done = done_cb, .scope = asks[i].scope };
      if (i + 1 < n)
        kontor_engine_submit (world->engine, &asks[i].op);
    }
  /* They are done in order: when the last one is, all are. */
  kontor_engine_run (world->engine, &asks[n - 1].op);
}

/**
 * world_wait:
 * @world: a world
 * @seconds: how far to move the clock
 */
void
world_wait (World *world, gint64 seconds)
{
  kontor_clock_advance (&world->clock, seconds);
  kontor_jobs_run_due (world->jobs);
}
