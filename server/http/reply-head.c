/* reply-head.c: the head of an HTTP reply. */
#include "server/http/reply-head.h"

#include <string.h>

static const struct
{
  guint       status;
  const char *reason;
} reasons[] = {
  { 200, "OK" },
  { 206, "Partial Content" },
  { 303, "See Other" },
  { 400, "Bad Request" },
  { 401, "Unauthorized" },
  { 402, "Payment Required" },
  { 403, "Forbidden" },
  { 404, "Not Found" },
  { 409, "Conflict" },
  { 410, "Gone" },
  { 413, "Content Too Large" },
  { 416, "Range Not Satisfiable" },
  { 422, "Unprocessable Content" },
  { 429, "Too Many Requests" },
  { 431, "Request Header Fields Too Large" },
  { 500, "Internal Server Error" },
  { 503, "Service Unavailable" },
};

static void
status_line (guint status, KontorBuffer *out)
{
  const char *reason = "Unknown";

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].status == status)
      {
        reason = reasons[i].reason;
        break;
      }
  kontor_buffer_literal (out, "HTTP/1.1 ");
  kontor_buffer_int (out, status);
  kontor_buffer_char (out, ' ');
  kontor_buffer_puts (out, reason);
  kontor_buffer_literal (out, "\r\n");
}

/* What came from outside may not end the line it stands in. */
static void
header (KontorBuffer *out, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  kontor_buffer_puts (out, name);
  kontor_buffer_literal (out, ": ");
  for (; *value != '\0'; value++)
    if (*value >= ' ' && *value <= '~')
      kontor_buffer_char (out, *value);
  kontor_buffer_literal (out, "\r\n");
}

#define CORS_HEADERS                                                                              \
  "Access-Control-Allow-Credentials: true\r\n"                                                    \
  "Access-Control-Allow-Methods: GET, HEAD, POST, DELETE, OPTIONS\r\n"                            \
  "Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key, Kontor-Account, "  \
  "Kontor-Mode, Stripe-Account, Stripe-Version, X-Stripe-Client-Telemetry, "                       \
  "X-Stripe-Client-User-Agent\r\n"                                                                 \
  "Access-Control-Expose-Headers: Request-Id, Idempotent-Replayed, Original-Request, "            \
  "Retry-After, Stripe-Should-Retry, Stripe-Version\r\n"                                          \
  "Access-Control-Max-Age: 300\r\n"

static void
seldom_headers (const KontorReply *reply, gboolean to_browser, KontorBuffer *out)
{
  header (out, "Original-Request", reply->original_request);
  header (out, "Location", reply->location);
  if (reply->replayed)
    kontor_buffer_literal (out, "Idempotent-Replayed: true\r\n");
  if (reply->should_retry_no)
    kontor_buffer_literal (out, "Stripe-Should-Retry: false\r\n");
  if (reply->rate_limited)
    kontor_buffer_literal (out, "Stripe-Rate-Limited-Reason: global-rate\r\n");
  if (reply->status == 401)
    kontor_buffer_literal (out, "WWW-Authenticate: Basic realm=\"Kontor\"\r\n");
  if (reply->retry_after_s != 0)
    kontor_buffer_printf (out, "Retry-After: %u\r\n", reply->retry_after_s);
  if (reply->headers != NULL)
    kontor_buffer_puts (out, reply->headers);
  if (to_browser)
    kontor_buffer_literal (out, CORS_HEADERS);
}

/**
 * kontor_reply_head_write:
 * @request: what was asked
 * @reply: what is answered
 * @date: the time of day as a header shows it
 * @is_last: the connection is closed after it
 * @to_browser: a page of another origin asks
 * @out: gets the head, with the empty line
 */
void
kontor_reply_head_write (const KontorRequest *request,
                         const KontorReply   *reply,
                         const char          *date,
                         gboolean             is_last,
                         gboolean             to_browser,
                         KontorBuffer        *out)
{
  status_line (reply->status, out);
  kontor_buffer_literal (out, "Server: Kontor\r\nDate: ");
  kontor_buffer_puts (out, date);
  kontor_buffer_literal (out, "\r\nContent-Type: ");
  kontor_buffer_puts (out, reply->content_type != NULL ? reply->content_type : "application/json");
  kontor_buffer_literal (out, "\r\nContent-Length: ");
  kontor_buffer_int (out, reply->file != NULL ? reply->file->length : (gint64) reply->body.length);
  kontor_buffer_literal (out, "\r\n"
                              "Access-Control-Allow-Origin: *\r\n"
                              "Cache-Control: no-cache, no-store\r\n"
                              "X-Content-Type-Options: nosniff\r\n");
  header (out, "Request-Id", request->id);
  header (out, "Stripe-Version", reply->api_version);
  header (out, "Idempotency-Key",
          request->refusal == KONTOR_ERROR_NONE ? request->idempotency_key : NULL);
  seldom_headers (reply, to_browser, out);
  if (is_last)
    kontor_buffer_literal (out, "Connection: close\r\n");
  kontor_buffer_literal (out, "\r\n");
}
