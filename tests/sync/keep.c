/* keep.c: keeps a copy and sends what is queued, as a console does; says how it stands, a line each. */
#include <glib-unix.h>
#include <stdio.h>

#include "core/replica/push.h"

static void
say (const char *word, const char *more)
{
  printf ("%s%s%s\n", word, more != NULL ? " " : "", more != NULL ? more : "");
  fflush (stdout);
}

static void
state_cb (KontorSync *sync, gpointer data)
{
  static const char *const words[]
      = { "stopped", "fetching", "behind", "current", "offline", "refused", "reading", "full" };

  say (words[kontor_sync_state (sync)], kontor_sync_problem (sync));
}

static void
replaced_cb (KontorSync *sync, gpointer data)
{
  say ("replaced", NULL);
}

static void
changed_cb (KontorSync *sync, GArray *keys, gpointer data)
{
  g_autofree char *n = g_strdup_printf ("%u", keys->len);

  say ("changed", n);
}

static void
verified_cb (KontorSync *sync, guint rows, const char *problem, gpointer data)
{
  g_autofree char *n = g_strdup_printf ("%u %s", rows, problem != NULL ? problem : "");

  say ("verified", n);
}

/* How many there are of each state, in the order of KontorQueuedState; then what is in the way. */
static void
queue_cb (KontorOutbox *outbox, KontorPush *push)
{
  g_autoptr (GString) counts = g_string_new (NULL);

  for (guint i = 0; i < KONTOR_QUEUED_N_STATES; i++)
    g_string_append_printf (counts, "%s%u", i > 0 ? " " : "",
                            kontor_outbox_count (outbox, KONTOR_QUEUED_BIT (i)));
  if (kontor_push_problem (push) != NULL)
    g_string_append_printf (counts, " %s", kontor_push_problem (push));
  say ("queue", counts->str);
}

typedef struct
{
  KontorSync *sync;
  KontorPush *push;
} Both;

static gboolean
now_cb (gpointer data)
{
  const Both *both = data;

  kontor_sync_now (both->sync);
  kontor_push_now (both->push);
  return G_SOURCE_CONTINUE;
}

static gboolean
verify_cb (gpointer data)
{
  if (!kontor_sync_verify (data))
    say ("verified", "not");
  return G_SOURCE_CONTINUE;
}

/* A console would draw now: how long it would have been kept from it, at worst, since it was last asked. */
static gboolean
frame_cb (gpointer data)
{
  static gint64 last_us;
  gint64 *worst_us = data, now_us = g_get_monotonic_time ();

  if (last_us > 0)
    *worst_us = MAX (*worst_us, now_us - last_us - 10000);
  last_us = now_us;
  return G_SOURCE_CONTINUE;
}

static gboolean
late_cb (gpointer data)
{
  gint64 *worst_us = data;
  g_autofree char *ms = g_strdup_printf ("%" G_GINT64_FORMAT, *worst_us / 1000);

  say ("late", ms);
  *worst_us = 0;
  return G_SOURCE_CONTINUE;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorReplica) replica = NULL;
  g_autoptr (KontorClient) client = NULL, pusher = NULL;
  g_autoptr (KontorOutbox) outbox = NULL;
  g_autoptr (KontorPush) push = NULL;
  g_autoptr (KontorSync) sync = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  gint64 worst_us = 0;
  Both both;

  if (argc != 4)
    {
      fprintf (stderr, "usage: sync-keep FOLDER URL KEY\n");
      return 2;
    }
  replica = kontor_replica_open (argv[1], &error);
  if (replica != NULL)
    outbox = kontor_outbox_open (argv[1], &error);
  if (outbox == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  client = kontor_client_new (argv[2], argv[3]);
  sync = kontor_sync_new (client, replica);
  g_signal_connect (sync, "state", G_CALLBACK (state_cb), NULL);
  g_signal_connect (sync, "replaced", G_CALLBACK (replaced_cb), NULL);
  g_signal_connect (sync, "verified", G_CALLBACK (verified_cb), NULL);
  g_signal_connect (sync, "changed", G_CALLBACK (changed_cb), NULL);
  pusher = kontor_client_new (argv[2], argv[3]);
  push = kontor_push_new (pusher, outbox, replica, sync);
  g_signal_connect (outbox, "changed", G_CALLBACK (queue_cb), push);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  both = (Both){ sync, push };
  g_unix_signal_add (SIGUSR1, now_cb, &both);
  g_unix_signal_add (SIGHUP, verify_cb, sync);
  g_unix_signal_add (SIGUSR2, late_cb, &worst_us);
  g_timeout_add (10, frame_cb, &worst_us);
  kontor_push_start (push);
  kontor_sync_start (sync);
  g_main_loop_run (loop);
  kontor_push_stop (push);
  kontor_sync_stop (sync);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return 0;
}
