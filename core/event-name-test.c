/* event-name-test.c: which names and groups of events there are. */
#include "core/event-name.h"

static void
test_knows_names_and_groups (void)
{
  static const struct
  {
    const char *pattern;
    gboolean    exists;
  } cases[] = {
    { "*", TRUE },
    { "account.application.authorized", TRUE }, /* the first */
    { "treasury.received_debit.created", TRUE }, /* the last */
    { "charge.succeeded", TRUE },
    { "charge.succeede", FALSE },
    { "charge.succeededd", FALSE },
    { "charge", FALSE },
    { "charge.", FALSE },
    { "charge.*", TRUE },
    { "charge.dispute.*", TRUE },
    { "charge.dispute.created", TRUE },
    { "invoice.*", TRUE },
    { "char*", FALSE },
    { "charge*", FALSE },
    { "charge.suc*", FALSE },
    { "*.created", FALSE },
    { "charge.*.created", FALSE },
    { ".*", FALSE },
    { "**", FALSE },
    { "", FALSE },
    { "Charge.Succeeded", FALSE },
    { "zzz.*", FALSE },
    { "zzz", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].pattern);
      g_assert_cmpint (kontor_event_name_exists (cases[i].pattern), ==, cases[i].exists);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-name/knows-names-and-groups", test_knows_names_and_groups);
  return g_test_run ();
}
