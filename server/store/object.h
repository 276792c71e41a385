/* object.h: objects and their versions in the database, by the declaration of their resource. */
#pragma once

#include "core/resource.h"
#include "server/store/store.h"

G_BEGIN_DECLS

/* Filters of a list; what is unset is G_MININT64 or %NULL. */
typedef struct
{
  const char *column;  /* of the noun's table */
  gint64      number;
  const char *text;    /* when not %NULL: compared instead of @number */
} KontorFilter;

typedef struct
{
  const KontorResource *resource;
  guint        scope;
  guint        limit;            /* rows wanted at most */
  /* keys; 0: none. @before set: the page that ends just before that row (newer ones) */
  gint64       after, before;
  gint64       created_min, created_max; /* inclusive; KONTOR_NONE: open */
  guint        n_filters;
  KontorFilter filters[6];
  /* What no column tells; %NULL: every row is wanted. Such a list reads on until its page is
   * full. */
  gboolean   (*wanted) (const KontorObject *object, gconstpointer data);
  gconstpointer wanted_data;
} KontorListQuery;

/* Writes the noun's row: a new one or the changed columns. */
gboolean kontor_store_object_insert (KontorStore *store,
                                     const KontorObject *object,
                                     GError **error);
gboolean kontor_store_object_update (KontorStore *store,
                                     const KontorObject *object,
                                     GError **error);
/* A version may be kept as the difference to a later one: {"base":SEQ,"patch":{…}}, RFC 7396. */
#define KONTOR_VERSION_BASE "{\"base\":"
gboolean kontor_store_version_insert (KontorStore *store,
                                      gint64 seq,
                                      const KontorResource *resource,
                                      gint64 key,
                                      gint64 prev,
                                      const char *body,
                                      gsize length,
                                      GError **error);

/* The object named @id in @scope as it is now, in @arena; %NULL with @error unset when there is
 * none. */
gpointer kontor_store_object_get        (KontorStore *store,
                                         KontorArena *arena,
                                         const KontorResource *resource,
                                         guint scope,
                                         const char *id,
                                         GError **error);
gpointer kontor_store_object_get_by_key (KontorStore *store,
                                         KontorArena *arena,
                                         const KontorResource *resource,
                                         gint64 key,
                                         GError **error);
gpointer kontor_store_object_at_version (KontorStore *store,
                                         KontorArena *arena,
                                         gint64 seq,
                                         gint64 *prev,
                                         GError **error);
/* Key of the object that version @seq is of; 0: there is no such version. */
gboolean kontor_store_version_object    (KontorStore *store,
                                         gint64 seq,
                                         gint64 *object,
                                         GError **error);

/* Newest first (or, with @before, still newest first). Adds KontorObject pointers to @found;
 * @has_more: whether the list goes on. */
gboolean kontor_store_object_list (KontorStore *store,
                                   KontorArena *arena,
                                   const KontorListQuery *query,
                                   GPtrArray *found,
                                   gboolean *has_more,
                                   GError **error);

G_END_DECLS
