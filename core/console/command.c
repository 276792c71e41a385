/* command.c: everything that a person can have done. */
#include "core/console/command.h"

#include <string.h>

#include "core/console/compare.h"
#include "core/console/screens/actions.h"
#include "core/console/text.h"

static guint
n_rows (const KontorCall *call)
{
  return g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (call->screen)));
}

/* ------------------------------------------------------------------------------------ when -- */

static const char *
when_row (const KontorCall *call)
{
  return n_rows (call) > 0 ? NULL : _ ("The list is empty.");
}

static const char *
when_marked (const KontorCall *call)
{
  return kontor_list_n_marked (kontor_screen_list (call->screen)) > 0 ? NULL
                                                                      : _ ("Nothing is marked.");
}

static const char *
when_comparable (const KontorCall *call)
{
  gint64 keys[2];

  return kontor_compare_choose (call->screen, keys);
}

static const char *
when_writable (const KontorCall *call)
{
  if (call->read_only)
    return _ ("This console only reads.");
  return when_row (call);
}

static const char *
when_not_read_only (const KontorCall *call)
{
  return call->read_only ? _ ("This console only reads.") : NULL;
}

static const char *
when_status (const KontorCall *call, const char *const *statuses, const char *otherwise)
{
  const KontorColumn *column = kontor_screen_declaration (call->screen)->columns;
  g_autofree char *status = NULL;

  if (when_writable (call) != NULL)
    return when_writable (call);
  while (strcmp (column->name, "status") != 0)
    column++;
  status = kontor_screen_cell (call->screen, column, kontor_screen_cursor (call->screen));
  return g_strv_contains (statuses, status) ? NULL : otherwise;
}

static const char *
when_refundable (const KontorCall *call)
{
  static const char *const statuses[] = { "succeeded", "partially_refunded", NULL };

  return when_status (call, statuses, _ ("Only a payment that was collected can be refunded."));
}

static const char *
when_capturable (const KontorCall *call)
{
  static const char *const statuses[] = { "uncaptured", NULL };

  return when_status (call, statuses, _ ("Only an authorized payment can be captured."));
}

static const char *
when_cancelable (const KontorCall *call)
{
  static const char *const statuses[]
      = { "uncaptured", "requires_action", "incomplete", "failed", NULL };

  return when_status (call, statuses, _ ("This payment cannot be canceled any more."));
}

static const char *
when_online (const KontorCall *call)
{
  return call->is_online ? NULL : _ ("This needs the server, which is not reached now.");
}

/* Something new needs no row. */
static const char *
when_online_writable (const KontorCall *call)
{
  return call->read_only ? _ ("This console only reads.") : when_online (call);
}

static const char *
when_online_row (const KontorCall *call)
{
  return when_writable (call) != NULL ? when_writable (call) : when_online (call);
}

static const char *
when_enabled (const KontorCall *call)
{
  static const char *const statuses[] = { "enabled", "failing", NULL };

  return when_status (call, statuses, _ ("Nothing is sent to it now."));
}

static const char *
when_disabled (const KontorCall *call)
{
  static const char *const statuses[] = { "disabled", NULL };

  return when_status (call, statuses, _ ("Events are sent to it now."));
}

/* ------------------------------------------------------------------------------------- run -- */

static void
move (const KontorCall *call, gint64 by)
{
  gint64 position = kontor_screen_cursor (call->screen) + by * (gint64) MAX (call->count, 1);

  kontor_screen_set_cursor (call->screen, (guint) CLAMP (position, 0, G_MAXUINT - 1));
}

static void
run_down (const KontorCall *call)
{
  move (call, 1);
}

static void
run_up (const KontorCall *call)
{
  move (call, -1);
}

static void
run_page_down (const KontorCall *call)
{
  move (call, MAX (call->page, 1));
}

static void
run_page_up (const KontorCall *call)
{
  move (call, -(gint64) MAX (call->page, 1));
}

static void
run_half_down (const KontorCall *call)
{
  move (call, MAX (call->page / 2, 1));
}

static void
run_half_up (const KontorCall *call)
{
  move (call, -(gint64) MAX (call->page / 2, 1));
}

static void
run_first (const KontorCall *call)
{
  kontor_screen_set_cursor (call->screen, call->count > 0 ? call->count - 1 : 0);
}

static void
run_last (const KontorCall *call)
{
  kontor_screen_set_cursor (call->screen, call->count > 0 ? call->count - 1 : G_MAXUINT);
}

static void
run_mark (const KontorCall *call)
{
  KontorList *list = kontor_screen_list (call->screen);
  guint cursor = kontor_screen_cursor (call->screen);
  gint64 key = kontor_list_key (list, cursor);

  kontor_list_mark (list, key, !kontor_list_is_marked (list, key));
  kontor_screen_set_cursor (call->screen, cursor + 1);
}

static void
run_mark_all (const KontorCall *call)
{
  kontor_list_mark_all (kontor_screen_list (call->screen));
}

static void
run_unmark (const KontorCall *call)
{
  kontor_list_unmark_all (kontor_screen_list (call->screen));
}

static void
run_clear (const KontorCall *call)
{
  kontor_screen_set_query (call->screen, "");
}

/* ------------------------------------------------------------------------------- the table -- */

#define ALL KONTOR_EVERYWHERE
#define LIST KONTOR_AT_LIST
#define DETAIL KONTOR_AT_DETAIL

const KontorCommand kontor_commands[] = {
  { "move.down", N_ ("Down"), N_ ("Goes to the next row; a number before it says how many."), ALL,
    "j|Down", .when = when_row, .run = run_down },
  { "move.up", N_ ("Up"), N_ ("Goes to the row above."), ALL, "k|Up", .when = when_row,
    .run = run_up },
  { "move.page-down", N_ ("Page down"), N_ ("Goes down by as many rows as are shown."), ALL, "PgDn",
    .when = when_row, .run = run_page_down },
  { "move.page-up", N_ ("Page up"), N_ ("Goes up by as many rows as are shown."), ALL, "PgUp",
    .when = when_row, .run = run_page_up },
  { "move.half-down", N_ ("Half a page down"), N_ ("Goes down by half of what is shown."), ALL,
    "Ctrl-d", .when = when_row, .run = run_half_down },
  { "move.half-up", N_ ("Half a page up"), N_ ("Goes up by half of what is shown."), ALL, "Ctrl-u",
    .when = when_row, .run = run_half_up },
  { "move.first", N_ ("First row"), N_ ("Goes to the top, or to the row of that number."), ALL,
    "g g|Home", .when = when_row, .run = run_first },
  { "move.last", N_ ("Last row"), N_ ("Goes to the end, or to the row of that number."), ALL,
    "G|End", .when = when_row, .run = run_last },
  { "move.left", N_ ("Columns to the left"), N_ ("Shows the columns before."), ALL, "h|Left" },
  { "move.right", N_ ("Columns to the right"), N_ ("Shows the columns behind these."), ALL,
    "l|Right" },
  { "pane.next", N_ ("Next pane"), N_ ("Goes to the next part of the window."), ALL, "Tab" },
  { "pane.previous", N_ ("Previous pane"), N_ ("Goes to the part of the window before."), ALL,
    "Shift-Tab" },
  { "pane.zoom", N_ ("Zoom"), N_ ("Gives this pane all the room, or takes it back."), ALL, "z" },
  { "pane.reset", N_ ("Reset the layout"), N_ ("Gives every pane and column its own width."), ALL,
    "=" },
  { "view.open", N_ ("Open"), N_ ("Shows all there is to say of this row."), ALL, "Enter",
    .when = when_row },
  { "view.back", N_ ("Back"), N_ ("Goes one step back, and nothing is done."), ALL,
    "Esc|q|Backspace" },
  { "view.earlier", N_ ("Earlier place"), N_ ("Goes to where you were before."), ALL, "[" },
  { "view.later", N_ ("Later place"), N_ ("Goes to where you were afterwards."), ALL, "]" },
  { "view.next", N_ ("Next object"), N_ ("Shows the next row while the detail is open."), DETAIL,
    "J", .when = when_row, .run = run_down },
  { "view.section", N_ ("Section"), N_ ("Goes to the section of that number."), DETAIL,
    "1|2|3|4|5|6|7|8|9", .when = when_row },
  { "view.previous", N_ ("Previous object"), N_ ("Shows the row above while the detail is open."),
    DETAIL, "K", .when = when_row, .run = run_up },
  { "view.repaint", N_ ("Repaint"), N_ ("Draws everything anew."), ALL, "Ctrl-l" },
  { "find.search", N_ ("Search"), N_ ("Finds rows as you type words and conditions."), ALL, "/" },
  { "find.next", N_ ("Next hit"), N_ ("Goes to the next place in the detail that has the word."),
    DETAIL, "n" },
  { "find.previous", N_ ("Previous hit"), N_ ("Goes to the place before that has the word."),
    DETAIL, "N" },
  { "find.facets", N_ ("Narrow"), N_ ("Counts the rows by a column's words, to choose from."), LIST,
    "f" },
  { "find.clear", N_ ("Show all"), N_ ("Takes back what was searched for."), LIST, "F",
    .run = run_clear },
  { "find.sort", N_ ("Sort"), N_ ("Sorts the list by a column."), LIST, "s" },
  { "find.views", N_ ("Views"), N_ ("Shows a saved search, or saves this one."), LIST, "v" },
  { "find.columns", N_ ("Columns"), N_ ("Chooses which columns are shown."), LIST, "c" },
  { "mark.toggle", N_ ("Mark"), N_ ("Marks this row or takes its mark back, and goes on."), LIST,
    "Space", .when = when_row, .run = run_mark },
  { "mark.range", N_ ("Mark a range"), N_ ("Marks all rows from here to where you go."), LIST, "V",
    .when = when_row },
  { "mark.all", N_ ("Mark all"), N_ ("Marks every row that is shown."), LIST, "*", .when = when_row,
    .run = run_mark_all },
  { "mark.none", N_ ("Unmark"), N_ ("Takes back all marks."), LIST, "u", .when = when_marked,
    .run = run_unmark },
  { "object.actions", N_ ("Actions"), N_ ("Lists what can be done with this."), ALL, "a",
    .when = when_row },
  { "object.copy", N_ ("Copy"), N_ ("Copies the id, the JSON, a link or a curl command."), ALL, "y",
    .when = when_row },
  { "object.diff", N_ ("Compare"), N_ ("Shows this and the marked one side by side."), ALL, "D",
    .when = when_comparable },
  { "object.print", N_ ("Print"), N_ ("Prints this, or writes a PDF."), ALL, "P",
    .when = when_row },
  { "list.export", N_ ("Export"), N_ ("Writes exactly the rows shown to a CSV or JSON file."), ALL,
    "x", .when = when_row },
  { "payment.refund", N_ ("Refund…"), N_ ("Gives all or a part of the money back."), ALL, "r",
    "payments", .when = when_refundable, .form = &kontor_refund_form, .scope = "refunds_write" },
  { "payment.capture", N_ ("Capture…"), N_ ("Takes the money that is authorized."), ALL, NULL,
    "payments", .when = when_capturable, .form = &kontor_capture_form,
    .scope = "payment_intents_write" },
  { "payment.cancel", N_ ("Cancel…"), N_ ("Ends a payment that was not collected."), ALL, NULL,
    "payments", .when = when_cancelable, .form = &kontor_cancel_form,
    .scope = "payment_intents_write" },
  { "customer.edit", N_ ("Edit…"), N_ ("Changes what is known of a customer."), ALL, "e",
    "customers", .when = when_writable, .form = &kontor_customer_form, .scope = "customers_write" },
  { "customer.create", N_ ("New customer…"), N_ ("Makes a customer."), ALL, NULL, "customers",
    .when = when_not_read_only, .form = &kontor_new_customer_form, .scope = "customers_write" },
  { "customer.delete", N_ ("Delete…"), N_ ("Deletes a customer for good; payments stay."), ALL,
    NULL, "customers", .when = when_writable, .form = &kontor_delete_customer_form,
    .scope = "customers_write" },
  { "customer.note", N_ ("Add a note…"), N_ ("Writes something down about this customer."), ALL,
    "+", "customers", .when = when_writable, .form = &kontor_note_form,
    .scope = "customers_write" },
  { "payment.note", N_ ("Add a note…"), N_ ("Writes something down about this payment."), ALL, "+",
    "payments", .when = when_writable, .form = &kontor_note_form },
  { "key.create", N_ ("Make an API key…"), N_ ("Makes a key, which is shown once."), ALL, NULL,
    "keys", .when = when_online_writable, .form = &kontor_key_create_form, .scope = "keys_write" },
  { "key.roll", N_ ("Roll the API key…"), N_ ("Gives programs a new key in the place of this one."),
    ALL, NULL, "keys", .when = when_online_row, .form = &kontor_key_roll_form,
    .scope = "keys_write" },
  { "key.delete", N_ ("Delete the API key…"), N_ ("Refuses programs that use it."), ALL, NULL,
    "keys", .when = when_online_row, .form = &kontor_key_delete_form, .scope = "keys_write" },
  { "team.invite", N_ ("Invite somebody…"), N_ ("Lets somebody sign in, in a role."), ALL, NULL,
    "team", .when = when_online_writable, .form = &kontor_invite_form },
  { "team.role", N_ ("Give another role…"), N_ ("Changes what somebody may do."), ALL, "e", "team",
    .when = when_online_row, .form = &kontor_role_form },
  { "team.disable", N_ ("Disable…"), N_ ("Lets somebody sign in no more, at once."), ALL, NULL,
    "team", .when = when_online_row, .form = &kontor_disable_form },
  { "team.enable", N_ ("Enable…"), N_ ("Lets somebody sign in again."), ALL, NULL, "team",
    .when = when_online_row, .form = &kontor_enable_form },
  { "team.reset", N_ ("Reset the password…"), N_ ("Gives somebody a way to set a new password."),
    ALL, NULL, "team", .when = when_online_row, .form = &kontor_reset_form },
  { "webhook.resend", N_ ("Send again…"), N_ ("Sends this, or all that are marked, once more."),
    ALL, "r", "attempts", .when = when_writable, .form = &kontor_resend_form,
    .scope = "webhook_endpoints_write" },
  { "webhook.cancel", N_ ("Do not try again…"), N_ ("Stops trying to send this."), ALL, NULL,
    "attempts", .when = when_writable, .form = &kontor_cancel_delivery_form,
    .scope = "webhook_endpoints_write" },
  { "endpoint.resend", N_ ("Send again what failed…"), N_ ("Sends once more what failed here."),
    ALL, "r", "webhooks", .when = when_enabled, .form = &kontor_resend_failed_form,
    .scope = "webhook_endpoints_write" },
  { "endpoint.edit", N_ ("Edit…"), N_ ("Changes where events are sent, and which."), ALL, "e",
    "webhooks", .when = when_writable, .form = &kontor_endpoint_form,
    .scope = "webhook_endpoints_write" },
  { "endpoint.test", N_ ("Send a test event…"), N_ ("Shows how the endpoint takes an event."), ALL,
    NULL, "webhooks", .when = when_online_row, .form = &kontor_test_form,
    .scope = "webhook_endpoints_write" },
  { "endpoint.disable", N_ ("Disable…"), N_ ("Sends nothing to it any more."), ALL, NULL,
    "webhooks", .when = when_enabled, .form = &kontor_endpoint_disable_form,
    .scope = "webhook_endpoints_write" },
  { "endpoint.enable", N_ ("Enable…"), N_ ("Sends events to it again."), ALL, NULL, "webhooks",
    .when = when_disabled, .form = &kontor_endpoint_enable_form,
    .scope = "webhook_endpoints_write" },
  { "endpoint.roll", N_ ("Roll the secret…"), N_ ("Makes a new secret, and shows it once."), ALL,
    NULL, "webhooks", .when = when_online_row, .form = &kontor_roll_form,
    .scope = "webhook_endpoints_write" },
  { "queue.change", N_ ("Change…"),
    N_ ("Wants something else in its place; this resolves a conflict, too."), ALL, "e", "queue",
    .when = kontor_queue_can_change, .form = &kontor_queue_change_form },
  { "queue.confirm", N_ ("Still wanted"), N_ ("Sends what asks whether it is still wanted."), ALL,
    "o", "queue", .when = kontor_queue_can_confirm, .run = kontor_queue_confirm },
  { "queue.retry", N_ ("Try again"), N_ ("Wants once more what was not done."), ALL, "r", "queue",
    .when = kontor_queue_can_retry, .run = kontor_queue_retry },
  { "queue.discard", N_ ("Discard"), N_ ("Forgets what was not done; nothing is sent."), ALL, "d",
    "queue", .when = kontor_queue_can_discard, .run = kontor_queue_discard },
  { "queue.undo", N_ ("Undo"), N_ ("Takes back the newest action that was not sent yet."), ALL,
    "Ctrl-z", .when = kontor_queue_can_undo, .run = kontor_queue_undo },
  { "sync.tail", N_ ("Live tail"), N_ ("Follows what happens; going down pauses it."), ALL, "t",
    .when = when_online },
  { "sync.now", N_ ("Sync now"), N_ ("Asks the server at once for what is new."), ALL, "R",
    .when = when_online },
  { "sync.verify", N_ ("Check the copy"),
    N_ ("Compares the copy with the server, and mends what is wrong in it."), ALL, NULL },
  { "go.payments", N_ ("Payments"), N_ ("Shows all payments."), ALL, "g p" },
  { "go.customers", N_ ("Customers"), N_ ("Shows all customers."), ALL, "g c" },
  { "go.overview", N_ ("Overview"), N_ ("Shows what needs attention."), ALL, "g o" },
  { "go.webhooks", N_ ("Webhooks"), N_ ("Shows where events are sent, and how that goes."), ALL,
    "g w" },
  { "go.attempts", N_ ("Attempts"), N_ ("Shows what was sent to webhooks, and answered."), ALL,
    "g a" },
  { "go.events", N_ ("Events"), N_ ("Shows what happened, in order."), ALL, "g e" },
  { "go.balance", N_ ("Balance"), N_ ("Shows the balance and what moved it."), ALL, "g b" },
  { "go.log", N_ ("Log"), N_ ("Shows the requests to the API."), ALL, "g l" },
  { "go.audit", N_ ("Audit"), N_ ("Shows who did what, and who was not let."), ALL, "g L",
    .scope = "audit_read" },
  { "go.keys", N_ ("API keys"), N_ ("Shows the keys that programs use."), ALL, "g k",
    .scope = "keys_read" },
  { "go.team", N_ ("Team"), N_ ("Shows who may sign in, and as what."), ALL, "g t" },
  { "go.queue", N_ ("Queue"), N_ ("Shows what waits to be sent."), ALL, "g q" },
  { "go.preferences", N_ ("Preferences"), N_ ("Shows what can be set, and how it is."), ALL,
    "g ," },
  { "setting.change", N_ ("Change…"), N_ ("Gives a setting another value."), ALL, "e",
    "preferences", .when = when_row },
  { "app.account", N_ ("Account…"), N_ ("Goes on with another account, server or mode."), ALL },
  { "app.palette", N_ ("Commands"), N_ ("Finds any command by a few letters of its name."), ALL,
    ":|Ctrl-k" },
  { "app.keys", N_ ("Keys"), N_ ("Lists the keys that work here; type to narrow the list."), ALL,
    "?" },
  { "app.about", N_ ("About"), N_ ("Says which program and server this is."), ALL, "g ?" },
  { "app.quit", N_ ("Quit"), N_ ("Ends the console; asks when something waits to be sent."), ALL,
    "Q" },
  { NULL },
};

/**
 * kontor_command_find:
 * @name: of a command
 *
 * Returns: (nullable): the command, or %NULL when there is none of this name
 */
const KontorCommand *
kontor_command_find (const char *name)
{
  for (const KontorCommand *command = kontor_commands; command->name != NULL; command++)
    if (strcmp (command->name, name) == 0)
      return command;
  return NULL;
}

/**
 * kontor_command_refuse:
 * @command: a command
 * @call: what it would be called with
 *
 * Returns: (nullable): %NULL when it can be done now; else a translated sentence that says why not
 */
const char *
kontor_command_refuse (const KontorCommand *command, const KontorCall *call)
{
  if (command->screen != NULL
      && strcmp (command->screen, kontor_screen_declaration (call->screen)->name) != 0)
    return _ ("This is for another screen.");
  if (call->desk != NULL && !kontor_desk_may (call->desk, command->scope))
    return _ ("Your role, or this key, may not do that.");
  return command->when != NULL ? command->when (call) : NULL;
}

/**
 * kontor_command_score:
 * @text: a title or a name
 * @typed: a few letters
 *
 * All of the letters must occur in their order; the nearer to the beginnings of words and to each
 * other, the better.
 *
 * Returns: 0 when they do not occur; else the larger the better
 */
guint
kontor_command_score (const char *text, const char *typed)
{
  g_autofree char *folded = kontor_find_fold (text, -1), *wanted = kontor_find_fold (typed, -1);
  guint score = 1, run = 0;
  gboolean at_word = TRUE;
  const char *want = wanted;

  for (const char *c = folded; *c != '\0' && *want != '\0'; c++)
    {
      if (*c == *want)
        {
          score += 2 + 3 * run++ + (at_word ? 6 : 0) + (c == folded ? 4 : 0);
          want++;
        }
      else
        run = 0;
      at_word = !g_ascii_isalnum (*c) && (guchar) *c < 0x80;
    }
  return *want == '\0' ? score : 0;
}

typedef struct
{
  const KontorCommand *command;
  guint score;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *left = a, *right = b;

  if (left->score != right->score)
    return left->score < right->score ? 1 : -1;
  return left->command < right->command ? -1 : 1;
}

/**
 * kontor_command_palette:
 * @typed: a few letters; "" for all
 * @call: what commands would be called with
 *
 * Commands of other screens are left out; those that cannot be done now are there, and the view
 * shows why not.
 *
 * Returns: (transfer full) (element-type KontorCommand): what fits, best first
 */
GPtrArray *
kontor_command_palette (const char *typed, const KontorCall *call)
{
  g_autoptr (GArray) ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  GPtrArray *palette = g_ptr_array_new ();
  const char *screen = kontor_screen_declaration (call->screen)->name;

  for (const KontorCommand *command = kontor_commands; command->name != NULL; command++)
    {
      guint by_title = kontor_command_score (_ (command->title), typed);
      Ranked row = { command, MAX (by_title * 2, kontor_command_score (command->name, typed)) };

      if (row.score > 0 && (command->screen == NULL || strcmp (command->screen, screen) == 0))
        g_array_append_val (ranked, row);
    }
  g_array_sort (ranked, compare_ranked);
  for (guint i = 0; i < ranked->len; i++)
    g_ptr_array_add (palette, (gpointer) g_array_index (ranked, Ranked, i).command);
  return palette;
}
