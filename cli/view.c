/* view.c: objects as people read them: lists as tables, single ones name by name. */
#include "cli/view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/columns.h"
#include "cli/json-print.h"
#include "cli/table.h"
#include "core/buffer.h"
#include "core/currency.h"

/* ------------------------------------------------------------------------------------- values -- */

static const KontorValue *
member (const KontorValue *object, const char *name)
{
  return object != NULL && object->type == KONTOR_VALUE_OBJECT ? kontor_value_get (object, name)
                                                               : NULL;
}

/* The value at "a.b.c", and the object it stands in. */
static const KontorValue *
at_path (const KontorValue *object, const char *path, const KontorValue **parent)
{
  g_auto (GStrv) words = g_strsplit (path, ".", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      *parent = object;
      object = member (object, words[i]);
    }
  return object;
}

static const char *
text_at (const KontorValue *object, const char *name)
{
  const KontorValue *value = member (object, name);

  return value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : NULL;
}

/* Where the person is: "2026-11-22 19:05:47". */
static char *
local_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d %H:%M:%S")
                      : g_strdup_printf ("%" G_GINT64_FORMAT, time);
}

static gboolean
whole_number (const KontorValue *value, gint64 *number)
{
  return value != NULL && value->type == KONTOR_VALUE_NUMBER
         && g_ascii_string_to_signed (value->text, 10, G_MININT64, G_MAXINT64, number, NULL);
}

static char *
money_text (const KontorValue *value, const KontorValue *parent)
{
  const char *code = text_at (parent, "currency");
  const KontorCurrency *currency = code != NULL ? kontor_currency_find (code) : NULL;
  gint64 amount;

  if (!whole_number (value, &amount))
    return g_strdup ("");
  return currency != NULL ? kontor_currency_format (currency, amount) : g_strdup (value->text);
}

static char *
list_text (const KontorValue *list)
{
  GString *text = g_string_new (NULL);

  for (const KontorValue *item = list->first; item != NULL; item = item->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                            item->text != NULL ? item->text : "…");
  return g_string_free (text, FALSE);
}

static char *
value_text (const KontorValue *value, const KontorValue *parent, KontorViewKind kind)
{
  gint64 number;

  if (value == NULL || value->type == KONTOR_VALUE_NULL)
    return g_strdup ("");
  if (kind == KONTOR_VIEW_MONEY)
    return money_text (value, parent);
  if (kind == KONTOR_VIEW_TIME && whole_number (value, &number))
    return local_time (number);
  if (value->type == KONTOR_VALUE_OBJECT)
    return g_strdup (text_at (value, "id") != NULL ? text_at (value, "id") : "…");
  if (value->type == KONTOR_VALUE_ARRAY)
    return list_text (value);
  return g_strdup (value->text);
}

/* --------------------------------------------------------------------------------------- lists -- */

static KontorRole
role_of_state (const char *state)
{
  static const struct
  {
    const char *word;
    KontorRole  role;
  } roles[] = {
    { "active", KONTOR_ROLE_GOOD },     { "available", KONTOR_ROLE_GOOD },
    { "canceled", KONTOR_ROLE_DIM },    { "disabled", KONTOR_ROLE_BAD },
    { "enabled", KONTOR_ROLE_GOOD },    { "failed", KONTOR_ROLE_BAD },
    { "pending", KONTOR_ROLE_WARNING }, { "processing", KONTOR_ROLE_WARNING },
    { "succeeded", KONTOR_ROLE_GOOD },
  };

  if (g_str_has_prefix (state, "requires_"))
    return KONTOR_ROLE_WARNING;
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (roles[i].word, state))
      return roles[i].role;
  return KONTOR_ROLE_PLAIN;
}

static void
add_row (KontorTable *table, const KontorViewColumn *columns, const KontorValue *object)
{
  for (; columns->path != NULL; columns++)
    {
      const KontorValue *parent = NULL, *value = at_path (object, columns->path, &parent);
      g_autofree char *text = value_text (value, parent, columns->kind);

      kontor_table_cell (table, text,
                         columns->kind == KONTOR_VIEW_STATE  ? role_of_state (text)
                         : columns->kind == KONTOR_VIEW_TIME ? KONTOR_ROLE_DIM
                                                             : KONTOR_ROLE_PLAIN);
    }
}

/* A table needs its columns in a row of their own, ending where the view's end. */
static KontorColumn *
plain_columns (const KontorViewColumn *columns)
{
  GArray *plain = g_array_new (TRUE, TRUE, sizeof (KontorColumn));

  for (; columns->path != NULL; columns++)
    g_array_append_val (plain, columns->column);
  return (KontorColumn *) g_array_free (plain, FALSE);
}

static const KontorValue *
items_of (const KontorValue *json)
{
  const KontorValue *data = member (json, "data");

  return data != NULL && data->type == KONTOR_VALUE_ARRAY ? data : NULL;
}

static const KontorViewColumn *
columns_of_items (const KontorValue *items)
{
  const char *object = items->first != NULL ? text_at (items->first, "object") : NULL;

  return kontor_columns_of (object != NULL ? object : "");
}

static void
say_there_is_more (const KontorCli *cli, const KontorValue *list, const KontorValue *items)
{
  const KontorValue *more = member (list, "has_more");
  const KontorStyle *style = &cli->err;
  const char *last = items->last != NULL ? text_at (items->last, "id") : NULL;

  if (!style->is_terminal)
    return;
  if (items->first == NULL)
    fprintf (style->stream, "%s\n", _ ("There are none."));
  else if (more != NULL && g_strcmp0 (more->text, "true") == 0 && last != NULL)
    fprintf (style->stream, _ ("%sThere are more: --starting-after %s, or --all.%s\n"),
             kontor_style_on (style, KONTOR_ROLE_DIM), last,
             kontor_style_off (style, KONTOR_ROLE_DIM));
}

static void
view_list (const KontorCli *cli, const KontorValue *list, const KontorValue *items)
{
  const KontorViewColumn *columns = columns_of_items (items);
  g_autofree KontorColumn *plain = plain_columns (columns);
  g_autoptr (KontorTable) table = kontor_table_new (&cli->out, plain);

  for (const KontorValue *item = items->first; item != NULL; item = item->next)
    add_row (table, columns, item);
  if (items->first != NULL)
    kontor_table_print (table);
  say_there_is_more (cli, list, items);
}

/**
 * kontor_view_all:
 * @cli: a run
 * @call: asks for a list; turned to its last page
 *
 * Prints every object of it in one table, page by page.
 *
 * Returns: the exit code
 */
int
kontor_view_all (KontorCli *cli, KontorClientCall *call)
{
  g_autofree KontorColumn *plain = NULL;
  g_autoptr (KontorTable) table = NULL;
  const KontorViewColumn *columns = NULL;
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;
  guint n = 0;

  while (more)
    {
      g_autoptr (KontorClientReply) reply = kontor_cli_send (cli, call, &error);
      const KontorValue *items = reply != NULL ? items_of (reply->json) : NULL;

      if (reply == NULL)
        return kontor_cli_report (cli, error);
      if (items == NULL)
        break;
      if (table == NULL)
        {
          columns = columns_of_items (items);
          plain = plain_columns (columns);
          table = kontor_table_new (&cli->out, plain);
        }
      kontor_style_progress_end (&cli->err);
      for (const KontorValue *item = items->first; item != NULL; item = item->next, n++)
        add_row (table, columns, item);
      if (n > 0)
        kontor_table_print (table);
      fflush (cli->out.stream);
      more = kontor_client_call_turn_page (call, reply);
      if (more && !cli->out.is_terminal)
        kontor_style_progress (&cli->err, _ ("%u objects…"), n);
    }
  kontor_style_progress_end (&cli->err);
  return KONTOR_EXIT_OK;
}

/* -------------------------------------------------------------------------------- single ones -- */

static gboolean
is_money (const char *name)
{
  static const char *const names[] = { "fee", "net", "gross", "total", "subtotal", NULL };

  return g_str_has_prefix (name, "amount") || g_str_has_suffix (name, "_amount")
         || g_strv_contains (names, name);
}

static gboolean
is_time (const char *name)
{
  return g_str_equal (name, "created") || g_str_has_suffix (name, "_at")
         || g_str_has_suffix (name, "_on") || g_str_equal (name, "due");
}

static KontorViewKind
kind_of (const KontorValue *value, const KontorValue *parent)
{
  if (value->type != KONTOR_VALUE_NUMBER)
    return KONTOR_VIEW_TEXT;
  if (is_money (value->key) && text_at (parent, "currency") != NULL)
    return KONTOR_VIEW_MONEY;
  return is_time (value->key) ? KONTOR_VIEW_TIME : KONTOR_VIEW_COUNT;
}

static void add_members (GPtrArray *lines, const KontorValue *object, const char *before);

/* What is null or empty is left out: --json shows it. */
static void
add_member (GPtrArray *lines, const KontorValue *object, const KontorValue *value, const char *name)
{
  g_autofree char *text = NULL, *below = NULL;

  if (value->type == KONTOR_VALUE_OBJECT)
    {
      below = g_strconcat (name, ".", NULL);
      add_members (lines, value, below);
      return;
    }
  if (value->type == KONTOR_VALUE_ARRAY && value->first != NULL
      && value->first->type == KONTOR_VALUE_OBJECT)
    {
      guint i = 0;

      for (const KontorValue *item = value->first; item != NULL; item = item->next)
        {
          g_autofree char *nth = g_strdup_printf ("%s.%u.", name, i++);

          add_members (lines, item, nth);
        }
      return;
    }
  text = value_text (value, object, kind_of (value, object));
  if (*text == '\0')
    return;
  g_ptr_array_add (lines, g_strdup (name));
  g_ptr_array_add (lines, g_steal_pointer (&text));
}

static void
add_members (GPtrArray *lines, const KontorValue *object, const char *before)
{
  if (object->type != KONTOR_VALUE_OBJECT)
    return;
  for (const KontorValue *value = object->first; value != NULL; value = value->next)
    {
      g_autofree char *name = g_strconcat (before, value->key, NULL);

      add_member (lines, object, value, name);
    }
}

/**
 * kontor_view_reply:
 * @cli: a run
 * @reply: a list, or an object
 *
 * Prints a list as a table, an object name by name.
 */
void
kontor_view_reply (const KontorCli *cli, const KontorClientReply *reply)
{
  const KontorValue *items = items_of (reply->json);
  g_autoptr (GPtrArray) lines = NULL;

  if (items != NULL)
    {
      view_list (cli, reply->json, items);
      return;
    }
  lines = g_ptr_array_new_with_free_func (g_free);
  add_members (lines, reply->json, "");
  kontor_table_lines (&cli->out, lines);
}
