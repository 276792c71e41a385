/* demo.h: a data directory full of sample payments, made by the very rules that serve real ones. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 rows;    /* payments */
  guint64 seed;
  gint64  until;   /* Unix seconds of the last one; the first lies two years before */
  /* told now and then how many are done */
  void  (*progress) (guint64 done, guint64 rows);
} KontorDemo;

gboolean kontor_demo_fill (const char *data_dir, const KontorDemo *demo, GError **error);

G_END_DECLS
