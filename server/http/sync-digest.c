/* sync-digest.c: sums by which a copy is compared with the server, and the rows that were found to differ.
 *
 * A bucket is named by the first digits of its objects' ticks, in hexadecimal: "" holds everything, each two further
 * digits divide it by 256. Four digits are twelve hours, six are three minutes. */
#include "server/http/sync-digest.h"

#include <string.h>

#include "server/http/sync.h"

#define TICK_DIGITS (KONTOR_TICK_BITS / 4)
#define CHILDREN 256
/* A bucket with no more is told row by row. */
#define MOST_ROWS 1000

typedef struct
{
  const KontorSyncKind *kind;
  const char *name;
  guint digits;
  gint64 first, last;
} Bucket;

static gboolean
read_bucket (KontorCall *call, Bucket *bucket, KontorError *error)
{
  const char *text = kontor_params_string (call->params, "bucket");
  guint shift;

  bucket->name = text != NULL ? text : "";
  bucket->digits = (guint) strlen (bucket->name);
  if (bucket->digits > TICK_DIGITS || bucket->digits % 2 != 0
      || strspn (bucket->name, "0123456789abcdef") != bucket->digits)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "bucket",
                             "A bucket is named by an even number of digits, at most %d of "
                             "0123456789abcdef.",
                             TICK_DIGITS);
  shift = KONTOR_TICK_BITS - 4 * bucket->digits;
  bucket->first = bucket->digits == 0 ? 0 : g_ascii_strtoll (bucket->name, NULL, 16) << shift;
  bucket->last = bucket->first | ((G_GINT64_CONSTANT (1) << shift) - 1);
  return TRUE;
}

/* What cannot be seen does not exist. */
static gboolean
read_question (KontorCall *call, const KontorSyncView *view, Bucket *bucket, KontorError *error)
{
  const char *name = kontor_params_string (call->params, "t");

  bucket->kind = kontor_sync_kind_find (name);
  if (bucket->kind == NULL || !bucket->kind->has_versions
      || ((view->kinds >> bucket->kind->bit) & 1) == 0)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "t",
                             "There are no sums of '%.40s': name a kind of object that changes, "
                             "such as charge.",
                             name);
  return read_bucket (call, bucket, error);
}

typedef struct
{
  const Bucket *bucket;
  KontorSyncSum sum, children[CHILDREN];
  KontorBuffer rows; /* of the first ones, as JSON */
} Counting;

static void
count (const KontorFeedRow *row, guint64 digest, gpointer data)
{
  Counting *counting = data;
  guint digits = counting->bucket->digits;
  KontorBuffer *rows = &counting->rows;

  counting->sum.n++;
  counting->sum.sum += digest;
  if (digits < TICK_DIGITS)
    {
      KontorSyncSum *child
          = &counting->children[(row->number >> (KONTOR_TICK_BITS - 4 * digits - 8)) % CHILDREN];

      child->n++;
      child->sum += digest;
    }
  if (counting->sum.n > MOST_ROWS)
    return;
  kontor_buffer_literal (rows, ",[");
  kontor_buffer_string (rows, row->id);
  kontor_buffer_printf (rows, ",%" G_GINT64_FORMAT ",\"%016" G_GINT64_MODIFIER "x\"]", row->version,
                        digest);
}

static void
write_children (const Counting *counting, KontorBuffer *out)
{
  gboolean any = FALSE;

  kontor_buffer_literal (out, "\"buckets\":[");
  for (guint i = 0; i < CHILDREN; i++)
    if (counting->children[i].n > 0)
      {
        kontor_buffer_printf (
            out, "%s{\"bucket\":\"%s%02x\",\"n\":%u,\"sum\":\"%016" G_GINT64_MODIFIER "x\"}",
            any ? "," : "", counting->bucket->name, i, counting->children[i].n,
            counting->children[i].sum);
        any = TRUE;
      }
  kontor_buffer_char (out, ']');
}

static void
write_rows (const Counting *counting, KontorBuffer *out)
{
  kontor_buffer_literal (out, "\"rows\":[");
  if (counting->rows.length > 0)
    kontor_buffer_append (out, counting->rows.data + 1, counting->rows.length - 1);
  kontor_buffer_char (out, ']');
}

static gboolean
digest (KontorCall *call, KontorError *error)
{
  KontorBuffer *out = &call->reply->body;
  Bucket bucket;
  Counting counting = { .bucket = &bucket };
  gint64 oldest, newest;
  KontorSyncView view;
  gboolean done;

  kontor_sync_view (call, &view);
  if (!read_question (call, &view, &bucket, error)
      || !kontor_store_feed_bounds (call->store, &oldest, &newest, &call->failure))
    return FALSE;
  done = kontor_sync_sums (call->store, &view, bucket.kind->kind, bucket.first, bucket.last, count,
                           &counting, &call->failure);
  call->reply->status = 200;
  kontor_buffer_printf (out,
                        "{\"object\":\"kontor.sync_digest\",\"t\":\"%s\",\"bucket\":\"%s\","
                        "\"n\":%u,\"sum\":\"%016" G_GINT64_MODIFIER "x\",\"seq\":%" G_GINT64_FORMAT
                        ",",
                        bucket.kind->name, bucket.name, counting.sum.n, counting.sum.sum, newest);
  if (counting.sum.n <= MOST_ROWS)
    write_rows (&counting, out);
  else
    write_children (&counting, out);
  kontor_buffer_literal (out, "}\n");
  kontor_buffer_clear (&counting.rows);
  return done;
}

static gboolean
rows_of_bucket (KontorCall *call, KontorError *error)
{
  KontorSyncPage page = { .limit = MOST_ROWS + 1, .out = &call->reply->body };
  KontorSyncView view;
  Bucket bucket;

  kontor_sync_view (call, &view);
  if (!read_question (call, &view, &bucket, error)
      || !kontor_sync_rows (call->store, &view, bucket.kind->kind, bucket.first, bucket.last, &page,
                            &call->failure))
    return FALSE;
  if (page.n_lines > MOST_ROWS)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "bucket",
                             "This bucket holds more than %d rows: name a smaller one.", MOST_ROWS);
  call->reply->status = 200;
  call->reply->content_type = "application/x-ndjson";
  kontor_buffer_printf (&call->reply->body, "{\"n\":%u,\"at\":%" G_GINT64_FORMAT "}\n",
                        page.n_lines, call->now);
  return TRUE;
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const KontorField params[] = {
  { .name = "t",
    .type = KONTOR_STRING,
    .flags = PARAM | KONTOR_REQUIRED,
    .doc = "The kind of object, such as charge." },
  { .name = "bucket",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "The first digits of the ticks; everything when left out." },
  { NULL },
};

const KontorRoute kontor_sync_digest_routes[] = {
  { "GET", "/v1/kontor/sync/digest", KONTOR_SCOPE_KONTOR_READ, NULL, 0, digest,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_QUIET, params,
    "Sums of all that a copy should hold of one kind, to find what differs." },
  { "GET", "/v1/kontor/sync/rows", KONTOR_SCOPE_KONTOR_READ, NULL, 0, rows_of_bucket,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_QUIET, params,
    "The rows of a bucket, as lines of the feed, to mend a copy with." },
  { NULL },
};
