/* paint.c: the whole screen: bars, search line, list, detail, what is in front of them. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/text.h"
#include "tui/app.h"
#include "tui/charts.h"

#define LEAST_HEIGHT 8
#define LEAST_WIDTH 40
#define WIDE 110         /* from here on the detail stands beside the list */
#define ROOMY 150        /* and from here on the screens stand beside both */
#define SIDEBAR 18
#define LEAST_SPLIT 16   /* rows for a list over its detail */
#define FEWEST_ROWS 5
#define MOST_SUGGESTIONS 6
#define MOST_HINTS 5
#define HEAD_INDENT 2     /* as far as the marks of the list */
#define CHORDS 30         /* columns of what can follow a key */

/* ------------------------------------------------------------------------------------ bars -- */

static void
paint_header (TuiApp *app, int width)
{
  const KontorProfile *profile = kontor_desk_profile (app->desk);
  g_autofree char *mode = g_strdup_printf (" ● %s ", profile->livemode ? _ ("LIVE") : _ ("TEST"));
  g_autofree char *sync = kontor_desk_state (app->desk);
  const char *name = *profile->name != '\0' ? profile->name : strstr (profile->url, "//") + 2;
  g_autofree char *who = g_strdup_printf (
      " %s%s%s · %s%s", profile->account_name != NULL ? profile->account_name : "",
      profile->account_name != NULL ? " · " : "", name, _ (tui_app_view (app)->declaration->title),
      kontor_desk_read_only (app->desk) ? _ (" · only reads") : "");
  guint mode_width = kontor_text_width (mode), sync_width = kontor_text_width (sync) + 2;

  tui_put (0, 0, mode_width, profile->livemode ? TUI_BAR_LIVE : TUI_BAR_TEST, TUI_START, mode);
  tui_put (0, (int) mode_width, (guint) MAX (width - (int) (mode_width + sync_width), 1), TUI_BAR,
           TUI_START, who);
  tui_put (0, width - (int) sync_width, sync_width,
           kontor_desk_is_in_trouble (app->desk) ? TUI_PROBLEM : TUI_BAR, TUI_CENTER, sync);
}

static char *
count_text (TuiApp *app, KontorScreen *screen)
{
  KontorList *list = kontor_screen_list (screen);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_autofree char *number = kontor_format_number (kontor_desk_format (app->desk), n);
  g_autofree char *at
      = kontor_format_number (kontor_desk_format (app->desk), kontor_screen_cursor (screen) + 1);

  if (kontor_list_answer (list) == NULL || kontor_screen_is_partial (screen))
    return g_strdup (_ ("reading…"));
  if (app->tail == TUI_TAIL)
    return g_strdup_printf (_ ("▶ live · %s"), number);
  if (app->tail == TUI_TAIL_PAUSED)
    return g_strdup_printf (_ ("‖ paused, %u new · t goes on"),
                            n > app->n_at_pause ? n - app->n_at_pause : 0);
  return n == 0 ? g_strdup (_ ("none")) : g_strdup_printf (_ ("%s of %s"), at, number);
}

static void
paint_chips (KontorScreen *screen, int y, int width)
{
  const KontorFind *find = kontor_screen_chips (screen);
  int x = 2;

  for (guint i = 0; i < find->n; i++)
    {
      g_autofree char *chip = g_strdup_printf (" %s ", find->terms[i].text);
      guint columns = kontor_text_width (chip);

      if (x + (int) columns >= width)
        {
          tui_put (y, x, 1, TUI_DIM, TUI_START, "…");
          return;
        }
      tui_put (y, x, columns, TUI_CHIP, TUI_START, chip);
      x += (int) columns + 1;
    }
}

/* What can be asked here, in a line. */
static char *
search_hint (const KontorScreenDeclaration *declaration)
{
  GString *hint = g_string_new (_ ("any words"));

  for (guint i = 0; i < MOST_HINTS && declaration->fields[i].name != NULL; i++)
    g_string_append_printf (hint, ", %s:", declaration->fields[i].name);
  g_string_append (hint, " …");
  return g_string_free (hint, FALSE);
}

static void
paint_search (TuiApp *app, KontorScreen *screen, int width)
{
  g_autofree char *count = count_text (app, screen);
  g_autofree char *hint = search_hint (kontor_screen_declaration (screen));
  int room = width - (int) kontor_text_width (count) - 3;
  TuiMistake mistake;
  gboolean wrong = kontor_screen_mistake (screen, &mistake.start, &mistake.length);

  tui_erase ((TuiArea){ 1, 0, 1, width }, TUI_PLAIN);
  tui_put (1, 0, 2, TUI_DIM, TUI_START, "/");
  tui_put (1, room + 2, (guint) (width - room - 2), TUI_DIM, TUI_END, count);
  if (app->focus == TUI_AT_SEARCH || wrong)
    tui_field_paint (app->search, (TuiArea){ 1, 2, 1, room - 1 }, wrong ? &mistake : NULL,
                     app->focus == TUI_AT_SEARCH);
  else if (kontor_screen_chips (screen)->n > 0)
    paint_chips (screen, 1, room);
  else
    tui_put (1, 2, (guint) room - 1, TUI_DIM, TUI_START, hint);
}

/* Under the place where it would be put. */
static void
paint_suggestions (TuiApp *app, int width, int height)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  TuiField *field = app->search;
  guint n, columns = 20;
  KontorFindSuggestion *found = kontor_find_complete (
      field->text->str, field->cursor, tui_app_view (app)->declaration->fields, arena, &n);
  g_autofree char *before = NULL;
  int x;

  n = MIN (n, (guint) MIN (MOST_SUGGESTIONS, height - 4));
  if (n == 0 || field->text->len == 0)
    return;
  before = g_strndup (field->text->str, found->start);
  for (guint i = 0; i < n; i++)
    columns
        = MAX (columns, kontor_text_width (found[i].text) + 3
                            + (found[i].help != NULL ? kontor_text_width (_ (found[i].help)) : 0));
  columns = MIN (columns + 1, (guint) width - 2);
  x = MIN (2 + (int) kontor_text_width (before), width - (int) columns);
  for (guint i = 0; i < n; i++)
    {
      guint text = kontor_text_width (found[i].text);

      tui_put (2 + (int) i, x, columns, TUI_FIELD, TUI_START, found[i].text);
      if (found[i].help != NULL && text + 2 < columns)
        tui_put (2 + (int) i, x + (int) text + 2, columns - text - 2, TUI_BAR, TUI_START,
                 _ (found[i].help));
    }
}

/* The keys worth knowing, most useful first, as far as they work now. */
static const char *const list_keys[]
    = { "view.open",   "queue.confirm", "queue.retry",    "queue.discard",  "find.search",
        "find.facets", "mark.toggle",   "object.actions", "payment.refund", "customer.edit",
        "list.export", "object.copy",   "find.sort",      "find.columns",   "app.quit" };
static const char *const detail_keys[] = { "view.back",      "view.next",      "view.previous",
                                           "object.actions", "payment.refund", "customer.edit",
                                           "object.copy",    "find.next",      "pane.zoom" };

static void
paint_keys (TuiApp *app, const char *const *names, guint n, int y, int all)
{
  KontorCall call = tui_app_call (app);
  g_autofree char *help = g_strdup_printf (" : %s  ? %s ", _ ("Commands"), _ ("Keys"));
  guint help_width = kontor_text_width (help);
  int x = 0, width = all - (int) help_width - 1;

  tui_erase ((TuiArea){ y, 0, 1, all }, TUI_BAR);
  tui_put (y, width + 1, help_width, TUI_BAR, TUI_START, help);
  for (guint i = 0; i < n; i++)
    {
      const KontorCommand *command = kontor_command_find (names[i]);
      g_autofree char *keys = NULL, *first = NULL;
      guint key_width, title_width;

      if (command == NULL || kontor_command_refuse (command, &call) != NULL)
        continue;
      keys = kontor_keymap_keys_of (app->keymap, command);
      first = g_strndup (keys, strcspn (keys, ","));
      key_width = kontor_text_width (first);
      title_width = kontor_text_width (_ (command->title));
      if (x + (int) (key_width + title_width) + 3 > width)
        continue;
      tui_put (y, x, key_width + 2, TUI_CHIP, TUI_CENTER, first);
      tui_put (y, x + (int) key_width + 3, title_width, TUI_BAR, TUI_START, _ (command->title));
      x += (int) (key_width + title_width) + 5;
    }
}

static void
paint_footer (TuiApp *app, int y, int width)
{
  KontorScreen *screen = tui_app_view (app)->screen;
  const char *banner = screen != NULL ? kontor_screen_banner (screen) : NULL;

  if (app->message != NULL)
    tui_put (y, 0, (guint) width, app->is_problem ? TUI_PROBLEM : TUI_BAR, TUI_START, app->message);
  else if (banner != NULL)
    tui_put (y, 0, (guint) width, TUI_PROBLEM, TUI_START, banner);
  else if (kontor_desk_is_in_trouble (app->desk)
           && kontor_sync_problem (kontor_desk_sync (app->desk)) != NULL
           && kontor_sync_at (kontor_desk_sync (app->desk)) == 0)
    tui_put (y, 0, (guint) width, TUI_PROBLEM, TUI_START,
             kontor_sync_problem (kontor_desk_sync (app->desk)));
  else if (screen == NULL)
    tui_put (y, 0, (guint) width, TUI_BAR, TUI_START, _ (" Q  Quit"));
  else if (app->focus == TUI_AT_SEARCH)
    tui_put (y, 0, (guint) width, TUI_BAR, TUI_START,
             _ (" Enter  Keep   Esc  As it was   Tab  Complete   ↓↑  Go through the list"));
  else if (app->focus == TUI_AT_DETAIL)
    paint_keys (app, detail_keys, G_N_ELEMENTS (detail_keys), y, width);
  else
    paint_keys (app, list_keys, G_N_ELEMENTS (list_keys), y, width);
}

static void
paint_sums (TuiApp *app, KontorScreen *screen, TuiArea area)
{
  guint n = kontor_list_n_marked (kontor_screen_list (screen));
  g_autofree char *sums = kontor_screen_sums (screen);
  g_autofree char *number = kontor_format_number (kontor_desk_format (app->desk), n);
  g_autofree char *text
      = n > 0 ? g_strdup_printf (_ ("✓ %s marked%s%s"), number, *sums != '\0' ? " · " : "", sums)
              : g_strdup_printf ("  %s%s", *sums != '\0' ? "Σ " : "", sums);

  tui_put (area.y, area.x, (guint) area.width, n > 0 ? TUI_MARKED : TUI_DIM, TUI_START, text);
}

/* ---------------------------------------------------------------------------------- states -- */

static void
paint_lines (TuiArea area, const char *title, const char *text)
{
  int y = area.y + MAX (area.height / 2 - 2, 0), width = MIN (area.width - 4, 76);
  int x = area.x + (area.width - width) / 2;

  tui_erase (area, TUI_PLAIN);
  tui_put (y, x, (guint) width, TUI_STRONG, TUI_CENTER, title);
  for (int row = y + 1; text != NULL && *text != '\0' && row < area.y + area.height; row++)
    {
      guint taken;
      gsize fits = kontor_text_fit (text, (guint) width, &taken), at = fits;
      g_autofree char *line = NULL;

      while (text[fits] != '\0' && at > 0 && text[at] != ' ')
        at--;
      if (at == 0)
        at = fits;
      line = g_strndup (text, at);
      tui_put (row, x, (guint) width, TUI_PLAIN, TUI_CENTER, line);
      text += at + (text[at] == ' ');
    }
}

/* When there is no copy yet. */
static void
paint_refused (TuiApp *app, TuiArea area)
{
  const KontorProfile *profile = kontor_desk_profile (app->desk);
  const char *problem = kontor_sync_problem (kontor_desk_sync (app->desk));
  g_autofree char *remedy = kontor_profile_remedy (profile);

  if (kontor_profile_is_person (profile))
    paint_lines (area, _ ("The server does not let you in any more"), remedy);
  else
    paint_lines (area, _ ("The server does not want this key"), problem);
}

static void
paint_no_copy (TuiApp *app, TuiArea area)
{
  g_autofree char *from = NULL;

  switch (kontor_sync_state (kontor_desk_sync (app->desk)))
    {
    case KONTOR_SYNC_OFFLINE:
      paint_lines (area, _ ("The server cannot be reached"),
                   kontor_sync_problem (kontor_desk_sync (app->desk)));
      break;
    case KONTOR_SYNC_REFUSED:
      paint_refused (app, area);
      break;
    case KONTOR_SYNC_FULL:
      paint_lines (area, _ ("The copy cannot be written"),
                   kontor_sync_problem (kontor_desk_sync (app->desk)));
      break;
    default:
      from = g_strdup_printf (_ ("from %s, %d %%"), kontor_desk_profile (app->desk)->url,
                              (int) (kontor_sync_progress (kontor_desk_sync (app->desk)) * 100));
      paint_lines (area, _ ("The first copy is on its way"), from);
    }
}

static void
paint_empty (TuiApp *app, KontorScreen *screen, TuiArea area)
{
  if (kontor_list_answer (kontor_screen_list (screen)) == NULL)
    paint_lines (area, _ ("Reading the copy…"), NULL);
  else if (*kontor_screen_query (screen) != '\0')
    paint_lines (area, _ ("Nothing fits what is searched for"), _ ("F shows all again."));
  else if (kontor_screen_declaration (screen)->empty != NULL)
    paint_lines (area, _ (kontor_screen_declaration (screen)->empty), NULL);
  else
    paint_lines (area, _ ("There is nothing here yet"),
                 _ ("What happens at the server appears by itself."));
}

/* ----------------------------------------------------------------------------------- panes -- */

static void
paint_list (TuiApp *app, TuiArea area)
{
  TuiView *view = tui_app_view (app);
  TuiArea sums = { area.y + area.height - 1, area.x, 1, area.width };

  area.height--;
  tui_grid_paint (&view->grid, view->screen, area, app->focus == TUI_AT_LIST);
  paint_sums (app, view->screen, sums);
  if (g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (view->screen))) == 0)
    paint_empty (app, view->screen, (TuiArea){ area.y + 1, area.x, area.height - 1, area.width });
}

static void
paint_detail (TuiApp *app, TuiArea area)
{
  TuiView *view = tui_app_view (app);

  tui_detail_paint (&view->detail, view->screen, area, app->focus == TUI_AT_DETAIL);
}

static void
paint_sidebar (TuiApp *app, TuiArea area)
{
  tui_erase (area, TUI_PLAIN);
  for (guint i = 0; i < app->n_views && (int) i < area.height; i++)
    {
      const KontorScreenDeclaration *declaration = app->views[i].declaration;
      char keys[] = { 'g', ' ', declaration->letter, '\0' };
      TuiStyle style = i == app->at ? TUI_SELECTED_FAR : TUI_PLAIN;

      tui_put (area.y + (int) i, area.x, 4, i == app->at ? style : TUI_DIM, TUI_START, keys);
      tui_put (area.y + (int) i, area.x + 4, (guint) area.width - 4, style, TUI_START,
               _ (declaration->title));
    }
}

/**
 * tui_shows_detail:
 * @app: the console
 *
 * Returns: whether the detail is on the screen
 */
gboolean
tui_shows_detail (TuiApp *app)
{
  if (app->zoomed)
    return app->focus == TUI_AT_DETAIL;
  return app->detail_open || tui_terminal_width () >= WIDE;
}

static void
paint_beside (TuiApp *app, TuiArea area)
{
  int detail = MAX (area.width * 2 / 5, 44), list = area.width - detail - 3;

  paint_list (app, (TuiArea){ area.y, area.x, area.height, list });
  tui_erase ((TuiArea){ area.y, area.x + list, area.height, 3 }, TUI_PLAIN);
  tui_column (area.y, area.x + list + 1, (guint) area.height, TUI_DIM);
  paint_detail (app, (TuiArea){ area.y, area.x + list + 3, area.height, detail });
}

static void
paint_below (TuiApp *app, TuiArea area)
{
  int list = MAX (area.height * 2 / 5, FEWEST_ROWS);

  paint_list (app, (TuiArea){ area.y, area.x, list, area.width });
  tui_line (area.y + list, area.x, (guint) area.width, TUI_DIM);
  paint_detail (app, (TuiArea){ area.y + list + 1, area.x, area.height - list - 1, area.width });
}

/* A line of the head, in as many lines as it needs, its words behind each other. */
static int
paint_head_line (const char *text, int y, int last, int x, int width)
{
  for (int first = y; *text != '\0' && y <= last; y++)
    {
      guint taken, indent = y > first ? 2 : 0;
      gsize fits = kontor_text_fit (text, (guint) width - indent, &taken), at = fits;
      g_autofree char *line = NULL;

      while (text[fits] != '\0' && at > 0 && text[at] != ' ')
        at--;
      at = at == 0 ? fits : at;
      line = g_strndup (text, at);
      tui_erase ((TuiArea){ y, x - HEAD_INDENT, 1, width + HEAD_INDENT }, TUI_PLAIN);
      tui_put (y, x + (int) indent, (guint) width - indent, TUI_STRONG, TUI_START, line);
      text += at + (text[at] == ' ');
    }
  return y;
}

/* Above the list, on a third of its room at most. */
static void
paint_head (TuiApp *app, TuiArea *area)
{
  const char *head = kontor_screen_head (tui_app_view (app)->screen);
  g_auto (GStrv) lines = g_strsplit (head != NULL ? head : "", "\n", -1);
  int y = area->y, last = area->y + area->height / 3 - 1;

  for (guint i = 0; lines[i] != NULL && y <= last; i++)
    y = paint_head_line (lines[i], y, last, area->x + HEAD_INDENT, area->width - HEAD_INDENT);
  area->height -= y - area->y;
  area->y = y;
}

static void
paint_panes (TuiApp *app, TuiArea area)
{
  if (area.width >= ROOMY && !app->zoomed)
    {
      paint_sidebar (app, (TuiArea){ area.y, area.x, area.height, SIDEBAR });
      area.x += SIDEBAR + 1;
      area.width -= SIDEBAR + 1;
    }
  if (tui_app_view (app)->declaration->n_charts > 0 && !app->zoomed)
    {
      int charts = tui_charts_paint (app->desk, tui_app_view (app)->declaration,
                                     (TuiArea){ area.y, area.x, area.height * 3 / 5, area.width });

      area.y += charts;
      area.height -= charts;
    }
  if (!app->zoomed)
    paint_head (app, &area);
  if (!tui_shows_detail (app))
    paint_list (app, area);
  else if (app->zoomed)
    paint_detail (app, area);
  else if (tui_terminal_width () >= WIDE)
    paint_beside (app, area);
  else if (area.height >= LEAST_SPLIT)
    paint_below (app, area);
  else
    paint_detail (app, area);
}

/* What can follow the keys pressed so far: their last key and what it does. */
static GPtrArray *
chord_lines (TuiApp *app)
{
  const char *begun = kontor_keymap_pending (app->keymap);
  gsize length = strlen (begun);
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (const KontorCommand *command = kontor_commands; command->name != NULL; command++)
    {
      g_autofree char *keys = kontor_keymap_keys_of (app->keymap, command);
      g_auto (GStrv) chords = g_strsplit (keys, ", ", -1);

      for (guint i = 0; chords[i] != NULL && tui_can_act (app, command); i++)
        if (strncmp (chords[i], begun, length) == 0 && chords[i][length] == ' ')
          g_ptr_array_add (lines,
                           g_strdup_printf ("%s  %s", chords[i] + length + 1, _ (command->title)));
    }
  return lines;
}

static void
paint_chords (TuiApp *app, TuiArea area)
{
  g_autoptr (GPtrArray) lines = chord_lines (app);
  int width = MIN (area.width, CHORDS), height = MIN (area.height, (int) lines->len + 2);
  TuiArea box = { area.y + area.height - height, area.x + area.width - width, height, width };

  tui_erase (box, TUI_PLAIN);
  tui_frame (box, TUI_PLAIN, kontor_keymap_pending (app->keymap));
  for (guint i = 0; i < lines->len && (int) i < height - 2; i++)
    tui_put (box.y + 1 + (int) i, box.x + 2, (guint) width - 4, TUI_PLAIN, TUI_START,
             lines->pdata[i]);
}

static void
paint_all (TuiApp *app, int height, int width)
{
  TuiArea middle = { 2, 0, height - 3, width }, whole = { 0, 0, height, width };
  KontorScreen *screen = tui_app_view (app)->screen;

  paint_header (app, width);
  if (screen != NULL)
    {
      paint_search (app, screen, width);
      paint_panes (app, middle);
      if (app->focus == TUI_AT_SEARCH)
        paint_suggestions (app, width, height);
    }
  else
    paint_no_copy (app, (TuiArea){ 1, 0, height - 2, width });
  paint_footer (app, height - 1, width);
  if (app->shows_chords)
    paint_chords (app, middle);
  for (guint i = 0; i < app->layers->len; i++)
    {
      TuiLayer *layer = app->layers->pdata[i];

      layer->class->paint (layer, whole);
    }
}

/**
 * tui_paint:
 * @app: the console
 *
 * Paints everything; the terminal is sent only what changed.
 */
void
tui_paint (TuiApp *app)
{
  int height = tui_terminal_height (), width = tui_terminal_width ();

  tui_cursor (-1, 0);
  if (height < LEAST_HEIGHT || width < LEAST_WIDTH)
    {
      tui_erase ((TuiArea){ 0, 0, height, width }, TUI_PLAIN);
      tui_put (height / 2, 0, (guint) width, TUI_STRONG, TUI_CENTER, _ ("This is too small."));
    }
  else
    paint_all (app, height, width);
  tui_terminal_flush ();
}
