/* missing.c: the refusal of an id that names nothing here, although it may elsewhere. */
#include "server/engine/missing.h"

#include <string.h>

#include "server/store/object.h"

/* A key of the wrong mode is the usual reason why an id that was copied with care names nothing. */
static const char *const other_mode[] = {
  "; a similar object exists in live mode, but a test mode key was used to make this request.",
  "; a similar object exists in test mode, but a live mode key was used to make this request.",
};

/**
 * kontor_missing:
 * @store: a connection
 * @arena: of the operation
 * @resource: what was looked for
 * @scope: where
 * @id: what names nothing there
 * @param: (nullable): the parameter that held it, %NULL or "id" for the URL
 * @error: gets “No such …”; and when the account's other mode has it, that
 *
 * Returns: always %FALSE
 */
gboolean
kontor_missing (KontorStore *store,
                KontorArena *arena,
                const KontorResource *resource,
                guint scope,
                const char *id,
                const char *param,
                KontorError *error)
{
  kontor_error_missing (error, resource->object, id, param);
  if (error != NULL && id != NULL
      && kontor_store_object_get (store, arena, resource, scope ^ 1, id, NULL) != NULL)
    g_strlcat (error->message, other_mode[scope & 1], sizeof error->message);
  return FALSE;
}
