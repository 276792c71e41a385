/* fetch.h: what the copy does not hold of an object, asked of the server while it is looked at. */
#pragma once

#include "core/client/client.h"

G_BEGIN_DECLS

typedef struct _KontorFetch KontorFetch;

KontorFetch *kontor_fetch_new  (KontorClient *client,
                                void (*arrived) (gpointer data),
                                gpointer data);
void         kontor_fetch_free (KontorFetch *fetch);
const char  *kontor_fetch_get  (KontorFetch *fetch, const char *path, gboolean is_online);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorFetch, kontor_fetch_free)

G_END_DECLS
