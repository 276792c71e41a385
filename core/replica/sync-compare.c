/* sync-compare.c: the sums of a copy's rows against those that the server tells. */
#include <string.h>

#include "core/replica/sync-check.h"

#define TICK_DIGITS (KONTOR_TICK_BITS / 4)

/* The rows of a bucket: from @first to before @last. */
static void
slice (const KontorSyncCheck *check, const char *bucket, guint *first, guint *last)
{
  const guint digits = (guint) strlen (bucket), shift = KONTOR_TICK_BITS - 4 * digits;
  const gint64 from = ((gint64) check->kind->kind << KONTOR_TICK_BITS)
                      | (digits > 0 ? g_ascii_strtoll (bucket, NULL, 16) << shift : 0);
  const gint64 bounds[] = { from, from + (G_GINT64_CONSTANT (1) << shift) };
  guint found[2];

  for (guint i = 0; i < 2; i++)
    {
      guint low = 0, high = check->rows->len;

      while (low < high)
        {
          guint middle = low + (high - low) / 2;

          if (g_array_index (check->rows, KontorReplicaSum, middle).key < bounds[i])
            low = middle + 1;
          else
            high = middle;
        }
      found[i] = low;
    }
  *first = found[0];
  *last = found[1];
}

static const char *
text_of (const KontorValue *said, const char *name)
{
  const KontorValue *value = kontor_value_get (said, name);

  return value != NULL && value->text != NULL ? value->text : "";
}

/* @said: an object with "n" and "sum"; %NULL: the server has nothing there. */
static gboolean
is_same (const KontorSyncCheck *check, const char *bucket, const KontorValue *said)
{
  guint first, last;
  guint64 sum = 0;

  slice (check, bucket, &first, &last);
  for (guint i = first; i < last; i++)
    sum += g_array_index (check->rows, KontorReplicaSum, i).digest;
  if (said == NULL)
    return first == last;
  return last - first == g_ascii_strtoull (text_of (said, "n"), NULL, 10)
         && sum == g_ascii_strtoull (text_of (said, "sum"), NULL, 16);
}

static const KontorValue *
find_bucket (const KontorValue *buckets, const char *name)
{
  for (const KontorValue *said = buckets->first; said != NULL; said = said->next)
    if (g_str_equal (text_of (said, "bucket"), name))
      return said;
  return NULL;
}

static void
divide (KontorSyncCheck *check, const char *bucket, const KontorValue *buckets)
{
  for (guint i = 0; i < 256; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%02x", bucket, i);

      if (!is_same (check, name, find_bucket (buckets, name)))
        g_queue_push_tail (&check->buckets, g_steal_pointer (&name));
    }
}

static int
by_key (gconstpointer a, gconstpointer b)
{
  const KontorReplicaSum *one = a, *other = b;

  return one->key < other->key ? -1 : one->key > other->key;
}

/* One row as the server has it, a list of id, version and digest; what is newer the feed brings. */
static gboolean
row_is_wrong (KontorSyncCheck *check, const KontorValue *said, GHashTable *seen)
{
  const KontorValue *v = said->n_children == 3 ? said->first->next : NULL;
  KontorReplicaSum row
      = { .key = v != NULL ? kontor_sync_row (check->kind->kind, said->first->text) : -1 };
  guint at;

  if (row.key < 0)
    return FALSE;
  g_hash_table_add (seen, g_memdup2 (&row.key, sizeof row.key));
  row.v = g_ascii_strtoll (v->text, NULL, 10);
  row.digest = g_ascii_strtoull (v->next->text, NULL, 16);
  return row.v <= check->seq
         && (!g_array_binary_search (check->rows, &row, by_key, &at)
             || g_array_index (check->rows, KontorReplicaSum, at).digest != row.digest);
}

static void
compare_rows (KontorSyncCheck *check, const char *bucket, const KontorValue *rows)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gboolean is_wrong = FALSE;
  guint first, last;

  for (const KontorValue *said = rows->first; said != NULL; said = said->next)
    if (row_is_wrong (check, said, seen))
      is_wrong = TRUE;
  slice (check, bucket, &first, &last);
  for (guint i = first; i < last; i++)
    {
      gint64 key = g_array_index (check->rows, KontorReplicaSum, i).key;

      if (g_hash_table_contains (seen, &key))
        continue;
      g_array_append_val (check->surplus, key);
      is_wrong = TRUE;
    }
  if (is_wrong)
    g_ptr_array_add (check->wrong, g_strdup (bucket));
}

/**
 * kontor_sync_compare:
 * @check: a check whose rows are read
 * @bucket: a name
 * @said: what the server says is in it
 *
 * Adds to the check's buckets what is to be looked at more closely, and to @wrong what differs in its rows.
 */
void
kontor_sync_compare (KontorSyncCheck *check, const char *bucket, const KontorValue *said)
{
  const KontorValue *rows = kontor_value_get (said, "rows");
  const KontorValue *buckets = kontor_value_get (said, "buckets");

  if (is_same (check, bucket, said))
    return;
  if (rows != NULL)
    compare_rows (check, bucket, rows);
  else if (buckets != NULL && strlen (bucket) < TICK_DIGITS)
    divide (check, bucket, buckets);
}
