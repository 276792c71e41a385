/* options.h: flags and arguments as they stand on the command line. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/* What may stand on this command line besides arguments. */
typedef struct
{
  const KontorFlag *tables[3]; /* the earlier one counts; %NULL at the end */
  /* Asked first about a flag without letter: whether it is one, and if so whether it takes a value
   * even when none is attached by "=". */
  gboolean (*knows) (gpointer data, const char *name, const char *next, gboolean *takes_value);
  /* Given the value, or %NULL when there is none. */
  gboolean (*take)  (gpointer data, const char *name, const char *value, GError **error);
  /* Adds the names it knows, for a suggestion. */
  void     (*names) (gpointer data, GPtrArray *known);
  gpointer data;
} KontorOptions;

extern const KontorFlag kontor_global_flags[];

gboolean kontor_options_read  (KontorCli           *cli,
                               const KontorOptions *options,
                               char               **words,
                               gboolean             to_first_word,
                               guint               *n_read,
                               GError             **error);
gboolean kontor_option_is     (const char *typed, const char *name);

G_END_DECLS
