/* replica-fixture.h: a replica full of made-up payments, for tests and benchmarks. */
#pragma once

#include <sqlite3.h>

#include "core/console/row-source.h"

G_BEGIN_DECLS

#define KONTOR_FIXTURE_NOW G_GINT64_CONSTANT (1795015800) /* 18 November 2026, 15:30 UTC */

/* The same @seed makes the same replica. */
sqlite3 *kontor_sample_new  (const char *file, guint32 seed, guint n_payments);
void     kontor_sample_close (sqlite3 *db);
char    *kontor_sample_id   (const char *prefix, gint64 tick);
gint64   kontor_sample_tick (guint number, guint part);
void     kontor_sample_put  (sqlite3 *db,
                              guint kind,
                              const char *id,
                              gint64 created,
                              const char *body);

G_END_DECLS
