/* json-print.c: JSON as people read it: indented and coloured, each value as it was sent.
 *
 * It goes over the text and copies its pieces, so that numbers keep all their digits and texts their
 * escapes. */
#include "cli/json-print.h"

#include <string.h>

#define SPACES " \t\r\n"

typedef struct
{
  const KontorStyle *style;
  const char        *at, *end;
  guint              depth;
  gboolean           is_name; /* the next text is a member's name */
} Printer;

static void
new_line (Printer *printer)
{
  fprintf (printer->style->stream, "\n%*s", (int) printer->depth * 2, "");
}

static void
skip_spaces (Printer *printer)
{
  while (printer->at < printer->end && strchr (SPACES, *printer->at) != NULL)
    printer->at++;
}

static void
piece (Printer *printer, gsize length, KontorRole role)
{
  fprintf (printer->style->stream, "%s%.*s%s", kontor_style_on (printer->style, role), (int) length,
           printer->at, kontor_style_off (printer->style, role));
  printer->at += length;
}

static gsize
text_length (const Printer *printer)
{
  const char *at = printer->at + 1;

  while (at < printer->end && *at != '"')
    at += *at == '\\' && at + 1 < printer->end ? 2 : 1;
  return (gsize) (MIN (at + 1, printer->end) - printer->at);
}

static void
text (Printer *printer)
{
  piece (printer, text_length (printer), printer->is_name ? KONTOR_ROLE_NAME : KONTOR_ROLE_TEXT);
  printer->is_name = FALSE;
}

static void
word (Printer *printer)
{
  const char *at = printer->at;
  gboolean is_number = g_ascii_isdigit (*at) || *at == '-';

  while (at < printer->end && strchr (SPACES ",:]}", *at) == NULL)
    at++;
  piece (printer, MAX (1, (gsize) (at - printer->at)),
         is_number ? KONTOR_ROLE_NUMBER : KONTOR_ROLE_WORD);
}

/* An empty one stays on its line. */
static void
open_list (Printer *printer, char opening)
{
  fputc (opening, printer->style->stream);
  printer->at++;
  skip_spaces (printer);
  if (printer->at < printer->end && (*printer->at == '}' || *printer->at == ']'))
    {
      fputc (*printer->at++, printer->style->stream);
      return;
    }
  printer->depth++;
  printer->is_name = opening == '{';
  new_line (printer);
}

static void
close_list (Printer *printer, char closing)
{
  if (printer->depth > 0)
    printer->depth--;
  new_line (printer);
  fputc (closing, printer->style->stream);
  printer->at++;
}

/* Inside an object a name comes next, inside a list a value: what was opened last tells. */
static void
comma (Printer *printer, gboolean in_object)
{
  fputc (',', printer->style->stream);
  printer->at++;
  printer->is_name = in_object;
  new_line (printer);
}

/**
 * kontor_json_print:
 * @style: where to, and with which colours
 * @json: JSON that was found to be right
 * @length: of @json
 * @depth: how far it is indented; the first line is not
 *
 * Writes it without a line break at the end.
 */
void
kontor_json_print (const KontorStyle *style, const char *json, gsize length, guint depth)
{
  Printer printer = { style, json, json + length, depth, FALSE };
  g_autoptr (GByteArray) open = g_byte_array_new ();

  for (skip_spaces (&printer); printer.at < printer.end; skip_spaces (&printer))
    {
      guint8 c = (guint8) *printer.at;
      guint depth_before = printer.depth;

      if (c == '{' || c == '[')
        {
          open_list (&printer, (char) c);
          if (printer.depth > depth_before)
            g_byte_array_append (open, &c, 1);
        }
      else if (c == '}' || c == ']')
        {
          close_list (&printer, (char) c);
          if (open->len > 0)
            g_byte_array_set_size (open, open->len - 1);
        }
      else if (c == ',')
        comma (&printer, open->len > 0 && open->data[open->len - 1] == '{');
      else if (c == ':')
        {
          fputs (": ", style->stream);
          printer.at++;
        }
      else if (c == '"')
        text (&printer);
      else
        word (&printer);
    }
}
