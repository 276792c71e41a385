/* overview.c: the first screen: what needs attention, and how the last month went. */
#include "core/buffer.h"
#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resource.h"
#include "core/sync.h"

#define MOST_OF_A_KIND 50
#define HOLD_S (5 * 86400) /* an authorization lapses after seven days */

/* --------------------------------------------------------------------------------- notices -- */

enum
{
  NOTICE_DISMISSED,
  NOTICE_KIND,
};

static const KontorIndexPath notice_paths[] = {
  [NOTICE_DISMISSED] = { "dismissed", KONTOR_PATH_PRESENCE },
  [NOTICE_KIND] = { "kind", KONTOR_PATH_TEXT },
};

static const KontorIndexPart notice_parts[] = {
  { KONTOR_STREAM_NOTICE, notice_paths, G_N_ELEMENTS (notice_paths), KONTOR_INDEX_NO_COLUMN },
};

enum
{
  COLUMN_DISMISSED,
  COLUMN_NOTICE_KIND,
};

static const KontorIndexColumn notice_columns[] = {
  [COLUMN_DISMISSED] = { "dismissed", KONTOR_INDEX_NUMBER },
  [COLUMN_NOTICE_KIND] = { "kind", KONTOR_INDEX_WORD },
};

static gboolean
make_notice (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  row->numbers[COLUMN_DISMISSED] = values[0][NOTICE_DISMISSED].number == 1;
  row->texts[COLUMN_NOTICE_KIND] = values[0][NOTICE_KIND].text;
  return TRUE;
}

static const KontorIndexTable notice_table
    = { "notices", 1, notice_columns, G_N_ELEMENTS (notice_columns), KONTOR_INDEX_NO_COLUMN,
        notice_parts, 1, make_notice };

/* ------------------------------------------------------------------------------- attention -- */

enum
{
  PATH_LEVEL,
  PATH_WHAT,
  PATH_ABOUT,
};

static const KontorIndexPath paths[] = {
  [PATH_LEVEL] = { "level", KONTOR_PATH_TEXT },
  [PATH_WHAT] = { "what", KONTOR_PATH_TEXT },
  [PATH_ABOUT] = { "about", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_SHEET_ATTENTION, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_LEVEL,
  COLUMN_WHAT,
  COLUMN_ABOUT,
  COLUMN_SINCE,
};

static const char *const levels[] = { "urgent", "soon", "news", NULL };

static const KontorIndexColumn index_columns[] = {
  [COLUMN_LEVEL] = { "level", KONTOR_INDEX_WORD, levels },
  [COLUMN_WHAT] = { "what", KONTOR_INDEX_TEXT },
  [COLUMN_ABOUT] = { "about", KONTOR_INDEX_TEXT },
  [COLUMN_SINCE] = { "since", KONTOR_INDEX_TIME },
};

static const KontorFindField fields[] = {
  { "level", KONTOR_FIND_WORD, levels, NULL, N_ ("How much it matters, such as urgent."),
    COLUMN_LEVEL },
  { "about", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of what it is about."), COLUMN_ABOUT },
  { "since", KONTOR_FIND_TIME, NULL, NULL, N_ ("Since when, as in 1h or today."), COLUMN_SINCE },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  row->texts[COLUMN_LEVEL] = values[0][PATH_LEVEL].text;
  row->texts[COLUMN_WHAT] = values[0][PATH_WHAT].text;
  row->texts[COLUMN_ABOUT] = values[0][PATH_ABOUT].text;
  row->numbers[COLUMN_SINCE] = created;
  return TRUE;
}

static const KontorIndexTable table
    = { "attention", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,       1, make };

typedef struct
{
  KontorDesk *desk;
  KontorSheet *sheet;
  gint64 n;
} Filling;

static void
put (Filling *filling, const char *level, const char *what, const char *about, gint64 since)
{
  g_autofree char *id = g_strdup_printf ("attention_%" G_GINT64_FORMAT, ++filling->n);
  g_auto (KontorBuffer) json = { 0 };

  kontor_buffer_printf (&json, "{\"level\":\"%s\",\"what\":", level);
  kontor_buffer_string (&json, what);
  kontor_buffer_puts (&json, ",\"about\":");
  if (about != NULL)
    kontor_buffer_string (&json, about);
  else
    kontor_buffer_puts (&json, "null");
  kontor_buffer_char (&json, '}');
  kontor_sheet_put (filling->sheet, KONTOR_SHEET_ATTENTION, filling->n, id, since,
                    kontor_buffer_text (&json));
}

/* What a person wanted and does not get without doing something about it. */
static void
put_queued (Filling *filling)
{
  KontorOutbox *outbox = kontor_desk_outbox (filling->desk);
  const guint states
      = KONTOR_QUEUED_BIT (KONTOR_QUEUED_ASK) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_REFUSED)
        | KONTOR_QUEUED_BIT (KONTOR_QUEUED_CONFLICT) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_EXPIRED)
        | KONTOR_QUEUED_BIT (KONTOR_QUEUED_LOST) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_DEPENDS);
  g_autoptr (GPtrArray) rows = outbox != NULL ? kontor_outbox_list (outbox, states) : NULL;

  for (guint i = 0; rows != NULL && i < MIN (rows->len, MOST_OF_A_KIND); i++)
    {
      const KontorQueued *queued = rows->pdata[i];
      g_autofree char *id = g_strdup_printf ("queued_%" G_GINT64_FORMAT, queued->n);
      g_autofree char *what
          = g_strdup_printf ("%s: %s", queued->action, kontor_queued_why (queued));

      put (filling, "urgent", what, id, queued->made);
    }
}

static void
put_notices (Filling *filling)
{
  g_autoptr (GArray) keys = kontor_shelf_related (kontor_desk_shelf (filling->desk), &notice_table,
                                                  COLUMN_DISMISSED, 0, MOST_OF_A_KIND);

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      g_autoptr (KontorItem) item
          = kontor_desk_load (filling->desk, g_array_index (keys, gint64, i));
      const KontorRecord *record = item != NULL ? kontor_desk_record (filling->desk, item) : NULL;

      if (record != NULL)
        put (filling, "urgent", kontor_record_text (record, "message"),
             kontor_record_text (record, "about"), kontor_item_created (item));
    }
}

/* Money that is held and soon lost. */
static void
put_holds (Filling *filling, gint64 now)
{
  KontorIndex *index
      = kontor_shelf_index (kontor_desk_shelf (filling->desk), &kontor_payment_table);
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorFindSettings settings = { now };
  KontorFindError error = { 0 };
  g_autoptr (KontorAnswer) answer = NULL;
  g_autoptr (GArray) rows = NULL;
  KontorFind find;

  if (index == NULL
      || !kontor_find_parse ("status:uncaptured", kontor_payment_fields, &settings, arena, &find,
                             &error))
    return;
  answer = kontor_index_ask (index, &find, NULL, KONTOR_INDEX_NO_COLUMN);
  rows = kontor_answer_rows (answer, KONTOR_PAYMENT_CREATED, FALSE);
  for (guint i = 0; i < MIN (rows->len, MOST_OF_A_KIND); i++)
    {
      gint64 key = kontor_index_key (index, g_array_index (rows, guint32, i));
      g_autoptr (KontorItem) item = kontor_desk_load (filling->desk, key);

      if (item == NULL || kontor_item_created (item) > now - HOLD_S)
        return;
      put (filling, "soon", _ ("Authorized, and lapses soon: capture it or let it go."),
           kontor_item_id (item), kontor_item_created (item));
    }
}

static void
fill (KontorDesk *desk, KontorScreen *screen, KontorSheet *sheet)
{
  Filling filling = { desk, sheet };

  kontor_sheet_begin (sheet);
  put_queued (&filling);
  put_notices (&filling);
  put_holds (&filling, g_get_real_time () / G_USEC_PER_SEC);
  kontor_sheet_end (sheet);
}

/* --------------------------------------------------------------------------------- the screen -- */

static char *
level_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (kontor_record_text (record, "level"));
}

static char *
what_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "what"));
}

static char *
about_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "about"));
}

static char *
since_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, kontor_item_created (record->item));
}

static const KontorColumn columns[] = {
  { "level", N_ ("Level"), KONTOR_COLUMN_STATUS, 8, 1, FALSE, FALSE, COLUMN_LEVEL, level_cell },
  { "what", N_ ("Needs attention"), KONTOR_COLUMN_TEXT, 44, 0, FALSE, FALSE, COLUMN_WHAT,
    what_cell },
  { "since", N_ ("Since"), KONTOR_COLUMN_TIME, 16, 2, FALSE, FALSE, COLUMN_SINCE, since_cell },
  { "about", N_ ("Object"), KONTOR_COLUMN_ID, 28, 3, FALSE, FALSE, COLUMN_ABOUT, about_cell },
  { NULL },
};

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const char *about = kontor_record_text (record, "about");

  kontor_detail_section (writer, _ ("Needs attention"));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("What"), kontor_record_text (record, "what"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Level"),
                     kontor_record_text (record, "level"), NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Since"), since_cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Object"), about, about);
}

static char *
jump (const KontorRecord *record)
{
  return g_strdup (kontor_record_text (record, "about"));
}

/* Money that came in, whatever became of it afterwards. */
static const char *const collected[]
    = { "succeeded", "partially_refunded", "refunded", "disputed", NULL };
static const char *const tried[]
    = { "succeeded", "partially_refunded", "refunded", "disputed", "failed", NULL };
static const char *const failed[] = { "failed", NULL };
static const char *const refunded[] = { "refund.created", NULL };

static const KontorChartDeclaration charts[] = {
  { N_ ("Gross volume"), KONTOR_CHART_SUM, &kontor_payment_table, KONTOR_PAYMENT_CREATED,
    KONTOR_PAYMENT_AMOUNT, KONTOR_PAYMENT_STATUS, collected },
  { N_ ("Payments"), KONTOR_CHART_COUNT, &kontor_payment_table, KONTOR_PAYMENT_CREATED, 0,
    KONTOR_PAYMENT_STATUS, collected },
  { N_ ("Success rate"), KONTOR_CHART_SHARE, &kontor_payment_table, KONTOR_PAYMENT_CREATED, 0,
    KONTOR_PAYMENT_STATUS, collected, tried },
  { N_ ("Failed payments"), KONTOR_CHART_COUNT, &kontor_payment_table, KONTOR_PAYMENT_CREATED, 0,
    KONTOR_PAYMENT_STATUS, failed },
  { N_ ("Refunds"), KONTOR_CHART_COUNT, &kontor_event_table, KONTOR_EVENT_CREATED, 0,
    KONTOR_EVENT_TYPE, refunded },
  { N_ ("New customers"), KONTOR_CHART_COUNT, &kontor_customer_table, KONTOR_CUSTOMER_CREATED, 0,
    KONTOR_INDEX_NO_COLUMN },
};

const KontorScreenDeclaration kontor_overview_screen = {
  .name = "overview",
  .title = N_ ("Overview"),
  .letter = 'o',
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_SINCE,
  .facet = COLUMN_LEVEL,
  .detail = write_detail,
  .fill = fill,
  .filled = KONTOR_FILL_WHEN_SHOWN | KONTOR_FILL_ON_QUEUE | KONTOR_FILL_ON_CHANGE,
  .empty = N_ ("Nothing needs attention"),
  .prefix = "attention",
  .jump = jump,
  .charts = charts,
  .n_charts = G_N_ELEMENTS (charts),
};
