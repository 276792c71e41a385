/* tools.c: the commands of kontord that do one thing and end. */
#include "server/tools.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "core/network.h"
#include "server/acquirers/simulator.h"
#include "server/demo/demo.h"
#include "server/home.h"
#include "server/http/key.h"
#include "server/options.h"
#include "server/store/account.h"
#include "server/store/key-file.h"
#include "server/store/meta.h"

/**
 * kontor_tell:
 * @error: (transfer full): what went wrong
 *
 * Returns: the exit code: 2 when what was asked for is wrong, else 1
 */
int
kontor_tell (GError *error)
{
  gboolean is_usage = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)
                      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);

  fprintf (stderr, "kontord: %s\n", error->message);
  g_error_free (error);
  return is_usage ? 2 : 1;
}

/* Of the first account, unless @id names another. */
static gboolean
find_account (KontorStore *store, const char *id, guint *number, GError **error)
{
  gboolean found = TRUE;

  *number = 1;
  if (id != NULL && !kontor_store_account_number (store, id, number, &found, error))
    return FALSE;
  if (!found)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "there is no account %s", id);
  return found;
}

/* Of "30d", "12h", "90m" or "45s" from now, or a moment in Unix seconds. */
static gboolean
read_expiry (const char *text, gint64 now, gint64 *expires, GError **error)
{
  static const struct
  {
    char unit;
    gint64 seconds;
  } units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
  char *end;
  gint64 number;

  *expires = 0;
  if (text == NULL)
    return TRUE;
  number = g_ascii_strtoll (text, &end, 10);
  if (*end == '\0')
    *expires = number;
  for (guint i = 0; i < G_N_ELEMENTS (units) && *end != '\0' && end[1] == '\0'; i++)
    if (*end == units[i].unit && number > 0 && number < 1000000)
      *expires = now + number * units[i].seconds;
  if (*expires > now)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "--expires %s: write a time from now such as 30d or 12h, or Unix seconds to come",
               text);
  return FALSE;
}

static gboolean
refuse (GError **error, const char *option, const char *value, const char *wanted)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "--%s %s: must be %s", option, value,
               wanted);
  return FALSE;
}

enum
{
  DATA_DIR,
  MODE,
  NAME,
  TYPE,
  SCOPES,
  ACCOUNT,
  EXPIRES,
  IP_ALLOW,
  N_KEY_OPTIONS
};

static gboolean
read_spec (const KontorOption *options, KontorStore *store, KontorKeySpec *spec, GError **error)
{
  const char *mode = options[MODE].value, *type = options[TYPE].value, *unknown;
  g_autoptr (GPtrArray) networks = NULL;
  guint64 scopes;
  guint account;

  if (!g_str_equal (mode, "test") && !g_str_equal (mode, "live"))
    return refuse (error, "mode", mode, "test or live");
  spec->type = type != NULL ? kontor_key_type_find (type) : KONTOR_KEY_SECRET;
  if (spec->type < 0)
    return refuse (error, "type", type, "secret, publishable or restricted");
  spec->scopes = options[SCOPES].value;
  if ((spec->scopes != NULL) != (spec->type == KONTOR_KEY_RESTRICTED))
    return refuse (error, "scopes", spec->scopes != NULL ? spec->scopes : "",
                   "given for a restricted key, and for no other");
  if (!kontor_scopes_parse (spec->scopes, &scopes, &unknown))
    return refuse (error, "scopes", unknown, "words such as charges_read customers_write");
  spec->ip_allow = options[IP_ALLOW].value;
  if (spec->ip_allow != NULL
      && (networks = kontor_networks_parse (spec->ip_allow, &unknown)) == NULL)
    return refuse (error, "ip-allow", unknown, "addresses or networks such as 192.0.2.0/24");
  if (!find_account (store, options[ACCOUNT].value, &account, error)
      || !read_expiry (options[EXPIRES].value, spec->created, &spec->expires, error))
    return FALSE;
  spec->name = options[NAME].value != NULL ? options[NAME].value : "";
  spec->scope = account << 1 | (mode[0] == 'l');
  return TRUE;
}

static gboolean
write_key (KontorStore *store, KontorArena *arena, KontorApiKeyRow *row, GError **error)
{
  g_auto (KontorBuffer) summary = { NULL };

  kontor_buffer_printf (&summary, "{\"type\":\"%s\",\"name\":", row->type);
  kontor_buffer_string (&summary, row->name);
  if (row->scopes != NULL)
    {
      kontor_buffer_literal (&summary, ",\"scopes\":");
      kontor_buffer_string (&summary, row->scopes);
    }
  kontor_buffer_char (&summary, '}');
  return kontor_store_begin (store, error) && kontor_store_api_key_insert (store, row, error)
         && kontor_home_note (store, row->scope, "api_key.create",
                              kontor_arena_printf (arena, "key_%" G_GINT64_FORMAT, row->number),
                              kontor_buffer_text (&summary), error)
         && kontor_store_commit (store, error);
}

static gboolean
create_key (const KontorOption *options, GError **error)
{
  const char *data_dir = options[DATA_DIR].value;
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (KontorStore) store = NULL;
  KontorKeySpec spec = { .created = g_get_real_time () / G_USEC_PER_SEC };
  KontorApiKeyRow row;
  guint8 hash_key[32];
  const char *text;

  if (!kontor_home_make (data_dir, error)
      || !kontor_key_file_load (data_dir, KONTOR_HASH_KEY, hash_key, error))
    return FALSE;
  store = kontor_store_open (data_dir, TRUE, error);
  if (store == NULL || !read_spec (options, store, &spec, error))
    return FALSE;
  text = kontor_key_make (&spec, hash_key, arena, &row);
  if (!write_key (store, arena, &row, error))
    return FALSE;
  puts (text);
  return TRUE;
}

/**
 * kontor_key_create:
 * @arguments: what stands after "key create"
 *
 * Prints a new key alone on stdout. Works while the server runs, and makes the database if there is none.
 *
 * Returns: the exit code
 */
int
kontor_key_create (char **arguments)
{
  KontorOption options[N_KEY_OPTIONS + 1] = {
    [DATA_DIR] = { "data-dir", NULL, TRUE },
    [MODE] = { "mode", NULL, TRUE },
    [NAME] = { "name" },
    [TYPE] = { "type" },
    [SCOPES] = { "scopes" },
    [ACCOUNT] = { "account" },
    [EXPIRES] = { "expires" },
    [IP_ALLOW] = { "ip-allow" },
  };
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, NULL, &error)
      && create_key (options, &error))
    return 0;
  return kontor_tell (error);
}

static gboolean
add_account (const char *data_dir, const char *name, GError **error)
{
  KontorSettings settings = { .test_acquirer = kontor_simulator (), .public_url = "" };
  KontorClock clock = { 0 };
  g_autofree char *id = NULL;
  KontorEngine *engine;
  KontorIds *ids;
  int lock = kontor_home_lock (data_dir, 2, error);

  if (lock < 0)
    {
      g_prefix_error (error, "accounts are added while no server runs: ");
      return FALSE;
    }
  ids = kontor_ids_new (&clock, NULL);
  engine = kontor_engine_new (data_dir, &clock, ids, &settings, error);
  if (engine != NULL)
    {
      if (kontor_home_prepare (data_dir, engine, error))
        id = kontor_home_add_account (data_dir, engine, name, error);
      kontor_engine_free (engine);
    }
  kontor_ids_free (ids);
  kontor_home_unlock (lock);
  if (id != NULL)
    puts (id);
  return id != NULL;
}

/**
 * kontor_account_add:
 * @arguments: what stands after "account create"
 *
 * Prints the id of a further merchant alone on stdout.
 *
 * Returns: the exit code
 */
int
kontor_account_add (char **arguments)
{
  KontorOption options[] = { { "data-dir", NULL, TRUE }, { "name", NULL, TRUE }, { NULL } };
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, NULL, &error)
      && add_account (options[0].value, options[1].value, &error))
    return 0;
  return kontor_tell (error);
}

static gboolean
need_file (const char *file, GError **error)
{
  if (file != NULL)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "which file?");
  return FALSE;
}

static gboolean
back_up (const char *data_dir, const char *file, GError **error)
{
  g_autoptr (KontorStore) store = kontor_store_open (data_dir, FALSE, error);

  return store != NULL && kontor_store_backup (store, file, error);
}

/**
 * kontor_backup:
 * @arguments: what stands after "backup"
 *
 * Copies the database as it is at one moment, also while the server runs.
 *
 * Returns: the exit code
 */
int
kontor_backup (char **arguments)
{
  KontorOption options[] = { { "data-dir", NULL, TRUE }, { NULL } };
  const char *file = NULL;
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, &file, &error)
      && need_file (file, &error) && back_up (options[0].value, file, &error))
    return 0;
  return kontor_tell (error);
}

static gboolean
sync_file (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return synced;
}

/* The copy is complete on disk before it takes the place of what was there. */
static gboolean
put_in_place (const char *data_dir, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "kontor.db", NULL);
  g_autofree char *fresh = g_strconcat (path, ".restore", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (file);
  g_autoptr (GFile) to = g_file_new_for_path (fresh);

  if (!g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    return FALSE;
  if (g_chmod (fresh, 0600) == 0 && sync_file (fresh) && (g_unlink (wal) == 0 || errno == ENOENT)
      && (g_unlink (shm) == 0 || errno == ENOENT) && g_rename (fresh, path) == 0
      && sync_file (data_dir))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));
  return FALSE;
}

static gboolean
begin_history (KontorStore *store, const char *epoch, GError **error)
{
  return kontor_store_begin (store, error) && kontor_store_new_epoch (store, epoch, error)
         && kontor_home_note (store, 0, "database.restore", NULL, "{}", error)
         && kontor_store_commit (store, error);
}

static gboolean
restore (const char *data_dir, const char *file, GError **error)
{
  g_autofree char *epoch = g_uuid_string_random ();
  g_autoptr (KontorStore) store = NULL;
  int lock = kontor_home_lock (data_dir, 2, error);
  gboolean restored;

  if (lock < 0)
    return FALSE;
  restored = put_in_place (data_dir, file, error)
             && (store = kontor_store_open (data_dir, TRUE, error)) != NULL
             && kontor_store_migrate (store, error) && begin_history (store, epoch, error);
  kontor_home_unlock (lock);
  return restored;
}

/**
 * kontor_restore:
 * @arguments: what stands after "restore"
 *
 * Puts a backup in the place of the database, while no server runs. A new history begins with it: consoles
 * fetch everything anew.
 *
 * Returns: the exit code
 */
int
kontor_restore (char **arguments)
{
  KontorOption options[] = { { "data-dir", NULL, TRUE }, { NULL } };
  const char *file = NULL;
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, &file, &error)
      && need_file (file, &error) && restore (options[0].value, file, &error))
    return 0;
  return kontor_tell (error);
}

/**
 * kontor_migrate:
 * @arguments: what stands after "migrate"
 *
 * Brings the schema to the newest version, making an empty database when there is none.
 *
 * Returns: the exit code
 */
int
kontor_migrate (char **arguments)
{
  KontorOption options[] = { { "data-dir", NULL, TRUE }, { NULL } };
  g_autoptr (KontorStore) store = NULL;
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, NULL, &error)
      && (store = kontor_store_open (options[0].value, TRUE, &error)) != NULL
      && kontor_store_migrate (store, &error))
    return 0;
  return kontor_tell (error);
}

static void
show_progress (guint64 done, guint64 rows)
{
  static guint64 shown = G_MAXUINT64;
  guint64 percent = rows > 0 ? done * 100 / rows : 100;

  if (percent == shown || !isatty (STDERR_FILENO))
    return;
  shown = percent;
  fprintf (stderr, "\r%3" G_GUINT64_FORMAT " %% of %" G_GUINT64_FORMAT " payments%s", percent, rows,
           done == rows ? "\n" : "");
}

static gboolean
read_demo (const KontorOption *options, KontorDemo *demo, GError **error)
{
  const char *rows = options[1].value, *seed = options[2].value, *until = options[3].value;
  g_autofree char *noon = g_strconcat (until != NULL ? until : "", "T12:00:00Z", NULL);
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (noon, NULL);

  demo->rows = 1000;
  demo->seed = 1;
  if (rows != NULL && !g_ascii_string_to_unsigned (rows, 10, 0, 100000000, &demo->rows, NULL))
    return refuse (error, "rows", rows, "a whole number up to 100000000");
  if (seed != NULL && !g_ascii_string_to_unsigned (seed, 10, 0, G_MAXUINT32, &demo->seed, NULL))
    return refuse (error, "seed", seed, "a whole number below 4294967296");
  if (until != NULL && date == NULL)
    return refuse (error, "until", until, "a day such as 2026-10-31");
  if (date != NULL && g_date_time_to_unix (date) > g_get_real_time () / G_USEC_PER_SEC)
    return refuse (error, "until", until, "a day that has come");
  demo->until = date != NULL ? g_date_time_to_unix (date) : g_get_real_time () / G_USEC_PER_SEC;
  return TRUE;
}

/**
 * kontor_demo:
 * @arguments: what stands after "demo"
 *
 * Fills a new data directory with sample payments, the last of them from yesterday. Payments later than
 * now would keep the server from making any before that: so no day to come is taken.
 *
 * Returns: the exit code
 */
int
kontor_demo (char **arguments)
{
  KontorOption options[]
      = { { "data-dir", NULL, TRUE }, { "rows" }, { "seed" }, { "until" }, { NULL } };
  KontorDemo demo = { .progress = show_progress };
  GError *error = NULL;

  if (kontor_options_read (arguments, options, NULL, NULL, NULL, &error)
      && read_demo (options, &demo, &error) && kontor_demo_fill (options[0].value, &demo, &error))
    return 0;
  return kontor_tell (error);
}
