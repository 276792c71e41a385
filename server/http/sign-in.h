/* sign-in.h: proving who one is, and what happens to who fails to. */
#pragma once

#include "server/http/call.h"
#include "server/http/password.h"
#include "server/store/user.h"

G_BEGIN_DECLS

/* For a route's aside: takes one from the rate of the client's address. */
gboolean kontor_sign_in_rate     (KontorCall *call, KontorError *error);
/* For a route's aside: holds @password against that of @email, and leaves the answer in
 * call->aside. Somebody unknown takes as long as somebody known. */
gboolean kontor_sign_in_try      (KontorCall *call,
                                  const char *email,
                                  const char *password,
                                  KontorError *error);
/* In the engine: whether what was found out aside still holds for @row (%NULL: nobody). A failure
 * is counted, and refused with @code and @param. */
gboolean kontor_sign_in_password (KontorCall *call,
                                  const char *email,
                                  const KontorUserRow *row,
                                  KontorErrorCode code,
                                  const char *param,
                                  KontorError *error);
/* In the engine: whether the second factor, if there is one, is right. Changes @row. */
gboolean kontor_sign_in_second   (KontorCall *call, KontorUserRow *row, KontorError *error);
gboolean kontor_sign_in_forgive  (KontorCall *call, const char *email);
/* The hash by which a recovery code is known. */
void     kontor_recovery_hash    (const KontorCall *call,
                                  gint64 user,
                                  const char *code,
                                  guint8 hash[32]);

G_END_DECLS
