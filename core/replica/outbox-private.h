/* outbox-private.h: the queue's file, for the files that write to it. */
#pragma once

#include <sqlite3.h>

#include "core/replica/outbox.h"

G_BEGIN_DECLS

struct _KontorOutbox
{
  GObject       parent_instance;
  sqlite3      *db;
  char         *client;
  gboolean      is_online;
  GFileMonitor *monitor;
  gint64        data_version; /* SQLite's: another one when another program has written */
  guint         idle;
};

/* Runs one statement; each letter of @types is an argument: i gint64, s text that may be %NULL. */
gboolean kontor_outbox_run      (KontorOutbox *outbox,
                                 GError      **error,
                                 const char   *sql,
                                 const char   *types,
                                 ...);
gboolean kontor_outbox_begin    (KontorOutbox *outbox, GError **error);
gboolean kontor_outbox_end      (KontorOutbox *outbox, gboolean good, GError **error);
gboolean kontor_outbox_settle   (KontorOutbox *outbox, GError **error);
GPtrArray *kontor_outbox_query  (KontorOutbox *outbox, const char *sql, gint64 first);
gint64     kontor_outbox_read_int (KontorOutbox *outbox, const char *sql);
char      *kontor_outbox_make_op  (void);

static inline gint64
kontor_outbox_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* The columns of a KontorQueued; "i" is the table. */
#define KONTOR_QUEUED_COLUMNS \
  "SELECT i.n, i.op, i.action, i.target, i.if_v, i.args, i.class, i.made, i.confirmed," \
  " i.expires, i.after," \
  " i.state, i.unsure, i.tries, i.status, i.answer, i.problem, i.state IN ('waiting', 'sent')" \
  " AND (" KONTOR_QUEUED_HELD "), i.base FROM intents i "
/* On the same object, in order; and after what it depends on. */
#define KONTOR_QUEUED_HELD \
  "EXISTS (SELECT 1 FROM intents e WHERE e.target = i.target AND e.n < i.n" \
  " AND e.state IN ('waiting', 'ask', 'sent', 'conflict'))" \
  " OR (i.after > 0 AND NOT EXISTS" \
  " (SELECT 1 FROM intents d WHERE d.n = i.after AND d.state = 'done'))"

G_END_DECLS
