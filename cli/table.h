/* table.h: rows and columns on a terminal, as wide as it is. */
#pragma once

#include "cli/style.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title;      /* marked with N_() */
  gboolean    to_right;   /* numbers */
  gboolean    may_shrink; /* cut when the terminal is too narrow */
} KontorColumn;

typedef struct _KontorTable KontorTable;

KontorTable *kontor_table_new   (const KontorStyle *style, const KontorColumn *columns);
void         kontor_table_free  (KontorTable *table);
void         kontor_table_cell  (KontorTable *table, const char *text, KontorRole role);
void         kontor_table_print (KontorTable *table);

/* One name and its value, as a page about one thing lists them. */
void         kontor_table_line  (const KontorStyle *style, const char *name, const char *value);
void         kontor_table_lines (const KontorStyle *style, const GPtrArray *texts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorTable, kontor_table_free)

G_END_DECLS
