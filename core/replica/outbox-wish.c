/* outbox-wish.c: what people do to the queue: add, change, confirm, try again, take back.
 *
 * A name (op) that was sent stands for the same action for ever; who changes an action gives it another name, and may only
 * while it is certain that it was not done under the old one. */
#include "core/replica/outbox-private.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "core/json.h"

#define DAY_S G_GINT64_CONSTANT (86400)

/* For so many seconds: the server takes ninety days at most, and clocks differ. */
static const gint64 lives_s[] = { 30 * DAY_S, 30 * DAY_S, DAY_S, 60 };

/* By the server's clock, as far as it is known: that is the one that decides. */
static gint64
expires_of (KontorOutbox *outbox, KontorIntentClass class)
{
  g_autofree char *ahead = kontor_outbox_meta (outbox, "ahead");

  return kontor_outbox_now_s () + lives_s[class]
         + (ahead != NULL ? g_ascii_strtoll (ahead, NULL, 10) : 0);
}

/**
 * kontor_outbox_make_op:
 *
 * As UUIDs of version 7: time, then chance.
 *
 * Returns: (transfer full): a name that nothing else has, "op_…"
 */
char *
kontor_outbox_make_op (void)
{
  guint8 chance[10];
  char letters[sizeof chance * 2 + 1];

  randombytes_buf (chance, sizeof chance);
  sodium_bin2hex (letters, sizeof letters, chance, sizeof chance);
  return g_strdup_printf ("op_%012" G_GINT64_MODIFIER "x%s", g_get_real_time () / 1000, letters);
}

static gboolean
check_args (const char *args, GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  KontorValue *value = kontor_json_parse (arena, args, strlen (args), &problem);

  if (value != NULL && value->type == KONTOR_VALUE_OBJECT)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is no JSON object."), args);
  return FALSE;
}

/**
 * kontor_outbox_add:
 * @outbox: an outbox
 * @intent: what is wanted
 * @after: only when that one is done; 0: whenever
 * @error: return location for a #GIOErrorEnum: %G_IO_ERROR_NOT_CONNECTED when it cannot wait for the server
 *
 * Returns: its number; 0: it is not queued
 */
gint64
kontor_outbox_add (KontorOutbox *outbox, const KontorIntent *intent, gint64 after, GError **error)
{
  g_autofree char *op = kontor_outbox_make_op ();
  gint64 now = kontor_outbox_now_s ();
  gint64 n = 0;
  gboolean good;

  if (intent->class == KONTOR_INTENT_ONLINE && !outbox->is_online)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           _ ("This needs the server, which is not reached now."));
      return 0;
    }
  if (!check_args (intent->args, error) || !kontor_outbox_begin (outbox, error))
    return 0;
  good = kontor_outbox_run (
      outbox, error,
      "INSERT INTO intents (op, action, target, if_v, args, class, made, confirmed, expires,"
      " after, base, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, 'waiting')",
      "sssisiiiis", op, intent->op, intent->on,
      intent->class == KONTOR_INTENT_HARMLESS ? 0 : intent->if_v, intent->args,
      (gint64) intent->class, now, expires_of (outbox, intent->class), after, intent->base);
  n = sqlite3_last_insert_rowid (outbox->db);
  good = good && kontor_outbox_settle (outbox, error);
  return kontor_outbox_end (outbox, good, error) ? n : 0;
}

/* One change by a person; when no row fits, it has meanwhile become something else. */
static gboolean
end_change (KontorOutbox *outbox, gboolean good, GError **error)
{
  if (good && sqlite3_changes (outbox->db) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _ ("This cannot be changed now: it was sent, or decided upon."));
      good = FALSE;
    }
  return kontor_outbox_end (outbox, good && kontor_outbox_settle (outbox, error), error);
}

/* Certain not to have been done under its name, nor to be done any more. */
#define FREE                                                                                       \
  "unsure = 0 AND state IN ('waiting', 'ask', 'refused', 'conflict', 'expired', 'lost', "          \
  "'depends')"

/**
 * kontor_outbox_edit:
 * @outbox: an outbox
 * @n: one that was not done
 * @args: (nullable): other parameters, a JSON object
 * @if_v: the version on which this was decided; 0: as before
 * @error: return location for a #GIOErrorEnum
 *
 * Wants something else in its place, by a new name. This is how a conflict is resolved, too: with the version
 * that the server has. Who names that version has seen what the server told of it: that is what a later conflict is
 * compared with.
 *
 * Returns: whether it waits to be sent
 */
gboolean
kontor_outbox_edit (KontorOutbox *outbox, gint64 n, const char *args, gint64 if_v, GError **error)
{
  g_autofree char *op = kontor_outbox_make_op ();
  g_autoptr (KontorQueued) queued = kontor_outbox_get (outbox, n);
  gint64 now = kontor_outbox_now_s ();
  gboolean good;

  if ((args != NULL && !check_args (args, error)) || !kontor_outbox_begin (outbox, error))
    return FALSE;
  good = kontor_outbox_run (
      outbox, error,
      "UPDATE intents SET op = ?2, args = ifnull (?3, args), made = ?4, confirmed = ?4,"
      " if_v = CASE WHEN ?5 > 0 THEN ?5 ELSE if_v END, expires = ?6, state = 'waiting',"
      " base = CASE WHEN ?5 > 0 AND state = 'conflict'"
      " THEN json_extract (answer, '$.conflict.d') ELSE base END,"
      " tries = 0, decided = 0, status = 0, answer = NULL, problem = NULL"
      " WHERE n = ?1 AND " FREE,
      "issiii", n, op, args, now, if_v,
      expires_of (outbox, queued != NULL ? queued->class : KONTOR_INTENT_ONLINE));
  return end_change (outbox, good, error);
}

/**
 * kontor_outbox_confirm:
 * @outbox: an outbox
 * @n: one that asks
 * @if_v: the version that the person saw; 0: as before
 * @error: return location for a #GIOErrorEnum
 *
 * It is still wanted. What may have been done already stays as it was sent, to the letter.
 *
 * Returns: whether it waits to be sent
 */
gboolean
kontor_outbox_confirm (KontorOutbox *outbox, gint64 n, gint64 if_v, GError **error)
{
  g_autoptr (KontorQueued) queued = kontor_outbox_get (outbox, n);
  gint64 now = kontor_outbox_now_s ();
  gboolean good;

  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  good = kontor_outbox_run (
      outbox, error,
      "UPDATE intents SET state = CASE unsure WHEN 0 THEN 'waiting' ELSE 'sent' END,"
      " if_v = CASE WHEN ?2 > 0 AND unsure = 0 THEN ?2 ELSE if_v END,"
      " expires = CASE unsure WHEN 0 THEN ?4 ELSE expires END, confirmed = ?3,"
      " problem = NULL WHERE n = ?1 AND state = 'ask'",
      "iiii", n, if_v, now,
      expires_of (outbox, queued != NULL ? queued->class : KONTOR_INTENT_ONLINE));
  return end_change (outbox, good, error);
}

/**
 * kontor_outbox_retry:
 * @outbox: an outbox
 * @n: one that was not done
 * @error: return location for a #GIOErrorEnum
 *
 * Wants the same once more, by a new name, and whatever became of what it depended on.
 *
 * Returns: whether it waits to be sent
 */
gboolean
kontor_outbox_retry (KontorOutbox *outbox, gint64 n, GError **error)
{
  if (!kontor_outbox_run (
          outbox, error, "UPDATE intents SET after = 0 WHERE n = ?1 AND state = 'depends'", "i", n))
    return FALSE;
  return kontor_outbox_edit (outbox, n, NULL, 0, error);
}

/**
 * kontor_outbox_discard:
 * @outbox: an outbox
 * @n: one that was not done
 * @error: return location for a #GIOErrorEnum
 *
 * What asks can be discarded though it was sent: the server was asked, and knows nothing of it.
 *
 * Returns: whether it is forgotten; not when it may have been done, or will be
 */
gboolean
kontor_outbox_discard (KontorOutbox *outbox, gint64 n, GError **error)
{
  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  return end_change (outbox,
                     kontor_outbox_run (outbox, error,
                                        "DELETE FROM intents WHERE n = ?1"
                                        " AND (state = 'ask' OR (" FREE "))",
                                        "i", n),
                     error);
}
