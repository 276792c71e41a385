/* record.c: an object with those that belong to it, read into their structs. */
#include "core/console/record.h"

#include <string.h>

#include "core/resources/charge.h"
#include "core/resources/customer.h"
#include "core/resources/payment_intent.h"

static const KontorObject *
read_item (KontorItem *item, KontorArena *arena)
{
  guint kind = (guint) (kontor_item_key (item) >> KONTOR_TICK_BITS);
  const KontorResource *resource = kind < KONTOR_N_KINDS ? kontor_resources[kind] : NULL;
  const char *body = kontor_item_body (item);
  KontorObject *object;

  if (resource == NULL)
    return NULL;
  object = kontor_object_new (resource, arena);
  object->resource = resource;
  object->id = kontor_arena_strdup (arena, kontor_item_id (item));
  object->key = kontor_item_key (item);
  object->created = kontor_item_created (item);
  if (body != NULL)
    kontor_object_read (resource, arena, body, strlen (body), object);
  if (resource->complete != NULL)
    resource->complete (object, arena);
  return object;
}

/* Of rows that are no resource of the API, as the server or this program wrote them. */
static const KontorValue *
read_json (KontorItem *item, KontorArena *arena)
{
  const char *body = kontor_item_body (item), *problem;
  const KontorValue *json = body != NULL ? kontor_json_parse (arena, body, strlen (body), &problem)
                                         : NULL;

  return json != NULL ? json : kontor_value_new (arena, KONTOR_VALUE_OBJECT);
}

/* %NULL when the replica has none with this id. */
static const KontorObject *
read_object (KontorList *list, KontorArena *arena, guint kind, const char *id)
{
  gint64 tick = kontor_id_tick (id);
  g_autoptr (KontorItem) item = tick >= 0 ? kontor_list_load (list, kontor_key (kind, tick)) : NULL;

  return item != NULL && kontor_item_body (item) != NULL ? read_item (item, arena) : NULL;
}

static void
record_free (gpointer data)
{
  kontor_arena_free (((KontorRecord *) data)->arena);
}

static void
read_others (KontorList *list, KontorRecord *record)
{
  const char *customer = NULL;

  if (record->object->resource->kind == KONTOR_KIND_PAYMENT_INTENT)
    {
      const KontorPaymentIntent *intent = (const KontorPaymentIntent *) record->object;

      record->charge = read_object (list, record->arena, KONTOR_KIND_CHARGE, intent->latest_charge);
      customer = intent->customer;
    }
  record->customer = read_object (list, record->arena, KONTOR_KIND_CUSTOMER, customer);
}

/**
 * kontor_record_of:
 * @list: whose replica
 * @item: an object of it
 *
 * Read when it is first asked for, then kept with @item.
 *
 * Returns: (transfer none): its record
 */
const KontorRecord *
kontor_record_of (KontorList *list, KontorItem *item)
{
  static GQuark quark;
  KontorRecord *record;
  KontorArena *arena;

  if (quark == 0)
    quark = g_quark_from_static_string ("kontor-record");
  record = g_object_get_qdata (G_OBJECT (item), quark);
  if (record != NULL)
    return record;

  arena = kontor_arena_new ();
  record = kontor_arena_new0 (arena, KontorRecord);
  record->arena = arena;
  record->item = item;
  record->object = read_item (item, arena);
  if (record->object != NULL)
    read_others (list, record);
  else
    record->json = read_json (item, arena);
  g_object_set_qdata_full (G_OBJECT (item), quark, record, record_free);
  return record;
}

/**
 * kontor_record_value:
 * @record: one with JSON
 * @path: names with dots between
 *
 * Returns: (nullable): what stands there; %NULL also for JSON's null
 */
const KontorValue *
kontor_record_value (const KontorRecord *record, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  const KontorValue *value = record->json;

  for (guint i = 0; names[i] != NULL && value != NULL; i++)
    value = value->type == KONTOR_VALUE_OBJECT ? kontor_value_get (value, names[i]) : NULL;
  return value != NULL && value->type != KONTOR_VALUE_NULL ? value : NULL;
}

/**
 * kontor_record_text:
 * @record: one with JSON
 * @path: names with dots between
 *
 * Returns: (nullable): the text or the number that stands there, as it was written
 */
const char *
kontor_record_text (const KontorRecord *record, const char *path)
{
  const KontorValue *value = kontor_record_value (record, path);

  return value != NULL ? value->text : NULL;
}

/**
 * kontor_record_json:
 * @record: one with JSON
 * @path: names with dots between
 *
 * Returns: (transfer full) (nullable): what stands there, as JSON; %NULL for null and for nothing
 */
char *
kontor_record_json (const KontorRecord *record, const char *path)
{
  const KontorValue *value = kontor_record_value (record, path);
  g_auto (KontorBuffer) json = { 0 };

  if (value == NULL)
    return NULL;
  kontor_json_write (&json, value);
  return g_strdup (kontor_buffer_text (&json));
}

/**
 * kontor_record_number:
 * @record: one with JSON
 * @path: names with dots between
 *
 * Returns: the whole number that stands there; 1 and 0 for true and false; 0 when there is none
 */
gint64
kontor_record_number (const KontorRecord *record, const char *path)
{
  const char *text = kontor_record_text (record, path);

  if (text == NULL)
    return 0;
  return strcmp (text, "true") == 0 ? 1 : g_ascii_strtoll (text, NULL, 10);
}
