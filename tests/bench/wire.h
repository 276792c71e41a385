/* wire.h: just enough HTTP/1.1 for a load generator and for the bare server it is tried against. */
#pragma once

#include <glib.h>

/* The frame of one message: where its head ends and how long its body is. */
typedef struct
{
  guint status;      /* of a reply; 0 for a request */
  gsize head_len;    /* bytes up to and including the empty line */
  gsize body_len;    /* what Content-Length says */
  gboolean has_body_len;
  gboolean closes;   /* the sender will not use this connection again */
} KontorWireFrame;

typedef enum
{
  KONTOR_WIRE_MORE,  /* the head is not complete yet */
  KONTOR_WIRE_READY,
  KONTOR_WIRE_BROKEN,
} KontorWireResult;

KontorWireResult kontor_wire_read_head (const char *data, gsize len, KontorWireFrame *frame);
int kontor_wire_listen (guint16 port, guint16 *bound_port, GError **error);
int kontor_wire_connect (const char *host, guint16 port, GError **error);
