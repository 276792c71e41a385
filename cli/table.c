/* table.c: rows and columns on a terminal, as wide as it is. */
#include "cli/table.h"

#include <glib/gi18n.h>

#include "core/text.h"

#define GAP 2
#define NARROWEST 8
#define LINE_NAME_WIDTH 16
#define LINE_NAME_WIDEST 40

typedef struct
{
  char      *text;
  KontorRole role;
} Cell;

struct _KontorTable
{
  const KontorStyle  *style;
  const KontorColumn *columns;
  guint               n_columns;
  GArray             *cells;   /* row after row */
  guint              *widths;  /* as the first rows that are printed want them; 0: left out */
  gboolean            has_head; /* the titles were printed */
};

static void
cell_clear (gpointer cell)
{
  g_free (((Cell *) cell)->text);
}

/**
 * kontor_table_new:
 * @style: where it is printed; outlives the table
 * @columns: ends with a row without title; outlives the table
 *
 * Returns: (transfer full): a table without rows
 */
KontorTable *
kontor_table_new (const KontorStyle *style, const KontorColumn *columns)
{
  KontorTable *table = g_new0 (KontorTable, 1);

  table->style = style;
  table->columns = columns;
  while (columns[table->n_columns].title != NULL)
    table->n_columns++;
  table->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (table->cells, cell_clear);
  table->widths = g_new0 (guint, table->n_columns);
  return table;
}

/**
 * kontor_table_free:
 * @table: (transfer full): a table
 */
void
kontor_table_free (KontorTable *table)
{
  g_array_unref (table->cells);
  g_free (table->widths);
  g_free (table);
}

/**
 * kontor_table_cell:
 * @table: a table
 * @text: what stands there; made safe to print
 * @role: how
 *
 * Adds the next cell; after the last column the next row begins.
 */
void
kontor_table_cell (KontorTable *table, const char *text, KontorRole role)
{
  Cell cell = { kontor_text_clean (text), role };

  g_array_append_val (table->cells, cell);
}

static void
measure (KontorTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      const char *title = table->columns[i].title;

      table->widths[i] = kontor_text_width (*title != '\0' ? _ (title) : "");
    }
  for (guint i = 0; i < table->cells->len; i++)
    {
      guint width = kontor_text_width (g_array_index (table->cells, Cell, i).text);
      guint *column = &table->widths[i % table->n_columns];

      *column = MAX (*column, width);
    }
}

static guint
total_width (const KontorTable *table)
{
  guint total = 0;

  for (guint i = 0; i < table->n_columns; i++)
    if (table->widths[i] > 0)
      total += table->widths[i] + (i > 0 ? GAP : 0);
  return total;
}

static gboolean
is_empty (const KontorTable *table, guint column)
{
  for (guint i = column; i < table->cells->len; i += table->n_columns)
    if (*g_array_index (table->cells, Cell, i).text != '\0')
      return FALSE;
  return TRUE;
}

/* The widest column that may shrink gives way first. */
static gboolean
shrink_one (KontorTable *table)
{
  guint *widest = NULL;

  for (guint i = 0; i < table->n_columns; i++)
    if (table->columns[i].may_shrink && table->widths[i] > NARROWEST
        && (widest == NULL || table->widths[i] > *widest))
      widest = &table->widths[i];
  if (widest != NULL)
    --*widest;
  return widest != NULL;
}

/* The last column that may be left out; the first two stay. */
static gboolean
hide_one (KontorTable *table, gboolean only_empty)
{
  for (guint i = table->n_columns - 1; i >= 2; i--)
    if (table->widths[i] > 0 && (!only_empty || is_empty (table, i)))
      {
        table->widths[i] = 0;
        return TRUE;
      }
  return FALSE;
}

/* Columns that say nothing go first, then wide ones are cut, then the last ones go. What was decided
 * for the first page holds for those that follow. */
static void
fit (KontorTable *table)
{
  guint width = table->style->width;

  while (width != 0 && total_width (table) > width)
    if (!hide_one (table, TRUE) && !shrink_one (table) && !hide_one (table, FALSE))
      return;
}

static void
add_cell (const KontorTable *table, guint column, const char *text, KontorRole role, GString *row)
{
  /* Amounts and ids are never cut, and nothing is where a program reads. */
  gboolean may_cut = table->style->width != 0 && table->columns[column].may_shrink;
  g_autofree char *shown = may_cut ? kontor_text_cut (text, table->widths[column])
                                   : g_strdup (text);
  guint space = table->widths[column] - MIN (table->widths[column], kontor_text_width (shown));
  gboolean to_right = table->columns[column].to_right;

  if (row->len > 0)
    g_string_append_printf (row, "%*s", GAP, "");
  g_string_append_printf (row, "%*s", to_right ? (int) space : 0, "");
  if (*shown != '\0')
    g_string_append_printf (row, "%s%s%s", kontor_style_on (table->style, role), shown,
                            kontor_style_off (table->style, role));
  g_string_append_printf (row, "%*s", to_right ? 0 : (int) space, "");
}

static void
print_row (const KontorTable *table, const Cell *cells)
{
  g_autoptr (GString) row = g_string_new (NULL);

  for (guint i = 0; i < table->n_columns; i++)
    if (table->widths[i] > 0)
      add_cell (table, i, cells[i].text, cells[i].role, row);
  fprintf (table->style->stream, "%s\n", g_strchomp (row->str));
}

static void
print_titles (const KontorTable *table)
{
  g_autofree Cell *titles = g_new0 (Cell, table->n_columns);

  for (guint i = 0; i < table->n_columns; i++)
    {
      const char *title = table->columns[i].title;

      titles[i].text = (char *) (*title != '\0' ? _ (title) : "");
      titles[i].role = KONTOR_ROLE_DIM;
    }
  print_row (table, titles);
}

/**
 * kontor_table_print:
 * @table: a table
 *
 * Prints the rows that were added and lets go of them; the titles only the first time. So a long
 * list can be printed page by page.
 */
void
kontor_table_print (KontorTable *table)
{
  if (!table->has_head)
    {
      measure (table);
      fit (table);
      print_titles (table);
    }
  table->has_head = TRUE;
  for (guint i = 0; i + table->n_columns <= table->cells->len; i += table->n_columns)
    print_row (table, &g_array_index (table->cells, Cell, i));
  g_array_set_size (table->cells, 0);
}

static void
print_line (const KontorStyle *style, const char *name, const char *value, guint name_width)
{
  g_autofree char *clean = kontor_text_clean (value), *clean_name = kontor_text_clean (name);
  guint width = kontor_text_width (clean_name);

  fprintf (style->stream, "%s%s%s%*s %s\n", kontor_style_on (style, KONTOR_ROLE_NAME), clean_name,
           kontor_style_off (style, KONTOR_ROLE_NAME),
           (int) (name_width - MIN (width, name_width)) + 1, "", clean);
}

/**
 * kontor_table_line:
 * @style: where to
 * @name: what it is
 * @value: (nullable): made safe to print; nothing is printed without one
 */
void
kontor_table_line (const KontorStyle *style, const char *name, const char *value)
{
  if (value != NULL)
    print_line (style, name, value, LINE_NAME_WIDTH);
}

/**
 * kontor_table_lines:
 * @style: where to
 * @texts: (element-type utf8): names, each followed by its value
 *
 * Prints them with the values one below the other.
 */
void
kontor_table_lines (const KontorStyle *style, const GPtrArray *texts)
{
  guint width = 0;

  for (guint i = 0; i + 1 < texts->len; i += 2)
    width = MAX (width, kontor_text_width (g_ptr_array_index (texts, i)));
  for (guint i = 0; i + 1 < texts->len; i += 2)
    print_line (style, g_ptr_array_index (texts, i), g_ptr_array_index (texts, i + 1),
                MIN (width, LINE_NAME_WIDEST));
}
