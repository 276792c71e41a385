/* note.c: the routes of what people write down about an object. */
#include "core/resources/note.h"

#include "server/engine/tx.h"
#include "server/http/actor.h"
#include "server/http/nouns.h"

#define PAYMENT                                                                                    \
  (KONTOR_SCOPE_PAYMENT_INTENTS_WRITE | KONTOR_SCOPE_CHARGES_WRITE | KONTOR_SCOPE_REFUNDS_WRITE)

/* What notes may be about: who may do anything to such an object may write one. */
static const struct
{
  guint kind;
  guint64 scopes; /* any of them */
} subjects[] = {
  { KONTOR_KIND_CUSTOMER, KONTOR_SCOPE_CUSTOMERS_WRITE },
  { KONTOR_KIND_PAYMENT_METHOD, KONTOR_SCOPE_PAYMENT_METHODS_WRITE },
  { KONTOR_KIND_SETUP_INTENT, KONTOR_SCOPE_SETUP_INTENTS_WRITE },
  { KONTOR_KIND_PAYMENT_INTENT, PAYMENT },
  { KONTOR_KIND_CHARGE, PAYMENT },
  { KONTOR_KIND_REFUND, PAYMENT },
  { KONTOR_KIND_BALANCE_TRANSACTION, PAYMENT },
  { KONTOR_KIND_WEBHOOK_ENDPOINT, KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE },
};

static gboolean
may_write_about (const KontorCall *call, guint64 scopes, KontorError *error)
{
  return call->key.type != KONTOR_KEY_RESTRICTED
         || (call->key.scopes & (scopes | KONTOR_SCOPE_KONTOR_WRITE)) != 0
         || kontor_error_set (error, KONTOR_ERROR_API_KEY_SCOPE, NULL, NULL);
}

static gboolean
check_subject (KontorCall *call, const char *id, KontorError *error)
{
  const KontorResource *resource = kontor_resource_by_prefix (id);
  guint i = 0;

  while (i < G_N_ELEMENTS (subjects)
         && (resource == NULL || subjects[i].kind != (guint) resource->kind))
    i++;
  if (i == G_N_ELEMENTS (subjects))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "on",
                             "'%.40s' is not the id of something that notes are written about, "
                             "such as a customer or a payment.",
                             id);
  return may_write_about (call, subjects[i].scopes, error)
         && kontor_tx_require (call->tx, resource, id, "on", error) != NULL;
}

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorActor actor;
  KontorNote *note;

  if (!check_subject (call, kontor_params_string (call->params, "on"), error)
      || !kontor_call_actor (call, &actor))
    return FALSE;
  note = kontor_tx_new (call->tx, &kontor_note_resource);
  kontor_params_apply (&kontor_note_resource.shape, KONTOR_IN_CREATE, call->params, call->arena,
                       note);
  note->author = actor.id;
  note->author_name = call->person != NULL && *call->person->name != '\0' ? call->person->name
                                                                          : actor.name;
  kontor_tx_save (call->tx, note, NULL);
  kontor_call_object (call, &note->head);
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorNote *note = kontor_call_require (call, &kontor_note_resource, call->ids[0], error);

  if (note == NULL)
    return FALSE;
  if (note->deleted)
    return kontor_error_missing (error, kontor_note_resource.object, call->ids[0], "id");
  kontor_call_object (call, &note->head);
  return TRUE;
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  KontorListQuery query = { .n_filters = 1, .filters = { { .column = "deleted", .number = 0 } } };

  return kontor_call_list (call, &kontor_note_resource, &query, error);
}

static gboolean delete (KontorCall *call, KontorError *error)
{
  KontorNote *note = kontor_tx_require (call->tx, &kontor_note_resource, call->ids[0], "id", error);
  KontorActor actor;

  if (note == NULL || !kontor_call_actor (call, &actor))
    return FALSE;
  if (note->deleted)
    return kontor_error_missing (error, kontor_note_resource.object, call->ids[0], "id");
  if (!g_str_equal (note->author, actor.id) && !kontor_call_is_admin (call))
    return kontor_error_set (error, KONTOR_ERROR_API_KEY_SCOPE, NULL,
                             "Only who wrote a note, an owner or an admin may delete it.");
  note->deleted = TRUE;
  kontor_tx_save (call->tx, note, NULL);
  return kontor_call_deleted (call, &note->head);
}

#define READ KONTOR_SCOPE_KONTOR_READ
#define NOTE &kontor_note_resource

const KontorRoute kontor_note_routes[] = {
  { "POST", "/v1/kontor/notes", READ, NOTE, KONTOR_IN_CREATE, create, KONTOR_ROUTE_NOTED, NULL,
    "Writes down something about an object, for who may do something to it." },
  { "GET", "/v1/kontor/notes", READ, NOTE, KONTOR_IN_LIST, list, KONTOR_ROUTE_READ, NULL,
    "Lists notes, newest first." },
  { "GET", "/v1/kontor/notes/:id", READ, NOTE, 0, retrieve, KONTOR_ROUTE_READ, NULL,
    "Shows a note." },
  { "DELETE", "/v1/kontor/notes/:id", READ, NOTE, 0, delete, KONTOR_ROUTE_NOTED, NULL,
    "Deletes a note of one's own; owners and admins delete anybody's." },
  { NULL },
};
