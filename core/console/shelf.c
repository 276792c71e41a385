/* shelf.c: the indexes of one file of objects, each loaded once and kept up to date for all.
 *
 * A table is loaded when it is first asked for, by a worker of its own. Changes are read by one
 * worker at a time, for all tables that are there; each state follows the one before it. What a
 * worker brings from a file that was replaced meanwhile is dropped. */
#include "core/console/shelf.h"

#include "core/id.h"

#define SAVE_EVERY_US (5 * 60 * G_USEC_PER_SEC)
#define N_NEWEST 200 /* rows shown before all are read: more than any terminal has lines */

typedef struct
{
  const KontorIndexTable *table;
  KontorIndex *rows;  /* %NULL: not loaded yet */
  KontorIndex *index; /* the same with the rows of its target; %NULL while either is missing */
  gboolean is_loading;
  char *state; /* of the file, that @rows hold; %NULL: it cannot be said */
  char *saved; /* the state that was saved beside the file */
} Volume;

struct _KontorShelf
{
  GObject parent_instance;
  char *file;
  GPtrArray *volumes;      /* of Volume */
  GCancellable *cancellable;
  guint generation;        /* of the file */
  guint n_under_way;
  GArray *changed;         /* keys that no worker has read yet */
  char *state;             /* of the file when the last of those keys were told */
  gboolean is_refreshing;
  gboolean has_lost;       /* changes: what is here is not to be kept */
  GThread *saver;          /* %NULL: none was begun */
  gint64 saved_at;         /* by the monotonic clock */
  char *problem;
};

enum
{
  READY,
  REPLACED,
  BUSY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (KontorShelf, kontor_shelf, G_TYPE_OBJECT)

static void
volume_clear (Volume *volume)
{
  g_clear_pointer (&volume->rows, kontor_index_unref);
  g_clear_pointer (&volume->index, kontor_index_unref);
  g_clear_pointer (&volume->state, g_free);
  g_clear_pointer (&volume->saved, g_free);
  volume->is_loading = FALSE;
}

static void
volume_free (gpointer data)
{
  volume_clear (data);
  g_free (data);
}

static Volume *
find_volume (KontorShelf *shelf, const KontorIndexTable *table)
{
  Volume *volume;

  for (guint i = 0; i < shelf->volumes->len; i++)
    {
      volume = shelf->volumes->pdata[i];
      if (volume->table == table)
        return volume;
    }
  volume = g_new0 (Volume, 1);
  volume->table = table;
  g_ptr_array_add (shelf->volumes, volume);
  return volume;
}

static void
set_busy (KontorShelf *shelf, int change)
{
  gboolean before = shelf->n_under_way > 0;

  shelf->n_under_way += (guint) change;
  if (before != (shelf->n_under_way > 0))
    g_signal_emit (shelf, signals[BUSY], 0);
}

static void
take_problem (KontorShelf *shelf, GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_free (shelf->problem);
  shelf->problem = g_strdup (error->message);
  g_signal_emit (shelf, signals[BUSY], 0);
}

/* With the newest rows of both; told once both are there. */
static void
bind_volume (KontorShelf *shelf, Volume *volume)
{
  const KontorIndexTable *to = volume->table->target;
  Volume *target = to != NULL ? find_volume (shelf, to) : NULL;

  if (volume->rows == NULL || (target != NULL && target->rows == NULL))
    return;
  g_clear_pointer (&volume->index, kontor_index_unref);
  volume->index = target != NULL ? kontor_index_with_target (volume->rows, target->rows)
                                 : kontor_index_ref (volume->rows);
  g_signal_emit (shelf, signals[READY], 0, volume->table);
}

/* The volumes whose rows are others than they were, and those that refer to them. */
static void
bind_changed (KontorShelf *shelf, const KontorIndexTable *changed)
{
  for (guint i = 0; i < shelf->volumes->len; i++)
    {
      Volume *volume = shelf->volumes->pdata[i];

      if (volume->table == changed || volume->table->target == changed)
        bind_volume (shelf, volume);
    }
}

/* --------------------------------------------------------------------------------- loading -- */

/* One table on its way from the file. */
typedef struct
{
  const KontorIndexTable *table;
  guint generation;
  char *state;      /* of the file, before it was read */
  gboolean is_saved;
} Load;

static void
load_free (gpointer data)
{
  g_free (((Load *) data)->state);
  g_free (data);
}

static char *
path_of (const char *file, const KontorIndexTable *table)
{
  return g_strdup_printf ("%s.%s.index", file, table->name);
}

/* From the file that was saved beside the copy, where it is of the same state. */
static KontorIndex *
load_table (Load *load, const char *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (KontorRowSource) source = kontor_row_source_open (file, error);
  g_autofree char *path = path_of (file, load->table);
  KontorIndex *index;

  if (source == NULL)
    return NULL;
  load->state = kontor_row_source_state (source);
  index = load->state != NULL ? kontor_index_map (load->table, path, load->state, NULL) : NULL;
  load->is_saved = index != NULL;
  if (index != NULL)
    return index;
  index = kontor_index_load (load->table, file, cancellable, error);
  if (index != NULL && load->state != NULL) /* else it is read again next time */
    load->is_saved = kontor_index_save (index, path, load->state, NULL);
  return index;
}

static void
load_volume (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  KontorShelf *shelf = source;
  GError *error = NULL;
  KontorIndex *rows = load_table (data, shelf->file, cancellable, &error);

  if (rows == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, rows, (GDestroyNotify) kontor_index_unref);
}

static void refresh (KontorShelf *shelf);

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  KontorShelf *shelf = KONTOR_SHELF (object);
  const Load *load = g_task_get_task_data (G_TASK (result));
  Volume *volume = find_volume (shelf, load->table);
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorIndex) rows = g_task_propagate_pointer (G_TASK (result), &error);

  if (load->generation == shelf->generation)
    {
      volume->is_loading = FALSE;
      if (rows == NULL)
        take_problem (shelf, error);
      else
        {
          volume->rows = g_steal_pointer (&rows);
          volume->state = g_strdup (load->state);
          volume->saved = load->is_saved ? g_strdup (load->state) : NULL;
          bind_changed (shelf, volume->table);
          refresh (shelf);
        }
    }
  set_busy (shelf, -1);
}

/* A name of SQLite's, as sheets have one, is of a file in memory. */
static gboolean
is_there (const char *file)
{
  return g_str_has_prefix (file, "file:") || g_file_test (file, G_FILE_TEST_EXISTS);
}

static gboolean
load_cb (gpointer task)
{
  g_task_run_in_thread (task, load_volume);
  return G_SOURCE_REMOVE;
}

/* When nothing else is to be done: reading takes every processor there is, and what is shown of the
 * newest rows is to be painted first. */
static void
begin_to_load (KontorShelf *shelf, Volume *volume)
{
  g_autoptr (GTask) task = NULL;
  Load *load;

  if (volume->rows != NULL || volume->is_loading || !is_there (shelf->file))
    return;
  load = g_new0 (Load, 1);
  load->table = volume->table;
  load->generation = shelf->generation;
  volume->is_loading = TRUE;
  task = g_task_new (shelf, shelf->cancellable, loaded_cb, NULL);
  g_task_set_task_data (task, load, load_free);
  set_busy (shelf, 1);
  g_idle_add_full (G_PRIORITY_LOW, load_cb, g_steal_pointer (&task), g_object_unref);
}

/* ---------------------------------------------------------------------------------- saving -- */

/* One table on its way beside the file. */
typedef struct
{
  KontorIndex *rows;
  char *path;
  char *state;
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  kontor_index_unref (copy->rows);
  g_free (copy->path);
  g_free (copy->state);
  g_free (copy);
}

static gpointer
save_copies (gpointer data)
{
  g_autoptr (GPtrArray) copies = data;

  for (guint i = 0; i < copies->len; i++)
    {
      const Copy *copy = copies->pdata[i];

      kontor_index_save (copy->rows, copy->path, copy->state, NULL); /* else it is read anew */
    }
  return NULL;
}

static void
wait_for_saver (KontorShelf *shelf)
{
  if (shelf->saver != NULL)
    g_thread_join (shelf->saver);
  shelf->saver = NULL;
}

/* What is of another state than what was saved of it last. */
static void
begin_to_save (KontorShelf *shelf)
{
  g_autoptr (GPtrArray) copies = g_ptr_array_new_with_free_func (copy_free);

  wait_for_saver (shelf);
  for (guint i = 0; i < shelf->volumes->len && !shelf->has_lost; i++)
    {
      Volume *volume = shelf->volumes->pdata[i];
      Copy *copy;

      if (volume->state == NULL || g_strcmp0 (volume->state, volume->saved) == 0)
        continue;
      copy = g_new (Copy, 1);
      *copy = (Copy){ kontor_index_ref (volume->rows), path_of (shelf->file, volume->table),
                      g_strdup (volume->state) };
      g_ptr_array_add (copies, copy);
      g_free (volume->saved);
      volume->saved = g_strdup (volume->state);
    }
  shelf->saved_at = g_get_monotonic_time ();
  if (copies->len > 0)
    shelf->saver = g_thread_new ("index-saver", save_copies, g_steal_pointer (&copies));
}

/* --------------------------------------------------------------------------------- changes -- */

/* What changed, and the states that do not know of it. */
typedef struct
{
  guint generation;
  char *state; /* of the file, that rows hold which know of it */
  GArray *keys;
  GPtrArray *bases, *nexts; /* of KontorIndex */
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_free (refresh->state);
  g_array_unref (refresh->keys);
  g_ptr_array_unref (refresh->bases);
  g_ptr_array_unref (refresh->nexts);
  g_free (refresh);
}

static void
refresh_volumes (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  KontorShelf *shelf = object;
  Refresh *refresh = data;
  GError *error = NULL;
  g_autoptr (KontorRowSource) source = kontor_row_source_open (shelf->file, &error);

  for (guint i = 0; i < refresh->bases->len && error == NULL; i++)
    {
      KontorIndex *next = kontor_index_refresh (refresh->bases->pdata[i], source,
                                                (const gint64 *) (gpointer) refresh->keys->data,
                                                refresh->keys->len, &error);

      if (next != NULL)
        g_ptr_array_add (refresh->nexts, next);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
take_states (KontorShelf *shelf, const Refresh *refresh)
{
  for (guint i = 0; i < refresh->nexts->len; i++)
    {
      KontorIndex *next = refresh->nexts->pdata[i];
      Volume *volume = find_volume (shelf, kontor_index_table (next));

      kontor_index_unref (volume->rows);
      volume->rows = kontor_index_ref (next);
    }
  for (guint i = 0; i < shelf->volumes->len; i++)
    {
      Volume *volume = shelf->volumes->pdata[i]; /* also one that it did not concern */

      g_free (volume->state);
      volume->state = volume->rows != NULL ? g_strdup (refresh->state) : NULL;
    }
  for (guint i = 0; i < refresh->nexts->len; i++)
    bind_changed (shelf, kontor_index_table (refresh->nexts->pdata[i]));
  if (g_get_monotonic_time () - shelf->saved_at > SAVE_EVERY_US)
    begin_to_save (shelf);
}

static void
refreshed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  KontorShelf *shelf = KONTOR_SHELF (object);
  const Refresh *done = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean good = g_task_propagate_boolean (G_TASK (result), &error);

  if (done->generation == shelf->generation)
    {
      shelf->is_refreshing = FALSE;
      shelf->has_lost = shelf->has_lost || !good;
      if (good)
        take_states (shelf, done);
      else
        take_problem (shelf, error);
      refresh (shelf);
    }
  set_busy (shelf, -1);
}

/* Whether any row of the table can be another one for what changed. */
static gboolean
concerns (const KontorIndexTable *table, const GArray *keys)
{
  for (guint i = 0; i < keys->len; i++)
    for (guint part = 0; part < table->n_parts; part++)
      if ((guint) (g_array_index (keys, gint64, i) >> KONTOR_TICK_BITS) == table->parts[part].kind)
        return TRUE;
  return FALSE;
}

/* Not while a table is being loaded: nobody could say whether its rows are older or newer. */
static gboolean
can_refresh (const KontorShelf *shelf)
{
  for (guint i = 0; i < shelf->volumes->len; i++)
    if (((Volume *) shelf->volumes->pdata[i])->is_loading)
      return FALSE;
  return !shelf->is_refreshing && shelf->changed->len > 0;
}

static void
refresh (KontorShelf *shelf)
{
  g_autoptr (GTask) task = NULL;
  Refresh *data;

  if (!can_refresh (shelf))
    return;
  data = g_new0 (Refresh, 1);
  data->generation = shelf->generation;
  data->state = g_strdup (shelf->state);
  data->keys = shelf->changed;
  data->bases = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_index_unref);
  data->nexts = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_index_unref);
  shelf->changed = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < shelf->volumes->len; i++)
    {
      Volume *volume = shelf->volumes->pdata[i];

      if (volume->rows != NULL && concerns (volume->table, data->keys))
        g_ptr_array_add (data->bases, kontor_index_ref (volume->rows));
    }
  shelf->is_refreshing = TRUE;
  task = g_task_new (shelf, shelf->cancellable, refreshed_cb, NULL);
  g_task_set_task_data (task, data, refresh_free);
  set_busy (shelf, 1);
  g_task_run_in_thread (task, refresh_volumes);
}

/* ------------------------------------------------------------------------------- the class -- */

/* Workers hold a reference, so nothing is under way by now. */
static void
finalize (GObject *object)
{
  KontorShelf *shelf = KONTOR_SHELF (object);

  wait_for_saver (shelf);
  g_clear_object (&shelf->cancellable);
  g_ptr_array_unref (shelf->volumes);
  g_array_unref (shelf->changed);
  g_free (shelf->file);
  g_free (shelf->state);
  g_free (shelf->problem);
  G_OBJECT_CLASS (kontor_shelf_parent_class)->finalize (object);
}

static void
kontor_shelf_class_init (KontorShelfClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->finalize = finalize;
  /**
   * KontorShelf::ready:
   * @shelf: the shelf
   * @table: (type gpointer): a #KontorIndexTable
   *
   * The table's index is another one than before.
   */
  signals[READY] = g_signal_new ("ready", KONTOR_TYPE_SHELF, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
  /**
   * KontorShelf::replaced:
   * @shelf: the shelf
   *
   * The file is another one. Indexes are loaded again as they are asked for.
   */
  signals[REPLACED] = g_signal_new ("replaced", KONTOR_TYPE_SHELF, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
  /**
   * KontorShelf::busy:
   * @shelf: the shelf
   *
   * kontor_shelf_is_busy() or kontor_shelf_problem() is another one.
   */
  signals[BUSY] = g_signal_new ("busy", KONTOR_TYPE_SHELF, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
kontor_shelf_init (KontorShelf *shelf)
{
  shelf->volumes = g_ptr_array_new_with_free_func (volume_free);
  shelf->changed = g_array_new (FALSE, FALSE, sizeof (gint64));
  shelf->cancellable = g_cancellable_new ();
  shelf->saved_at = g_get_monotonic_time ();
}

/**
 * kontor_shelf_new:
 * @file: a replica, or another file with a table of objects as a replica has it; it need not be
 *   there yet
 *
 * Returns: (transfer full): a shelf on which nothing is loaded
 */
KontorShelf *
kontor_shelf_new (const char *file)
{
  KontorShelf *shelf = g_object_new (KONTOR_TYPE_SHELF, NULL);

  shelf->file = g_strdup (file);
  return shelf;
}

/**
 * kontor_shelf_file:
 * @shelf: a shelf
 *
 * Returns: the file that it reads
 */
const char *
kontor_shelf_file (KontorShelf *shelf)
{
  return shelf->file;
}

/**
 * kontor_shelf_index:
 * @shelf: a shelf
 * @table: static
 *
 * What is not there yet begins to be loaded; "ready" comes when it is.
 *
 * Returns: (transfer none) (nullable): the newest state of the table's rows
 */
KontorIndex *
kontor_shelf_index (KontorShelf *shelf, const KontorIndexTable *table)
{
  Volume *volume = find_volume (shelf, table);

  if (volume->index != NULL)
    return volume->index;
  begin_to_load (shelf, volume);
  if (table->target != NULL)
    begin_to_load (shelf, find_volume (shelf, table->target));
  return NULL;
}

/**
 * kontor_shelf_newest:
 * @shelf: a shelf
 * @table: static
 *
 * Reads them on this thread, which takes some milliseconds whatever the size of the file.
 *
 * Returns: (transfer full) (nullable): the newest rows of the table, enough to fill a screen;
 * %NULL when the file is not there or cannot be read
 */
KontorIndex *
kontor_shelf_newest (KontorShelf *shelf, const KontorIndexTable *table)
{
  g_autoptr (KontorRowSource) source
      = is_there (shelf->file) ? kontor_row_source_open (shelf->file, NULL) : NULL;

  return source != NULL ? kontor_index_load_newest (table, source, N_NEWEST, NULL) : NULL;
}

/**
 * kontor_shelf_related:
 * @shelf: a shelf
 * @table: static
 * @column: NUMBER or REFERENCE column of the table
 * @key: the object that it should name
 * @most: how many to find at most
 *
 * Returns: (transfer full) (nullable) (element-type gint64): keys of the newest rows that name it,
 * newest first; %NULL while the table is being loaded
 */
GArray *
kontor_shelf_related (KontorShelf *shelf,
                      const KontorIndexTable *table,
                      guint column,
                      gint64 key,
                      guint most)
{
  KontorIndex *index = kontor_shelf_index (shelf, table);

  return index != NULL ? kontor_index_naming (index, column, key, most) : NULL;
}

/**
 * kontor_shelf_is_busy:
 * @shelf: a shelf
 *
 * Returns: whether a worker reads
 */
gboolean
kontor_shelf_is_busy (KontorShelf *shelf)
{
  return shelf->n_under_way > 0;
}

/**
 * kontor_shelf_problem:
 * @shelf: a shelf
 *
 * Returns: (nullable): why the file could not be read when that was last tried
 */
const char *
kontor_shelf_problem (KontorShelf *shelf)
{
  return shelf->problem;
}

/**
 * kontor_shelf_refresh:
 * @shelf: a shelf
 * @keys: (array length=n): objects that changed, came or went
 * @n: how many
 *
 * The indexes follow as soon as a worker has read them. Nobody may write to the file between the
 * last of these changes and this call: with them, the indexes are of the state that it has now.
 */
void
kontor_shelf_refresh (KontorShelf *shelf, const gint64 *keys, guint n)
{
  g_autoptr (KontorRowSource) source = kontor_row_source_open (shelf->file, NULL);

  g_free (shelf->state);
  shelf->state = source != NULL ? kontor_row_source_state (source) : NULL;
  g_array_append_vals (shelf->changed, keys, n);
  refresh (shelf);
}

/**
 * kontor_shelf_save:
 * @shelf: a shelf
 *
 * Keeps the indexes beside the file, so that the next start need not read all rows again. For the
 * one program that writes to the file; a copy in use is also saved every few minutes by itself.
 */
void
kontor_shelf_save (KontorShelf *shelf)
{
  begin_to_save (shelf);
  wait_for_saver (shelf);
}

/**
 * kontor_shelf_reload:
 * @shelf: a shelf
 *
 * The file is another one, or is there at last: forgets all that was read of it.
 */
void
kontor_shelf_reload (KontorShelf *shelf)
{
  g_cancellable_cancel (shelf->cancellable);
  g_object_unref (shelf->cancellable);
  shelf->cancellable = g_cancellable_new ();
  shelf->generation++;
  shelf->is_refreshing = FALSE;
  shelf->has_lost = FALSE;
  g_array_set_size (shelf->changed, 0);
  g_clear_pointer (&shelf->problem, g_free);
  for (guint i = 0; i < shelf->volumes->len; i++)
    volume_clear (shelf->volumes->pdata[i]);
  g_signal_emit (shelf, signals[REPLACED], 0);
}
