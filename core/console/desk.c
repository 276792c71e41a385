/* desk.c: one account of one server in one mode, as a console works with it.
 *
 * The copy, what keeps it up to date, what people want done, and the screens over them. A view asks
 * for a screen when it is first shown; from then on it is kept up to date here. */
#include "core/console/desk.h"

#include <string.h>

#include "core/console/fetch.h"
#include "core/console/rights.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/console/watch.h"

#define CHART_DAYS 30
#define CHARTS_S 3600 /* how long charts are of today at least */

/* A screen that was asked for. */
typedef struct
{
  const KontorScreenDeclaration *declaration;
  KontorScreen *screen;
  KontorSheet *sheet;  /* its own rows; %NULL: it shows the copy's */
  GPtrArray *charts;   /* of KontorChart; %NULL: rows are others than when they were made */
  gint64 charts_until; /* Unix seconds: a new day may begin */
} Place;

struct _KontorDesk
{
  GObject parent_instance;
  KontorProfile *profile;
  KontorClient *client;
  KontorReplica *replica;
  KontorSync *sync;
  KontorOutbox *outbox;
  KontorPush *push;
  char *problem;
  KontorSettings *settings;
  KontorWatch *watch;   /* %NULL: it was not started */
  KontorFormat format;
  KontorShelf *shelf;
  KontorList *objects;  /* without rows: single objects of the copy are read through it */
  GPtrArray *places;    /* of Place */
  KontorFetch *fetch;   /* what the copy lacks */
  GCancellable *cancellable;
  KontorRights *rights;
  gboolean was_online;
  gboolean read_only;
};

enum
{
  CHANGED,
  NEWS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (KontorDesk, kontor_desk, G_TYPE_OBJECT)

static void
place_free (gpointer data)
{
  Place *place = data;

  g_signal_handlers_disconnect_by_data (place->screen, place);
  kontor_screen_set_desk (place->screen, NULL);
  g_object_unref (place->screen);
  kontor_sheet_free (place->sheet);
  g_clear_pointer (&place->charts, g_ptr_array_unref);
  g_free (place);
}

/* ---------------------------------------------------------------------------------- changes -- */

static void
fill (KontorDesk *desk, guint when)
{
  for (guint i = 0; i < desk->places->len; i++)
    {
      Place *place = desk->places->pdata[i];

      if (place->sheet != NULL && (place->declaration->filled & when) != 0)
        place->declaration->fill (desk, place->screen, place->sheet);
    }
}

static void
tell (gpointer desk)
{
  g_signal_emit (desk, signals[CHANGED], 0);
}

static void
changed_cb (KontorSync *sync, GArray *keys, KontorDesk *desk)
{
  kontor_shelf_refresh (desk->shelf, (const gint64 *) (gpointer) keys->data, keys->len);
  tell (desk);
}

/* What is told of the copy's rows is told anew. */
static void
ready_cb (KontorShelf *shelf, const KontorIndexTable *table, KontorDesk *desk)
{
  for (guint i = 0; i < desk->places->len; i++)
    g_clear_pointer (&((Place *) desk->places->pdata[i])->charts, g_ptr_array_unref);
  fill (desk, KONTOR_FILL_ON_CHANGE);
  tell (desk);
}

static void
open_objects (KontorDesk *desk)
{
  kontor_list_set_source (desk->objects,
                          kontor_row_source_open (kontor_replica_file (desk->replica), NULL));
}

static void
replaced_cb (KontorSync *sync, KontorDesk *desk)
{
  open_objects (desk);
  kontor_shelf_reload (desk->shelf);
  (void) kontor_shelf_index (desk->shelf, &kontor_view_table); /* for a menu, which does not wait */
  tell (desk);
}

/* Lists that only the server has wait for it. */
static void
state_cb (KontorSync *sync, KontorDesk *desk)
{
  gboolean was_online = desk->was_online;

  desk->was_online = kontor_desk_is_online (desk);
  if (desk->was_online && !was_online)
    {
      kontor_rights_ask (desk->rights, desk->client, desk->cancellable);
      fill (desk, KONTOR_FILL_WHEN_SHOWN);
    }
  tell (desk);
}

static void
queue_cb (KontorOutbox *outbox, KontorDesk *desk)
{
  fill (desk, KONTOR_FILL_ON_QUEUE);
  tell (desk);
}

/* ------------------------------------------------------------------------------- life cycle -- */

static void
dispose (GObject *object)
{
  KontorDesk *desk = KONTOR_DESK (object);

  g_clear_pointer (&desk->watch, kontor_watch_free);
  if (desk->sync != NULL)
    g_signal_handlers_disconnect_by_data (desk->sync, desk);
  if (desk->outbox != NULL)
    g_signal_handlers_disconnect_by_data (desk->outbox, desk);
  g_cancellable_cancel (desk->cancellable);
  g_clear_pointer (&desk->places, g_ptr_array_unref);
  g_clear_pointer (&desk->fetch, kontor_fetch_free);
  g_clear_pointer (&desk->rights, kontor_rights_free);
  g_clear_object (&desk->push);
  g_clear_object (&desk->outbox);
  g_clear_object (&desk->sync);
  if (desk->shelf != NULL)
    g_signal_handlers_disconnect_by_data (desk->shelf, desk);
  g_clear_object (&desk->shelf);
  g_clear_object (&desk->objects);
  g_clear_object (&desk->client);
  if (desk->settings != NULL)
    g_signal_handlers_disconnect_by_data (desk->settings, desk);
  g_clear_object (&desk->settings);
  G_OBJECT_CLASS (kontor_desk_parent_class)->dispose (object);
}

/* A worker may still hold the sync, and it the copy: that goes with the process. */
static void
finalize (GObject *object)
{
  KontorDesk *desk = KONTOR_DESK (object);

  g_clear_pointer (&desk->profile, kontor_profile_free);
  g_clear_pointer (&desk->format.zone, g_time_zone_unref);
  g_clear_object (&desk->cancellable);
  g_free (desk->problem);
  G_OBJECT_CLASS (kontor_desk_parent_class)->finalize (object);
}

static void
kontor_desk_class_init (KontorDeskClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = dispose;
  object_class->finalize = finalize;
  /**
   * KontorDesk::changed:
   * @desk: the desk
   *
   * What a console's bars say may be another: the state of the copy, or of the queue.
   */
  signals[CHANGED] = g_signal_new ("changed", KONTOR_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  /**
   * KontorDesk::news:
   * @desk: the desk
   * @notification: (type KontorNotification): what the person should be told, for this emission
   */
  signals[NEWS] = g_signal_new ("news", KONTOR_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
kontor_desk_init (KontorDesk *desk)
{
  desk->places = g_ptr_array_new_with_free_func (place_free);
  desk->cancellable = g_cancellable_new ();
  kontor_format_init (&desk->format);
}

/* Without a queue everything can be read all the same. */
static void
open_queue (KontorDesk *desk, const char *folder)
{
  g_autoptr (GError) error = NULL;

  desk->outbox = kontor_outbox_open (folder, &error);
  if (desk->outbox == NULL)
    {
      desk->problem = g_strdup (error->message);
      return;
    }
  desk->push = kontor_push_new (desk->client, desk->outbox, desk->replica, desk->sync);
  g_signal_connect (desk->outbox, "changed", G_CALLBACK (queue_cb), desk);
}

/**
 * kontor_desk_new:
 * @profile: (transfer full): the server, and the key it is asked with
 * @folder: where the copy of its data lies, and the queue
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the desk, which asks the server nothing yet; %NULL when the folder
 * cannot be used
 */
KontorDesk *
kontor_desk_new (KontorProfile *profile, const char *folder, GError **error)
{
  KontorReplica *replica = kontor_replica_open (folder, error);
  KontorDesk *desk;

  if (replica == NULL)
    {
      kontor_profile_free (profile);
      return NULL;
    }
  desk = g_object_new (KONTOR_TYPE_DESK, NULL);
  desk->profile = profile;
  desk->replica = replica;
  desk->client = kontor_client_new_for (profile);
  desk->sync = kontor_sync_new (desk->client, replica);
  desk->shelf = kontor_shelf_new (kontor_replica_file (replica));
  g_signal_connect (desk->shelf, "ready", G_CALLBACK (ready_cb), desk);
  desk->objects = kontor_list_new (NULL);
  desk->fetch = kontor_fetch_new (desk->client, tell, desk);
  open_objects (desk);
  open_queue (desk, folder);
  desk->rights = kontor_rights_new (desk->profile, desk->outbox);
  g_signal_connect (desk->sync, "changed", G_CALLBACK (changed_cb), desk);
  g_signal_connect (desk->sync, "replaced", G_CALLBACK (replaced_cb), desk);
  g_signal_connect (desk->sync, "state", G_CALLBACK (state_cb), desk);
  return desk;
}

/* What is not set stays as the process' locale has it. */
static void
follow_settings (KontorDesk *desk)
{
  const char *zone = kontor_settings_text (desk->settings, "zone");

  g_clear_pointer (&desk->format.zone, g_time_zone_unref);
  if (*zone != '\0')
    desk->format.zone = g_time_zone_new_identifier (zone);
  if (desk->format.zone == NULL)
    desk->format.zone = g_time_zone_new_local ();
  desk->format.local_dates = strcmp (kontor_settings_text (desk->settings, "dates"), "locale") == 0;
  tell (desk);
}

static void
preferred_cb (KontorSettings *settings, const char *name, KontorDesk *desk)
{
  follow_settings (desk);
  fill (desk, KONTOR_FILL_ON_SETTING);
}

/**
 * kontor_desk_set_settings:
 * @desk: a desk that was not asked for a screen yet
 * @settings: what the person prefers
 */
void
kontor_desk_set_settings (KontorDesk *desk, KontorSettings *settings)
{
  g_return_if_fail (desk->settings == NULL && desk->places->len == 0);
  desk->settings = g_object_ref (settings);
  g_signal_connect (settings, "changed", G_CALLBACK (preferred_cb), desk);
  follow_settings (desk);
}

/**
 * kontor_desk_start:
 * @desk: a desk
 *
 * Begins to ask the server and to send what is queued.
 */
void
kontor_desk_start (KontorDesk *desk)
{
  g_clear_pointer (&desk->watch, kontor_watch_free);
  desk->watch = kontor_watch_new (desk);
  if (desk->push != NULL)
    kontor_push_start (desk->push);
  (void) kontor_shelf_index (desk->shelf, &kontor_view_table);
  kontor_sync_start (desk->sync);
}

/**
 * kontor_desk_stop:
 * @desk: a desk
 *
 * Asks and sends nothing any more, and keeps what the next start can do without reading.
 */
void
kontor_desk_stop (KontorDesk *desk)
{
  if (desk->push != NULL)
    kontor_push_stop (desk->push);
  kontor_sync_stop (desk->sync);
  if (kontor_replica_is_ours (desk->replica))
    kontor_shelf_save (desk->shelf);
}

/**
 * kontor_desk_refresh:
 * @desk: a desk
 * @screen: (nullable): what the person looks at; %NULL: whatever that is
 *
 * Asks the server at once for what is new, and sends what waits.
 */
void
kontor_desk_refresh (KontorDesk *desk, KontorScreen *screen)
{
  kontor_sync_now (desk->sync);
  if (desk->push != NULL)
    kontor_push_now (desk->push);
  for (guint i = 0; i < desk->places->len; i++)
    {
      Place *place = desk->places->pdata[i];

      if ((screen == NULL || place->screen == screen) && place->sheet != NULL)
        place->declaration->fill (desk, place->screen, place->sheet);
    }
}

/* -------------------------------------------------------------------------------- what it has -- */

/**
 * kontor_desk_profile:
 * @desk: a desk
 *
 * Returns: the server, and the key it is asked with
 */
const KontorProfile *
kontor_desk_profile (KontorDesk *desk)
{
  return desk->profile;
}

/**
 * kontor_desk_client:
 * @desk: a desk
 *
 * Returns: (transfer none): what the server is asked by
 */
KontorClient *
kontor_desk_client (KontorDesk *desk)
{
  return desk->client;
}

/**
 * kontor_desk_cancellable:
 * @desk: a desk
 *
 * Returns: (transfer none): cancelled when @desk goes, with all that was asked for it
 */
GCancellable *
kontor_desk_cancellable (KontorDesk *desk)
{
  return desk->cancellable;
}

/**
 * kontor_desk_replica:
 * @desk: a desk
 *
 * Returns: (transfer none): the copy
 */
KontorReplica *
kontor_desk_replica (KontorDesk *desk)
{
  return desk->replica;
}

/**
 * kontor_desk_sync:
 * @desk: a desk
 *
 * Returns: (transfer none): what keeps the copy up to date
 */
KontorSync *
kontor_desk_sync (KontorDesk *desk)
{
  return desk->sync;
}

/**
 * kontor_desk_outbox:
 * @desk: a desk
 *
 * Returns: (transfer none) (nullable): what is to be done; %NULL when it cannot be written
 */
KontorOutbox *
kontor_desk_outbox (KontorDesk *desk)
{
  return desk->outbox;
}

/**
 * kontor_desk_problem:
 * @desk: a desk
 *
 * Returns: (nullable): why nothing can be queued
 */
const char *
kontor_desk_problem (KontorDesk *desk)
{
  return desk->problem;
}

/**
 * kontor_desk_format:
 * @desk: a desk
 *
 * Returns: how the person reads and writes
 */
const KontorFormat *
kontor_desk_format (KontorDesk *desk)
{
  return &desk->format;
}

/**
 * kontor_desk_settings:
 * @desk: a desk
 *
 * Returns: (transfer none) (nullable): what the person prefers; %NULL: everything as at first
 */
KontorSettings *
kontor_desk_settings (KontorDesk *desk)
{
  return desk->settings;
}

/**
 * kontor_desk_shelf:
 * @desk: a desk
 *
 * Returns: (transfer none): the indexes of the copy
 */
KontorShelf *
kontor_desk_shelf (KontorDesk *desk)
{
  return desk->shelf;
}

/* Before it knows the desk, where it would be remembered. */
static void
recall_sort (KontorDesk *desk, KontorScreen *screen)
{
  const KontorColumn *column = kontor_screen_declaration (screen)->columns;
  gboolean wanted = FALSE, descending;
  g_autofree char *name
      = kontor_settings_sort (desk->settings, kontor_screen_declaration (screen)->name, &wanted);

  while (name != NULL && column->name != NULL && strcmp (column->name, name) != 0)
    column++;
  if (name == NULL || column->name == NULL || column->sort == KONTOR_INDEX_NO_COLUMN)
    return;
  if (!kontor_screen_sorted_by (screen, column, &descending))
    kontor_screen_sort (screen, column);
  if (kontor_screen_sorted_by (screen, column, &descending) && descending != wanted)
    kontor_screen_sort (screen, column);
}

/**
 * kontor_desk_screen:
 * @desk: a desk
 * @declaration: what is to be shown: static
 *
 * Returns: (transfer none): the screen, always the same
 */
KontorScreen *
kontor_desk_screen (KontorDesk *desk, const KontorScreenDeclaration *declaration)
{
  Place *place;

  for (guint i = 0; i < desk->places->len; i++)
    {
      place = desk->places->pdata[i];
      if (place->declaration == declaration)
        return place->screen;
    }
  place = g_new0 (Place, 1);
  place->declaration = declaration;
  if (declaration->fill != NULL)
    place->sheet = kontor_sheet_new ();
  place->screen = kontor_screen_new (
      declaration, place->sheet != NULL ? kontor_sheet_shelf (place->sheet) : desk->shelf,
      &desk->format);
  recall_sort (desk, place->screen);
  kontor_screen_set_desk (place->screen, desk);
  g_ptr_array_add (desk->places, place);
  if (place->sheet != NULL)
    declaration->fill (desk, place->screen, place->sheet);
  return place->screen;
}

/**
 * kontor_desk_load:
 * @desk: a desk
 * @key: of an object of the copy
 *
 * Returns: (transfer full) (nullable): the object as it stands there; %NULL when there is none
 */
KontorItem *
kontor_desk_load (KontorDesk *desk, gint64 key)
{
  g_autoptr (KontorItem) item = kontor_list_load (desk->objects, key);

  return kontor_item_body (item) != NULL ? g_steal_pointer (&item) : NULL;
}

/**
 * kontor_desk_record:
 * @desk: a desk
 * @item: what kontor_desk_load() gave
 *
 * Returns: (transfer none): the object with those that belong to it
 */
const KontorRecord *
kontor_desk_record (KontorDesk *desk, KontorItem *item)
{
  return kontor_record_of (desk->objects, item);
}

static void
make_charts (KontorDesk *desk, Place *place, gint64 now)
{
  const KontorScreenDeclaration *declaration = place->declaration;

  g_clear_pointer (&place->charts, g_ptr_array_unref);
  place->charts = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_chart_free);
  place->charts_until = (now / CHARTS_S + 1) * CHARTS_S;
  for (guint i = 0; i < declaration->n_charts; i++)
    {
      KontorIndex *index = kontor_shelf_index (desk->shelf, declaration->charts[i].table);

      if (index != NULL)
        g_ptr_array_add (place->charts, kontor_chart_new (&declaration->charts[i], index,
                                                          &desk->format, now, CHART_DAYS));
    }
}

/**
 * kontor_desk_charts:
 * @desk: a desk
 * @declaration: of a screen that was asked for
 *
 * Returns: (transfer none) (element-type KontorChart): its charts, as far as their tables are read
 */
GPtrArray *
kontor_desk_charts (KontorDesk *desk, const KontorScreenDeclaration *declaration)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < desk->places->len; i++)
    {
      Place *place = desk->places->pdata[i];

      if (place->declaration != declaration)
        continue;
      if (place->charts == NULL || now >= place->charts_until)
        make_charts (desk, place, now);
      return place->charts;
    }
  g_return_val_if_reached (NULL);
}

/**
 * kontor_desk_fetch:
 * @desk: a desk
 * @path: "/v1/events/evt_…"
 *
 * For what is looked at and not in the copy. It is asked for, and "changed" comes when it is there.
 *
 * Returns: (nullable): what the server answers to a GET of it; %NULL: not yet, or it is not reached
 */
const char *
kontor_desk_fetch (KontorDesk *desk, const char *path)
{
  return kontor_fetch_get (desk->fetch, path, kontor_desk_is_online (desk));
}

/**
 * kontor_desk_find:
 * @desk: a desk
 * @id: of an object
 *
 * Returns: (nullable): the screen on which it is
 */
const KontorScreenDeclaration *
kontor_desk_find (KontorDesk *desk, const char *id)
{
  const KontorResource *resource = kontor_resource_by_prefix (id);

  for (guint i = 0; kontor_screens[i] != NULL; i++)
    {
      const char *prefix = kontor_screens[i]->prefix;

      if (resource != NULL && kontor_screens[i]->table->parts[0].kind == resource->kind)
        return kontor_screens[i];
      if (prefix != NULL && g_str_has_prefix (id, prefix) && id[strlen (prefix)] == '_')
        return kontor_screens[i];
    }
  return NULL;
}

/**
 * kontor_desk_is_online:
 * @desk: a desk
 *
 * Returns: whether the server answered when it was last asked
 */
gboolean
kontor_desk_is_online (KontorDesk *desk)
{
  KontorSyncState state = kontor_sync_state (desk->sync);

  return state == KONTOR_SYNC_CURRENT || state == KONTOR_SYNC_CATCHING_UP
         || state == KONTOR_SYNC_READING;
}

/**
 * kontor_desk_actor:
 * @desk: a desk
 *
 * Returns: (nullable): the id of the person, or of the key, as whom one works here; %NULL: not known
 */
const char *
kontor_desk_actor (KontorDesk *desk)
{
  return kontor_rights_actor (desk->rights);
}

/**
 * kontor_desk_may:
 * @desk: a desk
 * @scope: (nullable): "refunds_write"; %NULL: what everybody may do
 *
 * Returns: whether the server would let it be done, as far as is known
 */
gboolean
kontor_desk_may (KontorDesk *desk, const char *scope)
{
  return scope == NULL || kontor_rights_may (desk->rights, scope);
}

/**
 * kontor_desk_is_in_trouble:
 * @desk: a desk
 *
 * Returns: whether the state is one that a person should see at a glance
 */
gboolean
kontor_desk_is_in_trouble (KontorDesk *desk)
{
  KontorSyncState state = kontor_sync_state (desk->sync);

  return state == KONTOR_SYNC_OFFLINE || state == KONTOR_SYNC_REFUSED || state == KONTOR_SYNC_FULL;
}

static char *
sync_text (KontorDesk *desk)
{
  gint64 at = kontor_sync_at (desk->sync);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at);
  g_autoptr (GDateTime) here = g_date_time_to_timezone (utc, desk->format.zone);
  g_autofree char *time = at > 0 ? g_date_time_format (here, "%H:%M:%S") : NULL;

  switch (kontor_sync_state (desk->sync))
    {
    case KONTOR_SYNC_FETCHING:
      return g_strdup_printf (_ ("copying %d %%"), (int) (kontor_sync_progress (desk->sync) * 100));
    case KONTOR_SYNC_CATCHING_UP:
      return g_strdup (_ ("catching up…"));
    case KONTOR_SYNC_CURRENT:
      return g_strdup_printf (_ ("synced %s"), time != NULL ? time : "");
    case KONTOR_SYNC_OFFLINE:
      return time != NULL ? g_strdup_printf (_ ("OFFLINE since %s"), time)
                          : g_strdup (_ ("OFFLINE"));
    case KONTOR_SYNC_REFUSED:
      return g_strdup (kontor_profile_is_person (desk->profile) ? _ ("SIGN IN AGAIN: kontor login")
                                                                : _ ("KEY REFUSED"));
    case KONTOR_SYNC_READING:
      return g_strdup (_ ("read only: kept by another console"));
    case KONTOR_SYNC_FULL:
      return g_strdup (_ ("DISK FULL?"));
    default:
      return g_strdup (_ ("not synced"));
    }
}

/**
 * kontor_desk_state:
 * @desk: a desk
 *
 * Returns: (transfer full): a few words, as in "synced 12:04:07 · 3 queued"
 */
char *
kontor_desk_state (KontorDesk *desk)
{
  g_autofree char *sync = sync_text (desk);
  guint n = desk->outbox != NULL ? kontor_outbox_count (desk->outbox, KONTOR_QUEUED_OPEN) : 0;

  return n > 0 ? g_strdup_printf (_ ("%s · %u queued"), sync, n) : g_steal_pointer (&sync);
}

/**
 * kontor_desk_read_only:
 * @desk: a desk
 *
 * Returns: whether nothing may be changed from here, whoever asks
 */
gboolean
kontor_desk_read_only (KontorDesk *desk)
{
  return desk->read_only;
}

/**
 * kontor_desk_set_read_only:
 * @desk: a desk
 * @read_only: whether nothing may be changed from here from now on
 */
void
kontor_desk_set_read_only (KontorDesk *desk, gboolean read_only)
{
  desk->read_only = read_only;
  tell (desk);
}
