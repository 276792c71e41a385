/* store.h: one connection to the database: statements, transactions, migrations. */
#pragma once

#include <sqlite3.h>
#include "core/arena.h"

G_BEGIN_DECLS

#define KONTOR_STORE_ERROR (kontor_store_error_quark ())
GQuark kontor_store_error_quark (void);

typedef enum { KONTOR_STORE_ERROR_FAILED, KONTOR_STORE_ERROR_FULL,
               KONTOR_STORE_ERROR_CORRUPT, KONTOR_STORE_ERROR_NEWER } KontorStoreError;

typedef struct _KontorStore KontorStore;

KontorStore *kontor_store_open     (const char *data_dir, gboolean writable, GError **error);
void         kontor_store_close    (KontorStore *store);
gboolean     kontor_store_migrate  (KontorStore *store, GError **error);
gboolean     kontor_store_begin    (KontorStore *store, GError **error);
gboolean     kontor_store_commit   (KontorStore *store, GError **error);
void         kontor_store_rollback (KontorStore *store);
sqlite3     *kontor_store_handle   (KontorStore *store);
guint        kontor_store_rollbacks (KontorStore *store);
void         kontor_store_attach  (KontorStore *store, gpointer data, GDestroyNotify free_data);
gpointer     kontor_store_attached (KontorStore *store);
gboolean     kontor_store_backup   (KontorStore *store, const char *file, GError **error);

/* The statement for @sql, which must be a string that lives as long as the store: prepared once,
 * reset, ready to bind. %NULL: see kontor_store_problem(). */
sqlite3_stmt *kontor_store_statement (KontorStore *store, const char *sql);
/* to the end, no rows wanted */
gboolean      kontor_store_run       (KontorStore *store, sqlite3_stmt *statement, GError **error);
/* sets @error from the connection's last error; returns %FALSE */
gboolean      kontor_store_problem   (KontorStore *store, GError **error);
/* first column of the first row; 0 when none */
gboolean      kontor_store_integer   (KontorStore *store,
                                      const char *sql,
                                      gint64 *value,
                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorStore, kontor_store_close)

G_END_DECLS
