/* replica-private.h: the copy's file, for the files that write to it. */
#pragma once

#include <sqlite3.h>

#include "core/replica/replica.h"
#include "core/value.h"

G_BEGIN_DECLS

struct _KontorReplica
{
  char *folder, *file;
  int lock;    /* -1: another program has it */
  sqlite3 *db; /* %NULL: there is no copy */
  sqlite3_stmt *put, *drop, *set;
  /* What a program that only reads has seen: the file, SQLite's count of others' writes, the last
   * page. */
  guint64 device, inode;
  gint64 data_version, page;
};

gboolean kontor_replica_fail (GError **error, const char *format, const char *what);
gboolean kontor_replica_fail_db (sqlite3 *db, GError **error);
gboolean kontor_replica_open_db (KontorReplica *replica, GError **error);
void kontor_replica_close_db (KontorReplica *replica);
char *kontor_replica_read_meta (sqlite3 *db, const char *name);
gboolean kontor_replica_is_of_our_make (sqlite3 *db);
sqlite3 *kontor_replica_look_into (const char *file);
gboolean kontor_replica_check_whole (sqlite3 *db);

gboolean kontor_replica_begin (KontorReplica *replica, GError **error);
gboolean kontor_replica_end (KontorReplica *replica, gboolean good, GArray *keys, GError **error);
gboolean kontor_replica_run (KontorReplica *replica, sqlite3_stmt *statement, GError **error);
gboolean kontor_replica_set_meta (KontorReplica *replica,
                                  const char *name,
                                  const char *value,
                                  GError **error);
const char *kontor_replica_text (const KontorValue *line, const char *name);
gint64 kontor_replica_number (const KontorValue *line, const char *name);

G_END_DECLS
