/* replica-private.h: the copy's file, for the files that write to it. */
#pragma once

#include <sqlite3.h>

#include "core/replica/replica.h"

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

G_END_DECLS
