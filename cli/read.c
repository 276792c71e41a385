/* read.c: what commands read again and again: members of answers, and spans of time. */
#include "cli/read.h"

#include <string.h>

/**
 * kontor_read_member:
 * @object: (nullable): an object of an answer
 * @path: the name of a member, or "response.status"
 *
 * Returns: (nullable) (transfer none): its value
 */
const KontorValue *
kontor_read_member (const KontorValue *object, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);

  for (guint i = 0; names[i] != NULL && object != NULL; i++)
    object = object->type == KONTOR_VALUE_OBJECT ? kontor_value_get (object, names[i]) : NULL;
  return object;
}

/**
 * kontor_read_text:
 * @object: (nullable): an object of an answer
 * @path: the name of a member, or "response.body"
 *
 * Returns: (transfer none): the text that stands there; empty when none does
 */
const char *
kontor_read_text (const KontorValue *object, const char *path)
{
  const KontorValue *value = kontor_read_member (object, path);

  return value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : "";
}

/**
 * kontor_read_number:
 * @object: (nullable): an object of an answer
 * @path: the name of a member, or "response.status"
 * @fallback: what it is when no whole number stands there
 *
 * Returns: the number that stands there
 */
gint64
kontor_read_number (const KontorValue *object, const char *path, gint64 fallback)
{
  const KontorValue *value = kontor_read_member (object, path);
  gint64 number;

  return value != NULL && value->type == KONTOR_VALUE_NUMBER
                 && g_ascii_string_to_signed (value->text, 10, G_MININT64, G_MAXINT64, &number,
                                              NULL)
             ? number
             : fallback;
}

/**
 * kontor_read_true:
 * @object: (nullable): an object of an answer
 * @path: the name of a member
 *
 * Returns: whether true stands there
 */
gboolean
kontor_read_true (const KontorValue *object, const char *path)
{
  const KontorValue *value = kontor_read_member (object, path);

  return value != NULL && value->type == KONTOR_VALUE_BOOL && g_str_equal (value->text, "true");
}

/**
 * kontor_read_time:
 * @object: (nullable): an object of an answer
 * @path: the name of a member with Unix seconds
 *
 * Returns: (transfer full): the time on the clock of the person; empty when none stands there
 */
char *
kontor_read_time (const KontorValue *object, const char *path)
{
  gint64 time = kontor_read_number (object, path, -1);
  g_autoptr (GDateTime) date = time >= 0 ? g_date_time_new_from_unix_local (time) : NULL;

  return date != NULL ? g_date_time_format (date, "%F %T") : g_strdup ("");
}

/**
 * kontor_read_seconds:
 * @typed: a span of time: "90s", "10m", "24h", "7d", "2w"
 * @seconds: (out): how long that is
 *
 * Returns: whether it is one
 */
gboolean
kontor_read_seconds (const char *typed, gint64 *seconds)
{
  static const struct
  {
    char   letter;
    gint64 seconds;
  } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
  gsize length = strlen (typed);
  g_autofree char *digits = length > 1 ? g_strndup (typed, length - 1) : NULL;
  guint64 n;

  for (guint i = 0; digits != NULL && i < G_N_ELEMENTS (units); i++)
    if (typed[length - 1] == units[i].letter
        && g_ascii_string_to_unsigned (digits, 10, 0, 1000000, &n, NULL))
      {
        *seconds = (gint64) n * units[i].seconds;
        return TRUE;
      }
  return FALSE;
}
