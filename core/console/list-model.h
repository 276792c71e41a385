/* list-model.h: the rows of an answer as a GListModel, read as they are shown. */
#pragma once

#include "core/console/index.h"

G_BEGIN_DECLS

/* One object as it stands in the replica. It is made when it is shown, and never changes. */
#define KONTOR_TYPE_ITEM (kontor_item_get_type ())
G_DECLARE_FINAL_TYPE (KontorItem, kontor_item, KONTOR, ITEM, GObject)

gint64      kontor_item_key     (KontorItem *item);
const char *kontor_item_id      (KontorItem *item);
gint64      kontor_item_version (KontorItem *item);
gint64      kontor_item_created (KontorItem *item);
const char *kontor_item_body    (KontorItem *item);

#define KONTOR_TYPE_LIST (kontor_list_get_type ())
G_DECLARE_FINAL_TYPE (KontorList, kontor_list, KONTOR, LIST, GObject)

KontorList   *kontor_list_new      (KontorRowSource *source);
void          kontor_list_set_source (KontorList *list, KontorRowSource *source);
void          kontor_list_replace  (KontorList *list, KontorAnswer *answer, GArray *rows);
KontorAnswer *kontor_list_answer   (KontorList *list);
gboolean      kontor_list_find     (KontorList *list, gint64 key, guint *position);
gint64        kontor_list_key      (KontorList *list, guint position);
guint         kontor_list_row      (KontorList *list, guint position);
KontorItem   *kontor_list_load     (KontorList *list, gint64 key);

/* Marks are of objects, not of places: they outlive what the list shows. */
void          kontor_list_mark       (KontorList *list, gint64 key, gboolean marked);
void          kontor_list_mark_all   (KontorList *list);
void          kontor_list_mark_range (KontorList *list, guint from, guint to);
void          kontor_list_unmark_all (KontorList *list);
gboolean      kontor_list_is_marked  (KontorList *list, gint64 key);
guint         kontor_list_n_marked   (KontorList *list);
GArray       *kontor_list_marked     (KontorList *list);

G_END_DECLS
