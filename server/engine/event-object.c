/* event-object.c: an event as the API and webhooks show it: rendered from the version it points at. */
#include "server/engine/event-object.h"

#include <string.h>

#include "core/json.h"
#include "core/patch.h"
#include "server/engine/event.h"
#include "server/store/object.h"

static const char *
render (KontorArena *arena, const KontorObject *object)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_object_write (object, NULL, NULL, &json);
  return kontor_arena_strndup (arena, json.data, json.length);
}

/* What @before said of each member that @after says otherwise; hashes are compared inside, lists as a whole. */
static void
write_difference (const KontorValue *before, const KontorValue *after, KontorBuffer *out)
{
  gboolean any = FALSE;

  kontor_buffer_char (out, '{');
  for (const KontorValue *old = before->first; old != NULL; old = old->next)
    {
      const KontorValue *new = kontor_value_get (after, old->key);

      if (new != NULL && kontor_value_equal (old, new))
        continue;
      if (any)
        kontor_buffer_char (out, ',');
      any = TRUE;
      kontor_buffer_string (out, old->key);
      kontor_buffer_char (out, ':');
      if (new != NULL && old->type == KONTOR_VALUE_OBJECT &&new->type == KONTOR_VALUE_OBJECT)
        write_difference (old, new, out);
      else
        kontor_json_write (out, old);
    }
  /* What is new was null before. */
  for (const KontorValue *new = after->first; new != NULL; new = new->next)
    if (kontor_value_get (before, new->key) == NULL)
      {
        if (any)
          kontor_buffer_char (out, ',');
        any = TRUE;
        kontor_buffer_string (out, new->key);
        kontor_buffer_literal (out, ":null");
      }
  kontor_buffer_char (out, '}');
}

static const char *
difference (KontorArena *arena, const char *before, const char *after)
{
  const char *problem = NULL;
  KontorValue *old = kontor_json_parse (arena, before, strlen (before), &problem);
  KontorValue *new = kontor_json_parse (arena, after, strlen (after), &problem);
  g_auto (KontorBuffer) json = { 0 };

  if (old == NULL || new == NULL)
    return NULL;
  write_difference (old, new, &json);
  return kontor_arena_strndup (arena, json.data, json.length);
}

/**
 * kontor_event_show:
 * @store: a connection
 * @arena: where the event is to live
 * @row: what happened
 * @error: return location for a #GError
 *
 * The object is shown as it was at that moment. An event of the kind “….updated” also tells what its change replaced.
 *
 * Returns: (transfer none) (nullable): the event
 */
KontorEvent *
kontor_event_show (KontorStore *store,
                   KontorArena *arena,
                   const KontorEventRow *row,
                   GError **error)
{
  gint64 prev = 0;
  const KontorObject *object
      = kontor_store_object_at_version (store, arena, row->version, &prev, error);
  KontorEvent *event;

  if (object == NULL)
    return NULL;
  event = kontor_object_new (&kontor_event_resource, arena);
  event->head.id = row->id;
  event->head.key = row->key;
  event->head.created = row->created;
  event->api_version = KONTOR_EVENT_API_VERSION;
  event->type = kontor_event_name (row->type);
  event->data = kontor_shape_new (&kontor_event_data_shape, arena);
  event->data->object = render (arena, object);
  event->request = kontor_shape_new (&kontor_event_request_shape, arena);
  event->request->id = row->request_id;
  event->request->idempotency_key = row->idempotency_key;
  if (event->type == NULL)
    {
      g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_NEWER,
                   "%s is of a kind that this program does not know", row->id);
      return NULL;
    }
  if (prev != 0 && g_str_has_suffix (event->type, "updated"))
    {
      const KontorObject *before = kontor_store_object_at_version (store, arena, prev, NULL, error);

      if (before == NULL)
        return NULL;
      event->data->previous_attributes
          = difference (arena, render (arena, before), event->data->object);
    }
  return event;
}
