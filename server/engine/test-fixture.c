/* test-fixture.c: a small world for tests of the engine, with a clock that stands. */
#include "server/engine/test-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/form.h"
#include "server/engine/engine.h"
#include "server/engine/event.h"
#include "server/engine/ledger.h"
#include "server/engine/outbox.h"
#include "server/engine/tx-private.h"
#include "server/store/event.h"

#define MAX_EVENTS 100

static const guint8 seed[32] = "the same ids each time it runs";

/**
 * kontor_fixture_new:
 * @rail: what test mode asks
 *
 * Returns: (transfer full): a world without any object in it
 */
KontorFixture *
kontor_fixture_new (KontorAcquirer *rail)
{
  KontorFixture *fixture = g_new0 (KontorFixture, 1);
  g_autoptr (GError) error = NULL;

  fixture->clock.fixed_us = KONTOR_FIXTURE_NOON * G_USEC_PER_SEC;
  fixture->settings = (KontorSettings){
    .n_fees = 1,
    .fees = { { "", 29000, 30 } },
    .payout_delay_days = 2,
    .authorization_days = 7,
    .test_acquirer = rail,
    .public_url = "http://127.0.0.1:8420",
  };
  fixture->scope = 2;
  fixture->arena = kontor_arena_new ();
  fixture->ids = kontor_ids_new (&fixture->clock, seed);
  fixture->data_dir = g_dir_make_tmp ("kontor-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->store = kontor_store_open (fixture->data_dir, TRUE, &error);
  g_assert_no_error (error);
  kontor_store_migrate (fixture->store, &error);
  g_assert_no_error (error);
  fixture->books = kontor_books_new (fixture->store, &error);
  g_assert_no_error (error);
  fixture->outbox = kontor_outbox_new (fixture->store, &error);
  g_assert_no_error (error);
  kontor_tx_init (&fixture->tx, fixture->store, fixture->ids, fixture->books, fixture->outbox,
                  &fixture->settings);
  kontor_tx_reload (&fixture->tx, &error);
  g_assert_no_error (error);
  return fixture;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_remove (file) != 0)
        remove_folder (file);
    }
  g_rmdir (path);
}

/**
 * kontor_fixture_free:
 * @fixture: (transfer full): a world, which ends
 */
void
kontor_fixture_free (KontorFixture *fixture)
{
  kontor_tx_clear (&fixture->tx);
  kontor_books_free (fixture->books);
  kontor_outbox_free (fixture->outbox);
  kontor_store_close (fixture->store);
  kontor_ids_free (fixture->ids);
  kontor_arena_free (fixture->arena);
  remove_folder (fixture->data_dir);
  g_free (fixture->data_dir);
  g_free (fixture);
}

/**
 * kontor_fixture_begin:
 * @fixture: a world
 *
 * Returns: (transfer none): a unit of work; kontor_fixture_commit() or kontor_fixture_discard() ends it
 */
KontorTx *
kontor_fixture_begin (KontorFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  kontor_store_begin (fixture->store, &error);
  g_assert_no_error (error);
  kontor_tx_start (&fixture->tx, fixture->arena, fixture->scope, 0,
                   kontor_clock_now (&fixture->clock));
  return &fixture->tx;
}

/**
 * kontor_fixture_commit:
 * @fixture: a world with an open unit of work
 */
void
kontor_fixture_commit (KontorFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  if (kontor_tx_flush (&fixture->tx, &error) && kontor_books_flush (fixture->books, &error))
    kontor_store_commit (fixture->store, &error);
  g_assert_no_error (error);
}

/**
 * kontor_fixture_discard:
 * @fixture: a world with an open unit of work
 */
void
kontor_fixture_discard (KontorFixture *fixture)
{
  kontor_tx_discard (&fixture->tx);
  kontor_fixture_commit (fixture);
}

/**
 * kontor_fixture_params:
 * @fixture: a world
 * @resource: whose table checks them
 * @operation: which of its parameters are taken
 * @form: as a client sends it
 *
 * Returns: (transfer none): the checked parameters
 */
const KontorValue *
kontor_fixture_params (KontorFixture *fixture,
                       const KontorResource *resource,
                       guint32 operation,
                       const char *form)
{
  KontorValue *params = kontor_value_new (fixture->arena, KONTOR_VALUE_OBJECT);
  const char *problem = NULL;
  KontorError error = { 0 };

  if (!kontor_form_parse (fixture->arena, form, strlen (form), params, &problem))
    g_error ("%s: %s", form, problem);
  if (!kontor_params_check (&resource->shape, operation, NULL, fixture->arena, params, &error))
    g_error ("%s: %s", form, error.message);
  return params;
}

/**
 * kontor_fixture_events:
 * @fixture: a world
 *
 * Returns: (transfer none): the kinds of event since this was last asked, oldest first, by spaces
 */
const char *
kontor_fixture_events (KontorFixture *fixture)
{
  KontorEventQuery query = {
    .scope = fixture->scope,
    .limit = MAX_EVENTS,
    .created_min = G_MININT64,
    .created_max = G_MININT64,
  };
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorEventRow));
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean has_more;

  kontor_store_event_list (fixture->store, fixture->arena, &query, rows, &has_more, &error);
  g_assert_no_error (error);
  for (guint i = rows->len; i > 0; i--)
    {
      const KontorEventRow *row = &g_array_index (rows, KontorEventRow, i - 1);

      if (row->key <= fixture->last_event)
        continue;
      fixture->last_event = row->key;
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "",
                              kontor_event_name (row->type));
    }
  return kontor_arena_strdup (fixture->arena, names->str);
}
