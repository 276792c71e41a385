/* idempotency-index.c: which rows hold the keys that came in last, in memory.
 *
 * A plain open table: keys are hashes already, and nothing is ever taken out one by one. */
#include "server/store/idempotency-index.h"

#include <string.h>

#define FIRST_SLOTS 1024

/**
 * kontor_idempotency_start:
 * @key: a key
 *
 * Returns: its first 8 bytes as a number
 */
guint64
kontor_idempotency_start (const guint8 key[16])
{
  guint64 start;

  memcpy (&start, key, sizeof start);
  return GUINT64_FROM_BE (start);
}

static KontorIdempotencySlot *
find_slot (const KontorIdempotencyIndex *index, guint64 start)
{
  guint at = (guint) start & (index->n_slots - 1);

  while (index->slots[at].row != 0 && index->slots[at].start != start)
    at = (at + 1) & (index->n_slots - 1);
  return &index->slots[at];
}

static void
grow (KontorIdempotencyIndex *index)
{
  KontorIdempotencyIndex larger
      = { .n_slots = index->n_slots != 0 ? index->n_slots * 2 : FIRST_SLOTS };

  larger.slots = g_new0 (KontorIdempotencySlot, larger.n_slots);
  for (guint i = 0; i < index->n_slots; i++)
    if (index->slots[i].row != 0)
      *find_slot (&larger, index->slots[i].start) = index->slots[i];
  larger.n = index->n;
  g_free (index->slots);
  *index = larger;
}

/**
 * kontor_idempotency_index_put:
 * @index: the index
 * @key: a key; when it is known, @row takes the place of its earlier row
 * @row: its row's number, above 0
 */
void
kontor_idempotency_index_put (KontorIdempotencyIndex *index, const guint8 key[16], gint64 row)
{
  guint64 start = kontor_idempotency_start (key);
  KontorIdempotencySlot *slot;

  if (index->n >= index->n_slots / 4 * 3)
    grow (index);
  slot = find_slot (index, start);
  index->n += slot->row == 0;
  *slot = (KontorIdempotencySlot){ start, row };
}

/**
 * kontor_idempotency_index_get:
 * @index: the index
 * @key: a key
 *
 * Returns: the row where @key may stand, to be compared there; 0 when it stands in none
 */
gint64
kontor_idempotency_index_get (const KontorIdempotencyIndex *index, const guint8 key[16])
{
  return index->n == 0 ? 0 : find_slot (index, kontor_idempotency_start (key))->row;
}

static int
compare_slots (const void *a, const void *b)
{
  guint64 x = ((const KontorIdempotencySlot *) a)->start,
          y = ((const KontorIdempotencySlot *) b)->start;

  return (x > y) - (x < y);
}

/**
 * kontor_idempotency_index_sorted:
 * @index: the index
 *
 * Returns: (transfer full) (element-type KontorIdempotencySlot): all rows, in the order of their
 *   keys
 */
GArray *
kontor_idempotency_index_sorted (const KontorIdempotencyIndex *index)
{
  GArray *rows = g_array_sized_new (FALSE, FALSE, sizeof (KontorIdempotencySlot), index->n);

  for (guint i = 0; i < index->n_slots; i++)
    if (index->slots[i].row != 0)
      g_array_append_val (rows, index->slots[i]);
  g_array_sort (rows, compare_slots);
  return rows;
}

/**
 * kontor_idempotency_index_clear:
 * @index: the index, empty from now on
 */
void
kontor_idempotency_index_clear (KontorIdempotencyIndex *index)
{
  g_clear_pointer (&index->slots, g_free);
  index->n = index->n_slots = 0;
}
