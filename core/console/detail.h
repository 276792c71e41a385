/* detail.h: all there is to say of one object, row by row. */
#pragma once

#include "core/console/format.h"
#include "core/console/record.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_DETAIL_TEXT,
  KONTOR_DETAIL_MONEY,
  KONTOR_DETAIL_TIME,
  KONTOR_DETAIL_ID,
  KONTOR_DETAIL_STATUS,
  KONTOR_DETAIL_JSON,
  KONTOR_DETAIL_LINK,    /* @target is an id that can be gone to, or "screen?query" */
  KONTOR_DETAIL_SECTION, /* begins a group; no value */
} KontorDetailKind;

typedef struct
{
  const char      *label;  /* translated */
  char            *value;
  KontorDetailKind kind;
  char            *target; /* may be %NULL */
} KontorDetail;

typedef struct _KontorDesk KontorDesk;
typedef struct _KontorScreen KontorScreen;

typedef struct
{
  const KontorRecord *record;
  const KontorFormat *format;
  gint64              now;
  GPtrArray          *rows;   /* of KontorDetail */
  KontorScreen       *screen; /* what it is shown on */
} KontorDetailWriter;

void kontor_detail_section (KontorDetailWriter *writer, const char *label);
void kontor_detail_add     (KontorDetailWriter *writer,
                            KontorDetailKind kind,
                            const char *label,
                            const char *value,
                            const char *target);
void kontor_detail_take    (KontorDetailWriter *writer,
                            KontorDetailKind kind,
                            const char *label,
                            char *value);
void kontor_detail_timeline (KontorDetailWriter *writer, const char *const *ids);
void kontor_detail_list (KontorDetailWriter *writer,
                         const char *label,
                         const char *path,
                         const char *none);
void kontor_detail_json    (KontorDetailWriter *writer, const char *path);
void kontor_detail_free    (gpointer data);

G_END_DECLS
