/* seal.c: folds what was committed into signed blocks, so that it cannot be altered unnoticed.
 *
 * The byte forms of leaf and block are those of docs/ledger.md, “The seal”: changing one here breaks
 * every file sealed before. kontor-audit reads them by its own code. */
#include "server/jobs/seal.h"

#include <sodium.h>
#include <string.h>

#include "core/buffer.h"
#include "server/jobs/merkle.h"
#include "server/jobs/seal-key.h"
#include "server/store/block.h"

/* What one block holds at most: some tens of milliseconds of hashing. */
#define MAX_ENTRIES 10000
#define MAX_VERSIONS 40000

/* Read at one go. A reader that stays holds up the write-ahead log, which cannot begin anew; the rows
 * never change, so that one snapshot is as good as another. */
#define SLICE 2000

#define HEADER_BYTES 97

typedef struct
{
  KontorMerkle tree;
  KontorBuffer leaf;
  gint64 entry; /* the one that @leaf is being made of; 0: none */
} Folding;

static void
put_mark (KontorBuffer *bytes, char mark)
{
  kontor_buffer_char (bytes, mark);
}

static void
put_int (KontorBuffer *bytes, gint64 value)
{
  guint64 big = GUINT64_TO_BE ((guint64) value);

  kontor_buffer_append (bytes, (const char *) &big, sizeof big);
}

static void
put_bytes (KontorBuffer *bytes, const char *text, gsize length)
{
  put_int (bytes, (gint64) length);
  kontor_buffer_append (bytes, text, length);
}

static void
put_text (KontorBuffer *bytes, const char *text)
{
  put_bytes (bytes, text, strlen (text));
}

static void
finish_leaf (Folding *folding)
{
  kontor_merkle_add (&folding->tree, folding->leaf.data, folding->leaf.length);
  folding->leaf.length = 0;
}

static void
finish_entry (Folding *folding)
{
  if (folding->entry != 0)
    finish_leaf (folding);
  folding->entry = 0;
}

static void
fold_line_cb (const KontorBlockLine *line, gpointer data)
{
  Folding *folding = data;

  if (line->entry != folding->entry)
    {
      finish_entry (folding);
      folding->entry = line->entry;
      put_mark (&folding->leaf, 'E');
      put_int (&folding->leaf, line->entry);
      put_int (&folding->leaf, line->scope);
      put_text (&folding->leaf, line->kind);
      put_int (&folding->leaf, line->source);
      put_int (&folding->leaf, line->created);
    }
  if (line->posting == 0)
    return;
  put_int (&folding->leaf, line->posting);
  put_int (&folding->leaf, line->account_scope);
  put_text (&folding->leaf, line->account_kind);
  put_text (&folding->leaf, line->currency);
  put_int (&folding->leaf, line->available_on);
  put_int (&folding->leaf, line->amount);
}

static void
fold_version_cb (const KontorBlockVersion *version, gpointer data)
{
  Folding *folding = data;

  put_mark (&folding->leaf, 'V');
  put_int (&folding->leaf, version->seq);
  put_int (&folding->leaf, version->kind);
  put_int (&folding->leaf, version->object);
  put_int (&folding->leaf, version->prev);
  put_bytes (&folding->leaf, version->body, version->length);
  if (version->prev == 0)
    {
      put_text (&folding->leaf, version->id);
      put_int (&folding->leaf, version->born);
    }
  finish_leaf (folding);
}

static void
write_header (const KontorBlock *block, guint8 header[HEADER_BYTES])
{
  g_auto (KontorBuffer) bytes = { NULL };

  put_mark (&bytes, 'B');
  put_int (&bytes, block->number);
  put_int (&bytes, block->last_entry);
  put_int (&bytes, block->last_version);
  put_int (&bytes, block->created);
  kontor_buffer_append (&bytes, (const char *) block->root, sizeof block->root);
  kontor_buffer_append (&bytes, (const char *) block->previous, sizeof block->previous);
  g_assert (bytes.length == HEADER_BYTES);
  memcpy (header, bytes.data, HEADER_BYTES);
}

static gboolean
move_on (KontorStore *reader, GError **error)
{
  kontor_store_rollback (reader);
  return kontor_store_begin (reader, error);
}

static gboolean
fold_entries (KontorStore *reader, Folding *folding, gint64 after, gint64 last, GError **error)
{
  for (; after < last; after += SLICE)
    if (!kontor_store_block_lines (reader, after, MIN (after + SLICE, last), fold_line_cb, folding,
                                   error)
        || !move_on (reader, error))
      return FALSE;
  finish_entry (folding);
  return TRUE;
}

static gboolean
fold_versions (KontorStore *reader, Folding *folding, gint64 after, gint64 last, GError **error)
{
  for (; after < last; after += SLICE)
    if (!kontor_store_block_versions (reader, after, MIN (after + SLICE, last), fold_version_cb,
                                      folding, error)
        || !move_on (reader, error))
      return FALSE;
  return TRUE;
}

static gboolean
fold (KontorStore *reader, const KontorBlock *last, KontorBlock *block, GError **error)
{
  Folding folding = { .entry = 0 };
  gboolean read
      = fold_entries (reader, &folding, last->last_entry, block->last_entry, error)
        && fold_versions (reader, &folding, last->last_version, block->last_version, error);

  kontor_merkle_root (&folding.tree, block->root);
  kontor_buffer_clear (&folding.leaf);
  return read;
}

/* Fills all of @block but its time and signature; @block->number is 0 when there is nothing to seal. */
static gboolean
prepare (KontorStore *reader, KontorBlock *block, gboolean *has_more, GError **error)
{
  KontorBlock last;
  gint64 entries, versions;

  memset (block, 0, sizeof *block);
  if (!kontor_store_block_last (reader, &last, error)
      || !kontor_store_integer (reader, "SELECT max(number) FROM entries", &entries, error)
      || !kontor_store_integer (reader, "SELECT max(seq) FROM versions", &versions, error))
    return FALSE;
  block->last_entry = CLAMP (entries, last.last_entry, last.last_entry + MAX_ENTRIES);
  block->last_version = CLAMP (versions, last.last_version, last.last_version + MAX_VERSIONS);
  *has_more = block->last_entry < entries || block->last_version < versions;
  if (block->last_entry == last.last_entry && block->last_version == last.last_version)
    return TRUE;
  if (last.number > 0)
    {
      guint8 header[HEADER_BYTES];

      write_header (&last, header);
      crypto_generichash (block->previous, sizeof block->previous, header, sizeof header, NULL, 0);
    }
  block->number = last.number + 1;
  return fold (reader, &last, block, error);
}

static gboolean
sign (KontorBlock *block, const char *data_dir, GError **error)
{
  guint8 header[HEADER_BYTES], secret[crypto_sign_SECRETKEYBYTES];

  if (!kontor_seal_key_load (data_dir, block->number == 1, secret, error))
    return FALSE;
  write_header (block, header);
  crypto_sign_detached (block->signature, NULL, header, sizeof header, secret);
  sodium_memzero (secret, sizeof secret);
  return TRUE;
}

typedef struct
{
  KontorOp op;
  const KontorBlock *block;
  gboolean committed;
} Sealing;

static void
sealing_run (KontorOp *op, KontorTx *tx)
{
  const KontorBlock *block = ((Sealing *) op)->block;
  KontorBlock last;
  GError *error = NULL;

  /* Another process may have sealed the same rows meanwhile: then this block is not needed. */
  if (!kontor_store_block_last (tx->store, &last, &error)
      || (last.number + 1 == block->number
          && !kontor_store_block_insert (tx->store, block, &error)))
    kontor_tx_fail (tx, error);
}

static void
sealing_done_cb (KontorOp *op, gboolean committed)
{
  ((Sealing *) op)->committed = committed;
}

static gboolean
commit_block (KontorEngine *engine, const KontorBlock *block, GError **error)
{
  Sealing sealing = { .op = { .run = sealing_run, .done = sealing_done_cb }, .block = block };

  kontor_engine_run (engine, &sealing.op);
  if (!sealing.committed)
    g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
                 "block %" G_GINT64_FORMAT " was not committed", block->number);
  return sealing.committed;
}

/**
 * kontor_seal_run:
 * @engine: what commits the block
 * @reader: a read-only connection that nobody else uses meanwhile: the hashing is done on it
 * @data_dir: where the keys lie; they are made before the first block
 * @now: Unix seconds, the time the block will bear
 * @has_more: (out): whether more waits to be sealed than one block takes
 * @error: return location for a #GError
 *
 * Seals what was committed since the last block, in one block of bounded size. Not on the engine's
 * own thread.
 *
 * Returns: whether nothing was in the way; also when there was nothing to seal
 */
gboolean
kontor_seal_run (KontorEngine *engine,
                 KontorStore *reader,
                 const char *data_dir,
                 gint64 now,
                 gboolean *has_more,
                 GError **error)
{
  KontorBlock block;
  gboolean more, prepared;

  if (!kontor_store_begin (reader, error))
    return FALSE;
  prepared = prepare (reader, &block, &more, error);
  kontor_store_rollback (reader);
  if (!prepared)
    return FALSE;
  block.created = now;
  if (block.number != 0
      && (!sign (&block, data_dir, error) || !commit_block (engine, &block, error)))
    return FALSE;
  *has_more = more;
  return TRUE;
}
