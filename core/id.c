/* id.c: names of objects: a prefix, eight letters of time, sixteen of chance. */
#include "core/id.h"

#include <sodium.h>
#include <string.h>

#define TIME_LETTERS 8
#define CHANCE_LETTERS 16
#define POOL_SIZE 1024

/* Eight letters count to 62^8, which is less than 2^48. They count from the tick that makes
 * "zzzzzzzz" the last one of 48 bits: texts sort like ticks from January 1990 to March 2059. */
#define N_TIME_TEXTS G_GINT64_CONSTANT (218340105584896) /* 62^8 */
#define FIRST_TICK (KONTOR_TICK_MASK + 1 - N_TIME_TEXTS)

typedef struct
{
  guint8 bytes[POOL_SIZE]; /* bytes are wiped when used */
  guint left;              /* unused ones, at the end */
} Pool;

struct _KontorIds
{
  KontorClock *clock;
  gint64 last_tick; /* atomic */
  gboolean seeded;
  GMutex lock; /* of what follows, which only a seeded source uses */
  guint8 seed[32];
  guint64 n_refills;
  Pool pool;
};

static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* Chance from the system is the same for every source, so a thread needs one pool only. */
static _Thread_local Pool system_pool;

static void
refill (KontorIds *ids, Pool *pool)
{
  if (ids->seeded)
    {
      guint64 nonce = GUINT64_TO_LE (ids->n_refills++);

      crypto_stream_chacha20 (pool->bytes, POOL_SIZE, (const guint8 *) &nonce, ids->seed);
    }
  else
    randombytes_buf (pool->bytes, POOL_SIZE);
  pool->left = POOL_SIZE;
}

/* A byte below 248 = 4 × 62 gives every letter the same chance; the others are thrown away. */
static void
fill_from_pool (KontorIds *ids, Pool *pool, char *out, guint n_letters)
{
  for (guint i = 0; i < n_letters;)
    {
      guint8 *byte;

      if (pool->left == 0)
        refill (ids, pool);
      byte = &pool->bytes[POOL_SIZE - pool->left--];
      if (*byte < 248)
        out[i++] = letters[*byte % 62];
      *byte = 0;
    }
}

static void
take_bytes (KontorIds *ids, Pool *pool, guint8 *out, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 *byte;

      if (pool->left == 0)
        refill (ids, pool);
      byte = &pool->bytes[POOL_SIZE - pool->left--];
      out[i] = *byte;
      *byte = 0;
    }
}

static void
fill_with_chance (KontorIds *ids, char *out, guint n_letters)
{
  if (!ids->seeded)
    {
      fill_from_pool (ids, &system_pool, out, n_letters);
      return;
    }

  g_mutex_lock (&ids->lock);
  fill_from_pool (ids, &ids->pool, out, n_letters);
  g_mutex_unlock (&ids->lock);
}

static int
letter_value (char letter)
{
  if (letter >= '0' && letter <= '9')
    return letter - '0';
  if (letter >= 'A' && letter <= 'Z')
    return letter - 'A' + 10;
  if (letter >= 'a' && letter <= 'z')
    return letter - 'a' + 36;
  return -1;
}

/**
 * kontor_ids_new:
 * @clock: tells the time; must live longer than the source
 * @seed: (nullable): 32 bytes to get the same chance again in a test, %NULL for real chance
 *
 * Returns: (transfer full): a source of ids
 */
KontorIds *
kontor_ids_new (KontorClock *clock, const guint8 seed[32])
{
  KontorIds *ids;

  if (sodium_init () < 0)
    g_error ("the system gives no random numbers");

  ids = g_new0 (KontorIds, 1);
  ids->clock = clock;
  ids->last_tick = FIRST_TICK - 1;
  g_mutex_init (&ids->lock);
  if (seed != NULL)
    {
      ids->seeded = TRUE;
      memcpy (ids->seed, seed, sizeof ids->seed);
    }
  return ids;
}

/**
 * kontor_ids_free:
 * @ids: (nullable) (transfer full): a source of ids
 *
 * Frees the source and wipes what it knew of chance to come.
 */
void
kontor_ids_free (KontorIds *ids)
{
  if (ids == NULL)
    return;

  g_mutex_clear (&ids->lock);
  sodium_memzero (ids, sizeof *ids);
  g_free (ids);
}

/**
 * kontor_ids_skip_to:
 * @ids: a source of ids
 * @tick: the newest tick in use
 *
 * Never again hands out @tick or less, whatever the clock says: a server calls it with the newest
 * tick of its file before it makes an id.
 */
void
kontor_ids_skip_to (KontorIds *ids, gint64 tick)
{
  gint64 last = __atomic_load_n (&ids->last_tick, __ATOMIC_RELAXED);

  g_return_if_fail (tick < KONTOR_TICK_MASK);

  while (tick > last
         && !__atomic_compare_exchange_n (&ids->last_tick, &last, tick, TRUE, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED))
    ;
}

/**
 * kontor_ids_tick:
 * @ids: a source of ids
 *
 * A clock that stands, goes back or runs past the year 2059 makes ticks count on by one.
 *
 * Returns: the time in tens of microseconds, or one more than the last answer
 */
gint64
kontor_ids_tick (KontorIds *ids)
{
  gint64 now = kontor_clock_now_us (ids->clock) / 10;
  gint64 last = __atomic_load_n (&ids->last_tick, __ATOMIC_RELAXED);
  gint64 tick;

  if (now > KONTOR_TICK_MASK)
    now = 0;
  do
    tick = MAX (last + 1, now);
  while (!__atomic_compare_exchange_n (&ids->last_tick, &last, tick, TRUE, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED));

  if (G_UNLIKELY (tick > KONTOR_TICK_MASK))
    g_error ("the last tick of 48 bits is used up");
  return tick;
}

static void
write_tick (char out[TIME_LETTERS], gint64 tick)
{
  guint64 rest = (guint64) (tick - FIRST_TICK);

  for (guint i = TIME_LETTERS; i > 0; i--, rest /= 62)
    out[i - 1] = letters[rest % 62];
}

/**
 * kontor_ids_make:
 * @ids: a source of ids
 * @arena: where the text lives
 * @prefix: "pi", "cus" …, without the underscore
 * @tick: what kontor_ids_tick() gave
 *
 * Returns: (transfer none): prefix, underscore and 24 letters; texts of one prefix sort like ticks
 */
char *
kontor_ids_make (KontorIds *ids, KontorArena *arena, const char *prefix, gint64 tick)
{
  gsize prefix_length = strlen (prefix);
  char *id, *time;

  g_return_val_if_fail (tick >= FIRST_TICK && tick <= KONTOR_TICK_MASK, NULL);

  id = kontor_arena_alloc (arena, prefix_length + 1 + TIME_LETTERS + CHANCE_LETTERS + 1);
  memcpy (id, prefix, prefix_length);
  id[prefix_length] = '_';

  time = id + prefix_length + 1;
  write_tick (time, tick);
  fill_with_chance (ids, time + TIME_LETTERS, CHANCE_LETTERS);
  return id;
}

/**
 * kontor_ids_secret:
 * @ids: a source of ids
 * @arena: where the text lives
 * @n_letters: how many; each is worth 5.95 bits
 *
 * Returns: (transfer none): letters and digits that cannot be guessed
 */
char *
kontor_ids_secret (KontorIds *ids, KontorArena *arena, guint n_letters)
{
  char *secret = kontor_arena_alloc (arena, (gsize) n_letters + 1);

  fill_with_chance (ids, secret, n_letters);
  return secret;
}

/**
 * kontor_ids_bytes:
 * @ids: a source of ids
 * @out: (out caller-allocates) (array length=n): gets bytes that cannot be guessed
 * @n: how many
 */
void
kontor_ids_bytes (KontorIds *ids, guint8 *out, guint n)
{
  if (!ids->seeded)
    {
      take_bytes (ids, &system_pool, out, n);
      return;
    }

  g_mutex_lock (&ids->lock);
  take_bytes (ids, &ids->pool, out, n);
  g_mutex_unlock (&ids->lock);
}

/**
 * kontor_id_tick:
 * @id: (nullable): a text from outside
 *
 * Says when an id was made, without asking whether such an object exists.
 *
 * Returns: its tick, or -1 when @id does not look like one that kontor_ids_make() gave
 */
gint64
kontor_id_tick (const char *id)
{
  const char *name = id == NULL ? NULL : strrchr (id, '_');
  gint64 tick = 0;
  guint i;

  if (name == NULL || name == id)
    return -1;
  name++;

  for (i = 0; i < TIME_LETTERS; i++)
    {
      int value = letter_value (name[i]);

      if (value < 0)
        return -1;
      tick = tick * 62 + value;
    }
  while (g_ascii_isalnum (name[i]) && i <= TIME_LETTERS + CHANCE_LETTERS)
    i++;
  if (name[i] != '\0')
    return -1;
  return i == TIME_LETTERS + CHANCE_LETTERS ? tick + FIRST_TICK : -1;
}

/**
 * kontor_tick_at:
 * @seconds: Unix seconds
 *
 * Ticks before 1990 are never handed out, so a range that starts earlier starts there.
 *
 * Returns: the first tick of that second, for ranges over created
 */
gint64
kontor_tick_at (gint64 seconds)
{
  const gint64 ticks_per_second = 100000;

  return CLAMP (seconds, 0, KONTOR_TICK_MASK / ticks_per_second) * ticks_per_second;
}

/* Ticks follow the clock but may run ahead of it in a burst, or where it was set back: so a time only narrows a
 * range of keys. */
#define SLACK_S 3600

/**
 * kontor_tick_before:
 * @seconds: Unix seconds; may lie anywhere
 *
 * Returns: a tick that is less than that of anything made from then on, and not much less
 */
gint64
kontor_tick_before (gint64 seconds)
{
  return kontor_tick_at (seconds > SLACK_S ? seconds - SLACK_S : 0);
}

/**
 * kontor_id_of_two:
 * @arena: where the text lives
 * @prefix: "whd", without the underscore
 * @first: tick of one object
 * @second: tick of the other
 *
 * Returns: (transfer none): prefix, underscore and 16 letters; texts of one prefix sort like @first
 */
char *
kontor_id_of_two (KontorArena *arena, const char *prefix, gint64 first, gint64 second)
{
  gsize length = strlen (prefix);
  char *id = kontor_arena_alloc (arena, length + 1 + 2 * TIME_LETTERS + 1);

  memcpy (id, prefix, length);
  id[length] = '_';
  write_tick (id + length + 1, first);
  write_tick (id + length + 1 + TIME_LETTERS, second);
  return id;
}

static gboolean
read_tick (const char *text, gint64 *tick)
{
  gint64 result = 0;

  for (guint i = 0; i < TIME_LETTERS; i++)
    {
      int value = letter_value (text[i]);

      if (value < 0)
        return FALSE;
      result = result * 62 + value;
    }
  *tick = result + FIRST_TICK;
  return TRUE;
}

/**
 * kontor_id_read_two:
 * @id: a text from outside
 * @prefix: that it should have
 * @first: (out): tick of one object
 * @second: (out): tick of the other
 *
 * Returns: whether @id is one that kontor_id_of_two() could have made
 */
gboolean
kontor_id_read_two (const char *id, const char *prefix, gint64 *first, gint64 *second)
{
  gsize length = strlen (prefix);

  return strncmp (id, prefix, length) == 0 && id[length] == '_'
         && strlen (id + length + 1) == 2 * TIME_LETTERS && read_tick (id + length + 1, first)
         && read_tick (id + length + 1 + TIME_LETTERS, second);
}
