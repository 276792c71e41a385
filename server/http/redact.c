/* redact.c: parameters as they may be kept: no card data, no secrets.
 *
 * What a table marks KONTOR_SECRET is left out, and so are names that always hold a secret and any text that
 * could be a card number, wherever they stand: a request that was refused may have put them anywhere. */
#include "server/http/redact.h"

#include <string.h>

#define REDACTED "\"[redacted]\""

static const char *const secret_names[] = {
  "number",       "cvc",           "cvv",  "client_secret",  "secret", "password",
  "new_password", "recovery_code", "totp", "account_number", "iban",
};

static gboolean
is_secret_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (secret_names); i++)
    if (strcmp (secret_names[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* 12 to 19 digits in a row, blanks and hyphens between them not counted, whose check digit is right. */
static gboolean
could_be_card (const char *text)
{
  for (; *text != '\0'; text++)
    {
      guint sum[2] = { 0, 0 }, n = 0;

      if (!g_ascii_isdigit (*text))
        continue;
      for (; g_ascii_isdigit (*text) || *text == ' ' || *text == '-'; text++)
        if (g_ascii_isdigit (*text))
          {
            guint digit = (guint) (*text - '0');

            sum[n % 2] += digit;
            sum[1 - n % 2] += digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
            n++;
          }
      /* The last digit counts once: sums are kept for both ways of counting. */
      if (n >= 12 && n <= 19 && sum[1 - n % 2] % 10 == 0)
        return TRUE;
      if (*text == '\0')
        break;
    }
  return FALSE;
}

static const KontorField *
find_row (const KontorField *rows, const char *name)
{
  for (; rows != NULL && rows->name != NULL; rows++)
    if (strcmp (rows->name, name) == 0 && (rows->flags & KONTOR_IN_ANY))
      return rows;
  return NULL;
}

static void write_value (const KontorField *field, const KontorValue *value, KontorBuffer *out);

static void
write_children (const KontorField *rows,
                const KontorField *extra,
                const KontorValue *value,
                KontorBuffer      *out)
{
  gboolean is_array = value->type == KONTOR_VALUE_ARRAY;

  kontor_buffer_char (out, is_array ? '[' : '{');
  for (const KontorValue *child = value->first; child != NULL; child = child->next)
    {
      const KontorField *field = NULL;

      if (child != value->first)
        kontor_buffer_char (out, ',');
      if (child->key != NULL && !is_array)
        {
          field = find_row (extra, child->key);
          field = field != NULL ? field : find_row (rows, child->key);
          kontor_buffer_string (out, child->key);
          kontor_buffer_char (out, ':');
          if (is_secret_name (child->key))
            {
              kontor_buffer_literal (out, REDACTED);
              continue;
            }
        }
      write_value (field, child, out);
    }
  kontor_buffer_char (out, is_array ? ']' : '}');
}

static void
write_value (const KontorField *field, const KontorValue *value, KontorBuffer *out)
{
  const KontorField *rows = field != NULL && field->shape != NULL ? field->shape->fields : NULL;

  if (field != NULL && (field->flags & KONTOR_SECRET))
    {
      kontor_buffer_literal (out, REDACTED);
      return;
    }
  switch (value->type)
    {
    case KONTOR_VALUE_OBJECT:
    case KONTOR_VALUE_ARRAY:
      write_children (rows, NULL, value, out);
      break;
    case KONTOR_VALUE_NULL:
      kontor_buffer_literal (out, "null");
      break;
    case KONTOR_VALUE_STRING:
      if (could_be_card (value->text))
        kontor_buffer_literal (out, REDACTED);
      else
        kontor_buffer_string (out, value->text);
      break;
    default:
      if (could_be_card (value->text))
        kontor_buffer_literal (out, REDACTED);
      else
        kontor_buffer_append (out, value->text, value->length);
    }
}

/**
 * kontor_redact_params:
 * @shape: (nullable): the table of the noun
 * @extra: (nullable): the route's further parameters
 * @params: as they were sent, checked or not
 * @out: gets them as JSON that may be kept
 */
void
kontor_redact_params (const KontorShape *shape,
                      const KontorField *extra,
                      const KontorValue *params,
                      KontorBuffer      *out)
{
  write_children (shape != NULL ? shape->fields : NULL, extra, params, out);
}
