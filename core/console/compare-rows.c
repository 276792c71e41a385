/* compare-rows.c: which two of a list are compared, and what of each. */
#include <string.h>

#include "core/console/compare.h"
#include "core/console/desk.h"
#include "core/console/text.h"
#include "core/json.h"

#define PREVIOUS "previous_attributes"

/* ------------------------------------------------------------------------------ what of each -- */

static const KontorValue *
parse (KontorArena *arena, const char *text)
{
  const char *problem;

  return text != NULL ? kontor_json_parse (arena, text, strlen (text), &problem) : NULL;
}

static const KontorValue *
get (const KontorValue *object, const char *name)
{
  return object != NULL && object->type == KONTOR_VALUE_OBJECT ? kontor_value_get (object, name)
                                                               : NULL;
}

static char *
write_json (const KontorValue *value)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_json_write (&json, value);
  return g_strdup (kontor_buffer_text (&json));
}

/* Puts @value, which may be of another tree, at the end of @parent under @key. */
static KontorValue *
put (KontorArena *arena, KontorValue *parent, const char *key, const KontorValue *value)
{
  KontorValue *copy = kontor_value_append (arena, parent, key, value->type);

  copy->text = value->text;
  copy->length = value->length;
  copy->n_children = value->n_children;
  copy->first = value->first;
  copy->last = value->last;
  return copy;
}

/* Headers are lines of text in the copy: each is a member of its own, and so is each time that one
 * comes again. */
static const KontorValue *
unfold_headers (KontorArena *arena, const KontorValue *text)
{
  g_auto (GStrv) lines = g_strsplit (text->text, "\n", -1);
  KontorValue *headers = kontor_value_new (arena, KONTOR_VALUE_OBJECT);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':'), *key;
      KontorValue *header;

      if (colon == NULL)
        continue;
      *colon = '\0';
      key = kontor_arena_strdup (arena, lines[i]);
      for (guint n = 2; kontor_value_get (headers, key) != NULL; n++)
        key = kontor_arena_printf (arena, "%s (%u)", lines[i], n);
      header = kontor_value_append (arena, headers, key, KONTOR_VALUE_STRING);
      header->text = kontor_arena_strdup (arena, g_strstrip (colon + 1));
      header->length = strlen (header->text);
    }
  return headers;
}

/* What was sent or came back with its headers and, where it is JSON, its body value by value. */
static const KontorValue *
unfold_message (KontorArena *arena, const KontorValue *message)
{
  KontorValue *unfolded = kontor_value_new (arena, KONTOR_VALUE_OBJECT);

  for (const KontorValue *child = message->first; child != NULL; child = child->next)
    {
      const KontorValue *value = NULL;

      if (child->type == KONTOR_VALUE_STRING && strcmp (child->key, "headers") == 0)
        value = unfold_headers (arena, child);
      else if (child->type == KONTOR_VALUE_STRING && strcmp (child->key, "body") == 0)
        value = parse (arena, child->text);
      put (arena, unfolded, child->key, value != NULL ? value : child);
    }
  return unfolded;
}

static char *
unfold (const char *json)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const KontorValue *object = parse (arena, json);
  KontorValue *unfolded = kontor_value_new (arena, KONTOR_VALUE_OBJECT);

  if (object == NULL || object->type != KONTOR_VALUE_OBJECT)
    return g_strdup (json);
  for (const KontorValue *child = object->first; child != NULL; child = child->next)
    {
      gboolean is_message
          = child->type == KONTOR_VALUE_OBJECT
            && (strcmp (child->key, "request") == 0 || strcmp (child->key, "response") == 0);

      put (arena, unfolded, child->key, is_message ? unfold_message (arena, child) : child);
    }
  return write_json (unfolded);
}

/* An object as it was: @before has only the members that were others, also deep inside. */
static const KontorValue *
turn_back (KontorArena *arena, const KontorValue *now, const KontorValue *before)
{
  KontorValue *was;

  if (before == NULL)
    return now;
  if (now->type != KONTOR_VALUE_OBJECT || before->type != KONTOR_VALUE_OBJECT)
    return before;
  was = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
  for (const KontorValue *child = now->first; child != NULL; child = child->next)
    put (arena, was, child->key, turn_back (arena, child, kontor_value_get (before, child->key)));
  for (const KontorValue *child = before->first; child != NULL; child = child->next)
    if (kontor_value_get (now, child->key) == NULL)
      put (arena, was, child->key, child);
  return was;
}

/* The two versions that the event of an update tells of; %FALSE: it is no such event. */
static gboolean
read_versions (const char *json, char *texts[2])
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const KontorValue *data = get (parse (arena, json), "data"), *now = get (data, "object");
  const KontorValue *before = get (data, PREVIOUS);

  if (now == NULL || before == NULL || before->type != KONTOR_VALUE_OBJECT)
    return FALSE;
  texts[0] = write_json (turn_back (arena, now, before));
  texts[1] = write_json (now);
  return TRUE;
}

/* ------------------------------------------------------------------------------------ which -- */

/* The server's JSON of what the copy has only a part of; %NULL: not yet, or it is not reached. */
static const char *
fetch (KontorScreen *screen, KontorItem *item)
{
  const KontorScreenDeclaration *declaration = kontor_screen_declaration (screen);
  KontorDesk *desk = kontor_screen_desk (screen);
  g_autofree char *path = NULL;

  if (declaration->path == NULL || desk == NULL)
    return NULL;
  path = kontor_screen_path (declaration, kontor_item_id (item));
  return kontor_desk_fetch (desk, path);
}

/* By its type: what was updated, only the server tells. */
static gboolean
is_update (KontorItem *item)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const KontorValue *event = parse (arena, kontor_item_body (item)), *type = get (event, "type");

  return get (event, "data") != NULL && type != NULL && type->type == KONTOR_VALUE_STRING
         && g_str_has_suffix (type->text, ".updated");
}

/* Why the one at the cursor cannot be compared alone. */
static const char *
refuse_alone (KontorScreen *screen, gint64 key)
{
  g_autoptr (KontorItem) item = kontor_list_load (kontor_screen_list (screen), key);
  KontorDesk *desk = kontor_screen_desk (screen);

  if (!is_update (item))
    return _ ("Mark one with Space, then go to the one to compare it with.");
  if (fetch (screen, item) == NULL && (desk == NULL || !kontor_desk_is_online (desk)))
    return _ ("This needs the server, which is not reached now.");
  return NULL;
}

/**
 * kontor_compare_choose:
 * @screen: a screen
 * @keys: (out): the two that are compared, the older one first; twice the same one where it is two
 *   versions of what an event is about
 *
 * Two that are marked; or the one that is, with the one at the cursor; or that one alone, when it
 * is the event of an update.
 *
 * Returns: (nullable): %NULL, or a translated sentence that says why there is nothing to compare
 */
const char *
kontor_compare_choose (KontorScreen *screen, gint64 keys[2])
{
  KontorList *list = kontor_screen_list (screen);
  g_autoptr (GArray) marked = kontor_list_marked (list);
  gint64 here;

  if (marked->len > 2)
    return _ ("More than two are marked: u takes the marks back.");
  if (marked->len == 2)
    {
      keys[0] = g_array_index (marked, gint64, 0);
      keys[1] = g_array_index (marked, gint64, 1);
      return NULL;
    }
  if (g_list_model_get_n_items (G_LIST_MODEL (list)) == 0)
    return _ ("The list is empty.");
  here = kontor_list_key (list, kontor_screen_cursor (screen));
  keys[0] = marked->len == 1 ? g_array_index (marked, gint64, 0) : here;
  keys[1] = MAX (keys[0], here);
  keys[0] = MIN (keys[0], here);
  return keys[0] != keys[1] ? NULL : refuse_alone (screen, here);
}

/* As the server gives both, once it has; until then as the copy has both. Of resources the copy
 * has enough, of attempts and the like not. The server is asked for one after the other, since only
 * what was asked for last is still wanted. */
static void
read_both (KontorScreen *screen, KontorItem *const items[2], char *texts[2])
{
  KontorList *list = kontor_screen_list (screen);
  const char *whole[2] = { NULL };

  if (kontor_record_of (list, items[0])->object == NULL)
    whole[0] = fetch (screen, items[0]);
  if (whole[0] != NULL)
    whole[1] = fetch (screen, items[1]);
  for (guint i = 0; i < 2; i++)
    {
      const char *body = kontor_item_body (items[i]);

      texts[i] = unfold (whole[1] != NULL ? whole[i] : body != NULL ? body : "{}");
    }
}

static char *
title_of (KontorScreen *screen, KontorItem *item)
{
  g_autofree char *time
      = kontor_format_time (kontor_screen_format (screen), kontor_item_created (item));

  return g_strdup_printf ("%s · %s", kontor_item_id (item), time);
}

/**
 * kontor_comparison_new:
 * @screen: a screen
 * @keys: what kontor_compare_choose() said
 *
 * Returns: (transfer full): both, value by value, as they are known now
 */
KontorComparison *
kontor_comparison_new (KontorScreen *screen, const gint64 keys[2])
{
  KontorComparison *comparison = g_new0 (KontorComparison, 1);
  KontorList *list = kontor_screen_list (screen);
  g_autoptr (KontorItem) left = kontor_list_load (list, keys[0]);
  g_autoptr (KontorItem) right = kontor_list_load (list, keys[1]);
  KontorItem *const items[] = { left, right };
  g_autofree char *before = NULL, *after = NULL;
  char *texts[2] = { NULL };
  gboolean are_versions = keys[0] == keys[1];

  if (are_versions)
    comparison->is_waiting = !read_versions (fetch (screen, right), texts);
  else
    read_both (screen, items, texts);
  before = texts[0];
  after = texts[1];
  comparison->titles[0] = are_versions ? g_strdup (_ ("Before the update"))
                                       : title_of (screen, left);
  comparison->titles[1] = title_of (screen, right);
  comparison->rows = kontor_compare (before != NULL ? before : "{}", after != NULL ? after : "{}");
  return comparison;
}

/**
 * kontor_comparison_free:
 * @comparison: (transfer full) (nullable): a comparison
 */
void
kontor_comparison_free (KontorComparison *comparison)
{
  if (comparison == NULL)
    return;
  g_free (comparison->titles[0]);
  g_free (comparison->titles[1]);
  g_ptr_array_unref (comparison->rows);
  g_free (comparison);
}

/**
 * kontor_comparison_text:
 * @comparison: a comparison
 *
 * Returns: (transfer full): what differs, in lines as diff writes them
 */
char *
kontor_comparison_text (const KontorComparison *comparison)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "--- %s\n+++ %s\n", comparison->titles[0], comparison->titles[1]);
  for (guint i = 0; i < comparison->rows->len; i++)
    {
      const KontorDiff *row = comparison->rows->pdata[i];

      if (row->state == KONTOR_DIFF_SAME)
        continue;
      if (row->left != NULL)
        g_string_append_printf (text, "-%s: %s\n", row->path, row->left);
      if (row->right != NULL)
        g_string_append_printf (text, "+%s: %s\n", row->path, row->right);
    }
  return g_string_free (text, FALSE);
}
