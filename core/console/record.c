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
 * Returns: (transfer none) (nullable): its record; %NULL for a kind that this program does not know
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
  if (record->object == NULL)
    {
      kontor_arena_free (arena);
      return NULL;
    }
  read_others (list, record);
  g_object_set_qdata_full (G_OBJECT (item), quark, record, record_free);
  return record;
}
