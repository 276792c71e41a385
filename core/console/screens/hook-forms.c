/* hook-forms.c: what is asked before webhooks are sent again or their endpoints changed. */
#include "core/console/form.h"
#include "core/console/text.h"
#include "core/resources/webhook_endpoint.h"

static const KontorInput nothing[] = { { NULL } };

static const KontorInput edit_inputs[] = {
  { "url", N_ ("Sent to"), N_ ("Where events are sent."), KONTOR_INPUT_TEXT, TRUE },
  { "enabled_events", N_ ("Events"), N_ ("Such as charge.refunded, charge.* or *."),
    KONTOR_INPUT_WORDS, TRUE },
  { "description", N_ ("Description"), N_ ("What it is for."), KONTOR_INPUT_TEXT, FALSE },
  { NULL },
};

static const KontorInput since_inputs[] = {
  { "created[gte]", N_ ("Since"), N_ ("As in 1h, 7d, today or 2026-10-31."), KONTOR_INPUT_SINCE,
    TRUE },
  { NULL },
};

static const KontorInput test_inputs[] = {
  { "type", N_ ("Event"), N_ ("The newest of this type; one that says it is a test if empty."),
    KONTOR_INPUT_TEXT, FALSE },
  { NULL },
};

static const char *const overlaps[] = { "0", "3600", "86400", "604800", NULL };

static const KontorInput roll_inputs[] = {
  { "expires_in", N_ ("Old one signs"), N_ ("Seconds that it still signs beside the new one."),
    KONTOR_INPUT_CHOICE, TRUE, overlaps },
  { NULL },
};

static const KontorWebhookEndpoint *
endpoint_of (const KontorRecord *record)
{
  return (const KontorWebhookEndpoint *) record->object;
}

/* Sending again does not depend on how the endpoint is set up by then. */
static const char *
same_endpoint (const KontorRecord *record)
{
  return record->object->id;
}

static const char *
delivery_of (const KontorRecord *record)
{
  return kontor_record_text (record, "delivery");
}

static guint
n_different (GPtrArray *records, const char *path)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < records->len; i++)
    {
      const char *text = kontor_record_text (records->pdata[i], path);

      if (text != NULL)
        g_hash_table_add (seen, (gpointer) text);
    }
  return g_hash_table_size (seen);
}

static char *
preview_resend (GPtrArray *records, const char *const *values, const KontorFormat *format)
{
  guint deliveries = n_different (records, "delivery");
  guint endpoints = n_different (records, "endpoint");
  const KontorRecord *oldest = records->len > 0 ? records->pdata[0] : NULL;
  g_autofree char *time
      = oldest != NULL ? kontor_format_time (format, kontor_item_created (oldest->item)) : NULL;

  if (deliveries == 0)
    return g_strdup (_ ("There is nothing to be done."));
  if (deliveries == 1)
    return g_strdup_printf (_ ("%s is sent to %s once more."),
                            kontor_record_text (oldest, "event_type"),
                            kontor_record_text (oldest, "request.url"));
  return g_strdup_printf (_ ("Deliveries: %u, endpoints: %u, the oldest of %s. Each is sent once"
                             " more, in the order in which they happened."),
                          deliveries, endpoints, time);
}

static char *
preview_cancel (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("%s is not tried any more at %s."),
                          kontor_record_text (record, "event_type"),
                          kontor_record_text (record, "request.url"));
}

static char *
initial_edit (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  const KontorWebhookEndpoint *endpoint = endpoint_of (record);
  GString *words;

  if (input != &edit_inputs[1])
    return g_strdup (input == &edit_inputs[0] ? endpoint->url : endpoint->description);
  words = g_string_new (NULL);
  for (guint i = 0; endpoint->enabled_events != NULL && i < endpoint->enabled_events->n; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "", endpoint->enabled_events->items[i]);
  return g_string_free (words, FALSE);
}

static char *
initial_since (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  return g_strdup ("1d");
}

static char *
initial_overlap (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  return g_strdup ("86400");
}

static char *
preview_edit (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("%s is sent to %s."), values[1], values[0]);
}

static char *
preview_since (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup (_ ("The oldest 200 that failed since then are sent once more. For more, mark"
                      " attempts and send those."));
}

static char *
preview_disable (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("Nothing is sent to %s any more."), endpoint_of (record)->url);
}

static char *
preview_enable (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("Events are sent to %s again."), endpoint_of (record)->url);
}

static char *
preview_test (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("An event is sent to %s."), endpoint_of (record)->url);
}

static char *
preview_roll (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("What is sent to %s is signed with a new secret, shown once."),
                          endpoint_of (record)->url);
}

const KontorFormDeclaration kontor_resend_form = {
  .name = "webhook.resend",
  .title = N_ ("Send again"),
  .submit = N_ ("Send again"),
  .class = KONTOR_INTENT_MONEY,
  .inputs = nothing,
  .many = TRUE,
  .on = delivery_of,
  .preview_many = preview_resend,
};

const KontorFormDeclaration kontor_cancel_delivery_form = {
  .name = "webhook.cancel",
  .title = N_ ("Do not try again"),
  .submit = N_ ("Do not try again"),
  .class = KONTOR_INTENT_EDIT,
  .inputs = nothing,
  .on = delivery_of,
  .preview = preview_cancel,
};

const KontorFormDeclaration kontor_endpoint_form = {
  .name = "webhook_endpoint.update",
  .title = N_ ("Edit the endpoint"),
  .submit = N_ ("Save"),
  .class = KONTOR_INTENT_EDIT,
  .inputs = edit_inputs,
  .initial = initial_edit,
  .preview = preview_edit,
};

const KontorFormDeclaration kontor_resend_failed_form = {
  .name = "webhook_endpoint.resend",
  .title = N_ ("Send again what failed"),
  .submit = N_ ("Send again"),
  .class = KONTOR_INTENT_MONEY,
  .inputs = since_inputs,
  .initial = initial_since,
  .on = same_endpoint,
  .preview = preview_since,
};

const KontorFormDeclaration kontor_endpoint_disable_form = {
  .name = "webhook_endpoint.disable",
  .title = N_ ("Disable the endpoint"),
  .submit = N_ ("Disable"),
  .class = KONTOR_INTENT_EDIT,
  .inputs = nothing,
  .preview = preview_disable,
};

const KontorFormDeclaration kontor_endpoint_enable_form = {
  .name = "webhook_endpoint.enable",
  .title = N_ ("Enable the endpoint"),
  .submit = N_ ("Enable"),
  .class = KONTOR_INTENT_EDIT,
  .inputs = nothing,
  .preview = preview_enable,
};

const KontorFormDeclaration kontor_test_form = {
  .title = N_ ("Send a test event"),
  .submit = N_ ("Send"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = test_inputs,
  .preview = preview_test,
  .method = "POST",
  .path = "/v1/kontor/webhook_endpoints/%s/test",
};

const KontorFormDeclaration kontor_roll_form = {
  .title = N_ ("Roll the secret"),
  .submit = N_ ("Make a new one"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = roll_inputs,
  .initial = initial_overlap,
  .preview = preview_roll,
  .method = "POST",
  .path = "/v1/kontor/webhook_endpoints/%s/roll_secret",
  .reveal = "secret",
};
