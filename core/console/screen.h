/* screen.h: what both consoles show of one kind of object: a list, a question, a detail. */
#pragma once

#include "core/console/chart.h"
#include "core/console/column.h"
#include "core/console/detail.h"
#include "core/console/sheet.h"

G_BEGIN_DECLS

/* When a sheet is filled anew, as bits. */
typedef enum
{
  KONTOR_FILL_WHEN_SHOWN = 1 << 0, /* and asked to: by R */
  KONTOR_FILL_ON_QUEUE   = 1 << 1, /* what is queued, or became of it, is another */
  KONTOR_FILL_ON_CHANGE  = 1 << 2, /* the copy is */
  KONTOR_FILL_ON_SETTING = 1 << 3, /* what the person prefers is */
} KontorFillTime;

/* A screen as it is declared: one static row per noun, in core/console/screens/. */
typedef struct
{
  const char             *name;
  const char             *title;   /* marked for translation */
  char                    letter;  /* what follows g to go there */
  const char             *path;    /* of one object in the API, with %s for its id; may be %NULL */
  const KontorIndexTable *table;
  const KontorFindField  *fields;
  const KontorColumn     *columns; /* ends with a row without a name */
  guint                   sort;    /* column of the index: what is sorted by, largest first */
  guint                   facet;   /* WORD column whose words are counted beside the list */
  void                  (*detail) (KontorDetailWriter *writer);
  /* Of rows that are not in the copy: puts them into the screen's own sheet, now or later. */
  void                  (*fill)   (KontorDesk *desk, KontorScreen *screen, KontorSheet *sheet);
  guint                   filled; /* KontorFillTime bits: when that is done */
  const char             *empty;  /* what its list says without rows, marked; may be %NULL */
  const char             *prefix; /* what ids of a sheet's rows begin with: "queued" of queued_17 */
  char                 *(*jump)   (const KontorRecord *record); /* the id that a row stands for */
  /* A few lines above the list, made of all rows, whatever is searched for. (transfer full) */
  char                 *(*head)   (KontorIndex *index, const KontorFormat *format, gint64 now);
  /* A row as a command for a shell, of the server at @url; %NULL: a GET of @path. */
  char                 *(*curl)   (const KontorRecord *record, const char *url);
  const char             *enter; /* the command that Enter is; %NULL: it shows the detail */
  const KontorChartDeclaration *charts; /* drawn above its list */
  guint                   n_charts;
} KontorScreenDeclaration;

extern const KontorScreenDeclaration kontor_overview_screen;
extern const KontorScreenDeclaration kontor_payments_screen;
extern const KontorScreenDeclaration kontor_customers_screen;
extern const KontorScreenDeclaration kontor_events_screen;
extern const KontorScreenDeclaration kontor_audit_screen;
extern const KontorScreenDeclaration kontor_balance_screen;
extern const KontorScreenDeclaration kontor_log_screen;
extern const KontorScreenDeclaration kontor_keys_screen;
extern const KontorScreenDeclaration kontor_team_screen;
extern const KontorScreenDeclaration kontor_endpoints_screen;
extern const KontorScreenDeclaration kontor_attempts_screen;
extern const KontorScreenDeclaration kontor_queue_screen;
extern const KontorScreenDeclaration kontor_preferences_screen;
extern const KontorScreenDeclaration *const kontor_screens[]; /* ends with %NULL */

/* Properties: title, query, busy, banner, cursor (position), sort-column, descending.
 * Signals: answered (the list is another one), index-ready. */
#define KONTOR_TYPE_SCREEN (kontor_screen_get_type ())
G_DECLARE_FINAL_TYPE (KontorScreen, kontor_screen, KONTOR, SCREEN, GObject)

KontorScreen *kontor_screen_new (const KontorScreenDeclaration *declaration,
                                 KontorShelf *shelf,
                                 const KontorFormat *format);
void          kontor_screen_set_desk (KontorScreen *screen, KontorDesk *desk);
KontorDesk   *kontor_screen_desk     (KontorScreen *screen);
KontorShelf  *kontor_screen_shelf    (KontorScreen *screen);
void          kontor_screen_say      (KontorScreen *screen, const char *text);

const KontorScreenDeclaration *kontor_screen_declaration (KontorScreen *screen);
char         *kontor_screen_path       (const KontorScreenDeclaration *declaration, const char *id);
KontorList   *kontor_screen_list       (KontorScreen *screen);
KontorList   *kontor_screen_copy_list  (KontorScreen *screen, GError **error);
const KontorFormat *kontor_screen_format (KontorScreen *screen);
const char   *kontor_screen_title      (KontorScreen *screen);
gboolean      kontor_screen_is_busy    (KontorScreen *screen);
gboolean      kontor_screen_is_partial (KontorScreen *screen);
gboolean      kontor_screen_is_asking  (KontorScreen *screen);
const char   *kontor_screen_banner     (KontorScreen *screen);
const char   *kontor_screen_query      (KontorScreen *screen);
void          kontor_screen_set_query  (KontorScreen *screen, const char *line);
const KontorFind *kontor_screen_chips  (KontorScreen *screen);
gboolean      kontor_screen_mistake    (KontorScreen *screen, gsize *start, gsize *length);
void          kontor_screen_sort       (KontorScreen *screen, const KontorColumn *column);
void          kontor_screen_show_newest (KontorScreen *screen);
gboolean      kontor_screen_sorted_by  (KontorScreen *screen,
                                        const KontorColumn *column,
                                        gboolean *descending);
guint         kontor_screen_cursor     (KontorScreen *screen);
void          kontor_screen_set_cursor (KontorScreen *screen, guint position);
gboolean      kontor_screen_go_to      (KontorScreen *screen, const char *id);
char         *kontor_screen_jump       (KontorScreen *screen);
char         *kontor_screen_cell       (KontorScreen *screen,
                                        const KontorColumn *column,
                                        guint position);
char         *kontor_screen_row_name   (KontorScreen *screen, guint position);
GPtrArray    *kontor_screen_detail     (KontorScreen *screen);
GPtrArray    *kontor_screen_facets     (KontorScreen *screen);
char         *kontor_screen_sums       (KontorScreen *screen);
char         *kontor_screen_sum        (KontorAnswer *answer,
                                        guint column,
                                        const KontorFormat *format);
const char   *kontor_screen_head       (KontorScreen *screen);

/* One word of a facet and how many of the rows have it, whatever the query says of that word. */
typedef struct
{
  const char *word;
  guint       count;
} KontorFacet;

G_END_DECLS
