/* role.h: what people may do: a role is a set of scopes in test mode and one in live mode. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name, *doc;
  guint64     scopes[2];   /* bits of KontorScopeBit: in test mode, in live mode */
} KontorRole;

/* In the order of KontorRoleNumber; the last has no name. */
extern const KontorRole kontor_roles[];
extern const KontorRoute kontor_role_routes[];

/* "owner, admin": those whose scopes hold @needed */
const char *kontor_roles_that_may (KontorArena *arena, gboolean live, guint64 needed);
/* {"test":[…],"live":[…]} */
void        kontor_role_write_scopes (const guint64 scopes[2], KontorBuffer *out);

G_END_DECLS
