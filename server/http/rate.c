/* rate.c: how many requests a key may make.
 *
 * A bucket is one number, the moment at which all that was taken would have been earned: no lock, and nothing
 * to refill. */
#include "server/http/rate.h"

struct _KontorBucket
{
  gint64 earned_ns; /* atomic */
};

struct _KontorLimits
{
  GMutex      lock;
  GHashTable *buckets; /* gint64 key → KontorBucket; under lock */
};

/**
 * kontor_limits_new:
 *
 * Returns: (transfer full): the buckets of all keys
 */
KontorLimits *
kontor_limits_new (void)
{
  KontorLimits *limits = g_new0 (KontorLimits, 1);

  g_mutex_init (&limits->lock);
  limits->buckets = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return limits;
}

/**
 * kontor_limits_free:
 * @limits: (transfer full): the buckets
 */
void
kontor_limits_free (KontorLimits *limits)
{
  g_hash_table_unref (limits->buckets);
  g_mutex_clear (&limits->lock);
  g_free (limits);
}

/**
 * kontor_limits_bucket:
 * @limits: the buckets
 * @key: number of an API key
 *
 * Returns: (transfer none): its bucket, which lives as long as @limits; from any thread
 */
KontorBucket *
kontor_limits_bucket (KontorLimits *limits, gint64 key)
{
  KontorBucket *bucket;

  g_mutex_lock (&limits->lock);
  bucket = g_hash_table_lookup (limits->buckets, &key);
  if (bucket == NULL)
    {
      bucket = g_new0 (KontorBucket, 1);
      g_hash_table_insert (limits->buckets, g_memdup2 (&key, sizeof key), bucket);
    }
  g_mutex_unlock (&limits->lock);
  return bucket;
}

/**
 * kontor_bucket_take:
 * @bucket: of a key
 * @rate: what it may do
 * @now_us: any clock that does not run backwards
 * @wait_s: (out): when refused, after how many seconds it makes sense to try again
 *
 * Returns: whether one more request is allowed now; from any thread
 */
gboolean
kontor_bucket_take (KontorBucket *bucket, const KontorRate *rate, gint64 now_us, guint *wait_s)
{
  gint64 step_ns, ahead_ns, earned_ns, next_ns;

  if (rate->per_second <= 0)
    return TRUE;
  step_ns = MAX (1, G_GINT64_CONSTANT (1000000000) / rate->per_second);
  ahead_ns = step_ns * MAX (1, rate->burst);
  earned_ns = __atomic_load_n (&bucket->earned_ns, __ATOMIC_RELAXED);
  do
    {
      next_ns = MAX (earned_ns, now_us * 1000) + step_ns;
      if (next_ns - now_us * 1000 > ahead_ns)
        {
          *wait_s = (guint) ((next_ns - now_us * 1000 - ahead_ns) / 1000000000) + 1;
          return FALSE;
        }
    }
  while (!__atomic_compare_exchange_n (&bucket->earned_ns, &earned_ns, next_ns, TRUE,
                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  return TRUE;
}
