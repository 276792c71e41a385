/* audit-log.h: who did what, in rows that are chained by their hashes. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

#define KONTOR_AUDIT_HASH_BYTES 32

typedef struct
{
  gint64      number;      /* from 1 without a gap */
  gint64      at;          /* microseconds since 1970 */
  const char *actor_kind;  /* "user", "key", "tool", "server" */
  const char *actor;       /* id, or %NULL */
  const char *actor_name;
  guint       scope;       /* account << 1 | live; 0: not one merchant's matter */
  const char *action;      /* "refund.create" */
  const char *object;      /* id, or %NULL */
  const char *summary;     /* JSON */
  const char *remote, *request; /* or %NULL */
  const char *outcome;     /* "ok", or the code of the refusal */
  guint8      previous[KONTOR_AUDIT_HASH_BYTES], hash[KONTOR_AUDIT_HASH_BYTES];
} KontorAuditRow;

/* What to look for; unset is 0 or %NULL. */
typedef struct
{
  guint       account;       /* number of a merchant, and what its people did */
  int         live;          /* 0 or 1; -1: either */
  guint       limit;
  gint64      after, before; /* numbers */
  gint64      at_min, at_max; /* inclusive; both 0: open */
  const char *actor, *object;
  const char *action;        /* "refund.create", or "refund." for all that begins so */
} KontorAuditQuery;

/* A signature over the newest row there then was. */
typedef struct
{
  gint64 number, created;
  guint8 hash[KONTOR_AUDIT_HASH_BYTES], signature[64];
} KontorAuditSeal;

/* In an open transaction: sets number, previous and hash. */
gboolean kontor_store_audit_append (KontorStore *store, KontorAuditRow *row, GError **error);
/* The hash that @row should have. */
void     kontor_audit_hash         (const KontorAuditRow *row, guint8 hash[32]);
gboolean kontor_store_audit_get    (KontorStore    *store,
                                    KontorArena    *arena,
                                    guint           account,
                                    int             live,
                                    gint64          number,
                                    KontorAuditRow *row,
                                    gboolean       *found,
                                    GError        **error);
/* Newest first; @rows gets KontorAuditRow. */
gboolean kontor_store_audit_list   (KontorStore            *store,
                                    KontorArena            *arena,
                                    const KontorAuditQuery *query,
                                    GArray                 *rows,
                                    gboolean               *has_more,
                                    GError                **error);
/* Whether the hash of the row before @row is what @row says it is. */
gboolean kontor_store_audit_follows (KontorStore          *store,
                                     const KontorAuditRow *row,
                                     gboolean             *follows,
                                     GError              **error);
/* The newest row that no seal covers yet, without its signature; number 0: none. */
gboolean kontor_store_audit_unsealed    (KontorStore     *store,
                                         KontorAuditSeal *seal,
                                         GError         **error);
gboolean kontor_store_audit_seal_insert (KontorStore           *store,
                                         const KontorAuditSeal *seal,
                                         GError               **error);

G_END_DECLS
