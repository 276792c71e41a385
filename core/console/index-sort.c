/* index-sort.c: the rows of an answer in the order of a column. */
#include "core/console/index-private.h"

#include <string.h>

#include "core/currency.h"

#define FEW 32 /* an answer with fewer than one row in so many is sorted by itself */

#define DIGITS 2048 /* 11 bits of a key are sorted by at a time */
#define N_DIGITS 3
#define DIGIT(packed, number) ((packed) >> (32 + 11 * (number)) & (DIGITS - 1))
#define SMALL 256 /* fewer items are compared: counting would cost more */

/* A row and what it is sorted by; texts that begin alike are compared in full afterwards. */
typedef struct
{
  guint64 key;
  guint32 row;
} Item;

static const gint64 powers[] = { 1, 10, 100, 1000, 10000 };

static guint64
signed_key (gint64 value)
{
  return (guint64) value ^ (G_GUINT64_CONSTANT (1) << 63);
}

/* The first eight bytes, so that numbers compare as the texts do. */
static guint64
text_key (const char *text, gsize length)
{
  guint64 key = 0;

  for (gsize i = 0; i < 8; i++)
    key = key << 8 | (i < length ? (guchar) text[i] : 0);
  return key;
}

/* How the words of a column follow each other: those known beforehand as they are, others by their
 * letters behind them. */
static void
rank_words (const KontorIndex *index, guint column, guint64 *ranks)
{
  guint n_known = 1;
  const char *const *known = index->table->columns[column].words;
  const char *word, *other;

  while (known != NULL && known[n_known - 1] != NULL)
    n_known++;
  for (guint code = 0; (word = kontor_index_word (index, column, code)) != NULL; code++)
    {
      ranks[code] = MIN (code, n_known);
      for (guint i = n_known;
           code >= n_known && (other = kontor_index_word (index, column, i)) != NULL; i++)
        ranks[code] += strcmp (other, word) < 0;
    }
}

/* Amounts are compared in whole units of their currencies: 1000 yen are more than 10.00 euro. */
static void
scale_currencies (const KontorIndex *index, gint64 *scales)
{
  guint column = index->table->currency;

  for (guint code = 0; code < KONTOR_INDEX_WORDS; code++)
    {
      const char *word = column != KONTOR_INDEX_NO_COLUMN ? kontor_index_word (index, column, code)
                                                          : NULL;
      const KontorCurrency *currency = word != NULL ? kontor_currency_find (word) : NULL;

      scales[code] = powers[4 - MIN (currency != NULL ? currency->exponent : 2, 4)];
    }
}

typedef struct
{
  KontorIndex *index;
  guint column;
  KontorIndexKind kind;
  guint64 ranks[KONTOR_INDEX_WORDS];
  gint64 scales[KONTOR_INDEX_WORDS];
  guint64 *target_ranks; /* owned: by number of reference */
  guint n_target_ranks;
} Sorter;

static void sort_rows (KontorIndex *index, guint column, guint32 *rows, guint n);

static guint
first_text (const KontorIndexTable *table)
{
  guint i = 0;

  while (i < table->n_columns && table->columns[i].kind != KONTOR_INDEX_TEXT)
    i++;
  return i < table->n_columns ? i : KONTOR_INDEX_NO_COLUMN;
}

static gboolean
are_alike (const KontorIndex *index, guint column, guint32 a, guint32 b)
{
  gsize a_length, b_length;
  const char *a_text = kontor_index_part (index, column, a, &a_length);
  const char *b_text = kontor_index_part (index, column, b, &b_length);

  return a_length == b_length && memcmp (a_text, b_text, a_length) == 0;
}

/* The places of the target's rows by their first text; rows that are alike share one. There are
 * fewer of them than of the rows that refer to them. */
static void
rank_targets (Sorter *sorter)
{
  KontorIndex *target = sorter->index->target;
  guint column = first_text (target->table), rank = 0;
  g_autofree guint32 *order = g_new (guint32, target->n + 1);
  g_autofree guint64 *ranks = g_new0 (guint64, target->n + 1);
  const guint32 *rows = kontor_index_target_rows (sorter->index, &sorter->n_target_ranks);

  for (guint i = 0; i < target->n; i++)
    order[i] = i;
  if (column != KONTOR_INDEX_NO_COLUMN)
    sort_rows (target, column, order, target->n);
  for (guint i = 0; i < target->n && column != KONTOR_INDEX_NO_COLUMN; i++)
    {
      gsize length;

      if (i == 0)
        rank = kontor_index_part (target, column, order[0], &length) != NULL && length > 0;
      else
        rank += !are_alike (target, column, order[i - 1], order[i]);
      ranks[order[i]] = rank;
    }
  sorter->target_ranks = g_new0 (guint64, sorter->n_target_ranks + 1);
  for (guint i = 0; i < sorter->n_target_ranks; i++)
    if (rows[i] != KONTOR_INDEX_NO_ROW)
      sorter->target_ranks[i] = ranks[rows[i]];
}

static void
sorter_init (Sorter *sorter, KontorIndex *index, guint column)
{
  *sorter = (Sorter){ index, column, index->table->columns[column].kind };
  if (sorter->kind == KONTOR_INDEX_WORD)
    rank_words (index, column, sorter->ranks);
  if (sorter->kind == KONTOR_INDEX_AMOUNT)
    scale_currencies (index, sorter->scales);
  if (sorter->kind == KONTOR_INDEX_REFERENCE && index->target != NULL)
    rank_targets (sorter);
}

static guint64
key_of (const Sorter *sorter, guint chunk_number, guint at)
{
  const KontorIndexChunk *chunk = sorter->index->chunks[chunk_number];
  gconstpointer cells = chunk->columns[sorter->column];
  gint64 scaled;
  const char *text;
  gsize length;
  guint32 number;

  switch (sorter->kind)
    {
    case KONTOR_INDEX_WORD:
      return sorter->ranks[((const guint8 *) cells)[at]];
    case KONTOR_INDEX_FLAGS:
      return ((const guint8 *) cells)[at];
    case KONTOR_INDEX_TIME:
      return ((const guint32 *) cells)[at];
    case KONTOR_INDEX_NUMBER:
      return signed_key (((const gint64 *) cells)[at]);
    case KONTOR_INDEX_AMOUNT:
      scaled = ((const gint64 *) cells)[at];
      if (__builtin_mul_overflow (
              scaled,
              sorter->scales[sorter->index->table->currency == KONTOR_INDEX_NO_COLUMN
                                 ? 0
                                 : ((const guint8 *)
                                        chunk->columns[sorter->index->table->currency])[at]],
              &scaled))
        scaled = scaled < 0 ? G_MININT64 : G_MAXINT64;
      return signed_key (scaled);
    case KONTOR_INDEX_REFERENCE:
      number = ((const guint32 *) cells)[at];
      return number < sorter->n_target_ranks ? sorter->target_ranks[number] : 0;
    case KONTOR_INDEX_TEXT:
      text = kontor_index_part (sorter->index, sorter->column,
                                sorter->index->starts[chunk_number] + at, &length);
      return text_key (text, length);
    }
  return 0;
}

static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  const Item *left = a, *right = b;

  return (left->key > right->key) - (left->key < right->key);
}

/* Least byte first, each pass stable; a pass in which all bytes are alike is left out. */
static void
sort_many (Item *items, guint n)
{
  g_autofree Item *other = g_new (Item, n + 1);
  Item *from = items, *to = other;
  g_autofree guint (*counts)[256] = g_malloc0 (8 * sizeof *counts);

  for (guint i = 0; i < n; i++)
    for (guint byte = 0; byte < 8; byte++)
      counts[byte][items[i].key >> (8 * byte) & 0xff]++;
  for (guint byte = 0; byte < 8 && n > 0; byte++)
    {
      guint place = 0;

      if (counts[byte][from[0].key >> (8 * byte) & 0xff] == n)
        continue;
      for (guint i = 0; i < 256; i++)
        {
          guint count = counts[byte][i];

          counts[byte][i] = place;
          place += count;
        }
      for (guint i = 0; i < n; i++)
        to[counts[byte][from[i].key >> (8 * byte) & 0xff]++] = from[i];
      from = to;
      to = from == items ? other : items;
    }
  if (from != items)
    memcpy (items, from, n * sizeof *items);
}

static void
sort_items (Item *items, guint n)
{
  if (n < SMALL)
    g_qsort_with_data (items, (gint) n, sizeof *items, compare_items, NULL); /* it is stable */
  else
    sort_many (items, n);
}

/* Those that begin alike are told apart by their next eight bytes, and so on. A key that ends in a
 * zero byte is a text's end. */
static void
sort_ties (Sorter *sorter, Item *items, guint n, gsize offset)
{
  for (guint i = 0, end; i < n; i = end)
    {
      guint64 key = items[i].key;

      for (end = i + 1; end < n && items[end].key == key;)
        end++;
      if (end - i == 1 || (key & 0xff) == 0)
        continue;
      for (guint j = i; j < end; j++)
        {
          gsize length;
          const char *text
              = kontor_index_part (sorter->index, sorter->column, items[j].row, &length);

          items[j].key = text_key (text + MIN (offset, length), length - MIN (offset, length));
        }
      sort_items (items + i, end - i);
      sort_ties (sorter, items + i, end - i, offset + 8);
    }
}

static void
sort_wide (Sorter *sorter, const guint64 *keys, guint32 *rows, guint n)
{
  g_autofree Item *items = g_new (Item, n + 1);

  for (guint i = 0; i < n; i++)
    items[i] = (Item){ keys[i], rows[i] };
  sort_items (items, n);
  if (sorter->kind == KONTOR_INDEX_TEXT)
    sort_ties (sorter, items, n, 8);
  for (guint i = 0; i < n; i++)
    rows[i] = items[i].row;
}

/* Keys of 32 bits lie before their rows in one number: half of what is moved otherwise. */
static void
sort_packed (guint64 *keys, guint64 least, guint32 *rows, guint n)
{
  g_autofree guint64 *other = g_new (guint64, n + 1);
  guint64 *from = keys, *to = other;
  g_autofree guint (*counts)[DIGITS] = g_malloc0 (N_DIGITS * sizeof *counts);

  for (guint i = 0; i < n; i++)
    {
      keys[i] = (keys[i] - least) << 32 | rows[i];
      for (guint digit = 0; digit < N_DIGITS; digit++)
        counts[digit][DIGIT (keys[i], digit)]++;
    }
  for (guint digit = 0; digit < N_DIGITS; digit++)
    {
      guint64 *behind = to;
      guint place = 0;

      if (counts[digit][DIGIT (from[0], digit)] == n)
        continue;
      for (guint i = 0; i < DIGITS; i++)
        {
          guint count = counts[digit][i];

          counts[digit][i] = place;
          place += count;
        }
      for (guint i = 0; i < n; i++)
        to[counts[digit][DIGIT (from[i], digit)]++] = from[i];
      to = from;
      from = behind;
    }
  for (guint i = 0; i < n; i++)
    rows[i] = (guint32) from[i];
}

/* Sorts rows that come in their own order. */
static void
sort_rows (KontorIndex *index, guint column, guint32 *rows, guint n)
{
  g_autofree guint64 *keys = g_new (guint64, n + 1);
  g_autofree Sorter *sorter = g_new (Sorter, 1);
  guint64 least = G_MAXUINT64, most = 0;
  guint chunk = 0;

  sorter_init (sorter, index, column);
  for (guint i = 0; i < n; i++)
    {
      while (rows[i] >= index->starts[chunk + 1])
        chunk++;
      keys[i] = key_of (sorter, chunk, rows[i] - index->starts[chunk]);
      least = MIN (least, keys[i]);
      most = MAX (most, keys[i]);
    }
  if (n > 0 && sorter->kind != KONTOR_INDEX_TEXT && most - least <= G_MAXUINT32)
    sort_packed (keys, least, rows, n);
  else
    sort_wide (sorter, keys, rows, n);
  g_free (sorter->target_ranks);
}

static gboolean
are_in_order (const guint32 *rows, guint n)
{
  for (guint i = 1; i < n; i++)
    if (rows[i - 1] > rows[i])
      return FALSE;
  return TRUE;
}

/* The order of all rows, kept with the state once it is known; %NULL: they already are. */
static const guint32 *
order_of (KontorIndex *index, guint column)
{
  g_mutex_lock (&index->lock);
  if (index->orders[column] == NULL && !index->in_order[column])
    {
      guint32 *rows = g_new (guint32, index->n + 1);

      for (guint i = 0; i < index->n; i++)
        rows[i] = i;
      g_mutex_unlock (&index->lock); /* which the names of references take too */
      sort_rows (index, column, rows, index->n);
      g_mutex_lock (&index->lock);
      if (are_in_order (rows, index->n))
        index->in_order[column] = TRUE;
      else if (index->orders[column] == NULL)
        index->orders[column] = g_steal_pointer (&rows);
      g_free (rows);
    }
  g_mutex_unlock (&index->lock);
  return index->orders[column];
}

static void
rows_in_own_order (const KontorAnswer *answer, guint32 *rows)
{
  const KontorIndex *index = answer->index;
  guint n = 0;

  for (guint c = 0; c < index->n_chunks; c++)
    for (guint w = 0; w * 64 < index->chunks[c]->n; w++)
      for (guint64 rest = answer->bits[index->word_starts[c] + w]; rest != 0; rest &= rest - 1)
        rows[n++] = index->starts[c] + w * 64 + (guint) __builtin_ctzll (rest);
}

static void
reverse (guint32 *rows, guint n)
{
  for (guint i = 0; i < n / 2; i++)
    {
      guint32 row = rows[i];

      rows[i] = rows[n - 1 - i];
      rows[n - 1 - i] = row;
    }
}

/* Takes those of all rows that the answer has; whether it has a row is asked of a flat bitmap. */
static void
pick (const KontorAnswer *answer, const guint32 *order, guint32 *rows)
{
  const KontorIndex *index = answer->index;
  g_autofree guint64 *has = g_new0 (guint64, index->n / 64 + 1);
  guint n = 0;

  rows_in_own_order (answer, rows);
  for (guint i = 0; i < answer->n; i++)
    has[rows[i] / 64] |= G_GUINT64_CONSTANT (1) << (rows[i] & 63);
  for (guint i = 0; i < index->n; i++)
    if ((has[order[i] / 64] >> (order[i] & 63)) & 1)
      rows[n++] = order[i];
}

/* Words and flags are sorted in one pass; their orders are not worth four bytes a row. */
static gboolean
is_kept (KontorIndexKind kind)
{
  return kind != KONTOR_INDEX_WORD && kind != KONTOR_INDEX_FLAGS;
}

/**
 * kontor_answer_rows:
 * @answer: an answer
 * @column: what to sort by; KONTOR_INDEX_NO_COLUMN: the order in which the rows were made
 * @descending: the exact reverse
 *
 * Rows that are alike in @column keep the order in which they were made. The order of all rows by
 * what is no word is computed when it is first wanted and kept with the state.
 *
 * Returns: (transfer full) (element-type guint32): numbers of rows
 */
GArray *
kontor_answer_rows (const KontorAnswer *answer, guint column, gboolean descending)
{
  KontorIndex *index = answer->index;
  GArray *rows = g_array_sized_new (FALSE, FALSE, sizeof (guint32), answer->n);
  guint32 *data;

  g_array_set_size (rows, answer->n);
  data = (guint32 *) (gpointer) rows->data;
  if (answer->n == 0)
    return rows;

  if (column == KONTOR_INDEX_NO_COLUMN)
    rows_in_own_order (answer, data);
  else if (!is_kept (index->table->columns[column].kind)
           || (answer->n < index->n / FEW && index->orders[column] == NULL))
    {
      rows_in_own_order (answer, data);
      sort_rows (index, column, data, answer->n);
    }
  else
    {
      const guint32 *order = order_of (index, column);

      if (order == NULL)
        rows_in_own_order (answer, data);
      else if (answer->n == index->n)
        memcpy (data, order, index->n * sizeof *data);
      else
        pick (answer, order, data);
    }
  if (descending)
    reverse (data, answer->n);
  return rows;
}
