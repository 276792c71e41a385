/* arena.h: memory that lives exactly as long as one request, and goes at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _KontorArena KontorArena;

KontorArena *kontor_arena_new     (void);
void         kontor_arena_free    (KontorArena *arena);
void         kontor_arena_reset   (KontorArena *arena);
gpointer     kontor_arena_alloc   (KontorArena *arena, gsize size);
char        *kontor_arena_strdup  (KontorArena *arena, const char *text);
char        *kontor_arena_strndup (KontorArena *arena, const char *text, gsize length);
char        *kontor_arena_printf  (KontorArena *arena,
                                   const char *format,
                                   ...) G_GNUC_PRINTF (2, 3);

#define kontor_arena_new0(arena, Type) ((Type *) kontor_arena_alloc ((arena), sizeof (Type)))
#define kontor_arena_new0_n(arena, Type, n) \
  ((Type *) kontor_arena_alloc ((arena), sizeof (Type) * (gsize) (n)))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorArena, kontor_arena_free)

G_END_DECLS
