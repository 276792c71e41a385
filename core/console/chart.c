/* chart.c: a few numbers over time, for the eye, for a table, and in a sentence for the ear. */
#include "core/console/chart.h"

#include <string.h>

#include "core/console/text.h"
#include "core/money.h"

/* Midnights in the person's zone: days of 23 and 25 hours are days too. */
static void
set_days (KontorChart *chart, const KontorFormat *format, gint64 now)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  GTimeZone *zone = format->zone != NULL ? format->zone : utc;
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (moment, zone);

  for (guint i = 0; i < chart->n; i++)
    {
      g_autoptr (GDateTime) day = g_date_time_add_days (local, (gint) i + 1 - (gint) chart->n);
      g_autoptr (GDateTime) midnight
          = g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                             g_date_time_get_day_of_month (day), 0, 0, 0);

      chart->points[i].start = g_date_time_to_unix (midnight);
    }
}

/* The day that @time belongs to; the number of days when it is before the first. */
static guint
day_of (const KontorChart *chart, gint64 time)
{
  guint low = 0, high = chart->n;

  if (time < chart->points[0].start)
    return chart->n;
  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (chart->points[middle].start <= time)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static guint
column_of_kind (const KontorIndexTable *table, KontorIndexKind kind)
{
  guint i = 0;

  while (i < table->n_columns && table->columns[i].kind != kind)
    i++;
  return i < table->n_columns ? i : KONTOR_INDEX_NO_COLUMN;
}

static void
add_row (KontorChart *chart, const KontorIndex *index, guint row, guint time, guint amount)
{
  const KontorIndexTable *table = kontor_index_table (index);
  guint day = day_of (chart, kontor_index_number (index, time, row));
  const char *currency
      = table->currency != KONTOR_INDEX_NO_COLUMN ? kontor_index_word (
            index, table->currency, (guint) kontor_index_number (index, table->currency, row))
                                                  : NULL;
  gint64 value = 1;

  if (day == chart->n)
    return;
  if (*chart->currency != '\0')
    {
      if (g_strcmp0 (currency, chart->currency) != 0)
        return;
      value = kontor_index_number (index, amount, row);
    }
  if (!kontor_money_add (chart->points[day].value, value, &chart->points[day].value))
    chart->points[day].value = G_MAXINT64;
}

/**
 * kontor_chart_days:
 * @screen: a screen; the rows that it shows are counted
 * @title: what is counted, translated and static
 * @currency: (nullable): whose amounts are summed; %NULL: rows are counted
 * @now: Unix seconds, in the last day
 * @n_days: how many days, at most 400
 *
 * Returns: (transfer full): a point for each day, the last of which is not over yet
 */
KontorChart *
kontor_chart_days (KontorScreen *screen,
                   const char *title,
                   const char *currency,
                   gint64 now,
                   guint n_days)
{
  KontorChart *chart = g_new0 (KontorChart, 1);
  KontorList *list = kontor_screen_list (screen);
  const KontorIndexTable *table = kontor_screen_declaration (screen)->table;
  guint time = column_of_kind (table, KONTOR_INDEX_TIME);
  guint amount = column_of_kind (table, KONTOR_INDEX_AMOUNT);

  chart->title = title;
  g_strlcpy (chart->currency, currency != NULL ? currency : "", sizeof chart->currency);
  chart->n = CLAMP (n_days, 1, KONTOR_CHART_MOST_POINTS);
  chart->points = g_new0 (KontorPoint, chart->n);
  set_days (chart, kontor_screen_format (screen), now);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    add_row (chart, kontor_answer_index (kontor_list_answer (list)), kontor_list_row (list, i),
             time, amount);

  chart->lowest = chart->highest = chart->points[0].value;
  for (guint i = 0; i < chart->n; i++)
    {
      chart->lowest = MIN (chart->lowest, chart->points[i].value);
      chart->highest = MAX (chart->highest, chart->points[i].value);
      if (!kontor_money_add (chart->total, chart->points[i].value, &chart->total))
        chart->total = G_MAXINT64;
    }
  return chart;
}

/**
 * kontor_chart_free:
 * @chart: (transfer full) (nullable): a chart
 */
void
kontor_chart_free (KontorChart *chart)
{
  if (chart == NULL)
    return;
  g_free (chart->points);
  g_free (chart);
}

/**
 * kontor_chart_top:
 * @chart: a chart
 *
 * Returns: where its axis ends: 1, 2 or 5 and zeros, at or above the highest value
 */
gint64
kontor_chart_top (const KontorChart *chart)
{
  static const gint64 steps[] = { 1, 2, 5 };

  for (gint64 unit = 1; unit <= G_MAXINT64 / 100; unit *= 10)
    for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
      if (steps[i] * unit >= chart->highest)
        return steps[i] * unit;
  return chart->highest;
}

static char *
format_value (const KontorChart *chart, const KontorFormat *format, gint64 value)
{
  return *chart->currency != '\0' ? kontor_format_money (format, value, chart->currency)
                                  : kontor_format_number (format, value);
}

/**
 * kontor_chart_summary:
 * @chart: a chart
 * @format: how the person reads
 *
 * Returns: (transfer full): what a screen reader says instead of the picture
 */
char *
kontor_chart_summary (const KontorChart *chart, const KontorFormat *format)
{
  g_autofree char *total = format_value (chart, format, chart->total);
  g_autofree char *lowest = format_value (chart, format, chart->lowest);
  g_autofree char *highest = format_value (chart, format, chart->highest);

  return g_strdup_printf (ngettext ("%s, %u day: total %s, from %s to %s a day.",
                                    "%s, %u days: total %s, from %s to %s a day.", chart->n),
                          chart->title, chart->n, total, lowest, highest);
}
