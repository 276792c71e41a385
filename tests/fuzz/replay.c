/* replay.c: runs a fuzz target without a fuzzer: its corpus, and the corpus with a few bytes changed. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#define MUTATIONS 2000
#define SEED      1 /* the same on every machine and in every run; chance is the fuzzer's business */

static GPtrArray *names;  /* of the corpus files, in order */
static GPtrArray *inputs; /* GBytes, likewise */
static GRand *chance;

static void
run (const guint8 *data, gsize size)
{
  /* A copy of just that size, so that the sanitizers see a read past its end. */
  g_autofree guint8 *exact = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (size > 0 ? exact : (const guint8 *) "", size);
}

static void
replay_corpus (void)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (inputs->pdata[i], &size);

      g_test_message ("%s", (const char *) names->pdata[i]);
      run (data, size);
    }
}

static void
replay_prefixes (void)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (inputs->pdata[i], &size);

      for (gsize n = 0; n < MIN (size, 512); n++)
        run (data, n);
    }
}

/* Three kinds of change: another byte, a byte less, a piece of another input in its place. */
static void
mutate (GByteArray *bytes)
{
  guint at = bytes->len > 0 ? (guint) g_rand_int_range (chance, 0, (gint) bytes->len) : 0;
  gsize size;
  const guint8 *other;

  switch (g_rand_int_range (chance, 0, 3))
    {
    case 0:
      if (bytes->len > 0)
        bytes->data[at] = (guint8) g_rand_int_range (chance, 0, 256);
      break;
    case 1:
      if (bytes->len > 0)
        g_byte_array_remove_index (bytes, at);
      break;
    default:
      other = g_bytes_get_data (inputs->pdata[g_rand_int_range (chance, 0, (gint) inputs->len)],
                                &size);
      g_byte_array_set_size (bytes, at);
      if (size > 0)
        {
          gsize from = (gsize) g_rand_int_range (chance, 0, (gint) size);

          g_byte_array_append (bytes, other + from, (guint) (size - from));
        }
      break;
    }
}

static void
replay_mutations (void)
{
  chance = g_rand_new_with_seed (SEED);
  for (guint i = 0; i < MUTATIONS; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (inputs->pdata[i % inputs->len], &size);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, data, (guint) size);
      for (gint changes = g_rand_int_range (chance, 1, 5); changes > 0; changes--)
        mutate (bytes);
      run (bytes->data, bytes->len);
    }
  g_clear_pointer (&chance, g_rand_free);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
load_corpus (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  g_assert_no_error (error);
  names = g_ptr_array_new_with_free_func (g_free);
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      char *text;
      gsize size;

      g_file_get_contents (path, &text, &size, &error);
      g_assert_no_error (error);
      g_ptr_array_add (inputs, g_bytes_new_take (text, size));
    }
  g_assert_cmpuint (inputs->len, >, 0);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  load_corpus (argv[1]);
  g_test_add_func ("/fuzz/the-corpus-is-survived", replay_corpus);
  g_test_add_func ("/fuzz/every-prefix-of-it-is-survived", replay_prefixes);
  g_test_add_func ("/fuzz/random-changes-to-it-are-survived", replay_mutations);
  result = g_test_run ();
  g_ptr_array_unref (inputs);
  g_ptr_array_unref (names);
  return result;
}
