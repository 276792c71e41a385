/* push-answer.c: what the server decided, from its answers, its feed and its memory. */
#include <string.h>

#include "core/replica/push-private.h"

/**
 * kontor_push_text:
 * @object: (nullable): of an answer
 * @name: of a member
 *
 * Returns: (transfer none) (nullable): its text, or its number's
 */
const char *
kontor_push_text (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL && object->type == KONTOR_VALUE_OBJECT
                                 ? kontor_value_get (object, name)
                                 : NULL;

  return value != NULL ? value->text : NULL;
}

/**
 * kontor_push_member:
 * @object: of an answer
 * @name: of a member
 *
 * Returns: (transfer none) (nullable): it
 */
const KontorValue *
kontor_push_member (const KontorValue *object, const char *name)
{
  return object->type == KONTOR_VALUE_OBJECT ? kontor_value_get (object, name) : NULL;
}

/**
 * kontor_push_take_decision:
 * @push: a push
 * @op: what was decided
 * @state: (nullable): the server's word for it
 * @status: of HTTP
 * @answer: what it said
 *
 * Returns: whether that is a decision; it is noted
 */
gboolean
kontor_push_take_decision (KontorPush *push,
                           const char *op,
                           const char *state,
                           guint status,
                           const KontorValue *answer)
{
  static const KontorQueuedState decided[] = { KONTOR_QUEUED_DONE, KONTOR_QUEUED_REFUSED,
                                               KONTOR_QUEUED_CONFLICT, KONTOR_QUEUED_EXPIRED };
  g_auto (KontorBuffer) json = { 0 };
  g_autoptr (GError) error = NULL;
  const char *v = kontor_push_text (answer, "v");

  kontor_json_write (&json, answer);
  for (guint i = 0; i < G_N_ELEMENTS (decided); i++)
    if (g_strcmp0 (kontor_queued_name (decided[i]), state) == 0)
      {
        kontor_push_check_noted (
            push,
            kontor_outbox_decide (
                push->outbox, op, decided[i], status, v != NULL ? g_ascii_strtoll (v, NULL, 10) : 0,
                kontor_buffer_text (&json),
                kontor_push_text (kontor_push_member (answer, "refused"), "message"), &error),
            error);
        g_hash_table_remove (push->held, op);
        return TRUE;
      }
  return FALSE;
}

static const char *
state_of (const KontorValue *answer)
{
  const KontorValue *refused = kontor_push_member (answer, "refused");

  if (kontor_push_member (answer, "ok") != NULL)
    return "done";
  if (kontor_push_member (answer, "conflict") != NULL)
    return "conflict";
  if (refused == NULL)
    return NULL;
  return g_strcmp0 (kontor_push_text (refused, "code"), "op_expired") == 0 ? "expired" : "refused";
}

/**
 * kontor_push_take_answer:
 * @push: a push
 * @op: what was sent
 * @status: of HTTP
 * @body: what came back
 * @length: of @body
 *
 * Returns: whether that is a decision; it is noted
 */
gboolean
kontor_push_take_answer (KontorPush *push,
                         const char *op,
                         guint status,
                         const char *body,
                         gsize length)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  const KontorValue *answer = kontor_json_parse (arena, body, length, &problem);

  return answer != NULL && answer->type == KONTOR_VALUE_OBJECT
         && kontor_push_take_decision (push, op, state_of (answer), status, answer);
}

/**
 * kontor_push_take_ack:
 * @push: a push
 * @line: of the feed, about an operation of this console's
 */
void
kontor_push_take_ack (KontorPush *push, const char *line)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL, *status;
  const KontorValue *ack = kontor_json_parse (arena, line, strlen (line), &problem);
  const KontorValue *answer = ack != NULL ? kontor_push_member (ack, "r") : NULL;

  if (answer == NULL || kontor_push_text (ack, "ack") == NULL)
    return;
  status = kontor_push_text (ack, "status");
  kontor_push_take_decision (push, kontor_push_text (ack, "ack"), kontor_push_text (ack, "state"),
                             status != NULL ? (guint) g_ascii_strtoull (status, NULL, 10) : 0,
                             answer);
}
