/* queue.c: the screen of what people want done and what became of it. */
#include "core/buffer.h"
#include "core/console/screens/actions.h"
#include "core/console/sheet.h"
#include "core/id.h"
#include "core/console/text.h"

enum
{
  PATH_STATE,
  PATH_ACTION,
  PATH_ON,
  PATH_WHY,
};

static const KontorIndexPath paths[] = {
  [PATH_STATE] = { "state", KONTOR_PATH_TEXT },
  [PATH_ACTION] = { "do", KONTOR_PATH_TEXT },
  [PATH_ON] = { "on", KONTOR_PATH_TEXT },
  [PATH_WHY] = { "why", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_SHEET_QUEUED, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_STATE,
  COLUMN_ACTION,
  COLUMN_ON,
  COLUMN_WHY,
  COLUMN_MADE,
};

static const KontorIndexColumn index_columns[] = {
  [COLUMN_STATE] = { "state", KONTOR_INDEX_WORD }, [COLUMN_ACTION] = { "do", KONTOR_INDEX_WORD },
  [COLUMN_ON] = { "on", KONTOR_INDEX_TEXT },       [COLUMN_WHY] = { "why", KONTOR_INDEX_TEXT },
  [COLUMN_MADE] = { "made", KONTOR_INDEX_TIME },
};

static const KontorFindField fields[] = {
  { "state", KONTOR_FIND_WORD, NULL, NULL, N_ ("How far it is, such as waiting or refused."),
    COLUMN_STATE },
  { "do", KONTOR_FIND_WORD, NULL, NULL, N_ ("What is wanted, such as refund.create."),
    COLUMN_ACTION },
  { "on", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of what it is done to."), COLUMN_ON },
  { "made", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it was asked for."), COLUMN_MADE },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *queued = values[0];

  row->texts[COLUMN_STATE] = queued[PATH_STATE].text;
  row->texts[COLUMN_ACTION] = queued[PATH_ACTION].text;
  row->texts[COLUMN_ON] = queued[PATH_ON].text;
  row->texts[COLUMN_WHY] = queued[PATH_WHY].text;
  row->numbers[COLUMN_MADE] = created;
  return TRUE;
}

static const KontorIndexTable table
    = { "queue", 1,   index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,   1,   make };

/* ----------------------------------------------------------------------------------- the rows -- */

static void
append_text (KontorBuffer *json, const char *name, const char *text)
{
  kontor_buffer_printf (json, "\"%s\":", name);
  if (text != NULL)
    kontor_buffer_string (json, text);
  else
    kontor_buffer_literal (json, "null");
  kontor_buffer_char (json, ',');
}

static void
describe (KontorBuffer *json, const KontorQueued *queued)
{
  kontor_buffer_char (json, '{');
  append_text (json, "state", kontor_queued_name (queued->state));
  append_text (json, "do", queued->action);
  append_text (json, "on", queued->on);
  append_text (json, "why", kontor_queued_why (queued));
  append_text (json, "op", queued->op);
  kontor_buffer_printf (json,
                        "\"n\":%" G_GINT64_FORMAT ",\"tries\":%u,\"expires\":%" G_GINT64_FORMAT ",",
                        queued->n, queued->tries, queued->expires);
  kontor_buffer_printf (json, "\"class\":%d,\"args\":%s,\"base\":%s,\"answer\":%s}",
                        (int) queued->class, queued->args,
                        queued->base != NULL ? queued->base : "null",
                        queued->answer != NULL ? queued->answer : "null");
}

static void
fill (KontorDesk *desk, KontorScreen *screen, KontorSheet *sheet)
{
  KontorOutbox *outbox = kontor_desk_outbox (desk);
  g_autoptr (GPtrArray) rows = outbox != NULL ? kontor_outbox_list (outbox, KONTOR_QUEUED_ANY)
                                              : NULL;

  kontor_sheet_begin (sheet);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const KontorQueued *queued = rows->pdata[i];
      g_auto (KontorBuffer) json = { 0 };
      g_autofree char *id = g_strdup_printf ("queued_%" G_GINT64_FORMAT, queued->n);

      describe (&json, queued);
      kontor_sheet_put (sheet, KONTOR_SHEET_QUEUED, queued->n, id, queued->made,
                        kontor_buffer_text (&json));
    }
  kontor_sheet_end (sheet);
  if (outbox == NULL)
    kontor_screen_say (screen, kontor_desk_problem (desk));
}

/* --------------------------------------------------------------------------------- the screen -- */

static char *
state_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (kontor_record_text (record, "state"));
}

static char *
action_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (kontor_record_text (record, "do"));
}

static char *
on_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "on"));
}

static char *
why_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "why"));
}

static char *
made_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, kontor_item_created (record->item));
}

static const KontorColumn columns[] = {
  { "state", N_ ("State"), KONTOR_COLUMN_STATUS, 10, 0, FALSE, FALSE, COLUMN_STATE, state_cell },
  { "do", N_ ("Action"), KONTOR_COLUMN_TEXT, 24, 1, FALSE, FALSE, COLUMN_ACTION, action_cell },
  { "on", N_ ("Object"), KONTOR_COLUMN_ID, 28, 3, FALSE, FALSE, COLUMN_ON, on_cell },
  { "made", N_ ("Asked for"), KONTOR_COLUMN_TIME, 16, 2, FALSE, FALSE, COLUMN_MADE, made_cell },
  { "why", N_ ("Why"), KONTOR_COLUMN_TEXT, 40, 4, FALSE, FALSE, COLUMN_WHY, why_cell },
  { NULL },
};

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const char *on = kontor_record_text (record, "on");
  gint64 expires = kontor_record_number (record, "expires");

  kontor_detail_section (writer, _ ("Queued"));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Action"), kontor_record_text (record, "do"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("State"),
                     kontor_record_text (record, "state"), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Why"), kontor_record_text (record, "why"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Object"), on, on);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Asked for"),
                      made_cell (record, writer->format));
  if (expires > 0)
    kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Expires"),
                        kontor_format_time (writer->format, expires));
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Operation"), kontor_record_text (record, "op"),
                     NULL);
  kontor_queue_write_conflict (writer);
  kontor_detail_json (writer, NULL);
}

/* ------------------------------------------------------------------------------------ actions -- */

/* What stands at the cursor of the queue's screen, as it is by now; %NULL: nothing. */
static KontorQueued *
queued_at (const KontorCall *call)
{
  KontorOutbox *outbox = call->desk != NULL ? kontor_desk_outbox (call->desk) : NULL;
  KontorList *list = kontor_screen_list (call->screen);

  if (outbox == NULL || g_list_model_get_n_items (G_LIST_MODEL (list)) == 0)
    return NULL;
  return kontor_outbox_get (outbox, kontor_list_key (list, kontor_screen_cursor (call->screen))
                                        & KONTOR_TICK_MASK);
}

static const char *
can (const KontorCall *call, guint states, const char *otherwise)
{
  g_autoptr (KontorQueued) queued = queued_at (call);

  if (call->read_only)
    return _ ("This console only reads.");
  if (queued == NULL)
    return _ ("The list is empty.");
  return (KONTOR_QUEUED_BIT (queued->state) & states) != 0 ? NULL : otherwise;
}

/**
 * kontor_queue_can_confirm:
 * @call: on the queue's screen
 *
 * Returns: (nullable): why there is nothing to confirm
 */
const char *
kontor_queue_can_confirm (const KontorCall *call)
{
  return can (call, KONTOR_QUEUED_BIT (KONTOR_QUEUED_ASK), _ ("This does not ask anything."));
}

/**
 * kontor_queue_can_retry:
 * @call: on the queue's screen
 *
 * Returns: (nullable): why it cannot be wanted once more
 */
const char *
kontor_queue_can_retry (const KontorCall *call)
{
  return can (call,
              KONTOR_QUEUED_BIT (KONTOR_QUEUED_REFUSED) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_CONFLICT)
                  | KONTOR_QUEUED_BIT (KONTOR_QUEUED_EXPIRED)
                  | KONTOR_QUEUED_BIT (KONTOR_QUEUED_LOST)
                  | KONTOR_QUEUED_BIT (KONTOR_QUEUED_DEPENDS),
              _ ("Only what was not done can be tried again."));
}

/**
 * kontor_queue_can_change:
 * @call: on the queue's screen
 *
 * Returns: (nullable): why nothing else can be wanted in its place
 */
const char *
kontor_queue_can_change (const KontorCall *call)
{
  return can (call,
              KONTOR_QUEUED_ANY & ~KONTOR_QUEUED_BIT (KONTOR_QUEUED_SENT)
                  & ~KONTOR_QUEUED_BIT (KONTOR_QUEUED_DONE),
              _ ("What was sent or done cannot be changed here."));
}

/**
 * kontor_queue_can_discard:
 * @call: on the queue's screen
 *
 * Returns: (nullable): why it cannot be taken back
 */
const char *
kontor_queue_can_discard (const KontorCall *call)
{
  return can (call,
              KONTOR_QUEUED_ANY & ~KONTOR_QUEUED_BIT (KONTOR_QUEUED_SENT)
                  & ~KONTOR_QUEUED_BIT (KONTOR_QUEUED_DONE),
              _ ("What was sent or done cannot be taken back."));
}

/* The newest of what the person asked for and was not sent; %NULL: none. */
static KontorQueued *
newest_waiting (const KontorCall *call)
{
  KontorOutbox *outbox = call->desk != NULL ? kontor_desk_outbox (call->desk) : NULL;
  g_autoptr (GPtrArray) rows
      = outbox != NULL ? kontor_outbox_list (outbox, KONTOR_QUEUED_BIT (KONTOR_QUEUED_WAITING))
                       : NULL;

  return rows != NULL && rows->len > 0
             ? kontor_outbox_get (outbox, ((KontorQueued *) rows->pdata[rows->len - 1])->n)
             : NULL;
}

/**
 * kontor_queue_can_undo:
 * @call: on any screen
 *
 * Returns: (nullable): why nothing can be undone
 */
const char *
kontor_queue_can_undo (const KontorCall *call)
{
  g_autoptr (KontorQueued) newest = newest_waiting (call);

  return newest != NULL ? NULL : _ ("Nothing waits to be sent.");
}

static void
say (const KontorCall *call, const GError *error)
{
  kontor_screen_say (call->screen, error != NULL ? error->message : NULL);
}

/**
 * kontor_queue_confirm:
 * @call: on the queue's screen
 *
 * What asks is still wanted, of the object as the copy shows it now.
 */
void
kontor_queue_confirm (const KontorCall *call)
{
  g_autoptr (KontorQueued) queued = queued_at (call);
  g_autoptr (GError) error = NULL;
  gint64 version = queued->on != NULL
                       ? kontor_replica_version (kontor_desk_replica (call->desk), queued->on)
                       : 0;

  kontor_outbox_confirm (kontor_desk_outbox (call->desk), queued->n, MAX (version, 0), &error);
  say (call, error);
}

/**
 * kontor_queue_retry:
 * @call: on the queue's screen
 *
 * Wants the same once more.
 */
void
kontor_queue_retry (const KontorCall *call)
{
  g_autoptr (KontorQueued) queued = queued_at (call);
  g_autoptr (GError) error = NULL;

  kontor_outbox_retry (kontor_desk_outbox (call->desk), queued->n, &error);
  say (call, error);
}

/**
 * kontor_queue_discard:
 * @call: on the queue's screen
 *
 * Forgets what is at the cursor.
 */
void
kontor_queue_discard (const KontorCall *call)
{
  g_autoptr (KontorQueued) queued = queued_at (call);
  g_autoptr (GError) error = NULL;

  kontor_outbox_discard (kontor_desk_outbox (call->desk), queued->n, &error);
  say (call, error);
}

/**
 * kontor_queue_undo:
 * @call: on any screen
 *
 * Takes back the newest action that was not sent yet.
 */
void
kontor_queue_undo (const KontorCall *call)
{
  g_autoptr (KontorQueued) newest = newest_waiting (call);
  g_autoptr (GError) error = NULL;

  kontor_outbox_discard (kontor_desk_outbox (call->desk), newest->n, &error);
  say (call, error);
}

const KontorScreenDeclaration kontor_queue_screen = {
  .name = "queue",
  .title = N_ ("Queue"),
  .letter = 'q',
  .prefix = "queued",
  .empty = N_ ("Nothing waits to be sent"),
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_MADE,
  .facet = COLUMN_STATE,
  .detail = write_detail,
  .fill = fill,
  .filled = KONTOR_FILL_WHEN_SHOWN | KONTOR_FILL_ON_QUEUE,
};
