/* index.h: what lists are searched, sorted and counted by: columns in memory. */
#pragma once

#include "core/console/query.h"
#include "core/console/row-source.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a column holds, and how it lies in memory. */
typedef enum
{
  KONTOR_INDEX_WORD,      /* u8: one of at most 255 words; 0 is none */
  KONTOR_INDEX_FLAGS,     /* u8: eight bits */
  KONTOR_INDEX_AMOUNT,    /* i64: minor units of the table's currency column */
  KONTOR_INDEX_NUMBER,    /* i64 */
  KONTOR_INDEX_TIME,      /* u32: Unix seconds; 0 is none */
  KONTOR_INDEX_REFERENCE, /* u32: the row of another table; 0 is none; one such column at most */
  KONTOR_INDEX_TEXT,      /* one part of the row's text, folded */
} KontorIndexKind;

#define KONTOR_INDEX_MAX_COLUMNS 16
#define KONTOR_INDEX_MAX_PARTS   2
#define KONTOR_INDEX_MAX_PATHS   16
#define KONTOR_INDEX_NO_COLUMN   G_MAXUINT
#define KONTOR_INDEX_NO_ROW      G_MAXUINT
#define KONTOR_INDEX_WORDS       256

typedef struct
{
  const char        *name;
  KontorIndexKind    kind;
  const char *const *words; /* WORD: those known beforehand, in their order; may be %NULL */
} KontorIndexColumn;

/* A row on its way into the index. What a column does not use stays zero. */
typedef struct
{
  gint64      key;                                /* kind << 48 | tick */
  gboolean    gone;                               /* only @key is set: forget it */
  gint64      numbers[KONTOR_INDEX_MAX_COLUMNS];  /* REFERENCE: the key of what it refers to */
  const char *texts[KONTOR_INDEX_MAX_COLUMNS];    /* WORD and TEXT; may be %NULL */
} KontorIndexRow;

typedef enum
{
  KONTOR_PATH_NUMBER,   /* a whole number, or 0 and 1 */
  KONTOR_PATH_TEXT,
  KONTOR_PATH_TEXTS,    /* all texts inside of it, with spaces between: metadata */
  KONTOR_PATH_PRESENCE, /* 1 when it is there and no null */
} KontorIndexPathKind;

/* A value out of an object's JSON. */
typedef struct
{
  const char         *path; /* "payment_method_details.card.brand" */
  KontorIndexPathKind kind;
} KontorIndexPath;

typedef union
{
  gint64      number;   /* KONTOR_NONE when it is not there */
  const char *text;     /* %NULL when it is not there */
} KontorIndexValue;

/* The objects that a row is made of: its own first, then one that belongs to it. */
typedef struct
{
  guint                  kind;
  const KontorIndexPath *paths;
  guint                  n_paths;
  guint                  link; /* the path, the last one, that names the other part's object */
} KontorIndexPart;

typedef struct _KontorIndexTable KontorIndexTable;

struct _KontorIndexTable
{
  const char              *name;     /* of the file beside the replica: letters only */
  guint32                  version;  /* of @make: raise it when it makes other rows of the same */
  const KontorIndexColumn *columns;
  guint                    n_columns;
  guint                    currency; /* WORD column of an AMOUNT's currency, or NO_COLUMN */
  const KontorIndexPart   *parts;
  guint                    n_parts;
  /* Fills in the row of the values of each part; a part that is not there is %NULL. The key is
   * set, and so is @created, of the object's. Answers %FALSE when the object is no row. */
  gboolean (*make) (const KontorIndexValue *const *parts, gint64 created, KontorIndexRow *row);
  const KontorIndexTable  *target;   /* of the reference column; may be %NULL */
};

/* One state of the rows. It never changes; what it shares with the next one is counted. */
typedef struct _KontorIndex KontorIndex;
/* The rows of one state that fit a line. It never changes either. */
typedef struct _KontorAnswer KontorAnswer;
/* A state in the making. */
typedef struct _KontorIndexEdit KontorIndexEdit;

KontorIndex *kontor_index_new   (const KontorIndexTable *table); /* without rows */
KontorIndex *kontor_index_ref   (KontorIndex *index);
void         kontor_index_unref (KontorIndex *index);
KontorIndex *kontor_index_with_target (KontorIndex *index, KontorIndex *target);

const KontorIndexTable *kontor_index_table (const KontorIndex *index);
guint        kontor_index_size   (const KontorIndex *index);
gsize        kontor_index_memory (const KontorIndex *index);
gint64       kontor_index_key    (const KontorIndex *index, guint row);
guint        kontor_index_find   (const KontorIndex *index, gint64 key);
gint64       kontor_index_number (const KontorIndex *index, guint column, guint row);
const char  *kontor_index_word   (const KontorIndex *index, guint column, guint code);
GArray      *kontor_index_naming (const KontorIndex *index,
                                  guint column,
                                  gint64 number,
                                  guint most);
char        *kontor_index_text   (const KontorIndex *index, guint column, guint row);

/* index-edit.c */
KontorIndexEdit *kontor_index_edit_new    (KontorIndex *base);
void             kontor_index_edit_put    (KontorIndexEdit *edit, const KontorIndexRow *row);
KontorIndex     *kontor_index_edit_finish (KontorIndexEdit *edit);

/* index-ask.c */
KontorAnswer *kontor_index_ask   (KontorIndex *index,
                                  const KontorFind *find,
                                  const KontorAnswer *wider,
                                  guint without_column);
KontorAnswer *kontor_answer_ref   (KontorAnswer *answer);
void          kontor_answer_unref (KontorAnswer *answer);
KontorIndex  *kontor_answer_index (const KontorAnswer *answer);
guint         kontor_answer_size  (const KontorAnswer *answer);
gboolean      kontor_answer_has   (const KontorAnswer *answer, guint row);
void          kontor_answer_facet (const KontorAnswer *answer, guint column, guint *counts);
gboolean      kontor_answer_sums  (const KontorAnswer *answer, guint column, gint64 *sums);

/* index-sort.c */
GArray       *kontor_answer_rows  (const KontorAnswer *answer, guint column, gboolean descending);

/* index-load.c */
KontorIndex  *kontor_index_load    (const KontorIndexTable *table,
                                    const char *replica,
                                    GCancellable *cancellable,
                                    GError **error);
KontorIndex  *kontor_index_load_newest (const KontorIndexTable *table,
                                        KontorRowSource *source,
                                        guint n,
                                        GError **error);
KontorIndex  *kontor_index_refresh (KontorIndex *index,
                                    KontorRowSource *source,
                                    const gint64 *keys,
                                    guint n,
                                    GError **error);

/* index-file.c */
gboolean      kontor_index_save   (const KontorIndex *index,
                                   const char *file,
                                   const char *state,
                                   GError **error);
KontorIndex  *kontor_index_map    (const KontorIndexTable *table,
                                   const char *file,
                                   const char *state,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorIndex, kontor_index_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorAnswer, kontor_answer_unref)

G_END_DECLS
