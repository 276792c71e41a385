/* session.h: who has signed in, and who failed to, in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;
  guint8      hash[32];       /* of the token */
  gint64      user;           /* users.key */
  gint64      epoch;
  gint64      created, last_used, expires;
  const char *remote, *agent; /* may be %NULL */
  /* of the user, when found by hash */
  const char *user_id, *user_email, *user_name;
  gboolean    is_over;        /* the user was disabled or has signed out everywhere since */
} KontorSessionRow;

gboolean kontor_store_session_insert (KontorStore *store, KontorSessionRow *row, GError **error);
gboolean kontor_store_session_find   (KontorStore      *store,
                                      KontorArena      *arena,
                                      const guint8      hash[32],
                                      KontorSessionRow *row,
                                      gboolean         *found,
                                      GError          **error);
/* Those of @user that go on at @now, newest first, as KontorSessionRow. */
gboolean kontor_store_session_list   (KontorStore *store,
                                      KontorArena *arena,
                                      gint64       user,
                                      gint64       now,
                                      GArray      *rows,
                                      GError     **error);
gboolean kontor_store_session_end    (KontorStore *store, gint64 number, gint64 at, GError **error);
gboolean kontor_store_session_used   (KontorStore *store, gint64 number, gint64 at, GError **error);

/* Failures in a row to sign in as @email (a keyed hash), forgotten after a day. */
gboolean kontor_store_failures       (KontorStore  *store,
                                      const guint8  email[16],
                                      gint64        now,
                                      gint64       *failed,
                                      gint64       *last,
                                      GError      **error);
gboolean kontor_store_failure_add    (KontorStore  *store,
                                      const guint8  email[16],
                                      gint64        now,
                                      GError      **error);
gboolean kontor_store_failures_clear (KontorStore *store, const guint8 email[16], GError **error);

G_END_DECLS
