/* key.h: what an API key looks like, how one is made, and what it may do. */
#pragma once

#include "server/http/call.h"
#include "server/store/api-key.h"

G_BEGIN_DECLS

#define KONTOR_KEY_LETTERS 43 /* 62^43 > 2^256 */

typedef struct
{
  guint       scope;     /* account << 1 | live */
  int         type;      /* KONTOR_KEY_SECRET … */
  const char *name;
  const char *scopes;    /* restricted keys: words by space; else %NULL */
  const char *ip_allow;  /* addresses or networks by space; %NULL: from anywhere */
  gint64      created;
  gint64      expires;   /* 0: never */
} KontorKeySpec;

int         kontor_key_type_find    (const char *name); /* -1: none of ours */
gboolean    kontor_scopes_parse     (const char *words, guint64 *scopes, const char **unknown);
/* ["charges_read",…] */
void        kontor_scopes_write     (guint64 scopes, KontorBuffer *out);
void        kontor_key_hash         (const guint8 hash_key[32], const char *text, guint8 hash[32]);
const char *kontor_key_hint         (KontorArena *arena, const char *text); /* "sk_test_…a1b2" */
const char *kontor_key_make         (const KontorKeySpec *spec,
                                     const guint8         hash_key[32],
                                     KontorArena         *arena,
                                     KontorApiKeyRow     *row);

G_END_DECLS
