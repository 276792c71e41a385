/* table.c: rows and columns on a terminal, as wide as it is. */
#include "cli/table.h"

#include <glib/gi18n.h>

#include "core/text.h"

#define GAP 2
#define NARROWEST 8
#define LINE_NAME_WIDTH 22

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
  guint              *widths;  /* never shrink from one print to the next */
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
  for (guint i = 0; i < table->n_columns && !table->has_head; i++)
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

/* Takes from the widest column that may shrink, until all fit or none can give more. */
static void
fit (KontorTable *table)
{
  guint total = 0;

  if (table->style->width == 0)
    return;
  for (guint i = 0; i < table->n_columns; i++)
    total += table->widths[i] + (i > 0 ? GAP : 0);
  while (total > table->style->width)
    {
      guint *widest = NULL;

      for (guint i = 0; i < table->n_columns; i++)
        if (table->columns[i].may_shrink && table->widths[i] > NARROWEST
            && (widest == NULL || table->widths[i] > *widest))
          widest = &table->widths[i];
      if (widest == NULL)
        return;
      --*widest;
      total--;
    }
}

static void
print_cell (const KontorTable *table, guint column, const char *text, KontorRole role)
{
  FILE *stream = table->style->stream;
  g_autofree char *shown = kontor_text_cut (text, MAX (1, table->widths[column]));
  guint space = table->widths[column] - MIN (table->widths[column], kontor_text_width (shown));
  gboolean to_right = table->columns[column].to_right;

  if (column > 0)
    fprintf (stream, "%*s", GAP, "");
  fprintf (stream, "%*s%s%s%s", to_right ? (int) space : 0, "",
           kontor_style_on (table->style, role), shown, kontor_style_off (table->style, role));
  if (column + 1 == table->n_columns)
    fputc ('\n', stream);
  else if (!to_right)
    fprintf (stream, "%*s", (int) space, "");
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
  measure (table);
  fit (table);
  for (guint i = 0; i < table->n_columns && !table->has_head; i++)
    print_cell (table, i, *table->columns[i].title != '\0' ? _ (table->columns[i].title) : "",
                KONTOR_ROLE_DIM);
  table->has_head = TRUE;
  for (guint i = 0; i < table->cells->len; i++)
    {
      const Cell *cell = &g_array_index (table->cells, Cell, i);

      print_cell (table, i % table->n_columns, cell->text, cell->role);
    }
  g_array_set_size (table->cells, 0);
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
  g_autofree char *clean = NULL;
  guint width = kontor_text_width (name);

  if (value == NULL)
    return;
  clean = kontor_text_clean (value);
  fprintf (style->stream, "%s%s%s%*s %s\n", kontor_style_on (style, KONTOR_ROLE_NAME), name,
           kontor_style_off (style, KONTOR_ROLE_NAME),
           (int) (LINE_NAME_WIDTH - MIN (width, LINE_NAME_WIDTH)), "", clean);
}
