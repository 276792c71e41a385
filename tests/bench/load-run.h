/* load-run.h: many keep-alive connections, each with one request under way, timed one by one. */
#pragma once

#include <glib.h>

typedef struct
{
  char *host;           /* an IPv4 address in digits */
  guint16 port;
  GStrv paths;          /* asked for in turn */
  const char *method;
  GStrv headers;        /* (nullable) whole lines, "Name: value" */
  const char *body;     /* (nullable) */
  gboolean idempotency; /* give each request an Idempotency-Key of its own */
  guint connections;
  guint64 max_requests; /* 0: until the time is up */
  double seconds;       /* 0: until the requests are done */
  double warmup_s;      /* the load runs, but nothing is counted */
} KontorLoadPlan;

#define KONTOR_LOAD_STATUS_END 600

typedef struct
{
  guint64 issued;    /* requests sent, counted or not; all were answered unless @unanswered */
  guint64 counted;   /* replies within the measured time */
  guint64 unanswered;
  guint64 reconnects;
  guint64 bytes;     /* of counted replies */
  double elapsed_s;  /* the measured time */
  GArray *latency_us; /* guint32, one per counted reply */
  guint64 by_status[KONTOR_LOAD_STATUS_END];
} KontorLoadResult;

gboolean kontor_load_run (const KontorLoadPlan *plan, KontorLoadResult *result, GError **error);
