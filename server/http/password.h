/* password.h: what people prove who they are with: passwords and tokens. */
#pragma once

#include "core/error.h"
#include "server/http/call.h"

G_BEGIN_DECLS

#define KONTOR_SESSION_TOKEN "kses_"
#define KONTOR_INVITATION_TOKEN "kinv_"

gboolean    kontor_password_fits    (const char *text,
                                     const char *email,
                                     const char *param,
                                     KontorError *error);
/* Both take a tenth of a second and 64 MB: never on the engine's thread, nor on one of sockets.
 * %NULL: there is not that much memory */
const char *kontor_password_hash    (KontorArena *arena, const char *text);
/* @hash %NULL: takes as long, and gives %FALSE */
gboolean    kontor_password_matches (const char *hash, const char *text);

/* The text of a new token, shown once, and the hash by which it is known. */
const char *kontor_token_make       (KontorArena *arena,
                                     const guint8 hash_key[32],
                                     const char  *prefix,
                                     guint8       hash[32]);

/* What the routes that take a password have found out aside. */
typedef struct
{
  const char *checked; /* the hash that was held against what was sent; %NULL: none */
  gboolean    matches;
  const char *fresh;   /* hash of a new password; %NULL: none was sent */
} KontorPasswordWork;

G_END_DECLS
