/* test-fixture.h: a small world for tests of the engine, with a clock that stands. */
#pragma once

#include "server/engine/settings.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* Monday, 23 November 2026, noon UTC. */
#define KONTOR_FIXTURE_NOON G_GINT64_CONSTANT (1795435200)

typedef struct
{
  KontorClock    clock;
  KontorSettings settings;
  guint          scope;    /* 2: the first account's test mode; changed between units of work */
  KontorIds     *ids;      /* seeded: the same ids each time */
  KontorStore   *store;
  KontorBooks   *books;
  KontorOutbox  *outbox;
  KontorTx       tx;
  KontorArena   *arena;    /* lives as long as the fixture: what was read can be looked at later */
  char          *data_dir;
  gint64         last_event;
} KontorFixture;

KontorFixture *kontor_fixture_new     (KontorAcquirer *rail); /* of test mode; live mode has none */
void           kontor_fixture_free    (KontorFixture *fixture);

KontorTx      *kontor_fixture_begin   (KontorFixture *fixture);
void           kontor_fixture_commit  (KontorFixture *fixture);
/* As the server does after a refusal. */
void           kontor_fixture_discard (KontorFixture *fixture);

/* @form as the check of @operation leaves it; the test fails when it is not taken. */
const KontorValue *kontor_fixture_params (KontorFixture *fixture, const KontorResource *resource,
                                          guint32 operation, const char *form);
/* What happened in this scope since the last call, oldest first, by spaces. */
const char        *kontor_fixture_events (KontorFixture *fixture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorFixture, kontor_fixture_free)

G_END_DECLS
