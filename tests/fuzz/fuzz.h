/* fuzz.h: what a fuzz target offers, to libFuzzer or to the replay of its corpus. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

G_END_DECLS
