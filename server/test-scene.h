/* test-scene.h: a world with events, webhook endpoints and what became of the one for the other. */
#pragma once

#include "core/json.h"
#include "server/test-world.h"

G_BEGIN_DECLS

#define ASK(...) (&(KontorAsk){ __VA_ARGS__ })

#define KONTOR_SCENE_EVENTS    12
#define KONTOR_SCENE_ENDPOINTS 3

/* Each event is delivered to each endpoint. These took every event, but for some: the second fails
 * the odd ones, and the third, which is slow, has the last four still before it, all of which are
 * about one object. */
typedef struct
{
  KontorWorld *world;
  KontorArena *arena;
  char  *event_ids[KONTOR_SCENE_EVENTS];
  gint64 events[KONTOR_SCENE_EVENTS];       /* keys */
  char  *endpoint_ids[KONTOR_SCENE_ENDPOINTS];
  gint64 endpoints[KONTOR_SCENE_ENDPOINTS]; /* keys */
} KontorScene;

/* As g_test_add() calls them. */
void               kontor_scene_set_up    (KontorScene *scene, gconstpointer data);
void               kontor_scene_tear_down (KontorScene *scene, gconstpointer data);
int                kontor_scene_state     (guint event, guint endpoint); /* KontorDeliveryState */
void               kontor_scene_sql       (KontorScene *scene,
                                           const char *format,
                                           ...) G_GNUC_PRINTF (2, 3);
/* What is answered, with that status. */
const KontorValue *kontor_scene_ask       (KontorScene *scene, guint status, const KontorAsk *ask);
const KontorValue *kontor_scene_get       (KontorScene *scene, const char *path, const char *query);
const char        *kontor_scene_member    (const KontorValue *object, const char *name);

G_END_DECLS
