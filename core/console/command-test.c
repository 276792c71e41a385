/* command-test.c: commands explain themselves, keys are never shared, forms say what they do. */
#include "core/console/keymap.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/id.h"
#include "tests/console/replica-fixture.h"

static const KontorFormat format = { ".", ",", NULL, TRUE };

static void
test_every_command_explains_itself (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (const KontorCommand *command = kontor_commands; command->name != NULL; command++)
    {
      g_assert_true (g_hash_table_add (names, (gpointer) command->name));
      g_assert_nonnull (command->title);
      g_assert_true (g_str_has_suffix (command->help, "."));
      g_assert_cmpuint (command->contexts, !=, 0);
      g_assert_true (kontor_command_find (command->name) == command);
      g_assert_true (command->run == NULL || command->form == NULL);
    }
  g_assert_null (kontor_command_find ("no.such"));
}

static void
test_no_two_commands_share_a_chord (void)
{
  g_autoptr (KontorKeymap) keymap = kontor_keymap_new ();
  g_autofree char *conflict = kontor_keymap_conflict (keymap);

  g_assert_cmpstr (conflict, ==, NULL);
}

static const char *
press (KontorKeymap *keymap, guint context, const char *screen, const char *keys, guint *count)
{
  g_auto (GStrv) list = g_strsplit (keys, " ", -1);
  const KontorCommand *command = NULL;
  KontorKeys answer = KONTOR_KEYS_UNKNOWN;

  for (guint i = 0; list[i] != NULL; i++)
    answer = kontor_keymap_feed (keymap, context, screen, list[i], &command, count);
  return answer == KONTOR_KEYS_COMMAND ? command->name : answer == KONTOR_KEYS_PENDING ? "…" : "?";
}

static void
test_keys_become_commands (void)
{
  static const struct
  {
    guint context;
    const char *screen, *keys, *command;
    guint count;
  } cases[] = {
    { KONTOR_AT_LIST, "payments", "j", "move.down", 0 },
    { KONTOR_AT_LIST, "payments", "1 0 j", "move.down", 10 },
    { KONTOR_AT_LIST, "payments", "g g", "move.first", 0 },
    { KONTOR_AT_LIST, "payments", "g", "…", 0 },
    { KONTOR_AT_LIST, "payments", "g p", "go.payments", 0 },
    { KONTOR_AT_LIST, "payments", "g z", "?", 0 },
    { KONTOR_AT_LIST, "payments", "0", "?", 0 },
    { KONTOR_AT_LIST, "payments", "r", "payment.refund", 0 },
    { KONTOR_AT_LIST, "customers", "r", "?", 0 },
    { KONTOR_AT_LIST, "customers", "e", "customer.edit", 0 },
    { KONTOR_AT_DETAIL, "payments", "J", "view.next", 0 },
    { KONTOR_AT_LIST, "payments", "J", "?", 0 },
  };
  g_autoptr (KontorKeymap) keymap = kontor_keymap_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint count = 0;

      g_assert_cmpstr (press (keymap, cases[i].context, cases[i].screen, cases[i].keys, &count), ==,
                       cases[i].command);
      g_assert_cmpuint (count, ==, cases[i].count);
      g_assert_cmpstr (kontor_keymap_pending (keymap), ==,
                       strcmp (cases[i].command, "…") == 0 ? "g" : "");
      kontor_keymap_forget (keymap);
    }
}

static void
test_people_have_keys_of_their_own (void)
{
  static const struct
  {
    const char *text, *message;
  } bad[] = {
    { "move.down = X\nmove.up = k|X", "“X” is move.down, but “X” already is move.up." },
    { "# mine\n\nmove.dwon = n", "Line 3: there is no command “move.dwon”." },
    { "nonsense", "Line 1: write a command, “ = ” and its keys." },
    { "move.down = g", "“g g” is move.first, but “g” already is move.down." },
  };
  g_autoptr (KontorKeymap) keymap = kontor_keymap_new ();
  g_autofree char *keys = NULL, *none = NULL;
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (kontor_keymap_read (keymap, bad[i].text, &error));
      g_assert_cmpstr (error->message, ==, bad[i].message);
    }
  g_assert_cmpstr (press (keymap, KONTOR_AT_LIST, "payments", "j", &count), ==, "move.down");
  g_assert_true (kontor_keymap_read (keymap, "move.down = x x|Down\nlist.export =\n", NULL));
  g_assert_cmpstr (press (keymap, KONTOR_AT_LIST, "payments", "x x", &count), ==, "move.down");
  g_assert_cmpstr (press (keymap, KONTOR_AT_LIST, "payments", "j", &count), ==, "?");
  keys = kontor_keymap_keys_of (keymap, kontor_command_find ("move.down"));
  none = kontor_keymap_keys_of (keymap, kontor_command_find ("list.export"));
  g_assert_cmpstr (keys, ==, "x x, Down");
  g_assert_cmpstr (none, ==, "");
}

/* ------------------------------------------------------------------------- with a screen -- */

typedef struct
{
  char *dir, *file;
  sqlite3 *db;
  KontorShelf *shelf;
  KontorScreen *screen;
  KontorCall call;
} World;

static void
settle (World *world)
{
  while (kontor_screen_is_busy (world->screen))
    g_main_context_iteration (NULL, TRUE);
}

static World *
world_new (const KontorScreenDeclaration *declaration, const char *line)
{
  World *world = g_new0 (World, 1);

  world->dir = g_dir_make_tmp ("kontor-command-XXXXXX", NULL);
  world->file = g_build_filename (world->dir, "replica", NULL);
  world->db = kontor_sample_new (world->file, 4, 300);
  world->shelf = kontor_shelf_new (world->file);
  world->screen = kontor_screen_new (declaration, world->shelf, &format);
  world->call = (KontorCall){ world->screen, 0, 10, FALSE, TRUE };
  settle (world);
  kontor_screen_set_query (world->screen, line);
  settle (world);
  return world;
}

static void
world_free (World *world)
{
  g_autoptr (GDir) dir = g_dir_open (world->dir, 0, NULL);
  const char *name;

  g_object_unref (world->screen);
  g_object_unref (world->shelf);
  kontor_sample_close (world->db);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (world->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (world->dir);
  g_free (world->file);
  g_free (world->dir);
  g_free (world);
}

static void
run (World *world, const char *name, guint count)
{
  world->call.count = count;
  kontor_command_find (name)->run (&world->call);
}

static void
test_commands_move_and_mark (void)
{
  World *world = world_new (&kontor_payments_screen, "");
  KontorList *list = kontor_screen_list (world->screen);

  run (world, "move.down", 5);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 5);
  run (world, "move.up", 0);
  run (world, "mark.toggle", 0);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 5);
  g_assert_cmpuint (kontor_list_n_marked (list), ==, 1);
  run (world, "move.page-down", 2);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 25);
  run (world, "move.half-up", 0);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 20);
  run (world, "move.half-down", 0);
  run (world, "move.page-up", 100);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 0);
  run (world, "move.last", 0);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 299);
  run (world, "move.first", 12);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 11);
  run (world, "mark.all", 0);
  g_assert_cmpuint (kontor_list_n_marked (list), ==, 300);
  run (world, "mark.none", 0);
  g_assert_nonnull (kontor_command_refuse (kontor_command_find ("mark.none"), &world->call));
  world_free (world);
}

static void
test_what_cannot_be_done_says_why (void)
{
  World *world = world_new (&kontor_payments_screen, "status:failed");
  const KontorCommand *refund = kontor_command_find ("payment.refund");
  const KontorCommand *edit = kontor_command_find ("customer.edit");

  g_assert_cmpstr (kontor_command_refuse (refund, &world->call), ==,
                   "Only a payment that was collected can be refunded.");
  g_assert_cmpstr (kontor_command_refuse (edit, &world->call), ==, "This is for another screen.");
  kontor_screen_set_query (world->screen, "status:succeeded");
  settle (world);
  g_assert_null (kontor_command_refuse (refund, &world->call));
  world->call.read_only = TRUE;
  g_assert_cmpstr (kontor_command_refuse (refund, &world->call), ==, "This console only reads.");
  world->call.is_online = FALSE;
  g_assert_nonnull (kontor_command_refuse (kontor_command_find ("sync.now"), &world->call));
  world_free (world);
}

static void
test_the_palette_finds_by_few_letters (void)
{
  static const char *const cases[][2] = { { "ref", "payment.refund" },
                                          { "quit", "app.quit" },
                                          { "pgd", "move.page-down" },
                                          { "gocu", "go.customers" } };
  World *world = world_new (&kontor_payments_screen, "");
  g_autoptr (GPtrArray) all = kontor_command_palette ("", &world->call);

  g_assert_cmpuint (all->len, >, 40);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) found = kontor_command_palette (cases[i][0], &world->call);

      g_assert_cmpuint (found->len, >, 0);
      g_assert_cmpstr (((const KontorCommand *) found->pdata[0])->name, ==, cases[i][1]);
    }
  g_assert_cmpuint (kontor_command_score ("Refund", "xyz"), ==, 0);
  world_free (world);
}

/* ---------------------------------------------------------------------------------- forms -- */

static KontorForm *
form_at_cursor (World *world, const KontorFormDeclaration *declaration)
{
  return kontor_form_new (declaration, world->screen, &format);
}

/* The only thing that it asks for; %NULL: something is wrong in it. */
static KontorIntent *
submit (KontorForm *form)
{
  g_autoptr (GPtrArray) intents = kontor_form_intents (form);

  if (intents == NULL)
    return NULL;
  g_assert_cmpuint (intents->len, ==, 1);
  return g_ptr_array_steal_index (intents, 0);
}

static void
test_a_refund_says_what_will_happen (void)
{
  static const char *const bad[] = { "", "0", "-5", "1000000", "1.005", "x", "1jpy", "1..2", ">1" };
  World *world = world_new (&kontor_payments_screen, "status:succeeded currency:eur amount:>10");
  g_autoptr (KontorForm) form = form_at_cursor (world, &kontor_refund_form);
  g_autoptr (KontorIntent) intent = NULL;
  g_autofree char *all = g_strdup (kontor_form_value (form, 0)), *preview = NULL, *wrong = NULL;

  g_assert_true (kontor_form_is_complete (form));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      kontor_form_set_value (form, 0, bad[i]);
      g_assert_nonnull (kontor_form_problem (form, 0));
      g_assert_null (submit (form));
    }
  wrong = kontor_form_preview (form);
  g_assert_true (g_str_has_prefix (wrong, "Amount: "));

  kontor_form_set_value (form, 0, "5.25");
  kontor_form_set_value (form, 1, "because");
  g_assert_cmpstr (kontor_form_problem (form, 1), ==, "Choose one of the list.");
  kontor_form_set_value (form, 1, "duplicate");
  preview = kontor_form_preview (form);
  g_assert_true (g_str_has_prefix (preview, "5.25 EUR of "));
  g_assert_nonnull (strstr (preview, all));

  intent = submit (form);
  g_assert_cmpstr (intent->op, ==, "refund.create");
  g_assert_cmpstr (intent->args, ==, "{\"amount\":525,\"reason\":\"duplicate\"}");
  g_assert_cmpint (intent->if_v, ==, 1);
  g_assert_true (g_str_has_prefix (intent->on, "pi_"));
  g_assert_cmpint (intent->class, ==, KONTOR_INTENT_MONEY);
  g_assert_true (kontor_form_declaration (form) == &kontor_refund_form);
  world_free (world);
}

static void
test_an_edit_sends_what_was_changed (void)
{
  World *world = world_new (&kontor_customers_screen, "");
  g_autoptr (KontorForm) form = form_at_cursor (world, &kontor_customer_form);
  g_autoptr (KontorIntent) nothing = submit (form), intent = NULL;

  g_assert_cmpstr (nothing->args, ==, "{}");
  g_assert_nonnull (strchr (kontor_form_value (form, 1), '@'));
  kontor_form_set_value (form, 1, "not a mail address");
  g_assert_nonnull (kontor_form_problem (form, 1));
  kontor_form_set_value (form, 1, "zora@example.com");
  kontor_form_set_value (form, 2, "");
  intent = submit (form);
  g_assert_cmpstr (intent->args, ==, "{\"email\":\"zora@example.com\",\"phone\":\"\"}");
  world_free (world);
}

static void
test_captures_and_cancels_are_forms (void)
{
  World *world = world_new (&kontor_payments_screen, "status:uncaptured");
  g_autoptr (KontorForm) capture = form_at_cursor (world, &kontor_capture_form);
  g_autoptr (KontorForm) cancel = form_at_cursor (world, &kontor_cancel_form);
  g_autofree char *preview = kontor_form_preview (cancel),
                  *captured = kontor_form_preview (capture);
  g_autoptr (KontorIntent) intent = submit (cancel);

  g_assert_true (kontor_form_is_complete (capture));
  g_assert_true (g_str_has_suffix (captured, "the rest is released."));
  g_assert_cmpstr (preview, ==, "The payment ends, and what is authorized is released.");
  g_assert_cmpstr (intent->args, ==, "{}");
  world_free (world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command/every-command-explains-itself", test_every_command_explains_itself);
  g_test_add_func ("/command/no-two-commands-share-a-chord", test_no_two_commands_share_a_chord);
  g_test_add_func ("/command/keys-become-commands", test_keys_become_commands);
  g_test_add_func ("/command/people-have-keys-of-their-own", test_people_have_keys_of_their_own);
  g_test_add_func ("/command/commands-move-and-mark", test_commands_move_and_mark);
  g_test_add_func ("/command/what-cannot-be-done-says-why", test_what_cannot_be_done_says_why);
  g_test_add_func ("/command/the-palette-finds-by-few-letters",
                   test_the_palette_finds_by_few_letters);
  g_test_add_func ("/form/a-refund-says-what-will-happen", test_a_refund_says_what_will_happen);
  g_test_add_func ("/form/an-edit-sends-what-was-changed", test_an_edit_sends_what_was_changed);
  g_test_add_func ("/form/captures-and-cancels-are-forms", test_captures_and_cancels_are_forms);
  return g_test_run ();
}
