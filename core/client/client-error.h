/* client-error.h: what can go wrong between a client and a Kontor server. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KONTOR_CLIENT_ERROR (kontor_client_error_quark ())

/* What the person can do about it, rather than which status it was. */
typedef enum
{
  KONTOR_CLIENT_ERROR_REFUSED,     /* the server says no: change the request */
  KONTOR_CLIENT_ERROR_KEY,         /* 401, 403: sign in with another key */
  KONTOR_CLIENT_ERROR_MISSING,     /* 404: there is no such object or path */
  KONTOR_CLIENT_ERROR_BUSY,        /* 409, 429, 5xx, also after some retries: ask again later */
  KONTOR_CLIENT_ERROR_UNREACHABLE, /* no connection, or no whole answer */
  KONTOR_CLIENT_ERROR_STRANGE,     /* an answer that is not in the server's language */
  KONTOR_CLIENT_ERROR_PROFILE,     /* no usable profile: sign in first */
  KONTOR_CLIENT_ERROR_SETTING,     /* a URL, a name or a key that cannot be right */
} KontorClientError;

/* What the server said, in the words of its error object. Each text is %NULL when it said none. */
typedef struct
{
  guint status;     /* HTTP; 0: there was no answer */
  guint wait_s;     /* how long the server asked to be left alone; 0: it did not */
  char *type, *code, *decline_code, *param, *request_id;
  char *body;       /* the reply as it came; JSON when the server is one of ours */
} KontorRefusal;

GQuark               kontor_client_error_quark    (void);
const KontorRefusal *kontor_client_error_refusal  (const GError *error);
GError              *kontor_client_error_of_reply (guint       status,
                                                   const char *request_id,
                                                   const char *body,
                                                   gsize       length);

void                 kontor_client_error_set_wait (GError *error, guint wait_s);

G_END_DECLS
