/* sign-in.h: people sign in to a server, and end that again. */
#pragma once

#include "core/client/client.h"

G_BEGIN_DECLS

/* What somebody proves who they are with. */
typedef struct
{
  const char *email, *password;
  const char *code; /* of the authenticator, or a recovery code; %NULL or "": none */
} KontorSignIn;

gboolean kontor_sign_in            (KontorProfile       *profile,
                                    const KontorSignIn  *proof,
                                    GError             **error);
gboolean kontor_sign_in_needs_code (const GError *error);
gboolean kontor_sign_in_by_key     (KontorProfile       *profile,
                                    KontorClient        *client,
                                    GError             **error);
gboolean kontor_sign_out           (const KontorProfile *profile, GError **error);

G_END_DECLS
