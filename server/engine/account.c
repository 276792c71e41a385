/* account.c: the rules of a merchant's own account. */
#include "server/engine/account.h"

#include <string.h>

#include "server/engine/settings.h"
#include "server/store/object.h"

/* What banks print of a statement descriptor. */
#define SHORTEST_DESCRIPTOR 5
#define LONGEST_DESCRIPTOR 22

static gboolean
may_be_printed (char letter)
{
  return letter >= ' ' && letter <= '~' && strchr ("<>\\'\"*", letter) == NULL;
}

/* The merchant's name as statements show it, as far as banks can print it. */
static const char *
descriptor_of (KontorTx *tx, const char *name)
{
  char *descriptor = kontor_arena_alloc (tx->arena, LONGEST_DESCRIPTOR + 1);
  gsize n = 0;

  for (; *name != '\0' && n < LONGEST_DESCRIPTOR; name++)
    if (may_be_printed (*name))
      descriptor[n++] = g_ascii_toupper (*name);
  return n >= SHORTEST_DESCRIPTOR ? descriptor : NULL;
}

static KontorAccountSettings *
first_settings (KontorTx *tx, const char *name)
{
  KontorArena *arena = tx->arena;
  KontorAccountSettings *settings = kontor_shape_new (&kontor_account_settings_shape, arena);

  settings->branding = kontor_shape_new (&kontor_branding_shape, arena);
  settings->card_payments = kontor_shape_new (&kontor_card_payments_settings_shape, arena);
  settings->card_payments->decline_on = kontor_shape_new (&kontor_decline_on_shape, arena);
  settings->dashboard = kontor_shape_new (&kontor_dashboard_settings_shape, arena);
  settings->dashboard->display_name = name;
  settings->payments = kontor_shape_new (&kontor_payments_settings_shape, arena);
  settings->payments->statement_descriptor = descriptor_of (tx, name);
  settings->payouts = kontor_shape_new (&kontor_payouts_settings_shape, arena);
  settings->payouts->schedule = kontor_shape_new (&kontor_payout_schedule_shape, arena);
  return settings;
}

/**
 * kontor_account_create:
 * @tx: a unit of work in the test mode of an account that is not there yet
 * @name: what the merchant is called
 *
 * Whoever runs the server vouches for its merchants, so nothing is left to be verified.
 *
 * Returns: (transfer none): the account, saved
 */
KontorAccount *
kontor_account_create (KontorTx *tx, const char *name)
{
  KontorAccount *account = kontor_tx_new (tx, &kontor_account_resource);
  const char *kept = kontor_arena_strdup (tx->arena, name);

  account->business_profile = kontor_shape_new (&kontor_business_profile_shape, tx->arena);
  account->business_profile->name = kept;
  account->charges_enabled = TRUE;
  account->details_submitted = TRUE;
  account->payouts_enabled = TRUE;
  account->settings = first_settings (tx, kept);
  kontor_tx_save (tx, account, NULL);
  return account;
}

/**
 * kontor_account_of:
 * @store: a connection
 * @arena: where the account is to live
 * @scope: an account's test or live mode
 * @error: return location for a #GError
 *
 * Returns: (transfer none) (nullable): the account; %NULL without @error when there is none
 */
KontorAccount *
kontor_account_of (KontorStore *store, KontorArena *arena, guint scope, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  KontorListQuery query = {
    .resource = &kontor_account_resource,
    .scope = scope & ~1u,
    .limit = 1,
    .created_min = KONTOR_NONE,
    .created_max = KONTOR_NONE,
  };
  gboolean has_more;

  if (!kontor_store_object_list (store, arena, &query, found, &has_more, error) || found->len == 0)
    return NULL;
  return found->pdata[0];
}

/**
 * kontor_account_refresh:
 * @account: (inout): the account as it was read
 * @settings: the operator's
 *
 * Fills in what is not the account's own but follows from how the server is run.
 */
void
kontor_account_refresh (KontorAccount *account, const KontorSettings *settings)
{
  account->settings->payouts->schedule->delay_days = settings->payout_delay_days;
}

static gboolean
check_descriptor (const KontorValue *of, const char *name, const char *param, KontorError *error)
{
  const char *text = of != NULL ? kontor_params_string (of, name) : NULL;
  gboolean has_letter = FALSE;
  gsize n = 0;

  if (text == NULL)
    return TRUE;
  for (; may_be_printed (text[n]); n++)
    has_letter |= g_ascii_isalpha (text[n]);
  if (text[n] == '\0' && has_letter && n >= SHORTEST_DESCRIPTOR)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, param,
                           "A statement descriptor has at least %d characters, one letter among"
                           " them, and none of < > \\ ' \" *.",
                           SHORTEST_DESCRIPTOR);
}

/**
 * kontor_account_update:
 * @tx: a unit of work in one of the account's scopes
 * @account: the account, as kontor_account_of() found it
 * @params: of POST /v1/accounts/:id, checked
 * @error: why not
 *
 * Both modes share the account; the event belongs to the mode that changed it.
 *
 * Returns: whether it is as wished; @account then shows it
 */
gboolean
kontor_account_update (KontorTx *tx,
                       KontorAccount *account,
                       const KontorValue *params,
                       KontorError *error)
{
  const KontorValue *settings = kontor_params_object (params, "settings");
  const KontorValue *payments = settings != NULL ? kontor_params_object (settings, "payments")
                                                 : NULL;

  if (!check_descriptor (payments, "statement_descriptor",
                         "settings[payments][statement_descriptor]", error)
      || !kontor_params_metadata_fits (params, account->metadata, error))
    return FALSE;
  if (kontor_params_apply (&kontor_account_resource.shape, KONTOR_IN_UPDATE, params, tx->arena,
                           account))
    {
      kontor_account_refresh (account, tx->settings);
      kontor_tx_save (tx, account, "account.updated");
    }
  return TRUE;
}
