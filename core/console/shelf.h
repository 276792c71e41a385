/* shelf.h: the indexes of one file of objects, each loaded once and kept up to date for all. */
#pragma once

#include "core/console/index.h"

G_BEGIN_DECLS

/* Signals, on the main loop of whoever made it:
 * "ready" (const KontorIndexTable *table): its index is another one
 * "replaced" (): the file is another one; what was read of it is to be read anew
 * "busy" (): see kontor_shelf_is_busy() and kontor_shelf_problem() */
#define KONTOR_TYPE_SHELF (kontor_shelf_get_type ())
G_DECLARE_FINAL_TYPE (KontorShelf, kontor_shelf, KONTOR, SHELF, GObject)

KontorShelf *kontor_shelf_new     (const char *file);
const char  *kontor_shelf_file    (KontorShelf *shelf);
KontorIndex *kontor_shelf_index   (KontorShelf *shelf, const KontorIndexTable *table);
KontorIndex *kontor_shelf_newest  (KontorShelf *shelf, const KontorIndexTable *table);
GArray      *kontor_shelf_related (KontorShelf *shelf,
                                   const KontorIndexTable *table,
                                   guint column,
                                   gint64 key,
                                   guint most);
gboolean     kontor_shelf_is_busy (KontorShelf *shelf);
const char  *kontor_shelf_problem (KontorShelf *shelf);
void         kontor_shelf_refresh (KontorShelf *shelf, const gint64 *keys, guint n);
void         kontor_shelf_reload  (KontorShelf *shelf);
void         kontor_shelf_save    (KontorShelf *shelf);

G_END_DECLS
