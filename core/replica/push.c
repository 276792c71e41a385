/* push.c: sends what people want done, each once, and hears what became of it.
 *
 * An operation is noted as sent before it leaves, so that nobody takes it back while it may be done, and is sent again
 * by the same name until the server has decided. Whether it was done is asked first where that is not known from an
 * earlier run. After a restore of the server (another epoch in the copy) all that is believed done is asked for; that
 * this is still to be done follows from the two epochs, so no crash can make it forgotten. */
#include "core/replica/push.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/json.h"

#define FIRST_DELAY_MS 1000
#define LONGEST_DELAY_MS (5 * 60 * 1000)
#define PATIENCE_S 30
#define MOST_UNDER_WAY 4
#define MOST_ASKED 100
#define STALE_S (15 * 60)  /* money is asked for again after so long */
#define AUDIT_S (89 * 86400) /* the server's own ninety days, less one for clocks that differ */

struct _KontorPush
{
  GObject        parent_instance;
  KontorClient  *client;
  KontorOutbox  *outbox;
  KontorReplica *replica;
  GCancellable  *cancellable; /* %NULL: stopped */
  GHashTable    *under_way;   /* names of what is on its way */
  GHashTable    *held;        /* names of what the server failed at: not before that monotonic time */
  GPtrArray     *asked;       /* names to ask for; %NULL: none */
  char          *audit;       /* the epoch that @asked is for; %NULL: it is for what was sent */
  char          *epoch;       /* of the copy; %NULL: there is none */
  char          *place;       /* its account and mode, likewise */
  gboolean       has_asked;   /* for all that an earlier run had sent */
  gboolean       is_asking;
  char          *problem;     /* in the way of all; %NULL: nothing */
  guint          timer;       /* until then nothing is sent */
  guint          wake;        /* when something held may go */
  guint          delay_ms;
};

G_DEFINE_FINAL_TYPE (KontorPush, kontor_push, G_TYPE_OBJECT)

static void work (KontorPush *push);
static void told_cb (GObject *source, GAsyncResult *result, gpointer data);

/* --------------------------------------------------------------------------------- trouble -- */

static void
set_problem (KontorPush *push, const char *problem)
{
  if (g_strcmp0 (push->problem, problem) == 0)
    return;
  g_free (push->problem);
  push->problem = g_strdup (problem);
  g_signal_emit_by_name (push->outbox, "changed");
}

static gboolean
again_cb (gpointer data)
{
  KontorPush *push = data;

  push->timer = 0;
  work (push);
  return G_SOURCE_REMOVE;
}

static gboolean
wake_cb (gpointer data)
{
  KontorPush *push = data;

  push->wake = 0;
  work (push);
  return G_SOURCE_REMOVE;
}

static guint
by_chance (guint longest_ms)
{
  return longest_ms / 2 + (guint) g_random_int_range (0, (gint32) longest_ms / 2);
}

/* All wait; the server's own word lengthens it. */
static void
try_later (KontorPush *push, const char *problem, guint wait_s)
{
  push->delay_ms = push->delay_ms == 0 ? FIRST_DELAY_MS
                                       : MIN (push->delay_ms * 2, LONGEST_DELAY_MS);
  g_clear_handle_id (&push->timer, g_source_remove);
  push->timer = g_timeout_add (
      MAX (by_chance (push->delay_ms), MIN (wait_s, 3600) * 1000 + by_chance (200)), again_cb,
      push);
  set_problem (push, problem);
}

static gboolean
was_stopped (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* That it could not be written down does no harm: it is sent again, and the same is heard. */
static void
check_noted (KontorPush *push, gboolean noted, const GError *error)
{
  if (!noted && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    try_later (push, error->message, 0);
}

/* --------------------------------------------------------------------------------- answers -- */

static const char *
text_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL && object->type == KONTOR_VALUE_OBJECT
                                 ? kontor_value_get (object, name)
                                 : NULL;

  return value != NULL ? value->text : NULL;
}

static const KontorValue *
member (const KontorValue *object, const char *name)
{
  return object->type == KONTOR_VALUE_OBJECT ? kontor_value_get (object, name) : NULL;
}

/* @state is the server's word for it. */
static gboolean
take_decision (KontorPush *push,
               const char *op,
               const char *state,
               guint status,
               const KontorValue *answer)
{
  static const KontorQueuedState decided[] = { KONTOR_QUEUED_DONE, KONTOR_QUEUED_REFUSED,
                                               KONTOR_QUEUED_CONFLICT, KONTOR_QUEUED_EXPIRED };
  g_auto (KontorBuffer) json = { 0 };
  g_autoptr (GError) error = NULL;
  const char *v = text_of (answer, "v");

  kontor_json_write (&json, answer);
  for (guint i = 0; i < G_N_ELEMENTS (decided); i++)
    if (g_strcmp0 (kontor_queued_name (decided[i]), state) == 0)
      {
        check_noted (push,
                     kontor_outbox_decide (push->outbox, op, decided[i], status,
                                           v != NULL ? g_ascii_strtoll (v, NULL, 10) : 0,
                                           kontor_buffer_text (&json),
                                           text_of (member (answer, "refused"), "message"), &error),
                     error);
        g_hash_table_remove (push->held, op);
        return TRUE;
      }
  return FALSE;
}

static const char *
state_of (const KontorValue *answer)
{
  const KontorValue *refused = member (answer, "refused");

  if (member (answer, "ok") != NULL)
    return "done";
  if (member (answer, "conflict") != NULL)
    return "conflict";
  if (refused == NULL)
    return NULL;
  return g_strcmp0 (text_of (refused, "code"), "op_expired") == 0 ? "expired" : "refused";
}

static gboolean
take_answer (KontorPush *push, const char *op, guint status, const char *body, gsize length)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  const KontorValue *answer = kontor_json_parse (arena, body, length, &problem);

  return answer != NULL && answer->type == KONTOR_VALUE_OBJECT
         && take_decision (push, op, state_of (answer), status, answer);
}

/* What the feed tells of this console's own. */
static void
acked_cb (KontorSync *sync, const char *line, KontorPush *push)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL, *status;
  const KontorValue *ack = kontor_json_parse (arena, line, strlen (line), &problem);
  const KontorValue *answer = ack != NULL ? member (ack, "r") : NULL;

  if (answer == NULL || text_of (ack, "ack") == NULL)
    return;
  status = text_of (ack, "status");
  take_decision (push, text_of (ack, "ack"), text_of (ack, "state"),
                 status != NULL ? (guint) g_ascii_strtoull (status, NULL, 10) : 0, answer);
}

/* --------------------------------------------------------------------------------- sending -- */

typedef struct
{
  KontorPush *push;
  char *op;
  gboolean was_unsure;
  guint tries;
} Sending;

static void
sending_free (Sending *sending)
{
  g_hash_table_remove (sending->push->under_way, sending->op);
  g_object_unref (sending->push);
  g_free (sending->op);
  g_free (sending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sending, sending_free)

static void
hold (KontorPush *push, const char *op, guint tries)
{
  gint64 *until = g_new (gint64, 1);
  guint longest_ms = (guint) MIN ((guint64) FIRST_DELAY_MS << MIN (tries, 20), LONGEST_DELAY_MS);

  *until = g_get_monotonic_time () + (gint64) by_chance (longest_ms) * 1000;
  g_hash_table_replace (push->held, g_strdup (op), until);
  if (push->wake == 0)
    push->wake = g_timeout_add (longest_ms, wake_cb, push);
}

/* No decision, and what that means: for this one, and for the others. */
static void
take_trouble (Sending *sending, const GError *error)
{
  KontorPush *push = sending->push;
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  guint status = refusal != NULL ? refusal->status : 0;
  /* only what the server itself refuses was certainly not done by this try */
  gboolean is_ours = refusal != NULL && refusal->type != NULL;
  gboolean not_now = is_ours && (status == 401 || status == 403 || status == 429);
  gboolean never = is_ours
                   && (status == 400 || status == 404 || status == 422
                       || (status == 409 && g_strcmp0 (refusal->code, "op_reused") == 0)
                       || (status == 403 && !sending->was_unsure));
  g_autoptr (GError) problem = NULL;

  if (never)
    {
      check_noted (push,
                   kontor_outbox_decide (push->outbox, sending->op, KONTOR_QUEUED_REFUSED, status,
                                         0, refusal->body, error->message, &problem),
                   problem);
      return;
    }
  check_noted (push,
               kontor_outbox_not_sent (push->outbox, sending->op, sending->was_unsure || !not_now,
                                       error->message, &problem),
               problem);
  if (status >= 500 && status != 503)
    hold (push, sending->op, sending->tries);
  else
    {
      if (status == 0)
        kontor_outbox_set_online (push->outbox, FALSE);
      try_later (push, error->message, refusal != NULL ? refusal->wait_s : 0);
    }
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Sending) sending = data;
  KontorPush *push = sending->push;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  gboolean decided;
  gsize length;

  if (reply != NULL)
    {
      const char *body = g_bytes_get_data (reply->body, &length);

      decided = take_answer (push, sending->op, reply->status, body, length);
      if (!decided)
        g_set_error_literal (&error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_STRANGE,
                             _ ("The server's answer says nothing of what was asked."));
    }
  else
    decided = refusal != NULL && refusal->body != NULL
              && take_answer (push, sending->op, refusal->status, refusal->body,
                              strlen (refusal->body));
  if (was_stopped (error))
    return;
  if (decided)
    {
      push->delay_ms = 0;
      set_problem (push, NULL);
      kontor_outbox_set_online (push->outbox, TRUE);
    }
  else
    take_trouble (sending, error);
  g_hash_table_remove (push->under_way, sending->op);
  work (push);
}

static char *
body_of (KontorPush *push, const KontorQueued *queued)
{
  KontorBuffer json = { 0 };

  kontor_buffer_literal (&json, "{\"op\":");
  kontor_buffer_string (&json, queued->op);
  kontor_buffer_literal (&json, ",\"client\":");
  kontor_buffer_string (&json, kontor_outbox_client (push->outbox));
  kontor_buffer_printf (&json, ",\"n\":%" G_GINT64_FORMAT ",\"do\":", queued->n);
  kontor_buffer_string (&json, queued->action);
  if (queued->on != NULL)
    {
      kontor_buffer_literal (&json, ",\"on\":");
      kontor_buffer_string (&json, queued->on);
    }
  if (queued->if_v > 0)
    kontor_buffer_printf (&json, ",\"if_v\":%" G_GINT64_FORMAT, queued->if_v);
  kontor_buffer_printf (
      &json, ",\"args\":%s,\"made\":%" G_GINT64_FORMAT ",\"expires\":%" G_GINT64_FORMAT "}",
      queued->args, queued->made, queued->expires);
  kontor_buffer_text (&json);
  return json.data;
}

static void
send_one (KontorPush *push, const KontorQueued *queued)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("POST", "/v1/kontor/ops");
  g_autofree char *body = body_of (push, queued);
  g_autoptr (GError) error = NULL;
  Sending *sending;

  if (!kontor_outbox_sending (push->outbox, queued->op, &error))
    {
      check_noted (push, FALSE, error);
      return;
    }
  sending = g_new0 (Sending, 1);
  sending->push = g_object_ref (push);
  sending->op = g_strdup (queued->op);
  sending->was_unsure = queued->is_unsure;
  sending->tries = queued->tries;
  g_hash_table_add (push->under_way, g_strdup (queued->op));
  kontor_client_call_set_json (call, body);
  kontor_client_send_async (push->client, call, push->cancellable, sent_cb, sending);
}

static gboolean
is_stale (const KontorQueued *queued)
{
  gint64 age = g_get_real_time () / G_USEC_PER_SEC - queued->confirmed;

  return queued->class == KONTOR_INTENT_MONEY && ABS (age) > STALE_S;
}

/* Why a person is to say whether it is still wanted; %NULL: no reason. */
static const char *
reason_to_ask (KontorPush *push, const KontorQueued *queued)
{
  if (queued->class != KONTOR_INTENT_MONEY || queued->is_unsure)
    return NULL;
  if (is_stale (queued))
    return _ ("It has waited for more than 15 minutes: is it still wanted?");
  if (queued->on != NULL && queued->if_v > 0
      && kontor_replica_version (push->replica, queued->on) > queued->if_v)
    return _ ("The object has changed since this was asked for: is it still wanted?");
  return NULL;
}

static void ask_for (KontorPush *push, GPtrArray *asked, char *audit);

/* What may have been done long ago is not sent again before it is known that it was not. */
static gboolean
must_look (KontorPush *push, const KontorQueued *queued)
{
  GPtrArray *asked;

  if (!queued->is_unsure || !is_stale (queued))
    return FALSE;
  asked = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (asked, g_strdup (queued->op));
  ask_for (push, asked, NULL);
  return TRUE;
}

static gboolean
is_held (KontorPush *push, const char *op)
{
  const gint64 *until = g_hash_table_lookup (push->held, op);

  return g_hash_table_contains (push->under_way, op)
         || (until != NULL && *until > g_get_monotonic_time ());
}

static void
send_all (KontorPush *push)
{
  guint passed = g_hash_table_size (push->under_way) + g_hash_table_size (push->held);
  g_autoptr (GPtrArray) ready = kontor_outbox_ready (push->outbox, passed + MOST_UNDER_WAY);

  for (guint i = 0; i < ready->len; i++)
    {
      const KontorQueued *queued = g_ptr_array_index (ready, i);
      const char *reason = reason_to_ask (push, queued);

      if (g_hash_table_size (push->under_way) >= MOST_UNDER_WAY || push->timer != 0)
        return;
      if (is_held (push, queued->op))
        continue;
      if (reason != NULL)
        kontor_outbox_ask (push->outbox, queued->op, reason, NULL);
      else if (must_look (push, queued))
        return;
      else
        send_one (push, queued);
    }
}

/* ---------------------------------------------------------------------------------- asking -- */

static void
ask_on (KontorPush *push)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/ops");

  for (guint i = 0; i < MIN (push->asked->len, MOST_ASKED); i++)
    kontor_client_call_add (call, "id[]", g_ptr_array_index (push->asked, i));
  push->is_asking = TRUE;
  kontor_client_send_async (push->client, call, push->cancellable, told_cb, g_object_ref (push));
}

/* Takes @asked and @audit. */
static void
ask_for (KontorPush *push, GPtrArray *asked, char *audit)
{
  g_clear_pointer (&push->asked, g_ptr_array_unref);
  g_free (push->audit);
  push->asked = asked;
  push->audit = audit;
  ask_on (push);
}

static const KontorValue *
find_told (const KontorValue *data, const char *op)
{
  for (const KontorValue *told = data->first; told != NULL; told = told->next)
    if (g_strcmp0 (text_of (told, "op"), op) == 0)
      return told;
  return NULL;
}

static void
take_unknown (KontorPush *push, const char *op)
{
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (GError) error = NULL;

  if (push->audit != NULL)
    {
      check_noted (push, kontor_outbox_lose (push->outbox, op, &error), error);
      return;
    }
  sent = kontor_outbox_list (push->outbox, KONTOR_QUEUED_BIT (KONTOR_QUEUED_SENT));
  for (guint i = 0; i < sent->len; i++)
    {
      const KontorQueued *queued = g_ptr_array_index (sent, i);

      if (g_str_equal (queued->op, op) && is_stale (queued))
        kontor_outbox_ask (
            push->outbox, op,
            _ ("It was sent, but the server knows nothing of it: is it still wanted?"), NULL);
    }
}

static void
take_told (KontorPush *push, const KontorValue *told)
{
  const char *op = text_of (told, "op"), *state = text_of (told, "state");
  const char *status = text_of (told, "status");
  const KontorValue *answer = member (told, "r");
  g_autoptr (GError) error = NULL;

  if (answer == NULL)
    return;
  /* done once, and after the restore another copy of this queue heard otherwise */
  if (push->audit != NULL && g_strcmp0 (state, "done") != 0)
    check_noted (push, kontor_outbox_lose (push->outbox, op, &error), error);
  else
    take_decision (push, op, state,
                   status != NULL ? (guint) g_ascii_strtoull (status, NULL, 10) : 0, answer);
}

/* All that was to be asked has been. */
static void
end_asking (KontorPush *push)
{
  g_autoptr (GError) error = NULL;

  if (push->audit == NULL)
    push->has_asked = TRUE;
  else
    check_noted (push, kontor_outbox_set_meta (push->outbox, "epoch", push->audit, &error), error);
  g_clear_pointer (&push->asked, g_ptr_array_unref);
  g_clear_pointer (&push->audit, g_free);
}

static void
told_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorPush) push = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  const KontorValue *list = reply != NULL ? member (reply->json, "data") : NULL;
  guint n;

  push->is_asking = FALSE;
  if (was_stopped (error) || push->asked == NULL)
    return;
  if (list == NULL)
    {
      /* begun anew when it is tried again */
      g_clear_pointer (&push->asked, g_ptr_array_unref);
      try_later (push, error != NULL ? error->message : _ ("The server's answer makes no sense."),
                 refusal != NULL ? refusal->wait_s : 0);
      return;
    }
  n = MIN (push->asked->len, MOST_ASKED);
  for (guint i = 0; i < n; i++)
    {
      const char *op = g_ptr_array_index (push->asked, i);
      const KontorValue *told = find_told (list, op);

      if (told != NULL)
        take_told (push, told);
      else
        take_unknown (push, op);
    }
  if (push->timer != 0)
    {
      /* it could not all be written down: it is still to be asked */
      g_clear_pointer (&push->asked, g_ptr_array_unref);
      return;
    }
  g_ptr_array_remove_range (push->asked, 0, n);
  push->delay_ms = 0;
  set_problem (push, NULL);
  if (push->asked->len > 0)
    ask_on (push);
  else
    {
      end_asking (push);
      work (push);
    }
}

/* Nothing is sent before it is known what became of what was sent before. */
static gboolean
begin_asking (KontorPush *push)
{
  g_autofree char *was = kontor_outbox_meta (push->outbox, "epoch");
  gboolean is_audit = g_strcmp0 (push->epoch, was) != 0;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) asked = g_ptr_array_new_with_free_func (g_free);

  if (!is_audit && push->has_asked)
    return FALSE;
  rows = is_audit ? kontor_outbox_done_since (push->outbox,
                                              g_get_real_time () / G_USEC_PER_SEC - AUDIT_S)
                  : kontor_outbox_list (push->outbox, KONTOR_QUEUED_BIT (KONTOR_QUEUED_SENT));
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (asked, g_strdup (((const KontorQueued *) g_ptr_array_index (rows, i))->op));
  if (asked->len > 0)
    {
      ask_for (push, g_steal_pointer (&asked), is_audit ? g_strdup (push->epoch) : NULL);
      return TRUE;
    }
  push->asked = g_steal_pointer (&asked);
  push->audit = is_audit ? g_strdup (push->epoch) : NULL;
  end_asking (push);
  return push->timer != 0 || begin_asking (push);
}

/* Another copy takes its place with a signal. */
static void
look_at_copy (KontorPush *push)
{
  g_autofree char *account = kontor_replica_peek (push->replica, "account");
  g_autofree char *mode = kontor_replica_peek (push->replica, "livemode");

  g_free (push->epoch);
  g_free (push->place);
  push->epoch = kontor_replica_peek (push->replica, "epoch");
  push->place = account != NULL && mode != NULL ? g_strconcat (account, " ", mode, NULL) : NULL;
}

/* What was wanted of one account is never done to another, nor in live mode what was meant for test mode. */
static gboolean
is_same_place (KontorPush *push)
{
  g_autofree char *was = kontor_outbox_meta (push->outbox, "place");

  if (push->epoch == NULL || push->place == NULL)
    look_at_copy (push);
  if (push->epoch == NULL || push->place == NULL)
    return FALSE;
  if (was == NULL
      || (!g_str_equal (push->place, was)
          && kontor_outbox_count (push->outbox, KONTOR_QUEUED_ANY) == 0))
    return kontor_outbox_set_meta (push->outbox, "place", push->place, NULL);
  if (g_str_equal (push->place, was))
    return TRUE;
  set_problem (push,
               _ ("What is queued here was meant for another account or mode; nothing is sent."));
  return FALSE;
}

static void
work (KontorPush *push)
{
  if (push->cancellable == NULL || push->timer != 0 || push->is_asking)
    return;
  if (!is_same_place (push) || begin_asking (push))
    return;
  send_all (push);
}

/* ---------------------------------------------------------------------------------- object -- */

static void
replaced_cb (KontorSync *sync, KontorPush *push)
{
  look_at_copy (push);
  work (push);
}

/* The server is there again. */
static void
state_cb (KontorSync *sync, KontorPush *push)
{
  KontorSyncState state = kontor_sync_state (sync);
  gboolean is_there = state == KONTOR_SYNC_CURRENT || state == KONTOR_SYNC_CATCHING_UP;

  kontor_outbox_set_online (push->outbox, is_there);
  if (is_there)
    work (push);
}

static void
kontor_push_finalize (GObject *object)
{
  KontorPush *push = KONTOR_PUSH (object);

  g_clear_handle_id (&push->timer, g_source_remove);
  g_clear_handle_id (&push->wake, g_source_remove);
  g_clear_object (&push->cancellable);
  g_clear_pointer (&push->asked, g_ptr_array_unref);
  g_hash_table_unref (push->under_way);
  g_hash_table_unref (push->held);
  g_clear_object (&push->client);
  g_clear_object (&push->outbox);
  g_free (push->audit);
  g_free (push->epoch);
  g_free (push->place);
  g_free (push->problem);
  G_OBJECT_CLASS (kontor_push_parent_class)->finalize (object);
}

static void
kontor_push_class_init (KontorPushClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kontor_push_finalize;
}

static void
kontor_push_init (KontorPush *push)
{
  push->under_way = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  push->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * kontor_push_new:
 * @client: how to reach the server: one of its own, whose patience is set for this
 * @outbox: what to send
 * @replica: the copy; must outlive it
 * @sync: keeps the copy; stopped as yet
 *
 * Returns: (transfer full): something that sends what is in @outbox once it is started
 */
KontorPush *
kontor_push_new (KontorClient *client,
                 KontorOutbox *outbox,
                 KontorReplica *replica,
                 KontorSync *sync)
{
  KontorPush *push = g_object_new (KONTOR_TYPE_PUSH, NULL);

  push->client = g_object_ref (client);
  push->outbox = g_object_ref (outbox);
  push->replica = replica;
  kontor_client_set_timeout (client, PATIENCE_S);
  kontor_client_set_retries (client, 0);
  kontor_sync_set_name (sync, kontor_outbox_client (outbox));
  g_signal_connect_object (sync, "acked", G_CALLBACK (acked_cb), push, 0);
  g_signal_connect_object (sync, "state", G_CALLBACK (state_cb), push, 0);
  g_signal_connect_object (sync, "replaced", G_CALLBACK (replaced_cb), push, 0);
  g_signal_connect_object (outbox, "changed", G_CALLBACK (work), push, G_CONNECT_SWAPPED);
  return push;
}

/**
 * kontor_push_start:
 * @push: a stopped one
 *
 * Where another program keeps this copy, that one sends.
 */
void
kontor_push_start (KontorPush *push)
{
  if (push->cancellable != NULL || !kontor_replica_is_ours (push->replica))
    return;
  push->cancellable = g_cancellable_new ();
  push->has_asked = FALSE;
  work (push);
}

/**
 * kontor_push_stop:
 * @push: one that runs
 *
 * What is on its way may be done; it is asked for at the next start.
 */
void
kontor_push_stop (KontorPush *push)
{
  if (push->cancellable != NULL)
    g_cancellable_cancel (push->cancellable);
  g_clear_object (&push->cancellable);
  g_clear_handle_id (&push->timer, g_source_remove);
  g_clear_handle_id (&push->wake, g_source_remove);
}

/**
 * kontor_push_now:
 * @push: one that runs
 *
 * Does not wait any longer for the next try.
 */
void
kontor_push_now (KontorPush *push)
{
  g_clear_handle_id (&push->timer, g_source_remove);
  g_hash_table_remove_all (push->held);
  push->delay_ms = 0;
  work (push);
}

/**
 * kontor_push_problem:
 * @push: a push
 *
 * Returns: (transfer none) (nullable): what keeps everything from being sent, in a sentence for the person
 */
const char *
kontor_push_problem (KontorPush *push)
{
  return push->problem;
}
