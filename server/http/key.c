/* key.c: what an API key looks like, how one is made, and what it may do. */
#include "server/http/key.h"

#include <sodium.h>
#include <string.h>

#include "core/signature.h"

static const char *const type_names[] = { "secret", "publishable", "restricted" };
static const char *const type_prefixes[] = { "sk", "pk", "rk" };

static const struct
{
  const char *word;
  guint64     bits;      /* who may write may read */
  gboolean    of_people; /* no key has it */
} scopes_known[] = {
  { "customers_read", KONTOR_SCOPE_CUSTOMERS_READ },
  { "customers_write", KONTOR_SCOPE_CUSTOMERS_READ | KONTOR_SCOPE_CUSTOMERS_WRITE },
  { "payment_methods_read", KONTOR_SCOPE_PAYMENT_METHODS_READ },
  { "payment_methods_write",
    KONTOR_SCOPE_PAYMENT_METHODS_READ | KONTOR_SCOPE_PAYMENT_METHODS_WRITE },
  { "payment_intents_read", KONTOR_SCOPE_PAYMENT_INTENTS_READ },
  { "payment_intents_write",
    KONTOR_SCOPE_PAYMENT_INTENTS_READ | KONTOR_SCOPE_PAYMENT_INTENTS_WRITE },
  { "setup_intents_read", KONTOR_SCOPE_SETUP_INTENTS_READ },
  { "setup_intents_write", KONTOR_SCOPE_SETUP_INTENTS_READ | KONTOR_SCOPE_SETUP_INTENTS_WRITE },
  { "charges_read", KONTOR_SCOPE_CHARGES_READ | KONTOR_SCOPE_REFUNDS_READ },
  { "charges_write", KONTOR_SCOPE_CHARGES_READ | KONTOR_SCOPE_CHARGES_WRITE
                         | KONTOR_SCOPE_REFUNDS_READ | KONTOR_SCOPE_REFUNDS_WRITE },
  { "refunds_read", KONTOR_SCOPE_REFUNDS_READ },
  { "refunds_write", KONTOR_SCOPE_REFUNDS_READ | KONTOR_SCOPE_REFUNDS_WRITE },
  { "balance_read", KONTOR_SCOPE_BALANCE_READ },
  { "events_read", KONTOR_SCOPE_EVENTS_READ },
  { "account_read", KONTOR_SCOPE_ACCOUNT_READ },
  { "account_write", KONTOR_SCOPE_ACCOUNT_READ | KONTOR_SCOPE_ACCOUNT_WRITE },
  { "kontor_read", KONTOR_SCOPE_KONTOR_READ | KONTOR_SCOPE_KEYS_READ | KONTOR_SCOPE_AUDIT_READ },
  { "kontor_write", KONTOR_SCOPE_KONTOR_READ | KONTOR_SCOPE_KONTOR_WRITE | KONTOR_SCOPE_KEYS_READ
                        | KONTOR_SCOPE_KEYS_WRITE | KONTOR_SCOPE_AUDIT_READ },
  { "logs_read", KONTOR_SCOPE_KONTOR_READ },
  { "keys_read", KONTOR_SCOPE_KEYS_READ },
  { "keys_write", KONTOR_SCOPE_KEYS_READ | KONTOR_SCOPE_KEYS_WRITE },
  { "audit_read", KONTOR_SCOPE_AUDIT_READ },
  { "people_read", KONTOR_SCOPE_PEOPLE_READ, TRUE },
  { "people_write", KONTOR_SCOPE_PEOPLE_READ | KONTOR_SCOPE_PEOPLE_WRITE, TRUE },
  { "webhook_endpoints_read", KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ },
  { "webhook_endpoints_write",
    KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ | KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE },
};

/**
 * kontor_key_type_find:
 * @name: "secret", "publishable" or "restricted"
 *
 * Returns: the type, or -1
 */
int
kontor_key_type_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (g_str_equal (type_names[i], name))
      return (int) i;
  return -1;
}

/**
 * kontor_scopes_parse:
 * @words: (nullable): "charges_read customers_write"
 * @scopes: (out): bits of #KontorScopeBit
 * @unknown: (out) (optional): on failure, where in @words the first unknown word begins
 *
 * Returns: whether all words are known
 */
gboolean
kontor_scopes_parse (const char *words, guint64 *scopes, const char **unknown)
{
  guint64 bits = 0;

  while (words != NULL && *(words += strspn (words, " ,")) != '\0')
    {
      gsize length = strcspn (words, " ,");
      guint i = 0;

      while (i < G_N_ELEMENTS (scopes_known)
             && (scopes_known[i].of_people || strlen (scopes_known[i].word) != length
                 || memcmp (scopes_known[i].word, words, length) != 0))
        i++;
      if (i == G_N_ELEMENTS (scopes_known))
        {
          if (unknown != NULL)
            *unknown = words;
          return FALSE;
        }
      bits |= scopes_known[i].bits;
      words += length;
    }
  *scopes = bits;
  return TRUE;
}

/**
 * kontor_scopes_write:
 * @scopes: bits of #KontorScopeBit
 * @out: gets the words for them, as JSON
 */
void
kontor_scopes_write (guint64 scopes, KontorBuffer *out)
{
  gboolean first = TRUE;

  kontor_buffer_char (out, '[');
  for (guint i = 0; i < G_N_ELEMENTS (scopes_known); i++)
    if ((scopes & scopes_known[i].bits) == scopes_known[i].bits)
      {
        kontor_buffer_puts (out, first ? "\"" : ",\"");
        kontor_buffer_puts (out, scopes_known[i].word);
        kontor_buffer_char (out, '"');
        first = FALSE;
      }
  kontor_buffer_char (out, ']');
}

/**
 * kontor_key_hash:
 * @hash_key: what kontor_key_file_load() gave of %KONTOR_HASH_KEY
 * @text: a key as it was sent
 * @hash: (out): what the database knows it by
 */
void
kontor_key_hash (const guint8 hash_key[32], const char *text, guint8 hash[32])
{
  kontor_hash32 (hash, hash_key, text, strlen (text));
}

/**
 * kontor_key_hint:
 * @arena: where the hint is to live
 * @text: a key, or anything that was sent as one
 *
 * Returns: as much of @text as may be shown: "sk_test_…a1b2"
 */
const char *
kontor_key_hint (KontorArena *arena, const char *text)
{
  gboolean is_ours = strlen (text) > 8 && text[1] == 'k' && text[2] == '_' && text[7] == '_';
  gsize head = is_ours ? 8 : 0;
  gsize length = strlen (text);

  if (length < head + 12)
    return kontor_arena_printf (arena, "%.*s****", (int) head, text);
  return kontor_arena_printf (arena, "%.*s****%s", (int) head, text, text + length - 4);
}

/**
 * kontor_key_make:
 * @spec: what it is to be
 * @hash_key: what kontor_key_file_load() gave of %KONTOR_HASH_KEY
 * @arena: where the text and the row's strings are to live
 * @row: (out): what the database keeps of it
 *
 * Returns: the key's text, which is shown once and kept nowhere
 */
const char *
kontor_key_make (const KontorKeySpec *spec,
                 const guint8         hash_key[32],
                 KontorArena         *arena,
                 KontorApiKeyRow     *row)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  char chance[KONTOR_KEY_LETTERS + 1] = "";
  const char *text;

  for (guint i = 0; i < KONTOR_KEY_LETTERS; i++)
    chance[i] = letters[randombytes_uniform (sizeof letters - 1)];
  text = kontor_arena_printf (arena, "%s_%s_%s", type_prefixes[spec->type],
                              spec->scope & 1 ? "live" : "test", chance);
  sodium_memzero (chance, sizeof chance);
  *row = (KontorApiKeyRow){
    .scope = spec->scope,
    .type = type_names[spec->type],
    .name = spec->name,
    .hint = kontor_key_hint (arena, text),
    .scopes = spec->scopes,
    .ip_allow = spec->ip_allow,
    .created = spec->created,
    .expires = spec->expires,
  };
  kontor_key_hash (hash_key, text, row->hash);
  return text;
}
