/* query.h: the line in which people say what they look for, read into a list of conditions. */
#pragma once

#include "core/arena.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_FIND_WORD,      /* one of some words; @values %NULL: of any, with * for any letters */
  KONTOR_FIND_FLAG,      /* "is:refunded": the words of @values are bits, the first one bit 0 */
  KONTOR_FIND_MONEY,     /* in major units, as people write it, with or without a currency */
  KONTOR_FIND_NUMBER,
  KONTOR_FIND_TIME,
  KONTOR_FIND_TEXT,      /* part of one text of the row */
  KONTOR_FIND_REFERENCE, /* an id that begins with @prefix, or words of what it refers to */
} KontorFindKind;

/* What can stand before a colon. A row without a name ends a table of them. */
typedef struct
{
  const char        *name;
  KontorFindKind     kind;
  const char *const *values;
  const char        *prefix;
  const char        *help;   /* one sentence, marked for translation */
  guint              column; /* where the index keeps it; nothing to the language */
} KontorFindField;

/* What the meaning of a line depends on besides the line. */
typedef struct
{
  gint64      now;           /* Unix seconds */
  GTimeZone  *zone;          /* the person's; %NULL: UTC */
  const char *decimal_point; /* the person's; %NULL: "." */
} KontorFindSettings;

#define KONTOR_FIND_EXPONENTS 5 /* a currency has 0 to 4 decimals */
#define KONTOR_FIND_MAX_TERMS 64

/* One of the alternatives of a condition. Bounds are inclusive. */
typedef struct
{
  const char *text;     /* folded: see kontor_find_fold() */
  gboolean    quoted;   /* only where no letter or digit stands before or behind */
  gint64      tick;     /* of the id that it is; -1: it is none */
  guint       bit;      /* FLAG */
  gint64      low;      /* TIME, NUMBER */
  gint64      high;
  gint64      low_minor[KONTOR_FIND_EXPONENTS]; /* MONEY: minor units, by the currency's exponent */
  gint64      high_minor[KONTOR_FIND_EXPONENTS];
  const char *currency; /* MONEY: lower case; %NULL: any */
} KontorFindValue;

typedef struct
{
  const KontorFindField *field;   /* %NULL: words anywhere */
  gboolean               negated;
  guint                  n;       /* at least one of @values must fit */
  KontorFindValue       *values;
  gsize                  start;   /* where it stands in the line, in bytes */
  gsize                  length;
  const char            *text;    /* the same in one fixed form: what a chip shows */
} KontorFindTerm;

/* All of the terms must fit. */
typedef struct
{
  guint           n;
  KontorFindTerm *terms;
} KontorFind;

typedef struct
{
  gsize       start; /* the bytes that are to blame */
  gsize       length;
  const char *message;
} KontorFindError;

typedef struct
{
  const char *text;  /* replaces the bytes at @start */
  const char *help;  /* may be %NULL */
  gsize       start;
  gsize       length;
} KontorFindSuggestion;

gboolean    kontor_find_parse    (const char *line,
                                  const KontorFindField *fields,
                                  const KontorFindSettings *settings,
                                  KontorArena *arena,
                                  KontorFind *find,
                                  KontorFindError *error);
char       *kontor_find_text     (const KontorFind *find);
gboolean    kontor_find_refines  (const KontorFind *find, const KontorFind *wider);
char       *kontor_find_fold     (const char *text, gssize length);
KontorFindSuggestion *
            kontor_find_complete (const char *line,
                                  gsize cursor,
                                  const KontorFindField *fields,
                                  KontorArena *arena,
                                  guint *n);

/* query-value.c: what stands behind the colon. */
gboolean    kontor_find_read_amount (const char *text,
                                     const KontorFindSettings *settings,
                                     KontorFindValue *value,
                                     const char **problem);
gboolean    kontor_find_read_number (const char *text,
                                     KontorFindValue *value,
                                     const char **problem);
gboolean    kontor_find_read_time   (const char *text,
                                     const KontorFindSettings *settings,
                                     KontorFindValue *value,
                                     const char **problem);

G_END_DECLS
