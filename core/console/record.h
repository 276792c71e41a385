/* record.h: an object with those that belong to it, read into their structs. */
#pragma once

#include "core/console/list-model.h"
#include "core/json.h"
#include "core/resource.h"

G_BEGIN_DECLS

/* Lives as long as the item it was made of. */
typedef struct
{
  KontorArena        *arena;
  KontorItem         *item;   /* not owned */
  const KontorObject *object; /* empty when the item is gone; %NULL: of no resource, see @json */
  const KontorValue  *json;   /* its body, where @object is %NULL; never %NULL then */
  const KontorObject *charge; /* a payment's latest; %NULL: none */
  const KontorObject *customer;
} KontorRecord;

const KontorRecord *kontor_record_of     (KontorList *list, KontorItem *item);
/* Out of @json, by names with dots between: "request.method". */
const KontorValue  *kontor_record_value  (const KontorRecord *record, const char *path);
const char         *kontor_record_text   (const KontorRecord *record, const char *path);
char               *kontor_record_json   (const KontorRecord *record, const char *path);
gint64              kontor_record_number (const KontorRecord *record, const char *path);

G_END_DECLS
