/* member.c: members of a JSON object that a handler writes by itself, each with the comma before it. */
#include "server/http/member.h"

#include "core/resource.h"

static void
begin (KontorBuffer *out, const char *name)
{
  kontor_buffer_literal (out, ",\"");
  kontor_buffer_puts (out, name);
  kontor_buffer_literal (out, "\":");
}

/**
 * kontor_member_text:
 * @out: where it goes
 * @name: of the member
 * @text: (nullable): its value
 */
void
kontor_member_text (KontorBuffer *out, const char *name, const char *text)
{
  begin (out, name);
  if (text == NULL)
    kontor_buffer_literal (out, "null");
  else
    kontor_buffer_string (out, text);
}

/**
 * kontor_member_int:
 * @out: where it goes
 * @name: of the member
 * @number: its value; %KONTOR_NONE is null
 */
void
kontor_member_int (KontorBuffer *out, const char *name, gint64 number)
{
  begin (out, name);
  if (number == KONTOR_NONE)
    kontor_buffer_literal (out, "null");
  else
    kontor_buffer_int (out, number);
}

/**
 * kontor_member_time:
 * @out: where it goes
 * @name: of the member
 * @seconds: Unix seconds; 0 is null, as %KONTOR_NONE is
 */
void
kontor_member_time (KontorBuffer *out, const char *name, gint64 seconds)
{
  kontor_member_int (out, name, seconds != 0 ? seconds : KONTOR_NONE);
}

/**
 * kontor_member_bool:
 * @out: where it goes
 * @name: of the member
 * @yes: its value
 */
void
kontor_member_bool (KontorBuffer *out, const char *name, gboolean yes)
{
  begin (out, name);
  kontor_buffer_puts (out, yes ? "true" : "false");
}
