/* queue.c: what a person does to a copy's queue, one thing a run; says what is in it then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/replica/outbox.h"

static gint64
number (const char *text)
{
  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static void
write_text (KontorBuffer *json, const char *name, const char *text)
{
  kontor_buffer_printf (json, ",\"%s\":", name);
  if (text != NULL)
    kontor_buffer_string (json, text);
  else
    kontor_buffer_literal (json, "null");
}

static void
show (const KontorQueued *row)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_buffer_printf (&json,
                        "{\"n\":%" G_GINT64_FORMAT ",\"if_v\":%" G_GINT64_FORMAT
                        ",\"made\":%" G_GINT64_FORMAT ",\"tries\":%u,\"unsure\":%s",
                        row->n, row->if_v, row->made, row->tries,
                        row->is_unsure ? "true" : "false");
  write_text (&json, "op", row->op);
  write_text (&json, "do", row->action);
  write_text (&json, "on", row->on);
  write_text (&json, "args", row->args);
  write_text (&json, "state", kontor_queued_name (row->state));
  write_text (&json, "answer", row->answer);
  write_text (&json, "why", kontor_queued_why (row));
  printf ("%s}\n", kontor_buffer_text (&json));
}

/* "field: base|mine|theirs", with a ! where they clash; ahead of them the version that is there. */
static void
compare (const KontorQueued *row)
{
  gint64 v = 0;
  g_autoptr (GPtrArray) fields = kontor_queued_compare (row, &v);

  printf ("%" G_GINT64_FORMAT "\n", v);
  for (guint i = 0; i < fields->len; i++)
    {
      const KontorCompared *field = fields->pdata[i];

      printf ("%s: %s|%s|%s%s\n", field->field, field->base != NULL ? field->base : "?",
              field->mine, field->theirs, field->clashes ? " !" : "");
    }
}

/* FIELD VALUE: in the place of that one; the rest as it was. */
static gboolean
change (KontorOutbox *outbox, gint64 n, char **argv, GError **error)
{
  g_autoptr (KontorQueued) row = kontor_outbox_get (outbox, n);
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) fields = NULL;
  g_autofree char *args = NULL;
  gint64 v = 0;

  if (row == NULL)
    return FALSE;
  fields = kontor_queued_compare (row, &v);
  g_hash_table_insert (values, argv[0], argv[1]);
  args = kontor_queued_change (row, values);
  return kontor_outbox_edit (outbox, n, args, v, error);
}

static gboolean
list (KontorOutbox *outbox)
{
  g_autoptr (GPtrArray) rows = kontor_outbox_list (outbox, KONTOR_QUEUED_ANY);

  for (guint i = 0; i < rows->len; i++)
    show (g_ptr_array_index (rows, i));
  return TRUE;
}

/* ACTION ON|- IF_V CLASS ARGS [AFTER [BASE]] */
static gboolean
add (KontorOutbox *outbox, char **argv, int argc, GError **error)
{
  KontorIntent intent = { .op = argv[0],
                          .on = strcmp (argv[1], "-") != 0 ? argv[1] : NULL,
                          .if_v = number (argv[2]),
                          .class = (KontorIntentClass) number (argv[3]),
                          .args = argv[4],
                          .base = argc > 6 ? argv[6] : NULL };
  gint64 n = kontor_outbox_add (outbox, &intent, argc > 5 ? number (argv[5]) : 0, error);

  printf ("%" G_GINT64_FORMAT "\n", n);
  return n > 0;
}

static gboolean
run (KontorOutbox *outbox, char **argv, int argc, GError **error)
{
  const char *word = argv[0];
  gint64 n = argc > 1 ? number (argv[1]) : 0;

  if (strcmp (word, "list") == 0)
    return list (outbox);
  if (strcmp (word, "show") == 0)
    {
      g_autoptr (KontorQueued) row = kontor_outbox_get (outbox, n);

      if (row != NULL)
        show (row);
      return TRUE;
    }
  if (strcmp (word, "compare") == 0)
    {
      g_autoptr (KontorQueued) row = kontor_outbox_get (outbox, n);

      if (row != NULL)
        compare (row);
      return TRUE;
    }
  if (strcmp (word, "change") == 0 && argc >= 4)
    return change (outbox, n, argv + 2, error);
  if (strcmp (word, "add") == 0 && argc >= 6)
    return add (outbox, argv + 1, argc - 1, error);
  if (strcmp (word, "edit") == 0 && argc >= 3)
    return kontor_outbox_edit (outbox, n, argv[2], argc > 3 ? number (argv[3]) : 0, error);
  if (strcmp (word, "confirm") == 0)
    return kontor_outbox_confirm (outbox, n, argc > 2 ? number (argv[2]) : 0, error);
  if (strcmp (word, "retry") == 0)
    return kontor_outbox_retry (outbox, n, error);
  if (strcmp (word, "discard") == 0)
    return kontor_outbox_discard (outbox, n, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no such word: %s", word);
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorOutbox) outbox = NULL;

  if (argc < 3)
    {
      fprintf (stderr, "usage: sync-queue FOLDER list|show|add|edit|confirm|retry|discard …\n");
      return 2;
    }
  outbox = kontor_outbox_open (argv[1], &error);
  if (outbox != NULL && run (outbox, argv + 2, argc - 2, &error))
    return 0;
  fprintf (stderr, "%s\n", error->message);
  return 1;
}
