/* query-value.c: amounts, numbers and times as people write them behind the colon of a field. */
#include "core/console/query.h"

#include <string.h>

#include "core/console/text.h"
#include "core/currency.h"

#define MAX_DECIMALS 12

typedef enum
{
  EQUAL,
  LESS,
  LESS_EQUAL,
  GREATER,
  GREATER_EQUAL,
} Comparison;

/* A decimal number: @mantissa × 10^-@decimals. */
typedef struct
{
  gint64 mantissa;
  guint decimals;
} Decimal;

/* A stretch of time, inclusive. A span such as 7d is the moment that long ago. */
typedef struct
{
  gint64 begin, end;
  gboolean is_span;
} Moment;

static gboolean
fail (const char **problem, const char *what)
{
  *problem = what;
  return FALSE;
}

static const char *
skip_comparison (const char *text, Comparison *comparison)
{
  static const struct
  {
    const char text[3];
    Comparison comparison;
  } rows[] = { { "<=", LESS_EQUAL }, { ">=", GREATER_EQUAL }, { "<", LESS }, { ">", GREATER } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_has_prefix (text, rows[i].text))
      {
        *comparison = rows[i].comparison;
        return text + strlen (rows[i].text);
      }
  *comparison = EQUAL;
  return text;
}

/* Whether @mark parts the whole text into groups of three digits: "1,000,000". */
static gboolean
parts_thousands (const char *text, const char *end, char mark)
{
  gsize first = strspn (text, "0123456789");

  if (first == 0 || first > 3)
    return FALSE;
  for (text += first; text < end; text += 4)
    if (*text != mark || end - text < 4 || strspn (text + 1, "0123456789") < 3)
      return FALSE;
  return TRUE;
}

static gboolean
holds (const char *text, const char *end, char c)
{
  return memchr (text, c, (gsize) (end - text)) != NULL;
}

/* The byte that stands before the decimals: the person's own mark, or the other one where it cannot
 * be what parts thousands. */
static char
decimal_mark (const char *text, const char *end, char own, char other)
{
  return !holds (text, end, own) && holds (text, end, other) && !parts_thousands (text, end, other)
             ? other
             : own;
}

static gboolean
add_digit (Decimal *decimal, char digit)
{
  return !__builtin_mul_overflow (decimal->mantissa, 10, &decimal->mantissa)
         && !__builtin_add_overflow (decimal->mantissa, digit - '0', &decimal->mantissa);
}

static gboolean
read_decimal (const char *text,
              const char *end,
              const char *own_mark,
              Decimal *decimal,
              const char **problem)
{
  gboolean negative = text < end && *text == '-';
  char own = own_mark != NULL && *own_mark == ',' ? ',' : '.', other = own == '.' ? ',' : '.';
  char mark = decimal_mark (text + negative, end, own, other);
  const char *point, *whole_end;
  guint n_digits = 0;

  text += negative;
  other = mark == '.' ? ',' : '.';
  point = memchr (text, mark, (gsize) (end - text));
  whole_end = point != NULL ? point : end;
  *decimal = (Decimal){ 0 };
  if (holds (text, whole_end, other) && !parts_thousands (text, whole_end, other))
    return fail (problem, _ ("Write an amount such as 12.50, with or without a currency."));

  for (; text < end; text++)
    {
      if (text == point || (*text == other && text < whole_end))
        continue;
      if (!g_ascii_isdigit (*text))
        return fail (problem, _ ("Write an amount such as 12.50, with or without a currency."));
      if ((text > whole_end && ++decimal->decimals > MAX_DECIMALS) || !add_digit (decimal, *text))
        return fail (problem, _ ("This number has too many digits."));
      n_digits++;
    }
  if (negative)
    decimal->mantissa = -decimal->mantissa;
  return n_digits > 0 || fail (problem, _ ("A number is missing here."));
}

/* Rounds to minor units of @exponent decimals, down or up. What does not fit stops at the end. */
static gint64
to_minor (Decimal decimal, guint exponent, gboolean up)
{
  gint64 value = decimal.mantissa, divisor = 1, rest;

  for (; decimal.decimals < exponent; exponent--)
    if (__builtin_mul_overflow (value, 10, &value))
      return decimal.mantissa < 0 ? G_MININT64 + 1 : G_MAXINT64 - 1;
  for (; decimal.decimals > exponent; exponent++)
    divisor *= 10;
  rest = value % divisor;
  value /= divisor;
  if (up && rest > 0)
    value++;
  if (!up && rest < 0)
    value--;
  return value;
}

static void
bound_money (KontorFindValue *value, const Decimal *low, const Decimal *high, Comparison comparison)
{
  for (guint e = 0; e < KONTOR_FIND_EXPONENTS; e++)
    {
      value->low_minor[e] = G_MININT64;
      value->high_minor[e] = G_MAXINT64;
      if (low != NULL)
        value->low_minor[e] = comparison == GREATER ? to_minor (*low, e, FALSE) + 1
                                                    : to_minor (*low, e, TRUE);
      if (high != NULL)
        value->high_minor[e] = comparison == LESS ? to_minor (*high, e, TRUE) - 1
                                                  : to_minor (*high, e, FALSE);
    }
}

/* Takes a currency from the beginning or the end of @text: "eur12", "12eur". */
static gboolean
take_currency (const char **text, const char **end, const char **currency, const char **problem)
{
  const KontorCurrency *found;
  char code[4] = "";
  const char *from = NULL;

  if (*end - *text >= 3 && g_ascii_isalpha (**text))
    from = *text;
  else if (*end - *text >= 3 && g_ascii_isalpha ((*end)[-1]))
    from = *end - 3;
  if (from == NULL)
    return TRUE;

  memcpy (code, from, 3);
  found = kontor_currency_find (code);
  if (found == NULL)
    return fail (problem, _ ("A currency is three letters, such as eur."));
  if (*currency != NULL && strcmp (*currency, found->code) != 0)
    return fail (problem, _ ("Both ends of a range are in one currency."));
  *currency = found->code;
  if (from == *text)
    *text += 3;
  else
    *end -= 3;
  return TRUE;
}

static gboolean
read_bound (const char *text,
            const char *end,
            const KontorFindSettings *settings,
            KontorFindValue *value,
            Decimal *decimal,
            const char **problem)
{
  return take_currency (&text, &end, &value->currency, problem)
         && read_decimal (text, end, settings->decimal_point, decimal, problem);
}

/**
 * kontor_find_read_amount:
 * @text: "12.50", ">=12,50eur", "10..20", "eur 5"… as it stands behind the colon
 * @settings: how the person writes decimals
 * @value: (out): its bounds in minor units for each exponent, and its currency if one is named
 * @problem: (out): when it is not understood, a sentence for the person
 *
 * A bound that lies between two minor units is moved to the one that keeps what was meant: more
 * than 1.005 begins at 1.01 where there are two decimals, and exactly 1.005 is then nothing.
 *
 * Returns: whether it is an amount or a range of them
 */
gboolean
kontor_find_read_amount (const char *text,
                         const KontorFindSettings *settings,
                         KontorFindValue *value,
                         const char **problem)
{
  const char *dots = strstr (text, ".."), *end = text + strlen (text);
  Decimal low, high;
  Comparison comparison;

  if (dots == NULL)
    {
      text = skip_comparison (text, &comparison);
      if (!read_bound (text, end, settings, value, &low, problem))
        return FALSE;
      bound_money (value, comparison == LESS || comparison == LESS_EQUAL ? NULL : &low,
                   comparison == GREATER || comparison == GREATER_EQUAL ? NULL : &low, comparison);
      return TRUE;
    }
  if (end - text == 2)
    return fail (problem, _ ("A range needs a beginning or an end, such as 10..20."));
  if (dots > text && !read_bound (text, dots, settings, value, &low, problem))
    return FALSE;
  if (dots + 2 < end && !read_bound (dots + 2, end, settings, value, &high, problem))
    return FALSE;
  bound_money (value, dots > text ? &low : NULL, dots + 2 < end ? &high : NULL, EQUAL);
  if (value->low_minor[KONTOR_FIND_EXPONENTS - 1] > value->high_minor[KONTOR_FIND_EXPONENTS - 1])
    return fail (problem, _ ("This range ends before it begins."));
  return TRUE;
}

static gboolean
read_whole (const char *text, const char *end, gint64 *number, const char **problem)
{
  g_autofree char *copy = g_strndup (text, (gsize) (end - text));

  return g_ascii_string_to_signed (copy, 10, G_MININT64 + 1, G_MAXINT64 - 1, number, NULL)
         || fail (problem, _ ("Write a whole number here."));
}

/* Narrows @value by a comparison with the stretch from @begin to @end. */
static void
bound (KontorFindValue *value, Comparison comparison, gint64 begin, gint64 end)
{
  value->low = comparison == GREATER                              ? end + 1
               : comparison == LESS || comparison == LESS_EQUAL ? G_MININT64
                                                                : begin;
  value->high = comparison == LESS                                    ? begin - 1
                : comparison == GREATER || comparison == GREATER_EQUAL ? G_MAXINT64
                                                                       : end;
}

/**
 * kontor_find_read_number:
 * @text: "5", ">5", "3..7"
 * @value: (out): its bounds
 * @problem: (out): when it is not understood, a sentence for the person
 *
 * Returns: whether it is a whole number or a range of them
 */
gboolean
kontor_find_read_number (const char *text, KontorFindValue *value, const char **problem)
{
  const char *dots = strstr (text, ".."), *end = text + strlen (text);
  Comparison comparison;
  gint64 number;

  if (dots == NULL)
    {
      text = skip_comparison (text, &comparison);
      if (!read_whole (text, end, &number, problem))
        return FALSE;
      bound (value, comparison, number, number);
      return TRUE;
    }
  value->low = G_MININT64;
  value->high = G_MAXINT64;
  if (end - text == 2)
    return fail (problem, _ ("A range needs a beginning or an end, such as 10..20."));
  if ((dots > text && !read_whole (text, dots, &value->low, problem))
      || (dots + 2 < end && !read_whole (dots + 2, end, &value->high, problem)))
    return FALSE;
  return value->low <= value->high || fail (problem, _ ("This range ends before it begins."));
}

/* -------------------------------------------------------------------------------------- time -- */

static GDateTime *
in_zone (const KontorFindSettings *settings)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (settings->now);

  return settings->zone == NULL ? g_steal_pointer (&utc)
                                : g_date_time_to_timezone (utc, settings->zone);
}

/* From the beginning of a day to that of another one. */
static gboolean
between_days (const KontorFindSettings *settings,
              GDateTime *from,
              gint years,
              gint months,
              gint days,
              Moment *moment)
{
  g_autoptr (GDateTime) to = g_date_time_add_full (from, years, months, days, 0, 0, 0);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  GTimeZone *zone = settings->zone != NULL ? settings->zone : utc;
  g_autoptr (GDateTime) first = g_date_time_new (zone, g_date_time_get_year (from),
                                                 g_date_time_get_month (from),
                                                 g_date_time_get_day_of_month (from), 0, 0, 0);
  g_autoptr (GDateTime) last = NULL;

  if (to == NULL || first == NULL)
    return FALSE;
  last = g_date_time_new (zone, g_date_time_get_year (to), g_date_time_get_month (to),
                          g_date_time_get_day_of_month (to), 0, 0, 0);
  if (last == NULL)
    return FALSE;
  *moment = (Moment){ g_date_time_to_unix (first), g_date_time_to_unix (last) - 1, FALSE };
  return TRUE;
}

/* today, yesterday, week, month, year, last-week, last-month, last-year */
static gboolean
read_word (const char *text, const KontorFindSettings *settings, Moment *moment)
{
  static const struct
  {
    const char *word;
    char unit;
    int back;
  } rows[] = {
    { "today", 'd', 0 }, { "yesterday", 'd', 1 },  { "week", 'w', 0 }, { "last-week", 'w', 1 },
    { "month", 'm', 0 }, { "last-month", 'm', 1 }, { "year", 'y', 0 }, { "last-year", 'y', 1 },
  };
  g_autoptr (GDateTime) now = in_zone (settings);
  g_autoptr (GDateTime) from = NULL;
  guint row = 0;

  while (row < G_N_ELEMENTS (rows) && g_ascii_strcasecmp (rows[row].word, text) != 0)
    row++;
  if (row == G_N_ELEMENTS (rows) || now == NULL)
    return FALSE;

  switch (rows[row].unit)
    {
    case 'd':
      from = g_date_time_add_days (now, -rows[row].back);
      return from != NULL && between_days (settings, from, 0, 0, 1, moment);
    case 'w':
      from = g_date_time_add_days (now, 1 - g_date_time_get_day_of_week (now) - 7 * rows[row].back);
      return from != NULL && between_days (settings, from, 0, 0, 7, moment);
    case 'm':
      from = g_date_time_add_full (now, 0, 0, 1 - g_date_time_get_day_of_month (now), 0, 0, 0);
      if (from != NULL && rows[row].back > 0)
        {
          g_autoptr (GDateTime) first = g_steal_pointer (&from);

          from = g_date_time_add_months (first, -rows[row].back);
        }
      return from != NULL && between_days (settings, from, 0, 1, 0, moment);
    default:
      from = g_date_time_new_utc (g_date_time_get_year (now) - rows[row].back, 1, 1, 0, 0, 0);
      return from != NULL && between_days (settings, from, 1, 0, 0, moment);
    }
}

/* 30min, 24h, 7d, 2w, 3m, 1y: that long ago. */
static gboolean
read_span (const char *text, const KontorFindSettings *settings, Moment *moment)
{
  static const struct
  {
    const char unit[4];
    int months, seconds;
  } units[] = { { "s", 0, 1 },     { "min", 0, 60 },   { "h", 0, 3600 }, { "d", 0, 86400 },
                { "w", 0, 604800 }, { "m", 1, 0 },      { "y", 12, 0 } };
  gsize digits = strspn (text, "0123456789");
  g_autoptr (GDateTime) now = in_zone (settings);
  g_autoptr (GDateTime) then = NULL;
  int count;

  if (digits == 0 || digits > 5 || now == NULL)
    return FALSE;
  count = (int) g_ascii_strtoll (text, NULL, 10);
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (text + digits, units[i].unit) == 0)
      {
        if (units[i].months > 0)
          then = g_date_time_add_months (now, -count * units[i].months);
        else if (units[i].seconds % 86400 == 0) /* days of the calendar: the clock may change */
          then = g_date_time_add_days (now, -count * (units[i].seconds / 86400));
        else
          then = g_date_time_add_seconds (now, -(gdouble) count * units[i].seconds);
        if (then == NULL)
          return FALSE;
        moment->begin = moment->end = g_date_time_to_unix (then);
        moment->is_span = TRUE;
        return TRUE;
      }
  return FALSE;
}

/* Takes exactly @n digits. */
static gboolean
take_digits (const char **text, guint n, int *number)
{
  *number = 0;
  for (guint i = 0; i < n; i++, (*text)++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      *number = *number * 10 + (**text - '0');
    }
  return TRUE;
}

/* 2026, 2026-10, 2026-10-31, 2026-10-31T14:05 */
static gboolean
read_date (const char *text, const KontorFindSettings *settings, Moment *moment)
{
  int year, month = 1, day = 1, hour, minute;
  gboolean has_month, has_day;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) from = NULL;

  if (!take_digits (&text, 4, &year) || year == 0)
    return FALSE;
  has_month = *text == '-';
  if (has_month && (text++, !take_digits (&text, 2, &month)))
    return FALSE;
  has_day = has_month && *text == '-';
  if (has_day && (text++, !take_digits (&text, 2, &day)))
    return FALSE;

  if (has_day && (*text == 'T' || *text == 't'))
    {
      text++;
      if (!take_digits (&text, 2, &hour) || *text++ != ':' || !take_digits (&text, 2, &minute)
          || *text != '\0')
        return FALSE;
      from = g_date_time_new (settings->zone != NULL ? settings->zone : utc, year, month, day, hour,
                              minute, 0);
      if (from == NULL)
        return FALSE;
      *moment = (Moment){ g_date_time_to_unix (from), g_date_time_to_unix (from) + 59, FALSE };
      return TRUE;
    }
  from = *text == '\0' ? g_date_time_new_utc (year, month, day, 0, 0, 0) : NULL;
  return from != NULL
         && between_days (settings, from, !has_month, has_month && !has_day, has_day, moment);
}

static gboolean
read_moment (const char *text,
             const char *end,
             const KontorFindSettings *settings,
             Moment *moment,
             const char **problem)
{
  g_autofree char *copy = g_strndup (text, (gsize) (end - text));

  moment->is_span = FALSE;
  return read_word (copy, settings, moment) || read_span (copy, settings, moment)
         || read_date (copy, settings, moment)
         || fail (problem,
                  _ ("Write a time such as 7d, today, last-month, 2026-10 or 2026-10-31."));
}

/**
 * kontor_find_read_time:
 * @text: "7d", "today", ">2026-10-01", "2026-10-01..2026-10-31" … as it stands behind the colon
 * @settings: now, and the person's zone: days begin there
 * @value: (out): its bounds in Unix seconds
 * @problem: (out): when it is not understood, a sentence for the person
 *
 * "7d" is whatever happened within the last seven days, "<7d" too and ">7d" what is older: of a
 * span the age is compared, of a date the date.
 *
 * Returns: whether it is a time or a range of them
 */
gboolean
kontor_find_read_time (const char *text,
                       const KontorFindSettings *settings,
                       KontorFindValue *value,
                       const char **problem)
{
  static const Comparison of_age[] = { GREATER_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL };
  const char *dots = strstr (text, ".."), *end = text + strlen (text);
  Moment from = { G_MININT64, 0, FALSE }, to = { 0, G_MAXINT64, FALSE };
  Comparison comparison;

  if (dots == NULL)
    {
      text = skip_comparison (text, &comparison);
      if (!read_moment (text, end, settings, &from, problem))
        return FALSE;
      bound (value, from.is_span ? of_age[comparison] : comparison, from.begin, from.end);
      return TRUE;
    }
  if (end - text == 2)
    return fail (problem,
                 _ ("A range needs a beginning or an end, such as 2026-10-01..2026-10-31."));
  if ((dots > text && !read_moment (text, dots, settings, &from, problem))
      || (dots + 2 < end && !read_moment (dots + 2, end, settings, &to, problem)))
    return FALSE;
  value->low = from.begin;
  value->high = to.end;
  return value->low <= value->high || fail (problem, _ ("This range ends before it begins."));
}
