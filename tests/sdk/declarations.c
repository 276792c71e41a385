/* declarations.c: prints how core/resources declares every API object, as JSON, for declarations.test.mjs. */
#include "core/resource.h"

#include <stdio.h>

/* In the order of KontorFieldType. */
static const char *const types[] = {
  "string", "email",   "currency", "id",           "client_secret", "int",   "time",
  "bool",   "enum",    "object",   "strings",      "objects",       "map",   "raw",
  "fixed",  "sublist", "self_id",  "self_created", "self_livemode", "range", "anything",
};

static const struct
{
  const char *name;
  guint32 bit;
} flags[] = {
  { "create", KONTOR_IN_CREATE },
  { "update", KONTOR_IN_UPDATE },
  { "list", KONTOR_IN_LIST },
  { "confirm", KONTOR_IN_CONFIRM },
  { "capture", KONTOR_IN_CAPTURE },
  { "cancel", KONTOR_IN_CANCEL },
  { "action", KONTOR_IN_ACTION },
  { "action2", KONTOR_IN_ACTION2 },
  { "nested", KONTOR_IN_NESTED },
  { "nullable", KONTOR_NULLABLE },
  { "expandable", KONTOR_EXPANDABLE },
  { "optional", KONTOR_OPTIONAL },
  { "hidden", KONTOR_HIDDEN },
  { "param_only", KONTOR_PARAM_ONLY },
  { "when_expanded", KONTOR_WHEN_EXPANDED },
};

static void print_field (const KontorField *field);

static void
print_fields (const KontorShape *shape)
{
  printf ("[");
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    {
      if (field != shape->fields)
        printf (",\n");
      print_field (field);
    }
  printf ("]");
}

static void
print_field (const KontorField *field)
{
  const char *comma = "";

  printf ("{\"name\":\"%s\",\"type\":\"%s\",\"flags\":[", field->name, types[field->type]);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (field->flags & flags[i].bit)
      {
        printf ("%s\"%s\"", comma, flags[i].name);
        comma = ",";
      }
  printf ("]");
  if (field->values != NULL)
    {
      printf (",\"values\":[");
      for (guint i = 0; field->values[i] != NULL; i++)
        printf ("%s\"%s\"", i > 0 ? "," : "", field->values[i]);
      printf ("]");
    }
  if (field->type == KONTOR_FIXED)
    printf (",\"fixed\":%s", field->fixed);
  if (field->target != NULL)
    printf (",\"target\":\"%s\"", field->target);
  if (field->shape != NULL)
    {
      printf (",\"fields\":");
      print_fields (field->shape);
    }
  printf ("}");
}

int
main (void)
{
  const char *comma = "";

  printf ("{");
  for (guint kind = 0; kind < KONTOR_N_KINDS; kind++)
    if (kontor_resources[kind] != NULL)
      {
        printf ("%s\"%s\":", comma, kontor_resources[kind]->object);
        print_fields (&kontor_resources[kind]->shape);
        comma = ",\n";
      }
  printf ("}\n");
  return 0;
}
