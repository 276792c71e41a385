/* home.c: the data directory: one program at a time writes objects there.
 *
 * The engine keeps in memory where the version log ends, so there may be one of it. The lock is taken
 * on the directory itself and goes with the process, however that ends. */
#include "server/home.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <sodium.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/acquirers/simulator.h"
#include "server/engine/account.h"
#include "server/store/account.h"
#include "server/store/audit-log.h"
#include "server/store/meta.h"

/**
 * kontor_home_lock:
 * @data_dir: the data directory; made when it is missing
 * @patience_s: how long to wait for another program that holds it
 * @error: return location for a #GError; %G_IO_ERROR_BUSY when another program holds it
 *
 * Returns: a lock for kontor_home_unlock(), or -1
 */
int
kontor_home_lock (const char *data_dir, guint patience_s, GError **error)
{
  gint64 until_us = g_get_monotonic_time () + patience_s * G_USEC_PER_SEC;
  int fd;

  if (g_mkdir_with_parents (data_dir, 0700) != 0
      || (fd = open (data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", data_dir,
                   g_strerror (errno));
      return -1;
    }
  while (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (g_get_monotonic_time () >= until_us)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                       "%s: another kontord is using this directory", data_dir);
          close (fd);
          return -1;
        }
      g_usleep (10000);
    }
  return fd;
}

/**
 * kontor_home_unlock:
 * @lock: what kontor_home_lock() gave
 */
void
kontor_home_unlock (int lock)
{
  close (lock);
}

/**
 * kontor_home_note:
 * @store: a connection with an open transaction, in which @action was done
 * @scope: account << 1 | live; 0: not one merchant's matter
 * @action: "api_key.create"
 * @object: (nullable): id of what it was done to
 * @summary: JSON: what was asked, without secrets
 * @error: return location for a #GError
 *
 * Whoever runs a command of kontord is known by their name on this machine.
 *
 * Returns: whether it was written
 */
gboolean
kontor_home_note (KontorStore *store,
                  guint        scope,
                  const char  *action,
                  const char  *object,
                  const char  *summary,
                  GError     **error)
{
  KontorAuditRow row = {
    .at = g_get_real_time (),
    .actor_kind = "tool",
    .actor_name = g_get_user_name (),
    .scope = scope,
    .action = action,
    .object = object,
    .summary = summary,
    .outcome = "ok",
  };

  return kontor_store_audit_append (store, &row, error);
}

typedef struct
{
  KontorOp    op;
  const char *name;
  char       *id;
  gboolean    committed;
} NewAccount;

static void
account_run (KontorOp *op, KontorTx *tx)
{
  NewAccount *work = (NewAccount *) op;
  const KontorAccount *account = kontor_account_create (tx, work->name);
  g_auto (KontorBuffer) summary = { NULL };
  GError *problem = NULL;

  work->id = g_strdup (account->head.id);
  kontor_buffer_literal (&summary, "{\"name\":");
  kontor_buffer_string (&summary, work->name);
  kontor_buffer_char (&summary, '}');
  if (!kontor_home_note (tx->store, tx->scope, "account.create", work->id,
                         kontor_buffer_text (&summary), &problem))
    kontor_tx_fail (tx, problem);
}

static void
account_done (KontorOp *op, gboolean committed)
{
  ((NewAccount *) op)->committed = committed;
}

/**
 * kontor_home_add_account:
 * @data_dir: the data directory
 * @engine: the engine that runs there
 * @name: of the merchant
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the id of a new account, whose number is the next one; %NULL on an error
 */
char *
kontor_home_add_account (const char *data_dir,
                         KontorEngine *engine,
                         const char *name,
                         GError **error)
{
  g_autoptr (KontorStore) store = kontor_store_open (data_dir, FALSE, error);
  NewAccount work = { .op = { .run = account_run, .done = account_done }, .name = name };
  guint n;

  if (store == NULL || !kontor_store_n_accounts (store, &n, error))
    return NULL;
  work.op.scope = (n + 1) << 1;
  kontor_engine_run (engine, &work.op);
  if (work.committed)
    return work.id;
  g_free (work.id);
  g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
               "%s: the account cannot be written", data_dir);
  return NULL;
}

static gboolean
name_history (KontorStore *store, GError **error)
{
  guint8 chance[8];
  char epoch[sizeof chance * 2 + 1];
  gboolean has;

  if (!kontor_store_has_epoch (store, &has, error))
    return FALSE;
  randombytes_buf (chance, sizeof chance);
  sodium_bin2hex (epoch, sizeof epoch, chance, sizeof chance);
  return has || kontor_store_new_epoch (store, epoch, error);
}

/**
 * kontor_home_prepare:
 * @data_dir: the data directory
 * @engine: the engine that runs there
 * @error: return location for a #GError
 *
 * Makes what a fresh database lacks: the first account, and a name for its history.
 *
 * Returns: whether it is all there
 */
gboolean
kontor_home_prepare (const char *data_dir, KontorEngine *engine, GError **error)
{
  g_autoptr (KontorStore) store = kontor_store_open (data_dir, TRUE, error);
  g_autofree char *id = NULL;
  guint n;

  if (store == NULL || !name_history (store, error) || !kontor_store_n_accounts (store, &n, error))
    return FALSE;
  if (n > 0)
    return TRUE;
  id = kontor_home_add_account (data_dir, engine, "Kontor", error);
  return id != NULL;
}

/**
 * kontor_home_make:
 * @data_dir: the data directory
 * @error: return location for a #GError
 *
 * Makes the database with its first account unless it is there, without a server. When one is just
 * starting there, waits for it.
 *
 * Returns: whether there is a database with an account
 */
gboolean
kontor_home_make (const char *data_dir, GError **error)
{
  g_autoptr (KontorStore) store = kontor_store_open (data_dir, TRUE, error);
  KontorSettings settings = { .test_acquirer = kontor_simulator (), .public_url = "" };
  KontorClock clock = { 0 };
  KontorIds *ids;
  KontorEngine *engine;
  gboolean made = FALSE;
  guint n;
  int lock;

  if (store == NULL || !kontor_store_migrate (store, error)
      || !kontor_store_n_accounts (store, &n, error))
    return FALSE;
  if (n > 0)
    return TRUE;
  lock = kontor_home_lock (data_dir, 0, NULL);
  for (guint tries = 0; lock < 0 && n == 0 && tries < 1000; tries++)
    {
      g_usleep (10000);
      if (!kontor_store_n_accounts (store, &n, error))
        return FALSE;
    }
  if (lock < 0 && n > 0)
    return TRUE;
  if (lock < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   "%s: another kontord is using this directory", data_dir);
      return FALSE;
    }
  ids = kontor_ids_new (&clock, NULL);
  engine = kontor_engine_new (data_dir, &clock, ids, &settings, error);
  if (engine != NULL)
    {
      made = kontor_home_prepare (data_dir, engine, error);
      kontor_engine_free (engine);
    }
  kontor_ids_free (ids);
  kontor_home_unlock (lock);
  return made;
}
