/* outbox-note.c: what becomes of what people want, as the one who sends it hears. */
#include "core/replica/outbox-private.h"

/**
 * kontor_outbox_ready:
 * @outbox: an outbox
 * @most: so many at most
 *
 * Returns: (transfer full) (element-type KontorQueued): what may be sent, the first one wanted first; of each object
 *   only one
 */
GPtrArray *
kontor_outbox_ready (KontorOutbox *outbox, guint most)
{
  return kontor_outbox_query (outbox,
                              KONTOR_QUEUED_COLUMNS "WHERE i.state IN ('waiting', 'sent')"
                                                    " AND NOT (" KONTOR_QUEUED_HELD
                                                    ") ORDER BY i.n LIMIT ?1",
                              most);
}

/**
 * kontor_outbox_done_since:
 * @outbox: an outbox
 * @since: Unix seconds
 *
 * Returns: (transfer full) (element-type KontorQueued): what the server said since then that it had done
 */
GPtrArray *
kontor_outbox_done_since (KontorOutbox *outbox, gint64 since)
{
  return kontor_outbox_query (
      outbox, KONTOR_QUEUED_COLUMNS "WHERE i.state = 'done' AND i.decided >= ?1 ORDER BY i.n",
      since);
}

/* Whether it was so, as well as written. */
static gboolean
run_on_one (KontorOutbox *outbox, gboolean done, GError **error)
{
  if (done && sqlite3_changes (outbox->db) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no such action any more");
      return FALSE;
    }
  return done;
}

/**
 * kontor_outbox_sending:
 * @outbox: an outbox
 * @op: what is about to be sent
 * @error: return location for a #GIOErrorEnum
 *
 * From here on it may have been done.
 *
 * Returns: whether it is still wanted; else it must not be sent
 */
gboolean
kontor_outbox_sending (KontorOutbox *outbox, const char *op, GError **error)
{
  return run_on_one (
      outbox,
      kontor_outbox_run (outbox, error,
                         "UPDATE intents SET state = 'sent', unsure = 1, tries = tries + 1"
                         " WHERE op = ?1 AND state IN ('waiting', 'sent')",
                         "s", op),
      error);
}

/**
 * kontor_outbox_not_sent:
 * @outbox: an outbox
 * @op: what was sent without being decided
 * @is_unsure: whether it may have been done, now or in an earlier try
 * @problem: a sentence that says what was in the way
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether that is noted
 */
gboolean
kontor_outbox_not_sent (KontorOutbox *outbox,
                        const char *op,
                        gboolean is_unsure,
                        const char *problem,
                        GError **error)
{
  return kontor_outbox_run (outbox, error,
                            "UPDATE intents SET unsure = ?2, problem = ?3,"
                            " state = CASE WHEN ?2 THEN 'sent' ELSE 'waiting' END"
                            " WHERE op = ?1 AND state = 'sent'",
                            "sis", op, (gint64) is_unsure, problem);
}

/**
 * kontor_outbox_ask:
 * @outbox: an outbox
 * @op: what is not to be sent before the person has said so
 * @problem: a sentence that says why
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether that is noted
 */
gboolean
kontor_outbox_ask (KontorOutbox *outbox, const char *op, const char *problem, GError **error)
{
  return kontor_outbox_run (outbox, error,
                            "UPDATE intents SET state = 'ask', problem = ?2"
                            " WHERE op = ?1 AND state IN ('waiting', 'sent')",
                            "ss", op, problem);
}

/* What was decided upon the same version and waits behind it is meant for the version that it left:
 * nobody else has changed the object in between, and what the person saw has that change in it. */
static gboolean
carry_on (KontorOutbox *outbox, const char *op, gint64 v, GError **error)
{
  return kontor_outbox_run (
      outbox, error,
      "UPDATE intents SET if_v = ?2, base = json_patch (intents.base, p.args)"
      " FROM (SELECT n, target, if_v, args FROM intents WHERE op = ?1) AS p"
      " WHERE intents.target = p.target AND intents.n > p.n AND intents.if_v = p.if_v"
      " AND intents.if_v > 0 AND intents.unsure = 0"
      " AND intents.state IN ('waiting', 'ask', 'depends')",
      "si", op, v);
}

/**
 * kontor_outbox_decide:
 * @outbox: an outbox
 * @op: what was decided
 * @state: what became of it
 * @status: of HTTP
 * @v: the version that it left its object in; 0: not known
 * @answer: JSON: the server's answer
 * @problem: (nullable): a sentence that says why it was not done
 * @error: return location for a #GIOErrorEnum
 *
 * Hearing it again changes nothing.
 *
 * Returns: whether it is noted
 */
gboolean
kontor_outbox_decide (KontorOutbox *outbox,
                      const char *op,
                      KontorQueuedState state,
                      guint status,
                      gint64 v,
                      const char *answer,
                      const char *problem,
                      GError **error)
{
  gboolean good;

  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  good = kontor_outbox_run (
      outbox, error,
      "UPDATE intents SET state = ?2, unsure = 0, decided = ?3, status = ?4, answer = ?5,"
      " problem = ?6 WHERE op = ?1 AND state IN ('waiting', 'ask', 'sent', 'lost', 'depends')",
      "ssiiss", op, kontor_queued_name (state), kontor_outbox_now_s (), (gint64) status, answer,
      problem);
  if (good && sqlite3_changes (outbox->db) > 0 && state == KONTOR_QUEUED_DONE && v > 0)
    good = carry_on (outbox, op, v, error);
  return kontor_outbox_end (outbox, good && kontor_outbox_settle (outbox, error), error);
}

/**
 * kontor_outbox_lose:
 * @outbox: an outbox
 * @op: what the server had done and does not know any more
 * @error: return location for a #GIOErrorEnum
 *
 * A person decides whether it is to be done again.
 *
 * Returns: whether it is noted
 */
gboolean
kontor_outbox_lose (KontorOutbox *outbox, const char *op, GError **error)
{
  gboolean good;

  if (!kontor_outbox_begin (outbox, error))
    return FALSE;
  good = kontor_outbox_run (
      outbox, error, "UPDATE intents SET state = 'lost' WHERE op = ?1 AND state = 'done'", "s", op);
  return kontor_outbox_end (outbox, good && kontor_outbox_settle (outbox, error), error);
}
