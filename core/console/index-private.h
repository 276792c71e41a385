/* index-private.h: how the index lies in memory; for the files of the index alone. */
#pragma once

#include "core/console/index.h"

G_BEGIN_DECLS

#define KONTOR_CHUNK_ROWS 16384
/* Between the parts of a row's text; a line feed ends it. */
#define KONTOR_TEXT_BREAK '\x1f'

/* Rows that lie together. It is one block of memory, or a piece of a mapped file, and never
 * changes: the next state takes it over or has another one in its place. */
typedef struct
{
  gatomicrefcount refs;
  guint           n;
  gint64         *keys;                              /* ascending */
  gpointer        columns[KONTOR_INDEX_MAX_COLUMNS]; /* %NULL for TEXT */
  guint32        *ends;                              /* n + 1: where a row's text begins in @text */
  char           *text;
  gsize           size;                              /* of the block */
  gpointer        memory;                            /* owned; %NULL: a piece of @file */
  GMappedFile    *file;
} KontorIndexChunk;

/* Words only ever come to a column's list, and readers see those they know: no lock is needed. */
typedef struct
{
  const char *words[KONTOR_INDEX_WORDS]; /* owned; [0] is "" */
  guint       n;                         /* atomic */
} KontorIndexWords;

#define KONTOR_REFERENCE_BLOCK 65536

/* What all states of one table share: words, and the numbers that stand for referred rows. */
typedef struct
{
  gatomicrefcount  refs;
  GMutex           lock;                 /* of adding */
  KontorIndexWords words[KONTOR_INDEX_MAX_COLUMNS];
  gint64          *references[1024];     /* blocks of keys; number 0 is none */
  guint            n_references;         /* atomic; with number 0 */
  GHashTable      *reference_numbers;    /* key → number */
} KontorIndexShared;

struct _KontorIndex
{
  gatomicrefcount         refs;
  const KontorIndexTable *table;
  KontorIndexShared      *shared;
  guint                   n;
  guint                   n_chunks;
  KontorIndexChunk      **chunks;
  guint                  *starts;        /* n_chunks + 1: row number of each chunk's first row */
  gsize                  *word_starts;   /* n_chunks + 1: its place in bitmaps, in 64 bits */
  KontorIndex            *target;        /* what the reference column refers to; may be %NULL */
  GMutex                  lock;          /* of what is computed when first asked for */
  guint32                *orders[KONTOR_INDEX_MAX_COLUMNS];
  gboolean                in_order[KONTOR_INDEX_MAX_COLUMNS]; /* the rows already are */
  guint32                *target_rows;   /* by number of reference */
  guint                   n_target_rows;
};

struct _KontorAnswer
{
  gatomicrefcount refs;
  KontorIndex    *index;
  guint64        *bits;
  guint           n;
};

KontorIndexChunk  *kontor_index_chunk_ref   (KontorIndexChunk *chunk);
void               kontor_index_chunk_unref (KontorIndexChunk *chunk);
gsize              kontor_index_chunk_lay_out (const KontorIndexTable *table,
                                               KontorIndexChunk *chunk,
                                               gsize text_length,
                                               guint8 *memory);
KontorIndexShared *kontor_index_shared_ref   (KontorIndexShared *shared);
void               kontor_index_shared_unref (KontorIndexShared *shared);
guint              kontor_index_shared_word  (KontorIndexShared *shared,
                                              guint column,
                                              const char *word);
guint              kontor_index_shared_reference (KontorIndexShared *shared, gint64 key);
KontorIndex       *kontor_index_assemble     (const KontorIndexTable *table,
                                              KontorIndexShared *shared,
                                              GPtrArray *chunks,
                                              KontorIndex *target);
guint              kontor_index_chunk_of     (const KontorIndex *index, guint row);
const guint32     *kontor_index_target_rows  (KontorIndex *index, guint *n);
const char        *kontor_index_part         (const KontorIndex *index,
                                              guint column,
                                              guint row,
                                              gsize *length);
guint              kontor_index_text_number  (const KontorIndexTable *table, guint column);

static inline gint64
kontor_index_reference_key (const KontorIndexShared *shared, guint number)
{
  return shared->references[number / KONTOR_REFERENCE_BLOCK][number % KONTOR_REFERENCE_BLOCK];
}

G_END_DECLS
