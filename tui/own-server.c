/* own-server.c: a server of one's own, for who has no other yet. */
#include "tui/own-server.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

/**
 * tui_own_server_start:
 * @samples: how many sample payments to make, when there is no server yet; 0: none
 * @local: (out): the server, which runs as long as it lives
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what to work with
 */
KontorProfile *
tui_own_server_start (int samples, KontorLocal **local, GError **error)
{
  g_autofree char *folder = kontor_local_folder ();
  KontorProfile *profile;

  if (samples > 0 && !kontor_local_exists (folder))
    {
      fprintf (stderr, _ ("Making %d sample payments…\n"), samples);
      if (!kontor_local_fill (folder, (guint) samples, NULL, error))
        return NULL;
    }
  *local = kontor_local_start (folder, error);
  if (*local == NULL)
    return NULL;
  profile = g_new0 (KontorProfile, 1);
  profile->name = g_strdup ("local");
  profile->url = g_strdup (kontor_local_url (*local));
  profile->key = g_strdup (kontor_local_key (*local));
  profile->account = g_strdup (folder); /* another port another day, and the same data */
  return profile;
}
