/* keymap.h: which keys mean which command: the commands' own, and those a person gave them. */
#pragma once

#include "core/console/command.h"

G_BEGIN_DECLS

typedef struct _KontorKeymap KontorKeymap;

typedef enum
{
  KONTOR_KEYS_UNKNOWN, /* nothing begins so; what was typed is forgotten */
  KONTOR_KEYS_PENDING, /* a number, or the beginning of a chord */
  KONTOR_KEYS_COMMAND,
} KontorKeys;

KontorKeymap *kontor_keymap_new      (void);
void          kontor_keymap_free     (KontorKeymap *keymap);
gboolean      kontor_keymap_read     (KontorKeymap *keymap, const char *text, GError **error);
KontorKeys    kontor_keymap_feed     (KontorKeymap *keymap,
                                      guint context,
                                      const char *screen,
                                      const char *key,
                                      const KontorCommand **command,
                                      guint *count);
void          kontor_keymap_forget   (KontorKeymap *keymap);
const char   *kontor_keymap_pending  (KontorKeymap *keymap);
char         *kontor_keymap_keys_of  (KontorKeymap *keymap, const KontorCommand *command);
char         *kontor_keymap_conflict (KontorKeymap *keymap);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorKeymap, kontor_keymap_free)

G_END_DECLS
