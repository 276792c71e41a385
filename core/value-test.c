/* value-test.c: that children are kept in order and found by their whole name. */
#include "core/value.h"

static void
test_children_keep_their_order (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorValue *list = kontor_value_new (arena, KONTOR_VALUE_ARRAY);
  KontorValue *first = kontor_value_append (arena, list, NULL, KONTOR_VALUE_STRING);
  KontorValue *second = kontor_value_append (arena, list, NULL, KONTOR_VALUE_OBJECT);

  g_assert_true (list->first == first && first->next == second && list->last == second);
  g_assert_cmpuint (list->n_children, ==, 2);
  g_assert_null (second->next);
}

static void
test_children_are_found_by_name (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorValue *object = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
  KontorValue *amount = kontor_value_append (arena, object, "amount", KONTOR_VALUE_NUMBER);
  KontorValue *unnamed = kontor_value_append (arena, object, "", KONTOR_VALUE_NULL);

  g_assert_true (kontor_value_get (object, "amount") == amount);
  g_assert_true (kontor_value_get (object, "") == unnamed);
  g_assert_null (kontor_value_get (object, "amoun"));
  g_assert_null (kontor_value_get (object, "amount_due"));
  g_assert_null (kontor_value_get (amount, "amount"));
  g_assert_null (kontor_value_get (NULL, "amount"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/children-keep-their-order", test_children_keep_their_order);
  g_test_add_func ("/value/children-are-found-by-name", test_children_are_found_by_name);
  return g_test_run ();
}
