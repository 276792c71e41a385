/* shape.c: a declared shape made ready for speed: its names by hash, its JSON in ready pieces. */
#include "core/shape.h"

#include <string.h>

/* Plans by address of their shape. Filled under the lock, which a plan takes again for the shapes
 * inside it, and read without: a slot is set once and for ever. */
#define MAX_PLANS 1024
static KontorPlan *plans[MAX_PLANS];
static GRecMutex plans_lock;

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

/**
 * kontor_field_is_stored:
 * @field: a row
 *
 * Returns: whether it lies in the struct, and so in slim JSON
 */
gboolean
kontor_field_is_stored (const KontorField *field)
{
  switch (field->type)
    {
    case KONTOR_FIXED:
    case KONTOR_SUBLIST:
    case KONTOR_RANGE:
    case KONTOR_ANYTHING:
    case KONTOR_SELF_ID:
    case KONTOR_SELF_CREATED:
    case KONTOR_SELF_LIVEMODE:
      return FALSE;
    default:
      return (field->flags & KONTOR_PARAM_ONLY) == 0;
    }
}

/* A text's @fixed is what it says until somebody says otherwise. Hidden numbers begin as null, hidden
 * booleans as false. */
static void
set_default (const KontorField *field, guint8 *member)
{
  gboolean hidden = (field->flags & KONTOR_HIDDEN) != 0;

  switch (field->type)
    {
    case KONTOR_STRING:
      *(const char **) (gpointer) member = field->fixed;
      break;
    case KONTOR_INT:
    case KONTOR_TIME:
      *(gint64 *) (gpointer) member = kontor_field_may_be_null (field) || hidden ? KONTOR_NONE : 0;
      break;
    case KONTOR_BOOL:
      *(int *) (gpointer) member = field->fixed != NULL                          ? 1
                                   : kontor_field_may_be_null (field) && !hidden ? -1
                                                                                 : 0;
      break;
    case KONTOR_ENUM:
      *(int *) (gpointer) member = kontor_field_may_be_null (field) || hidden ? -1 : 0;
      break;
    default:
      break;
    }
}

static guint8 *
make_fresh (const KontorShape *shape)
{
  guint8 *fresh = g_malloc0 (MAX (shape->size, 1));

  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (kontor_field_is_stored (field))
      set_default (field, fresh + field->offset);
  return fresh;
}

static KontorPiece
make_piece (const char *before, const char *middle, const char *after)
{
  char *text = g_strconcat (before, middle, after, NULL);

  return (KontorPiece){ text, (guint) strlen (text) };
}

static KontorPiece *
quote_words (const char *const *words)
{
  guint n = g_strv_length ((char **) words);
  KontorPiece *pieces = g_new (KontorPiece, n);

  for (guint i = 0; i < n; i++)
    pieces[i] = make_piece ("\"", words[i], "\"");
  return pieces;
}

/* What a field shows while there is nothing in the struct: null or nothing where that is allowed, else as
 * empty as its type can be. */
static char *
text_of_nothing (const KontorField *field)
{
  g_auto (KontorBuffer) json = { 0 };

  if (field->type == KONTOR_MAP)
    return g_strdup ("{}");
  if (kontor_field_may_be_null (field))
    return g_strdup ("null");
  if (field->type == KONTOR_STRINGS || field->type == KONTOR_OBJECTS)
    return g_strdup (field->fixed != NULL ? field->fixed : "[]");
  if (field->type != KONTOR_OBJECT)
    return g_strdup ("null");
  kontor_shape_write (field->shape, kontor_plan_of (field->shape)->fresh, &json);
  return g_strdup (kontor_buffer_text (&json));
}

/* @before: the fixed fields that were not written yet. */
static KontorStep
make_step (const KontorField *field, const char *before)
{
  KontorStep step = { .field = field };
  gboolean left_out = (field->flags & KONTOR_OPTIONAL) && !(field->flags & KONTOR_NULLABLE);
  g_autofree char *name = g_strdup_printf (",\"%s\":", field->name);
  g_autofree char *nothing = text_of_nothing (field);

  step.lead = make_piece (before, name, "");
  step.absent = left_out ? make_piece (before, "", "") : make_piece (before, name, nothing);
  if (field->type == KONTOR_ENUM)
    step.words = quote_words (field->values);
  if (field->type == KONTOR_OBJECT || field->type == KONTOR_OBJECTS)
    step.nested = kontor_plan_of (field->shape);
  return step;
}

/* Neighbouring fixed fields melt into one piece with the name of what follows. */
static void
plan_steps (KontorPlan *plan)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (KontorStep));
  g_autoptr (GString) before = g_string_new (NULL);

  for (const KontorField *field = plan->shape->fields; field->name != NULL; field++)
    {
      KontorStep step;

      if (field->flags & (KONTOR_PARAM_ONLY | KONTOR_HIDDEN))
        continue;
      if (field->type == KONTOR_FIXED)
        {
          g_string_append_printf (before, ",\"%s\":%s", field->name, field->fixed);
          continue;
        }
      step = make_step (field, before->str);
      g_string_truncate (before, 0);
      g_array_append_val (steps, step);
    }
  if (before->len > 0)
    {
      KontorStep last = { .lead = make_piece (before->str, "", "") };

      g_array_append_val (steps, last);
    }
  plan->n_steps = steps->len;
  plan->steps = (KontorStep *) (void *) g_array_free (steps, FALSE);
}

static void
plan_kept (KontorPlan *plan)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (KontorStep));

  for (const KontorField *field = plan->shape->fields; field->name != NULL; field++)
    if (kontor_field_is_stored (field))
      {
        KontorStep step = make_step (field, "");

        g_array_append_val (kept, step);
      }
  plan->n_kept = kept->len;
  plan->kept = (KontorStep *) (void *) g_array_free (kept, FALSE);
}

static KontorPlan *
make_plan (const KontorShape *shape)
{
  KontorPlan *plan = g_new0 (KontorPlan, 1);

  plan->shape = shape;
  plan->fresh = make_fresh (shape);
  index_names (plan);
  plan_steps (plan);
  plan_kept (plan);
  return plan;
}

/* The plan of @shape, or the free slot where it would be looked for. */
static KontorPlan *
look_up (const KontorShape *shape, guint *at)
{
  guint start = (guint) ((((gsize) shape >> 4) * 2654435761u) >> 7) % MAX_PLANS;
  KontorPlan *plan;

  for (*at = start; (plan = g_atomic_pointer_get (&plans[*at])) != NULL;
       *at = (*at + 1) % MAX_PLANS)
    if (plan->shape == shape)
      return plan;
  g_assert ((*at + 1) % MAX_PLANS != start);
  return NULL;
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
  guint at;
  KontorPlan *plan = look_up (shape, &at);

  if (plan != NULL)
    return plan;
  g_rec_mutex_lock (&plans_lock);
  plan = look_up (shape, &at);
  if (plan == NULL)
    {
      plan = make_plan (shape);
      /* The plans of the shapes inside took slots meanwhile. */
      look_up (shape, &at);
      g_atomic_pointer_set (&plans[at], plan);
    }
  g_rec_mutex_unlock (&plans_lock);
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
