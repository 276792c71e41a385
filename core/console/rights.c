/* rights.c: what the server lets whoever works here do, so that the rest can be greyed.
 *
 * The server decides each time; this only spares people the refusal. What it said last is kept
 * beside the queue, for when it is not reached. As long as nothing is known, nothing is greyed. */
#include "core/console/rights.h"

#include <string.h>

#include "core/json.h"

#define META "me"

struct _KontorRights
{
  const KontorProfile *profile; /* not owned */
  KontorOutbox *outbox;         /* %NULL: nothing is kept */
  GHashTable *scopes;           /* set of their names; %NULL: not known */
  char *actor;                  /* user_… or key_…; %NULL: not known */
  gboolean is_asked;
};

/* Of what may be done in several accounts, what holds in this one. */
static const KontorValue *
find_account (const KontorRights *rights, const KontorValue *me)
{
  const KontorValue *accounts = kontor_value_get (me, "accounts");

  for (const KontorValue *one = accounts != NULL ? accounts->first : NULL; one != NULL;
       one = one->next)
    {
      const KontorValue *id = kontor_value_get (one, "account");

      if (rights->profile->account == NULL || accounts->n_children == 1
          || (id != NULL && g_strcmp0 (id->text, rights->profile->account) == 0))
        return one;
    }
  return NULL;
}

/* A person, or else the key. */
static const char *
find_actor (const KontorValue *me)
{
  const KontorValue *user = kontor_value_get (me, "user"), *key = kontor_value_get (me, "key");
  const KontorValue *id
      = user != NULL && user->type == KONTOR_VALUE_OBJECT ? kontor_value_get (user, "id") : key;

  return id != NULL ? id->text : NULL;
}

static void
read_json (KontorRights *rights, const char *json)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem;
  const KontorValue *me = kontor_json_parse (arena, json, strlen (json), &problem);
  const KontorValue *account = me != NULL ? find_account (rights, me) : NULL;
  const KontorValue *scopes = account != NULL ? kontor_value_get (account, "scopes") : NULL;
  const KontorValue *mode
      = scopes != NULL ? kontor_value_get (scopes, rights->profile->livemode ? "live" : "test")
                       : NULL;

  if (mode == NULL)
    return;
  g_free (rights->actor);
  rights->actor = g_strdup (find_actor (me));
  g_clear_pointer (&rights->scopes, g_hash_table_unref);
  rights->scopes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (const KontorValue *scope = mode->first; scope != NULL; scope = scope->next)
    g_hash_table_add (rights->scopes, g_strdup (scope->text));
}

/**
 * kontor_rights_new:
 * @profile: who works here; it must outlive the rights
 * @outbox: (nullable): beside which they are kept
 *
 * Returns: (transfer full): what the server said last
 */
KontorRights *
kontor_rights_new (const KontorProfile *profile, KontorOutbox *outbox)
{
  KontorRights *rights = g_new0 (KontorRights, 1);
  g_autofree char *json = outbox != NULL ? kontor_outbox_meta (outbox, META) : NULL;

  rights->profile = profile;
  if (outbox != NULL)
    rights->outbox = g_object_ref (outbox);
  if (json != NULL)
    read_json (rights, json);
  return rights;
}

/**
 * kontor_rights_free:
 * @rights: (transfer full) (nullable): rights; what was asked for them must be cancelled
 */
void
kontor_rights_free (KontorRights *rights)
{
  if (rights == NULL)
    return;
  g_clear_object (&rights->outbox);
  g_clear_pointer (&rights->scopes, g_hash_table_unref);
  g_free (rights->actor);
  g_free (rights);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KontorRights *rights = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  g_autofree char *json = NULL;
  const char *body;
  gsize length;

  if (reply == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* else they are gone */
        rights->is_asked = FALSE;
      return;
    }
  body = g_bytes_get_data (reply->body, &length);
  json = g_strndup (body, length);
  read_json (rights, json);
  if (rights->outbox != NULL)
    (void) kontor_outbox_set_meta (rights->outbox, META, json, NULL);
}

/**
 * kontor_rights_ask:
 * @rights: rights
 * @client: who is asked, once
 * @cancellable: to be cancelled before @rights go
 */
void
kontor_rights_ask (KontorRights *rights, KontorClient *client, GCancellable *cancellable)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/me");

  if (rights->is_asked)
    return;
  rights->is_asked = TRUE;
  kontor_client_send_async (client, call, cancellable, sent_cb, rights);
}

/**
 * kontor_rights_actor:
 * @rights: rights
 *
 * Returns: (nullable): the id of the person, or of the key, as whom one works here
 */
const char *
kontor_rights_actor (const KontorRights *rights)
{
  return rights->actor;
}

/**
 * kontor_rights_may:
 * @rights: rights
 * @scope: "refunds_write"
 *
 * Returns: whether the server would let it be done, as far as is known
 */
gboolean
kontor_rights_may (const KontorRights *rights, const char *scope)
{
  return rights->scopes == NULL || g_hash_table_contains (rights->scopes, scope);
}
