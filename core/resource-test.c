/* resource-test.c: every row of every table, and what is written, kept and read by them. */
#include "core/resource.h"

#include <string.h>

#include "core/resources/charge.h"
#include "core/resources/customer.h"
#include "core/resources/payment_intent.h"
#include "core/resources/payment_method.h"
#include "core/shape.h"

typedef void (*VisitShape) (const KontorShape *shape, gpointer data);

static void
visit_shape (const KontorShape *shape, VisitShape visit, gpointer data)
{
  visit (shape, data);
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (field->shape != NULL)
      visit_shape (field->shape, visit, data);
}

static void
visit_shapes (VisitShape visit, gpointer data)
{
  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    if (kontor_resources[kind] != NULL)
      visit_shape (&kontor_resources[kind]->shape, visit, data);
}

static gsize
size_of (const KontorField *field)
{
  if (field->type == KONTOR_BOOL || field->type == KONTOR_ENUM)
    return sizeof (int);
  return field->type == KONTOR_INT || field->type == KONTOR_TIME ? sizeof (gint64)
                                                                 : sizeof (gpointer);
}

static void
check_documented (const KontorShape *shape, gpointer data)
{
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (field->doc == NULL || !g_str_has_suffix (field->doc, "."))
      g_error ("%s.%s: has no sentence that says what it is", shape->name, field->name);
}

static void
test_every_row_is_explained (void)
{
  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    g_assert_true (kontor_resources[kind] == NULL || kontor_resources[kind]->doc != NULL);
  visit_shapes (check_documented, NULL);
}

/* A shown or kept member for each byte of the struct at most, and all of them inside it. */
static void
check_offsets (const KontorShape *shape, gpointer data)
{
  g_autofree const KontorField **owner = g_new0 (const KontorField *, shape->size + 1);

  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (kontor_field_is_stored (field))
      for (gsize byte = field->offset; byte < field->offset + size_of (field); byte++)
        {
          if (byte >= shape->size)
            g_error ("%s.%s: lies outside its struct", shape->name, field->name);
          if (owner[byte] != NULL)
            g_error ("%s.%s: shares memory with %s", shape->name, field->name, owner[byte]->name);
          owner[byte] = field;
        }
  if (shape->size > 0 && shape->fields[0].type == KONTOR_SELF_ID)
    for (gsize byte = 0; byte < sizeof (KontorObject); byte++)
      g_assert_null (owner[byte]);
}

static void
test_every_field_has_memory_of_its_own (void)
{
  visit_shapes (check_offsets, NULL);
}

static void
check_names (const KontorShape *shape, gpointer data)
{
  for (const KontorField *a = shape->fields; a->name != NULL; a++)
    for (const KontorField *b = a + 1; b->name != NULL; b++)
      {
        if (!g_str_equal (a->name, b->name))
          continue;
        if (!((a->flags | b->flags) & KONTOR_PARAM_ONLY))
          g_error ("%s.%s: is declared twice", shape->name, a->name);
        if (a->flags & b->flags & KONTOR_IN_ANY)
          g_error ("%s.%s: is two parameters of one operation", shape->name, a->name);
      }
}

static void
test_no_name_is_declared_twice (void)
{
  visit_shapes (check_names, NULL);
}

static const char *
flaw_of (const KontorField *field)
{
  gboolean nests = field->type == KONTOR_OBJECT || field->type == KONTOR_OBJECTS;
  gboolean words = field->type == KONTOR_STRING || field->type == KONTOR_STRINGS
                   || field->type == KONTOR_ENUM;

  if (nests != (field->shape != NULL))
    return "has a shape exactly when it nests";
  if (field->values != NULL && !words)
    return "has words but is no text";
  if (field->type != KONTOR_FIXED && field->fixed != NULL && (field->flags & KONTOR_OPTIONAL))
    return "has a default but may be left out: a reader could not tell which";
  if (field->type == KONTOR_ENUM && field->values == NULL)
    return "is an enum without words";
  if (field->type == KONTOR_FIXED && field->fixed == NULL)
    return "is fixed to nothing";
  if ((field->type == KONTOR_ID || field->type == KONTOR_SUBLIST) && field->target == NULL)
    return "names no target";
  if ((field->type == KONTOR_RANGE || field->type == KONTOR_ANYTHING)
      && !(field->flags & KONTOR_PARAM_ONLY))
    return "has a type that only parameters can have";
  if ((field->flags & KONTOR_PARAM_ONLY) && !(field->flags & KONTOR_IN_ANY))
    return "is a parameter of nothing";
  if ((field->flags & KONTOR_COLUMN) && (nests || field->type == KONTOR_MAP))
    return "cannot be a column";
  if (field->min > field->max)
    return "has bounds that exclude everything";
  return NULL;
}

static void
check_rows (const KontorShape *shape, gpointer data)
{
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (flaw_of (field) != NULL)
      g_error ("%s.%s: %s", shape->name, field->name, flaw_of (field));
}

static void
test_every_row_makes_sense (void)
{
  visit_shapes (check_rows, NULL);
}

static void
check_targets (const KontorShape *shape, gpointer data)
{
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    {
      g_auto (GStrv) names = g_strsplit (field->target != NULL ? field->target : "", "|", -1);

      for (guint i = 0; names[i] != NULL; i++)
        if (kontor_resource_by_name (names[i]) == NULL)
          g_error ("%s.%s: names an unknown object, %s", shape->name, field->name, names[i]);
      if (field->type == KONTOR_SUBLIST)
        {
          const KontorResource *listed = kontor_resource_by_name (field->target);
          const KontorField *column = kontor_shape_find (&listed->shape, field->column);

          g_assert_true (column != NULL && (column->flags & KONTOR_COLUMN));
        }
    }
}

static void
test_every_target_exists (void)
{
  visit_shapes (check_targets, NULL);
}

static void
test_resources_are_found_by_name_and_prefix (void)
{
  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    {
      const KontorResource *resource = kontor_resources[kind];
      g_autofree char *id = NULL;

      if (resource == NULL)
        continue;
      g_assert_cmpuint (resource->kind, ==, kind);
      g_assert_true (kontor_resource_by_name (resource->object) == resource);
      id = g_strconcat (resource->prefix != NULL ? resource->prefix : "none", "_0", NULL);
      g_assert_true (kontor_resource_by_prefix (id)
                     == (resource->prefix != NULL ? resource : NULL));
    }
  g_assert_null (kontor_resource_by_name ("nothing"));
  g_assert_null (kontor_resource_by_prefix ("pi"));
  g_assert_null (kontor_resource_by_prefix ("p_1"));
  g_assert_null (kontor_resource_by_prefix (""));
}

static const char *
random_text (KontorArena *arena)
{
  static const char *const texts[] = {
    "", "plain", "with \"quotes\" and \\", "line\nbreak\ttab", "é€😀", "\x01\x1f", "/v1/x?a=b"
  };

  return kontor_arena_strdup (arena, texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))]);
}

static void fill (const KontorShape *shape, KontorArena *arena, guint8 *data);

static gpointer
random_list (const KontorField *field, KontorArena *arena)
{
  guint n = (guint) g_test_rand_int_range (0, 4);
  KontorItems *list = kontor_arena_new0 (arena, KontorItems);

  list->items = kontor_arena_new0_n (arena, gpointer, n + 1);
  for (; list->n < n; list->n++)
    if (field->type == KONTOR_STRINGS)
      list->items[list->n] = (gpointer) random_text (arena);
    else
      fill (field->shape, arena, list->items[list->n] = kontor_shape_new (field->shape, arena));
  return list;
}

static KontorMap *
random_map (KontorArena *arena)
{
  guint n = (guint) g_test_rand_int_range (0, 4);
  KontorMap *map = kontor_arena_new0 (arena, KontorMap);

  map->pairs = kontor_arena_new0_n (arena, KontorPair, n + 1);
  for (; map->n < n; map->n++)
    map->pairs[map->n]
        = (KontorPair){ kontor_arena_printf (arena, "key\"%u", map->n), random_text (arena) };
  return map;
}

static void
fill_member (const KontorField *field, KontorArena *arena, guint8 *member)
{
  static const gint64 numbers[] = { 0, 1, -1, 42, G_MAXINT64, G_MININT64 + 1 };
  gpointer nested;

  switch (field->type)
    {
    case KONTOR_INT:
    case KONTOR_TIME:
      *(gint64 *) (gpointer) member = numbers[g_test_rand_int_range (0, G_N_ELEMENTS (numbers))];
      break;
    case KONTOR_BOOL:
      *(int *) (gpointer) member = g_test_rand_int_range (0, 2);
      break;
    case KONTOR_ENUM:
      *(int *) (gpointer) member
          = g_test_rand_int_range (0, (int) g_strv_length ((char **) field->values));
      break;
    case KONTOR_OBJECT:
      nested = kontor_shape_new (field->shape, arena);
      fill (field->shape, arena, nested);
      *(gpointer *) (gpointer) member = nested;
      break;
    case KONTOR_STRINGS:
    case KONTOR_OBJECTS:
      *(gpointer *) (gpointer) member = random_list (field, arena);
      break;
    case KONTOR_MAP:
      *(gpointer *) (gpointer) member = random_map (arena);
      break;
    case KONTOR_RAW:
      *(const char **) (gpointer) member = "{\"a\":[1,null,{\"b\":\"\\u0001\"}]}";
      break;
    case KONTOR_CLIENT_SECRET:
      *(const char **) (gpointer) member
          = kontor_arena_printf (arena, "x_1_secret_%u", (guint) g_test_rand_int ());
      break;
    default:
      *(const char **) (gpointer) member = random_text (arena);
    }
}

/* Makes what can be null null: also where a fresh struct has a default. */
static void
empty_member (const KontorField *field, guint8 *member)
{
  if (!(field->flags & (KONTOR_NULLABLE | KONTOR_OPTIONAL)))
    return;
  if (field->type == KONTOR_INT || field->type == KONTOR_TIME)
    *(gint64 *) (gpointer) member = KONTOR_NONE;
  else if (field->type == KONTOR_BOOL || field->type == KONTOR_ENUM)
    *(int *) (gpointer) member = -1;
  else
    *(gpointer *) (gpointer) member = NULL;
}

static void
fill (const KontorShape *shape, KontorArena *arena, guint8 *data)
{
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    {
      int choice = g_test_rand_int_range (0, 4);

      if (!kontor_field_is_stored (field))
        continue;
      if (choice == 0)
        empty_member (field, data + field->offset);
      else if (choice > 1)
        fill_member (field, arena, data + field->offset);
    }
}

static KontorObject *
random_object (const KontorResource *resource, KontorArena *arena)
{
  KontorObject *object = kontor_object_new (resource, arena);

  fill (&resource->shape, arena, (guint8 *) object);
  object->id = "x_1";
  object->key = kontor_key (3, 77);
  object->created = 1234567890;
  return object;
}

static void
assert_same_json (const KontorObject *a, const KontorObject *b)
{
  g_auto (KontorBuffer) first = { 0 }, second = { 0 };

  kontor_object_write (a, NULL, NULL, &first);
  kontor_object_write (b, NULL, NULL, &second);
  g_assert_cmpstr (kontor_buffer_text (&first), ==, kontor_buffer_text (&second));
}

static KontorObject *
read_back (const KontorObject *object, gboolean slim, KontorArena *arena)
{
  g_auto (KontorBuffer) json = { 0 };
  KontorObject *copy = kontor_object_new (object->resource, arena);

  if (slim)
    kontor_object_write_slim (kontor_object_trimmed (object, arena), &json);
  else
    kontor_object_write (object, NULL, NULL, &json);
  copy->id = object->id;
  g_assert_true (
      kontor_object_read (object->resource, arena, kontor_buffer_text (&json), json.length, copy));
  copy->key = object->key;
  copy->created = object->created;
  return copy;
}

#define ROUNDS 200

static void
test_what_is_kept_is_read_back (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint round = 0; round < ROUNDS; round++)
    for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
      {
        KontorObject *object, *copy;
        g_auto (KontorBuffer) before = { 0 }, after = { 0 };

        if (kontor_resources[kind] == NULL)
          continue;
        object = random_object (kontor_resources[kind], arena);
        if (kontor_resources[kind]->complete != NULL)
          kontor_resources[kind]->complete (object, arena);
        copy = read_back (object, TRUE, arena);
        assert_same_json (object, copy);
        kontor_object_write_slim (object, &before);
        kontor_object_write_slim (copy, &after);
        g_assert_cmpstr (kontor_buffer_text (&before), ==, kontor_buffer_text (&after));
        /* What is shown can be read as well; hidden fields are not in it. */
        assert_same_json (object, read_back (object, FALSE, arena));
        kontor_arena_reset (arena);
      }
}

static void
test_a_fresh_object_keeps_nothing (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    if (kontor_resources[kind] != NULL)
      {
        g_auto (KontorBuffer) json = { 0 };

        kontor_object_write_slim (kontor_object_new (kontor_resources[kind], arena), &json);
        g_assert_cmpstr (kontor_buffer_text (&json), ==, "{}");
      }
}

static void
test_what_is_cut_short_is_refused (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorObject *object = random_object (&kontor_payment_intent_resource, arena);
  g_auto (KontorBuffer) json = { 0 };

  kontor_object_write (object, NULL, NULL, &json);
  for (gsize length = 0; length < json.length; length++)
    {
      /* A copy of that length, so that a look beyond its end is caught. */
      g_autofree char *text = g_memdup2 (json.data, length);
      KontorObject *copy = kontor_object_new (&kontor_payment_intent_resource, arena);

      g_assert_false (
          kontor_object_read (&kontor_payment_intent_resource, arena, text, length, copy));
    }
}

static void
test_unknown_names_are_skipped (void)
{
  static const char json[]
      = "{\"new\":{\"a\":[1,{\"b\":null}]}, \"amount\" : 5,\"newer\":\"x\",\"id\":\"pi_9\"}";
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorPaymentIntent *intent = kontor_object_new (&kontor_payment_intent_resource, arena);

  g_assert_true (kontor_object_read (&kontor_payment_intent_resource, arena, json, sizeof json - 1,
                                     &intent->head));
  g_assert_cmpint (intent->amount, ==, 5);
}

static void
test_an_expanded_id_is_read_as_the_id (void)
{
  static const char json[]
      = "{\"customer\":{\"object\":\"customer\",\"id\":\"cus_1\",\"name\":\"N\"}}";
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorPaymentIntent *intent = kontor_object_new (&kontor_payment_intent_resource, arena);

  g_assert_true (kontor_object_read (&kontor_payment_intent_resource, arena, json, sizeof json - 1,
                                     &intent->head));
  g_assert_cmpstr (intent->customer, ==, "cus_1");
}

static void
test_a_number_of_the_wrong_kind_is_refused (void)
{
  static const char *const texts[] = {
    "{\"amount\":\"5\"}",
    "{\"amount\":9223372036854775808}",
    "{\"amount\":}",
    "{\"amount\":-}",
    "{\"metadata\":[]}",
    "{\"shipping\":1}",
    "{\"payment_method_types\":{}}",
    "[]",
    "",
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      KontorObject *object = kontor_object_new (&kontor_payment_intent_resource, arena);

      g_test_message ("%s", texts[i]);
      g_assert_false (kontor_object_read (&kontor_payment_intent_resource, arena, texts[i],
                                          strlen (texts[i]), object));
    }
}

static void
test_a_fresh_customer_shows_its_defaults (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorCustomer *customer = kontor_object_new (&kontor_customer_resource, arena);
  g_auto (KontorBuffer) json = { 0 };

  customer->head.id = "cus_1";
  customer->head.created = 5;
  kontor_object_write (&customer->head, NULL, NULL, &json);
  g_assert_cmpstr (
      kontor_buffer_text (&json), ==,
      "{\"id\":\"cus_1\",\"object\":\"customer\",\"address\":null,\"balance\":0,\"created\":5,"
      "\"currency\":null,"
      "\"customer_account\":null,\"default_source\":null,\"delinquent\":false,\"description\":null,"
      "\"discount\":null,\"email\":null,\"invoice_prefix\":null,\"invoice_settings\":{\"custom_"
      "fields\":null,"
      "\"default_payment_method\":null,\"footer\":null,\"rendering_options\":null},\"livemode\":"
      "false,"
      "\"metadata\":{},\"name\":null,\"phone\":null,\"preferred_locales\":[],\"shipping\":null,"
      "\"tax_exempt\":\"none\",\"test_clock\":null}");
}

/* Loads a payment method for every id, and lists no refunds. */
static const KontorObject *
load (gpointer data, const KontorField *field, const char *id)
{
  KontorPaymentMethod *method;

  if (!g_str_has_prefix (id, "pm_"))
    return NULL;
  method = kontor_object_new (&kontor_payment_method_resource, data);
  method->head.id = id;
  method->type = "card";
  return &method->head;
}

static void
list (gpointer data,
      const KontorField *field,
      const KontorObject *parent,
      const KontorExpand *expand,
      KontorBuffer *out)
{
  kontor_buffer_printf (out, "\"%s of %s\"", field->target, parent->id);
}

static void
test_what_is_asked_for_is_shown_whole (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorCustomer *customer = kontor_object_new (&kontor_customer_resource, arena);
  KontorExpand method = { .name = "default_payment_method" };
  KontorExpand settings = { .name = "invoice_settings", .children = &method };
  KontorLoader loader = { arena, load, list };
  g_auto (KontorBuffer) json = { 0 };

  customer->head.id = "cus_1";
  customer->invoice_settings = kontor_shape_new (&kontor_invoice_settings_shape, arena);
  customer->invoice_settings->default_payment_method = "pm_1";
  kontor_object_write (&customer->head, &settings, &loader, &json);
  g_assert_nonnull (
      strstr (kontor_buffer_text (&json), "\"default_payment_method\":{\"id\":\"pm_1\","));
  json.length = 0;
  customer->invoice_settings->default_payment_method = "card_1";
  kontor_object_write (&customer->head, &settings, &loader, &json);
  g_assert_nonnull (strstr (kontor_buffer_text (&json), "\"default_payment_method\":\"card_1\""));
}

static void
test_a_list_inside_is_shown_only_when_asked_for (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorCharge *charge = kontor_object_new (&kontor_charge_resource, arena);
  KontorExpand refunds = { .name = "refunds" };
  KontorLoader loader = { arena, load, list };
  g_auto (KontorBuffer) json = { 0 };

  charge->head.id = "ch_1";
  kontor_object_write (&charge->head, NULL, &loader, &json);
  g_assert_null (strstr (kontor_buffer_text (&json), "refunds"));
  json.length = 0;
  kontor_object_write (&charge->head, &refunds, &loader, &json);
  g_assert_nonnull (strstr (kontor_buffer_text (&json), "\"refunds\":\"refund of ch_1\","));
}

static gpointer
write_in_thread (gpointer data)
{
  const KontorObject *object = data;
  g_auto (KontorBuffer) json = { 0 };

  kontor_object_write (object, NULL, NULL, &json);
  return g_strdup (kontor_buffer_text (&json));
}

static void
test_threads_may_write_at_once (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorObject *object = random_object (&kontor_charge_resource, arena);
  g_autofree char *expected = write_in_thread (object);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, write_in_thread, object);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autofree char *json = g_thread_join (threads[i]);

      g_assert_cmpstr (json, ==, expected);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resource/every-row-is-explained", test_every_row_is_explained);
  g_test_add_func ("/resource/every-field-has-memory-of-its-own",
                   test_every_field_has_memory_of_its_own);
  g_test_add_func ("/resource/no-name-is-declared-twice", test_no_name_is_declared_twice);
  g_test_add_func ("/resource/every-row-makes-sense", test_every_row_makes_sense);
  g_test_add_func ("/resource/every-target-exists", test_every_target_exists);
  g_test_add_func ("/resource/resources-are-found-by-name-and-prefix",
                   test_resources_are_found_by_name_and_prefix);
  g_test_add_func ("/resource/threads-may-write-at-once", test_threads_may_write_at_once);
  g_test_add_func ("/resource/what-is-kept-is-read-back", test_what_is_kept_is_read_back);
  g_test_add_func ("/resource/a-fresh-object-keeps-nothing", test_a_fresh_object_keeps_nothing);
  g_test_add_func ("/resource/what-is-cut-short-is-refused", test_what_is_cut_short_is_refused);
  g_test_add_func ("/resource/unknown-names-are-skipped", test_unknown_names_are_skipped);
  g_test_add_func ("/resource/an-expanded-id-is-read-as-the-id",
                   test_an_expanded_id_is_read_as_the_id);
  g_test_add_func ("/resource/a-number-of-the-wrong-kind-is-refused",
                   test_a_number_of_the_wrong_kind_is_refused);
  g_test_add_func ("/resource/a-fresh-customer-shows-its-defaults",
                   test_a_fresh_customer_shows_its_defaults);
  g_test_add_func ("/resource/what-is-asked-for-is-shown-whole",
                   test_what_is_asked_for_is_shown_whole);
  g_test_add_func ("/resource/a-list-inside-is-shown-only-when-asked-for",
                   test_a_list_inside_is_shown_only_when_asked_for);
  return g_test_run ();
}
