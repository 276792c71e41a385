/* secret.h: keys in the person's Secret Service, where there is one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @file tells homes apart, @profile the keys in it. Nothing here opens a window to unlock it. */
gboolean kontor_secret_can_keep (void);
gboolean kontor_secret_keep     (const char *file,
                                 const char *profile,
                                 const char *secret,
                                 GError    **error);
char    *kontor_secret_find     (const char *file, const char *profile, GError **error);
gboolean kontor_secret_forget   (const char *file, const char *profile, GError **error);

G_END_DECLS
