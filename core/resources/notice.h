/* notice.h: the shape of what the people of an account should know. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

/* Made up from its row whenever it is asked for. */
typedef struct
{
  KontorObject head;
  const char  *about;      /* id of an object */
  gint64       dismissed;  /* when; null: not yet */
  const char  *kind;       /* "webhook_endpoint.disabled" */
  const char  *message;
} KontorNotice;

extern const KontorResource kontor_notice_resource;

G_END_DECLS
