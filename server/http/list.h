/* list.h: pages of objects. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

KontorField *kontor_list_merge_extra (const KontorRoute *route);
void         kontor_list_write       (KontorCall         *call,
                                      const GPtrArray    *found,
                                      gboolean            has_more,
                                      const char         *url,
                                      const KontorExpand *expand,
                                      KontorBuffer       *out);
void         kontor_list_range       (const KontorValue *params,
                                      const char        *name,
                                      gint64            *lowest,
                                      gint64            *highest);

G_END_DECLS
