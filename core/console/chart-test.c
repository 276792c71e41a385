/* chart-test.c: charts count the rows that are shown, day by day in the person's zone. */
#include "core/console/chart.h"
#include "core/console/screen.h"
#include "core/console/screens/tables.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/console/replica-fixture.h"

static KontorFormat format = { ".", ",", NULL, TRUE };

static const char *const succeeded[] = { "succeeded", NULL }, *const nothing[] = { "-", NULL };
static const char *const ended[] = { "succeeded", "failed", NULL };
static const KontorChartDeclaration charts[] = {
  { "Payments", KONTOR_CHART_COUNT, &kontor_payment_table, KONTOR_PAYMENT_CREATED, 0,
    KONTOR_PAYMENT_STATUS, succeeded },
  { "Volume", KONTOR_CHART_SUM, &kontor_payment_table, KONTOR_PAYMENT_CREATED,
    KONTOR_PAYMENT_AMOUNT, KONTOR_PAYMENT_STATUS, succeeded },
  { "Success", KONTOR_CHART_SHARE, &kontor_payment_table, KONTOR_PAYMENT_CREATED, 0,
    KONTOR_PAYMENT_STATUS, succeeded, ended },
  { "None", KONTOR_CHART_COUNT, &kontor_payment_table, KONTOR_PAYMENT_CREATED, 0,
    KONTOR_PAYMENT_STATUS, nothing },
};

static void
settle (KontorScreen *screen)
{
  while (kontor_screen_is_busy (screen))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_days_add_up (void)
{
  g_autofree char *dir = g_dir_make_tmp ("kontor-chart-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "replica", NULL);
  sqlite3 *db = kontor_sample_new (file, 6, 4000);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (KontorShelf) shelf = NULL;
  g_autoptr (KontorScreen) screen = NULL;
  g_autoptr (KontorChart) count = NULL, money = NULL, share = NULL, none = NULL;
  KontorIndex *index;
  g_autofree char *summary = NULL, *sums = NULL, *text = NULL, *path = NULL, *other = NULL;
  gboolean has_long_day = FALSE;

  format.zone = zone;
  shelf = kontor_shelf_new (file);
  screen = kontor_screen_new (&kontor_payments_screen, shelf, &format);
  settle (screen);
  kontor_screen_set_query (screen, "created:2026-09..2026-11-18 status:succeeded");
  settle (screen);
  index = kontor_shelf_index (shelf, &kontor_payment_table);

  count = kontor_chart_new (&charts[0], index, &format, KONTOR_FIXTURE_NOW, 79);
  g_assert_cmpint (count->total, ==,
                   g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (screen))));
  for (guint i = 1; i < count->n; i++)
    has_long_day |= count->points[i].start - count->points[i - 1].start == 25 * 3600;
  g_assert_true (has_long_day);
  g_assert_cmpint (kontor_chart_top (count), >=, count->highest);
  g_assert_cmpint (kontor_chart_top (count), <=, count->highest * 5 / 2 + 1);

  money = kontor_chart_new (&charts[1], index, &format, KONTOR_FIXTURE_NOW, 79);
  summary = kontor_chart_summary (money, &format);
  text = kontor_chart_text (money, &format, money->total);
  sums = kontor_screen_sums (screen);
  g_assert_true (g_str_has_prefix (summary, "Volume, 79 days: "));
  g_assert_nonnull (strstr (sums, text));

  share = kontor_chart_new (&charts[2], index, &format, KONTOR_FIXTURE_NOW, 79);
  g_assert_cmpint (share->total, >, 0);
  g_assert_cmpint (share->total, <, 1000);
  none = kontor_chart_new (&charts[3], index, &format, KONTOR_FIXTURE_NOW, 1);
  g_assert_cmpint (none->total, ==, 0);

  kontor_sample_close (db);
  path = g_strconcat (file, ".payments.index", NULL);
  other = g_strconcat (file, ".customers.index", NULL);
  g_unlink (path);
  g_unlink (other);
  g_unlink (file);
  g_rmdir (dir);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/days-add-up", test_days_add_up);
  return g_test_run ();
}
