/* actor.c: who it is that makes a call, by id and by name. */
#include "server/http/actor.h"

#include "server/store/api-key.h"

/**
 * kontor_call_actor:
 * @call: a call of a person or with a key
 * @actor: (out): who that is
 *
 * Returns: whether the database could be read; if not, @call->failure is set
 */
gboolean
kontor_call_actor (KontorCall *call, KontorActor *actor)
{
  KontorApiKeyRow key;
  gboolean found;

  if (call->person != NULL)
    {
      *actor = (KontorActor){ "user", call->person->id, call->person->email };
      return TRUE;
    }
  if (!kontor_store_api_key_get (call->store, call->arena, call->key.scope, call->key.number, &key,
                                 &found, &call->failure))
    return FALSE;
  actor->kind = "key";
  actor->id = kontor_arena_printf (call->arena, "key_%" G_GINT64_FORMAT, call->key.number);
  actor->name = found ? kontor_arena_printf (call->arena, "%s%s%s", key.name,
                                             *key.name != '\0' ? " " : "", key.hint)
                      : "";
  return TRUE;
}

/**
 * kontor_call_is_admin:
 * @call: a call of a person or with a key
 *
 * Returns: whether it is a secret key, or somebody who may say what others may
 */
gboolean
kontor_call_is_admin (const KontorCall *call)
{
  return call->key.type == KONTOR_KEY_SECRET || (call->key.scopes & KONTOR_SCOPE_PEOPLE_WRITE) != 0;
}
