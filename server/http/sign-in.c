/* sign-in.c: proving who one is, and what happens to who fails to.
 *
 * Failures are counted by address of mail, whether or not anybody here has it, and the same answer is given after
 * the same time: so nobody learns who is known here. */
#include "server/http/sign-in.h"

#include <gio/gio.h>
#include <string.h>

#include "core/signature.h"
#include "core/totp.h"
#include "server/http/api.h"
#include "server/http/key.h"
#include "server/store/recovery.h"
#include "server/store/session.h"

/* So many failures are free; then each doubles the time during which nothing is tried. */
#define FREE_FAILURES 5
#define FIRST_LOCK_S 15
#define LONGEST_LOCK_S 900

/* Of one client, and how many clients are told apart. */
static const KontorRate address_rate = { .per_second = 1, .burst = 30 };
#define N_ADDRESSES 65536

/* Of IPv6, a client has 2^64 addresses: the first half names it. */
static gint64
client_number (const KontorCall *call)
{
  const char *remote = call->request->remote != NULL ? call->request->remote : "";
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (remote);
  gboolean is_v6 = address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  guint8 hash[16];

  if (is_v6)
    kontor_hash16 (hash, call->api->hash_key, g_inet_address_to_bytes (address), 8);
  else
    kontor_hash16 (hash, call->api->hash_key, remote, strlen (remote));
  return -1 - (gint64) ((hash[0] | (guint) hash[1] << 8) % N_ADDRESSES);
}

/**
 * kontor_sign_in_rate:
 * @call: a call to which no key was sent
 * @error: gets the refusal
 *
 * Returns: whether its client may try once more now
 */
gboolean
kontor_sign_in_rate (KontorCall *call, KontorError *error)
{
  KontorBucket *bucket = kontor_limits_bucket (call->api->limits, client_number (call));
  guint wait_s = 0;

  if (kontor_bucket_take (bucket, &address_rate, call->request->started_us, &wait_s))
    return TRUE;
  call->reply->retry_after_s = wait_s;
  return kontor_error_set (error, KONTOR_ERROR_RATE_LIMIT, NULL,
                           "Too many attempts to sign in from this address. Slow down.");
}

static void
hash_email (const KontorCall *call, const char *email, guint8 hash[16])
{
  kontor_hash16 (hash, call->api->hash_key, email, strlen (email));
}

static gboolean
is_open (KontorCall *call, const char *email, KontorError *error)
{
  gint64 failed, last, lock_s, left_s;
  guint8 hash[16];

  hash_email (call, email, hash);
  if (!kontor_store_failures (call->store, hash, call->now, &failed, &last, &call->failure))
    return FALSE;
  if (failed < FREE_FAILURES)
    return TRUE;
  lock_s = MIN (LONGEST_LOCK_S, (gint64) FIRST_LOCK_S << MIN (failed - FREE_FAILURES, 10));
  left_s = last + lock_s - call->now;
  if (left_s <= 0)
    return TRUE;
  call->reply->retry_after_s = (guint) left_s;
  return kontor_error_set (error, KONTOR_ERROR_SIGN_IN_LOCKED, NULL,
                           "Signing in has failed %d times in a row. Wait %d seconds before you "
                           "try again.",
                           (int) failed, (int) left_s);
}

/**
 * kontor_sign_in_try:
 * @call: a call, on a thread for what takes long
 * @email: as kontor_user_email() gave it
 * @password: what was sent
 * @error: gets the refusal while it is locked
 *
 * Returns: whether @call->aside was set; kontor_sign_in_password() says what of it
 */
gboolean
kontor_sign_in_try (KontorCall *call, const char *email, const char *password, KontorError *error)
{
  KontorPasswordWork *work = kontor_arena_new0 (call->arena, KontorPasswordWork);
  KontorUserRow row;
  gboolean found;

  if (!is_open (call, email, error)
      || !kontor_store_user_by_email (call->store, call->arena, email, &row, &found,
                                      &call->failure))
    return FALSE;
  work->checked = found && row.disabled == 0 ? row.password : NULL;
  work->matches = kontor_password_matches (work->checked, password);
  call->aside = work;
  return TRUE;
}

/* Always %FALSE. */
static gboolean
failed (KontorCall *call,
        const char *email,
        KontorErrorCode code,
        const char *param,
        KontorError *error)
{
  guint8 hash[16];

  hash_email (call, email, hash);
  if (!kontor_store_failure_add (call->store, hash, call->now, &call->failure))
    return FALSE;
  return kontor_error_set (error, code, param, NULL);
}

/**
 * kontor_sign_in_password:
 * @call: a call in the engine, after kontor_sign_in_try()
 * @email: the same
 * @row: (nullable): who it is, as the database says now
 * @code: of the refusal
 * @param: (nullable): that held the password
 * @error: gets the refusal
 *
 * Returns: whether the password was right, and is still theirs
 */
gboolean
kontor_sign_in_password (KontorCall *call,
                         const char *email,
                         const KontorUserRow *row,
                         KontorErrorCode code,
                         const char *param,
                         KontorError *error)
{
  const KontorPasswordWork *work = call->aside;

  if (!is_open (call, email, error))
    return FALSE;
  if (work->matches && row != NULL && row->disabled == 0
      && g_strcmp0 (work->checked, row->password) == 0)
    return TRUE;
  return failed (call, email, code, param, error);
}

/**
 * kontor_recovery_hash:
 * @call: a call
 * @user: whose
 * @code: as it was shown or typed: only letters and digits count
 * @hash: (out): by which the database knows it
 */
void
kontor_recovery_hash (const KontorCall *call, gint64 user, const char *code, guint8 hash[32])
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GINT64_FORMAT ":", user);
  for (; *code != '\0' && text->len < 64; code++)
    if (g_ascii_isalnum (*code))
      g_string_append_c (text, g_ascii_toupper (*code));
  kontor_hash32 (hash, call->api->hash_key, text->str, text->len);
}

static gboolean
use_recovery (KontorCall *call, const KontorUserRow *row, const char *code, KontorError *error)
{
  gboolean used;
  guint8 hash[32];

  kontor_recovery_hash (call, row->key, code, hash);
  if (!kontor_store_recovery_use (call->store, row->key, hash, call->now, &used, &call->failure))
    return FALSE;
  return used || failed (call, row->email, KONTOR_ERROR_SIGN_IN_REFUSED, "recovery_code", error);
}

/**
 * kontor_sign_in_second:
 * @call: a call in the engine with the parameters totp and recovery_code
 * @row: (inout): whose password was right; keeps which code was taken
 * @error: gets the refusal
 *
 * Returns: whether they have no second factor, or have proved it
 */
gboolean
kontor_sign_in_second (KontorCall *call, KontorUserRow *row, KontorError *error)
{
  const char *code = kontor_params_string (call->params, "totp");
  const char *recovery = kontor_params_string (call->params, "recovery_code");
  const guint8 *secret;
  gsize length;
  gint64 step;

  if (row->totp.bytes == NULL)
    return TRUE;
  if (code == NULL && recovery != NULL)
    return use_recovery (call, row, recovery, error);
  if (code == NULL)
    return kontor_error_set (error, KONTOR_ERROR_TOTP_REQUIRED, "totp", NULL);
  secret = kontor_vault_unseal (&call->api->vault, call->arena, row->key, row->totp.bytes,
                                row->totp.length, &length);
  step = secret != NULL ? kontor_totp_check (secret, length, call->now, row->totp_step, code) : -1;
  if (step < 0)
    return failed (call, row->email, KONTOR_ERROR_SIGN_IN_REFUSED, "totp", error);
  row->totp_step = step;
  return kontor_store_user_update (call->store, row, &call->failure);
}

/**
 * kontor_sign_in_forgive:
 * @call: a call in the engine
 * @email: of somebody who has proved who they are
 *
 * Forgets their failures.
 *
 * Returns: whether it was written; if not, @call->failure is set
 */
gboolean
kontor_sign_in_forgive (KontorCall *call, const char *email)
{
  guint8 hash[16];

  hash_email (call, email, hash);
  return kontor_store_failures_clear (call->store, hash, &call->failure);
}
