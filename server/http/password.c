/* password.c: what people prove who they are with: passwords and tokens. */
#include "server/http/password.h"

#include <sodium.h>
#include <string.h>

#include "server/http/key.h"

#define FEWEST_LETTERS 10
#define MOST_LETTERS 256

/* Costs of Argon2id: libsodium's for people who wait. They stand in each hash, so that they may be raised. */
#define PASSES crypto_pwhash_OPSLIMIT_INTERACTIVE
#define MEMORY crypto_pwhash_MEMLIMIT_INTERACTIVE

/* What is held against a password of nobody, so that it takes as long as one of somebody. */
static const char *
nobodys_hash (void)
{
  static char hash[crypto_pwhash_STRBYTES];
  static gsize made;

  if (g_once_init_enter (&made))
    {
      guint8 chance[32];

      randombytes_buf (chance, sizeof chance);
      if (crypto_pwhash_str (hash, (const char *) chance, sizeof chance, PASSES, MEMORY) != 0)
        hash[0] = '\0';
      g_once_init_leave (&made, 1);
    }
  return hash;
}

/**
 * kontor_password_fits:
 * @text: a password that somebody chose
 * @email: whose it is to be
 * @param: that held it
 * @error: why not
 *
 * Length is what makes a password hard to guess; rules about letters make it hard to remember.
 *
 * Returns: whether it may be used
 */
gboolean
kontor_password_fits (const char *text, const char *email, const char *param, KontorError *error)
{
  glong letters = g_utf8_strlen (text, -1);

  if (letters >= FEWEST_LETTERS && letters <= MOST_LETTERS && g_ascii_strcasecmp (text, email) != 0
      && strspn (text, (char[]){ text[0], '\0' }) != strlen (text))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_PASSWORD_WEAK, param, NULL);
}

/**
 * kontor_password_hash:
 * @arena: where the hash is to live
 * @text: a password
 *
 * Returns: (nullable): its Argon2id hash with salt and costs; %NULL when there is not enough memory
 */
const char *
kontor_password_hash (KontorArena *arena, const char *text)
{
  char hash[crypto_pwhash_STRBYTES];

  if (crypto_pwhash_str (hash, text, strlen (text), PASSES, MEMORY) != 0)
    return NULL;
  return kontor_arena_strdup (arena, hash);
}

/**
 * kontor_password_matches:
 * @hash: (nullable): what kontor_password_hash() gave
 * @text: what somebody sent
 *
 * Returns: whether @text is the password; for no hash %FALSE after the same time
 */
gboolean
kontor_password_matches (const char *hash, const char *text)
{
  const char *against = hash != NULL ? hash : nobodys_hash ();

  return crypto_pwhash_str_verify (against, text, strlen (text)) == 0 && hash != NULL;
}

/**
 * kontor_token_make:
 * @arena: where the text is to live
 * @hash_key: of the server
 * @prefix: %KONTOR_SESSION_TOKEN …
 * @hash: (out): by which the database knows it
 *
 * Returns: 256 bits of chance as text
 */
const char *
kontor_token_make (KontorArena *arena,
                   const guint8 hash_key[32],
                   const char  *prefix,
                   guint8       hash[32])
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  char chance[KONTOR_KEY_LETTERS + 1] = "";
  const char *text;

  for (guint i = 0; i < KONTOR_KEY_LETTERS; i++)
    chance[i] = letters[randombytes_uniform (sizeof letters - 1)];
  text = kontor_arena_printf (arena, "%s%s", prefix, chance);
  sodium_memzero (chance, sizeof chance);
  kontor_key_hash (hash_key, text, hash);
  return text;
}
