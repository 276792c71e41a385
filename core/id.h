/* id.h: names of objects: a prefix, eight letters of time, sixteen of chance. */
#pragma once

#include "core/arena.h"
#include "core/clock.h"

G_BEGIN_DECLS

/* An object's key is scope << 48 | tick. A tick is ten microseconds, unique in the server and
 * rising, so that objects of one scope lie together in the order they were made. A scope is one
 * account in one mode: account << 1 | live. */
#define KONTOR_TICK_BITS 48
#define KONTOR_TICK_MASK ((G_GINT64_CONSTANT (1) << KONTOR_TICK_BITS) - 1)

typedef struct _KontorIds KontorIds; /* the source of ids: ticks and chance; safe from any thread */

/* seed %NULL: from the system */
KontorIds *kontor_ids_new      (KontorClock *clock, const guint8 seed[32]);
void       kontor_ids_free     (KontorIds *ids);
/* never hand out @tick or less again */
void       kontor_ids_skip_to  (KontorIds *ids, gint64 tick);
gint64     kontor_ids_tick     (KontorIds *ids);
char      *kontor_ids_make     (KontorIds *ids,
                                KontorArena *arena,
                                const char *prefix,
                                gint64 tick);
char      *kontor_ids_secret   (KontorIds *ids, KontorArena *arena, guint n_letters);
/* nonces and seeds of keys */
void       kontor_ids_bytes    (KontorIds *ids, guint8 *out, guint n);
/* -1 when @id is not of our making */
gint64     kontor_id_tick      (const char *id);
gint64     kontor_tick_at      (gint64 seconds);               /* the first tick of that second */
/* what was made from that second on has a later tick */
gint64     kontor_tick_before  (gint64 seconds);
/* a name for what belongs to two objects: prefix and eight letters for each */
char      *kontor_id_of_two    (KontorArena *arena,
                                const char *prefix,
                                gint64 first,
                                gint64 second);
gboolean   kontor_id_read_two  (const char *id, const char *prefix, gint64 *first, gint64 *second);

static inline gint64
kontor_key (guint scope, gint64 tick)
{
  return ((gint64) scope << KONTOR_TICK_BITS) | tick;
}

static inline guint
kontor_key_scope (gint64 key)
{
  return (guint) (key >> KONTOR_TICK_BITS);
}

G_END_DECLS
