/* api-version.c: how a version of the API is written. */
#include "core/api-version.h"

#include <string.h>

#define DATE_LETTERS 10

/**
 * kontor_api_version_end:
 * @text: what may begin with a version: "2026-10-28.endive", "2022-11-15"
 *
 * Returns: (nullable): what stands after it, or %NULL when it is no version
 */
const char *
kontor_api_version_end (const char *text)
{
  gsize length;

  for (guint i = 0; i < DATE_LETTERS; i++)
    if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return NULL;
  text += DATE_LETTERS;
  if (*text != '.')
    return text;
  length = strspn (text + 1, "abcdefghijklmnopqrstuvwxyz");
  return length > 0 ? text + 1 + length : NULL;
}
