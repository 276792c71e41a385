/* client.h: calls to a Kontor server: what is asked, how it is sent, what comes back. */
#pragma once

#include <gio/gio.h>

#include "core/client/profile.h"
#include "core/json.h"

G_BEGIN_DECLS

/* ------------------------------------------------------------------------------------ calls -- */

/* One request, not yet sent. Parameters keep the order in which they were added. */
typedef struct _KontorClientCall KontorClientCall;

KontorClientCall *kontor_client_call_new    (const char *method, const char *path);
KontorClientCall *kontor_client_call_copy   (const KontorClientCall *call);
void              kontor_client_call_free   (KontorClientCall *call);
void              kontor_client_call_add    (KontorClientCall *call,
                                             const char       *name,
                                             const char       *value);
void              kontor_client_call_set    (KontorClientCall *call,
                                             const char       *name,
                                             const char       *value);
void              kontor_client_call_set_path (KontorClientCall *call, const char *path);
void              kontor_client_call_header (KontorClientCall *call,
                                             const char       *name,
                                             const char       *value);
/* sends this in the place of a form */
void              kontor_client_call_set_json  (KontorClientCall *call, const char *json);
/* the answer need not be JSON */
void              kontor_client_call_take_text (KontorClientCall *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorClientCall, kontor_client_call_free)

/* ---------------------------------------------------------------------------------- replies -- */

/* An answer that is no refusal. */
typedef struct
{
  guint        status;
  GPtrArray   *headers;  /* "Name: value", in the order they came */
  GBytes      *body;     /* as it came */
  KontorArena *arena;    /* of @json */
  KontorValue *json;     /* the body as a tree; %NULL where text was to be taken */
} KontorClientReply;

void kontor_client_reply_free (KontorClientReply *reply);

/* Lists: whether there is more, and if so @call asks for it from now on. */
gboolean kontor_client_call_turn_page (KontorClientCall *call, const KontorClientReply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorClientReply, kontor_client_reply_free)

/* ----------------------------------------------------------------------------------- client -- */

#define KONTOR_TYPE_CLIENT (kontor_client_get_type ())
G_DECLARE_FINAL_TYPE (KontorClient, kontor_client, KONTOR, CLIENT, GObject)

KontorClient      *kontor_client_new         (const char *url, const char *key);
KontorClient      *kontor_client_new_for     (const KontorProfile *profile);
void               kontor_client_set_timeout (KontorClient *client, guint timeout_s);
void               kontor_client_set_retries (KontorClient *client, guint retries);
const char        *kontor_client_get_url     (KontorClient *client);
void               kontor_client_send_async  (KontorClient           *client,
                                              const KontorClientCall *call,
                                              GCancellable           *cancellable,
                                              GAsyncReadyCallback     callback,
                                              gpointer                data);
KontorClientReply *kontor_client_send_finish (KontorClient  *client,
                                              GAsyncResult  *result,
                                              GError       **error);
KontorClientReply *kontor_client_send        (KontorClient            *client,
                                              const KontorClientCall  *call,
                                              GCancellable            *cancellable,
                                              GError                 **error);

G_END_DECLS
