/* screen-show.c: what a screen shows: cells, the detail at the cursor, counts and sums. */
#include "core/console/screen-private.h"

#include <string.h>

#include "core/console/desk.h"
#include "core/console/text.h"
#include "core/money.h"

/**
 * kontor_screen_forget_detail:
 * @screen: a screen
 *
 * What its detail tells may be another by now.
 */
void
kontor_screen_forget_detail (KontorScreen *screen)
{
  g_clear_pointer (&screen->detail, g_ptr_array_unref);
  g_clear_object (&screen->detail_item);
}

static const KontorRecord *
record_at (KontorScreen *screen, guint position)
{
  g_autoptr (KontorItem) item = g_list_model_get_item (G_LIST_MODEL (screen->list), position);

  /* The list's page keeps the item for as long as the caller needs it. */
  return item != NULL ? kontor_record_of (screen->list, item) : NULL;
}

/**
 * kontor_screen_jump:
 * @screen: a screen whose rows stand for something else
 *
 * Returns: (transfer full) (nullable): the id of what the row at the cursor stands for
 */
char *
kontor_screen_jump (KontorScreen *screen)
{
  const KontorRecord *record = record_at (screen, screen->cursor);

  return record != NULL ? screen->declaration->jump (record) : NULL;
}

/**
 * kontor_screen_cell:
 * @screen: a screen
 * @column: one of its columns
 * @position: a place in its list
 *
 * Returns: (transfer full): what stands there
 */
char *
kontor_screen_cell (KontorScreen *screen, const KontorColumn *column, guint position)
{
  const KontorRecord *record = record_at (screen, position);

  return record != NULL ? column->cell (record, screen->format) : g_strdup ("");
}

/**
 * kontor_screen_row_name:
 * @screen: a screen
 * @position: a place in its list
 *
 * Returns: (transfer full): the row in one sentence, as a screen reader says it
 */
char *
kontor_screen_row_name (KontorScreen *screen, guint position)
{
  GString *name = g_string_new (NULL);

  for (const KontorColumn *column = screen->declaration->columns; column->name != NULL; column++)
    {
      g_autofree char *cell = column->hidden ? NULL : kontor_screen_cell (screen, column, position);

      if (cell != NULL && *cell != '\0')
        g_string_append_printf (name, "%s%s", name->len > 0 ? ", " : "", cell);
    }
  return g_string_free (name, FALSE);
}

/**
 * kontor_screen_detail:
 * @screen: a screen
 *
 * It is made once for each state of what it tells of: other tables are looked through for it.
 *
 * Returns: (transfer full) (element-type KontorDetail): all there is to say of the object at the
 * cursor; empty when the list is
 */
GPtrArray *
kontor_screen_detail (KontorScreen *screen)
{
  const KontorRecord *record = record_at (screen, screen->cursor);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  KontorDetailWriter writer = { record, screen->format, now, NULL, screen };

  if (record != NULL && screen->detail != NULL && screen->detail_item == record->item
      && screen->detail_minute == now / 60)
    return g_ptr_array_ref (screen->detail);
  kontor_screen_forget_detail (screen);
  writer.rows = g_ptr_array_new_with_free_func (kontor_detail_free);
  if (record == NULL)
    return writer.rows;
  screen->declaration->detail (&writer);
  screen->detail_item = g_object_ref (record->item);
  screen->detail_minute = now / 60;
  screen->detail = g_ptr_array_ref (writer.rows);
  return writer.rows;
}

/**
 * kontor_screen_facets:
 * @screen: a screen
 *
 * Returns: (transfer full) (element-type KontorFacet): the words of the facet column that occur,
 * and how often, when everything else that is asked for holds; none while not all rows are read
 */
GPtrArray *
kontor_screen_facets (KontorScreen *screen)
{
  g_autoptr (GPtrArray) facets = NULL;
  guint counts[KONTOR_INDEX_WORDS], column = screen->declaration->facet;
  g_autoptr (KontorAnswer) answer = NULL;
  const char *word;

  if (screen->facets != NULL)
    return g_ptr_array_ref (screen->facets);
  facets = g_ptr_array_new_with_free_func (g_free);
  if (screen->index == NULL || screen->is_partial || column == KONTOR_INDEX_NO_COLUMN)
    return g_steal_pointer (&facets);
  answer = kontor_index_ask (screen->index, &screen->find, NULL, column);
  kontor_answer_facet (answer, column, counts);
  for (guint code = 1; (word = kontor_index_word (screen->index, column, code)) != NULL; code++)
    if (counts[code] > 0)
      {
        KontorFacet facet = { word, counts[code] };

        g_ptr_array_add (facets, g_memdup2 (&facet, sizeof facet));
      }
  screen->facets = g_ptr_array_ref (facets);
  return g_steal_pointer (&facets);
}

static guint
amount_column (const KontorIndexTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    if (table->columns[i].kind == KONTOR_INDEX_AMOUNT)
      return i;
  return KONTOR_INDEX_NO_COLUMN;
}

/* Of marked rows that the state has, shown or not. */
static gboolean
sum_marked (KontorScreen *screen, guint column, gint64 *sums)
{
  g_autoptr (GArray) keys = kontor_list_marked (screen->list);
  guint currency = screen->declaration->table->currency;

  memset (sums, 0, KONTOR_INDEX_WORDS * sizeof *sums);
  for (guint i = 0; i < keys->len; i++)
    {
      guint row = kontor_index_find (screen->index, g_array_index (keys, gint64, i));
      gint64 *sum;

      if (row == KONTOR_INDEX_NO_ROW)
        continue;
      sum = &sums[kontor_index_number (screen->index, currency, row)];
      if (!kontor_money_add (*sum, kontor_index_number (screen->index, column, row), sum))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  const char *currency;
  gint64 amount;
} CurrencySum;

/* The index numbers words as its threads meet them; people find a currency where it was. */
static int
compare_sums (gconstpointer a, gconstpointer b)
{
  return strcmp (((const CurrencySum *) a)->currency, ((const CurrencySum *) b)->currency);
}

static char *
sums_text (KontorIndex *index, const gint64 *sums, const KontorFormat *format)
{
  guint currency = kontor_index_table (index)->currency;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (CurrencySum));
  GString *text = g_string_new (NULL);

  for (guint code = 0; code < KONTOR_INDEX_WORDS; code++)
    if (sums[code] != 0)
      {
        CurrencySum sum = { kontor_index_word (index, currency, code), sums[code] };

        g_array_append_val (found, sum);
      }
  g_array_sort (found, compare_sums);
  for (guint i = 0; i < found->len; i++)
    {
      const CurrencySum *sum = &g_array_index (found, CurrencySum, i);
      g_autofree char *money = kontor_format_money (format, sum->amount, sum->currency);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", money);
    }
  return g_string_free (text, FALSE);
}

/**
 * kontor_screen_sums:
 * @screen: a screen
 *
 * Returns: (transfer full): what the marked rows sum to in each currency, or all that are shown
 * when none is marked; "" when there is nothing to sum, or not all of it is read yet
 */
char *
kontor_screen_sums (KontorScreen *screen)
{
  guint column = amount_column (screen->declaration->table);
  gint64 sums[KONTOR_INDEX_WORDS];
  g_autofree char *text = NULL;

  if (screen->sums != NULL && kontor_list_n_marked (screen->list) == 0)
    return g_strdup (screen->sums);
  if (screen->answer == NULL || screen->shows_partial || column == KONTOR_INDEX_NO_COLUMN
      || !(kontor_list_n_marked (screen->list) > 0
               ? sum_marked (screen, column, sums)
               : kontor_answer_sums (screen->answer, column, sums)))
    return g_strdup ("");
  text = sums_text (screen->index, sums, screen->format);
  if (kontor_list_n_marked (screen->list) == 0)
    screen->sums = g_strdup (text);
  return g_steal_pointer (&text);
}

/**
 * kontor_screen_sum:
 * @answer: some rows
 * @column: an AMOUNT column of theirs
 * @format: how the person reads
 *
 * Returns: (transfer full): what they sum to in each currency; "" for nothing
 */
char *
kontor_screen_sum (KontorAnswer *answer, guint column, const KontorFormat *format)
{
  gint64 sums[KONTOR_INDEX_WORDS];

  return kontor_answer_sums (answer, column, sums)
             ? sums_text (kontor_answer_index (answer), sums, format)
             : g_strdup ("");
}

/**
 * kontor_screen_head:
 * @screen: a screen
 *
 * Made anew when the rows are others, and else once a minute: what it says may follow the time.
 *
 * Returns: (nullable): the lines above its list; %NULL: none, or not all rows are read yet
 */
const char *
kontor_screen_head (KontorScreen *screen)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (screen->declaration->head == NULL || screen->index == NULL || screen->is_partial)
    return NULL;
  if (screen->head == NULL || screen->head_of != screen->index || now / 60 != screen->head_minute)
    {
      g_free (screen->head);
      screen->head = screen->declaration->head (screen->index, screen->format, now);
      screen->head_of = screen->index;
      screen->head_minute = now / 60;
    }
  return screen->head;
}
