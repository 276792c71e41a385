/* keymap.c: which keys mean which command: the commands' own, and those a person gave them. */
#include "core/console/keymap.h"

#include <gio/gio.h>
#include <string.h>

#include "core/console/text.h"

#define MOST_COUNT 9999999

typedef struct
{
  char *chord; /* "g g" */
  const KontorCommand *command;
} Binding;

struct _KontorKeymap
{
  GArray *bindings;
  GString *pending; /* keys of a chord so far */
  guint count;
};

static void
binding_clear (gpointer data)
{
  g_free (((Binding *) data)->chord);
}

static void
add_keys (KontorKeymap *keymap, const char *chords, const KontorCommand *command)
{
  g_auto (GStrv) list = g_strsplit (chords, "|", -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      Binding binding = { g_strdup (g_strstrip (list[i])), command };

      g_array_append_val (keymap->bindings, binding);
    }
}

/**
 * kontor_keymap_new:
 *
 * Returns: (transfer full): the keys that the commands have by themselves
 */
KontorKeymap *
kontor_keymap_new (void)
{
  KontorKeymap *keymap = g_new0 (KontorKeymap, 1);

  keymap->pending = g_string_new (NULL);
  keymap->bindings = g_array_new (FALSE, FALSE, sizeof (Binding));
  g_array_set_clear_func (keymap->bindings, binding_clear);
  for (const KontorCommand *command = kontor_commands; command->name != NULL; command++)
    if (command->keys != NULL)
      add_keys (keymap, command->keys, command);
  return keymap;
}

/**
 * kontor_keymap_free:
 * @keymap: (transfer full) (nullable): keys
 */
void
kontor_keymap_free (KontorKeymap *keymap)
{
  if (keymap == NULL)
    return;
  g_array_unref (keymap->bindings);
  g_string_free (keymap->pending, TRUE);
  g_free (keymap);
}

/* Whether one is the other, or its beginning: then the longer one could never be typed. */
static gboolean
begins (const char *chord, const char *with)
{
  gsize length = strlen (with);

  return strncmp (chord, with, length) == 0 && (chord[length] == '\0' || chord[length] == ' ');
}

static gboolean
meet (const KontorCommand *a, const KontorCommand *b)
{
  return a != b && (a->contexts & b->contexts) != 0
         && (a->screen == NULL || b->screen == NULL || strcmp (a->screen, b->screen) == 0);
}

/**
 * kontor_keymap_conflict:
 * @keymap: keys
 *
 * Returns: (transfer full) (nullable): %NULL when all keys can be told apart; else a translated
 * sentence that names two commands which cannot
 */
char *
kontor_keymap_conflict (KontorKeymap *keymap)
{
  for (guint i = 0; i < keymap->bindings->len; i++)
    for (guint j = 0; j < keymap->bindings->len; j++)
      {
        const Binding *a = &g_array_index (keymap->bindings, Binding, i);
        const Binding *b = &g_array_index (keymap->bindings, Binding, j);

        if (i != j && meet (a->command, b->command) && begins (a->chord, b->chord))
          return g_strdup_printf (_ ("“%s” is %s, but “%s” already is %s."), a->chord,
                                  a->command->name, b->chord, b->command->name);
      }
  return NULL;
}

static void
unbind (KontorKeymap *keymap, const KontorCommand *command)
{
  for (guint i = keymap->bindings->len; i > 0; i--)
    if (g_array_index (keymap->bindings, Binding, i - 1).command == command)
      g_array_remove_index (keymap->bindings, i - 1);
}

static gboolean
read_line (KontorKeymap *keymap, char *line, guint number, GError **error)
{
  char *equals = strstr (line, " = ");
  const KontorCommand *command;

  if (equals == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("Line %u: write a command, “ = ” and its keys."), number);
      return FALSE;
    }
  *equals = '\0';
  command = kontor_command_find (g_strstrip (line));
  if (command == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("Line %u: there is no command “%s”."), number, line);
      return FALSE;
    }
  unbind (keymap, command);
  if (*g_strstrip (equals + 3) != '\0')
    add_keys (keymap, equals + 3, command);
  return TRUE;
}

/**
 * kontor_keymap_read:
 * @keymap: keys
 * @text: a person's file: lines like `payment.refund = r|Ctrl-r`; # begins a comment, nothing
 *   behind the sign leaves a command without keys
 * @error: return location for a #GError
 *
 * When a line is wrong or two commands would share keys, nothing is changed.
 *
 * Returns: %TRUE, or %FALSE with a #GIOErrorEnum that names the line or the two commands
 */
gboolean
kontor_keymap_read (KontorKeymap *keymap, const char *text, GError **error)
{
  KontorKeymap *next = kontor_keymap_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *conflict = NULL;
  gboolean good = TRUE;

  for (guint i = 0; lines[i] != NULL && good; i++)
    if (*g_strstrip (lines[i]) != '\0' && *lines[i] != '#')
      {
        g_autofree char *line = g_strconcat (lines[i], " ", NULL);

        good = read_line (next, line, i + 1, error);
      }
  conflict = good ? kontor_keymap_conflict (next) : NULL;
  if (conflict != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, conflict);
  if (good && conflict == NULL)
    {
      GArray *bindings = keymap->bindings;

      keymap->bindings = next->bindings;
      next->bindings = bindings;
    }
  kontor_keymap_free (next);
  return good && conflict == NULL;
}

/**
 * kontor_keymap_forget:
 * @keymap: keys
 *
 * Forgets a chord that was begun and the number before it.
 */
void
kontor_keymap_forget (KontorKeymap *keymap)
{
  g_string_truncate (keymap->pending, 0);
  keymap->count = 0;
}

/**
 * kontor_keymap_pending:
 * @keymap: keys
 *
 * Returns: the beginning of a chord, such as "g": what can follow is worth showing; "" for none
 */
const char *
kontor_keymap_pending (KontorKeymap *keymap)
{
  return keymap->pending->str;
}

/* A digit that is a key of its own here; else it begins a number. */
static const KontorCommand *
digit_command (KontorKeymap *keymap, guint context, const char *key)
{
  if (keymap->pending->len > 0 || keymap->count > 0 || !g_ascii_isdigit (*key) || key[1] != '\0')
    return NULL;
  for (guint i = 0; i < keymap->bindings->len; i++)
    {
      const Binding *binding = &g_array_index (keymap->bindings, Binding, i);

      if ((binding->command->contexts & context) != 0 && strcmp (binding->chord, key) == 0)
        return binding->command;
    }
  return NULL;
}

/* 0 alone is a key; behind a number it belongs to it. */
static gboolean
take_digit (KontorKeymap *keymap, const char *key)
{
  if (keymap->pending->len > 0 || !g_ascii_isdigit (*key) || key[1] != '\0'
      || (*key == '0' && keymap->count == 0))
    return FALSE;
  keymap->count = MIN (keymap->count * 10 + (guint) (*key - '0'), MOST_COUNT);
  return TRUE;
}

/**
 * kontor_keymap_feed:
 * @keymap: keys
 * @context: bits of where the person is
 * @screen: the name of the screen they see
 * @key: what was pressed: "j", "Ctrl-d", "PgDn", "Space", "Enter"…
 * @command: (out): the command, when the chord is complete
 * @count: (out): the number typed before it, 0 for none, or the digit that its key is; likewise
 *
 * Returns: what came of it
 */
KontorKeys
kontor_keymap_feed (KontorKeymap *keymap,
                    guint context,
                    const char *screen,
                    const char *key,
                    const KontorCommand **command,
                    guint *count)
{
  const KontorCommand *by_digit = digit_command (keymap, context, key);
  gboolean is_beginning = FALSE;

  if (by_digit != NULL)
    {
      *command = by_digit;
      *count = (guint) (*key - '0');
      return KONTOR_KEYS_COMMAND;
    }
  if (take_digit (keymap, key))
    return KONTOR_KEYS_PENDING;
  g_string_append_printf (keymap->pending, "%s%s", keymap->pending->len > 0 ? " " : "", key);
  for (guint i = 0; i < keymap->bindings->len; i++)
    {
      const Binding *binding = &g_array_index (keymap->bindings, Binding, i);

      if ((binding->command->contexts & context) == 0
          || (binding->command->screen != NULL
              && g_strcmp0 (binding->command->screen, screen) != 0))
        continue;
      if (strcmp (binding->chord, keymap->pending->str) == 0)
        {
          *command = binding->command;
          *count = keymap->count;
          kontor_keymap_forget (keymap);
          return KONTOR_KEYS_COMMAND;
        }
      is_beginning = is_beginning || begins (binding->chord, keymap->pending->str);
    }
  if (is_beginning)
    return KONTOR_KEYS_PENDING;
  kontor_keymap_forget (keymap);
  return KONTOR_KEYS_UNKNOWN;
}

/**
 * kontor_keymap_keys_of:
 * @keymap: keys
 * @command: a command
 *
 * Returns: (transfer full): its chords as help shows them: "j, Down"; "" for none
 */
char *
kontor_keymap_keys_of (KontorKeymap *keymap, const KontorCommand *command)
{
  GString *keys = g_string_new (NULL);

  for (guint i = 0; i < keymap->bindings->len; i++)
    {
      const Binding *binding = &g_array_index (keymap->bindings, Binding, i);

      if (binding->command == command)
        g_string_append_printf (keys, "%s%s", keys->len > 0 ? ", " : "", binding->chord);
    }
  return g_string_free (keys, FALSE);
}
