/* views.c: saved views of a list: what is looked for and in which order, under a name.
 *
 * They are the server's objects, so that they are there wherever one signs in, and can be shared. The
 * copy has everybody's; those of others that are not shared are left out here. */
#include "core/console/views.h"

#include <string.h>

#include "core/buffer.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/view.h"

#define MOST_VIEWS 200

enum
{
  PATH_SCREEN,
};

static const KontorIndexPath paths[] = { [PATH_SCREEN] = { "screen", KONTOR_PATH_TEXT } };

static const KontorIndexPart parts[]
    = { { KONTOR_KIND_VIEW, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

static const KontorIndexColumn columns[] = { { "one", KONTOR_INDEX_NUMBER } };

/* There are few: all that is asked for is which there are. */
static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  row->numbers[0] = 1;
  return values[0][PATH_SCREEN].text != NULL;
}

const KontorIndexTable kontor_view_table
    = { "views", 1, columns, G_N_ELEMENTS (columns), KONTOR_INDEX_NO_COLUMN, parts, 1, make };

static void
view_free (gpointer data)
{
  KontorSavedView *view = data;

  g_free (view->id);
  g_free (view->name);
  g_free (view->query);
  g_free (view->sort);
  g_free (view);
}

static KontorSavedView *
view_new (KontorDesk *desk, const KontorView *from)
{
  KontorSavedView *view = g_new0 (KontorSavedView, 1);

  view->id = g_strdup (from->head.id);
  view->name = g_strdup (from->name);
  view->query = g_strdup (from->query != NULL ? from->query : "");
  view->sort = g_strdup (from->sort != NULL ? from->sort : "");
  view->descending = from->descending == TRUE;
  view->shared = from->shared == TRUE;
  view->own = g_strcmp0 (from->owner, kontor_desk_actor (desk)) == 0;
  return view;
}

static int
compare_views (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate ((*(KontorSavedView *const *) a)->name,
                         (*(KontorSavedView *const *) b)->name);
}

/**
 * kontor_views_of:
 * @desk: a desk
 * @screen: one of its screens
 *
 * Returns: (transfer full) (element-type KontorSavedView): one's own and shared ones, by name
 */
GPtrArray *
kontor_views_of (KontorDesk *desk, KontorScreen *screen)
{
  GPtrArray *views = g_ptr_array_new_with_free_func (view_free);
  g_autoptr (GArray) keys
      = kontor_shelf_related (kontor_desk_shelf (desk), &kontor_view_table, 0, 1, MOST_VIEWS);

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, g_array_index (keys, gint64, i));
      const KontorView *view
          = item != NULL ? (const KontorView *) kontor_desk_record (desk, item)->object : NULL;

      if (view != NULL && g_strcmp0 (view->screen, kontor_screen_declaration (screen)->name) == 0
          && (view->shared == TRUE || g_strcmp0 (view->owner, kontor_desk_actor (desk)) == 0))
        g_ptr_array_add (views, view_new (desk, view));
    }
  g_ptr_array_sort (views, compare_views);
  return views;
}

/**
 * kontor_views_show:
 * @screen: a screen
 * @view: one of its views
 *
 * Looks for what it says, in its order.
 */
void
kontor_views_show (KontorScreen *screen, const KontorSavedView *view)
{
  const KontorColumn *column = kontor_screen_declaration (screen)->columns;
  gboolean descending;

  kontor_screen_set_query (screen, view->query);
  for (; column->name != NULL; column++)
    if (strcmp (column->name, view->sort) == 0)
      {
        if (!kontor_screen_sorted_by (screen, column, &descending))
          kontor_screen_sort (screen, column);
        if (kontor_screen_sorted_by (screen, column, &descending) && descending != view->descending)
          kontor_screen_sort (screen, column);
      }
}

static gboolean
queue (KontorDesk *desk, const char *op, const char *on, const char *args, GError **error)
{
  KontorIntent intent = {
    .op = (char *) op, .on = (char *) on, .args = (char *) args, .class = KONTOR_INTENT_HARMLESS
  };

  if (kontor_desk_outbox (desk) != NULL)
    return kontor_outbox_add (kontor_desk_outbox (desk), &intent, 0, error) != 0;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, kontor_desk_problem (desk));
  return FALSE;
}

/**
 * kontor_views_save:
 * @desk: a desk
 * @screen: one of its screens
 * @name: what what it shows now is called from now on
 * @shared: whether everybody sees it
 * @error: return location for a #GError
 *
 * An earlier one of this person's with the name on this screen becomes this one.
 *
 * Returns: whether it is queued; it is there as soon as the server has it
 */
gboolean
kontor_views_save (KontorDesk *desk,
                   KontorScreen *screen,
                   const char *name,
                   gboolean shared,
                   GError **error)
{
  const KontorColumn *column = kontor_screen_declaration (screen)->columns;
  gboolean descending = FALSE;
  g_auto (KontorBuffer) json = { 0 };

  while (column->name != NULL && !kontor_screen_sorted_by (screen, column, &descending))
    column++;
  kontor_buffer_puts (&json, "{\"name\":");
  kontor_buffer_string (&json, name);
  kontor_buffer_printf (&json, ",\"screen\":\"%s\",\"shared\":%s",
                        kontor_screen_declaration (screen)->name, shared ? "true" : "false");
  if (*kontor_screen_query (screen) != '\0')
    {
      kontor_buffer_puts (&json, ",\"query\":");
      kontor_buffer_string (&json, kontor_screen_query (screen));
    }
  if (column->name != NULL)
    kontor_buffer_printf (&json, ",\"sort\":\"%s\",\"descending\":%s", column->name,
                          descending ? "true" : "false");
  kontor_buffer_char (&json, '}');
  return queue (desk, "view.save", NULL, kontor_buffer_text (&json), error);
}

/**
 * kontor_views_delete:
 * @desk: a desk
 * @view: one of the person's own
 * @error: return location for a #GError
 *
 * Returns: whether that is queued
 */
gboolean
kontor_views_delete (KontorDesk *desk, const KontorSavedView *view, GError **error)
{
  return queue (desk, "view.delete", view->id, "{}", error);
}
