/* shape.c: a declared shape made ready for speed: its names by hash, its JSON in ready pieces. */
#include "core/shape.h"

#include <string.h>

/* Plans by address of their shape. Filled under the lock, read without: a slot is set once and for ever. */
#define MAX_PLANS 1024
static KontorPlan *plans[MAX_PLANS];
static GMutex plans_lock;

static guint
hash_name (const char *name, gsize length)
{
  guint hash = (guint) length * 31;

  for (gsize i = 0; i < length; i++)
    hash = hash * 33 + (guint8) name[i];
  return hash ^ (hash >> 11);
}

static void
index_names (KontorPlan *plan)
{
  guint n = 0;

  for (const KontorField *field = plan->shape->fields; field->name != NULL; field++)
    n++;
  for (plan->mask = 7; plan->mask < n * 2; plan->mask = plan->mask * 2 + 1)
    ;
  plan->slots = g_new0 (const KontorField *, plan->mask + 1);
  for (const KontorField *field = plan->shape->fields; field->name != NULL; field++)
    {
      guint at = hash_name (field->name, strlen (field->name)) & plan->mask;

      while (plan->slots[at] != NULL)
        at = (at + 1) & plan->mask;
      plan->slots[at] = field;
    }
}

static void
add_step (GArray *steps, const KontorField *field, GString *before)
{
  KontorShapeStep step = { .field = field };

  if (before->len > 0)
    {
      step.before_length = (guint) before->len;
      step.before = g_strdup (before->str);
      g_string_truncate (before, 0);
    }
  if (field != NULL)
    {
      step.name = g_strdup_printf (",\"%s\":", field->name);
      step.name_length = (guint) strlen (step.name);
    }
  g_array_append_val (steps, step);
}

/* Neighbouring fixed fields melt into one literal. */
static void
plan_steps (KontorPlan *plan)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (KontorShapeStep));
  g_autoptr (GString) before = g_string_new (NULL);

  for (const KontorField *field = plan->shape->fields; field->name != NULL; field++)
    {
      if (field->flags & (KONTOR_PARAM_ONLY | KONTOR_HIDDEN))
        continue;
      if (field->type == KONTOR_FIXED)
        g_string_append_printf (before, ",\"%s\":%s", field->name, field->fixed);
      else
        add_step (steps, field, before);
    }
  if (before->len > 0)
    add_step (steps, NULL, before);
  plan->n_steps = steps->len;
  plan->steps = (KontorShapeStep *) (void *) g_array_free (steps, FALSE);
}

static KontorPlan *
make_plan (const KontorShape *shape)
{
  KontorPlan *plan = g_new0 (KontorPlan, 1);

  plan->shape = shape;
  index_names (plan);
  plan_steps (plan);
  return plan;
}

/**
 * kontor_plan_of:
 * @shape: a declared shape; lives as long as the program
 *
 * Made at first use and kept; safe from any thread.
 *
 * Returns: (transfer none): the plan
 */
const KontorPlan *
kontor_plan_of (const KontorShape *shape)
{
  guint start = (guint) (((gsize) shape >> 4) * 2654435761u) % MAX_PLANS;
  guint at = start;
  KontorPlan *plan;

  while ((plan = g_atomic_pointer_get (&plans[at])) != NULL)
    {
      if (plan->shape == shape)
        return plan;
      at = (at + 1) % MAX_PLANS;
    }
  g_mutex_lock (&plans_lock);
  while ((plan = plans[at]) != NULL && plan->shape != shape)
    {
      at = (at + 1) % MAX_PLANS;
      g_assert (at != start);
    }
  if (plan == NULL)
    {
      plan = make_plan (shape);
      g_atomic_pointer_set (&plans[at], plan);
    }
  g_mutex_unlock (&plans_lock);
  return plan;
}

/**
 * kontor_plan_find:
 * @plan: of the shape
 * @name: not NUL-terminated
 * @length: of @name in bytes
 * @flags: one of these bits must be set; 0: any row that is a field
 *
 * Returns: (transfer none) (nullable): the row
 */
const KontorField *
kontor_plan_find (const KontorPlan *plan, const char *name, gsize length, guint32 flags)
{
  guint at = hash_name (name, length) & plan->mask;
  const KontorField *field;

  for (; (field = plan->slots[at]) != NULL; at = (at + 1) & plan->mask)
    if (strncmp (field->name, name, length) == 0 && field->name[length] == '\0'
        && (flags != 0 ? (field->flags & flags) != 0 : (field->flags & KONTOR_PARAM_ONLY) == 0))
      return field;
  return NULL;
}
