/* command.h: everything that a person can have done: for palette, menus, help, keys, scripts. */
#pragma once

#include "core/console/desk.h"
#include "core/console/form.h"

G_BEGIN_DECLS

/* Where a command makes sense, as bits. */
typedef enum
{
  KONTOR_AT_LIST     = 1 << 0,
  KONTOR_AT_DETAIL   = 1 << 1,
  KONTOR_EVERYWHERE  = KONTOR_AT_LIST | KONTOR_AT_DETAIL,
} KontorContext;

/* What a command is called with. */
typedef struct
{
  KontorScreen *screen;
  guint         count;      /* typed before the keys; 0: none */
  guint         page;       /* rows that the view shows at once */
  gboolean      read_only;  /* nothing may be changed, whoever asks */
  gboolean      is_online;
  KontorDesk   *desk;       /* %NULL: the screen stands alone */
} KontorCall;

typedef struct _KontorCommand KontorCommand;

struct _KontorCommand
{
  const char *name;   /* "payment.refund": in the palette, key files and scripts */
  const char *title;  /* marked for translation */
  const char *help;   /* one sentence, likewise */
  guint       contexts;
  const char *keys;   /* "j|Down|g g": chords with | between, their keys with spaces; or %NULL */
  const char *screen; /* the only screen it is for; %NULL: all */
  /* %NULL when it can be done now, else a translated sentence that says why not; may be %NULL */
  const char *(*when) (const KontorCall *call);
  /* Does it; %NULL: the view does, by its name, or @form asks first. */
  void        (*run)  (const KontorCall *call);
  const KontorFormDeclaration *form;
  const char *scope; /* what a key or a role needs for it; %NULL: nothing */
};

extern const KontorCommand kontor_commands[]; /* ends with a row without a name */

const KontorCommand *kontor_command_find    (const char *name);
const char          *kontor_command_refuse  (const KontorCommand *command, const KontorCall *call);
guint                kontor_command_score   (const char *text, const char *typed);
GPtrArray           *kontor_command_palette (const char *typed, const KontorCall *call);

G_END_DECLS
