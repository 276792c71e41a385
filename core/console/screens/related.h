/* related.h: what belongs to an object, in the object's own detail. */
#pragma once

#include "core/console/detail.h"
#include "core/console/index.h"

G_BEGIN_DECLS

/* Columns of the tables of what belongs to others. */
enum
{
  KONTOR_RELATED_TO,       /* the key of a charge's payment, a refund's charge */
  KONTOR_RELATED_CUSTOMER,
};

extern const KontorIndexTable kontor_charge_table;
extern const KontorIndexTable kontor_refund_table;
extern const KontorIndexTable kontor_method_table;

/* Writes one of them; returns nothing when it is not worth a line. */
typedef void (*KontorRelatedFunc) (KontorDetailWriter *writer, const KontorRecord *record);

guint kontor_related_write  (KontorDetailWriter *writer,
                             const char *section,
                             const KontorIndexTable *table,
                             guint column,
                             const char *id,
                             guint most,
                             KontorRelatedFunc write);
void  kontor_related_payment (KontorDetailWriter *writer, const KontorRecord *record);
void  kontor_related_notes   (KontorDetailWriter *writer, const char *id);
void  kontor_related_refund (KontorDetailWriter *writer, const KontorRecord *record);
void  kontor_related_moves  (KontorDetailWriter *writer, const char *const *ids);

G_END_DECLS
