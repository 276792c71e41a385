/* head.h: the head of an HTTP request, and bodies sent in chunks. */
#pragma once

#include "core/buffer.h"

G_BEGIN_DECLS

/* Texts point into the bytes that were read, which get a NUL after each. */
typedef struct
{
  const char *method, *path, *query;  /* query: %NULL when there is no "?" */
  const char *authorization, *content_type, *idempotency_key, *api_version, *account;
  const char *acting_for, *mode, *agent;
  const char *range, *if_range, *accept_encoding;
  const char *forwarded, *origin, *content_length_text, *transfer_encoding, *connection, *expect;
  gint64      content_length;         /* 0 when none was sent */
  gboolean    chunked, wants_continue, keep_alive;
} KontorHead;

/* Where the head ends: the number of bytes up to and with the empty line, 0 when it is not there
 * yet. */
gsize    kontor_head_find_end (const char *bytes, gsize length, gsize from);
gboolean kontor_head_parse    (char *bytes, gsize length, KontorHead *head, const char **problem);

/* A body in chunks, fed as it comes. All zero to begin with. */
typedef struct
{
  int   state;
  gsize left;      /* of the chunk */
  guint n_digits, n_trailer;
} KontorChunks;

typedef enum { KONTOR_CHUNKS_MORE, KONTOR_CHUNKS_END, KONTOR_CHUNKS_BAD } KontorChunksResult;

KontorChunksResult kontor_chunks_feed (KontorChunks *chunks,
                                       const char   *bytes,
                                       gsize         length,
                                       gsize        *used,
                                       KontorBuffer *body);

G_END_DECLS
