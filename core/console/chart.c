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

/* Which codes of a word column are among some words; all of them when there are none to be among. */
static void
set_wanted (const KontorIndex *index, guint column, const char *const *words, gboolean *wanted)
{
  const char *word;

  wanted[0] = words == NULL;
  for (guint code = 1; code < KONTOR_INDEX_WORDS; code++)
    {
      word = column != KONTOR_INDEX_NO_COLUMN ? kontor_index_word (index, column, code) : NULL;
      wanted[code] = words == NULL || (word != NULL && g_strv_contains (words, word));
    }
}

/* Rows lie in the order in which they were made, so the newest days are at the end. */
static guint
first_row (const KontorIndex *index, guint time, gint64 since)
{
  guint low = 0, high = kontor_index_size (index);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (kontor_index_number (index, time, middle) < since)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The currency that most of the rows have. */
static guint
main_currency (const KontorIndex *index, guint from)
{
  guint column = kontor_index_table (index)->currency, counts[KONTOR_INDEX_WORDS] = { 0 };
  guint best = 0;

  for (guint row = from; row < kontor_index_size (index); row++)
    counts[kontor_index_number (index, column, row)]++;
  for (guint code = 1; code < KONTOR_INDEX_WORDS; code++)
    if (counts[code] > counts[best])
      best = code;
  return best;
}

/* What counts, and of how many it is a share. */
typedef struct
{
  const KontorChartDeclaration *what;
  KontorIndex *index;
  gboolean wanted[KONTOR_INDEX_WORDS], of[KONTOR_INDEX_WORDS];
  guint currency;
  gint64 *bases;
} Counting;

static void
count_row (Counting *counting, KontorChart *chart, guint row)
{
  const KontorChartDeclaration *what = counting->what;
  const KontorIndex *index = counting->index;
  guint day = day_of (chart, kontor_index_number (index, what->time, row));
  guint word = what->word != KONTOR_INDEX_NO_COLUMN
                   ? (guint) kontor_index_number (index, what->word, row)
                   : 0;
  gint64 *value, by = 1;

  if (day == chart->n)
    return;
  value = &chart->points[day].value;
  if (what->kind == KONTOR_CHART_SHARE && counting->of[word])
    counting->bases[day]++;
  if (!counting->wanted[word])
    return;
  if (what->kind == KONTOR_CHART_SUM)
    {
      if ((guint) kontor_index_number (index, what->table->currency, row) != counting->currency)
        return;
      by = kontor_index_number (index, what->amount, row);
    }
  if (!kontor_money_add (*value, by, value))
    *value = G_MAXINT64;
}

/* Days without any base have no share: they are drawn as nothing. */
static void
divide (KontorChart *chart, const gint64 *bases)
{
  gint64 all = 0, part = 0;

  for (guint i = 0; i < chart->n; i++)
    {
      all += bases[i];
      part += chart->points[i].value;
      chart->points[i].value = bases[i] > 0 ? chart->points[i].value * 1000 / bases[i] : 0;
    }
  chart->total = all > 0 ? part * 1000 / all : 0;
}

static void
measure (KontorChart *chart)
{
  chart->lowest = chart->highest = chart->points[0].value;
  for (guint i = 0; i < chart->n; i++)
    {
      chart->lowest = MIN (chart->lowest, chart->points[i].value);
      chart->highest = MAX (chart->highest, chart->points[i].value);
      if (chart->kind != KONTOR_CHART_SHARE
          && !kontor_money_add (chart->total, chart->points[i].value, &chart->total))
        chart->total = G_MAXINT64;
    }
}

/**
 * kontor_chart_new:
 * @what: what is counted: static
 * @index: the rows of its table
 * @format: how the person reads
 * @now: Unix seconds, in the last day
 * @n_days: how many days, at most 400
 *
 * Sums are of the currency that most rows of these days have.
 *
 * Returns: (transfer full): a point for each day, the last of which is not over yet
 */
KontorChart *
kontor_chart_new (const KontorChartDeclaration *what,
                  KontorIndex *index,
                  const KontorFormat *format,
                  gint64 now,
                  guint n_days)
{
  KontorChart *chart = g_new0 (KontorChart, 1);
  g_autofree gint64 *bases = g_new0 (gint64, KONTOR_CHART_MOST_POINTS);
  Counting counting = { what, index, .bases = bases };
  guint from;

  chart->title = _ (what->title);
  chart->kind = what->kind;
  chart->n = CLAMP (n_days, 1, KONTOR_CHART_MOST_POINTS);
  chart->points = g_new0 (KontorPoint, chart->n);
  set_days (chart, format, now);
  from = first_row (index, what->time, chart->points[0].start);
  set_wanted (index, what->word, what->words, counting.wanted);
  set_wanted (index, what->word, what->of, counting.of);
  if (what->kind == KONTOR_CHART_SUM)
    {
      counting.currency = main_currency (index, from);
      g_strlcpy (chart->currency,
                 counting.currency > 0
                     ? kontor_index_word (index, what->table->currency, counting.currency)
                     : "",
                 sizeof chart->currency);
    }
  for (guint row = from; row < kontor_index_size (index); row++)
    count_row (&counting, chart, row);
  if (what->kind == KONTOR_CHART_SHARE)
    divide (chart, bases);
  measure (chart);
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

/**
 * kontor_chart_text:
 * @chart: a chart
 * @format: how the person reads
 * @value: one of its values
 *
 * Returns: (transfer full): the value as money, a number or a share of a hundred
 */
char *
kontor_chart_text (const KontorChart *chart, const KontorFormat *format, gint64 value)
{
  if (chart->kind == KONTOR_CHART_SHARE)
    return g_strdup_printf ("%" G_GINT64_FORMAT "%s%d %%", value / 10, format->decimal_point,
                            (int) (value % 10));
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
  g_autofree char *total = kontor_chart_text (chart, format, chart->total);
  g_autofree char *lowest = kontor_chart_text (chart, format, chart->lowest);
  g_autofree char *highest = kontor_chart_text (chart, format, chart->highest);

  return g_strdup_printf (ngettext ("%s, %u day: %s altogether, from %s to %s a day.",
                                    "%s, %u days: %s altogether, from %s to %s a day.", chart->n),
                          chart->title, chart->n, total, lowest, highest);
}
