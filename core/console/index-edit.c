/* index-edit.c: the next state of the columns: rows put at the end, others changed or taken out. */
#include "core/console/index-private.h"

#include <string.h>

/* A chunk that still grows. */
typedef struct
{
  guint n;
  gint64 *keys;
  gpointer columns[KONTOR_INDEX_MAX_COLUMNS];
  guint32 *ends;
  GString *text;
} OpenChunk;

/* What one row looks like in the columns. */
typedef struct
{
  gint64 key;
  gboolean gone;
  gint64 cells[KONTOR_INDEX_MAX_COLUMNS];
  char *text;
} Change;

struct _KontorIndexEdit
{
  KontorIndex *base;
  const KontorIndexTable *table;
  KontorIndexShared *shared;
  GPtrArray *chunks;  /* finished ones; those of @base until a change needs another */
  gint64 last_key;    /* of @chunks and @open */
  OpenChunk open;
  GArray *changes;    /* of keys not after the last one */
};

static void
change_clear (gpointer data)
{
  g_free (((Change *) data)->text);
}

static void
open_chunk (KontorIndexEdit *edit)
{
  OpenChunk *open = &edit->open;

  if (open->keys != NULL)
    return;
  open->keys = g_new (gint64, KONTOR_CHUNK_ROWS);
  open->ends = g_new0 (guint32, KONTOR_CHUNK_ROWS + 1);
  open->text = g_string_sized_new (KONTOR_CHUNK_ROWS * 32);
  for (guint i = 0; i < edit->table->n_columns; i++)
    open->columns[i] = g_malloc0 (KONTOR_CHUNK_ROWS * sizeof (gint64));
}

static void
close_chunk (KontorIndexEdit *edit)
{
  OpenChunk *open = &edit->open;

  g_clear_pointer (&open->keys, g_free);
  g_clear_pointer (&open->ends, g_free);
  if (open->text != NULL)
    g_string_free (open->text, TRUE);
  open->text = NULL;
  for (guint i = 0; i < KONTOR_INDEX_MAX_COLUMNS; i++)
    g_clear_pointer (&open->columns[i], g_free);
}

/* Makes one block of what was gathered, in the narrow form of each column. */
static void
freeze (KontorIndexEdit *edit)
{
  OpenChunk *open = &edit->open;
  KontorIndexChunk *chunk;

  if (open->n == 0)
    return;
  chunk = g_new0 (KontorIndexChunk, 1);
  g_atomic_ref_count_init (&chunk->refs);
  chunk->n = open->n;
  chunk->memory
      = g_malloc0 (kontor_index_chunk_lay_out (edit->table, chunk, open->text->len, NULL));
  kontor_index_chunk_lay_out (edit->table, chunk, open->text->len, chunk->memory);

  memcpy (chunk->keys, open->keys, open->n * sizeof (gint64));
  memcpy (chunk->ends, open->ends, (open->n + 1) * sizeof (guint32));
  memcpy (chunk->text, open->text->str, open->text->len + 1);
  for (guint i = 0; i < edit->table->n_columns; i++)
    {
      const gint64 *cells = open->columns[i];

      switch (edit->table->columns[i].kind)
        {
        case KONTOR_INDEX_WORD:
        case KONTOR_INDEX_FLAGS:
          for (guint j = 0; j < open->n; j++)
            ((guint8 *) chunk->columns[i])[j] = (guint8) cells[j];
          break;
        case KONTOR_INDEX_TIME:
        case KONTOR_INDEX_REFERENCE:
          for (guint j = 0; j < open->n; j++)
            ((guint32 *) chunk->columns[i])[j] = (guint32) cells[j];
          break;
        case KONTOR_INDEX_AMOUNT:
        case KONTOR_INDEX_NUMBER:
          memcpy (chunk->columns[i], cells, open->n * sizeof (gint64));
          break;
        case KONTOR_INDEX_TEXT:
          break;
        }
    }
  g_ptr_array_add (edit->chunks, chunk);
  open->n = 0;
  g_string_truncate (open->text, 0);
}

static gint64
cell_of (KontorIndexEdit *edit, const KontorIndexRow *row, guint column)
{
  switch (edit->table->columns[column].kind)
    {
    case KONTOR_INDEX_WORD:
      return kontor_index_shared_word (edit->shared, column, row->texts[column]);
    case KONTOR_INDEX_FLAGS:
      return row->numbers[column] & 0xff;
    case KONTOR_INDEX_TIME:
      return CLAMP (row->numbers[column], 0, G_MAXUINT32);
    case KONTOR_INDEX_REFERENCE:
      return kontor_index_shared_reference (edit->shared, row->numbers[column]);
    case KONTOR_INDEX_AMOUNT:
    case KONTOR_INDEX_NUMBER:
      return row->numbers[column];
    case KONTOR_INDEX_TEXT:
      break;
    }
  return 0;
}

static void
append_folded (GString *out, const char *text)
{
  gboolean is_ascii = TRUE;
  gsize start = out->len;
  g_autofree char *valid = NULL, *folded = NULL;

  for (const char *c = text; *c != '\0'; c++)
    {
      is_ascii = is_ascii && (guchar) *c < 0x80;
      g_string_append_c (out, (guchar) *c < ' ' ? ' ' : g_ascii_tolower (*c));
    }
  if (is_ascii)
    return;
  g_string_truncate (out, start);
  valid = g_utf8_make_valid (text, -1);
  folded = kontor_find_fold (valid, -1);
  g_string_append (out, folded);
}

static void
append_text (const KontorIndexTable *table, const KontorIndexRow *row, GString *out)
{
  gboolean is_first = TRUE;

  for (guint i = 0; i < table->n_columns; i++)
    {
      if (table->columns[i].kind != KONTOR_INDEX_TEXT)
        continue;
      if (!is_first)
        g_string_append_c (out, KONTOR_TEXT_BREAK);
      is_first = FALSE;
      if (row->texts[i] != NULL)
        append_folded (out, row->texts[i]);
    }
  g_string_append_c (out, '\n');
}

/* The next place in the open chunk; @text is what its row will have added to the texts. */
static guint
begin_row (KontorIndexEdit *edit, gint64 key)
{
  if (edit->open.n == KONTOR_CHUNK_ROWS)
    freeze (edit);
  open_chunk (edit);
  edit->open.keys[edit->open.n] = key;
  return edit->open.n;
}

static void
end_row (KontorIndexEdit *edit)
{
  edit->open.n++;
  edit->open.ends[edit->open.n] = (guint32) edit->open.text->len;
}

static void
append_change (KontorIndexEdit *edit, const Change *change)
{
  guint at = begin_row (edit, change->key);

  for (guint i = 0; i < edit->table->n_columns; i++)
    ((gint64 *) edit->open.columns[i])[at] = change->cells[i];
  g_string_append (edit->open.text, change->text);
  end_row (edit);
}

/* Takes a row over as it is. */
static void
append_old (KontorIndexEdit *edit, const KontorIndexChunk *chunk, guint row)
{
  guint at = begin_row (edit, chunk->keys[row]);

  for (guint i = 0; i < edit->table->n_columns; i++)
    {
      gint64 *cell = &((gint64 *) edit->open.columns[i])[at];

      switch (edit->table->columns[i].kind)
        {
        case KONTOR_INDEX_WORD:
        case KONTOR_INDEX_FLAGS:
          *cell = ((const guint8 *) chunk->columns[i])[row];
          break;
        case KONTOR_INDEX_TIME:
        case KONTOR_INDEX_REFERENCE:
          *cell = ((const guint32 *) chunk->columns[i])[row];
          break;
        case KONTOR_INDEX_AMOUNT:
        case KONTOR_INDEX_NUMBER:
          *cell = ((const gint64 *) chunk->columns[i])[row];
          break;
        case KONTOR_INDEX_TEXT:
          break;
        }
    }
  g_string_append_len (edit->open.text, chunk->text + chunk->ends[row],
                       (gssize) (chunk->ends[row + 1] - chunk->ends[row]));
  end_row (edit);
}

/**
 * kontor_index_edit_new:
 * @base: the state to begin from
 *
 * Returns: (transfer full): a state in the making, for one thread; several can be made of one @base
 */
KontorIndexEdit *
kontor_index_edit_new (KontorIndex *base)
{
  KontorIndexEdit *edit = g_new0 (KontorIndexEdit, 1);

  edit->base = kontor_index_ref (base);
  edit->table = base->table;
  edit->shared = kontor_index_shared_ref (base->shared);
  edit->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_index_chunk_unref);
  edit->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (edit->changes, change_clear);
  for (guint i = 0; i < base->n_chunks; i++)
    g_ptr_array_add (edit->chunks, kontor_index_chunk_ref (base->chunks[i]));
  edit->last_key = base->n > 0 ? kontor_index_key (base, base->n - 1) : G_MININT64;
  return edit;
}

/**
 * kontor_index_edit_put:
 * @edit: a state in the making
 * @row: a new row, a changed one, or one that is gone
 *
 * Cheap for rows in the order of their keys; others are kept and put in place at the end.
 */
void
kontor_index_edit_put (KontorIndexEdit *edit, const KontorIndexRow *row)
{
  if (row->key > edit->last_key && !row->gone)
    {
      guint at = begin_row (edit, row->key);

      for (guint i = 0; i < edit->table->n_columns; i++)
        ((gint64 *) edit->open.columns[i])[at] = cell_of (edit, row, i);
      append_text (edit->table, row, edit->open.text);
      end_row (edit);
      edit->last_key = row->key;
    }
  else
    {
      Change change = { row->key, row->gone };
      GString *text = g_string_new (NULL);

      for (guint i = 0; i < edit->table->n_columns && !row->gone; i++)
        change.cells[i] = cell_of (edit, row, i);
      append_text (edit->table, row, text);
      change.text = g_string_free (text, FALSE);
      g_array_append_val (edit->changes, change);
    }
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *left = a, *right = b;

  return (left->key > right->key) - (left->key < right->key);
}

/* Of several changes of one row the last one holds. g_array_sort() is stable. */
static void
sort_changes (GArray *changes)
{
  g_array_sort (changes, compare_changes);
  for (guint i = changes->len; i > 1; i--)
    if (g_array_index (changes, Change, i - 1).key == g_array_index (changes, Change, i - 2).key)
      g_array_remove_index (changes, i - 2);
}

/* Copies @chunk with the changes from @next on that belong before @limit. */
static guint
merge (KontorIndexEdit *edit, const KontorIndexChunk *chunk, guint next, gint64 limit)
{
  const Change *changes = (const Change *) (gpointer) edit->changes->data;
  guint row = 0;

  while (row < chunk->n || (next < edit->changes->len && changes[next].key < limit))
    {
      gboolean has_change = next < edit->changes->len && changes[next].key < limit;

      if (!has_change || (row < chunk->n && chunk->keys[row] < changes[next].key))
        {
          append_old (edit, chunk, row++);
          continue;
        }
      if (row < chunk->n && chunk->keys[row] == changes[next].key)
        row++;
      if (!changes[next].gone)
        append_change (edit, &changes[next]);
      next++;
    }
  freeze (edit);
  return next;
}

/* Puts the changes where they belong. Chunks without any are taken over as they are. */
static void
apply_changes (KontorIndexEdit *edit)
{
  static const KontorIndexChunk nothing = { 0 };
  g_autoptr (GPtrArray) before = g_steal_pointer (&edit->chunks);
  guint next = 0;

  sort_changes (edit->changes);
  edit->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_index_chunk_unref);
  if (before->len == 0)
    merge (edit, &nothing, 0, G_MAXINT64);
  for (guint i = 0; i < before->len; i++)
    {
      KontorIndexChunk *chunk = before->pdata[i];
      gint64 limit = i + 1 < before->len ? ((KontorIndexChunk *) before->pdata[i + 1])->keys[0]
                                         : G_MAXINT64;

      if (next < edit->changes->len && g_array_index (edit->changes, Change, next).key < limit)
        next = merge (edit, chunk, next, limit);
      else
        g_ptr_array_add (edit->chunks, kontor_index_chunk_ref (chunk));
    }
}

/* Two neighbours that fit into one chunk become one, so that many small additions do not leave
 * many small chunks. */
static void
join_last (KontorIndexEdit *edit)
{
  while (edit->chunks->len > 1)
    {
      KontorIndexChunk *last = edit->chunks->pdata[edit->chunks->len - 1];
      KontorIndexChunk *before = edit->chunks->pdata[edit->chunks->len - 2];

      if (before->n + last->n > KONTOR_CHUNK_ROWS)
        return;
      kontor_index_chunk_ref (last);
      kontor_index_chunk_ref (before);
      g_ptr_array_set_size (edit->chunks, (gint) edit->chunks->len - 2);
      for (guint i = 0; i < before->n; i++)
        append_old (edit, before, i);
      for (guint i = 0; i < last->n; i++)
        append_old (edit, last, i);
      freeze (edit);
      kontor_index_chunk_unref (last);
      kontor_index_chunk_unref (before);
    }
}

/**
 * kontor_index_edit_finish:
 * @edit: (transfer full): a state in the making
 *
 * Only chunks in which something changed are written anew: a patch of few rows costs about a
 * megabyte of copying for each of them, whatever the number of rows.
 *
 * Returns: (transfer full): the state
 */
KontorIndex *
kontor_index_edit_finish (KontorIndexEdit *edit)
{
  KontorIndex *index;

  freeze (edit);
  if (edit->changes->len > 0)
    apply_changes (edit);
  join_last (edit);
  index = kontor_index_assemble (edit->table, edit->shared, edit->chunks, edit->base->target);

  close_chunk (edit);
  g_ptr_array_unref (edit->chunks);
  g_array_unref (edit->changes);
  kontor_index_shared_unref (edit->shared);
  kontor_index_unref (edit->base);
  g_free (edit);
  return index;
}
