/* chart.h: a few numbers over time, for the eye, for a table, and in a sentence for the ear. */
#pragma once

#include "core/console/format.h"
#include "core/console/index.h"

G_BEGIN_DECLS

#define KONTOR_CHART_MOST_POINTS 400

typedef enum
{
  KONTOR_CHART_COUNT,
  KONTOR_CHART_SUM,   /* of an amount, in one currency */
  KONTOR_CHART_SHARE, /* in thousandths */
} KontorChartKind;

/* What a chart counts. Rows of the table must lie in the order of @time. */
typedef struct
{
  const char             *title;  /* marked for translation */
  KontorChartKind         kind;
  const KontorIndexTable *table;
  guint                   time;   /* TIME column */
  guint                   amount; /* AMOUNT column, of a sum */
  guint                   word;   /* WORD column that says what counts, or NO_COLUMN */
  const char *const      *words;  /* those that count; %NULL: all */
  const char *const      *of;     /* those that it is a share of */
} KontorChartDeclaration;

typedef struct
{
  gint64 start; /* Unix seconds: the beginning of a day in the person's zone */
  gint64 value; /* minor units, a number, or thousandths */
} KontorPoint;

typedef struct
{
  const char     *title;       /* translated */
  KontorChartKind kind;
  char            currency[4]; /* ""; what is counted is no money */
  guint           n;
  KontorPoint    *points;
  gint64          total, lowest, highest;
} KontorChart;

KontorChart *kontor_chart_new     (const KontorChartDeclaration *what,
                                   KontorIndex *index,
                                   const KontorFormat *format,
                                   gint64 now,
                                   guint n_days);
gint64       kontor_chart_top     (const KontorChart *chart);
char        *kontor_chart_text    (const KontorChart *chart,
                                   const KontorFormat *format,
                                   gint64 value);
char        *kontor_chart_summary (const KontorChart *chart, const KontorFormat *format);
void         kontor_chart_free    (KontorChart *chart);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorChart, kontor_chart_free)

G_END_DECLS
