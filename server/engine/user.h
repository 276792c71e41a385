/* user.h: the rules of who may sign in: invitations, roles, and that an owner is left. */
#pragma once

#include "core/error.h"
#include "server/store/user.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_ROLE_OWNER,
  KONTOR_ROLE_ADMIN,
  KONTOR_ROLE_DEVELOPER,
  KONTOR_ROLE_ANALYST,
  KONTOR_ROLE_SUPPORT,
  KONTOR_N_ROLES
} KontorRoleNumber;

/* "owner" …, %NULL at the end */
extern const char *const kontor_role_names[];
int         kontor_role_number (const char *name); /* -1: no role */

/* How long an invitation or a reset can be used, and how long the text of a token is. */
#define KONTOR_INVITATION_S (7 * 86400)

/* Whom the rules are asked about, where and when. */
typedef struct
{
  KontorStore *store;     /* in a transaction */
  KontorArena *arena;
  gint64       now;
  guint        account;   /* number of the merchant */
  int          acting;    /* the role of whoever asks; the server's own tools: an owner's */
  gint64       actor;     /* users.key of whoever asks; 0: nobody who signs in */
  GError     **failure;   /* set when the database failed */
} KontorUserAct;

/* lower-cased */
const char *kontor_user_email        (KontorArena *arena, const char *text);
/* Somebody new, or somebody known in one more account. Gives @row as it then is. */
gboolean    kontor_user_invite       (const KontorUserAct *act,
                                      KontorIds           *ids,
                                      const char          *email,
                                      const char          *name,
                                      int                  role,
                                      const guint8         token[32],
                                      KontorUserRow       *row,
                                      gboolean            *is_new,
                                      KontorError         *error);
gboolean    kontor_user_set_role     (const KontorUserAct *act,
                                      KontorUserRow       *row,
                                      int                  role,
                                      KontorError         *error);
gboolean    kontor_user_set_disabled (const KontorUserAct *act,
                                      KontorUserRow       *row,
                                      gboolean             disabled,
                                      KontorError         *error);
/* Ends all sessions, takes password and second factor away; @token lets a new password be set. */
gboolean    kontor_user_reset        (const KontorUserAct *act,
                                      KontorUserRow       *row,
                                      const guint8         token[32],
                                      KontorError         *error);
/* Ends all sessions. */
gboolean    kontor_user_set_password (const KontorUserAct *act,
                                      KontorUserRow       *row,
                                      const char          *hash);

G_END_DECLS
