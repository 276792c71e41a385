/* options.h: what stands on the command line after the command's name. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;    /* "data-dir" */
  const char *value;   /* set by kontor_options_read() */
  gboolean    required;
  gboolean    is_switch; /* stands alone; its value is then "" */
} KontorOption;

/* Takes "--name value" and "--name=value". What is no row of @options is given to @other (may be
 * %NULL); @rest gets what is no option. */
gboolean kontor_options_read (char        **arguments,
                              KontorOption *options,
                              gboolean    (*other) (gpointer     data,
                                                        const char  *name,
                                                        const char  *value,
                                                        GError     **error),
                              gpointer      data,
                              const char  **rest,
                              GError      **error);

G_END_DECLS
