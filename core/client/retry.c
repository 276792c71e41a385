/* retry.c: when a call is worth sending again, and after how long. */
#include "core/client/retry.h"

#include <libsoup/soup.h>

#define FIRST_MS 500
#define LONGEST_MS 8000

/**
 * kontor_retry_asked_for_s:
 * @retry_after: (nullable): a Retry-After: seconds or a date
 * @now: Unix seconds
 *
 * Returns: seconds from @now; -1 when the header is absent or makes no sense
 */
gint64
kontor_retry_asked_for_s (const char *retry_after, gint64 now)
{
  g_autoptr (GDateTime) date = NULL;
  guint64 seconds;

  if (retry_after == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (retry_after, 10, 0, G_MAXINT32, &seconds, NULL))
    return (gint64) seconds;
  date = soup_date_time_new_from_http_string (retry_after);
  return date != NULL ? MAX (0, g_date_time_to_unix (date) - now) : -1;
}

/**
 * kontor_retry_is_worthwhile:
 * @attempt: what became of the last attempt
 * @now: Unix seconds
 *
 * The server's own word counts most; without one, a collision (409), too many requests (429), a
 * failure of the server (5xx) and a broken connection are worth another attempt. Whether the call
 * may be repeated safely is not asked here: each POST carries an Idempotency-Key.
 *
 * Returns: whether to send the call again
 */
gboolean
kontor_retry_is_worthwhile (const KontorAttempt *attempt, gint64 now)
{
  if (g_strcmp0 (attempt->should_retry, "false") == 0)
    return FALSE;
  if (kontor_retry_asked_for_s (attempt->retry_after, now) > KONTOR_RETRY_LONGEST_S)
    return FALSE;
  if (g_strcmp0 (attempt->should_retry, "true") == 0)
    return TRUE;
  return attempt->status == 0 || attempt->status == 409 || attempt->status == 429
         || attempt->status >= 500;
}

/**
 * kontor_retry_delay_ms:
 * @attempt: what became of the last attempt
 * @nth: how many attempts there were, from 1
 * @now: Unix seconds
 * @chance: a random number, so that many clients do not come back together
 *
 * Half a second, doubled with each attempt up to eight; of it the second half is left to chance.
 * A Retry-After lengthens it and never shortens it.
 *
 * Returns: milliseconds to wait
 */
guint
kontor_retry_delay_ms (const KontorAttempt *attempt, guint nth, gint64 now, guint32 chance)
{
  guint longest = MIN (FIRST_MS << MIN (nth - 1, 10), LONGEST_MS);
  guint delay = longest / 2 + chance % (longest / 2 + 1);
  gint64 asked = kontor_retry_asked_for_s (attempt->retry_after, now);

  return asked > 0 ? MAX (delay, (guint) MIN (asked, KONTOR_RETRY_LONGEST_S) * 1000) : delay;
}
