/* resource-bench.c: how long it takes to write, keep and read an object; prints nanoseconds. */
#include "core/form.h"
#include "core/resource.h"

#include <stdio.h>

#include "core/resources/charge.h"
#include "core/resources/payment_intent.h"

#define ROUNDS 200000

typedef struct
{
  const KontorObject *object;
  KontorBuffer json; /* slim */
  KontorArena *arena;
} Bench;

/* What an ordinary payment looks like after it succeeded. */
static KontorObject *
make_intent (KontorArena *arena)
{
  static const char *types[] = { "card" };
  static KontorStrings only_card = { 1, types };
  static KontorPair pairs[] = { { "order", "6735" } };
  static KontorMap metadata = { 1, pairs };
  KontorPaymentIntent *intent = kontor_object_new (&kontor_payment_intent_resource, arena);

  intent->head.id = "pi_3Qx8aZkL2mN4pR6tV8wY0bD2";
  intent->head.key = kontor_key (2, 1);
  intent->head.created = 1795363200;
  intent->amount = intent->amount_received = 2000;
  intent->currency = "eur";
  intent->customer = "cus_3Qx8aZkL2mN4pR6tV8wY0bD2";
  intent->client_secret = "pi_3Qx8aZkL2mN4pR6tV8wY0bD2_secret_oQ6wzQ3rT8yU1iO4pA7sD0fG2";
  intent->latest_charge = "ch_3Qx8aZkL2mN4pR6tV8wY0bD3";
  intent->payment_method = "pm_3Qx8aZkL2mN4pR6tV8wY0bD4";
  intent->payment_method_types = &only_card;
  intent->metadata = &metadata;
  intent->description = "Order 6735";
  intent->status = KONTOR_PAYMENT_INTENT_SUCCEEDED;
  return &intent->head;
}

static void
write_whole (Bench *bench)
{
  static KontorBuffer out;

  out.length = 0;
  kontor_object_write (bench->object, NULL, NULL, &out);
}

static void
write_slim (Bench *bench)
{
  bench->json.length = 0;
  kontor_object_write_slim (bench->object, &bench->json);
}

static void
read_slim (Bench *bench)
{
  KontorObject *copy;

  kontor_arena_reset (bench->arena);
  copy = kontor_object_new (bench->object->resource, bench->arena);
  g_assert_true (kontor_object_read (bench->object->resource, bench->arena, bench->json.data,
                                     bench->json.length, copy));
}

static void
check_params (Bench *bench)
{
  static const char form[]
      = "amount=2000&currency=eur&customer=cus_1&payment_method=pm_card_visa&confirm=true"
        "&metadata[order]=6735&automatic_payment_methods[enabled]=true"
        "&automatic_payment_methods[allow_redirects]=never";
  const char *problem = NULL;
  KontorError error = { 0 };
  KontorValue *params;

  kontor_arena_reset (bench->arena);
  params = kontor_value_new (bench->arena, KONTOR_VALUE_OBJECT);
  g_assert_true (kontor_form_parse (bench->arena, form, sizeof form - 1, params, &problem));
  g_assert_true (kontor_params_check (&kontor_payment_intent_resource.shape, KONTOR_IN_CREATE, NULL,
                                      bench->arena, params, &error));
}

static void
measure (const char *name, void (*work) (Bench *bench), Bench *bench)
{
  gint64 start;

  work (bench);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < ROUNDS; i++)
    work (bench);
  printf ("%-28s %6.0f ns\n", name, (double) (g_get_monotonic_time () - start) * 1000 / ROUNDS);
}

int
main (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new (), scratch = kontor_arena_new ();
  Bench bench = { make_intent (arena), { 0 }, scratch };

  measure ("write a payment intent", write_whole, &bench);
  measure ("write what is kept of it", write_slim, &bench);
  measure ("read that", read_slim, &bench);
  measure ("parse and check its form", check_params, &bench);
  printf ("%-28s %6" G_GSIZE_FORMAT " bytes\n", "kept", bench.json.length);
  kontor_buffer_clear (&bench.json);
  return 0;
}
