/* user.c: the rules of who may sign in: invitations, roles, and that an owner is left.
 *
 * An admin does everything but touch owners. Whoever changes a person as a whole, not only their role with one
 * merchant, must be able to do so with each merchant that person works for. */
#include "server/engine/user.h"

const char *const kontor_role_names[]
    = { "owner", "admin", "developer", "analyst", "support", NULL };

/**
 * kontor_role_number:
 * @name: (nullable): "owner" …
 *
 * Returns: a #KontorRoleNumber, or -1
 */
int
kontor_role_number (const char *name)
{
  for (int i = 0; name != NULL && i < KONTOR_N_ROLES; i++)
    if (g_str_equal (kontor_role_names[i], name))
      return i;
  return -1;
}

/**
 * kontor_user_email:
 * @arena: where the text is to live
 * @text: an address as somebody wrote it
 *
 * Returns: the address as it is kept and compared
 */
const char *
kontor_user_email (KontorArena *arena, const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);

  return kontor_arena_strdup (arena, g_strstrip (lower));
}

static gboolean
refuse_owner (KontorError *error)
{
  return kontor_error_set (error, KONTOR_ERROR_API_KEY_SCOPE, NULL,
                           "Only an owner may make, change or remove owners.");
}

/* Whether whoever acts may give @role, and take the one that is there. */
static gboolean
may_change (const KontorUserAct *act, int from, int to, KontorError *error)
{
  if (act->acting == KONTOR_ROLE_OWNER || (from != KONTOR_ROLE_OWNER && to != KONTOR_ROLE_OWNER))
    return TRUE;
  return refuse_owner (error);
}

static gboolean
leaves_an_owner (const KontorUserAct *act, gint64 user, guint account, KontorError *error)
{
  gint64 n;

  if (!kontor_store_other_owners (act->store, account, user, &n, act->failure))
    return FALSE;
  return n > 0 || kontor_error_set (error, KONTOR_ERROR_LAST_OWNER, NULL, NULL);
}

static GArray *
memberships (const KontorUserAct *act, gint64 user)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorMembershipRow));

  if (!kontor_store_membership_list (act->store, act->arena, user, rows, act->failure))
    return NULL;
  return g_steal_pointer (&rows);
}

static int
role_in (const GArray *rows, guint account)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, KontorMembershipRow, i).account == account)
      return kontor_role_number (g_array_index (rows, KontorMembershipRow, i).role);
  return -1;
}

/* Wherever @user works, whoever acts must be an owner, or an admin where @user is no owner. The server's own
 * tools may everything. */
static gboolean
may_govern (const KontorUserAct *act, gint64 user, gboolean removes, KontorError *error)
{
  g_autoptr (GArray) theirs = memberships (act, user);
  g_autoptr (GArray) own = act->actor != 0 ? memberships (act, act->actor) : NULL;

  if (theirs == NULL || (act->actor != 0 && own == NULL))
    return FALSE;
  for (guint i = 0; i < theirs->len; i++)
    {
      const KontorMembershipRow *row = &g_array_index (theirs, KontorMembershipRow, i);
      int role = kontor_role_number (row->role);
      int acting = own != NULL ? role_in (own, row->account) : KONTOR_ROLE_OWNER;

      if (acting != KONTOR_ROLE_OWNER && acting != KONTOR_ROLE_ADMIN)
        return kontor_error_set (
            error, KONTOR_ERROR_API_KEY_SCOPE, NULL,
            "This person works for another merchant too, where you are neither "
            "owner nor admin. Remove them here instead.");
      if (role == KONTOR_ROLE_OWNER && acting != KONTOR_ROLE_OWNER)
        return refuse_owner (error);
      if (role == KONTOR_ROLE_OWNER && removes && act->actor != 0
          && !leaves_an_owner (act, user, row->account, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_user (const KontorUserAct *act,
          KontorIds           *ids,
          const char          *email,
          const char          *name,
          const guint8         token[32],
          KontorUserRow       *row)
{
  gint64 tick = kontor_ids_tick (ids);

  *row = (KontorUserRow){
    .key = tick,
    .id = kontor_ids_make (ids, act->arena, "user", tick),
    .email = email,
    .name = name,
    .created = act->now,
    .epoch = 1,
    .token = { token, token != NULL ? 32 : 0 },
    .token_expires = token != NULL ? act->now + KONTOR_INVITATION_S : 0,
  };
  return kontor_store_user_insert (act->store, row, act->failure);
}

/**
 * kontor_user_invite:
 * @act: who does it, where and when
 * @ids: gives the id of somebody new
 * @email: as kontor_user_email() gave it
 * @name: what people call them
 * @role: what they are to be
 * @token: (nullable): keyed hash of what sets their first password; used for somebody new only
 * @row: (out): who they are
 * @is_new: (out): whether they were not known on this server before
 * @error: why not
 *
 * Returns: whether they are a member now
 */
gboolean
kontor_user_invite (const KontorUserAct *act,
                    KontorIds           *ids,
                    const char          *email,
                    const char          *name,
                    int                  role,
                    const guint8         token[32],
                    KontorUserRow       *row,
                    gboolean            *is_new,
                    KontorError         *error)
{
  g_autoptr (GArray) rows = NULL;
  gboolean found;

  if (!may_change (act, -1, role, error)
      || !kontor_store_user_by_email (act->store, act->arena, email, row, &found, act->failure)
      || (!found && !add_user (act, ids, email, name, token, row)))
    return FALSE;
  *is_new = !found;
  rows = memberships (act, row->key);
  if (rows == NULL)
    return FALSE;
  if (role_in (rows, act->account) >= 0)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "email",
                             "%s is a member already, as %s.", email,
                             kontor_role_names[role_in (rows, act->account)]);
  row->role = kontor_role_names[role];
  return kontor_store_membership_set (act->store, row->key, act->account, row->role, act->now,
                                      act->failure);
}

/**
 * kontor_user_set_role:
 * @act: who does it, where and when
 * @row: (inout): a member of the account
 * @role: what they are to be; -1: no member any more
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_user_set_role (const KontorUserAct *act, KontorUserRow *row, int role, KontorError *error)
{
  int before = kontor_role_number (row->role);

  if (before == role)
    return TRUE;
  if (!may_change (act, before, role, error)
      || (before == KONTOR_ROLE_OWNER && !leaves_an_owner (act, row->key, act->account, error)))
    return FALSE;
  row->role = role >= 0 ? kontor_role_names[role] : NULL;
  return kontor_store_membership_set (act->store, row->key, act->account, row->role, act->now,
                                      act->failure);
}

/**
 * kontor_user_set_disabled:
 * @act: who does it, where and when
 * @row: (inout): somebody
 * @disabled: whether they are not to sign in any more; their sessions then end
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_user_set_disabled (const KontorUserAct *act,
                          KontorUserRow       *row,
                          gboolean             disabled,
                          KontorError         *error)
{
  if (!may_govern (act, row->key, disabled, error))
    return FALSE;
  if ((row->disabled != 0) == disabled)
    return TRUE;
  row->disabled = disabled ? act->now : 0;
  row->epoch += disabled;
  return kontor_store_user_update (act->store, row, act->failure);
}

/**
 * kontor_user_reset:
 * @act: who does it, where and when
 * @row: (inout): somebody who cannot get in any more, or should not
 * @token: keyed hash of what sets a new password
 * @error: why not
 *
 * Returns: whether it is done
 */
gboolean
kontor_user_reset (const KontorUserAct *act,
                   KontorUserRow       *row,
                   const guint8         token[32],
                   KontorError         *error)
{
  if (!may_govern (act, row->key, FALSE, error))
    return FALSE;
  row->password = NULL;
  row->epoch++;
  row->token = (KontorSealed){ token, 32 };
  row->token_expires = act->now + KONTOR_INVITATION_S;
  row->totp = row->totp_pending = (KontorSealed){ NULL, 0 };
  return kontor_store_user_update (act->store, row, act->failure);
}

/**
 * kontor_user_set_password:
 * @act: where and when
 * @row: (inout): somebody
 * @hash: of the password
 *
 * Returns: whether it was written; if not, the database failed
 */
gboolean
kontor_user_set_password (const KontorUserAct *act, KontorUserRow *row, const char *hash)
{
  row->password = hash;
  row->epoch++;
  row->token = (KontorSealed){ NULL, 0 };
  row->token_expires = 0;
  return kontor_store_user_update (act->store, row, act->failure);
}
