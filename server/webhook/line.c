/* line.c: the events about one object that are on their way to one endpoint, as far as they are in memory. */
#include "server/webhook/line.h"

static guint
hash (gconstpointer key)
{
  const KontorWebhookLine *line = key;
  guint64 mixed = (guint64) line->object * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)
                  ^ (guint64) line->endpoint;

  return (guint) (mixed ^ mixed >> 32);
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  const KontorWebhookLine *one = a, *other = b;

  return one->object == other->object && one->endpoint == other->endpoint;
}

static void
free_line (gpointer data)
{
  KontorWebhookLine *line = data;

  g_clear_pointer (&line->first, kontor_delivery_free);
  g_queue_clear_full (&line->waiting, (GDestroyNotify) kontor_delivery_free);
  g_free (line);
}

/**
 * kontor_lines_new:
 *
 * Returns: (transfer full): a table of lines, by endpoint and object
 */
GHashTable *
kontor_lines_new (void)
{
  return g_hash_table_new_full (hash, equal, NULL, free_line);
}

/**
 * kontor_line_find:
 * @lines: the table
 * @endpoint: key of an endpoint
 * @object: key of an object
 *
 * Returns: (transfer none) (nullable): their line, if it is in memory
 */
KontorWebhookLine *
kontor_line_find (GHashTable *lines, gint64 endpoint, gint64 object)
{
  const KontorWebhookLine wanted = { .endpoint = endpoint, .object = object };

  return g_hash_table_lookup (lines, &wanted);
}

/**
 * kontor_line_make:
 * @lines: the table
 * @target: an endpoint
 * @object: key of an object
 *
 * Returns: (transfer none): their line, with nothing in it when it is new
 */
KontorWebhookLine *
kontor_line_make (GHashTable *lines, KontorTarget *target, gint64 object)
{
  KontorWebhookLine *line = kontor_line_find (lines, target->key, object);

  if (line != NULL)
    return line;
  line = g_new0 (KontorWebhookLine, 1);
  line->endpoint = target->key;
  line->object = object;
  line->target = target;
  line->next = target->lines;
  if (line->next != NULL)
    line->next->previous = line;
  target->lines = line;
  target->n_lines++;
  g_hash_table_add (lines, line);
  return line;
}

/**
 * kontor_line_drop:
 * @lines: the table
 * @line: a line that may have come to its end
 */
void
kontor_line_drop (GHashTable *lines, KontorWebhookLine *line)
{
  KontorTarget *target = line->target;

  if (line->first != NULL || line->notes > 0)
    return;
  g_assert (!line->queued && g_queue_is_empty (&line->waiting));
  if (line->next != NULL)
    line->next->previous = line->previous;
  if (line->previous != NULL)
    line->previous->next = line->next;
  else
    target->lines = line->next;
  target->n_lines--;
  if (line->passed_over)
    target->next_due = 0;
  g_hash_table_remove (lines, line);
}

/**
 * kontor_delivery_new:
 * @payload: (transfer full): what is to be sent
 * @has_row: whether the database knows of it
 *
 * Returns: (transfer full): a delivery
 */
KontorDelivery *
kontor_delivery_new (KontorPayload *payload, gboolean has_row)
{
  KontorDelivery *delivery = g_new0 (KontorDelivery, 1);

  delivery->payload = payload;
  delivery->has_row = has_row;
  delivery->queued_us = g_get_monotonic_time ();
  delivery->link.data = delivery->fresh_link.data = delivery;
  return delivery;
}

/**
 * kontor_delivery_free:
 * @delivery: (transfer full): a delivery that is not under way
 */
void
kontor_delivery_free (KontorDelivery *delivery)
{
  kontor_payload_unref (delivery->payload);
  g_clear_pointer (&delivery->url, g_ref_string_release);
  g_free (delivery->headers);
  g_free (delivery);
}
