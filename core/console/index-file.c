/* index-file.c: a state kept in a file beside the replica, and mapped from it at the next start. */
#include "core/console/index-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/console/text.h"

#define MAGIC G_GUINT64_CONSTANT (0x32584449524f544b) /* "KTORIDX2" where bytes are little-endian */
#define STATE_SIZE 72 /* the name of a state is the hexadecimal form of a checksum, and NUL */

/* The words, then the keys of references, then a row of Piece per chunk, then the chunks. All of it
 * is in the byte order of the machine: the file never leaves it, and MAGIC tells. */
typedef struct
{
  guint64 magic;
  guint64 checksum;   /* of all that follows it */
  guint64 size;       /* of the file */
  guint64 layout;     /* of the table: its columns and version */
  char state[STATE_SIZE];
  guint64 n_chunks;
  guint64 words_size;
  guint64 n_references;
} Head;

typedef struct
{
  guint64 n;
  guint64 size;
  guint64 text_length;
} Piece;

/* Four sums that do not wait for each other, so that it goes as fast as memory does. It finds what
 * broke by itself, not what somebody changed with intent: the replica is where the truth lies. */
static guint64
checksum_of (const guint8 *bytes, gsize n)
{
  const guint64 prime = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 sums[4] = { 1, 2, 3, 4 }, word, all = n;

  for (; n >= 32; n -= 32, bytes += 32)
    for (guint i = 0; i < 4; i++)
      {
        memcpy (&word, bytes + 8 * i, 8);
        sums[i] = (sums[i] << 27 | sums[i] >> 37) * prime + word;
      }
  for (; n > 0; n--, bytes++)
    sums[n & 3] = (sums[n & 3] ^ *bytes) * prime;
  for (guint i = 0; i < 4; i++)
    all = ((all << 31 | all >> 33) ^ sums[i]) * prime;
  return all ^ all >> 29;
}

static guint64
layout_of (const KontorIndexTable *table)
{
  g_autoptr (GString) text = g_string_new (table->name);

  g_string_append_printf (text, " %u %u %d", table->version, table->currency, KONTOR_CHUNK_ROWS);
  for (guint i = 0; i < table->n_columns; i++)
    {
      const char *const *word = table->columns[i].words;

      g_string_append_printf (text, " %s %d", table->columns[i].name, (int) table->columns[i].kind);
      for (; word != NULL && *word != NULL; word++)
        g_string_append_printf (text, ",%s", *word);
    }
  return checksum_of ((const guint8 *) text->str, text->len);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, why);
  return FALSE;
}

/* ------------------------------------------------------------------------------------ saving -- */

/* Column after column, each word with the NUL behind it; an empty one ends a column. */
static GByteArray *
write_words (const KontorIndex *index)
{
  GByteArray *words = g_byte_array_new ();
  const char *word;

  for (guint i = 0; i < index->table->n_columns; i++)
    {
      for (guint code = 1; (word = kontor_index_word (index, i, code)) != NULL; code++)
        g_byte_array_append (words, (const guint8 *) word, (guint) strlen (word) + 1);
      g_byte_array_append (words, (const guint8 *) "", 1);
    }
  while (words->len % 8 != 0)
    g_byte_array_append (words, (const guint8 *) "", 1);
  return words;
}

static void
put (guint8 **at, gconstpointer bytes, gsize n)
{
  memcpy (*at, bytes, n);
  *at += n;
}

static GBytes *
write_file (const KontorIndex *index, const char *state)
{
  g_autoptr (GByteArray) words = write_words (index);
  Head head = { MAGIC, 0, 0, layout_of (index->table) };
  guint8 *file, *at;

  g_strlcpy (head.state, state, STATE_SIZE);
  head.n_chunks = index->n_chunks;
  head.words_size = words->len;
  head.n_references = index->shared->n_references;
  head.size = sizeof head + words->len + head.n_references * 8 + head.n_chunks * sizeof (Piece);
  for (guint i = 0; i < index->n_chunks; i++)
    head.size += index->chunks[i]->size;

  at = file = g_malloc (head.size);
  put (&at, &head, sizeof head);
  put (&at, words->data, words->len);
  for (guint i = 0; i < head.n_references; i++)
    {
      gint64 key = kontor_index_reference_key (index->shared, i);

      put (&at, &key, 8);
    }
  for (guint i = 0; i < index->n_chunks; i++)
    {
      const KontorIndexChunk *chunk = index->chunks[i];
      Piece piece = { chunk->n, chunk->size, chunk->ends[chunk->n] };

      put (&at, &piece, sizeof piece);
    }
  for (guint i = 0; i < index->n_chunks; i++)
    put (&at, index->chunks[i]->keys, index->chunks[i]->size); /* the block begins with the keys */
  ((Head *) (gpointer) file)->checksum = checksum_of (file + 16, head.size - 16);
  return g_bytes_new_take (file, head.size);
}

/**
 * kontor_index_save:
 * @index: a state
 * @file: where; what was there is replaced in one step
 * @state: what the replica's state is called, as by kontor_row_source_state()
 * @error: return location for a #GError
 *
 * Returns: %TRUE, or %FALSE with a #GFileError
 */
gboolean
kontor_index_save (const KontorIndex *index, const char *file, const char *state, GError **error)
{
  g_autoptr (GBytes) bytes = write_file (index, state);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return g_file_set_contents_full (file, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   error);
}

/* ----------------------------------------------------------------------------------- mapping -- */

/* Adds the words in the order of their codes. Answers %FALSE when they are not well formed. */
static gboolean
read_words (KontorIndexShared *shared, const KontorIndexTable *table, const char *at, gsize size)
{
  const char *end = at + size;

  for (guint i = 0; i < table->n_columns; i++)
    for (guint code = 1;; code++)
      {
        gsize length = strnlen (at, (gsize) (end - at));

        if (at + length >= end)
          return FALSE;
        if (length > 0 && kontor_index_shared_word (shared, i, at) != code)
          return FALSE;
        at += length + 1;
        if (length == 0)
          break;
      }
  return TRUE;
}

static gboolean
read_references (KontorIndexShared *shared, const gint64 *keys, guint64 n)
{
  for (guint64 i = 1; i < n; i++)
    if (kontor_index_shared_reference (shared, keys[i]) != i)
      return FALSE;
  return TRUE;
}

static KontorIndexChunk *
map_chunk (const KontorIndexTable *table, const Piece *piece, guint8 *at, GMappedFile *file)
{
  KontorIndexChunk *chunk = g_new0 (KontorIndexChunk, 1);

  g_atomic_ref_count_init (&chunk->refs);
  chunk->n = (guint) piece->n;
  chunk->file = g_mapped_file_ref (file);
  kontor_index_chunk_lay_out (table, chunk, piece->text_length, at);
  return chunk;
}

static gboolean
read_chunks (const KontorIndexTable *table,
             GPtrArray *chunks,
             const Piece *pieces,
             guint64 n,
             GMappedFile *file,
             guint8 *at,
             guint8 *end)
{
  for (guint64 i = 0; i < n; i++)
    {
      KontorIndexChunk *chunk;

      if (pieces[i].size > (gsize) (end - at) || pieces[i].n > G_MAXUINT32)
        return FALSE;
      chunk = map_chunk (table, &pieces[i], at, file);
      g_ptr_array_add (chunks, chunk);
      if (chunk->size != pieces[i].size || chunk->ends[chunk->n] != pieces[i].text_length)
        return FALSE;
      at += pieces[i].size;
    }
  return at == end;
}

/* Whether the file is whole and says what is wanted. */
static gboolean
check_head (const KontorIndexTable *table,
            const guint8 *bytes,
            gsize size,
            const char *state,
            GError **error)
{
  const Head *head = (gconstpointer) bytes;

  if (size < sizeof *head || head->magic != MAGIC || head->size != size)
    return refuse (error, "it is no index of this kind, or not complete");
  if (head->layout != layout_of (table))
    return refuse (error, "it is of another version");
  if (strncmp (head->state, state, STATE_SIZE) != 0)
    return refuse (error, "it is of another state of the replica");
  if (head->checksum != checksum_of (bytes + 16, size - 16))
    return refuse (error, "its checksum is wrong");
  if (head->words_size > size || head->n_references > size / 8
      || head->n_chunks > size / sizeof (Piece)
      || sizeof *head + head->words_size + head->n_references * 8 + head->n_chunks * sizeof (Piece)
             > size)
    return refuse (error, "its parts do not fit");
  return TRUE;
}

/**
 * kontor_index_map:
 * @table: what its rows are: static
 * @file: what kontor_index_save() wrote
 * @state: what the replica's state is called now
 * @error: return location for a #GError
 *
 * Answers only what is exactly as new as the replica: else the rows have to be read again.
 *
 * Returns: (transfer full): the state, or %NULL with a #GFileError
 */
KontorIndex *
kontor_index_map (const KontorIndexTable *table,
                  const char *file,
                  const char *state,
                  GError **error)
{
  /* Written to never: a private mapping only spares a cast of every pointer. */
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (file, FALSE, error);
  g_autoptr (KontorIndex) empty = NULL;
  g_autoptr (GPtrArray) chunks
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_index_chunk_unref);
  guint8 *bytes, *at;
  const Head *head;
  const Piece *pieces;

  if (mapped == NULL)
    return NULL;
  bytes = (guint8 *) g_mapped_file_get_contents (mapped);
  if (!check_head (table, bytes, g_mapped_file_get_length (mapped), state, error))
    return NULL;

  head = (gconstpointer) bytes;
  at = bytes + sizeof *head;
  empty = kontor_index_new (table);
  pieces = (gconstpointer) (at + head->words_size + head->n_references * 8);
  if (!read_words (empty->shared, table, (const char *) at, head->words_size)
      || !read_references (empty->shared, (gconstpointer) (at + head->words_size),
                           head->n_references)
      || !read_chunks (table, chunks, pieces, head->n_chunks, mapped,
                       (guint8 *) (gpointer) (pieces + head->n_chunks), bytes + head->size))
    {
      refuse (error, "its rows are not well formed");
      return NULL;
    }
  return kontor_index_assemble (table, empty->shared, chunks, NULL);
}
