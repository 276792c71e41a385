/* format.c: money, numbers and times as the person reads them. */
#include "core/console/format.h"

#include <locale.h>
#include <string.h>

#include "core/console/text.h"
#include "core/currency.h"

#define GROUP 3

/**
 * kontor_format_init:
 * @format: (out caller-allocates): how the person writes, as the process' locale has it
 *
 * Its texts are static; @zone is owned by whoever holds @format.
 */
void
kontor_format_init (KontorFormat *format)
{
  const struct lconv *locale = localeconv ();

  *format = (KontorFormat){
    .decimal_point = g_intern_string (*locale->decimal_point != '\0' ? locale->decimal_point : "."),
    .thousands = g_intern_string (locale->thousands_sep),
    .zone = g_time_zone_new_local (),
    .is_utf8 = g_get_charset (NULL),
  };
}

/* Digits with a mark between groups of three, counted from behind. */
static void
append_grouped (GString *out, const char *digits, gsize n, const char *mark)
{
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % GROUP == 0 && mark != NULL)
        g_string_append (out, mark);
      g_string_append_c (out, digits[i]);
    }
}

static guint64
magnitude (gint64 value)
{
  return value < 0 ? -(guint64) value : (guint64) value;
}

/**
 * kontor_format_decimal:
 * @format: how the person writes
 * @amount: in minor units
 * @currency: (nullable): its code, in any case; two decimals when it is not known
 *
 * Returns: (transfer full): the amount without its currency: "-1,234.50"
 */
char *
kontor_format_decimal (const KontorFormat *format, gint64 amount, const char *currency)
{
  const KontorCurrency *known = currency != NULL ? kontor_currency_find (currency) : NULL;
  guint exponent = known != NULL ? known->exponent : 2;
  g_autofree char *digits
      = g_strdup_printf ("%0*" G_GUINT64_FORMAT, (int) exponent + 1, magnitude (amount));
  gsize n = strlen (digits) - exponent;
  GString *out = g_string_new (amount < 0 ? "-" : NULL);

  append_grouped (out, digits, n, format->thousands);
  if (exponent > 0)
    g_string_append_printf (
        out, "%s%s", format->decimal_point != NULL ? format->decimal_point : ".", digits + n);
  return g_string_free (out, FALSE);
}

/**
 * kontor_format_money:
 * @format: how the person writes
 * @amount: in minor units
 * @currency: (nullable): its code, in any case
 *
 * The code stands behind the amount and not a symbol, of which many currencies share one.
 *
 * Returns: (transfer full): "1,234.50 EUR"
 */
char *
kontor_format_money (const KontorFormat *format, gint64 amount, const char *currency)
{
  g_autofree char *decimal = kontor_format_decimal (format, amount, currency);
  g_autofree char *code = g_ascii_strup (currency != NULL ? currency : "", -1);

  return *code != '\0' ? g_strdup_printf ("%s %s", decimal, code) : g_steal_pointer (&decimal);
}

/**
 * kontor_format_number:
 * @format: how the person writes
 * @number: a number
 *
 * Returns: (transfer full): "1,234,567"
 */
char *
kontor_format_number (const KontorFormat *format, gint64 number)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, magnitude (number));
  GString *out = g_string_new (number < 0 ? "-" : NULL);

  append_grouped (out, digits, strlen (digits), format->thousands);
  return g_string_free (out, FALSE);
}

/**
 * kontor_format_bytes:
 * @format: how the person writes
 * @bytes: a size
 *
 * Returns: (transfer full): "999 B", "1.5 kB", "12.0 MB"
 */
char *
kontor_format_bytes (const KontorFormat *format, guint64 bytes)
{
  static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
  guint64 tenths = bytes > G_MAXUINT64 / 10 ? G_MAXUINT64 : bytes * 10;
  guint unit = 0;

  if (bytes < 1000)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " B", bytes);
  for (; tenths >= 10000 && unit + 1 < G_N_ELEMENTS (units); unit++)
    tenths = (tenths + 500) / 1000;
  return g_strdup_printf ("%" G_GUINT64_FORMAT "%s%" G_GUINT64_FORMAT " %s", tenths / 10,
                          format->decimal_point != NULL ? format->decimal_point : ".", tenths % 10,
                          units[unit]);
}

/* %NULL for no time. */
static GDateTime *
local_time (const KontorFormat *format, gint64 seconds)
{
  g_autoptr (GDateTime) utc = seconds > 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;

  if (utc == NULL)
    return NULL;
  return format->zone != NULL ? g_date_time_to_timezone (utc, format->zone) : g_date_time_ref (utc);
}

/**
 * kontor_format_time:
 * @format: whose zone
 * @seconds: Unix seconds; less than one: no time
 *
 * Returns: (transfer full): "2026-11-18 15:30", which sorts as it reads; "" for no time
 */
char *
kontor_format_time (const KontorFormat *format, gint64 seconds)
{
  g_autoptr (GDateTime) local = local_time (format, seconds);

  if (local == NULL)
    return g_strdup ("");
  return g_date_time_format (local, format->local_dates ? "%x %H:%M" : "%Y-%m-%d %H:%M");
}

/**
 * kontor_format_moment:
 * @format: whose zone
 * @seconds: Unix seconds; less than one: no time
 * @now: Unix seconds
 *
 * Returns: (transfer full): as kontor_format_time(), without the year when it is @now's: "11-18 15:30";
 * as a language writes dates, its year stays
 */
char *
kontor_format_moment (const KontorFormat *format, gint64 seconds, gint64 now)
{
  g_autoptr (GDateTime) local = local_time (format, seconds), today = local_time (format, now);

  if (format->local_dates || local == NULL || today == NULL
      || g_date_time_get_year (local) != g_date_time_get_year (today))
    return kontor_format_time (format, seconds);
  return g_date_time_format (local, "%m-%d %H:%M");
}

/**
 * kontor_format_age:
 * @format: whose zone
 * @seconds: Unix seconds
 * @now: Unix seconds
 *
 * Returns: (transfer full): "just now", "5 min ago", "3 h ago", "2 days ago"; a date when it is
 * more than a week ago, or yet to come
 */
char *
kontor_format_age (const KontorFormat *format, gint64 seconds, gint64 now)
{
  gint64 age = now - seconds;
  int days = (int) CLAMP (age / 86400, 0, 1000);

  if (seconds <= 0 || age < 0 || age >= 8 * 86400)
    return kontor_format_time (format, seconds);
  if (age < 60)
    return g_strdup (_ ("just now"));
  if (age < 3600)
    return g_strdup_printf (ngettext ("%d min ago", "%d min ago", (gulong) (age / 60)),
                            (int) (age / 60));
  if (age < 86400)
    return g_strdup_printf (ngettext ("%d h ago", "%d h ago", (gulong) (age / 3600)),
                            (int) (age / 3600));
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong) days), days);
}

/**
 * kontor_format_text:
 * @format: whether the person's terminal knows UTF-8
 * @text: (nullable): a text from outside
 *
 * Returns: (transfer full): @text without control characters, in ASCII letters where nothing else
 * can be shown
 */
char *
kontor_format_text (const KontorFormat *format, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_new (NULL);
  char *ascii;

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      g_string_append_unichar (clean, g_unichar_iscntrl (letter) ? ' ' : letter);
    }
  if (format->is_utf8)
    return g_string_free (clean, FALSE);
  ascii = g_str_to_ascii (clean->str, NULL);
  g_string_free (clean, TRUE);
  return ascii;
}
