/* rate.h: how many requests a key may make. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 per_second; /* 0: no limit */
  gint64 burst;      /* so many at once */
} KontorRate;

typedef struct _KontorLimits KontorLimits;
typedef struct _KontorBucket KontorBucket;

KontorLimits *kontor_limits_new    (void);
void          kontor_limits_free   (KontorLimits *limits);
KontorBucket *kontor_limits_bucket (KontorLimits *limits, gint64 key);
gboolean      kontor_bucket_take   (KontorBucket     *bucket,
                                    const KontorRate *rate,
                                    gint64            now_us,
                                    guint            *wait_s);

G_END_DECLS
