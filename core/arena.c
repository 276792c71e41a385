/* arena.c: memory that lives exactly as long as one request, handed out by moving a pointer. */
#include "core/arena.h"

#include <stdarg.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(start, size) ASAN_POISON_MEMORY_REGION ((start), (size))
#define UNPOISON(start, size) ASAN_UNPOISON_MEMORY_REGION ((start), (size))
#define RED_ZONE 16 /* so that one byte past an allocation is caught */
#else
#define POISON(start, size) ((void) 0)
#define UNPOISON(start, size) ((void) 0)
#define RED_ZONE 0
#endif

#define ALIGNMENT 16
#define FIRST_BLOCK (8 * 1024 - 64) /* with malloc's own head still two pages */
#define LARGEST_KEPT (1024 * 1024)  /* one huge body must not cost its size for ever */
#define LARGEST_ALLOC (G_MAXSIZE / 4)

typedef struct _Block Block;

struct _Block
{
  Block *previous;
  gsize size; /* bytes in @data */
  _Alignas(ALIGNMENT) char data[];
};

struct _KontorArena
{
  Block *block; /* the newest */
  char *next;   /* first free byte of @block */
  char *end;
};

static void
use_block (KontorArena *arena, Block *block)
{
  arena->block = block;
  arena->next = block->data;
  arena->end = block->data + block->size;
  POISON (block->data, block->size);
}

static void
free_block (Block *block)
{
  UNPOISON (block->data, block->size);
  g_free (block);
}

static void
add_block (KontorArena *arena, gsize at_least)
{
  gsize size = arena->block == NULL ? FIRST_BLOCK : MIN (arena->block->size * 2, LARGEST_KEPT);
  Block *block;

  size = MAX (size, at_least);
  block = g_malloc (sizeof (Block) + size);
  block->previous = arena->block;
  block->size = size;
  use_block (arena, block);
}

static char *
take (KontorArena *arena, gsize size)
{
  gsize rounded;
  char *start;

  if (G_UNLIKELY (size > LARGEST_ALLOC))
    g_error ("an arena was asked for %" G_GSIZE_FORMAT " bytes", size);

  rounded = (size + RED_ZONE + ALIGNMENT - 1) & ~(gsize) (ALIGNMENT - 1);
  if (G_UNLIKELY ((gsize) (arena->end - arena->next) < rounded))
    add_block (arena, rounded);

  start = arena->next;
  arena->next += rounded;
  UNPOISON (start, size);
  return start;
}

/**
 * kontor_arena_new:
 *
 * Returns: (transfer full): an empty arena; it belongs to one thread at a time
 */
KontorArena *
kontor_arena_new (void)
{
  KontorArena *arena = g_new0 (KontorArena, 1);

  add_block (arena, 0);
  return arena;
}

/**
 * kontor_arena_free:
 * @arena: (nullable) (transfer full): an arena
 *
 * Frees the arena and everything that was taken from it.
 */
void
kontor_arena_free (KontorArena *arena)
{
  if (arena == NULL)
    return;

  for (Block *block = arena->block, *previous; block != NULL; block = previous)
    {
      previous = block->previous;
      free_block (block);
    }
  g_free (arena);
}

/**
 * kontor_arena_reset:
 * @arena: an arena
 *
 * Takes back everything at once. The largest block is kept for the next request, unless it is
 * larger than a mebibyte and there is a smaller one.
 */
void
kontor_arena_reset (KontorArena *arena)
{
  Block *kept = NULL;

  for (Block *block = arena->block, *previous; block != NULL; block = previous)
    {
      previous = block->previous;
      if (block->size <= LARGEST_KEPT && (kept == NULL || block->size > kept->size))
        {
          g_clear_pointer (&kept, free_block);
          kept = block;
        }
      else
        free_block (block);
    }

  /* The first block is always small enough, so one was kept. */
  kept->previous = NULL;
  use_block (arena, kept);
}

/**
 * kontor_arena_alloc:
 * @arena: an arena
 * @size: bytes, may be 0
 *
 * Never fails: the program ends when the machine has no memory left, as with g_malloc().
 *
 * Returns: (transfer none): zeroed memory, aligned to 16 bytes
 */
gpointer
kontor_arena_alloc (KontorArena *arena, gsize size)
{
  return memset (take (arena, size), 0, size);
}

/**
 * kontor_arena_strdup:
 * @arena: an arena
 * @text: (nullable): a text
 *
 * Returns: (transfer none) (nullable): a copy of @text, %NULL when it is %NULL
 */
char *
kontor_arena_strdup (KontorArena *arena, const char *text)
{
  return text == NULL ? NULL : kontor_arena_strndup (arena, text, strlen (text));
}

/**
 * kontor_arena_strndup:
 * @arena: an arena
 * @text: at least @length bytes; need not end with NUL
 * @length: how many bytes to copy
 *
 * Returns: (transfer none): the bytes and a NUL after them
 */
char *
kontor_arena_strndup (KontorArena *arena, const char *text, gsize length)
{
  char *copy = take (arena, length + 1);

  if (length > 0)
    memcpy (copy, text, length);
  copy[length] = '\0';
  return copy;
}

/**
 * kontor_arena_printf:
 * @arena: an arena
 * @format: as printf() takes it
 *
 * Returns: (transfer none): the formatted text
 */
char *
kontor_arena_printf (KontorArena *arena, const char *format, ...)
{
  char *text;
  va_list args;
  int length;

  va_start (args, format);
  length = g_vsnprintf (NULL, 0, format, args);
  va_end (args);
  g_assert (length >= 0);

  text = take (arena, (gsize) length + 1);
  va_start (args, format);
  g_vsnprintf (text, (gsize) length + 1, format, args);
  va_end (args);
  return text;
}
