/* columns.h: which members of each kind of object a list shows. */
#pragma once

#include "cli/table.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_VIEW_TEXT,
  KONTOR_VIEW_ID,     /* of an object, expanded or not */
  KONTOR_VIEW_STATE,  /* coloured by what it means */
  KONTOR_VIEW_MONEY,  /* in the currency that stands beside it */
  KONTOR_VIEW_TIME,
  KONTOR_VIEW_COUNT,
} KontorViewKind;

typedef struct
{
  KontorColumn   column;
  const char    *path;    /* "card.last4"; %NULL at the end */
  KontorViewKind kind;
} KontorViewColumn;

const KontorViewColumn *kontor_columns_of (const char *object);

G_END_DECLS
