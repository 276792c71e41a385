/* trigger.c: runs the steps of a trigger, each with what the earlier ones were answered. */
#include "cli/trigger.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/json.h"
#include "core/text.h"

/* One --override, --add or --remove. */
typedef struct
{
  const char *flag;
  char       *step, *field, *value; /* no value: it is removed */
} Change;

struct _KontorTriggerRun
{
  KontorCli           *cli;
  const KontorTrigger *trigger;
  GPtrArray           *changes; /* Change */
  GHashTable          *answers; /* KontorClientReply, by the step's name */
  GHashTable          *seen;    /* every text of every answer, ids among them */
  GSocketService      *local;   /* once a step named it: says to anybody that nobody lives there */
};

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error, g_error_new_valist (KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                                                format, arguments));
  va_end (arguments);
  return FALSE;
}

/* ----------------------------------------------------------------------------------- changes -- */

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->step);
  g_free (change->field);
  g_free (change->value);
  g_free (change);
}

/* "shipping.address.city" is sent as "shipping[address][city]"; brackets may be typed as well. */
static char *
field_name (const char *typed, gsize length)
{
  g_autofree char *whole = g_strndup (typed, length);
  g_auto (GStrv) parts = g_strsplit (whole, ".", -1);
  GString *name = g_string_new (parts[0] != NULL ? parts[0] : "");

  for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++)
    g_string_append_printf (name, "[%s]", parts[i]);
  return g_string_free (name, FALSE);
}

static const KontorTriggerStep *
find_step (const KontorTrigger *trigger, const char *name)
{
  for (guint i = 0; i < KONTOR_TRIGGER_STEPS && trigger->steps[i].name != NULL; i++)
    if (g_str_equal (trigger->steps[i].name, name))
      return &trigger->steps[i];
  return NULL;
}

static gboolean
read_change (KontorTriggerRun *run, const char *flag, const char *typed, GError **error)
{
  gboolean removes = g_str_equal (flag, "remove");
  const char *colon = strchr (typed, ':');
  const char *end = colon == NULL ? NULL : removes ? typed + strlen (typed) : strchr (colon, '=');
  Change *change;

  if (end == NULL || colon == typed || end == colon + 1)
    return refuse (error,
                   removes ? _ ("--%s %s: write it as payment_intent:description")
                           : _ ("--%s %s: write it as payment_intent:amount=5000"),
                   flag, typed);
  change = g_new0 (Change, 1);
  g_ptr_array_add (run->changes, change);
  change->flag = flag;
  change->step = g_strndup (typed, (gsize) (colon - typed));
  change->field = field_name (colon + 1, (gsize) (end - colon - 1));
  change->value = removes ? NULL : g_strdup (end + 1);
  if (find_step (run->trigger, change->step) != NULL)
    return TRUE;
  {
    g_autoptr (GString) names = g_string_new (run->trigger->steps[0].name);

    for (guint i = 1; i < KONTOR_TRIGGER_STEPS && run->trigger->steps[i].name != NULL; i++)
      g_string_append_printf (names, ", %s", run->trigger->steps[i].name);
    return refuse (error, _ ("--%s: %s makes nothing called “%s”; it has: %s"), flag,
                   run->trigger->event, change->step, names->str);
  }
}

static gboolean
read_changes (KontorTriggerRun *run, GError **error)
{
  static const char *const names[] = { "override", "add", "remove" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const GPtrArray *texts = kontor_cli_texts (run->cli, names[i]);

      for (guint j = 0; texts != NULL && j < texts->len; j++)
        if (!read_change (run, names[i], texts->pdata[j], error))
          return FALSE;
    }
  return TRUE;
}

/* -------------------------------------------------------------------------------- references -- */

/* Nothing of the request matters, but who closes with some of it unread may lose the answer. */
static gboolean
gone_cb (GThreadedSocketService *service,
         GSocketConnection *connection,
         GObject *source,
         gpointer data)
{
  static const char answer[]
      = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GSocket *socket = g_socket_connection_get_socket (connection);
  char chunk[4096];

  g_socket_set_timeout (socket, 5);
  if (g_input_stream_read (in, chunk, sizeof chunk, NULL, NULL) <= 0
      || !g_output_stream_write_all (out, answer, sizeof answer - 1, NULL, NULL, NULL))
    return TRUE;
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  while (g_input_stream_read (in, chunk, sizeof chunk, NULL, NULL) > 0)
    ;
  return TRUE;
}

static char *
local_url (KontorTriggerRun *run, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0), address = NULL;
  g_autoptr (GSocketService) local = g_threaded_socket_service_new (4);

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (local), any_port, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &address, error))
    return NULL;
  g_signal_connect (local, "run", G_CALLBACK (gone_cb), NULL);
  g_set_object (&run->local, local);
  return g_strdup_printf ("http://127.0.0.1:%u/",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

/* @name is "payment_intent:latest_charge", or one of the two that are no answers. */
static char *
refer (KontorTriggerRun *run, const char *name, GError **error)
{
  const char *colon = strchr (name, ':');
  g_autofree char *step = g_strndup (name, (gsize) (colon - name));
  g_auto (GStrv) members = g_strsplit (colon + 1, ".", -1);
  const KontorClientReply *reply;
  const KontorValue *value;

  if (g_str_equal (name, "local:url"))
    return local_url (run, error);
  if (g_str_equal (name, "unique:text"))
    return g_uuid_string_random ();
  reply = g_hash_table_lookup (run->answers, step);
  value = reply != NULL ? reply->json : NULL;
  for (guint i = 0; value != NULL && members[i] != NULL; i++)
    value = kontor_value_get (value, members[i]);
  if (value != NULL && value->text != NULL)
    return g_strdup (value->text);
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_STRANGE,
               _ ("The server's answer to “%s” lacks %s."), step, colon + 1);
  return NULL;
}

static char *
fill_in (KontorTriggerRun *run, const char *text, GError **error)
{
  g_autoptr (GString) filled = g_string_new (NULL);

  for (const char *begin; (begin = strstr (text, "${")) != NULL;)
    {
      const char *end = strchr (begin, '}');
      g_autofree char *name = g_strndup (begin + 2, (gsize) (end - begin - 2));
      g_autofree char *value = refer (run, name, error);

      if (value == NULL)
        return NULL;
      g_string_append_len (filled, text, begin - text);
      g_string_append (filled, value);
      text = end + 1;
    }
  g_string_append (filled, text);
  return g_string_free (g_steal_pointer (&filled), FALSE);
}

/* ------------------------------------------------------------------------------------- steps -- */

static gboolean
is_or_is_part_of (const char *name, const char *field)
{
  gsize length = strlen (field);

  return g_str_has_prefix (name, field) && (name[length] == '\0' || name[length] == '[');
}

/* The first pair of @params that is named so; a list's own pairs end in "[]". */
static gboolean
find_pair (const GPtrArray *names, const char *field, guint *at)
{
  for (*at = 0; *at < names->len; (*at)++)
    if (is_or_is_part_of (names->pdata[*at], field))
      return TRUE;
  return FALSE;
}

static gboolean
apply (const Change *change, GPtrArray *names, GPtrArray *values, GError **error)
{
  gboolean adds = g_str_equal (change->flag, "add");
  gboolean found = FALSE;
  guint at;

  while (!adds && find_pair (names, change->field, &at))
    {
      found = TRUE;
      g_ptr_array_remove_index (names, at);
      g_ptr_array_remove_index (values, at);
    }
  if (!adds && !found)
    return refuse (error, _ ("--%s: %s has no %s; --add gives it one."), change->flag, change->step,
                   change->field);
  if (change->value == NULL)
    return TRUE;
  g_ptr_array_add (names, g_strdup (change->field));
  g_ptr_array_add (values, g_strdup (change->value));
  return TRUE;
}

static gboolean
read_params (KontorTriggerRun *run,
             const KontorTriggerStep *step,
             KontorClientCall *call,
             GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) pairs = g_strsplit (step->params != NULL ? step->params : "", "&", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char *equals = strchr (pairs[i], '=');
      char *value = fill_in (run, equals + 1, error);

      if (value == NULL)
        return FALSE;
      g_ptr_array_add (names, g_strndup (pairs[i], (gsize) (equals - pairs[i])));
      g_ptr_array_add (values, value);
    }
  for (guint i = 0; i < run->changes->len; i++)
    {
      const Change *change = run->changes->pdata[i];

      if (g_str_equal (change->step, step->name) && !apply (change, names, values, error))
        return FALSE;
    }
  for (guint i = 0; i < names->len; i++)
    kontor_client_call_add (call, names->pdata[i], values->pdata[i]);
  return TRUE;
}

static void
remember (KontorTriggerRun *run, const KontorValue *value)
{
  if (value->type == KONTOR_VALUE_STRING)
    g_hash_table_add (run->seen, g_strdup (value->text));
  for (const KontorValue *child = value->first; child != NULL; child = child->next)
    remember (run, child);
}

/* A card that declines leaves a payment behind, which the refusal shows. */
static gboolean
take_refusal (KontorTriggerRun *run, const GError *error)
{
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  const KontorValue *body;

  if (refusal == NULL || refusal->body == NULL || g_strcmp0 (refusal->type, "card_error") != 0)
    return FALSE;
  body = kontor_json_parse (arena, refusal->body, strlen (refusal->body), &problem);
  if (body != NULL)
    remember (run, body);
  return body != NULL;
}

static void
say_step (const KontorTriggerRun *run, const KontorTriggerStep *step, const char *path)
{
  const KontorStyle *err = &run->cli->err;
  g_autofree char *clean = kontor_text_clean (path);

  if (run->cli->json || run->cli->jsonl)
    return;
  fprintf (err->stream, "%s%s%s  %s %s\n", kontor_style_on (err, KONTOR_ROLE_DIM), step->name,
           kontor_style_off (err, KONTOR_ROLE_DIM), step->method, clean);
}

static gboolean
run_step (KontorTriggerRun *run, const KontorTriggerStep *step, GError **error)
{
  g_autofree char *path = fill_in (run, step->path, error);
  g_autoptr (KontorClientCall) call = NULL;
  g_autoptr (KontorClientReply) reply = NULL;
  GError *problem = NULL;

  if (path == NULL)
    return FALSE;
  call = kontor_client_call_new (step->method, path);
  if (step->params != NULL || run->changes->len > 0)
    if (!read_params (run, step, call, error))
      return FALSE;
  say_step (run, step, path);
  reply = kontor_cli_send (run->cli, call, &problem);
  if (reply != NULL && reply->json != NULL)
    {
      remember (run, reply->json);
      g_hash_table_insert (run->answers, (gpointer) step->name, g_steal_pointer (&reply));
    }
  else if (problem != NULL && (step->flags & KONTOR_STEP_REFUSED) && take_refusal (run, problem))
    g_clear_error (&problem);
  if (problem != NULL)
    g_propagate_error (error, problem);
  return problem == NULL;
}

/**
 * kontor_trigger_run_new:
 * @cli: a run with the flags "override", "add" and "remove"
 * @trigger: (transfer none): what to do
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: (transfer full) (nullable): a run of its steps, of which none has begun
 */
KontorTriggerRun *
kontor_trigger_run_new (KontorCli *cli, const KontorTrigger *trigger, GError **error)
{
  g_autoptr (KontorTriggerRun) run = g_new0 (KontorTriggerRun, 1);

  run->cli = cli;
  run->trigger = trigger;
  run->changes = g_ptr_array_new_with_free_func (change_free);
  run->answers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) kontor_client_reply_free);
  run->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return read_changes (run, error) ? g_steal_pointer (&run) : NULL;
}

/**
 * kontor_trigger_run_free:
 * @run: (transfer full): a run
 */
void
kontor_trigger_run_free (KontorTriggerRun *run)
{
  if (run->local != NULL)
    g_socket_listener_close (G_SOCKET_LISTENER (run->local));
  g_clear_object (&run->local);
  g_ptr_array_unref (run->changes);
  g_hash_table_unref (run->answers);
  g_hash_table_unref (run->seen);
  g_free (run);
}

/**
 * kontor_trigger_run_steps:
 * @run: a run
 * @after: whether to do what comes after the event instead; a step whose object was not made is
 *   left out then
 * @error: return location for a #GError
 *
 * Returns: whether all of them were done
 */
gboolean
kontor_trigger_run_steps (KontorTriggerRun *run, gboolean after, GError **error)
{
  const KontorTriggerStep *steps = run->trigger->steps;

  if (after && !g_hash_table_contains (run->answers, steps[0].name))
    return TRUE;
  for (guint i = 0; i < KONTOR_TRIGGER_STEPS && steps[i].name != NULL; i++)
    if (((steps[i].flags & KONTOR_STEP_AFTER) != 0) == after && !run_step (run, &steps[i], error))
      return FALSE;
  return TRUE;
}

/**
 * kontor_trigger_run_is_about:
 * @run: a run
 * @id: of an object
 *
 * Returns: whether the answers named it
 */
gboolean
kontor_trigger_run_is_about (const KontorTriggerRun *run, const char *id)
{
  return g_hash_table_contains (run->seen, id);
}
