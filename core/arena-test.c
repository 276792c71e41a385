/* arena-test.c: that an arena's memory is zeroed, aligned, apart, and comes back after a reset. */
#include "core/arena.h"

#include <string.h>

static void
test_memory_is_zeroed_and_aligned (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint round = 0; round < 3; round++)
    {
      for (gsize size = 0; size < 3000; size += 37)
        {
          guint8 *memory = kontor_arena_alloc (arena, size);

          g_assert_cmpuint ((gsize) memory % 16, ==, 0);
          for (gsize i = 0; i < size; i++)
            g_assert_cmpuint (memory[i], ==, 0);
          memset (memory, 0xff, size);
        }
      kontor_arena_reset (arena);
    }
}

static void
test_pieces_do_not_overlap (void)
{
  enum
  {
    N = 500
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  guint8 *pieces[N];
  gsize sizes[N];

  for (guint i = 0; i < N; i++)
    {
      sizes[i] = (gsize) g_test_rand_int_range (1, 2000);
      pieces[i] = kontor_arena_alloc (arena, sizes[i]);
      memset (pieces[i], (int) (i & 0xff), sizes[i]);
    }
  for (guint i = 0; i < N; i++)
    for (gsize k = 0; k < sizes[i]; k++)
      g_assert_cmpuint (pieces[i][k], ==, i & 0xff);
}

static void
test_a_piece_may_be_larger_than_any_block (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const gsize size = 10 * 1024 * 1024;
  char *before = kontor_arena_strdup (arena, "before");
  char *large = kontor_arena_alloc (arena, size);
  char *after = kontor_arena_strdup (arena, "after");

  memset (large, 'x', size);
  g_assert_cmpstr (before, ==, "before");
  g_assert_cmpstr (after, ==, "after");

  kontor_arena_reset (arena);
  g_assert_cmpstr (kontor_arena_strdup (arena, "again"), ==, "again");
}

static void
test_reset_hands_out_the_same_memory (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  gpointer first = kontor_arena_alloc (arena, 100);

  kontor_arena_reset (arena);
  g_assert_true (kontor_arena_alloc (arena, 100) == first);
}

static void
test_texts_are_copied (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  char text[] = "whole";
  char *whole = kontor_arena_strdup (arena, text);
  char *part = kontor_arena_strndup (arena, text, 3);

  text[0] = 'W';
  g_assert_cmpstr (whole, ==, "whole");
  g_assert_cmpstr (part, ==, "who");
  g_assert_null (kontor_arena_strdup (arena, NULL));
  g_assert_cmpstr (kontor_arena_strndup (arena, NULL, 0), ==, "");
  g_assert_cmpstr (kontor_arena_printf (arena, "%s-%05d", "n", 42), ==, "n-00042");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arena/memory-is-zeroed-and-aligned", test_memory_is_zeroed_and_aligned);
  g_test_add_func ("/arena/pieces-do-not-overlap", test_pieces_do_not_overlap);
  g_test_add_func ("/arena/a-piece-may-be-larger-than-any-block",
                   test_a_piece_may_be_larger_than_any_block);
  g_test_add_func ("/arena/reset-hands-out-the-same-memory", test_reset_hands_out_the_same_memory);
  g_test_add_func ("/arena/texts-are-copied", test_texts_are_copied);
  return g_test_run ();
}
