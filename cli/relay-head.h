/* relay-head.h: the head of a request that is handed on to one server. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a request gets of the server that it goes to. */
typedef struct
{
  const char *host; /* as the Host header names it */
  const char *base; /* stands before each path, often "" */
  const char *key;  /* for requests that bring none; %NULL: then they go without */
  /* for whom and in which mode @key works; @account is %NULL where that is in the key itself */
  const char *account, *mode;
} KontorRelayServer;

typedef struct
{
  char    *text;        /* what is sent, to the empty line at its end */
  guint64  body_length; /* how many bytes of body follow */
  gboolean is_last;     /* whether the connection is to end with its answer */
} KontorRelayHead;

gboolean kontor_relay_head_read  (KontorRelayHead         *head,
                                  const char              *text,
                                  gsize                    length,
                                  const KontorRelayServer *server,
                                  GError                 **error);
void     kontor_relay_head_clear (KontorRelayHead *head);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KontorRelayHead, kontor_relay_head_clear)

G_END_DECLS
