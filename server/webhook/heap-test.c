/* heap-test.c: that the endpoint whose time comes first is the first. */
#include "server/webhook/heap.h"

#define N 500

static void
assert_order (GPtrArray *heap, guint expected)
{
  gint64 last = G_MININT64;
  KontorTarget *target;
  guint n = 0;

  for (; (target = kontor_heap_first (heap)) != NULL; n++)
    {
      g_assert_cmpint (target->wake_us, >=, last);
      last = target->wake_us;
      kontor_heap_set (heap, target, G_MAXINT64);
      g_assert_cmpuint (target->heap_place, ==, 0);
    }
  g_assert_cmpuint (n, ==, expected);
}

static void
test_the_first_is_first (void)
{
  g_autofree KontorTarget *targets = g_new0 (KontorTarget, N);
  g_autoptr (GPtrArray) heap = kontor_heap_new ();

  for (guint i = 0; i < N; i++)
    kontor_heap_set (heap, &targets[i], g_test_rand_int_range (0, 100));
  /* Moved forward, back, and out. */
  for (guint i = 0; i < N; i += 2)
    kontor_heap_set (heap, &targets[i], g_test_rand_int_range (-100, 200));
  for (guint i = 0; i < N; i += 5)
    kontor_heap_set (heap, &targets[i], G_MAXINT64);
  for (guint i = 0; i < N; i += 5)
    kontor_heap_set (heap, &targets[i], G_MAXINT64);
  assert_order (heap, N - N / 5);
  g_assert_null (kontor_heap_first (heap));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heap/the-first-is-first", test_the_first_is_first);
  return g_test_run ();
}
