/* shape.h: a declared shape made ready for speed: its names by hash, its JSON in ready pieces. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

/* One field to be written, with the constant text that comes before it. */
typedef struct
{
  const KontorField *field;   /* %NULL: only @before is to be written */
  const char *before;         /* fixed fields that stand before it, each with a leading comma; or %NULL */
  const char *name;           /* ,"name": */
  guint       before_length, name_length;
} KontorShapeStep;

typedef struct
{
  const KontorShape *shape;
  guint             n_steps;
  KontorShapeStep  *steps;
  guint             mask;     /* of @slots, a power of two minus one */
  const KontorField **slots;  /* by hash of the name; rows of one name stand in table order */
} KontorPlan;

const KontorPlan *kontor_plan_of (const KontorShape *shape);

/* The first row named so that has a bit of @flags (0: any row that is a field, not only a parameter). */
const KontorField *kontor_plan_find (const KontorPlan *plan, const char *name, gsize length, guint32 flags);

G_END_DECLS
