/* notify.h: what a person is told of without having looked. */
#pragma once

#include "core/console/format.h"
#include "core/console/settings.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_URGENCY_NORMAL,
  KONTOR_URGENCY_HIGH, /* somebody should do something about it */
} KontorUrgency;

/* Something that happened. */
typedef struct
{
  const char *type;     /* of the event or the notice; "queue.refused" … of what people did here */
  const char *about;    /* id that can be gone to; may be %NULL */
  const char *text;     /* what is known of it; may be %NULL */
  gint64      amount;   /* in minor units of @currency */
  const char *currency; /* %NULL: it is not about money */
  gint64      at;       /* Unix seconds */
} KontorHappening;

typedef struct
{
  char         *title, *body;
  char         *target; /* id that can be gone to; may be %NULL */
  KontorUrgency urgency;
} KontorNotification;

typedef struct _KontorNotify KontorNotify;

KontorNotify       *kontor_notify_new  (gint64 now);
void                kontor_notify_free (KontorNotify *notify);
KontorNotification *kontor_notify_tell (KontorNotify          *notify,
                                        const KontorHappening *happening,
                                        KontorSettings        *settings,
                                        const KontorFormat    *format,
                                        gint64                 now);
void                kontor_notification_free (KontorNotification *notification);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorNotification, kontor_notification_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorNotify, kontor_notify_free)

G_END_DECLS
