/* card.c: what a card's number, date and security code say before any rail is asked. */
#include "server/engine/card.h"

#include <string.h>
#include <time.h>

#include "core/signature.h"
#include "server/engine/rail.h"

#define SHORTEST_NUMBER 12
#define LONGEST_NUMBER 19
#define YEARS_AHEAD 50

/* Cards that are known by a name have no date of their own: December of next year is never past. */
#define NAMED_MONTH 12

/* How a brand is shown where it differs from how it is called. */
static const struct
{
  const char *brand, *shown;
} display_brands[] = {
  { "amex", "american_express" },
  { "diners", "diners_club" },
  { "unionpay", "union_pay" },
};

static const char *
display_brand (const KontorRailCard *known)
{
  const char *name = g_str_equal (known->network, "cartes_bancaires") ? known->network
                                                                      : known->brand;

  for (guint i = 0; i < G_N_ELEMENTS (display_brands); i++)
    if (g_str_equal (display_brands[i].brand, name))
      return display_brands[i].shown;
  return name;
}

/* The same for the same number in one scope and for no other, so that a merchant sees that a card
 * comes back. The numbers read here are published test cards: the key need not be a secret. A vault
 * that reads real ones brings a key of its own. */
static const char *
fingerprint (KontorTx *tx, const char *number)
{
  static const guint8 key[32] = "fingerprints of cards in tests";
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const char *text = kontor_arena_printf (tx->arena, "%u:%s", tx->scope, number);
  char *print = kontor_arena_alloc (tx->arena, 17);
  guint8 hash[16];

  kontor_hash16 (hash, key, text, strlen (text));
  for (guint i = 0; i < sizeof hash; i++)
    print[i] = letters[hash[i] % 62];
  return print;
}

static KontorCard *
describe (KontorTx *tx, const KontorRailCard *known, gint64 month, gint64 year)
{
  KontorCard *card = kontor_shape_new (&kontor_card_shape, tx->arena);

  card->brand = known->brand;
  if (!g_str_equal (display_brand (known), known->brand))
    card->display_brand = display_brand (known);
  card->country = known->country;
  card->funding = known->funding;
  card->exp_month = month;
  card->exp_year = year;
  card->last4 = known->number + strlen (known->number) - 4;
  card->fingerprint = fingerprint (tx, known->number);
  if (!g_str_equal (known->network, known->brand))
    card->networks = kontor_card_networks_new (tx->arena, known->network, known->brand);
  if (!known->three_d_secure)
    {
      card->three_d_secure_usage = kontor_shape_new (&kontor_three_d_secure_usage_shape, tx->arena);
      card->three_d_secure_usage->supported = FALSE;
    }
  return card;
}

static void
month_of (gint64 now, gint64 *month, gint64 *year)
{
  time_t seconds = now;
  struct tm date;

  gmtime_r (&seconds, &date);
  *month = date.tm_mon + 1;
  *year = date.tm_year + 1900;
}

/**
 * kontor_card_check_expiry:
 * @now: Unix seconds
 * @month: as it was sent
 * @year: (inout): with two digits or four; has four afterwards
 * @error: gets invalid_expiry_month or invalid_expiry_year
 *
 * A card is good until the end of its month.
 *
 * Returns: whether the card may still be used
 */
gboolean
kontor_card_check_expiry (gint64 now, gint64 month, gint64 *year, KontorError *error)
{
  gint64 this_month, this_year;
  gint64 full = *year >= 0 && *year < 100 ? *year + 2000 : *year;

  month_of (now, &this_month, &this_year);
  if (month < 1 || month > 12)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_EXPIRY_MONTH, "exp_month", NULL);
  if (full < this_year || full > this_year + YEARS_AHEAD)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_EXPIRY_YEAR, "exp_year", NULL);
  if (full == this_year && month < this_month)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_EXPIRY_MONTH, "exp_month", NULL);
  *year = full;
  return TRUE;
}

/* Copies the digits; people write numbers in groups. */
static gboolean
read_digits (const char *text, char digits[LONGEST_NUMBER + 1])
{
  gsize n = 0;

  for (; *text != '\0'; text++)
    {
      if (*text == ' ' || *text == '-')
        continue;
      if (!g_ascii_isdigit (*text) || n == LONGEST_NUMBER)
        return FALSE;
      digits[n++] = *text;
    }
  digits[n] = '\0';
  return n >= SHORTEST_NUMBER;
}

/* Luhn: every second digit from the right counts double, and the whole is a multiple of ten. */
static gboolean
adds_up (const char *digits)
{
  gsize n = strlen (digits);
  guint sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint digit = (guint) (digits[n - 1 - i] - '0') << (i & 1);

      sum += digit > 9 ? digit - 9 : digit;
    }
  return sum % 10 == 0;
}

static const KontorRailCard *
find_number (KontorTx *tx, const char *text, KontorError *error)
{
  KontorAcquirer *rail = kontor_rail_of (tx, error);
  const KontorRailCard *known;
  char digits[LONGEST_NUMBER + 1];

  if (rail == NULL)
    return NULL;
  if (!read_digits (text, digits))
    {
      kontor_error_set (error, KONTOR_ERROR_INVALID_NUMBER, "number", NULL);
      return NULL;
    }
  if (!adds_up (digits))
    {
      kontor_error_set (error, KONTOR_ERROR_INCORRECT_NUMBER, "number", NULL);
      return NULL;
    }
  known = rail->find_card != NULL ? rail->find_card (rail, digits) : NULL;
  if (known == NULL)
    {
      kontor_error_set (
          error, KONTOR_ERROR_CARD_DECLINED, "number",
          "Your card was declined. Your request was in test mode, but used a non test card."
          " Test mode takes the published test cards alone.");
      g_strlcpy (error->decline_code, "test_mode_live_card", sizeof error->decline_code);
    }
  return known;
}

static gboolean
check_cvc (const char *cvc, KontorError *error)
{
  gsize n = strspn (cvc, "0123456789");

  if (cvc[n] == '\0' && (n == 3 || n == 4))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_CVC, "cvc", NULL);
}

static gboolean
read_token (KontorTx *tx,
            const char *token,
            const char *path,
            KontorCardRead *read,
            KontorError *error)
{
  if (g_str_has_prefix (token, "tok_") && kontor_card_by_name (tx, token, read))
    return TRUE;
  return kontor_error_missing (error, "token", token,
                               kontor_arena_printf (tx->arena, "%s[token]", path));
}

static gboolean
check_given (KontorTx *tx, const KontorValue *params, const char *path, KontorError *error)
{
  static const char *const needed[] = { "number", "exp_month", "exp_year" };

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!kontor_params_has (params, needed[i]))
      return kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING,
                               kontor_arena_printf (tx->arena, "%s[%s]", path, needed[i]), NULL);
  return TRUE;
}

/**
 * kontor_card_prefer:
 * @tx: a unit of work
 * @card: (inout): a card
 * @params: checked parameters of it
 * @path: what they are called, for errors
 * @error: says which network the card does not have
 *
 * Returns: whether the customer's choice of network, if there is one, could be taken
 */
gboolean
kontor_card_prefer (KontorTx *tx,
                    KontorCard *card,
                    const KontorValue *params,
                    const char *path,
                    KontorError *error)
{
  const KontorValue *choice = kontor_params_object (params, "networks");
  const KontorStrings *available;
  const char *network;

  if (choice == NULL || !kontor_params_has (choice, "preferred"))
    return TRUE;
  if (card->networks == NULL)
    card->networks = kontor_card_networks_new (tx->arena, card->brand, NULL);
  available = card->networks->available;
  network = kontor_params_string (choice, "preferred");
  for (guint i = 0; i < available->n; i++)
    if (network == NULL || g_str_equal (available->items[i], network))
      {
        card->networks->preferred = network;
        return TRUE;
      }
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST,
                           kontor_arena_printf (tx->arena, "%s[networks][preferred]", path),
                           "This card cannot go over the network '%s'.", network);
}

/**
 * kontor_card_read:
 * @tx: a unit of work
 * @params: number, exp_month, exp_year and perhaps cvc; or a token
 * @path: what the parameter is called, for errors
 * @read: (out): the card
 * @error: a card error as the bank would give it
 *
 * The number is looked at and not kept. Live mode has no vault yet, so it takes none.
 *
 * Returns: whether it is a card
 */
gboolean
kontor_card_read (KontorTx *tx,
                  const KontorValue *params,
                  const char *path,
                  KontorCardRead *read,
                  KontorError *error)
{
  const char *token = kontor_params_string (params, "token");
  const char *cvc = kontor_params_string (params, "cvc");
  gint64 month = kontor_params_int (params, "exp_month", 0);
  gint64 year = kontor_params_int (params, "exp_year", 0);
  const KontorRailCard *known;

  if (token != NULL)
    return read_token (tx, token, path, read, error);
  if (!check_given (tx, params, path, error))
    return FALSE;
  if (kontor_tx_is_live (tx))
    return kontor_error_set (
        error, KONTOR_ERROR_INVALID_REQUEST, kontor_arena_printf (tx->arena, "%s[number]", path),
        "Card numbers are taken in live mode by the card vault alone, and this server has none.");
  known = find_number (tx, kontor_params_string (params, "number"), error);
  if (known == NULL || !kontor_card_check_expiry (tx->now, month, &year, error)
      || (cvc != NULL && !check_cvc (cvc, error)))
    return FALSE;
  read->card = describe (tx, known, month, year);
  read->behaviour = known->name;
  read->cvc_given = cvc != NULL;
  return kontor_card_prefer (tx, read->card, params, path, error);
}

/**
 * kontor_card_by_name:
 * @tx: a unit of work
 * @name: "pm_card_visa", "tok_visa"
 * @read: (out): the card
 *
 * Whoever asks for a test card by its method name has typed its security code as well; a token tells of none.
 *
 * Returns: whether the rail of this mode knows that name
 */
gboolean
kontor_card_by_name (KontorTx *tx, const char *name, KontorCardRead *read)
{
  KontorAcquirer *rail = kontor_rail_of (tx, NULL);
  const KontorRailCard *known = NULL;
  gint64 month, year;

  if (rail != NULL && rail->find_card != NULL
      && (g_str_has_prefix (name, "pm_card_") || g_str_has_prefix (name, "tok_")))
    known = rail->find_card (rail, name);
  if (known == NULL)
    return FALSE;
  month_of (tx->now, &month, &year);
  read->card = describe (tx, known, NAMED_MONTH, year + 1);
  read->behaviour = known->name;
  read->cvc_given = g_str_has_prefix (name, "pm_card_");
  return TRUE;
}
