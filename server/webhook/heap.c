/* heap.c: which endpoint is to be looked at next: a binary heap, in which each endpoint knows its place. */
#include "server/webhook/heap.h"

/**
 * kontor_heap_new:
 *
 * Returns: (transfer full): an empty heap; place 0 stays empty, so that 0 can mean nowhere
 */
GPtrArray *
kontor_heap_new (void)
{
  GPtrArray *heap = g_ptr_array_new ();

  g_ptr_array_add (heap, NULL);
  return heap;
}

static KontorTarget *
at (const GPtrArray *heap, guint place)
{
  return g_ptr_array_index (heap, place);
}

static void
put (GPtrArray *heap, guint place, KontorTarget *target)
{
  heap->pdata[place] = target;
  target->heap_place = place;
}

static void
rise (GPtrArray *heap, KontorTarget *target)
{
  guint place = target->heap_place;

  for (; place > 1 && at (heap, place / 2)->wake_us > target->wake_us; place /= 2)
    put (heap, place, at (heap, place / 2));
  put (heap, place, target);
}

static void
sink (GPtrArray *heap, KontorTarget *target)
{
  guint place = target->heap_place;

  for (;;)
    {
      guint child = place * 2;

      if (child + 1 < heap->len && at (heap, child + 1)->wake_us < at (heap, child)->wake_us)
        child++;
      if (child >= heap->len || at (heap, child)->wake_us >= target->wake_us)
        break;
      put (heap, place, at (heap, child));
      place = child;
    }
  put (heap, place, target);
}

static void
take_out (GPtrArray *heap, KontorTarget *target)
{
  guint place = target->heap_place;
  KontorTarget *last = g_ptr_array_steal_index_fast (heap, heap->len - 1);

  target->heap_place = 0;
  if (last == target)
    return;
  put (heap, place, last);
  rise (heap, last);
  sink (heap, last);
}

/**
 * kontor_heap_set:
 * @heap: a heap
 * @target: an endpoint
 * @wake_us: when to look at it; %G_MAXINT64: not at all
 */
void
kontor_heap_set (GPtrArray *heap, KontorTarget *target, gint64 wake_us)
{
  target->wake_us = wake_us;
  if (wake_us == G_MAXINT64)
    {
      if (target->heap_place != 0)
        take_out (heap, target);
      return;
    }
  if (target->heap_place == 0)
    {
      g_ptr_array_add (heap, target);
      target->heap_place = heap->len - 1;
    }
  rise (heap, target);
  sink (heap, target);
}

/**
 * kontor_heap_first:
 * @heap: a heap
 *
 * Returns: (transfer none) (nullable): the one that is to be looked at first
 */
KontorTarget *
kontor_heap_first (const GPtrArray *heap)
{
  return heap->len > 1 ? at (heap, 1) : NULL;
}
