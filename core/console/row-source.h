/* row-source.h: reads objects out of a replica's file; see core/replica/schema.sql. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* For one thread at a time. */
typedef struct _KontorRowSource KontorRowSource;

/* An object as the replica keeps it. Texts hold until the next row is read. */
typedef struct
{
  gint64      key;     /* kind << 48 | tick */
  const char *id;      /* %NULL from kontor_row_source_each() */
  gint64      version;
  gint64      created; /* Unix seconds */
  const char *body;    /* slim JSON, NUL-terminated */
  gsize       length;
} KontorRow;

/* Answers %FALSE to stop. */
typedef gboolean (*KontorRowFunc) (const KontorRow *row, gpointer data);

KontorRowSource *kontor_row_source_open  (const char *file, GError **error);
void             kontor_row_source_close (KontorRowSource *source);
char            *kontor_row_source_state (KontorRowSource *source);
gboolean         kontor_row_source_range (KontorRowSource *source,
                                          guint kind,
                                          gint64 *first,
                                          gint64 *last);
GArray          *kontor_row_source_newest (KontorRowSource *source,
                                           guint kind,
                                           guint n,
                                           GError **error);
gboolean         kontor_row_source_each  (KontorRowSource *source,
                                          gint64 first,
                                          gint64 last,
                                          KontorRowFunc func,
                                          gpointer data,
                                          GError **error);
gboolean         kontor_row_source_get   (KontorRowSource *source,
                                          gint64 key,
                                          KontorRow *row,
                                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorRowSource, kontor_row_source_close)

G_END_DECLS
