/* people.c: the commands of kontord about people.
 *
 * They work while the server runs, which believes for two seconds what it knows of a session. Who may run them may
 * read the database, and so everything: they act as an owner. */
#include "server/people.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "server/engine/user.h"
#include "server/home.h"
#include "server/http/key.h"
#include "server/http/password.h"
#include "server/options.h"
#include "server/store/account.h"
#include "server/store/key-file.h"
#include "server/tools.h"

#define LONGEST_LINE 1024

/* What every one of these commands works with. */
typedef struct
{
  KontorArena  *arena;
  KontorStore  *store;
  KontorClock   clock;
  KontorIds    *ids;
  guint8        hash_key[KONTOR_KEY_BYTES];
  GError       *failure;
  KontorUserAct act;
  const char   *printed;  /* instead of the id; %NULL: the id */
} Work;

static gboolean
open_home (Work *work, const char *data_dir, GError **error)
{
  work->arena = kontor_arena_new ();
  work->ids = kontor_ids_new (&work->clock, NULL);
  if (!kontor_home_make (data_dir, error)
      || !kontor_key_file_load (data_dir, KONTOR_HASH_KEY, work->hash_key, error)
      || (work->store = kontor_store_open (data_dir, TRUE, error)) == NULL
      || !kontor_store_migrate (work->store, error))
    return FALSE;
  work->act = (KontorUserAct){
    .store = work->store,
    .arena = work->arena,
    .now = kontor_clock_now (&work->clock),
    .account = 1,
    .acting = KONTOR_ROLE_OWNER,
    .failure = &work->failure,
  };
  return TRUE;
}

static void
end (Work *work)
{
  g_clear_pointer (&work->store, kontor_store_close);
  g_clear_pointer (&work->ids, kontor_ids_free);
  g_clear_pointer (&work->arena, kontor_arena_free);
  g_clear_error (&work->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, end)

static gboolean wrong (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
wrong (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (
      error, g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, format, arguments));
  va_end (arguments);
  return FALSE;
}

/* What the rules refused, or the database. */
static gboolean
refused (Work *work, const KontorError *refusal, GError **error)
{
  if (work->failure != NULL)
    g_propagate_error (error, g_steal_pointer (&work->failure));
  else
    wrong (error, "%s", refusal->message);
  return FALSE;
}

static gboolean
choose_account (Work *work, const char *id, GError **error)
{
  gboolean found = TRUE;

  if (id != NULL
      && !kontor_store_account_number (work->store, id, &work->act.account, &found, error))
    return FALSE;
  return found || wrong (error, "there is no account %s", id);
}

static gboolean
find_user (Work *work, const char *email, KontorUserRow *row, GError **error)
{
  gboolean found;

  if (!kontor_store_user_by_email (work->store, work->arena, kontor_user_email (work->arena, email),
                                   row, &found, error))
    return FALSE;
  return found || wrong (error, "there is nobody with the address %s", email);
}

static gboolean
read_line (char line[LONGEST_LINE], GError **error)
{
  if (fgets (line, LONGEST_LINE, stdin) == NULL)
    return wrong (error, "no password came");
  line[strcspn (line, "\r\n")] = '\0';
  if (!g_utf8_validate (line, -1, NULL))
    return wrong (error, "the password is not valid UTF-8");
  return TRUE;
}

static gboolean
ask (const char *question, char line[LONGEST_LINE], GError **error)
{
  struct termios before, silent;
  gboolean got;

  if (tcgetattr (STDIN_FILENO, &before) != 0)
    return wrong (error,
                  "this is no terminal: give the password on standard input with --password-stdin");
  silent = before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  fputs (question, stderr);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  got = read_line (line, error);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  fputc ('\n', stderr);
  return got;
}

static gboolean
ask_twice (char line[LONGEST_LINE], GError **error)
{
  char again[LONGEST_LINE];

  if (!ask ("Password: ", line, error) || !ask ("Once more: ", again, error))
    return FALSE;
  return g_str_equal (line, again) || wrong (error, "these were two different passwords");
}

/* The hash of what was typed. */
static const char *
read_password (KontorArena *arena, const char *email, gboolean from_stdin, GError **error)
{
  char line[LONGEST_LINE];
  KontorError refusal = { 0 };
  const char *hash;

  if (from_stdin ? !read_line (line, error) : !ask_twice (line, error))
    return NULL;
  if (!kontor_password_fits (line, email, NULL, &refusal))
    {
      wrong (error, "%s", refusal.message);
      return NULL;
    }
  hash = kontor_password_hash (arena, line);
  explicit_bzero (line, sizeof line);
  if (hash == NULL)
    wrong (error, "there is not enough memory to hash a password");
  return hash;
}

enum
{
  DATA_DIR,
  EMAIL,
  NAME,
  ROLE,
  ACCOUNT,
  PASSWORD_STDIN,
  N_OPTIONS
};

static gboolean
invite (Work *work,
        const KontorOption *options,
        const char *email,
        const char *hash,
        KontorUserRow *row,
        GError **error)
{
  const char *name = options[NAME].value != NULL ? options[NAME].value : email;
  int role = options[ROLE].value != NULL ? kontor_role_number (options[ROLE].value)
                                         : KONTOR_ROLE_OWNER;
  KontorError refusal = { 0 };
  const char *summary;
  gboolean is_new;

  if (!kontor_store_begin (work->store, error))
    return FALSE;
  if (!kontor_user_invite (&work->act, work->ids, email, name, role, NULL, row, &is_new, &refusal)
      || (is_new && !kontor_user_set_password (&work->act, row, hash)))
    return refused (work, &refusal, error);
  summary = kontor_arena_printf (work->arena, "{\"role\":\"%s\"}", row->role);
  return kontor_home_note (work->store, work->act.account << 1, "user.create", row->id, summary,
                           error)
         && kontor_store_commit (work->store, error);
}

/* Nobody waits for the database while somebody types. */
static gboolean
create (const KontorOption *options, GError **error)
{
  g_auto (Work) work = { 0 };
  const char *role = options[ROLE].value, *email, *hash;
  KontorUserRow row;

  if (role != NULL && kontor_role_number (role) < 0)
    return wrong (error, "--role %s: must be owner, admin, developer, analyst or support", role);
  if (strchr (options[EMAIL].value, '@') == NULL)
    return wrong (error, "--email %s: is no address", options[EMAIL].value);
  if (!open_home (&work, options[DATA_DIR].value, error)
      || !choose_account (&work, options[ACCOUNT].value, error))
    return FALSE;
  email = kontor_user_email (work.arena, options[EMAIL].value);
  hash = read_password (work.arena, email, options[PASSWORD_STDIN].value != NULL, error);
  if (hash == NULL || !invite (&work, options, email, hash, &row, error))
    return FALSE;
  puts (row.id);
  return TRUE;
}

/**
 * kontor_user_tool_create:
 * @arguments: what stands after "user create"
 *
 * Prints the id of a new person alone on stdout; asks for their password on the terminal, or takes it from stdin.
 * Somebody known becomes a member of one more account and keeps their password.
 *
 * Returns: the exit code
 */
int
kontor_user_tool_create (char **arguments)
{
  KontorOption options[N_OPTIONS + 1] = {
    [DATA_DIR] = { "data-dir", NULL, TRUE },
    [EMAIL] = { "email", NULL, TRUE },
    [NAME] = { "name" },
    [ROLE] = { "role" },
    [ACCOUNT] = { "account" },
    [PASSWORD_STDIN] = { .name = "password-stdin", .is_switch = TRUE },
  };
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, NULL, &error)
      && create (options, &error))
    return 0;
  return kontor_tell (error);
}

static const char *
roles_of (Work *work, gint64 user, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorMembershipRow));
  g_autoptr (GString) text = g_string_new (NULL);

  if (!kontor_store_membership_list (work->store, work->arena, user, rows, error))
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "",
                            g_array_index (rows, KontorMembershipRow, i).account_id,
                            g_array_index (rows, KontorMembershipRow, i).role);
  return kontor_arena_strdup (work->arena, text->str);
}

static gboolean
list (const char *data_dir, GError **error)
{
  g_auto (Work) work = { 0 };
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorUserRow));

  if (!open_home (&work, data_dir, error)
      || !kontor_store_user_list (work.store, work.arena, 0, 0, G_MAXINT32, rows, error))
    return FALSE;
  for (guint i = rows->len; i > 0; i--)
    {
      const KontorUserRow *row = &g_array_index (rows, KontorUserRow, i - 1);
      const char *roles = roles_of (&work, row->key, error);

      if (roles == NULL)
        return FALSE;
      printf ("%s\t%s\t%s\t%s\t%s\n", row->id, row->email, row->name,
              row->disabled != 0        ? "disabled"
              : row->password == NULL   ? "invited"
              : row->totp.bytes != NULL ? "two factors"
                                        : "password",
              roles);
    }
  return TRUE;
}

/**
 * kontor_user_tool_list:
 * @arguments: what stands after "user list"
 *
 * Prints a line for each person: id, address, name, how they sign in, and their roles, with tabs between them.
 *
 * Returns: the exit code
 */
int
kontor_user_tool_list (char **arguments)
{
  KontorOption options[] = { { "data-dir", NULL, TRUE }, { NULL } };
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, NULL, &error)
      && list (options[0].value, &error))
    return 0;
  return kontor_tell (error);
}

/* One change of one person, named by their address. */
static int
change (char **arguments,
        const char *action,
        gboolean (*act) (Work *work, KontorUserRow *row, KontorError *refusal))
{
  KontorOption options[] = { { "data-dir", NULL, TRUE }, { "email", NULL, TRUE }, { NULL } };
  g_auto (Work) work = { 0 };
  KontorError refusal = { 0 };
  GError *error = NULL;
  KontorUserRow row;

  if (kontor_options_read (arguments, options, NULL, NULL, NULL, &error)
      && open_home (&work, options[0].value, &error) && kontor_store_begin (work.store, &error)
      && find_user (&work, options[1].value, &row, &error)
      && (act (&work, &row, &refusal) || refused (&work, &refusal, &error))
      && kontor_home_note (work.store, 0, action, row.id, "{}", &error)
      && kontor_store_commit (work.store, &error))
    {
      puts (work.printed != NULL ? work.printed : row.id);
      return 0;
    }
  return kontor_tell (error);
}

static gboolean
disable (Work *work, KontorUserRow *row, KontorError *refusal)
{
  return kontor_user_set_disabled (&work->act, row, TRUE, refusal);
}

static gboolean
enable (Work *work, KontorUserRow *row, KontorError *refusal)
{
  return kontor_user_set_disabled (&work->act, row, FALSE, refusal);
}

static gboolean
reset (Work *work, KontorUserRow *row, KontorError *refusal)
{
  guint8 *hash = kontor_arena_alloc (work->arena, 32);

  work->printed = kontor_token_make (work->arena, work->hash_key, KONTOR_INVITATION_TOKEN, hash);
  return kontor_user_reset (&work->act, row, hash, refusal);
}

/**
 * kontor_user_tool_disable:
 * @arguments: what stands after "user disable"
 *
 * Lets somebody sign in no more and ends their sessions.
 *
 * Returns: the exit code
 */
int
kontor_user_tool_disable (char **arguments)
{
  return change (arguments, "user.disable", disable);
}

/**
 * kontor_user_tool_enable:
 * @arguments: what stands after "user enable"
 *
 * Lets somebody sign in again.
 *
 * Returns: the exit code
 */
int
kontor_user_tool_enable (char **arguments)
{
  return change (arguments, "user.enable", enable);
}

/**
 * kontor_user_tool_reset:
 * @arguments: what stands after "user reset"
 *
 * Takes password and second factor from somebody, and prints the token with which they set a new password.
 *
 * Returns: the exit code
 */
int
kontor_user_tool_reset (char **arguments)
{
  return change (arguments, "user.reset", reset);
}
