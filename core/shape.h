/* shape.h: a declared shape made ready for speed: its names by hash, its JSON in ready pieces. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct _KontorPlan KontorPlan;

/* Stands in a client secret between the object's id and the letters of chance. */
#define KONTOR_SECRET_MARK "_secret_"

typedef struct
{
  const char *text;
  guint       length;
} KontorPiece;

/* One field to be written. */
typedef struct
{
  const KontorField *field;   /* %NULL: only @lead is to be written */
  /* the fixed fields before it, then its name: ,"object":"charge","amount": */
  KontorPiece        lead;
  /* what stands there instead while it is null, the fixed fields included */
  KontorPiece        absent;
  KontorPiece       *words;   /* of an ENUM, in quotes */
  const KontorPlan  *nested;  /* of OBJECT and OBJECTS */
} KontorStep;

struct _KontorPlan
{
  const KontorShape  *shape;
  const guint8       *fresh;  /* a struct in which nothing was said yet */
  guint               n_steps, n_kept;
  KontorStep         *steps;  /* what is shown */
  KontorStep         *kept;   /* what is stored */
  guint               mask;   /* of @slots, a power of two minus one */
  const KontorField **slots;  /* by hash of the name; rows of one name stand in table order */
};

const KontorPlan *kontor_plan_of (const KontorShape *shape);

/* The first row named so that has a bit of @flags (0: any row that is a field, not only a
 * parameter). */
const KontorField *kontor_plan_find (const KontorPlan *plan,
                                     const char *name,
                                     gsize length,
                                     guint32 flags);

/* Whether the field may be null in JSON, or left out of it. */
static inline gboolean
kontor_field_may_be_null (const KontorField *field)
{
  return (field->flags & (KONTOR_NULLABLE | KONTOR_OPTIONAL)) != 0;
}

gboolean kontor_field_is_stored (const KontorField *field);

G_END_DECLS
