/* block.h: the seal in the database: signed blocks, and the rows they are made of. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 number;        /* from 1 */
  gint64 last_entry;    /* entries.number up to which this block goes */
  gint64 last_version;  /* versions.seq likewise */
  gint64 created;       /* Unix seconds */
  guint8 root[32];
  guint8 previous[32];
  guint8 signature[64];
} KontorBlock;

/* One posting with the entry it belongs to and the account it touches, spelled out. */
typedef struct
{
  gint64      entry, scope, source, created; /* of the entry; @source 0: none */
  const char *kind;
  gint64      posting;                       /* its number; 0: the entry has no posting */
  gint64      account_scope, available_on, amount;
  const char *account_kind, *currency;
} KontorBlockLine;

typedef struct
{
  gint64      seq, kind, object;
  gint64      prev;   /* 0: the object's first version, which alone has @id and @born */
  const char *body;
  gsize       length;
  const char *id;
  gint64      born;
} KontorBlockVersion;

typedef void (*KontorBlockLineFunc)    (const KontorBlockLine *line, gpointer data);
typedef void (*KontorBlockVersionFunc) (const KontorBlockVersion *version, gpointer data);

/* The newest block; all zero when there is none. */
gboolean kontor_store_block_last     (KontorStore *store, KontorBlock *block, GError **error);
/* The block that an entry is in; all zero when it is not sealed yet. */
gboolean kontor_store_block_of       (KontorStore *store, gint64 entry, KontorBlock *block,
                                      GError **error);
gboolean kontor_store_entry_is_there (KontorStore *store, gint64 entry, guint scope,
                                      gboolean *found, GError **error);
gboolean kontor_store_block_insert   (KontorStore *store, const KontorBlock *block, GError **error);
/* What lies beyond @after and up to @last, in order. */
gboolean kontor_store_block_lines    (KontorStore *store, gint64 after, gint64 last,
                                      KontorBlockLineFunc func, gpointer data, GError **error);
gboolean kontor_store_block_versions (KontorStore *store, gint64 after, gint64 last,
                                      KontorBlockVersionFunc func, gpointer data, GError **error);

G_END_DECLS
