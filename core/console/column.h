/* column.h: one column of a list: what it is called, how wide it is, what stands in it. */
#pragma once

#include "core/console/format.h"
#include "core/console/record.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_COLUMN_TEXT,
  KONTOR_COLUMN_MONEY,
  KONTOR_COLUMN_STATUS, /* one of some words, drawn in the word's colour */
  KONTOR_COLUMN_TIME,
  KONTOR_COLUMN_ID,
} KontorColumnKind;

typedef struct
{
  const char      *name;     /* in settings and scripts */
  const char      *title;    /* marked for translation */
  KontorColumnKind kind;
  guint            width;    /* letters it wants */
  guint            priority; /* the higher, the sooner it is left out; 0: never */
  gboolean         at_end;   /* aligned to the end of its cells */
  gboolean         hidden;   /* unless the person asks for it */
  guint            sort;     /* column of the index, or KONTOR_INDEX_NO_COLUMN */
  /* (transfer full): what stands in the cell */
  char          *(*cell) (const KontorRecord *record, const KontorFormat *format);
} KontorColumn;

G_END_DECLS
