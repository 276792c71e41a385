/* list-model.c: the rows of an answer as a GListModel, read as they are shown.
 *
 * A new answer is told in two steps: everything goes, while the list is empty, and then everything
 * comes. Widgets of GTK 4.8 otherwise look for the old rows among the new ones, which reads them
 * all from the file. */
#include "core/console/list-model.h"

#define PAGE 64
#define N_PAGES 32 /* kept: a screen shows two or three */

struct _KontorItem
{
  GObject parent_instance;
  gint64 key;
  gint64 version;
  gint64 created;
  char *id;
  char *body;
};

G_DEFINE_TYPE (KontorItem, kontor_item, G_TYPE_OBJECT)

/* Neighbours in the list, read at once. */
typedef struct
{
  guint number; /* position / PAGE */
  guint64 used; /* when, counted in uses */
  KontorItem *items[PAGE];
} Page;

struct _KontorList
{
  GObject parent_instance;
  KontorRowSource *source;
  KontorAnswer *answer; /* owned; %NULL: empty */
  GArray *rows;         /* owned: rows of the answer's state, in the order shown */
  GHashTable *marked;   /* set of keys */
  Page pages[N_PAGES];
  guint64 n_uses;
};

enum
{
  MARKS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void kontor_list_model_init (GListModelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (KontorList,
                         kontor_list,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, kontor_list_model_init))

/* ----------------------------------------------------------------------------------- items -- */

static void
kontor_item_finalize (GObject *object)
{
  KontorItem *item = KONTOR_ITEM (object);

  g_free (item->id);
  g_free (item->body);
  G_OBJECT_CLASS (kontor_item_parent_class)->finalize (object);
}

static void
kontor_item_class_init (KontorItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kontor_item_finalize;
}

static void
kontor_item_init (KontorItem *item)
{
}

/* What is gone from the file by now is an item without a body: the place stays. */
static KontorItem *
item_new (KontorRowSource *source, gint64 key)
{
  KontorItem *item = g_object_new (KONTOR_TYPE_ITEM, NULL);
  g_autoptr (GError) error = NULL;
  KontorRow row;

  item->key = key;
  if (source != NULL && kontor_row_source_get (source, key, &row, &error))
    {
      item->id = g_strdup (row.id);
      item->version = row.version;
      item->created = row.created;
      item->body = g_strndup (row.body, row.length);
    }
  else if (error != NULL)
    g_warning ("%s", error->message);
  return item;
}

/**
 * kontor_item_key:
 * @item: an object
 *
 * Returns: its key, kind << 48 | tick
 */
gint64
kontor_item_key (KontorItem *item)
{
  return item->key;
}

/**
 * kontor_item_id:
 * @item: an object
 *
 * Returns: its id; "" when it is gone from the replica
 */
const char *
kontor_item_id (KontorItem *item)
{
  return item->id != NULL ? item->id : "";
}

/**
 * kontor_item_version:
 * @item: an object
 *
 * Returns: the server's number of the state that it holds
 */
gint64
kontor_item_version (KontorItem *item)
{
  return item->version;
}

/**
 * kontor_item_created:
 * @item: an object
 *
 * Returns: when it was made, in Unix seconds
 */
gint64
kontor_item_created (KontorItem *item)
{
  return item->created;
}

/**
 * kontor_item_body:
 * @item: an object
 *
 * Returns: (nullable): its slim JSON; %NULL when it is gone from the replica
 */
const char *
kontor_item_body (KontorItem *item)
{
  return item->body;
}

/* ----------------------------------------------------------------------------------- pages -- */

static void
page_clear (Page *page)
{
  for (guint i = 0; i < PAGE; i++)
    g_clear_object (&page->items[i]);
  page->used = 0;
}

static void
clear_pages (KontorList *list)
{
  for (guint i = 0; i < N_PAGES; i++)
    page_clear (&list->pages[i]);
}

/* The page with this number; else the one that was not used for longest, cleared for it. */
static Page *
find_page (KontorList *list, guint number)
{
  Page *oldest = &list->pages[0];

  for (guint i = 0; i < N_PAGES; i++)
    {
      if (list->pages[i].used > 0 && list->pages[i].number == number)
        return &list->pages[i];
      if (list->pages[i].used < oldest->used)
        oldest = &list->pages[i];
    }
  page_clear (oldest);
  oldest->number = number;
  return oldest;
}

static void
fill_page (KontorList *list, Page *page)
{
  guint first = page->number * PAGE;

  for (guint i = 0; i < PAGE && first + i < list->rows->len; i++)
    page->items[i] = item_new (list->source, kontor_list_key (list, first + i));
}

/* ------------------------------------------------------------------------------------ list -- */

static guint
n_rows (KontorList *list)
{
  return list->rows != NULL ? list->rows->len : 0;
}

static GType
get_item_type (GListModel *model)
{
  return KONTOR_TYPE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return n_rows (KONTOR_LIST (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  KontorList *list = KONTOR_LIST (model);
  Page *page;

  if (position >= n_rows (list))
    return NULL;
  page = find_page (list, position / PAGE);
  if (page->used == 0)
    fill_page (list, page);
  page->used = ++list->n_uses;
  return g_object_ref (page->items[position % PAGE]);
}

static void
kontor_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
kontor_list_finalize (GObject *object)
{
  KontorList *list = KONTOR_LIST (object);

  clear_pages (list);
  g_clear_pointer (&list->answer, kontor_answer_unref);
  g_clear_pointer (&list->rows, g_array_unref);
  g_hash_table_unref (list->marked);
  kontor_row_source_close (list->source);
  G_OBJECT_CLASS (kontor_list_parent_class)->finalize (object);
}

static void
kontor_list_class_init (KontorListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kontor_list_finalize;
  /**
   * KontorList::marks-changed:
   * @list: the list
   *
   * Other objects are marked than before.
   */
  signals[MARKS_CHANGED] = g_signal_new ("marks-changed", KONTOR_TYPE_LIST, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kontor_list_init (KontorList *list)
{
  list->marked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

/**
 * kontor_list_new:
 * @source: (transfer full) (nullable): where rows are read from
 *
 * Returns: (transfer full): a list without rows
 */
KontorList *
kontor_list_new (KontorRowSource *source)
{
  KontorList *list = g_object_new (KONTOR_TYPE_LIST, NULL);

  list->source = source;
  return list;
}

/**
 * kontor_list_set_source:
 * @list: a list
 * @source: (transfer full) (nullable): where rows are read from, from now on
 *
 * The file was replaced by another one. What is shown is read anew when it is next asked for.
 */
void
kontor_list_set_source (KontorList *list, KontorRowSource *source)
{
  clear_pages (list);
  g_clear_pointer (&list->source, kontor_row_source_close);
  list->source = source;
}

/**
 * kontor_list_replace:
 * @list: a list
 * @answer: (transfer full): whose rows it shows from now on
 * @rows: (transfer full) (element-type guint32): those rows in the order in which they are shown
 *
 * Emits items-changed twice: all rows out, all rows in.
 */
void
kontor_list_replace (KontorList *list, KontorAnswer *answer, GArray *rows)
{
  guint before = n_rows (list);

  clear_pages (list);
  g_clear_pointer (&list->answer, kontor_answer_unref);
  g_clear_pointer (&list->rows, g_array_unref);
  if (before > 0)
    g_list_model_items_changed (G_LIST_MODEL (list), 0, before, 0);
  list->answer = answer;
  list->rows = rows;
  if (rows->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (list), 0, 0, rows->len);
}

/**
 * kontor_list_answer:
 * @list: a list
 *
 * Returns: (transfer none) (nullable): whose rows it shows
 */
KontorAnswer *
kontor_list_answer (KontorList *list)
{
  return list->answer;
}

/**
 * kontor_list_row:
 * @list: a list
 * @position: a place in it
 *
 * Returns: the row of the answer's state that stands there
 */
guint
kontor_list_row (KontorList *list, guint position)
{
  g_return_val_if_fail (position < n_rows (list), KONTOR_INDEX_NO_ROW);
  return g_array_index (list->rows, guint32, position);
}

/**
 * kontor_list_key:
 * @list: a list
 * @position: a place in it
 *
 * Returns: the key of the object that stands there, without reading it
 */
gint64
kontor_list_key (KontorList *list, guint position)
{
  g_return_val_if_fail (position < n_rows (list), 0);
  return kontor_index_key (kontor_answer_index (list->answer), kontor_list_row (list, position));
}

/**
 * kontor_list_find:
 * @list: a list
 * @key: of an object
 * @position: (out): where it stands
 *
 * Returns: whether the list shows it
 */
gboolean
kontor_list_find (KontorList *list, gint64 key, guint *position)
{
  guint row;

  if (list->answer == NULL)
    return FALSE;
  row = kontor_index_find (kontor_answer_index (list->answer), key);
  if (row == KONTOR_INDEX_NO_ROW || !kontor_answer_has (list->answer, row))
    return FALSE;
  for (guint i = 0; i < list->rows->len; i++)
    if (g_array_index (list->rows, guint32, i) == row)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * kontor_list_load:
 * @list: a list
 * @key: of any object of the replica
 *
 * Returns: (transfer full): the object as it stands there now
 */
KontorItem *
kontor_list_load (KontorList *list, gint64 key)
{
  return item_new (list->source, key);
}

/* ----------------------------------------------------------------------------------- marks -- */

static gboolean
set_mark (KontorList *list, gint64 key, gboolean marked)
{
  return marked ? g_hash_table_add (list->marked, g_memdup2 (&key, sizeof key))
                : g_hash_table_remove (list->marked, &key);
}

/**
 * kontor_list_mark:
 * @list: a list
 * @key: of an object
 * @marked: whether it is marked from now on
 */
void
kontor_list_mark (KontorList *list, gint64 key, gboolean marked)
{
  if (set_mark (list, key, marked))
    g_signal_emit (list, signals[MARKS_CHANGED], 0);
}

/**
 * kontor_list_mark_range:
 * @list: a list
 * @from: a place
 * @to: another one, before or behind it; both ends are marked
 */
void
kontor_list_mark_range (KontorList *list, guint from, guint to)
{
  for (guint i = MIN (from, to); i <= MAX (from, to) && i < n_rows (list); i++)
    set_mark (list, kontor_list_key (list, i), TRUE);
  g_signal_emit (list, signals[MARKS_CHANGED], 0);
}

/**
 * kontor_list_mark_all:
 * @list: a list
 *
 * Marks everything that it shows.
 */
void
kontor_list_mark_all (KontorList *list)
{
  if (n_rows (list) > 0)
    kontor_list_mark_range (list, 0, n_rows (list) - 1);
}

/**
 * kontor_list_unmark_all:
 * @list: a list
 *
 * Takes back all marks, also those of objects that it does not show now.
 */
void
kontor_list_unmark_all (KontorList *list)
{
  g_hash_table_remove_all (list->marked);
  g_signal_emit (list, signals[MARKS_CHANGED], 0);
}

/**
 * kontor_list_is_marked:
 * @list: a list
 * @key: of an object
 *
 * Returns: whether it is marked
 */
gboolean
kontor_list_is_marked (KontorList *list, gint64 key)
{
  return g_hash_table_contains (list->marked, &key);
}

/**
 * kontor_list_n_marked:
 * @list: a list
 *
 * Returns: how many objects are marked, shown or not
 */
guint
kontor_list_n_marked (KontorList *list)
{
  return g_hash_table_size (list->marked);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/**
 * kontor_list_marked:
 * @list: a list
 *
 * Returns: (transfer full) (element-type gint64): the keys of all marked objects, oldest first
 */
GArray *
kontor_list_marked (KontorList *list)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, list->marked);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (keys, key, 1);
  g_array_sort (keys, compare_keys);
  return keys;
}
