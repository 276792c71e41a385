/* act-on-mouse.c: what clicks and the wheel do to a list and its detail. */
#include "tui/act-on-mouse.h"

#define WHEEL_ROWS 3

static gboolean
is_within (TuiArea area, int y, int x)
{
  return y >= area.y && y < area.y + area.height && x >= area.x && x < area.x + area.width;
}

static void
turn_wheel (TuiApp *app, TuiView *view, const TuiInput *input)
{
  int by = input->mouse == TUI_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS;
  gint64 to = (gint64) kontor_screen_cursor (view->screen) + by;

  if (tui_shows_detail (app) && is_within (view->detail.area, input->y, input->x))
    tui_detail_move (&view->detail, by);
  else
    kontor_screen_set_cursor (view->screen, (guint) MAX (to, 0));
}

static void
click_list (TuiApp *app, TuiView *view, const TuiInput *input)
{
  const KontorColumn *column = NULL;
  guint row;

  switch (tui_grid_at (&view->grid, view->screen, input->y, input->x, &row, &column))
    {
    case TUI_ON_HEADING:
      kontor_screen_sort (view->screen, column);
      break;
    case TUI_ON_ROW:
      kontor_screen_set_cursor (view->screen, row);
      app->focus = TUI_AT_LIST;
      if (input->mouse == TUI_DOUBLE_CLICK)
        tui_act (app, kontor_command_find ("view.open"), 0);
      break;
    case TUI_NOWHERE:
      break;
    }
}

/**
 * tui_act_on_mouse:
 * @app: the console
 * @input: of the mouse
 */
void
tui_act_on_mouse (TuiApp *app, const TuiInput *input)
{
  TuiView *view = tui_app_view (app);

  if (view->screen == NULL)
    return;
  if (input->mouse == TUI_WHEEL_UP || input->mouse == TUI_WHEEL_DOWN)
    turn_wheel (app, view, input);
  else if (input->y == 1)
    tui_search_begin (app);
  else if (tui_shows_detail (app) && tui_detail_click (&view->detail, input->y, input->x))
    {
      app->focus = TUI_AT_DETAIL;
      if (input->mouse == TUI_DOUBLE_CLICK && tui_detail_target (&view->detail) != NULL)
        tui_app_go_to (app, tui_detail_target (&view->detail));
    }
  else
    click_list (app, view, input);
}
