/* watch.c: sees of what changes in a desk's copy and queue what a person should be told.
 *
 * Events and the server's notices happen once and never change: what is new among them is news. */
#include "core/console/watch.h"

#include <string.h>

#include "core/console/text.h"
#include "core/id.h"
#include "core/json.h"
#include "core/resources/charge.h"
#include "core/resources/event.h"
#include "core/sync.h"

#define MOST_AT_ONCE 200 /* a copy that catches up is no news */
#define NOT_DONE                                                                                 \
  (KONTOR_QUEUED_BIT (KONTOR_QUEUED_REFUSED) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_CONFLICT)        \
   | KONTOR_QUEUED_BIT (KONTOR_QUEUED_EXPIRED) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_LOST))

struct _KontorWatch
{
  KontorDesk *desk; /* not owned: it owns this */
  KontorNotify *notify;
  GHashTable *known; /* set of gint64: what is not done and was told, or was so before */
  guint queue_source;
};

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
tell (KontorWatch *watch, const KontorHappening *happening)
{
  g_autoptr (KontorNotification) told
      = kontor_notify_tell (watch->notify, happening, kontor_desk_settings (watch->desk),
                            kontor_desk_format (watch->desk), now ());

  if (told != NULL)
    g_signal_emit_by_name (watch->desk, "news", told);
}

/* ----------------------------------------------------------------------------------- the copy -- */

static const KontorValue *
parse (KontorArena *arena, const char *json)
{
  const char *problem;

  return json != NULL ? kontor_json_parse (arena, json, strlen (json), &problem) : NULL;
}

static const char *
member (const KontorValue *object, const char *name)
{
  const KontorValue *value = kontor_value_get (object, name);

  return value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : NULL;
}

/* What an event is about, as the copy has it: the copy's events do not say more than its id. */
static KontorItem *
load_object (KontorWatch *watch, const char *id)
{
  const KontorResource *resource = id != NULL ? kontor_resource_by_prefix (id) : NULL;
  gint64 row = resource != NULL ? kontor_sync_row (resource->kind, id) : -1;

  return row > 0 ? kontor_desk_load (watch->desk, row) : NULL;
}

static void
see_event (KontorWatch *watch, const KontorEvent *event)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *json = event->data != NULL ? event->data->object : NULL;
  const char *about = member (parse (arena, json), "id");
  g_autoptr (KontorItem) item = load_object (watch, about);
  const KontorRecord *record = item != NULL ? kontor_desk_record (watch->desk, item) : NULL;
  const KontorCharge *charge = record != NULL ? (const KontorCharge *) record->charge : NULL;
  const KontorValue *object = item != NULL ? parse (arena, kontor_item_body (item)) : NULL;
  const KontorValue *amount = kontor_value_get (object, "amount");
  KontorHappening happening = {
    event->type,        about, member (object, "failure_reason"), 0, member (object, "currency"),
    event->head.created
  };

  if (charge != NULL && charge->failure_message != NULL)
    happening.text = charge->failure_message;
  if (amount != NULL && amount->type == KONTOR_VALUE_NUMBER)
    happening.amount = g_ascii_strtoll (amount->text, NULL, 10);
  tell (watch, &happening);
}

static void
see_notice (KontorWatch *watch, const KontorRecord *record)
{
  const KontorHappening happening = { kontor_record_text (record, "kind"),
                                      kontor_record_text (record, "about"),
                                      kontor_record_text (record, "message"),
                                      0,
                                      NULL,
                                      kontor_item_created (record->item) };

  if (happening.type != NULL && kontor_record_number (record, "dismissed") <= 0)
    tell (watch, &happening);
}

static void
see (KontorWatch *watch, gint64 key)
{
  guint kind = kontor_key_scope (key);
  gboolean is_event = kind == kontor_event_resource.kind;
  g_autoptr (KontorItem) item = NULL;
  const KontorRecord *record;

  if (!is_event && kind != KONTOR_STREAM_NOTICE)
    return;
  item = kontor_desk_load (watch->desk, key);
  record = item != NULL ? kontor_desk_record (watch->desk, item) : NULL;
  if (record == NULL)
    return;
  if (is_event && record->object != NULL)
    see_event (watch, (const KontorEvent *) record->object);
  else if (!is_event && record->json != NULL)
    see_notice (watch, record);
}

static void
changed_cb (KontorSync *sync, GArray *keys, KontorWatch *watch)
{
  for (guint i = 0; keys->len <= MOST_AT_ONCE && i < keys->len; i++)
    see (watch, g_array_index (keys, gint64, i));
}

/* ---------------------------------------------------------------------------------- the queue -- */

static void
look_at_queue (KontorWatch *watch, gboolean is_news)
{
  g_autoptr (GPtrArray) rows = kontor_outbox_list (kontor_desk_outbox (watch->desk), NOT_DONE);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const KontorQueued *queued = rows->pdata[i];
      g_autofree char *type = g_strconcat ("queue.", kontor_queued_name (queued->state), NULL);
      g_autofree char *id = g_strdup_printf ("queued_%" G_GINT64_FORMAT, queued->n);
      g_autofree char *text
          = g_strdup_printf ("%s: %s", queued->action, kontor_queued_why (queued));
      const KontorHappening happening = { type, id, text, 0, NULL, now () };

      if (g_hash_table_add (watch->known, g_memdup2 (&queued->n, sizeof queued->n)) && is_news)
        tell (watch, &happening);
    }
}

static gboolean
queue_cb (gpointer data)
{
  KontorWatch *watch = data;

  watch->queue_source = 0;
  look_at_queue (watch, TRUE);
  return G_SOURCE_REMOVE;
}

/* A form that waits for the answer shows it itself, and takes it out of the queue at once. */
static void
look_later (KontorWatch *watch)
{
  if (watch->queue_source == 0)
    watch->queue_source = g_idle_add (queue_cb, watch);
}

/**
 * kontor_watch_new:
 * @desk: what is watched; it outlives the watch
 *
 * What happens from now on is told by the desk's signal "news".
 *
 * Returns: (transfer full): the watch
 */
KontorWatch *
kontor_watch_new (KontorDesk *desk)
{
  KontorWatch *watch = g_new0 (KontorWatch, 1);
  KontorOutbox *outbox = kontor_desk_outbox (desk);

  watch->desk = desk;
  watch->notify = kontor_notify_new (now ());
  watch->known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_signal_connect (kontor_desk_sync (desk), "changed", G_CALLBACK (changed_cb), watch);
  if (outbox != NULL)
    {
      look_at_queue (watch, FALSE);
      g_signal_connect_swapped (outbox, "changed", G_CALLBACK (look_later), watch);
    }
  return watch;
}

/**
 * kontor_watch_free:
 * @watch: (transfer full) (nullable): a watch
 */
void
kontor_watch_free (KontorWatch *watch)
{
  if (watch == NULL)
    return;
  g_signal_handlers_disconnect_by_data (kontor_desk_sync (watch->desk), watch);
  if (kontor_desk_outbox (watch->desk) != NULL)
    g_signal_handlers_disconnect_by_data (kontor_desk_outbox (watch->desk), watch);
  g_clear_handle_id (&watch->queue_source, g_source_remove);
  kontor_notify_free (watch->notify);
  g_hash_table_unref (watch->known);
  g_free (watch);
}
