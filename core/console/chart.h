/* chart.h: a few numbers over time, for the eye, for a table, and in a sentence for the ear. */
#pragma once

#include "core/console/screen.h"

G_BEGIN_DECLS

#define KONTOR_CHART_MOST_POINTS 400

typedef struct
{
  gint64 start; /* Unix seconds: the beginning of a day in the person's zone */
  gint64 value; /* minor units, or a number */
} KontorPoint;

typedef struct
{
  const char  *title;    /* translated */
  char         currency[4]; /* ""; what is counted is no money */
  guint        n;
  KontorPoint *points;
  gint64       total, lowest, highest;
} KontorChart;

KontorChart *kontor_chart_days    (KontorScreen *screen,
                                   const char *title,
                                   const char *currency,
                                   gint64 now,
                                   guint n_days);
gint64       kontor_chart_top     (const KontorChart *chart);
char        *kontor_chart_summary (const KontorChart *chart, const KontorFormat *format);
void         kontor_chart_free    (KontorChart *chart);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorChart, kontor_chart_free)

G_END_DECLS
