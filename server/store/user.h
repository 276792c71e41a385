/* user.h: the people who may sign in, and what they are for which merchant, in the database. */
#pragma once

#include "core/id.h"
#include "server/store/store.h"

G_BEGIN_DECLS

/* Some bytes that were sealed; %NULL: none. */
typedef struct
{
  const guint8 *bytes;
  gsize         length;
} KontorSealed;

typedef struct
{
  gint64       key;
  const char  *id;
  const char  *email, *name;  /* @email: lower-cased */
  const char  *password;      /* Argon2id; %NULL: none yet */
  gint64       created;
  gint64       disabled;      /* since when; 0: not */
  gint64       epoch;
  KontorSealed token;         /* a keyed hash, 32 bytes */
  gint64       token_expires;
  KontorSealed totp, totp_pending;
  gint64       totp_step;
  const char  *role;          /* in the account of a list; else %NULL */
} KontorUserRow;

typedef struct
{
  guint       account;
  const char *account_id, *account_name;
  const char *role;
} KontorMembershipRow;

gboolean kontor_store_user_insert   (KontorStore *store, const KontorUserRow *row, GError **error);
/* all but key, id and created */
gboolean kontor_store_user_update   (KontorStore *store, const KontorUserRow *row, GError **error);
/* Each: @found says whether there is one. */
gboolean kontor_store_user_by_id    (KontorStore   *store,
                                     KontorArena   *arena,
                                     const char    *id,
                                     KontorUserRow *row,
                                     gboolean      *found,
                                     GError       **error);
gboolean kontor_store_user_by_email (KontorStore   *store,
                                     KontorArena   *arena,
                                     const char    *email,
                                     KontorUserRow *row,
                                     gboolean      *found,
                                     GError       **error);
gboolean kontor_store_user_by_token (KontorStore   *store,
                                     KontorArena   *arena,
                                     const guint8   hash[32],
                                     KontorUserRow *row,
                                     gboolean      *found,
                                     GError       **error);
/* Those of @account (0: everybody), newest first, as KontorUserRow; at most @limit below @before
 * (0: from the newest). */
gboolean kontor_store_user_list     (KontorStore *store,
                                     KontorArena *arena,
                                     guint        account,
                                     gint64       before,
                                     guint        limit,
                                     GArray      *rows,
                                     GError     **error);

/* @role %NULL: takes the membership away */
gboolean kontor_store_membership_set  (KontorStore *store,
                                       gint64       user,
                                       guint        account,
                                       const char  *role,
                                       gint64       now,
                                       GError     **error);
/* of @user, as KontorMembershipRow, by account */
gboolean kontor_store_membership_list (KontorStore *store,
                                       KontorArena *arena,
                                       gint64       user,
                                       GArray      *rows,
                                       GError     **error);
/* how many owners of @account may sign in, @user aside */
gboolean kontor_store_other_owners    (KontorStore *store,
                                       guint        account,
                                       gint64       user,
                                       gint64      *n,
                                       GError     **error);

G_END_DECLS
