/* idempotency-index.h: which rows hold the keys that came in last, in memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 start; /* of the key, big-endian, so that numbers sort as the database sorts keys */
  gint64  row;   /* 0: free */
} KontorIdempotencySlot;

/* From the first 8 bytes of a key, which is a hash, to the number of its row. Zeroed: empty. */
typedef struct
{
  KontorIdempotencySlot *slots;
  guint n, n_slots;
} KontorIdempotencyIndex;

guint64 kontor_idempotency_start        (const guint8 key[16]);

void    kontor_idempotency_index_put    (KontorIdempotencyIndex *index,
                                         const guint8 key[16],
                                         gint64 row);
gint64  kontor_idempotency_index_get    (const KontorIdempotencyIndex *index, const guint8 key[16]);
GArray *kontor_idempotency_index_sorted (const KontorIdempotencyIndex *index);
void    kontor_idempotency_index_clear  (KontorIdempotencyIndex *index);

G_END_DECLS
