/* sync.c: what consoles copy: pages of the feed, the rows of a snapshot, sums to compare.
 *
 * A copy lies on somebody's disk. So nothing leaves here with which one could act for a customer, whoever asks. */
#include "server/engine/sync.h"

#include <string.h>

#include "server/store/op.h"

/* Members that a copy is not given. What an intent has to do next holds its secret too. */
static const struct
{
  guint kind;
  const char *names[4];
} hidden[] = {
  { KONTOR_KIND_PAYMENT_INTENT, { "client_secret", "next_action", "return_url" } },
  { KONTOR_KIND_SETUP_INTENT, { "client_secret", "next_action", "return_url" } },
};

static const char *const *
hidden_of (guint kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    if (hidden[i].kind == kind)
      return hidden[i].names;
  return NULL;
}

static const char *
skip_string (const char *at)
{
  for (at++; *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at + 1;
}

/* Past a value: to the comma or the brace after it. What stands in versions is JSON of our own writing. */
static const char *
skip_value (const char *at)
{
  guint depth = 0;

  for (;;)
    switch (*at)
      {
      case '"':
        at = skip_string (at);
        break;
      case '{':
      case '[':
        depth++;
        at++;
        break;
      case '}':
      case ']':
      case ',':
        if (depth == 0)
          return at;
        depth -= *at != ',';
        at++;
        break;
      default:
        at++;
      }
}

static gboolean
is_hidden (const char *const *names, const char *name)
{
  for (; *names != NULL; names++)
    {
      gsize length = strlen (*names);

      if (strncmp (name, *names, length) == 0 && name[length] == '"')
        return TRUE;
    }
  return FALSE;
}

/**
 * kontor_sync_body:
 * @kind: what it is
 * @body: slim JSON, as versions hold it
 * @length: of @body in bytes
 * @out: gets what a copy is given of it
 */
void
kontor_sync_body (guint kind, const char *body, gsize length, KontorBuffer *out)
{
  const char *const *names = hidden_of (kind);
  const char *at = body + 1, *end;

  if (names == NULL || length <= 2)
    {
      kontor_buffer_append (out, body, length);
      return;
    }
  kontor_buffer_char (out, '{');
  for (gsize start = out->length; *at == '"'; at = *end == ',' ? end + 1 : end)
    {
      end = skip_value (skip_string (at) + 1);
      if (is_hidden (names, at + 1))
        continue;
      if (out->length > start)
        kontor_buffer_char (out, ',');
      kontor_buffer_append (out, at, (gsize) (end - at));
    }
  kontor_buffer_char (out, '}');
}

/* The feed. */

/* Rows of these kinds alone do not wake who waits: each look at the feed may be a request too, and what moves money or
 * is done by a person changes objects as well. They come along with the next line, or when the wait is over. */
static gboolean
is_telling (guint kind)
{
  return kind != KONTOR_STREAM_REQUEST_LOG && kind != KONTOR_STREAM_LEDGER_ENTRY
         && kind != KONTOR_STREAM_AUDIT_ENTRY;
}

static gboolean
write_line (const KontorFeedRow *row, gpointer data)
{
  KontorSyncPage *page = data;
  KontorBuffer *out = page->out;

  kontor_buffer_literal (out, "{\"t\":\"");
  kontor_buffer_puts (out, row->kind->name);
  kontor_buffer_literal (out, "\",\"id\":");
  kontor_buffer_string (out, row->id);
  kontor_buffer_literal (out, ",\"v\":");
  kontor_buffer_int (out, row->version);
  if (row->gone)
    kontor_buffer_literal (out, ",\"gone\":true}\n");
  else
    {
      kontor_buffer_literal (out, ",\"c\":");
      kontor_buffer_int (out, row->created);
      kontor_buffer_literal (out, ",\"d\":");
      kontor_sync_body (row->kind->kind, row->body, row->length, out);
      kontor_buffer_literal (out, "}\n");
    }
  page->n_lines++;
  page->n_telling += is_telling (row->kind->kind);
  return page->n_lines < page->limit;
}

/* Rows of the log that are read for one page at most, others' and overtaken ones too. */
#define MOST_VERSIONS 50000

/* How far each stream may be read: all but requests rise in the order of commit. */
static const struct
{
  guint kind;
  gsize position;
} streams[] = {
  { KONTOR_KIND_EVENT, G_STRUCT_OFFSET (KontorFeedPosition, event) },
  { KONTOR_STREAM_WEBHOOK_ATTEMPT, G_STRUCT_OFFSET (KontorFeedPosition, attempt) },
  { KONTOR_STREAM_LEDGER_ENTRY, G_STRUCT_OFFSET (KontorFeedPosition, entry) },
  { KONTOR_STREAM_REQUEST_LOG, G_STRUCT_OFFSET (KontorFeedPosition, request) },
  { KONTOR_STREAM_NOTICE, G_STRUCT_OFFSET (KontorFeedPosition, notice) },
  { KONTOR_STREAM_AUDIT_ENTRY, G_STRUCT_OFFSET (KontorFeedPosition, audit) },
};

static gboolean
may_see (const KontorSyncView *view, guint kind)
{
  return ((view->kinds >> kontor_sync_kind (kind)->bit) & 1) != 0;
}

static gboolean
add_streams (KontorStore *store,
             const KontorSyncView *view,
             KontorFeedPosition *position,
             KontorFeedQuery *query,
             KontorSyncPage *page,
             GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams) && page->n_lines < page->limit; i++)
    {
      gboolean is_requests = streams[i].kind == KONTOR_STREAM_REQUEST_LOG, more = FALSE;

      if (!may_see (view, streams[i].kind))
        continue;
      if (!kontor_store_feed_stream (store, query, streams[i].kind,
                                     &G_STRUCT_MEMBER (gint64, position, streams[i].position),
                                     is_requests ? page->certain_request : G_MAXINT64, &more,
                                     error))
        return FALSE;
      page->more |= more;
    }
  return TRUE;
}

static void
write_ack (const KontorOpRow *row, KontorSyncPage *page)
{
  KontorBuffer *out = page->out;
  gsize length = row->length;

  while (length > 0 && row->result[length - 1] == '\n')
    length--;
  kontor_buffer_literal (out, "{\"ack\":");
  kontor_buffer_string (out, row->id);
  kontor_buffer_printf (out, ",\"state\":\"%s\",\"status\":%u,\"r\":", row->state, row->status);
  kontor_buffer_append (out, row->result, length);
  kontor_buffer_literal (out, "}\n");
  page->n_lines++;
  page->n_telling++;
}

/* What became of the console's own operations, also of those whose answer it did not get. */
static gboolean
add_acks (KontorStore *store,
          const KontorSyncView *view,
          gint64 *position,
          KontorSyncPage *page,
          GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorOpRow));
  guint most = page->limit - MIN (page->n_lines, page->limit);

  if (page->client == NULL)
    return TRUE;
  if (!kontor_store_op_after (store, page->arena, view->scope, page->client, *position, most, rows,
                              error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const KontorOpRow *row = &g_array_index (rows, KontorOpRow, i);

      write_ack (row, page);
      *position = row->number;
    }
  page->more |= rows->len == most;
  return TRUE;
}

/**
 * kontor_sync_page:
 * @store: a connection with an open transaction
 * @view: whose copy, and what it may hold
 * @position: (inout): how far it has come; moved past what the page holds
 * @page: (inout): how much is wanted, and what there was
 * @error: return location for a #GError
 *
 * Objects come first: a stream's line may name one, and a page that is full of objects holds nothing else.
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_sync_page (KontorStore *store,
                  const KontorSyncView *view,
                  KontorFeedPosition *position,
                  KontorSyncPage *page,
                  GError **error)
{
  KontorFeedQuery query = { .scope = view->scope,
                            .kinds = view->kinds,
                            .most = MOST_VERSIONS,
                            .each = write_line,
                            .data = page };

  page->n_lines = page->n_telling = 0;
  if (!kontor_store_feed_objects (store, &query, &position->version, &page->more, error))
    return FALSE;
  return page->more
         || (add_streams (store, view, position, &query, page, error)
             && add_acks (store, view, &position->op, page, error));
}

/**
 * kontor_sync_rows:
 * @store: a connection with an open transaction
 * @view: whose copy, and what it may hold
 * @kind: one with versions
 * @first: the lowest tick
 * @last: the highest tick
 * @page: (inout): how many rows are wanted, and what there was
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_sync_rows (KontorStore *store,
                  const KontorSyncView *view,
                  guint kind,
                  gint64 first,
                  gint64 last,
                  KontorSyncPage *page,
                  GError **error)
{
  KontorFeedQuery query
      = { .scope = view->scope, .kinds = view->kinds, .each = write_line, .data = page };

  page->n_lines = page->n_telling = 0;
  return kontor_store_feed_all (store, &query, kind, first, last, error);
}

/* The snapshot. */

/* Of each stream the newest rows; older ones can be had from the API. */
#define NEWEST 50000

typedef struct
{
  KontorSnapshot *snapshot;
  KontorSyncSum *sums; /* by bit of the kind */
  const gint *cancel;
  KontorBuffer body;
  GError *problem;
} Copying;

static gboolean
copy_row (const KontorFeedRow *row, gpointer data)
{
  Copying *copying = data;
  KontorSyncSum *sum = &copying->sums[row->kind->bit];
  KontorFeedRow shown = *row;

  copying->body.length = 0;
  kontor_sync_body (row->kind->kind, row->body, row->length, &copying->body);
  shown.body = copying->body.data;
  shown.length = copying->body.length;
  sum->n++;
  sum->sum += kontor_sync_digest (shown.id, shown.version, shown.body, shown.length);
  if (copying->cancel == NULL || !g_atomic_int_get (copying->cancel))
    return kontor_snapshot_add (copying->snapshot, &shown, &copying->problem);
  g_set_error_literal (&copying->problem, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
                       "a snapshot was given up: the server stops");
  return FALSE;
}

static gboolean
copy_stream (KontorStore *store,
             const KontorFeedQuery *query,
             guint kind,
             gint64 until,
             GError **error)
{
  gboolean more = FALSE;
  gint64 from;

  if (!kontor_store_feed_back (store, query->scope, kind, NEWEST, &from, error))
    return FALSE;
  do
    if (!kontor_store_feed_stream (store, query, kind, &from, until, &more, error))
      return FALSE;
  while (more && ((Copying *) query->data)->problem == NULL);
  return TRUE;
}

static gboolean
copy_all (KontorStore *store,
          const KontorSyncView *view,
          const KontorFeedQuery *query,
          const KontorFeedPosition *position,
          GError **error)
{
  const Copying *copying = query->data;
  const KontorSyncKind *kinds;
  guint n;

  kinds = kontor_sync_kinds (&n);
  for (guint i = 0; i < n && copying->problem == NULL; i++)
    if (kinds[i].has_versions && may_see (view, kinds[i].kind)
        && !kontor_store_feed_all (store, query, kinds[i].kind, 0, KONTOR_TICK_MASK, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (streams) && copying->problem == NULL; i++)
    if (may_see (view, streams[i].kind)
        && !copy_stream (store, query, streams[i].kind,
                         G_STRUCT_MEMBER (gint64, position, streams[i].position), error))
      return FALSE;
  return TRUE;
}

static gboolean
note_sums (const KontorSyncView *view, const Copying *copying, GError **error)
{
  g_autoptr (GString) digest = g_string_new ("{"), role = g_string_new (NULL);
  const KontorSyncKind *kinds;
  guint n;

  kinds = kontor_sync_kinds (&n);
  for (guint i = 0; i < n; i++)
    if (may_see (view, kinds[i].kind))
      {
        const KontorSyncSum *sum = &copying->sums[kinds[i].bit];

        g_string_append_printf (role, "%s%s", role->len > 0 ? " " : "", kinds[i].name);
        g_string_append_printf (digest, "%s\"%s\":[%u,\"%016" G_GINT64_MODIFIER "x\"]",
                                digest->len > 1 ? "," : "", kinds[i].name, sum->n, sum->sum);
      }
  g_string_append_c (digest, '}');
  return kontor_snapshot_meta (copying->snapshot, "digest", digest->str, error)
         && kontor_snapshot_meta (copying->snapshot, "role", role->str, error);
}

/**
 * kontor_sync_snapshot:
 * @store: a connection with an open transaction
 * @view: whose copy, and what it may hold
 * @snapshot: an empty replica
 * @position: (inout): in: how far the request log is certain; out: where the feed goes on after the snapshot
 * @error: return location for a #GError
 *
 * Returns: whether all rows were written, and what follows from them
 */
gboolean
kontor_sync_snapshot (KontorStore *store,
                      const KontorSyncView *view,
                      KontorSnapshot *snapshot,
                      KontorFeedPosition *position,
                      GError **error)
{
  KontorSyncSum sums[64] = { 0 };
  Copying copying = { .snapshot = snapshot, .sums = sums, .cancel = view->cancel };
  KontorFeedQuery query = {
    .scope = view->scope, .kinds = view->kinds, .most = G_MAXINT, .each = copy_row, .data = &copying
  };
  gint64 certain_request = position->request;
  gboolean done;

  if (!kontor_store_feed_now (store, view->scope, position, error))
    return FALSE;
  position->request = MIN (position->request, certain_request);
  done = copy_all (store, view, &query, position, error);
  kontor_buffer_clear (&copying.body);
  if (done && copying.problem == NULL)
    return note_sums (view, &copying, error);
  if (copying.problem != NULL)
    g_propagate_error (error, copying.problem);
  return FALSE;
}

/* Sums. */

typedef struct
{
  KontorSyncSumFunc each;
  gpointer data;
  KontorBuffer body;
} Summing;

static gboolean
sum_row (const KontorFeedRow *row, gpointer data)
{
  Summing *summing = data;

  summing->body.length = 0;
  kontor_sync_body (row->kind->kind, row->body, row->length, &summing->body);
  summing->each (
      row, kontor_sync_digest (row->id, row->version, summing->body.data, summing->body.length),
      summing->data);
  return TRUE;
}

/**
 * kontor_sync_sums:
 * @store: a connection with an open transaction
 * @view: whose copy
 * @kind: one with versions
 * @first: the lowest tick
 * @last: the highest tick
 * @each: called for each row that a copy should hold
 * @data: for @each
 * @error: return location for a #GError
 *
 * Returns: whether the rows could be read
 */
gboolean
kontor_sync_sums (KontorStore *store,
                  const KontorSyncView *view,
                  guint kind,
                  gint64 first,
                  gint64 last,
                  KontorSyncSumFunc each,
                  gpointer data,
                  GError **error)
{
  Summing summing = { .each = each, .data = data };
  KontorFeedQuery query
      = { .scope = view->scope, .kinds = view->kinds, .each = sum_row, .data = &summing };
  gboolean done = kontor_store_feed_all (store, &query, kind, first, last, error);

  kontor_buffer_clear (&summing.body);
  return done;
}
