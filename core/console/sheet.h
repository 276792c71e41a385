/* sheet.h: rows from elsewhere than the copy, laid out as the copy lays them, for any list. */
#pragma once

#include "core/console/shelf.h"

G_BEGIN_DECLS

/* Kinds of rows that only a console knows, behind those of the API and of the server's streams. */
typedef enum
{
  KONTOR_SHEET_QUEUED = 128,
  KONTOR_SHEET_ATTENTION,
  KONTOR_SHEET_KEY,
  KONTOR_SHEET_PERSON,
  KONTOR_SHEET_PROFILE,
  KONTOR_SHEET_SETTING,
  KONTOR_SHEET_DELIVERY,
} KontorSheetKind;

typedef struct _KontorSheet KontorSheet;

KontorSheet *kontor_sheet_new   (void);
void         kontor_sheet_free  (KontorSheet *sheet);
KontorShelf *kontor_sheet_shelf (KontorSheet *sheet);

/* What is put between these two takes the place of all that was there. */
void         kontor_sheet_begin (KontorSheet *sheet);
void         kontor_sheet_put   (KontorSheet    *sheet,
                                 KontorSheetKind kind,
                                 gint64          number,
                                 const char     *id,
                                 gint64          created,
                                 const char     *json);
void         kontor_sheet_end   (KontorSheet *sheet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorSheet, kontor_sheet_free)

G_END_DECLS
