/* tx.h: one unit of work: what an operation reads and, all or nothing, what it leaves behind. */
#pragma once

#include "core/clock.h"
#include "core/resource.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct _KontorBooks    KontorBooks;
typedef struct _KontorOutbox   KontorOutbox;
typedef struct _KontorSettings KontorSettings;
typedef struct _KontorTx       KontorTx;

/* Seen by the rules of every noun. Writes are kept in memory until the operation is known to
 * succeed: so a refusal needs no savepoint, and everything is checked before the first row is
 * written. */
struct _KontorTx
{
  KontorStore          *store;
  KontorArena          *arena;    /* the operation's own */
  KontorIds            *ids;
  KontorBooks          *books;
  KontorOutbox         *outbox;
  const KontorSettings *settings;
  gint64                now;      /* Unix seconds */
  guint                 scope;
  gint64                request;  /* key of the request that caused it; 0: the server itself */
  struct _KontorTxWrites *writes; /* private to tx.c */
};

static inline gboolean
kontor_tx_is_live (const KontorTx *tx)
{
  return tx->scope & 1;
}

/* Reading: first what this unit of work changed, then the database. %NULL: no such object in
 * this scope. */
gpointer kontor_tx_get        (KontorTx *tx, const KontorResource *resource, const char *id);
gpointer kontor_tx_get_by_key (KontorTx *tx, const KontorResource *resource, gint64 key);
/* As kontor_tx_get(); when there is none, @error says "No such …" and names @param (%NULL: the
 * id of the URL). */
gpointer kontor_tx_require    (KontorTx *tx,
                               const KontorResource *resource,
                               const char *id,
                               const char *param,
                               KontorError *error);

/* What this unit of work made of @resource and saved, oldest first: it is not in the database
 * yet. */
void     kontor_tx_made       (KontorTx *tx, const KontorResource *resource, GPtrArray *made);

/* The newest version there is, counting what this unit of work saved. */
gint64   kontor_tx_n_versions (const KontorTx *tx);

/* Writing. */
/* id, key and created set; not yet saved */
gpointer kontor_tx_new        (KontorTx *tx, const KontorResource *resource);
/* a version as it now is; @event_type may be %NULL */
void     kontor_tx_save       (KontorTx *tx, gpointer object, const char *event_type);
/* one more event about the newest version; its key */
gint64   kontor_tx_event      (KontorTx *tx, gpointer object, const char *event_type);
/* "evt_…" of an event made in it */
const char *kontor_tx_event_id (const KontorTx *tx, gint64 event);
/* (transfer full) the database failed: nothing of this batch is kept */
void     kontor_tx_fail       (KontorTx *tx, GError *error);
void     kontor_tx_job        (KontorTx *tx, const char *kind, gint64 run_at, gint64 object);
/* forget what was to be done with @object */
void     kontor_tx_end_jobs   (KontorTx *tx, gint64 object);
/* what is sent to webhook endpoints, or how, was changed beside the objects: tell who watches */
void     kontor_tx_webhooks_changed (KontorTx *tx);

/* One movement of money. @lines end with a row without kind and must sum to zero in @currency. */
typedef struct
{
  const char *kind;         /* ledger account: a row of the table in ledger.c */
  gint64      available_on; /* for "pending", else 0 */
  gint64      amount;       /* debit positive, credit negative */
} KontorLine;

void     kontor_tx_post       (KontorTx *tx,
                               const char *kind,
                               const char *currency,
                               gint64 source,
                               const KontorLine *lines);

G_END_DECLS
