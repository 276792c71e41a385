/* totp.c: the codes of an authenticator, which change every half minute (RFC 6238). */
#include "core/totp.h"

#include <string.h>

#define STEP_S 30
#define DIGITS 6
#define MODULUS 1000000

/**
 * kontor_totp_code:
 * @secret: shared with the authenticator
 * @length: of it
 * @step: of 30 seconds, counted from 1970
 *
 * HMAC-SHA1, since that is what all authenticators know; its weakness to collisions is none here.
 *
 * Returns: the code, below a million
 */
guint
kontor_totp_code (const guint8 *secret, gsize length, gint64 step)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, secret, length);
  guint64 counter = GUINT64_TO_BE ((guint64) step);
  guint8 digest[20];
  gsize n = sizeof digest;
  const guint8 *at;

  g_hmac_update (hmac, (const guchar *) &counter, sizeof counter);
  g_hmac_get_digest (hmac, digest, &n);
  at = digest + (digest[19] & 15);
  return ((guint) (at[0] & 127) << 24 | (guint) at[1] << 16 | (guint) at[2] << 8 | at[3]) % MODULUS;
}

/* Blanks in the middle are how authenticators show a code. */
static gboolean
read_code (const char *text, guint *code)
{
  guint n = 0;

  *code = 0;
  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text) && n < DIGITS)
      {
        *code = *code * 10 + (guint) (*text - '0');
        n++;
      }
    else if (*text != ' ' && *text != '-')
      return FALSE;
  return n == DIGITS;
}

/**
 * kontor_totp_check:
 * @secret: shared with the authenticator
 * @length: of it
 * @now: Unix seconds
 * @last_step: the step whose code was taken last; 0: none
 * @text: what somebody sent
 *
 * A clock that is half a minute off is forgiven. All three codes are compared whatever the first says.
 *
 * Returns: the step to be kept as @last_step, or -1
 */
gint64
kontor_totp_check (const guint8 *secret,
                   gsize         length,
                   gint64        now,
                   gint64        last_step,
                   const char   *text)
{
  gint64 found = -1;
  guint code;

  if (!read_code (text, &code))
    return -1;
  for (gint64 step = now / STEP_S - 1; step <= now / STEP_S + 1; step++)
    if ((kontor_totp_code (secret, length, step) ^ code) == 0 && step > last_step)
      found = step;
  return found;
}

/**
 * kontor_base32:
 * @bytes: some bytes
 * @length: how many
 *
 * Returns: (transfer full): them in RFC 4648's letters, without padding
 */
char *
kontor_base32 (const guint8 *bytes, gsize length)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  GString *text = g_string_sized_new (length * 8 / 5 + 2);
  guint bits = 0, n_bits = 0;

  for (gsize i = 0; i < length; i++)
    {
      bits = (bits << 8 | bytes[i]) & 0xffff;
      for (n_bits += 8; n_bits >= 5; n_bits -= 5)
        g_string_append_c (text, letters[bits >> (n_bits - 5) & 31]);
    }
  if (n_bits > 0)
    g_string_append_c (text, letters[bits << (5 - n_bits) & 31]);
  return g_string_free (text, FALSE);
}

/**
 * kontor_totp_uri:
 * @issuer: whom the code is for: "Kontor"
 * @name: whose it is
 * @secret: shared with the authenticator
 * @length: of it
 *
 * Returns: (transfer full): "otpauth://totp/…", usually shown as a QR code
 */
char *
kontor_totp_uri (const char *issuer, const char *name, const guint8 *secret, gsize length)
{
  g_autofree char *letters = kontor_base32 (secret, length);
  g_autofree char *who = g_uri_escape_string (name, "@", FALSE);
  g_autofree char *whom = g_uri_escape_string (issuer, NULL, FALSE);

  return g_strdup_printf ("otpauth://totp/%s:%s?secret=%s&issuer=%s&digits=6&period=30", whom, who,
                          letters, whom);
}
