/* screen.c: a list, what is asked of it and what stands at its cursor.
 *
 * Everything that takes long happens in workers; each has the number of the question it answers,
 * and an answer that comes when another question was asked since is dropped. */
#include "core/console/screen-private.h"

#include <string.h>

#include "core/console/desk.h"
#include "core/console/text.h"
#include "core/money.h"
#include "core/sync.h"

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_QUERY,
  PROP_BUSY,
  PROP_BANNER,
  PROP_CURSOR,
  N_PROPERTIES
};

enum
{
  ANSWERED,
  INDEX_READY,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_TYPE (KontorScreen, kontor_screen, G_TYPE_OBJECT)

const KontorScreenDeclaration *const kontor_screens[]
    = { &kontor_overview_screen,    &kontor_payments_screen,
        &kontor_customers_screen,   &kontor_balance_screen,
        &kontor_endpoints_screen,   &kontor_attempts_screen,
        &kontor_events_screen,      &kontor_log_screen,
        &kontor_audit_screen,       &kontor_keys_screen,
        &kontor_team_screen,        &kontor_queue_screen,
        &kontor_preferences_screen, NULL };

/* --------------------------------------------------------------------------------- asking -- */

/* A question on its way to a worker and back. */
typedef struct
{
  guint generation;
  KontorIndex *index;
  KontorArena *arena; /* of @find */
  KontorFind find;
  KontorAnswer *wider;
  guint sort;
  gboolean descending;
  KontorAnswer *answer;
  GArray *rows;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  kontor_index_unref (question->index);
  g_clear_pointer (&question->arena, kontor_arena_free);
  g_clear_pointer (&question->wider, kontor_answer_unref);
  g_clear_pointer (&question->answer, kontor_answer_unref);
  g_clear_pointer (&question->rows, g_array_unref);
  g_free (question);
}

static void
set_busy (KontorScreen *screen, int change)
{
  gboolean before = screen->n_under_way > 0;

  screen->n_under_way += (guint) change;
  if (before != (screen->n_under_way > 0))
    g_object_notify_by_pspec (G_OBJECT (screen), properties[PROP_BUSY]);
}

static void
set_banner (KontorScreen *screen, const char *text)
{
  if (g_strcmp0 (screen->banner, text) == 0)
    return;
  g_free (screen->banner);
  screen->banner = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (screen), properties[PROP_BANNER]);
}

static void
move_cursor (KontorScreen *screen, guint position)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (screen->list));

  position = n == 0 ? 0 : MIN (position, n - 1);
  screen->cursor_key = n > 0 ? kontor_list_key (screen->list, position) : 0;
  if (position == screen->cursor)
    return;
  screen->cursor = position;
  g_object_notify_by_pspec (G_OBJECT (screen), properties[PROP_CURSOR]);
}

/* Both look at every row: each frame would pay for it. */
static void
forget_counts (KontorScreen *screen)
{
  g_clear_pointer (&screen->facets, g_ptr_array_unref);
  g_clear_pointer (&screen->sums, g_free);
}

/* The cursor stays with its object; when that is not shown any more, it stays where it was. */
static void
show_answer (KontorScreen *screen, Question *question)
{
  guint position;

  g_clear_pointer (&screen->answer, kontor_answer_unref);
  g_clear_pointer (&screen->answer_arena, kontor_arena_free);
  screen->answer = kontor_answer_ref (question->answer);
  screen->answer_arena = g_steal_pointer (&question->arena);
  screen->answer_find = question->find;
  screen->shows_partial = screen->is_partial;
  screen->answered = question->generation;
  forget_counts (screen);
  kontor_list_replace (screen->list, g_steal_pointer (&question->answer),
                       g_steal_pointer (&question->rows));
  if (screen->cursor_key == 0 || !kontor_list_find (screen->list, screen->cursor_key, &position))
    position = screen->cursor;
  move_cursor (screen, position);
  g_signal_emit (screen, signals[ANSWERED], 0);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KontorScreen *screen = KONTOR_SCREEN (source);
  Question *question = g_task_get_task_data (G_TASK (result));

  if (question->generation == screen->generation
      && g_task_propagate_boolean (G_TASK (result), NULL))
    show_answer (screen, question);
  set_busy (screen, -1);
}

static void
answer_question (Question *question)
{
  question->answer = kontor_index_ask (question->index, &question->find, question->wider,
                                       KONTOR_INDEX_NO_COLUMN);
  question->rows = kontor_answer_rows (question->answer, question->sort, question->descending);
}

static void
answer_in_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  answer_question (data);
  g_task_return_boolean (task, TRUE);
}

static KontorFindSettings
settings_of (KontorScreen *screen)
{
  return (KontorFindSettings){ g_get_real_time () / G_USEC_PER_SEC, screen->format->zone,
                               screen->format->decimal_point };
}

static Question *
question_new (KontorScreen *screen)
{
  Question *question = g_new0 (Question, 1);
  KontorFindSettings settings = settings_of (screen);
  KontorFindError error = { 0 };
  g_autofree char *line
      = kontor_find_text (&screen->find); /* read anew: times are relative to now */

  question->generation = ++screen->generation;
  question->index = kontor_index_ref (screen->index);
  question->arena = kontor_arena_new ();
  kontor_find_parse (line, screen->declaration->fields, &settings, question->arena, &question->find,
                     &error);
  if (screen->answer != NULL && kontor_answer_index (screen->answer) == screen->index
      && kontor_find_refines (&question->find, &screen->answer_find))
    question->wider = kontor_answer_ref (screen->answer);
  question->sort = screen->sort;
  question->descending = screen->descending;
  return question;
}

/* A worker is not worth its start for a few hundred rows, and a first frame would be without. */
static void
ask (KontorScreen *screen)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  forget_counts (screen);
  if (screen->index == NULL)
    return;
  question = question_new (screen);
  if (screen->is_partial)
    {
      answer_question (question);
      show_answer (screen, question);
      question_free (question);
      return;
    }
  task = g_task_new (screen, screen->cancellable, answered_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, question, question_free);
  set_busy (screen, 1);
  g_task_run_in_thread (task, answer_in_worker);
}

/* ------------------------------------------------------------------------------- the index -- */

/* The newest rows there are; a table that changed and is none of ours may still be in the detail. */
static void
ready_cb (KontorShelf *shelf, const KontorIndexTable *table, KontorScreen *screen)
{
  if (table == screen->declaration->table)
    {
      g_clear_pointer (&screen->index, kontor_index_unref);
      screen->index = kontor_index_ref (kontor_shelf_index (shelf, table));
      screen->is_partial = FALSE;
      ask (screen);
    }
  kontor_screen_forget_detail (screen);
  g_signal_emit (screen, signals[INDEX_READY], 0);
}

/* Something to look at while all the rows are being read. Not in the place of rows that are shown
 * already: the cursor would lose its object. */
static void
show_newest (KontorScreen *screen)
{
  if (kontor_list_answer (screen->list) != NULL)
    return;
  screen->index = kontor_shelf_newest (screen->shelf, screen->declaration->table);
  screen->is_partial = screen->index != NULL;
  ask (screen);
}

static void
open_source (KontorScreen *screen)
{
  kontor_list_set_source (screen->list,
                          kontor_row_source_open (kontor_shelf_file (screen->shelf), NULL));
}

/* What was asked for, and where the cursor is, stays. */
static void
replaced_cb (KontorShelf *shelf, KontorScreen *screen)
{
  open_source (screen);
  forget_counts (screen);
  screen->generation++;
  g_clear_pointer (&screen->answer, kontor_answer_unref);
  g_clear_pointer (&screen->answer_arena, kontor_arena_free);
  g_clear_pointer (&screen->index, kontor_index_unref);
  screen->is_partial = FALSE;
  if (kontor_shelf_index (shelf, screen->declaration->table) == NULL)
    show_newest (screen);
}

static void
busy_cb (KontorShelf *shelf, KontorScreen *screen)
{
  if (kontor_shelf_problem (shelf) != NULL)
    set_banner (screen, kontor_shelf_problem (shelf));
  g_object_notify_by_pspec (G_OBJECT (screen), properties[PROP_BUSY]);
}

/* -------------------------------------------------------------------------------- the class -- */

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  KontorScreen *screen = KONTOR_SCREEN (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, kontor_screen_title (screen));
      break;
    case PROP_QUERY:
      g_value_set_string (value, screen->query);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, kontor_screen_is_busy (screen));
      break;
    case PROP_BANNER:
      g_value_set_string (value, screen->banner);
      break;
    case PROP_CURSOR:
      g_value_set_uint (value, screen->cursor);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  KontorScreen *screen = KONTOR_SCREEN (object);

  switch (id)
    {
    case PROP_QUERY:
      kontor_screen_set_query (screen, g_value_get_string (value));
      break;
    case PROP_CURSOR:
      kontor_screen_set_cursor (screen, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

/* Workers hold a reference, so nothing is under way by now; closing early is cancelling. */
static void
finalize (GObject *object)
{
  KontorScreen *screen = KONTOR_SCREEN (object);

  g_cancellable_cancel (screen->cancellable);
  g_clear_object (&screen->cancellable);
  g_signal_handlers_disconnect_by_data (screen->shelf, screen);
  g_clear_object (&screen->shelf);
  g_clear_object (&screen->list);
  g_clear_pointer (&screen->index, kontor_index_unref);
  g_clear_pointer (&screen->answer, kontor_answer_unref);
  g_clear_pointer (&screen->answer_arena, kontor_arena_free);
  g_clear_pointer (&screen->find_arena, kontor_arena_free);
  forget_counts (screen);
  kontor_screen_forget_detail (screen);
  g_free (screen->query);
  g_free (screen->banner);
  g_free (screen->head);
  G_OBJECT_CLASS (kontor_screen_parent_class)->finalize (object);
}

static void
kontor_screen_class_init (KontorScreenClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  object_class->finalize = finalize;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, readable);
  properties[PROP_QUERY] = g_param_spec_string ("query", NULL, NULL, "", writable);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  properties[PROP_BANNER] = g_param_spec_string ("banner", NULL, NULL, NULL, readable);
  properties[PROP_CURSOR] = g_param_spec_uint ("cursor", NULL, NULL, 0, G_MAXUINT, 0, writable);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  /**
   * KontorScreen::answered:
   * @screen: the screen
   *
   * The list shows the rows of another answer; sums, facets and detail may be others.
   */
  signals[ANSWERED] = g_signal_new ("answered", KONTOR_TYPE_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  /**
   * KontorScreen::index-ready:
   * @screen: the screen
   *
   * Everything can be asked for from now on, or rows have changed.
   */
  signals[INDEX_READY] = g_signal_new ("index-ready", KONTOR_TYPE_SCREEN, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kontor_screen_init (KontorScreen *screen)
{
  screen->cancellable = g_cancellable_new ();
  screen->query = g_strdup ("");
  screen->descending = TRUE;
}

/**
 * kontor_screen_new:
 * @declaration: what it shows: static
 * @shelf: where its rows come from
 * @format: how the person reads; it must outlive the screen
 *
 * The list shows the newest rows alone until the shelf has loaded its table and the first question
 * is answered.
 *
 * Returns: (transfer full): the screen
 */
KontorScreen *
kontor_screen_new (const KontorScreenDeclaration *declaration,
                   KontorShelf *shelf,
                   const KontorFormat *format)
{
  KontorScreen *screen = g_object_new (KONTOR_TYPE_SCREEN, NULL);
  KontorIndex *index;

  screen->declaration = declaration;
  screen->format = format;
  screen->shelf = g_object_ref (shelf);
  screen->list = kontor_list_new (NULL);
  screen->sort = declaration->sort;
  open_source (screen);
  g_signal_connect (shelf, "ready", G_CALLBACK (ready_cb), screen);
  g_signal_connect (shelf, "replaced", G_CALLBACK (replaced_cb), screen);
  g_signal_connect (shelf, "busy", G_CALLBACK (busy_cb), screen);
  index = kontor_shelf_index (shelf, declaration->table);
  if (index != NULL)
    ready_cb (shelf, declaration->table, screen);
  else
    show_newest (screen);
  return screen;
}

/**
 * kontor_screen_set_desk:
 * @screen: a screen
 * @desk: (nullable): what it belongs to; it must outlive the screen
 */
void
kontor_screen_set_desk (KontorScreen *screen, KontorDesk *desk)
{
  if (screen->desk != NULL)
    g_signal_handlers_disconnect_by_data (screen->desk, screen);
  screen->desk = desk;
  /* What was fetched for the detail may have come. */
  if (desk != NULL)
    g_signal_connect_swapped (desk, "changed", G_CALLBACK (kontor_screen_forget_detail), screen);
}

/**
 * kontor_screen_desk:
 * @screen: a screen
 *
 * Returns: (transfer none) (nullable): what it belongs to
 */
KontorDesk *
kontor_screen_desk (KontorScreen *screen)
{
  return screen->desk;
}

/**
 * kontor_screen_shelf:
 * @screen: a screen
 *
 * Returns: (transfer none): where its rows come from
 */
KontorShelf *
kontor_screen_shelf (KontorScreen *screen)
{
  return screen->shelf;
}

/**
 * kontor_screen_say:
 * @screen: a screen
 * @text: (nullable): what its banner says, until the next question; %NULL: nothing
 */
void
kontor_screen_say (KontorScreen *screen, const char *text)
{
  set_banner (screen, text);
}

/**
 * kontor_screen_declaration:
 * @screen: a screen
 *
 * Returns: what it shows
 */
const KontorScreenDeclaration *
kontor_screen_declaration (KontorScreen *screen)
{
  return screen->declaration;
}

/**
 * kontor_screen_path:
 * @declaration: of a screen with a path
 * @id: of an object
 *
 * Returns: (transfer full): where the API has it
 */
char *
kontor_screen_path (const KontorScreenDeclaration *declaration, const char *id)
{
  const char *mark = strstr (declaration->path, "%s");

  return g_strdup_printf ("%.*s%s%s", (int) (mark - declaration->path), declaration->path, id,
                          mark + strlen ("%s"));
}

/**
 * kontor_screen_list:
 * @screen: a screen
 *
 * Returns: (transfer none): its rows; the same object as long as the screen lives
 */
KontorList *
kontor_screen_list (KontorScreen *screen)
{
  return screen->list;
}

/**
 * kontor_screen_copy_list:
 * @screen: a screen
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the rows as they are shown now, for another thread; %NULL with
 * %G_IO_ERROR_BUSY while not all of them are read, or another #GIOErrorEnum when the replica
 * cannot be opened
 */
KontorList *
kontor_screen_copy_list (KontorScreen *screen, GError **error)
{
  KontorAnswer *answer = kontor_list_answer (screen->list);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  KontorRowSource *source;
  KontorList *list;

  if (screen->shows_partial)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _ ("Not all rows have been read yet: try again in a moment."));
      return NULL;
    }
  source = kontor_row_source_open (kontor_shelf_file (screen->shelf), error);
  if (source == NULL)
    return NULL;
  list = kontor_list_new (source);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (screen->list)); i++)
    {
      guint32 row = kontor_list_row (screen->list, i);

      g_array_append_val (rows, row);
    }
  if (answer != NULL)
    kontor_list_replace (list, kontor_answer_ref (answer), g_array_ref (rows));
  return list;
}

/**
 * kontor_screen_format:
 * @screen: a screen
 *
 * Returns: how the person reads
 */
const KontorFormat *
kontor_screen_format (KontorScreen *screen)
{
  return screen->format;
}

/**
 * kontor_screen_title:
 * @screen: a screen
 *
 * Returns: its name for people
 */
const char *
kontor_screen_title (KontorScreen *screen)
{
  return _ (screen->declaration->title);
}

/* A sheet that is made of the copy's rows waits until those are read. */
static gboolean
waits_for_copy (KontorScreen *screen)
{
  return (screen->declaration->filled & KONTOR_FILL_ON_CHANGE) != 0 && screen->desk != NULL
         && kontor_shelf_is_busy (kontor_desk_shelf (screen->desk));
}

/**
 * kontor_screen_is_busy:
 * @screen: a screen
 *
 * Returns: whether a worker is at something
 */
gboolean
kontor_screen_is_busy (KontorScreen *screen)
{
  return screen->n_under_way > 0 || kontor_shelf_is_busy (screen->shelf) || waits_for_copy (screen);
}

/**
 * kontor_screen_is_partial:
 * @screen: a screen
 *
 * Returns: whether the list shows what fits of the newest rows alone, until all of them are read
 */
gboolean
kontor_screen_is_partial (KontorScreen *screen)
{
  return screen->shows_partial;
}

/**
 * kontor_screen_is_asking:
 * @screen: a screen
 *
 * Returns: whether the list still shows the answer to another question than was asked last
 */
gboolean
kontor_screen_is_asking (KontorScreen *screen)
{
  return screen->answered != screen->generation;
}

/**
 * kontor_screen_banner:
 * @screen: a screen
 *
 * Returns: (nullable): what the person should know, such as what is wrong with the search line
 */
const char *
kontor_screen_banner (KontorScreen *screen)
{
  return screen->banner;
}

/**
 * kontor_screen_query:
 * @screen: a screen
 *
 * Returns: the search line as it was typed
 */
const char *
kontor_screen_query (KontorScreen *screen)
{
  return screen->query;
}

/**
 * kontor_screen_set_query:
 * @screen: a screen
 * @line: (nullable): what the person looks for
 *
 * A line with a mistake leaves the list as it is and says in the banner what is wrong.
 */
void
kontor_screen_set_query (KontorScreen *screen, const char *line)
{
  KontorArena *arena = kontor_arena_new ();
  KontorFindSettings settings = settings_of (screen);
  KontorFindError error = { 0 };
  KontorFind find;
  g_autofree char *before = screen->query;

  screen->query = g_strdup (line != NULL ? line : "");
  if (g_strcmp0 (before, screen->query) != 0)
    g_object_notify_by_pspec (G_OBJECT (screen), properties[PROP_QUERY]);
  if (!kontor_find_parse (screen->query, screen->declaration->fields, &settings, arena, &find,
                          &error))
    {
      screen->mistake = error;
      set_banner (screen, error.message);
      screen->mistake.message = screen->banner;
      kontor_arena_free (arena);
      return;
    }
  screen->mistake.message = NULL;
  set_banner (screen, NULL);
  g_clear_pointer (&screen->find_arena, kontor_arena_free);
  screen->find_arena = arena;
  screen->find = find;
  ask (screen);
}

/**
 * kontor_screen_chips:
 * @screen: a screen
 *
 * Returns: (transfer none): the conditions of the last line that was understood, each with its text
 * and its place in it
 */
const KontorFind *
kontor_screen_chips (KontorScreen *screen)
{
  return &screen->find;
}

/**
 * kontor_screen_mistake:
 * @screen: a screen
 * @start: (out): the first byte of the line that is to blame
 * @length: (out): how many
 *
 * Returns: whether the line has a mistake; the banner says which
 */
gboolean
kontor_screen_mistake (KontorScreen *screen, gsize *start, gsize *length)
{
  if (screen->mistake.message == NULL)
    return FALSE;
  *start = screen->mistake.start;
  *length = screen->mistake.length;
  return TRUE;
}

/* For the next time it is shown. */
static void
remember_sort (KontorScreen *screen, const KontorColumn *column)
{
  KontorSettings *settings = screen->desk != NULL ? kontor_desk_settings (screen->desk) : NULL;
  g_autoptr (GError) error = NULL;

  if (settings != NULL
      && !kontor_settings_set_sort (settings, screen->declaration->name, column->name,
                                    screen->descending, &error))
    set_banner (screen, error->message);
}

/**
 * kontor_screen_sort:
 * @screen: a screen
 * @column: what to sort by; the one it is sorted by already turns the order around
 *
 * Numbers and times begin with the largest, texts with the first.
 */
void
kontor_screen_sort (KontorScreen *screen, const KontorColumn *column)
{
  if (column->sort == KONTOR_INDEX_NO_COLUMN)
    return;
  if (screen->sort == column->sort)
    screen->descending = !screen->descending;
  else
    screen->descending = column->kind == KONTOR_COLUMN_MONEY || column->kind == KONTOR_COLUMN_TIME;
  screen->sort = column->sort;
  ask (screen);
  remember_sort (screen, column);
}

/**
 * kontor_screen_show_newest:
 * @screen: a screen
 *
 * Sorts as at first, newest rows at the top, and goes there.
 */
void
kontor_screen_show_newest (KontorScreen *screen)
{
  gboolean is_so = screen->sort == screen->declaration->sort && screen->descending;

  screen->sort = screen->declaration->sort;
  screen->descending = TRUE;
  screen->cursor_key = 0;
  move_cursor (screen, 0);
  if (!is_so)
    ask (screen);
}

/**
 * kontor_screen_sorted_by:
 * @screen: a screen
 * @column: one of its columns
 * @descending: (out): in which direction
 *
 * Returns: whether the list is sorted by it
 */
gboolean
kontor_screen_sorted_by (KontorScreen *screen, const KontorColumn *column, gboolean *descending)
{
  *descending = screen->descending;
  return column->sort != KONTOR_INDEX_NO_COLUMN && column->sort == screen->sort;
}

/**
 * kontor_screen_cursor:
 * @screen: a screen
 *
 * Returns: the place of the cursor in the list; 0 also when the list is empty
 */
guint
kontor_screen_cursor (KontorScreen *screen)
{
  return screen->cursor;
}

/**
 * kontor_screen_set_cursor:
 * @screen: a screen
 * @position: where to; past the end: to the end
 */
void
kontor_screen_set_cursor (KontorScreen *screen, guint position)
{
  move_cursor (screen, position);
}

/**
 * kontor_screen_go_to:
 * @screen: a screen
 * @id: of an object
 *
 * Returns: whether the list shows it; the cursor then stands there
 */
gboolean
kontor_screen_go_to (KontorScreen *screen, const char *id)
{
  gint64 key = kontor_sync_row (screen->declaration->table->parts[0].kind, id);
  guint position;

  if (key < 0 || !kontor_list_find (screen->list, key, &position))
    return FALSE;
  move_cursor (screen, position);
  return TRUE;
}
