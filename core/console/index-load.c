/* index-load.c: the columns read out of a replica: all of them, or those that changed. */
#include "core/console/index-private.h"

#include <string.h>

#include "core/console/extract.h"
#include "core/id.h"

#define N_THREADS 2
#define N_SLICES 8
#define CHECK_EVERY 1024 /* rows between looks at whether somebody still wants this */

/* What is known of the other part's objects: their keys, and their values side by side. */
typedef struct
{
  GArray *keys;
  GArray *values; /* n_paths of them for each key */
  GHashTable *words;
  GStringChunk *chars;
} Facts;

typedef struct
{
  const KontorIndexTable *table;
  const char *replica;
  GCancellable *cancellable;
  KontorExtract *extracts[KONTOR_INDEX_MAX_PARTS];
  gint64 first[KONTOR_INDEX_MAX_PARTS], last[KONTOR_INDEX_MAX_PARTS];
  Facts facts[N_SLICES];
  KontorIndex *empty;
  KontorIndex *slices[N_SLICES];
  guint part;       /* which is being read */
  gint next_slice;  /* atomic */
  GMutex lock;      /* of @error */
  GError *error;
} Load;

/* One slice of a part on its way. */
typedef struct
{
  Load *load;
  guint slice;
  KontorArena *arena;
  KontorIndexEdit *edit;
  guint hint_slice, hint; /* where the last fact was found: the next one is near */
  guint n;
} Slice;

static gboolean
goes_on (Slice *slice)
{
  return ++slice->n % CHECK_EVERY != 0 || !g_cancellable_is_cancelled (slice->load->cancellable);
}

/* ------------------------------------------------------------------------------------- facts -- */

static void
facts_init (Facts *facts)
{
  facts->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  facts->values = g_array_new (FALSE, FALSE, sizeof (KontorIndexValue));
  facts->chars = g_string_chunk_new (4096);
  facts->words = g_hash_table_new (g_str_hash, g_str_equal);
}

static void
facts_clear (Facts *facts)
{
  if (facts->keys == NULL)
    return;
  g_array_unref (facts->keys);
  g_array_unref (facts->values);
  g_string_chunk_free (facts->chars);
  g_hash_table_unref (facts->words);
}

/* The same few words come again and again: each is kept once. */
static const char *
keep (Facts *facts, const char *word)
{
  const char *kept;

  if (word == NULL)
    return NULL;
  kept = g_hash_table_lookup (facts->words, word);
  if (kept == NULL)
    {
      kept = g_string_chunk_insert (facts->chars, word);
      g_hash_table_add (facts->words, (char *) kept);
    }
  return kept;
}

/* Without the link: the rows know of it. */
static guint
n_kept (const KontorIndexPart *part)
{
  return part->n_paths - 1;
}

static gboolean
is_text (KontorIndexPathKind kind)
{
  return kind == KONTOR_PATH_TEXT || kind == KONTOR_PATH_TEXTS;
}

static gboolean
gather (const KontorRow *row, gpointer data)
{
  Slice *slice = data;
  Load *load = slice->load;
  const KontorIndexPart *part = &load->table->parts[load->part];
  Facts *facts = &load->facts[slice->slice];
  KontorIndexValue values[KONTOR_INDEX_MAX_PATHS];

  kontor_arena_reset (slice->arena);
  kontor_extract_read (load->extracts[load->part], row->body, slice->arena, values);
  for (guint i = 0; i < n_kept (part); i++)
    if (is_text (part->paths[i].kind))
      values[i].text = keep (facts, values[i].text);
  g_array_append_val (facts->keys, row->key);
  g_array_append_vals (facts->values, values, n_kept (part));
  return goes_on (slice);
}

static guint
search (const GArray *keys, guint from, gint64 key)
{
  const gint64 *data = (const gint64 *) (gpointer) keys->data;
  guint step = 1, low = from, high;

  if (low >= keys->len || data[low] > key)
    low = 0;
  while (low + step < keys->len && data[low + step] <= key)
    {
      low += step;
      step *= 2;
    }
  for (high = MIN (low + step, keys->len); high - low > 1;)
    {
      guint middle = (low + high) / 2;

      if (data[middle] <= key)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static const KontorIndexValue *
look_up_fact (Slice *slice, gint64 key)
{
  Load *load = slice->load;
  guint n_values = n_kept (&load->table->parts[1]);

  for (guint i = 0; i < N_SLICES; i++)
    {
      guint number = (slice->hint_slice + i) % N_SLICES;
      const Facts *facts = &load->facts[number];

      if (facts->keys->len == 0 || g_array_index (facts->keys, gint64, 0) > key
          || g_array_index (facts->keys, gint64, facts->keys->len - 1) < key)
        continue;
      slice->hint = search (facts->keys, number == slice->hint_slice ? slice->hint : 0, key);
      slice->hint_slice = number;
      if (g_array_index (facts->keys, gint64, slice->hint) != key)
        return NULL;
      return &g_array_index (facts->values, KontorIndexValue, slice->hint * n_values);
    }
  return NULL;
}

/* -------------------------------------------------------------------------------------- rows -- */

/* The key of the other part's object that @values name. */
static gint64
linked_key (const KontorIndexTable *table, guint part, const KontorIndexValue *values)
{
  const char *id = table->n_parts > 1 ? values[table->parts[part].link].text : NULL;
  gint64 tick = kontor_id_tick (id);

  return tick < 0 ? 0 : kontor_key (table->parts[1 - part].kind, tick);
}

static gboolean
add_row (const KontorRow *row, gpointer data)
{
  Slice *slice = data;
  Load *load = slice->load;
  KontorIndexValue values[KONTOR_INDEX_MAX_PATHS];
  const KontorIndexValue *parts[KONTOR_INDEX_MAX_PARTS] = { values };
  KontorIndexRow out = { .key = row->key };
  gint64 other;

  kontor_arena_reset (slice->arena);
  kontor_extract_read (load->extracts[0], row->body, slice->arena, values);
  other = load->table->n_parts > 1 ? linked_key (load->table, 0, values) : 0;
  if (other != 0)
    parts[1] = look_up_fact (slice, other);
  if (load->table->make (parts, row->created, &out))
    kontor_index_edit_put (slice->edit, &out);
  return goes_on (slice);
}

/* ----------------------------------------------------------------------------------- threads -- */

static void
note_error (Load *load, GError *error)
{
  g_mutex_lock (&load->lock);
  if (load->error == NULL)
    load->error = error;
  else
    g_error_free (error);
  g_mutex_unlock (&load->lock);
}

static void
read_slice (Load *load, KontorRowSource *source, guint number)
{
  Slice slice = { load, number };
  gint64 first = load->first[load->part], last = load->last[load->part];
  gint64 step = (last - first) / N_SLICES + 1;
  GError *error = NULL;

  slice.arena = kontor_arena_new ();
  if (load->part == 0)
    slice.edit = kontor_index_edit_new (load->empty);
  else
    facts_init (&load->facts[number]);
  if (first <= last
      && !kontor_row_source_each (source, first + step * number,
                                  MIN (first + step * (number + 1) - 1, last),
                                  load->part == 0 ? add_row : gather, &slice, &error))
    note_error (load, error);
  if (load->part == 0)
    load->slices[number] = kontor_index_edit_finish (slice.edit);
  kontor_arena_free (slice.arena);
}

static gpointer
read_slices (gpointer data)
{
  Load *load = data;
  GError *error = NULL;
  g_autoptr (KontorRowSource) source = kontor_row_source_open (load->replica, &error);
  guint number;

  if (source == NULL)
    {
      note_error (load, error);
      return NULL;
    }
  while ((number = (guint) g_atomic_int_add (&load->next_slice, 1)) < N_SLICES)
    read_slice (load, source, number);
  return NULL;
}

static void
read_part (Load *load, guint part)
{
  GThread *threads[N_THREADS - 1];

  load->part = part;
  g_atomic_int_set (&load->next_slice, 0);
  for (guint i = 0; i < N_THREADS - 1; i++)
    threads[i] = g_thread_new ("index", read_slices, load);
  read_slices (load);
  for (guint i = 0; i < N_THREADS - 1; i++)
    g_thread_join (threads[i]);
}

static gboolean
find_ranges (Load *load, GError **error)
{
  g_autoptr (KontorRowSource) source = kontor_row_source_open (load->replica, error);

  if (source == NULL)
    return FALSE;
  for (guint i = 0; i < load->table->n_parts; i++)
    if (!kontor_row_source_range (source, load->table->parts[i].kind, &load->first[i],
                                  &load->last[i]))
      {
        load->first[i] = 0;
        load->last[i] = -1;
      }
  return TRUE;
}

static KontorIndex *
assemble (Load *load)
{
  g_autoptr (GPtrArray) chunks = g_ptr_array_new ();

  for (guint i = 0; i < N_SLICES; i++)
    for (guint j = 0; load->slices[i] != NULL && j < load->slices[i]->n_chunks; j++)
      g_ptr_array_add (chunks, load->slices[i]->chunks[j]);
  return kontor_index_assemble (load->table, load->empty->shared, chunks, NULL);
}

static KontorExtract *
extract_of (const KontorIndexTable *table, guint part, gboolean with_link)
{
  return kontor_extract_new (table->parts[part].paths, part == 0 || with_link
                                                           ? table->parts[part].n_paths
                                                           : n_kept (&table->parts[part]));
}

/**
 * kontor_index_load:
 * @table: what the rows are: static
 * @replica: the file of a replica
 * @cancellable: (nullable): stops it
 * @error: return location for a #GError
 *
 * Reads every object that the rows are made of, on this thread and another one: call it from a
 * worker. What is written to the replica meanwhile may be in it or not: refresh those rows.
 *
 * Returns: (transfer full): the state, or %NULL with a #GIOErrorEnum
 */
KontorIndex *
kontor_index_load (const KontorIndexTable *table,
                   const char *replica,
                   GCancellable *cancellable,
                   GError **error)
{
  Load load = { table, replica, cancellable };
  KontorIndex *index = NULL;

  if (!find_ranges (&load, error))
    return NULL;
  g_mutex_init (&load.lock);
  load.empty = kontor_index_new (table);
  for (guint i = 0; i < table->n_parts; i++)
    load.extracts[i] = extract_of (table, i, FALSE);
  for (guint i = table->n_parts; i > 0; i--)
    read_part (&load, i - 1);

  if (load.error != NULL)
    g_propagate_error (error, load.error);
  else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    index = assemble (&load);
  for (guint i = 0; i < N_SLICES; i++)
    {
      g_clear_pointer (&load.slices[i], kontor_index_unref);
      facts_clear (&load.facts[i]);
    }
  for (guint i = 0; i < table->n_parts; i++)
    kontor_extract_free (load.extracts[i]);
  kontor_index_unref (load.empty);
  g_mutex_clear (&load.lock);
  return index;
}

/* ----------------------------------------------------------------------------------- changes -- */

typedef struct
{
  const KontorIndexTable *table;
  KontorRowSource *source;
  KontorExtract *extracts[KONTOR_INDEX_MAX_PARTS];
  KontorArena *arena;
  KontorIndexEdit *edit;
} Refresh;

/* The row that an object of the other part belongs to; 0: none that is known. */
static gint64
row_of (Refresh *refresh, gint64 key, GError **error)
{
  KontorIndexValue values[KONTOR_INDEX_MAX_PATHS];
  KontorRow row;

  if (!kontor_row_source_get (refresh->source, key, &row, error))
    return 0;
  kontor_extract_read (refresh->extracts[1], row.body, refresh->arena, values);
  return linked_key (refresh->table, 1, values);
}

static void
refresh_row (Refresh *refresh, gint64 key, GError **error)
{
  KontorIndexValue values[KONTOR_INDEX_MAX_PATHS], others[KONTOR_INDEX_MAX_PATHS];
  const KontorIndexValue *parts[KONTOR_INDEX_MAX_PARTS] = { values };
  KontorIndexRow out = { .key = key };
  KontorRow row;
  gint64 other, created;

  if (!kontor_row_source_get (refresh->source, key, &row, error))
    {
      out.gone = TRUE;
      if (error == NULL || *error == NULL)
        kontor_index_edit_put (refresh->edit, &out);
      return;
    }
  created = row.created;
  kontor_extract_read (refresh->extracts[0], row.body, refresh->arena, values);
  other = refresh->table->n_parts > 1 ? linked_key (refresh->table, 0, values) : 0;
  if (other != 0 && kontor_row_source_get (refresh->source, other, &row, error))
    {
      kontor_extract_read (refresh->extracts[1], row.body, refresh->arena, others);
      parts[1] = others;
    }
  out.gone = !refresh->table->make (parts, created, &out);
  kontor_index_edit_put (refresh->edit, &out);
}

static gboolean
refresh_all (Refresh *refresh, const gint64 *keys, guint n, GError **error)
{
  GError *problem = NULL;

  for (guint i = 0; i < n && problem == NULL; i++)
    {
      guint kind = (guint) (keys[i] >> KONTOR_TICK_BITS);
      gint64 key = 0;

      kontor_arena_reset (refresh->arena);
      if (kind == refresh->table->parts[0].kind)
        key = keys[i];
      else if (refresh->table->n_parts > 1 && kind == refresh->table->parts[1].kind)
        key = row_of (refresh, keys[i], &problem);
      if (key != 0 && problem == NULL)
        refresh_row (refresh, key, &problem);
    }
  if (problem != NULL)
    g_propagate_error (error, problem);
  return problem == NULL;
}

/**
 * kontor_index_refresh:
 * @index: a state
 * @source: the replica
 * @keys: (array length=n): of objects that changed, came or went, of whatever kind
 * @n: how many
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the next state, or %NULL with a #GIOErrorEnum
 */
KontorIndex *
kontor_index_refresh (KontorIndex *index,
                      KontorRowSource *source,
                      const gint64 *keys,
                      guint n,
                      GError **error)
{
  Refresh refresh = { index->table, source };
  KontorIndex *next;
  gboolean good;

  refresh.arena = kontor_arena_new ();
  refresh.edit = kontor_index_edit_new (index);
  for (guint i = 0; i < index->table->n_parts; i++)
    refresh.extracts[i] = extract_of (index->table, i, TRUE);
  good = refresh_all (&refresh, keys, n, error);
  next = kontor_index_edit_finish (refresh.edit);
  for (guint i = 0; i < index->table->n_parts; i++)
    kontor_extract_free (refresh.extracts[i]);
  kontor_arena_free (refresh.arena);
  if (!good)
    g_clear_pointer (&next, kontor_index_unref);
  return next;
}

/**
 * kontor_index_load_newest:
 * @table: what the rows are: static
 * @source: the replica
 * @n: how many
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a state with the newest rows alone, or %NULL with a #GIOErrorEnum
 */
KontorIndex *
kontor_index_load_newest (const KontorIndexTable *table,
                          KontorRowSource *source,
                          guint n,
                          GError **error)
{
  g_autoptr (KontorIndex) empty = kontor_index_new (table);
  g_autoptr (GArray) keys = kontor_row_source_newest (source, table->parts[0].kind, n, error);

  return keys != NULL ? kontor_index_refresh (empty, source, (const gint64 *) (gpointer) keys->data,
                                              keys->len, error)
                      : NULL;
}
