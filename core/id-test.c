/* id-test.c: that ids sort by time, never repeat, and tell the time they were made. */
#include "core/id.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1764000000)

static const guint8 seed[32] = "the same chance again in a test";

static void
test_an_id_is_a_prefix_and_24_letters (void)
{
  KontorClock clock = { .fixed_us = SECOND * G_USEC_PER_SEC };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorIds *ids = kontor_ids_new (&clock, NULL);
  char *id = kontor_ids_make (ids, arena, "pi", kontor_ids_tick (ids));

  g_assert_true (g_regex_match_simple ("^pi_[0-9A-Za-z]{24}$", id, 0, 0));
  kontor_ids_free (ids);
}

static void
test_texts_sort_like_ticks (void)
{
  static const gint64 edges[] = {
    63134871125760 /* the first there is */,
    63134871125761,
    176400000000000,
    176400000000001,
    KONTOR_TICK_MASK - 1,
    KONTOR_TICK_MASK,
  };
  KontorClock clock = { 0 };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorIds *ids = kontor_ids_new (&clock, NULL);
  const char *last = "cus_";

  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      char *id = kontor_ids_make (ids, arena, "cus", edges[i]);

      g_assert_cmpstr (last, <, id);
      g_assert_cmpint (kontor_id_tick (id), ==, edges[i]);
      last = id;
    }
  g_assert_true (g_str_has_prefix (last, "cus_zzzzzzzz"));
  kontor_ids_free (ids);
}

static void
test_ticks_rise_while_the_clock_stands_or_goes_back (void)
{
  KontorClock clock = { .fixed_us = SECOND * G_USEC_PER_SEC };
  KontorIds *ids = kontor_ids_new (&clock, NULL);
  gint64 first = kontor_ids_tick (ids);

  g_assert_cmpint (first, ==, kontor_tick_at (SECOND));
  g_assert_cmpint (kontor_ids_tick (ids), ==, first + 1);
  kontor_clock_advance (&clock, -3600);
  g_assert_cmpint (kontor_ids_tick (ids), ==, first + 2);
  kontor_clock_advance (&clock, 7200);
  g_assert_cmpint (kontor_ids_tick (ids), ==, kontor_tick_at (SECOND + 3600));
  kontor_ids_free (ids);
}

static void
test_a_clock_outside_of_48_bits_still_gives_ticks (void)
{
  KontorClock clock = { .fixed_us = 1 };
  KontorIds *ids = kontor_ids_new (&clock, NULL);
  gint64 first = kontor_ids_tick (ids);

  g_assert_cmpint (first, ==, G_GINT64_CONSTANT (63134871125760));
  kontor_clock_advance (&clock, G_GINT64_CONSTANT (100) * 366 * 86400);
  g_assert_cmpint (kontor_ids_tick (ids), ==, first + 1);
  kontor_ids_free (ids);
}

static void
test_ticks_of_an_older_file_are_skipped (void)
{
  KontorClock clock = { .fixed_us = SECOND * G_USEC_PER_SEC };
  KontorIds *ids = kontor_ids_new (&clock, NULL);
  gint64 newest = kontor_tick_at (SECOND) + 5000;

  kontor_ids_skip_to (ids, newest);
  kontor_ids_skip_to (ids, newest - 1000);
  g_assert_cmpint (kontor_ids_tick (ids), ==, newest + 1);
  kontor_ids_free (ids);
}

enum
{
  TICKS_PER_THREAD = 50000
};

typedef struct
{
  KontorIds *ids;
  gint64 ticks[TICKS_PER_THREAD];
} Worker;

static gpointer
take_ticks (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < TICKS_PER_THREAD; i++)
    worker->ticks[i] = kontor_ids_tick (worker->ids);
  return NULL;
}

static void
test_threads_never_share_a_tick (void)
{
  KontorClock clock = { .fixed_us = SECOND * G_USEC_PER_SEC };
  KontorIds *ids = kontor_ids_new (&clock, NULL);
  g_autofree Worker *workers = g_new0 (Worker, 4);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      workers[i].ids = ids;
      threads[i] = g_thread_new ("ticks", take_ticks, &workers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    for (guint k = 0; k < TICKS_PER_THREAD; k++)
      {
        g_assert_true (g_hash_table_add (seen, &workers[i].ticks[k]));
        if (k > 0)
          g_assert_cmpint (workers[i].ticks[k], >, workers[i].ticks[k - 1]);
      }
  kontor_ids_free (ids);
}

static void
test_a_seed_gives_the_same_chance_again (void)
{
  KontorClock clock = { .fixed_us = SECOND * G_USEC_PER_SEC };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  char *texts[3];

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      KontorIds *ids = kontor_ids_new (&clock, i < 2 ? seed : NULL);

      texts[i] = kontor_ids_secret (ids, arena, 3000); /* more than one pool */
      g_assert_cmpstr (kontor_ids_make (ids, arena, "x", kontor_ids_tick (ids)), !=,
                       kontor_ids_make (ids, arena, "x", kontor_tick_at (SECOND)));
      kontor_ids_free (ids);
    }
  g_assert_cmpstr (texts[0], ==, texts[1]);
  g_assert_cmpstr (texts[0], !=, texts[2]);
}

/* 620,000 letters: each is expected 10,000 times, give or take 100 (one standard deviation). */
static void
test_every_letter_is_as_likely_as_the_next (void)
{
  KontorClock clock = { 0 };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorIds *ids = kontor_ids_new (&clock, seed);
  char *secret = kontor_ids_secret (ids, arena, 620000);
  guint counts[128] = { 0 }, n_letters = 0;

  for (const char *p = secret; *p != '\0'; p++)
    counts[(guint) *p]++;
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] != 0)
      {
        g_assert_cmpuint (counts[i], >, 9400);
        g_assert_cmpuint (counts[i], <, 10600);
        n_letters++;
      }
  g_assert_cmpuint (n_letters, ==, 62);
  kontor_ids_free (ids);
}

static void
test_strange_texts_have_no_tick (void)
{
  static const char *const strange[] = {
    NULL,
    "",
    "_",
    "pi",
    "pi_",
    "_00000000aaaaaaaaaaaaaaaa",
    "pi_00000000aaaaaaaaaaaaaaa",
    "pi_00000000aaaaaaaaaaaaaaaaa",
    "pi_0000000-aaaaaaaaaaaaaaaa",
    "pi_00000000aaaaaaaaaaaaaa\xc3\xa9",
    "pi_00000000aaaaaaaaaaaaaaaa_secret_x",
    "00000000aaaaaaaaaaaaaaaa",
  };

  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    g_assert_cmpint (kontor_id_tick (strange[i]), ==, -1);
  g_assert_cmpint (kontor_id_tick ("a_b_00000000aaaaaaaaaaaaaaaa"), ==,
                   G_GINT64_CONSTANT (63134871125760));
}

static void
test_keys_hold_scope_and_tick (void)
{
  gint64 key = kontor_key (0x7fff, KONTOR_TICK_MASK);

  g_assert_cmpint (key, ==, G_MAXINT64);
  g_assert_cmpuint (kontor_key_scope (key), ==, 0x7fff);
  g_assert_cmpint (key & KONTOR_TICK_MASK, ==, KONTOR_TICK_MASK);
  g_assert_cmpint (kontor_tick_at (-5), ==, 0);
  g_assert_cmpint (kontor_tick_at (G_MAXINT64), <=, KONTOR_TICK_MASK);
}

static void
test_names_of_two_can_be_read_again (void)
{
  static const char *const bad[] = {
    "",
    "whd_",
    "wha_AAAAAAAABBBBBBBB",
    "whd_AAAAAAAABBBBBBB",
    "whd_AAAAAAAABBBBBBBBB",
    "whd_AAAAAAAABBB-BBBB",
    "whdAAAAAAAABBBBBBBBB",
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  gint64 first = kontor_tick_at (SECOND) + 7, second = kontor_tick_at (SECOND + 5);
  const char *id = kontor_id_of_two (arena, "whd", first, second);
  gint64 one, other;

  g_assert_true (kontor_id_read_two (id, "whd", &one, &other));
  g_assert_cmpint (one, ==, first);
  g_assert_cmpint (other, ==, second);
  g_assert_cmpstr (kontor_id_of_two (arena, "whd", first + 1, first), >, id);
  g_assert_false (kontor_id_read_two (id, "wh", &one, &other));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (kontor_id_read_two (bad[i], "whd", &one, &other));
}

static void
test_times_narrow_a_range_of_ticks (void)
{
  g_assert_cmpint (kontor_tick_before (SECOND), <, kontor_tick_at (SECOND));
  g_assert_cmpint (kontor_tick_before (G_MININT64), ==, 0);
  g_assert_cmpint (kontor_tick_before (G_MAXINT64), <=, KONTOR_TICK_MASK);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id/an-id-is-a-prefix-and-24-letters", test_an_id_is_a_prefix_and_24_letters);
  g_test_add_func ("/id/texts-sort-like-ticks", test_texts_sort_like_ticks);
  g_test_add_func ("/id/ticks-rise-while-the-clock-stands-or-goes-back",
                   test_ticks_rise_while_the_clock_stands_or_goes_back);
  g_test_add_func ("/id/a-clock-outside-of-48-bits-still-gives-ticks",
                   test_a_clock_outside_of_48_bits_still_gives_ticks);
  g_test_add_func ("/id/ticks-of-an-older-file-are-skipped",
                   test_ticks_of_an_older_file_are_skipped);
  g_test_add_func ("/id/threads-never-share-a-tick", test_threads_never_share_a_tick);
  g_test_add_func ("/id/a-seed-gives-the-same-chance-again",
                   test_a_seed_gives_the_same_chance_again);
  g_test_add_func ("/id/every-letter-is-as-likely-as-the-next",
                   test_every_letter_is_as_likely_as_the_next);
  g_test_add_func ("/id/strange-texts-have-no-tick", test_strange_texts_have_no_tick);
  g_test_add_func ("/id/keys-hold-scope-and-tick", test_keys_hold_scope_and_tick);
  g_test_add_func ("/id/names-of-two-can-be-read-again", test_names_of_two_can_be_read_again);
  g_test_add_func ("/id/times-narrow-a-range-of-ticks", test_times_narrow_a_range_of_ticks);
  return g_test_run ();
}
