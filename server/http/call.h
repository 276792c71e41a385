/* call.h: a request on its way through the layers, free of any HTTP library. */
#pragma once

#include "server/engine/engine.h"
#include "server/store/object.h"

G_BEGIN_DECLS

/* What the front hands in. All strings live in @arena or as long as the request. */
typedef struct
{
  KontorArena *arena;
  const char  *method;          /* "POST" */
  const char  *path;            /* decoded nowhere: "/v1/refunds/re_1" */
  const char  *query;           /* after "?", or %NULL */
  const char  *authorization, *content_type, *idempotency_key, *api_version, *account;
  /* of people: for which merchant and in which mode they act, and with what program */
  const char  *acting_for, *mode, *agent;
  const char  *range, *if_range, *accept_encoding;
  const char  *remote;          /* the client's address as text */
  const char  *body;
  gsize        body_length;
  /* of the front, which then did not read on; else KONTOR_ERROR_NONE */
  KontorErrorCode refusal;
  const char  *problem;         /* its sentence; %NULL: that of the table */
  gint64       started_us;      /* monotonic */
  gint64       tick;            /* of the request: names its row in the log */
  const char  *id;              /* "req_…" */
} KontorRequest;

/* A part of a file, sent in the place of a body. */
typedef struct
{
  int    fd;                    /* closed once it was sent, or not sent */
  gint64 from, length;
} KontorFilePart;

/* What the front sends back. */
typedef struct
{
  guint        status;
  const char  *content_type;    /* %NULL: application/json */
  const char  *location;        /* of a redirect */
  /* id of the request whose reply this repeats: sets Idempotent-Replayed too */
  const char  *original_request;
  guint        retry_after_s;   /* 0: no header */
  /* sets Idempotent-Replayed also when the first request is not known */
  gboolean     replayed;
  gboolean     should_retry_no; /* Stripe-Should-Retry: false */
  gboolean     rate_limited;    /* sets Stripe-Rate-Limited-Reason */
  const char  *api_version;     /* echoed as Stripe-Version */
  const char  *headers;         /* further ones, whole lines; %NULL: none */
  KontorFilePart *file;         /* instead of @body; %NULL: none */
  KontorBuffer body;
} KontorReply;

typedef struct
{
  gint64      number;           /* api_keys.number */
  guint       scope;
  enum { KONTOR_KEY_SECRET, KONTOR_KEY_PUBLISHABLE, KONTOR_KEY_RESTRICTED } type;
  guint64     scopes;           /* of a restricted key: bits of KontorScopeBit */
} KontorKey;

/* Somebody who has signed in. */
typedef struct
{
  gint64      user;             /* users.key */
  const char *id, *email, *name;
  int         role;             /* KontorRoleNumber in the account of the call; -1: none there */
  gint64      session;          /* sessions.number */
} KontorPerson;

/* What a restricted key or a role may be allowed; a row each in key.c. Even bits read, odd bits
 * write. */
typedef enum
{
  KONTOR_SCOPE_NONE            = 0,           /* any secret key */
  KONTOR_SCOPE_CUSTOMERS_READ  = 1 << 0,  KONTOR_SCOPE_CUSTOMERS_WRITE  = 1 << 1,
  KONTOR_SCOPE_PAYMENT_METHODS_READ = 1 << 2, KONTOR_SCOPE_PAYMENT_METHODS_WRITE = 1 << 3,
  KONTOR_SCOPE_PAYMENT_INTENTS_READ = 1 << 4, KONTOR_SCOPE_PAYMENT_INTENTS_WRITE = 1 << 5,
  KONTOR_SCOPE_SETUP_INTENTS_READ = 1 << 6, KONTOR_SCOPE_SETUP_INTENTS_WRITE = 1 << 7,
  /* and refunds, as at Stripe */
  KONTOR_SCOPE_CHARGES_READ    = 1 << 8,  KONTOR_SCOPE_CHARGES_WRITE    = 1 << 9,
  KONTOR_SCOPE_BALANCE_READ    = 1 << 10,
  KONTOR_SCOPE_EVENTS_READ     = 1 << 12,
  KONTOR_SCOPE_ACCOUNT_READ    = 1 << 14, KONTOR_SCOPE_ACCOUNT_WRITE = 1 << 15,
  /* /v1/kontor: logs, and what has no scope of its own */
  KONTOR_SCOPE_KONTOR_READ     = 1 << 16, KONTOR_SCOPE_KONTOR_WRITE  = 1 << 17,
  KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ = 1 << 18, KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE = 1 << 19,
  KONTOR_SCOPE_REFUNDS_READ    = 1 << 24, KONTOR_SCOPE_REFUNDS_WRITE = 1 << 25,
  KONTOR_SCOPE_KEYS_READ       = 1 << 26, KONTOR_SCOPE_KEYS_WRITE    = 1 << 27,
  KONTOR_SCOPE_PEOPLE_READ     = 1 << 28, KONTOR_SCOPE_PEOPLE_WRITE  = 1 << 29,
  KONTOR_SCOPE_AUDIT_READ      = 1 << 30,
} KontorScopeBit;

typedef struct _KontorCall  KontorCall;
typedef struct _KontorRoute KontorRoute;
typedef struct _KontorApi   KontorApi;
typedef struct _KontorEndpoint KontorEndpoint;
typedef struct _KontorMemo  KontorMemo;

/* A handler fills the reply by one of kontor_call_…(), or returns %FALSE with @error. An error
 * after kontor_tx_save() drops the writes unless call->keep_writes was set (a declined card is
 * recorded and is an error). */
typedef gboolean (*KontorHandler) (KontorCall *call, KontorError *error);

typedef enum
{
  /* GET: on the HTTP thread with a read-only connection, call->tx is %NULL */
  KONTOR_ROUTE_READ        = 1 << 0,
  /* a publishable key may call it, given the object's client_secret */
  KONTOR_ROUTE_CLIENT      = 1 << 1,
  KONTOR_ROUTE_OPEN        = 1 << 2, /* no key at all: pages for the customer, health */
  KONTOR_ROUTE_SEARCH      = 1 << 3,
  /* the reply is something else than the resource whose table checks the parameters */
  KONTOR_ROUTE_OTHER       = 1 << 4,
  /* only somebody who has signed in; with KONTOR_SCOPE_NONE whatever their role */
  KONTOR_ROUTE_PERSON      = 1 << 5,
  KONTOR_ROUTE_ANYBODY     = 1 << 6, /* any person and any key but a publishable one */
  /* not logged when it goes well: it is asked again and again */
  KONTOR_ROUTE_QUIET       = 1 << 8,
  KONTOR_ROUTE_NOTED       = 1 << 9, /* in the audit log, whoever does it */
} KontorRouteFlags;

struct _KontorRoute
{
  const char           *method;
  const char           *path;       /* "/v1/refunds/:id/cancel" */
  KontorScopeBit        scope;
  const KontorResource *resource;   /* its table checks the parameters and expand[] */
  guint32               operation;  /* KONTOR_IN_… */
  KontorHandler         handler;
  guint32               flags;
  const KontorField    *extra;      /* further parameters */
  const char           *doc;        /* one sentence */
  /* What takes too long for the engine and the thread of a socket (a password's hash): done before
   * the handler, on a thread beside them. %FALSE with @error ends the call. %NULL: nothing */
  KontorHandler         aside;
};

/* Of a call that waits for something to happen; see server/http/wait.h. */
typedef struct
{
  gint64   until_us;       /* monotonic; 0: it has not waited */
  guint    what;           /* KontorCommit after which it is run again */
  gint64   seen;           /* the handler's own: how far it has looked; 0: not yet */
  gboolean goes_on;        /* its handler has no answer yet */
  gboolean over;           /* its handler must answer now */
  gboolean fresh;          /* it was not run again yet */
  int      key_generation; /* of the API, when the key was last looked at */
  gint     gone;           /* atomic: the client is no more there */
} KontorWaiting;

struct _KontorCall
{
  KontorOp             op;          /* first: the engine runs it */
  KontorApi           *api;
  const KontorRoute   *route;
  const KontorRequest *request;
  KontorReply         *reply;
  KontorArena         *arena;
  /* of a person: what their role may */
  KontorKey            key;
  const KontorPerson  *person;      /* %NULL: a program with a key */
  gpointer             aside;       /* what the route's aside() found out */
  guint                scope;
  gint64               now;         /* Unix seconds */
  const KontorValue   *params;      /* checked */
  const char          *ids[2];      /* from the path, in order */
  KontorExpand        *expand;
  KontorStore         *store;       /* reads: this thread's own connection; writes: the engine's */
  KontorTx            *tx;          /* writes only */
  gboolean             keep_writes;
  gboolean             keep_no_reply; /* it holds a secret: not to be kept for a replay */
  gboolean             seal_reply;    /* it holds a secret: kept for a replay in the vault */
  /* caches of API keys forget what they know once this is committed */
  gboolean             keys_changed;
  /* the reply is just this version of an object: enough for a replay */
  gint64               reply_version;
  GError              *failure;     /* the database failed */
  /* Set by the handler of a read whose reply is not there yet: takes the call over, and
   * kontor_call_finish() ends it, on whichever thread. */
  void               (*later) (KontorCall *call);
  /* the front's: the reply may be sent; on any thread */
  void               (*finished) (KontorCall *call);
  gpointer             front;

  /* The layer's own. */
  const KontorEndpoint *endpoint;
  KontorErrorCode      refusal;       /* what the reply says, KONTOR_ERROR_NONE when it went well */
  gboolean             wants_total;   /* a search with expand[]=total_count */
  /* the Idempotency-Key is held by this call until it is done */
  gboolean             claimed;
  guint8               idempotency_hash[16], params_hash[16];
  const char          *logged_params; /* redacted JSON */
  KontorMemo          *memo;          /* objects loaded to expand an id */
  KontorWaiting        waiting;
  gint64               pending;       /* since which second: see pending.h; 0: it is not */
};

gboolean kontor_call_check_params (KontorCall *call, KontorError *error);
/* Ends a call that was taken over by its later(). */
void     kontor_call_finish  (KontorCall *call, gboolean went_well, const KontorError *error);

/* Replies. */
void     kontor_call_object  (KontorCall *call, const KontorObject *object);
/* {"id":…,"object":…,"deleted":true} */
gboolean kontor_call_deleted (KontorCall *call, const KontorObject *object);
/* A page of @resource with the filters that route's table marks KONTOR_IN_LIST and
 * KONTOR_COLUMN. Further filters may be put in @query. */
gboolean kontor_call_list    (KontorCall *call,
                              const KontorResource *resource,
                              KontorListQuery *query,
                              KontorError *error);
/* for reads: from call->store */
gpointer kontor_call_require (KontorCall *call,
                              const KontorResource *resource,
                              const char *id,
                              KontorError *error);

/* For a publishable key: whether the parameter client_secret is @secret; @error names the
 * parameter. TRUE for secret keys. */
gboolean kontor_call_client_secret_ok (KontorCall *call, const char *secret, KontorError *error);
/* The body is the handler's own JSON, written to call->reply->body by it. */

/* Handlers that need no more than the resource table. */
gboolean kontor_handle_retrieve (KontorCall *call, KontorError *error);
gboolean kontor_handle_list     (KontorCall *call, KontorError *error);
gboolean kontor_handle_search   (KontorCall *call, KontorError *error);

G_END_DECLS
