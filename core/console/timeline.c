/* timeline.c: what happened to an object and to those that belong to it, newest first. */
#include <string.h>

#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/event.h"
#include "core/resources/refund.h"
#include "core/sync.h"

#define MOST_EVENTS 30

static const struct
{
  const char *type, *words;
} happenings[] = {
  { "charge.captured", N_ ("Captured") },
  { "charge.dispute.closed", N_ ("Dispute closed") },
  { "charge.dispute.created", N_ ("Disputed") },
  { "charge.expired", N_ ("Authorization lapsed") },
  { "charge.failed", N_ ("Charge failed") },
  { "charge.pending", N_ ("Charge pending") },
  { "charge.refund.updated", N_ ("Refund changed") },
  { "charge.refunded", N_ ("Refunded") },
  { "charge.succeeded", N_ ("Charge succeeded") },
  { "charge.updated", N_ ("Charge changed") },
  { "customer.created", N_ ("Customer made") },
  { "customer.deleted", N_ ("Customer deleted") },
  { "customer.updated", N_ ("Customer changed") },
  { "payment_intent.amount_capturable_updated", N_ ("Authorized") },
  { "payment_intent.canceled", N_ ("Payment canceled") },
  { "payment_intent.created", N_ ("Payment made") },
  { "payment_intent.payment_failed", N_ ("Payment failed") },
  { "payment_intent.processing", N_ ("Payment processing") },
  { "payment_intent.requires_action", N_ ("Customer has to act") },
  { "payment_intent.succeeded", N_ ("Payment succeeded") },
  { "payment_method.attached", N_ ("Payment method added") },
  { "payment_method.automatically_updated", N_ ("Card renewed by its bank") },
  { "payment_method.detached", N_ ("Payment method removed") },
  { "payment_method.updated", N_ ("Payment method changed") },
  { "refund.created", N_ ("Refund made") },
  { "refund.failed", N_ ("Refund failed") },
  { "refund.updated", N_ ("Refund changed") },
  { "setup_intent.canceled", N_ ("Setup canceled") },
  { "setup_intent.created", N_ ("Setup begun") },
  { "setup_intent.requires_action", N_ ("Customer has to act") },
  { "setup_intent.setup_failed", N_ ("Setup failed") },
  { "setup_intent.succeeded", N_ ("Setup succeeded") },
};

/* What the server will say one day stands as it comes. */
static const char *
words_of (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (happenings); i++)
    if (g_strcmp0 (happenings[i].type, type) == 0)
      return _ (happenings[i].words);
  return type != NULL ? type : "";
}

/* Newest first: keys of events grow with time. */
static int
compare_keys (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? 1 : left > right ? -1 : 0;
}

static void
add_events_of (KontorDesk *desk, const char *id, GArray *keys)
{
  const KontorResource *resource = kontor_resource_by_prefix (id);
  gint64 key = resource != NULL ? kontor_sync_row (resource->kind, id) : -1;
  g_autoptr (GArray) found = NULL;

  if (key >= 0)
    found = kontor_shelf_related (kontor_desk_shelf (desk), &kontor_event_table, KONTOR_EVENT_ABOUT,
                                  key, MOST_EVENTS);
  if (found != NULL && found->len > 0)
    g_array_append_vals (keys, found->data, found->len);
}

/* (nullable): how much a refund gives back. */
static char *
amount_of (KontorDetailWriter *writer, const KontorRecord *event)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  g_autofree char *id = kontor_event_about (event, "id");
  gint64 key = id != NULL && g_str_has_prefix (id, "re_") ? kontor_sync_row (KONTOR_KIND_REFUND, id)
                                                          : -1;
  g_autoptr (KontorItem) item = key >= 0 ? kontor_desk_load (desk, key) : NULL;
  const KontorRefund *refund;

  if (item == NULL)
    return NULL;
  refund = (const KontorRefund *) kontor_desk_record (desk, item)->object;
  return kontor_format_money (writer->format, refund->amount, refund->currency);
}

static void
write_event (KontorDetailWriter *writer, KontorItem *item)
{
  const KontorRecord *record = kontor_desk_record (kontor_screen_desk (writer->screen), item);
  const KontorEvent *event = (const KontorEvent *) record->object;
  g_autofree char *time
      = kontor_format_moment (writer->format, kontor_item_created (item), writer->now);
  g_autofree char *amount = amount_of (writer, record);
  g_autofree char *text = g_strdup_printf ("%s  %s%s%s", time, words_of (event->type),
                                           amount != NULL ? "  " : "",
                                           amount != NULL ? amount : "");

  kontor_detail_add (writer, KONTOR_DETAIL_LINK, "", text, kontor_item_id (item));
}

/**
 * kontor_detail_timeline:
 * @writer: the detail being written
 * @ids: (array zero-terminated=1): an object and those that belong to it
 *
 * What happened to them, newest first, each line leading to its event. Nothing is written as long as
 * the events are being read: the screen tells when they are there.
 */
void
kontor_detail_timeline (KontorDetailWriter *writer, const char *const *ids)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; desk != NULL && ids[i] != NULL; i++)
    add_events_of (desk, ids[i], keys);
  g_array_sort (keys, compare_keys);
  if (keys->len > 0)
    kontor_detail_section (writer, _ ("Timeline"));
  for (guint i = 0; i < MIN (keys->len, MOST_EVENTS); i++)
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, g_array_index (keys, gint64, i));

      if (item != NULL)
        write_event (writer, item);
    }
}
