/* compare.h: two JSON texts, value by value, and what of a list is compared with what. */
#pragma once

#include "core/console/screen.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_DIFF_SAME,
  KONTOR_DIFF_CHANGED,
  KONTOR_DIFF_ADDED,
  KONTOR_DIFF_REMOVED,
} KontorDiffState;

typedef struct
{
  char           *path;  /* "data.object.amount", "lines[0].price"; "" for the whole */
  char           *left;  /* JSON; %NULL: added */
  char           *right; /* JSON; %NULL: removed */
  KontorDiffState state;
} KontorDiff;

/* Two objects, the older one on the left, or two versions of one. */
typedef struct
{
  char      *titles[2];
  GPtrArray *rows;       /* of KontorDiff */
  gboolean   is_waiting; /* for the server: @rows say nothing yet */
} KontorComparison;

GPtrArray        *kontor_compare         (const char *left, const char *right);
char              kontor_compare_sign    (KontorDiffState state);

/* compare-rows.c */
const char       *kontor_compare_choose  (KontorScreen *screen, gint64 keys[2]);
KontorComparison *kontor_comparison_new  (KontorScreen *screen, const gint64 keys[2]);
void              kontor_comparison_free (KontorComparison *comparison);
char             *kontor_comparison_text (const KontorComparison *comparison);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorComparison, kontor_comparison_free)

G_END_DECLS
