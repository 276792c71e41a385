/* record.h: an object with those that belong to it, read into their structs. */
#pragma once

#include "core/console/list-model.h"
#include "core/resource.h"

G_BEGIN_DECLS

/* Lives as long as the item it was made of. */
typedef struct
{
  KontorArena        *arena;
  KontorItem         *item;   /* not owned */
  const KontorObject *object; /* never %NULL; empty when the item is gone */
  const KontorObject *charge; /* a payment's latest; %NULL: none */
  const KontorObject *customer;
} KontorRecord;

const KontorRecord *kontor_record_of (KontorList *list, KontorItem *item);

G_END_DECLS
