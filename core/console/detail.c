/* detail.c: all there is to say of one object, row by row. */
#include "core/console/detail.h"

#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/event.h"
#include "core/sync.h"

#define MOST_EVENTS 30

/**
 * kontor_detail_free:
 * @data: (transfer full): a #KontorDetail
 */
void
kontor_detail_free (gpointer data)
{
  KontorDetail *detail = data;

  g_free (detail->value);
  g_free (detail->target);
  g_free (detail);
}

/**
 * kontor_detail_section:
 * @writer: the detail being written
 * @label: what the rows from here on are about, translated
 */
void
kontor_detail_section (KontorDetailWriter *writer, const char *label)
{
  kontor_detail_add (writer, KONTOR_DETAIL_SECTION, label, "", NULL);
}

/**
 * kontor_detail_add:
 * @writer: the detail being written
 * @kind: what it is
 * @label: what it is called, translated
 * @value: (nullable): what it is; %NULL: the row is left out
 * @target: (nullable): the id that it leads to
 */
void
kontor_detail_add (KontorDetailWriter *writer,
                   KontorDetailKind kind,
                   const char *label,
                   const char *value,
                   const char *target)
{
  KontorDetail *detail;

  if (value == NULL)
    return;
  detail = g_new0 (KontorDetail, 1);
  detail->kind = kind;
  detail->label = label;
  detail->value = kontor_format_text (writer->format, value);
  detail->target = g_strdup (target);
  g_ptr_array_add (writer->rows, detail);
}

/**
 * kontor_detail_take:
 * @writer: the detail being written
 * @kind: what it is
 * @label: what it is called, translated
 * @value: (transfer full) (nullable): what it is
 */
void
kontor_detail_take (KontorDetailWriter *writer,
                    KontorDetailKind kind,
                    const char *label,
                    char *value)
{
  kontor_detail_add (writer, kind, label, value, NULL);
  g_free (value);
}

/* -------------------------------------------------------------------------------- timelines -- */

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

static void
write_event (KontorDetailWriter *writer, KontorItem *item)
{
  const KontorRecord *record = kontor_record_of (kontor_screen_list (writer->screen), item);
  const KontorEvent *event = (const KontorEvent *) record->object;
  g_autofree char *time = kontor_format_time (writer->format, kontor_item_created (item));
  g_autofree char *text = g_strdup_printf ("%s  %s", time, event->type);

  kontor_detail_add (writer, KONTOR_DETAIL_LINK, "", text, kontor_item_id (item));
}

/**
 * kontor_detail_timeline:
 * @writer: the detail being written
 * @ids: (array zero-terminated=1): an object and those that belong to it
 *
 * What happened to them, newest first. Nothing is written as long as the events are being read: the
 * screen tells when they are there.
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

/**
 * kontor_detail_json:
 * @writer: the detail being written
 * @path: (nullable): where the server has more than the copy: "/v1/events/evt_…"
 *
 * Ends it with the whole object, as the server gives it where that can be had.
 */
void
kontor_detail_json (KontorDetailWriter *writer, const char *path)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  const char *whole = desk != NULL && path != NULL ? kontor_desk_fetch (desk, path) : NULL;

  kontor_detail_section (writer, _ ("JSON"));
  kontor_detail_add (writer, KONTOR_DETAIL_JSON, "",
                     whole != NULL ? whole : kontor_item_body (writer->record->item), NULL);
}
