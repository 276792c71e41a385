/* place.c: where a console shows what an id names.
 *
 * Not everything has a row of its own: a charge is part of its payment's, a card of its customer's. */
#include "core/console/place.h"

#include <string.h>

#include "core/json.h"
#include "core/sync.h"

#define MOST_STEPS 4 /* from a refund over its charge to its payment */

/* What stands elsewhere: which member names what it belongs to. The first one that is there counts. */
static const struct
{
  const char *prefix;
  guint       kind;
  const char *member;
} belongings[] = {
  { "ch", KONTOR_KIND_CHARGE, "payment_intent" },
  { "re", KONTOR_KIND_REFUND, "payment_intent" },
  { "re", KONTOR_KIND_REFUND, "charge" },
  { "pm", KONTOR_KIND_PAYMENT_METHOD, "customer" },
  { "seti", KONTOR_KIND_SETUP_INTENT, "customer" },
  { "setatt", KONTOR_KIND_SETUP_ATTEMPT, "setup_intent" },
  { "entry", KONTOR_STREAM_LEDGER_ENTRY, "source" },
};

static gboolean
has_prefix (const char *id, const char *prefix)
{
  return g_str_has_prefix (id, prefix) && id[strlen (prefix)] == '_';
}

static char *
member_of (KontorItem *item, const char *name)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *body = kontor_item_body (item), *problem;
  const KontorValue *json = kontor_json_parse (arena, body, strlen (body), &problem);
  const KontorValue *value = json != NULL ? kontor_value_get (json, name) : NULL;

  return value != NULL && value->type == KONTOR_VALUE_STRING ? g_strdup (value->text) : NULL;
}

/* (nullable): what @id belongs to, as the copy has it. */
static char *
owner_of (KontorDesk *desk, const char *id)
{
  char *owner = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (belongings) && owner == NULL; i++)
    {
      gint64 key = has_prefix (id, belongings[i].prefix) ? kontor_sync_row (belongings[i].kind, id)
                                                         : -1;
      g_autoptr (KontorItem) item = key >= 0 ? kontor_desk_load (desk, key) : NULL;

      if (item != NULL)
        owner = member_of (item, belongings[i].member);
    }
  return owner;
}

/**
 * kontor_desk_row_of:
 * @desk: a desk
 * @id: of an object
 *
 * Returns: (transfer full): the id of the row that shows it: @id itself, or a payment's, a
 * customer's; @id also when the copy does not know better
 */
char *
kontor_desk_row_of (KontorDesk *desk, const char *id)
{
  char *row = g_strdup (id);

  for (guint step = 0; step < MOST_STEPS && kontor_desk_find (desk, row) == NULL; step++)
    {
      char *owner = owner_of (desk, row);

      if (owner == NULL)
        break;
      g_free (row);
      row = owner;
    }
  return row;
}
