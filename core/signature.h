/* signature.h: hashes and codes that prove who said a thing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* keyed BLAKE2b */
void kontor_hash16 (guint8 out[16], const guint8 key[32], const void *data, gsize length);
/* key may be %NULL */
void kontor_hash32 (guint8 out[32], const guint8 *key, const void *data, gsize length);

G_END_DECLS
