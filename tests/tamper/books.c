/* books.c: makes a data directory with every movement of money in it, for tamper-test.py to damage.
 *
 * books DIRECTORY sealed|tail: with "tail" the last movements are not sealed. */
#include <string.h>

#include "tests/properties/world.h"

/* Monday, 23 November 2026, noon UTC. */
#define START G_GINT64_CONSTANT (1795435200)

#define SCOPE 2

static WorldAsk
ask (World *world, WorldVerb verb, const char *id, const char *form)
{
  WorldAsk asked = { .verb = verb, .scope = SCOPE, .id = id, .form = form };

  world_ask (world, &asked, 1);
  if (!asked.taken)
    g_error ("“%s” was refused", form != NULL ? form : id);
  return asked;
}

static WorldAsk
pay (World *world, int amount, const char *currency, const char *card, const char *more)
{
  g_autofree char *form
      = g_strdup_printf ("amount=%d&currency=%s&payment_method=pm_card_%s&confirm=true"
                         "&return_url=https://example.com/%s",
                         amount, currency, card, more);

  return ask (world, WORLD_PAY, NULL, form);
}

static WorldAsk
give_back (World *world, const WorldAsk *payment, int amount)
{
  g_autofree char *form = g_strdup_printf ("payment_intent=%s&amount=%d", payment->made, amount);

  return ask (world, WORLD_REFUND, NULL, form);
}

/* Each flow of docs/ledger.md. */
static void
move_money (World *world)
{
  WorldAsk whole = pay (world, 2000, "usd", "visa", "");
  WorldAsk part = pay (world, 5000, "eur", "visa", "&capture_method=manual");
  WorldAsk yen = pay (world, 1250, "jpy", "pendingRefund", "");
  WorldAsk lost = pay (world, 3333, "usd", "refundFail", "");
  WorldAsk given_up = pay (world, 700, "usd", "visa", "&capture_method=manual");
  WorldAsk stopped;

  pay (world, 1999, "usd", "chargeDeclined", "");
  pay (world, 4200, "usd", "authenticationRequired", "");
  pay (world, 8000, "usd", "bypassPending", "");
  pay (world, 900, "usd", "visa", "&capture_method=manual");
  ask (world, WORLD_CAPTURE, part.made, "amount_to_capture=3100");
  ask (world, WORLD_CANCEL, given_up.made, NULL);
  give_back (world, &whole, 500);
  give_back (world, &lost, 1111);
  stopped = give_back (world, &yen, 250);
  ask (world, WORLD_STOP_REFUND, stopped.made, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (World) world = NULL;

  g_assert_cmpint (argc, ==, 3);
  world = world_new (argv[1], START);
  /* Several blocks, money that was released, refunds that failed. */
  for (guint day = 0; day < 3; day++)
    {
      move_money (world);
      world_wait (world, 86400);
    }
  world_wait (world, 4 * 86400);
  if (strcmp (argv[2], "tail") == 0)
    {
      world_rest (world);
      move_money (world);
    }
  return 0;
}
