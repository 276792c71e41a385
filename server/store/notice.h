/* notice.h: what the people of an account should know and nobody asked for, in the database. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;
  guint       scope;
  gint64      created;
  const char *kind;      /* "webhook_endpoint.disabled" */
  const char *object;    /* id of what it is about */
  const char *message;   /* a sentence */
  gint64      dismissed; /* when somebody had read it; 0: nobody has */
} KontorNoticeRow;

gboolean kontor_store_notice_insert (KontorStore *store,
                                     const KontorNoticeRow *row,
                                     GError **error);

G_END_DECLS
