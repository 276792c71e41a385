/* query.h: Stripe's search query language, read into a tree of conditions. */
#pragma once

#include "core/arena.h"
#include "core/error.h"
#include "core/resource.h"

G_BEGIN_DECLS

typedef enum { KONTOR_QUERY_EQUAL, KONTOR_QUERY_LIKE, KONTOR_QUERY_LESS, KONTOR_QUERY_LESS_EQUAL,
               KONTOR_QUERY_GREATER, KONTOR_QUERY_GREATER_EQUAL,
               KONTOR_QUERY_IS_NULL } KontorQueryOperator;

typedef enum { KONTOR_QUERY_TEXT, KONTOR_QUERY_NUMBER, KONTOR_QUERY_METADATA,
               KONTOR_QUERY_ANY /* of a filter: what it is shows in the object */ } KontorQueryKind;

/* A field that may be searched: "email", "metadata", "payment_method_details.card.last4" … */
typedef struct
{
  const char      *name;
  KontorQueryKind  kind;
  gboolean         substring; /* takes ~ */
  const char      *path;      /* SQL JSON path in the stored body, "$.email"; %NULL for a column */
  const char      *column;    /* column of the noun's table, or %NULL */
} KontorQueryField;

typedef struct
{
  const KontorQueryField *field;
  KontorQueryOperator     op;
  gboolean                negated;
  const char             *key;    /* metadata key; of a filter, any name in brackets */
  const char             *text;   /* unquoted */
  gint64                  number; /* when the field is a number */
} KontorQueryTerm;

typedef struct
{
  /* terms are joined by OR, else by AND: Stripe does not mix them */
  gboolean         any;
  guint            n;
  KontorQueryTerm *terms;
} KontorQuery;

gboolean kontor_query_parse (const char *text,
                             const KontorQueryField *fields,
                             KontorArena *arena,
                             KontorQuery *query,
                             KontorError *error);

G_END_DECLS
