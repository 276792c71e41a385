/* sync-cursor.c: where a copy stands, as text that only this server can make.
 *
 * It is bytes in a fixed order, ending with a keyed hash of them, in base64url: nobody can move it, and what it says of
 * its own scope and history is true. */
#include "server/http/sync.h"

#include <sodium.h>
#include <string.h>

#include "core/signature.h"
#include "server/http/reply.h"

#define PURPOSE "kontor sync cursor"
#define MAC_BYTES 16
#define MAX_BYTES 256

typedef struct
{
  guint32 schema, scope;
  guint64 kinds;
  guint8 epoch[16];
  KontorFeedPosition position;
  guint8 mac[MAC_BYTES];
} Cursor;

G_STATIC_ASSERT (sizeof (Cursor) == 4 + 4 + 8 + 16 + 8 * 8 + 16);

static void
make_mac (KontorApi *api, gconstpointer bytes, gsize length, guint8 mac[MAC_BYTES])
{
  guint8 text[sizeof PURPOSE + MAX_BYTES];

  g_assert (length <= MAX_BYTES);
  memcpy (text, PURPOSE, sizeof PURPOSE);
  memcpy (text + sizeof PURPOSE, bytes, length);
  kontor_hash16 (mac, api->hash_key, text, sizeof PURPOSE + length);
}

static void
name_epoch (KontorApi *api, const char *epoch, guint8 name[16])
{
  kontor_hash16 (name, api->hash_key, epoch, strlen (epoch));
}

/**
 * kontor_sync_cursor_write:
 * @api: the API
 * @arena: where the text is to live
 * @epoch: names the history of the database
 * @view: whose copy, and what it may hold
 * @position: how far it has come
 *
 * Returns: (transfer none): the cursor
 */
const char *
kontor_sync_cursor_write (KontorApi *api,
                          KontorArena *arena,
                          const char *epoch,
                          const KontorSyncView *view,
                          const KontorFeedPosition *position)
{
  Cursor cursor = {
    .schema = KONTOR_SYNC_SCHEMA, .scope = view->scope, .kinds = view->kinds, .position = *position
  };
  gsize size = sodium_base64_encoded_len (sizeof cursor, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *text = kontor_arena_alloc (arena, size);

  name_epoch (api, epoch, cursor.epoch);
  make_mac (api, &cursor, G_STRUCT_OFFSET (Cursor, mac), cursor.mac);
  return sodium_bin2base64 (text, size, (const guint8 *) &cursor, sizeof cursor,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* The reply is an error like any other, and a word more: what to do about it is not the same for all. */
static gboolean
ask_for_snapshot (KontorCall *call, const char *why, gboolean *gone)
{
  KontorError error = { 0 };

  kontor_error_set (&error, KONTOR_ERROR_RESNAPSHOT, "cursor", NULL);
  kontor_reply_error (call, &error);
  call->reply->body.length -= strlen ("}\n");
  kontor_buffer_printf (&call->reply->body, ",\"resnapshot\":true,\"why\":\"%s\"}\n", why);
  *gone = TRUE;
  return FALSE;
}

/* One of another schema may be of another length: it is still ours when its hash is right. */
static gboolean
decode (KontorCall *call, const char *text, Cursor *cursor)
{
  guint8 bytes[MAX_BYTES], mac[MAC_BYTES];
  gsize length = 0;

  if (sodium_base642bin (bytes, sizeof bytes, text, strlen (text), NULL, &length, NULL,
                         sodium_base64_VARIANT_URLSAFE_NO_PADDING)
          != 0
      || length < sizeof cursor->schema + MAC_BYTES)
    return FALSE;
  make_mac (call->api, bytes, length - MAC_BYTES, mac);
  if (sodium_memcmp (mac, bytes + length - MAC_BYTES, sizeof mac) != 0)
    return FALSE;
  memcpy (cursor, bytes, MIN (length, sizeof *cursor));
  if (length != sizeof *cursor)
    cursor->schema = 0;
  return TRUE;
}

/**
 * kontor_sync_cursor_read:
 * @call: a read
 * @text: what kontor_sync_cursor_write() gave, or anything else
 * @epoch: names the history of the database
 * @view: whose copy it should be, and what that may hold
 * @position: (out): how far it has come
 * @gone: (out): whether the reply asks for a new snapshot
 * @error: says that it is no cursor
 *
 * Returns: whether the copy can be carried on from there
 */
gboolean
kontor_sync_cursor_read (KontorCall *call,
                         const char *text,
                         const char *epoch,
                         const KontorSyncView *view,
                         KontorFeedPosition *position,
                         gboolean *gone,
                         KontorError *error)
{
  guint8 name[sizeof ((Cursor *) NULL)->epoch];
  gint64 first, last;
  Cursor cursor;

  *gone = FALSE;
  if (!decode (call, text, &cursor))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "cursor",
                             "This is not a cursor that this server handed out.");
  if (cursor.schema != KONTOR_SYNC_SCHEMA)
    return ask_for_snapshot (call, "schema", gone);
  if (cursor.scope != view->scope || cursor.kinds != view->kinds)
    return ask_for_snapshot (call, "scope", gone);
  name_epoch (call->api, epoch, name);
  if (memcmp (name, cursor.epoch, sizeof name) != 0)
    return ask_for_snapshot (call, "epoch", gone);
  if (!kontor_store_feed_bounds (call->store, &first, &last, &call->failure))
    return FALSE;
  /* A log that is shorter than it was is another one, whatever it calls itself. */
  if (cursor.position.version > last)
    return ask_for_snapshot (call, "epoch", gone);
  if (cursor.position.version + 1 < first && cursor.position.version != 0)
    return ask_for_snapshot (call, "horizon", gone);
  *position = cursor.position;
  return TRUE;
}
