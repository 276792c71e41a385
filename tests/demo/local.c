/* local.c: starts a server of one's own as a console does, says where, and ends it when it is told to. */
#include <stdio.h>
#include <stdlib.h>

#include "core/client/local.h"

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorLocal) local = NULL;
  g_autofree char *folder = kontor_local_folder ();
  guint samples = argc > 1 ? (guint) atoi (argv[1]) : 0;

  if ((samples == 0 || kontor_local_exists (folder)
       || kontor_local_fill (folder, samples, NULL, &error)))
    local = kontor_local_start (folder, &error);
  if (local == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  printf ("%s %s\n", kontor_local_url (local), kontor_local_key (local));
  fflush (stdout);
  return getchar () == EOF ? 0 : 2;
}
