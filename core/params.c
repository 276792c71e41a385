/* params.c: parameters checked against the declaration. */
#include "core/resource.h"

#include <errno.h>
#include <string.h>

#include "core/currency.h"
#include "core/shape.h"

#define MAX_STRING 5000
#define MAX_PATH 128
#define METADATA_KEY 40
#define METADATA_VALUE 500

/* One check of one request. */
typedef struct
{
  KontorArena *arena;
  KontorError *error;
} Checker;

static gboolean check_object (const Checker *checker,
                              const KontorShape *shape,
                              const KontorField *extra,
                              guint32 operation,
                              KontorValue *object,
                              const char *path);

static void
name_path (char out[MAX_PATH], const char *path, const char *name)
{
  if (*path == '\0')
    g_strlcpy (out, name, MAX_PATH);
  else
    g_snprintf (out, MAX_PATH, "%s[%s]", path, name);
}

static gboolean
is_scalar (const KontorValue *value)
{
  return value->type == KONTOR_VALUE_STRING || value->type == KONTOR_VALUE_NUMBER
         || value->type == KONTOR_VALUE_BOOL;
}

static gboolean
wants_object (const KontorField *field)
{
  return field->type == KONTOR_OBJECT || field->type == KONTOR_MAP;
}

static gboolean
wants_list (const KontorField *field)
{
  return field->type == KONTOR_STRINGS || field->type == KONTOR_OBJECTS;
}

static gboolean
check_integer (const Checker *checker,
               const KontorField *field,
               KontorValue *value,
               const char *path)
{
  const char *text = value->text;
  char *end = NULL;

  errno = 0;
  value->integer = is_scalar (value) && value->type != KONTOR_VALUE_BOOL
                       ? g_ascii_strtoll (text, &end, 10)
                       : 0;
  if (end == NULL || end == text || *end != '\0' || g_ascii_isspace (*text) || *text == '+')
    return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_INVALID_INTEGER, path,
                             "Invalid integer: %.100s", is_scalar (value) ? text : "an object");
  if (errno == ERANGE)
    return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_INVALID_INTEGER, path,
                             "Invalid integer: %.100s is out of range", text);
  if (field->min < field->max && value->integer < field->min)
    return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_INVALID_INTEGER, path,
                             "This value must be greater than or equal to %" G_GINT64_FORMAT ".",
                             field->min);
  if (field->min < field->max && value->integer > field->max)
    return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_INVALID_INTEGER, path,
                             "This value must be less than or equal to %" G_GINT64_FORMAT ".",
                             field->max);
  return TRUE;
}

#define LATEST_TIME (G_GINT64_CONSTANT (1) << 33)

static gboolean
check_time (const Checker *checker, KontorValue *value, const char *path)
{
  static const KontorField times = { .min = 0, .max = LATEST_TIME };

  if (check_integer (checker, &times, value, path))
    return TRUE;
  return kontor_error_set (
      checker->error, KONTOR_ERROR_PARAMETER_INVALID_INTEGER, path,
      "Invalid timestamp: must be an integer Unix timestamp (seconds since 1970).");
}

static gboolean
check_boolean (const Checker *checker, KontorValue *value, const char *path)
{
  /* Python's own words for it are "True" and "False". */
  if (is_scalar (value) && g_ascii_strcasecmp (value->text, "true") == 0)
    value->integer = 1;
  else if (is_scalar (value) && g_ascii_strcasecmp (value->text, "false") == 0)
    value->integer = 0;
  else
    return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path,
                             "Invalid boolean: %.100s",
                             is_scalar (value) ? value->text : "an object");
  return TRUE;
}

/* Where a word may be meant as a truth value, Python's way of writing that counts too. */
static gboolean
is_word (const char *word, KontorValue *value)
{
  if (g_str_equal (word, value->text))
    return TRUE;
  if (!g_str_equal (word, "true") && !g_str_equal (word, "false"))
    return FALSE;
  if (g_ascii_strcasecmp (word, value->text) != 0)
    return FALSE;
  value->text = word;
  return TRUE;
}

static gboolean
check_word (const Checker *checker, const KontorField *field, KontorValue *value, const char *path)
{
  g_autoptr (GString) words = g_string_new (NULL);
  guint n = 0;

  for (; field->values[n] != NULL; n++)
    if (is_word (field->values[n], value))
      return TRUE;
  for (guint i = 0; i < n; i++)
    g_string_append_printf (words, "%s%s",
                            i == 0       ? ""
                            : i + 1 == n ? n == 2 ? " or " : ", or "
                                         : ", ",
                            field->values[i]);
  return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path,
                           "Invalid %s: must be %s%.300s", path, n > 1 ? "one of " : "",
                           words->str);
}

static gboolean
check_text (const Checker *checker, const KontorField *field, KontorValue *value, const char *path)
{
  gsize most = wants_list (field) || field->max == 0 ? MAX_STRING : (gsize) field->max;

  if (!is_scalar (value))
    return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path,
                             "Invalid string: %s must be a string, not %s.", path,
                             value->type == KONTOR_VALUE_ARRAY ? "an array" : "an object");
  value->type = KONTOR_VALUE_STRING;
  if (field->values != NULL)
    return check_word (checker, field, value, path);
  if (value->length > most && (gsize) g_utf8_strlen (value->text, -1) > most)
    return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path,
                             "Invalid string: %.20s...; must be at most %" G_GSIZE_FORMAT
                             " characters",
                             value->text, most);
  return TRUE;
}

static gboolean
check_email (const Checker *checker, const KontorField *field, KontorValue *value, const char *path)
{
  const char *at;

  if (!check_text (checker, field, value, path))
    return FALSE;
  at = strchr (value->text, '@');
  if (value->length <= 512 && at != NULL && at != value->text && at[1] != '\0'
      && strchr (at + 1, '@') == NULL && strpbrk (value->text, " \t\r\n<>,;") == NULL)
    return TRUE;
  return kontor_error_set (checker->error, KONTOR_ERROR_EMAIL_INVALID, path,
                           "Invalid email address: %.100s", value->text);
}

static gboolean
check_currency (const Checker *checker,
                const KontorField *field,
                KontorValue *value,
                const char *path)
{
  const KontorCurrency *currency;

  if (!check_text (checker, field, value, path))
    return FALSE;
  currency = kontor_currency_find (value->text);
  if (currency == NULL)
    return kontor_error_set (
        checker->error, KONTOR_ERROR_INVALID_CURRENCY, path,
        "Invalid currency: %.20s. It must be the three letters of ISO 4217, such as usd or eur.",
        value->text);
  value->text = currency->code;
  return TRUE;
}

static gboolean
check_metadata (const Checker *checker, const KontorValue *map, const char *path)
{
  if (map->n_children > KONTOR_METADATA_PAIRS)
    return kontor_error_set (checker->error, KONTOR_ERROR_METADATA_INVALID, path,
                             "Metadata can have at most %d keys.", KONTOR_METADATA_PAIRS);
  for (const KontorValue *pair = map->first; pair != NULL; pair = pair->next)
    {
      char inner[MAX_PATH];

      name_path (inner, path, pair->key);
      if (!is_scalar (pair) && pair->type != KONTOR_VALUE_NULL)
        return kontor_error_set (checker->error, KONTOR_ERROR_METADATA_INVALID, inner,
                                 "Metadata values can only be strings.");
      if (*pair->key == '\0' || strpbrk (pair->key, "[]") != NULL)
        return kontor_error_set (checker->error, KONTOR_ERROR_METADATA_INVALID, path,
                                 "Metadata keys cannot be empty or hold square brackets.");
      if (g_utf8_strlen (pair->key, -1) > METADATA_KEY)
        return kontor_error_set (checker->error, KONTOR_ERROR_METADATA_INVALID, path,
                                 "Metadata keys must be at most %d characters: '%.60s' is longer.",
                                 METADATA_KEY, pair->key);
      if (pair->text != NULL && pair->length > METADATA_VALUE
          && g_utf8_strlen (pair->text, -1) > METADATA_VALUE)
        return kontor_error_set (checker->error, KONTOR_ERROR_METADATA_INVALID, inner,
                                 "Metadata values must be at most %d characters.", METADATA_VALUE);
    }
  return TRUE;
}

static gboolean
check_range (const Checker *checker, KontorValue *value, const char *path)
{
  static const char *const bounds[] = { "gt", "gte", "lt", "lte", NULL };

  if (value->type != KONTOR_VALUE_OBJECT)
    return check_time (checker, value, path);
  for (KontorValue *bound = value->first; bound != NULL; bound = bound->next)
    {
      char inner[MAX_PATH];

      name_path (inner, path, bound->key);
      if (!g_strv_contains (bounds, bound->key))
        return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_UNKNOWN, inner, NULL);
      if (!check_time (checker, bound, inner))
        return FALSE;
    }
  return TRUE;
}

/* A form's a[0]=x arrives as an object whose names are numbers. */
static gboolean
make_list (const Checker *checker, KontorValue *value, const char *path)
{
  for (KontorValue *item = value->first; value->type == KONTOR_VALUE_OBJECT && item != NULL;
       item = item->next)
    if (*item->key == '\0' || strspn (item->key, "0123456789") != strlen (item->key))
      return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path,
                               "Invalid array: %s takes a list, as in %s[]=….", path, path);
  if (value->type == KONTOR_VALUE_OBJECT)
    value->type = KONTOR_VALUE_ARRAY;
  if (value->type == KONTOR_VALUE_ARRAY)
    return TRUE;
  return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path, "Invalid array");
}

static gboolean
check_list (const Checker *checker, const KontorField *field, KontorValue *value, const char *path)
{
  guint place = 0;

  if (!make_list (checker, value, path))
    return FALSE;
  if (field->max > 0 && value->n_children > field->max)
    return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path,
                             "Invalid array: %s takes at most %" G_GINT64_FORMAT " items.", path,
                             field->max);
  for (KontorValue *item = value->first; item != NULL; item = item->next)
    {
      char inner[MAX_PATH], number[12];

      g_snprintf (number, sizeof number, "%u", place++);
      name_path (inner, path, number);
      if (field->type == KONTOR_STRINGS ? !check_text (checker, field, item, inner)
          : item->type != KONTOR_VALUE_OBJECT
              ? !kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, inner,
                                   "Invalid object")
              : !check_object (checker, field->shape, NULL, KONTOR_IN_NESTED, item, inner))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_nested (const Checker *checker,
              const KontorField *field,
              KontorValue *value,
              const char *path)
{
  if (value->type != KONTOR_VALUE_OBJECT)
    return kontor_error_set (checker->error, KONTOR_ERROR_INVALID_REQUEST, path, "Invalid object");
  return field->type == KONTOR_MAP
             ? check_metadata (checker, value, path)
             : check_object (checker, field->shape, NULL, KONTOR_IN_NESTED, value, path);
}

/* JSON null where nothing can be unset says no more than leaving the parameter out; a form has no null, only
 * the empty text. */
static gboolean
check_empty (const Checker *checker, const KontorField *field, KontorValue *value, const char *path)
{
  if (field->flags & KONTOR_CLEARABLE || field->type == KONTOR_MAP || field->type == KONTOR_ANYTHING
      || wants_list (field) || value->type == KONTOR_VALUE_NULL)
    return TRUE;
  return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_INVALID_EMPTY, path,
                           "You passed an empty string for '%s'. We assume empty values are an "
                           "attempt to unset a parameter; however '%s' cannot be unset. "
                           "You should remove '%s' from your request or supply a non-empty value.",
                           path, path, path);
}

static gboolean
check_value (const Checker *checker, const KontorField *field, KontorValue *value, const char *path)
{
  if (kontor_value_is_empty (value))
    return check_empty (checker, field, value, path);
  switch (field->type)
    {
    case KONTOR_STRING:
    case KONTOR_ID:
    case KONTOR_RAW:
    case KONTOR_ENUM:
      return check_text (checker, field, value, path);
    case KONTOR_EMAIL:
      return check_email (checker, field, value, path);
    case KONTOR_CURRENCY:
      return check_currency (checker, field, value, path);
    case KONTOR_INT:
      return check_integer (checker, field, value, path);
    case KONTOR_TIME:
      return check_time (checker, value, path);
    case KONTOR_BOOL:
      return check_boolean (checker, value, path);
    case KONTOR_RANGE:
      return check_range (checker, value, path);
    default:
      if (wants_object (field))
        return check_nested (checker, field, value, path);
      return !wants_list (field) || check_list (checker, field, value, path);
    }
}

static const KontorField *
find_param (const KontorShape *shape, const KontorField *extra, guint32 operation, const char *name)
{
  const KontorField *field = shape != NULL
                                 ? kontor_plan_find (kontor_plan_of (shape), name, strlen (name),
                                                     operation & KONTOR_IN_ANY)
                                 : NULL;

  for (; field == NULL && extra != NULL && extra->name != NULL; extra++)
    if (g_str_equal (extra->name, name))
      return extra;
  return field;
}

static gboolean
check_unknown (const Checker *checker,
               const KontorShape *shape,
               const KontorField *extra,
               guint32 operation,
               const KontorValue *object,
               const char *path)
{
  g_autoptr (GString) names = NULL;
  char first[MAX_PATH] = "";
  guint n = 0;

  for (const KontorValue *value = object->first; value != NULL; value = value->next)
    {
      char inner[MAX_PATH];

      if (find_param (shape, extra, operation, value->key) != NULL
          || (*path == '\0' && g_str_equal (value->key, "expand")))
        continue;
      name_path (inner, path, value->key);
      if (n++ == 0)
        {
          names = g_string_new (inner);
          g_strlcpy (first, inner, sizeof first);
        }
      else if (n <= 10)
        g_string_append_printf (names, ", %s", inner);
    }
  if (n == 0)
    return TRUE;
  return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_UNKNOWN, first,
                           "Received unknown parameter%s: %.400s", n > 1 ? "s" : "", names->str);
}

/* A row of a create operation is required there alone; any other wherever it is a parameter. */
static gboolean
is_required (const KontorField *field, guint32 operation)
{
  if (operation & KONTOR_IN_ACTION && field->flags & KONTOR_REQUIRED_ACTION)
    return TRUE;
  return field->flags & KONTOR_REQUIRED && field->flags & operation
         && (operation & KONTOR_IN_CREATE || !(field->flags & KONTOR_IN_CREATE));
}

static gboolean
check_there (const Checker *checker,
             const KontorField *field,
             const KontorValue *object,
             const char *path)
{
  const KontorValue *value = kontor_value_get (object, field->name);
  char inner[MAX_PATH];

  if (value != NULL && value->type != KONTOR_VALUE_NULL)
    return TRUE;
  name_path (inner, path, field->name);
  return kontor_error_set (checker->error, KONTOR_ERROR_PARAMETER_MISSING, inner,
                           "Missing required param: %s.", inner);
}

static gboolean
check_missing (const Checker *checker,
               const KontorShape *shape,
               const KontorField *extra,
               guint32 operation,
               const KontorValue *object,
               const char *path)
{
  for (const KontorField *field = shape != NULL ? shape->fields : NULL;
       field != NULL && field->name != NULL; field++)
    if (is_required (field, operation) && !check_there (checker, field, object, path))
      return FALSE;
  for (const KontorField *field = extra; field != NULL && field->name != NULL; field++)
    if (field->flags & KONTOR_REQUIRED && !check_there (checker, field, object, path))
      return FALSE;
  return TRUE;
}

static gboolean
check_object (const Checker *checker,
              const KontorShape *shape,
              const KontorField *extra,
              guint32 operation,
              KontorValue *object,
              const char *path)
{
  if (!check_unknown (checker, shape, extra, operation, object, path)
      || !check_missing (checker, shape, extra, operation, object, path))
    return FALSE;
  for (KontorValue *value = object->first; value != NULL; value = value->next)
    {
      const KontorField *field = find_param (shape, extra, operation, value->key);
      char inner[MAX_PATH];

      if (field == NULL)
        continue;
      name_path (inner, path, value->key);
      if (!check_value (checker, field, value, inner))
        return FALSE;
    }
  return TRUE;
}

/**
 * kontor_params_check:
 * @shape: (nullable): of the resource
 * @operation: one of the KONTOR_IN_ bits: rows that have it are parameters
 * @extra: (nullable): further parameters of the route, ending with a row without name
 * @arena: of the request
 * @params: (inout): the object that was sent; numbers, times and booleans get their integer, currencies
 *   their lower-case code, lists that a form numbered become lists
 * @error: names the parameter as the client wrote it, "card[number]"
 *
 * Returns: whether every parameter is known, there when it must be, and of its kind
 */
gboolean
kontor_params_check (const KontorShape *shape,
                     guint32 operation,
                     const KontorField *extra,
                     KontorArena *arena,
                     KontorValue *params,
                     KontorError *error)
{
  Checker checker = { arena, error };

  return check_object (&checker, shape, extra, operation, params, "");
}
