/* suggest.c: the word that somebody may have meant. */
#include "cli/suggest.h"

#include <string.h>

#define LONGEST 64

/* How many letters must be added, taken away, replaced or swapped with their neighbour. */
static guint
distance (const char *a, const char *b)
{
  guint rows[3][LONGEST + 1];
  gsize n_a = strlen (a), n_b = strlen (b);

  if (n_a > LONGEST || n_b > LONGEST)
    return G_MAXUINT;
  for (guint j = 0; j <= n_b; j++)
    rows[0][j] = j;
  for (guint i = 1; i <= n_a; i++)
    {
      guint *row = rows[i % 3], *before = rows[(i - 1) % 3], *two_before = rows[(i + 1) % 3];

      row[0] = i;
      for (guint j = 1; j <= n_b; j++)
        {
          row[j] = before[j - 1] + (a[i - 1] != b[j - 1]);
          row[j] = MIN (row[j], MIN (before[j], row[j - 1]) + 1);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = MIN (row[j], two_before[j - 2] + 1);
        }
    }
  return rows[n_a % 3][n_b];
}

/**
 * kontor_suggest:
 * @word: what was typed and is not known
 * @known: (element-type utf8): what is
 *
 * Returns: (nullable) (transfer none): the nearest of @known, when it is near enough to be meant
 */
const char *
kontor_suggest (const char *word, const GPtrArray *known)
{
  const char *best = NULL;
  guint least = (guint) MIN (strlen (word), LONGEST) / 3 + 2;

  for (guint i = 0; i < known->len; i++)
    {
      const char *candidate = g_ptr_array_index (known, i);
      guint d = distance (word, candidate);

      if (d >= least)
        continue;
      least = d;
      best = candidate;
    }
  return best;
}
