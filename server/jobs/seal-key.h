/* seal-key.h: the pair of keys that blocks are signed with, in the data directory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads keys/seal.key; with @may_make it is made, and keys/seal.pub beside it, if missing. */
gboolean kontor_seal_key_load (const char *data_dir, gboolean may_make, guint8 secret[64],
                               GError **error);

G_END_DECLS
