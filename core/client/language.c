/* language.c: the language and the habits of whoever runs the program. */
#include "core/client/language.h"

#include <libintl.h>
#include <locale.h>

/**
 * kontor_language_init:
 *
 * As the environment says; to be called before anything is said. Catalogues lie where they were
 * installed, or where KONTOR_LOCALE_DIR says: a program that was only built finds them there.
 */
void
kontor_language_init (void)
{
  const char *folder = g_getenv ("KONTOR_LOCALE_DIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL && *folder != '\0' ? folder : KONTOR_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
