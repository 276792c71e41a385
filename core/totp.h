/* totp.h: the codes of an authenticator, which change every half minute (RFC 6238). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KONTOR_TOTP_BYTES 20  /* of a secret */

/* the six digits of a step of 30 seconds since 1970 */
guint  kontor_totp_code  (const guint8 *secret, gsize length, gint64 step);
/* The step whose code @text is, of now, the one before or the one after; never one up to
 * @last_step. -1: none. */
gint64 kontor_totp_check (const guint8 *secret,
                          gsize         length,
                          gint64        now,
                          gint64        last_step,
                          const char   *text);
/* (transfer full) as people type it into an authenticator */
char  *kontor_base32     (const guint8 *bytes, gsize length);
/* (transfer full) what an authenticator reads from a picture */
char  *kontor_totp_uri   (const char *issuer, const char *name, const guint8 *secret, gsize length);

G_END_DECLS
