/* versions.c: the version log: each object's history is one unbroken line.
 *
 * A version names the one before it. When that one is of the same object, and nobody else names it,
 * the log falls into lines that neither fork nor join; when each noun's row stands at the end of one
 * and none is left over, each object has one whole history. Two bits a version are enough to see it. */
#include "audit/versions.h"

#include <string.h>

#include "audit/bytes.h"
#include "audit/kinds.h"

struct _AuditVersions
{
  AuditFile    *file;
  sqlite3_stmt *rows;
  sqlite3_stmt *births[32];  /* by kind: an object's id and time of birth */
  gboolean      has_row;
  gint64        last;        /* seq of the version read last */
  gint64        n_rows;
  GByteArray   *followed;    /* a bit for each version that another one follows */
  GByteArray   *claimed;     /* a bit for each version that a noun's row stands on */
  GByteArray   *leaf;
};

/* A number far beyond the rows there are is a gap, reported as such: no memory is spent on it. */
static gboolean
set_bit (const AuditVersions *versions, GByteArray *bits, gint64 at)
{
  guint byte = (guint) (at >> 3);
  guint8 bit = (guint8) (1 << (at & 7));
  guint8 *here;
  gboolean was_set;

  if (at > versions->n_rows * 8 + 1024)
    return FALSE;
  if (byte >= bits->len)
    {
      guint old = bits->len;

      g_byte_array_set_size (bits, MAX (byte + 1, old * 2));
      memset (bits->data + old, 0, bits->len - old);
    }
  here = bits->data + byte;
  was_set = (*here & bit) != 0;
  *here |= bit;
  return was_set;
}

static gboolean
has_bit (const GByteArray *bits, gint64 at)
{
  return at >> 3 < bits->len && (bits->data[at >> 3] >> (at & 7) & 1) != 0;
}

static void
problem (AuditVersions *versions, const char *check, gint64 seq, const char *sentence)
{
  g_autofree char *where = g_strdup_printf ("version %" G_GINT64_FORMAT, seq);

  audit_report_problem (versions->file->report, check, where, "%s", sentence);
}

/**
 * audit_versions_new:
 * @file: the file; must outlive the versions
 * @after: the last version that is not wanted, 0 for all
 *
 * Returns: (transfer full): the log, before its first row
 */
AuditVersions *
audit_versions_new (AuditFile *file, gint64 after)
{
  AuditVersions *versions = g_new0 (AuditVersions, 1);

  versions->file = file;
  versions->last = after;
  versions->followed = g_byte_array_new ();
  versions->claimed = g_byte_array_new ();
  versions->leaf = g_byte_array_new ();
  versions->rows = audit_prepare (file,
                                  "SELECT v.seq, v.kind, v.object, v.prev, v.body, p.kind, p.object"
                                  " FROM versions v LEFT JOIN versions p ON p.seq = v.prev"
                                  " WHERE v.seq > ?1 ORDER BY v.seq");
  sqlite3_bind_int64 (versions->rows, 1, after);
  for (const AuditKind *kind = audit_kinds; kind->table != NULL; kind++)
    {
      g_autofree char *sql
          = g_strdup_printf ("SELECT id, created FROM %s WHERE key = ?1", kind->table);

      versions->births[kind->number] = audit_prepare (file, sql);
    }
  versions->has_row = audit_step (file, versions->rows);
  return versions;
}

/**
 * audit_versions_free:
 * @versions: (transfer full): the log
 */
void
audit_versions_free (AuditVersions *versions)
{
  audit_finish (versions->rows);
  for (guint i = 0; i < G_N_ELEMENTS (versions->births); i++)
    audit_finish (versions->births[i]);
  g_byte_array_unref (versions->followed);
  g_byte_array_unref (versions->claimed);
  g_byte_array_unref (versions->leaf);
  g_free (versions);
}

/* The first version vouches for what stands in the noun's row alone. */
static void
put_birth (AuditVersions *versions, gint64 seq, gint64 number, gint64 key)
{
  const AuditKind *kind = audit_kind (number);
  sqlite3_stmt *birth = kind != NULL ? versions->births[number] : NULL;

  if (birth != NULL)
    sqlite3_bind_int64 (birth, 1, key);
  if (birth != NULL && audit_step (versions->file, birth))
    {
      audit_put_text (versions->leaf, audit_string (versions->file, birth, 0),
                      sqlite3_column_bytes (birth, 0));
      audit_put_int (versions->leaf, audit_int (versions->file, birth, 1));
    }
  else
    problem (versions, "version-object", seq,
             kind == NULL ? "is of no known kind" : "is of an object that is not there");
  if (birth != NULL)
    sqlite3_reset (birth);
}

static void
make_leaf (AuditVersions *versions, gint64 seq, gint64 kind, gint64 object, gint64 prev)
{
  g_byte_array_set_size (versions->leaf, 0);
  audit_put_mark (versions->leaf, 'V');
  audit_put_int (versions->leaf, seq);
  audit_put_int (versions->leaf, kind);
  audit_put_int (versions->leaf, object);
  audit_put_int (versions->leaf, prev);
  audit_put_text (versions->leaf, audit_string (versions->file, versions->rows, 4),
                  sqlite3_column_bytes (versions->rows, 4));
  if (prev == 0)
    put_birth (versions, seq, kind, object);
}

static void
check_line (AuditVersions *versions, gint64 seq, gint64 kind, gint64 object, gint64 prev)
{
  sqlite3_stmt *row = versions->rows;

  if (seq != versions->last + 1)
    problem (versions, "version-gap", seq, "does not follow the one before: rows are missing");
  if (sqlite3_column_type (row, 3) == SQLITE_NULL)
    return;
  if (prev <= 0 || prev >= seq || sqlite3_column_type (row, 5) == SQLITE_NULL)
    problem (versions, "version-chain", seq, "names a version before it that is not there");
  else if (sqlite3_column_int64 (row, 5) != kind || sqlite3_column_int64 (row, 6) != object)
    problem (versions, "version-chain", seq, "names a version of another object as the one before");
  else if (set_bit (versions, versions->followed, prev))
    problem (versions, "version-chain", seq,
             "names a version before it that another one follows already");
}

static void
read_version (AuditVersions *versions, AuditTree *tree)
{
  gint64 seq = audit_int (versions->file, versions->rows, 0);
  gint64 kind = audit_int (versions->file, versions->rows, 1);
  gint64 object = audit_int (versions->file, versions->rows, 2);
  gint64 prev = audit_int (versions->file, versions->rows, 3);

  make_leaf (versions, seq, kind, object, prev);
  if (tree != NULL)
    audit_tree_add (tree, versions->leaf);
  versions->n_rows++;
  check_line (versions, seq, kind, object, prev);
  versions->last = seq;
}

/**
 * audit_versions_read_to:
 * @versions: the log
 * @last: the last version that is wanted now
 * @tree: (nullable): gets a leaf for each version
 */
void
audit_versions_read_to (AuditVersions *versions, gint64 last, AuditTree *tree)
{
  while (versions->has_row && sqlite3_column_int64 (versions->rows, 0) <= last)
    {
      read_version (versions, tree);
      versions->has_row = audit_step (versions->file, versions->rows);
    }
}

/**
 * audit_versions_last:
 * @versions: the log
 *
 * Returns: the sequence number of the version read last
 */
gint64
audit_versions_last (AuditVersions *versions)
{
  return versions->last;
}

static void
check_kind (AuditVersions *versions, const AuditKind *kind)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT t.id, t.key, t.version, v.kind, v.object, key_of (t.id, t.key)"
                         " FROM %s t LEFT JOIN versions v ON v.seq = t.version ORDER BY t.key",
                         kind->table);
  sqlite3_stmt *row = audit_prepare (versions->file, sql);
  AuditReport *report = versions->file->report;
  gint64 n = 0;

  for (; audit_step (versions->file, row); n++)
    {
      const char *id = audit_text (row, 0);
      gint64 key = sqlite3_column_int64 (row, 1), version = sqlite3_column_int64 (row, 2);
      gsize length = strlen (kind->prefix);

      if (strncmp (id, kind->prefix, length) != 0 || id[length] != '_'
          || sqlite3_column_int64 (row, 5) != key)
        audit_report_problem (report, "id", id,
                              "is not the id of the row in %s with key %" G_GINT64_FORMAT,
                              kind->table, key);
      if (sqlite3_column_int64 (row, 3) != kind->number || sqlite3_column_int64 (row, 4) != key)
        audit_report_problem (report, "newest-version", id,
                              "stands on version %" G_GINT64_FORMAT ", which is not one of its own",
                              version);
      else if (has_bit (versions->followed, version))
        audit_report_problem (report, "newest-version", id,
                              "stands on version %" G_GINT64_FORMAT ", which is not its newest",
                              version);
      else if (set_bit (versions, versions->claimed, version))
        audit_report_problem (report, "newest-version", id,
                              "shares version %" G_GINT64_FORMAT " with another row", version);
    }
  audit_finish (row);
  audit_report_count (report, kind->table, n);
}

/* What one commit overtook is kept as a patch of the version that overtook it, which is whole. */
static void
check_patches (AuditVersions *versions)
{
  sqlite3_stmt *row = audit_prepare (
      versions->file, "SELECT t.seq FROM versions t LEFT JOIN versions b ON b.seq = t.body->>'base'"
                      " WHERE t.body GLOB '{\"base\":*'"
                      " AND NOT ifnull (b.kind = t.kind AND b.object = t.object AND b.seq > t.seq"
                      " AND b.body NOT GLOB '{\"base\":*'"
                      " AND json_type (t.body, '$.patch') = 'object', 0)");

  while (audit_step (versions->file, row))
    problem (versions, "version-patch", sqlite3_column_int64 (row, 0),
             "is a patch of a version that is not there, not whole, or not its own object's");
  audit_finish (row);
}

/**
 * audit_versions_check_rows:
 * @versions: the log, read to its end
 */
void
audit_versions_check_rows (AuditVersions *versions)
{
  for (const AuditKind *kind = audit_kinds; kind->table != NULL; kind++)
    check_kind (versions, kind);
  check_patches (versions);
  for (gint64 seq = 1; seq <= MIN (versions->last, versions->n_rows * 8 + 1024); seq++)
    if (!has_bit (versions->followed, seq) && !has_bit (versions->claimed, seq))
      problem (versions, "version-object", seq,
               "is the newest of an object that is not there, or that stands on an older one");
  audit_report_count (versions->file->report, "versions", versions->n_rows);
}
