/* index.c: one state of the columns: what it shares with others, and how a row is looked up. */
#include "core/console/index-private.h"

#include <string.h>

#include "core/id.h"

/* ------------------------------------------------------------------------------------ chunks -- */

/**
 * kontor_index_chunk_ref:
 * @chunk: rows
 *
 * Returns: (transfer full): @chunk
 */
KontorIndexChunk *
kontor_index_chunk_ref (KontorIndexChunk *chunk)
{
  g_atomic_ref_count_inc (&chunk->refs);
  return chunk;
}

/**
 * kontor_index_chunk_unref:
 * @chunk: (transfer full): rows; their memory goes with the last reference
 */
void
kontor_index_chunk_unref (KontorIndexChunk *chunk)
{
  if (!g_atomic_ref_count_dec (&chunk->refs))
    return;
  g_free (chunk->memory);
  g_clear_pointer (&chunk->file, g_mapped_file_unref);
  g_free (chunk);
}

static gsize
width_of (KontorIndexKind kind)
{
  switch (kind)
    {
    case KONTOR_INDEX_WORD:
    case KONTOR_INDEX_FLAGS:
      return 1;
    case KONTOR_INDEX_TIME:
    case KONTOR_INDEX_REFERENCE:
      return 4;
    case KONTOR_INDEX_AMOUNT:
    case KONTOR_INDEX_NUMBER:
      return 8;
    case KONTOR_INDEX_TEXT:
      break;
    }
  return 0;
}

/**
 * kontor_index_chunk_lay_out:
 * @table: whose rows these are
 * @chunk: how many rows it has is set; its pointers are set here
 * @text_length: of all rows' texts together
 * @memory: (nullable): the block; %NULL: only its size is asked for
 *
 * The same layout holds in memory and in the file, so that a chunk is written and mapped as it is.
 *
 * Returns: how many bytes the block has, a multiple of eight
 */
gsize
kontor_index_chunk_lay_out (const KontorIndexTable *table,
                            KontorIndexChunk *chunk,
                            gsize text_length,
                            guint8 *memory)
{
  gsize at = 0;

#define PLACE(pointer, bytes)                                                                      \
  ((pointer) = memory != NULL ? (gpointer) (memory + at) : NULL, at += ((bytes) + 7) & ~(gsize) 7)

  PLACE (chunk->keys, (gsize) chunk->n * 8);
  for (guint i = 0; i < table->n_columns; i++)
    if (width_of (table->columns[i].kind) > 0)
      PLACE (chunk->columns[i], chunk->n * width_of (table->columns[i].kind));
  PLACE (chunk->ends, ((gsize) chunk->n + 1) * 4);
  PLACE (chunk->text, text_length + 1);
#undef PLACE
  chunk->size = at;
  return at;
}

/* ---------------------------------------------------------------------------- what is shared -- */

static void
add_word (KontorIndexWords *words, const char *word)
{
  words->words[words->n] = g_strdup (word);
  g_atomic_int_set ((gint *) &words->n, (gint) words->n + 1);
}

static KontorIndexShared *
shared_new (const KontorIndexTable *table)
{
  KontorIndexShared *shared = g_new0 (KontorIndexShared, 1);

  g_atomic_ref_count_init (&shared->refs);
  g_mutex_init (&shared->lock);
  shared->reference_numbers = g_hash_table_new (g_int64_hash, g_int64_equal);
  shared->references[0] = g_new0 (gint64, KONTOR_REFERENCE_BLOCK);
  shared->n_references = 1;
  for (guint i = 0; i < table->n_columns; i++)
    {
      const char *const *word = table->columns[i].words;

      add_word (&shared->words[i], "");
      for (; word != NULL && *word != NULL; word++)
        add_word (&shared->words[i], *word);
    }
  return shared;
}

/**
 * kontor_index_shared_ref:
 * @shared: what the states of one table share
 *
 * Returns: (transfer full): @shared
 */
KontorIndexShared *
kontor_index_shared_ref (KontorIndexShared *shared)
{
  g_atomic_ref_count_inc (&shared->refs);
  return shared;
}

/**
 * kontor_index_shared_unref:
 * @shared: (transfer full): what the states of one table share
 */
void
kontor_index_shared_unref (KontorIndexShared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->refs))
    return;
  for (guint i = 0; i < KONTOR_INDEX_MAX_COLUMNS; i++)
    for (guint j = 0; j < shared->words[i].n; j++)
      g_free ((char *) shared->words[i].words[j]);
  for (guint i = 0; i < G_N_ELEMENTS (shared->references); i++)
    g_free (shared->references[i]);
  g_hash_table_unref (shared->reference_numbers);
  g_mutex_clear (&shared->lock);
  g_free (shared);
}

static guint
look_up_word (const KontorIndexWords *words, guint from, guint n, const char *word)
{
  for (guint i = from; i < n; i++)
    if (strcmp (words->words[i], word) == 0)
      return i;
  return n;
}

/**
 * kontor_index_shared_word:
 * @shared: of one table
 * @column: a WORD column
 * @word: (nullable): a word
 *
 * Safe from any thread. When a column has all the words it can have, others become the last one.
 *
 * Returns: the number that stands for @word, 0 for none
 */
guint
kontor_index_shared_word (KontorIndexShared *shared, guint column, const char *word)
{
  KontorIndexWords *words = &shared->words[column];
  guint n = (guint) g_atomic_int_get ((gint *) &words->n), code;

  if (word == NULL || *word == '\0')
    return 0;
  code = look_up_word (words, 1, n, word);
  if (code < n)
    return code;

  g_mutex_lock (&shared->lock);
  code = look_up_word (words, n, words->n, word);
  if (code == words->n && words->n < KONTOR_INDEX_WORDS)
    add_word (words, word);
  g_mutex_unlock (&shared->lock);
  return MIN (code, KONTOR_INDEX_WORDS - 1);
}

/**
 * kontor_index_shared_reference:
 * @shared: of one table
 * @key: the key of what is referred to; 0: nothing
 *
 * Safe from any thread.
 *
 * Returns: the number that stands for it
 */
guint
kontor_index_shared_reference (KontorIndexShared *shared, gint64 key)
{
  gpointer known;
  guint number;
  gint64 *block, *place;

  if (key == 0)
    return 0;
  g_mutex_lock (&shared->lock);
  known = g_hash_table_lookup (shared->reference_numbers, &key);
  number = GPOINTER_TO_UINT (known);
  if (known == NULL
      && shared->n_references < G_N_ELEMENTS (shared->references) * KONTOR_REFERENCE_BLOCK)
    {
      number = shared->n_references;
      block = shared->references[number / KONTOR_REFERENCE_BLOCK];
      if (block == NULL)
        block = shared->references[number / KONTOR_REFERENCE_BLOCK]
            = g_new0 (gint64, KONTOR_REFERENCE_BLOCK);
      place = &block[number % KONTOR_REFERENCE_BLOCK];
      *place = key;
      g_hash_table_insert (shared->reference_numbers, place, GUINT_TO_POINTER (number));
      g_atomic_int_set ((gint *) &shared->n_references, (gint) number + 1);
    }
  g_mutex_unlock (&shared->lock);
  return number;
}

/* ------------------------------------------------------------------------------------ states -- */

/**
 * kontor_index_assemble:
 * @table: what the rows are
 * @shared: (transfer none): its words and references
 * @chunks: (element-type KontorIndexChunk): in order of their keys; references are taken
 * @target: (nullable) (transfer none): what the reference column refers to
 *
 * Returns: (transfer full): the state that has these rows
 */
KontorIndex *
kontor_index_assemble (const KontorIndexTable *table,
                       KontorIndexShared *shared,
                       GPtrArray *chunks,
                       KontorIndex *target)
{
  KontorIndex *index = g_new0 (KontorIndex, 1);

  g_atomic_ref_count_init (&index->refs);
  g_mutex_init (&index->lock);
  index->table = table;
  index->shared = kontor_index_shared_ref (shared);
  index->target = target != NULL ? kontor_index_ref (target) : NULL;
  index->n_chunks = chunks->len;
  index->chunks = g_new (KontorIndexChunk *, chunks->len + 1);
  index->starts = g_new0 (guint, chunks->len + 1);
  index->word_starts = g_new0 (gsize, chunks->len + 1);
  for (guint i = 0; i < chunks->len; i++)
    {
      index->chunks[i] = kontor_index_chunk_ref (chunks->pdata[i]);
      index->starts[i + 1] = index->starts[i] + index->chunks[i]->n;
      index->word_starts[i + 1] = index->word_starts[i] + (index->chunks[i]->n + 63) / 64;
    }
  index->n = index->starts[chunks->len];
  return index;
}

/**
 * kontor_index_new:
 * @table: what its rows are: static
 *
 * Returns: (transfer full): a state without rows
 */
KontorIndex *
kontor_index_new (const KontorIndexTable *table)
{
  g_autoptr (GPtrArray) chunks = g_ptr_array_new ();
  KontorIndexShared *shared = shared_new (table);
  KontorIndex *index = kontor_index_assemble (table, shared, chunks, NULL);

  g_return_val_if_fail (table->n_columns <= KONTOR_INDEX_MAX_COLUMNS, NULL);
  kontor_index_shared_unref (shared);
  return index;
}

/**
 * kontor_index_with_target:
 * @index: a state
 * @target: (nullable): a state of the table that the reference column refers to
 *
 * Returns: (transfer full): the same rows, by words of @target found and sorted
 */
KontorIndex *
kontor_index_with_target (KontorIndex *index, KontorIndex *target)
{
  g_autoptr (GPtrArray) chunks = g_ptr_array_new ();

  for (guint i = 0; i < index->n_chunks; i++)
    g_ptr_array_add (chunks, index->chunks[i]);
  return kontor_index_assemble (index->table, index->shared, chunks, target);
}

/**
 * kontor_index_ref:
 * @index: a state
 *
 * Returns: (transfer full): @index
 */
KontorIndex *
kontor_index_ref (KontorIndex *index)
{
  g_atomic_ref_count_inc (&index->refs);
  return index;
}

/**
 * kontor_index_unref:
 * @index: (transfer full): a state; what no other state shares with it goes with the last reference
 */
void
kontor_index_unref (KontorIndex *index)
{
  if (!g_atomic_ref_count_dec (&index->refs))
    return;
  for (guint i = 0; i < index->n_chunks; i++)
    kontor_index_chunk_unref (index->chunks[i]);
  for (guint i = 0; i < KONTOR_INDEX_MAX_COLUMNS; i++)
    g_free (index->orders[i]);
  g_free (index->chunks);
  g_free (index->starts);
  g_free (index->word_starts);
  g_free (index->target_rows);
  g_clear_pointer (&index->target, kontor_index_unref);
  kontor_index_shared_unref (index->shared);
  g_mutex_clear (&index->lock);
  g_free (index);
}

/**
 * kontor_index_table:
 * @index: a state
 *
 * Returns: what its rows are
 */
const KontorIndexTable *
kontor_index_table (const KontorIndex *index)
{
  return index->table;
}

/**
 * kontor_index_size:
 * @index: a state
 *
 * Returns: how many rows it has; they are numbered from 0 in the order of their keys
 */
guint
kontor_index_size (const KontorIndex *index)
{
  return index->n;
}

/**
 * kontor_index_memory:
 * @index: a state
 *
 * Returns: the bytes its rows take, with what was computed for sorting; not those of its target
 */
gsize
kontor_index_memory (const KontorIndex *index)
{
  gsize bytes = (gsize) index->shared->n_references * 40; /* with its place in the hash table */

  for (guint i = 0; i < index->n_chunks; i++)
    bytes += sizeof (KontorIndexChunk) + index->chunks[i]->size;
  for (guint i = 0; i < KONTOR_INDEX_MAX_COLUMNS; i++)
    if (index->orders[i] != NULL)
      bytes += (gsize) index->n * sizeof (guint32);
  return bytes;
}

/**
 * kontor_index_chunk_of:
 * @index: a state
 * @row: one of its rows
 *
 * Returns: the number of the chunk that holds it
 */
guint
kontor_index_chunk_of (const KontorIndex *index, guint row)
{
  guint low = 0, high = index->n_chunks;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (index->starts[middle] <= row)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/**
 * kontor_index_key:
 * @index: a state
 * @row: one of its rows
 *
 * Returns: its key, kind << 48 | tick
 */
gint64
kontor_index_key (const KontorIndex *index, guint row)
{
  guint chunk = kontor_index_chunk_of (index, row);

  return index->chunks[chunk]->keys[row - index->starts[chunk]];
}

/**
 * kontor_index_find:
 * @index: a state
 * @key: a key
 *
 * Returns: the number of the row with this key, or KONTOR_INDEX_NO_ROW
 */
guint
kontor_index_find (const KontorIndex *index, gint64 key)
{
  guint low = 0, high = index->n_chunks;
  const KontorIndexChunk *chunk;
  guint start;

  if (index->n == 0)
    return KONTOR_INDEX_NO_ROW;
  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (index->chunks[middle]->keys[0] <= key)
        low = middle;
      else
        high = middle;
    }
  chunk = index->chunks[low];
  start = index->starts[low];
  for (low = 0, high = chunk->n; high - low > 1;)
    {
      guint middle = (low + high) / 2;

      if (chunk->keys[middle] <= key)
        low = middle;
      else
        high = middle;
    }
  return chunk->keys[low] == key ? start + low : KONTOR_INDEX_NO_ROW;
}

/**
 * kontor_index_number:
 * @index: a state
 * @column: one of its columns, but not TEXT
 * @row: one of its rows
 *
 * Returns: what stands there: a number, the code of a word, the key of what is referred to
 */
gint64
kontor_index_number (const KontorIndex *index, guint column, guint row)
{
  guint number = kontor_index_chunk_of (index, row), at = row - index->starts[number];
  gconstpointer cells = index->chunks[number]->columns[column];

  switch (index->table->columns[column].kind)
    {
    case KONTOR_INDEX_WORD:
    case KONTOR_INDEX_FLAGS:
      return ((const guint8 *) cells)[at];
    case KONTOR_INDEX_TIME:
      return ((const guint32 *) cells)[at];
    case KONTOR_INDEX_REFERENCE:
      return kontor_index_reference_key (index->shared, ((const guint32 *) cells)[at]);
    case KONTOR_INDEX_AMOUNT:
    case KONTOR_INDEX_NUMBER:
      return ((const gint64 *) cells)[at];
    case KONTOR_INDEX_TEXT:
      break;
    }
  g_return_val_if_reached (0);
}

/* The rows of a chunk are compared as they lie: that is as fast as memory can be read. */
static gboolean
names (const KontorIndex *index,
       const KontorIndexChunk *chunk,
       guint column,
       guint i,
       gint64 number)
{
  gconstpointer cells = chunk->columns[column];

  if (index->table->columns[column].kind == KONTOR_INDEX_REFERENCE)
    return ((const guint32 *) cells)[i] == (guint32) number;
  return ((const gint64 *) cells)[i] == number;
}

static guint
number_of_reference (const KontorIndex *index, gint64 key)
{
  guint number;

  g_mutex_lock (&index->shared->lock);
  number = GPOINTER_TO_UINT (g_hash_table_lookup (index->shared->reference_numbers, &key));
  g_mutex_unlock (&index->shared->lock);
  return number;
}

/**
 * kontor_index_naming:
 * @index: a state
 * @column: NUMBER or REFERENCE column of it
 * @number: what stands there, or the key of what is referred to
 * @most: how many to find at most
 *
 * Returns: (transfer full) (element-type gint64): keys of the newest rows with it, newest first
 */
GArray *
kontor_index_naming (const KontorIndex *index, guint column, gint64 number, guint most)
{
  gboolean is_reference = index->table->columns[column].kind == KONTOR_INDEX_REFERENCE;
  gint64 wanted = is_reference ? number_of_reference (index, number) : number;
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (is_reference && wanted == 0)
    return keys;
  for (guint n = index->n_chunks; n > 0 && keys->len < most; n--)
    {
      const KontorIndexChunk *chunk = index->chunks[n - 1];

      for (guint i = chunk->n; i > 0 && keys->len < most; i--)
        if (names (index, chunk, column, i - 1, wanted))
          g_array_append_val (keys, chunk->keys[i - 1]);
    }
  return keys;
}

/**
 * kontor_index_word:
 * @index: a state
 * @column: a WORD column
 * @code: what stands for a word, such as a facet's place
 *
 * Returns: (nullable): the word, "" for none; %NULL when no word has this code
 */
const char *
kontor_index_word (const KontorIndex *index, guint column, guint code)
{
  const KontorIndexWords *words = &index->shared->words[column];

  return code < (guint) g_atomic_int_get ((gint *) &words->n) ? words->words[code] : NULL;
}

/**
 * kontor_index_text_number:
 * @table: a table
 * @column: a TEXT column
 *
 * Returns: how many breaks stand before its part in a row's text
 */
guint
kontor_index_text_number (const KontorIndexTable *table, guint column)
{
  guint number = 0;

  for (guint i = 0; i < column; i++)
    number += table->columns[i].kind == KONTOR_INDEX_TEXT;
  return number;
}

/**
 * kontor_index_part:
 * @index: a state
 * @column: a TEXT column
 * @row: one of its rows
 * @length: (out): in bytes
 *
 * Returns: where this part of the row's text begins; it is not terminated
 */
const char *
kontor_index_part (const KontorIndex *index, guint column, guint row, gsize *length)
{
  guint number = kontor_index_chunk_of (index, row), at = row - index->starts[number];
  const KontorIndexChunk *chunk = index->chunks[number];
  const char *text = chunk->text + chunk->ends[at];
  const char *end = chunk->text + chunk->ends[at + 1] - 1; /* without the line feed */

  for (guint skip = kontor_index_text_number (index->table, column); skip > 0; skip--)
    {
      const char *found = memchr (text, KONTOR_TEXT_BREAK, (gsize) (end - text));

      text = found != NULL ? found + 1 : end;
    }
  for (*length = 0; text + *length < end && text[*length] != KONTOR_TEXT_BREAK;)
    (*length)++;
  return text;
}

/**
 * kontor_index_text:
 * @index: a state
 * @column: a TEXT column
 * @row: one of its rows
 *
 * Returns: (transfer full): what stands there, folded
 */
char *
kontor_index_text (const KontorIndex *index, guint column, guint row)
{
  gsize length;
  const char *text = kontor_index_part (index, column, row, &length);

  return g_strndup (text, length);
}

/**
 * kontor_index_target_rows:
 * @index: a state with a target
 * @n: (out): how many there are
 *
 * Returns: (array length=n): for each number that a reference can have the target's row, or
 * KONTOR_INDEX_NO_ROW; computed once
 */
const guint32 *
kontor_index_target_rows (KontorIndex *index, guint *n)
{
  g_mutex_lock (&index->lock);
  if (index->target_rows == NULL)
    {
      index->n_target_rows = (guint) g_atomic_int_get ((gint *) &index->shared->n_references);
      index->target_rows = g_new (guint32, index->n_target_rows);
      for (guint i = 0; i < index->n_target_rows; i++)
        index->target_rows[i]
            = i == 0 ? KONTOR_INDEX_NO_ROW
                     : kontor_index_find (index->target,
                                          kontor_index_reference_key (index->shared, i));
    }
  g_mutex_unlock (&index->lock);
  *n = index->n_target_rows;
  return index->target_rows;
}
