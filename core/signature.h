/* signature.h: hashes and codes that prove who said a thing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* keyed BLAKE2b */
void kontor_hash16 (guint8 out[16], const guint8 key[32], const void *data, gsize length);
/* key may be %NULL */
void kontor_hash32 (guint8 out[32], const guint8 *key, const void *data, gsize length);

/* What webhook secrets begin with, and public keys. */
#define KONTOR_WEBHOOK_SECRET "whsec_"
#define KONTOR_WEBHOOK_PUBLIC_KEY "whpk_"

/* The value of Stripe-Signature: called once for each secret, adds to @header. */
void  kontor_sign_stripe   (GString *header,
                            const char *secret,
                            gint64 timestamp,
                            gconstpointer body,
                            gsize length);
/* The value of webhook-signature: likewise, for HMAC secrets and for Ed25519 seeds. */
void  kontor_sign_standard (GString *header,
                            const char *secret,
                            const char *id,
                            gint64 timestamp,
                            gconstpointer body,
                            gsize length);
void  kontor_sign_ed25519  (GString *header,
                            const guint8 seed[32],
                            const char *id,
                            gint64 timestamp,
                            gconstpointer body,
                            gsize length);
/* "whpk_…" of a seed */
char *kontor_webhook_public_key (const guint8 seed[32]);

G_END_DECLS
