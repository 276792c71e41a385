/* index-ask.c: which rows fit a search line, how they are spread and what they sum to. */
#include "core/console/index-private.h"

#include <string.h>

#include "core/currency.h"
#include "core/id.h"
#include "core/money.h"

#define N_THREADS 2
#define FEW 24 /* with fewer than one row in so many left, each is looked at by itself */

/* A text that is looked for. */
typedef struct
{
  const char *bytes;
  gsize length;
  gboolean quoted;
  guint part;           /* of the row's text, or NO_COLUMN: any */
  gint64 tick;          /* of the id that it is, or -1 */
  guint8 *referred;     /* by number of reference: whether the words stand there; may be %NULL */
  guint n_referred;
} Needle;

/* A term, made ready for this state: words are sets of codes, amounts bounds per currency. */
typedef struct
{
  const KontorFindTerm *term;
  KontorFindKind kind;
  guint column;
  gboolean codes[KONTOR_INDEX_WORDS];
  guint8 flags;
  gint64 (*low)[KONTOR_INDEX_WORDS]; /* MONEY: per value and currency */
  gint64 (*high)[KONTOR_INDEX_WORDS];
  Needle *needles;
} Plan;

typedef struct
{
  KontorIndex *index;
  const Plan *plans;
  guint n_plans;
  guint64 *bits;
  gint next_chunk; /* atomic */
  gint n_found;    /* atomic */
} Work;

/* ------------------------------------------------------------------------------------- plans -- */

/* Lower case already on both sides; * stands for any letters. */
static gboolean
matches_word (const char *pattern, const char *word)
{
  for (; *pattern != '\0' && *pattern != '*'; pattern++, word++)
    if (*pattern != g_ascii_tolower (*word))
      return FALSE;
  if (*pattern == '\0')
    return *word == '\0';
  for (;; word++)
    {
      if (matches_word (pattern + 1, word))
        return TRUE;
      if (*word == '\0')
        return FALSE;
    }
}

static void
plan_words (const KontorIndex *index, Plan *plan)
{
  const char *word;

  for (guint code = 0; (word = kontor_index_word (index, plan->column, code)) != NULL; code++)
    for (guint i = 0; i < plan->term->n && code < KONTOR_INDEX_WORDS; i++)
      plan->codes[code] |= matches_word (plan->term->values[i].text, word);
}

static void
plan_money (const KontorIndex *index, Plan *plan, KontorArena *arena)
{
  const KontorFindTerm *term = plan->term;
  guint currency_column = index->table->currency;

  plan->low = (gpointer) kontor_arena_new0_n (arena, gint64, term->n * KONTOR_INDEX_WORDS);
  plan->high = (gpointer) kontor_arena_new0_n (arena, gint64, term->n * KONTOR_INDEX_WORDS);
  for (guint code = 0; code < KONTOR_INDEX_WORDS; code++)
    {
      const char *word = currency_column != KONTOR_INDEX_NO_COLUMN
                             ? kontor_index_word (index, currency_column, code)
                             : NULL;
      const KontorCurrency *currency = word != NULL ? kontor_currency_find (word) : NULL;
      guint exponent = currency != NULL ? currency->exponent : 2;

      for (guint i = 0; i < term->n; i++)
        {
          const KontorFindValue *value = &term->values[i];
          gboolean fits = value->currency == NULL || g_strcmp0 (value->currency, word) == 0;

          plan->low[i][code] = fits ? value->low_minor[exponent] : 1;
          plan->high[i][code] = fits ? value->high_minor[exponent] : 0;
        }
    }
}

/* Which references have the words of this needle in the rows they point at. */
static void
look_up_referred (KontorIndex *index,
                  const KontorFindValue *value,
                  Needle *needle,
                  KontorArena *arena)
{
  KontorFindValue bare = *value;
  KontorFindTerm term = { .n = 1, .values = &bare, .text = value->text };
  KontorFind find = { 1, &term };
  g_autoptr (KontorAnswer) answer = NULL;
  const guint32 *rows;
  guint n;

  if (index->target == NULL)
    return;
  answer = kontor_index_ask (index->target, &find, NULL, KONTOR_INDEX_NO_COLUMN);
  if (answer->n == 0)
    return;
  rows = kontor_index_target_rows (index, &n);
  needle->referred = kontor_arena_alloc (arena, n);
  needle->n_referred = n;
  for (guint i = 0; i < n; i++)
    needle->referred[i] = rows[i] != KONTOR_INDEX_NO_ROW && kontor_answer_has (answer, rows[i]);
}

/* @mask has what ids of references are looked up as: their key's tick. */
static void
plan_needles (KontorIndex *index,
              Plan *plan,
              guint part,
              gboolean also_referred,
              KontorArena *arena)
{
  plan->needles = kontor_arena_new0_n (arena, Needle, plan->term->n);
  for (guint i = 0; i < plan->term->n; i++)
    {
      const KontorFindValue *value = &plan->term->values[i];
      Needle *needle = &plan->needles[i];

      needle->bytes = value->text;
      needle->length = strlen (value->text);
      needle->quoted = value->quoted;
      needle->part = part;
      needle->tick = value->tick;
      if (also_referred && value->tick < 0)
        look_up_referred (index, value, needle, arena);
    }
}

static guint
reference_column (const KontorIndexTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    if (table->columns[i].kind == KONTOR_INDEX_REFERENCE)
      return i;
  return KONTOR_INDEX_NO_COLUMN;
}

static void
make_plan (KontorIndex *index, const KontorFindTerm *term, Plan *plan, KontorArena *arena)
{
  plan->term = term;
  plan->kind = term->field != NULL ? term->field->kind : KONTOR_FIND_TEXT;
  plan->column = term->field != NULL ? term->field->column : KONTOR_INDEX_NO_COLUMN;
  switch (plan->kind)
    {
    case KONTOR_FIND_WORD:
      plan_words (index, plan);
      break;
    case KONTOR_FIND_FLAG:
      for (guint i = 0; i < term->n; i++)
        plan->flags |= (guint8) (1u << (term->values[i].bit & 7));
      break;
    case KONTOR_FIND_MONEY:
      plan_money (index, plan, arena);
      break;
    case KONTOR_FIND_TEXT:
      plan_needles (index, plan,
                    term->field != NULL ? kontor_index_text_number (index->table, plan->column)
                                        : KONTOR_INDEX_NO_COLUMN,
                    term->field == NULL, arena);
      break;
    case KONTOR_FIND_REFERENCE:
      plan_needles (index, plan, KONTOR_INDEX_NO_COLUMN, TRUE, arena);
      break;
    case KONTOR_FIND_NUMBER:
    case KONTOR_FIND_TIME:
      break;
    }
}

/* ----------------------------------------------------------------------------------- columns -- */

/* Sets the bit of each row for which @expression, in terms of i, is true. */
#define SET_WHERE(n, hits, expression)                                                             \
  for (guint word_ = 0; word_ * 64 < (n); word_++)                                                 \
    {                                                                                              \
      guint64 set_ = 0;                                                                            \
      guint end_ = MIN ((n), word_ * 64 + 64);                                                     \
                                                                                                   \
      for (guint i = word_ * 64; i < end_; i++)                                                    \
        set_ |= (guint64) ((expression) ? 1 : 0) << (i & 63);                                      \
      (hits)[word_] |= set_;                                                                       \
    }

static void
scan_money (const KontorIndex *index,
            const KontorIndexChunk *chunk,
            const Plan *plan,
            guint64 *hits)
{
  const gint64 *amounts = chunk->columns[plan->column];
  guint column = index->table->currency;

  for (guint v = 0; v < plan->term->n; v++)
    {
      const gint64 *low = plan->low[v], *high = plan->high[v];

      if (column != KONTOR_INDEX_NO_COLUMN)
        {
          const guint8 *codes = chunk->columns[column];

          SET_WHERE (chunk->n, hits, amounts[i] >= low[codes[i]] && amounts[i] <= high[codes[i]]);
        }
      else
        SET_WHERE (chunk->n, hits, amounts[i] >= low[0] && amounts[i] <= high[0]);
    }
}

/* No time is outside of every stretch of time. */
static void
scan_times (const KontorIndexChunk *chunk, const Plan *plan, guint64 *hits)
{
  const guint32 *times = chunk->columns[plan->column];

  for (guint v = 0; v < plan->term->n; v++)
    {
      gint64 low = plan->term->values[v].low, high = plan->term->values[v].high;

      SET_WHERE (chunk->n, hits, times[i] != 0 && times[i] >= low && times[i] <= high);
    }
}

static void
scan_numbers (const KontorIndexChunk *chunk, const Plan *plan, guint64 *hits)
{
  const gint64 *numbers = chunk->columns[plan->column];

  for (guint v = 0; v < plan->term->n; v++)
    {
      gint64 low = plan->term->values[v].low, high = plan->term->values[v].high;

      SET_WHERE (chunk->n, hits, numbers[i] >= low && numbers[i] <= high);
    }
}

/* ------------------------------------------------------------------------------------- texts -- */

static gboolean
is_letter (const char *text, const char *start, const char *end)
{
  if (text < start || text >= end)
    return FALSE;
  return g_ascii_isalnum (*text) || (guchar) *text >= 0x80;
}

/* Whether the bytes at @hit are in the right part of the text and, when quoted, whole words. */
static gboolean
is_hit (const Needle *needle, const char *hit, const char *start, const char *end)
{
  guint part = 0;

  if (needle->quoted
      && (is_letter (hit - 1, start, end) || is_letter (hit + needle->length, start, end)))
    return FALSE;
  if (needle->part == KONTOR_INDEX_NO_COLUMN)
    return TRUE;
  for (const char *c = start; c < hit; c++)
    part += *c == KONTOR_TEXT_BREAK;
  return part == needle->part;
}

static gboolean
is_in_row (const Needle *needle, const KontorIndexChunk *chunk, guint row)
{
  const char *start = chunk->text + chunk->ends[row], *end = chunk->text + chunk->ends[row + 1];

  for (const char *hit = start;
       (hit = memmem (hit, (gsize) (end - hit), needle->bytes, needle->length)) != NULL; hit++)
    if (is_hit (needle, hit, start, end))
      return TRUE;
  return FALSE;
}

/* The row whose text holds the byte at @offset, at or behind @row: in leaps, then halves. */
static guint
row_at (const KontorIndexChunk *chunk, guint row, guint32 offset)
{
  guint step = 1, low = row, high;

  while (low + step < chunk->n && chunk->ends[low + step] <= offset)
    {
      low += step;
      step *= 2;
    }
  for (high = MIN (low + step, chunk->n); high - low > 1;)
    {
      guint middle = (low + high) / 2;

      if (chunk->ends[middle] <= offset)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* Looks through the texts of all rows in one go. */
static void
scan_text (const Needle *needle, const KontorIndexChunk *chunk, guint64 *hits)
{
  const char *end = chunk->text + chunk->ends[chunk->n], *hit = chunk->text;
  guint row = 0;

  while ((hit = memmem (hit, (gsize) (end - hit), needle->bytes, needle->length)) != NULL)
    {
      row = row_at (chunk, row, (guint32) (hit - chunk->text));
      if (!is_hit (needle, hit, chunk->text + chunk->ends[row], chunk->text + chunk->ends[row + 1]))
        {
          hit++;
          continue;
        }
      hits[row / 64] |= G_GUINT64_CONSTANT (1) << (row & 63);
      hit = chunk->text + chunk->ends[row + 1];
    }
}

/* Looks only at those rows that are still in question. */
static void
scan_rows (const Needle *needle, const KontorIndexChunk *chunk, const guint64 *left, guint64 *hits)
{
  for (guint word = 0; word * 64 < chunk->n; word++)
    for (guint64 rest = left[word] & ~hits[word]; rest != 0; rest &= rest - 1)
      {
        guint row = word * 64 + (guint) __builtin_ctzll (rest);

        if (is_in_row (needle, chunk, row))
          hits[word] |= rest & -rest;
      }
}

static guint
count_bits (const guint64 *bits, guint n)
{
  guint count = 0;

  for (guint word = 0; word * 64 < n; word++)
    count += (guint) __builtin_popcountll (bits[word]);
  return count;
}

#define TICK_OF(key) ((key) &KONTOR_TICK_MASK)

static void
scan_needle (const KontorIndex *index,
             const KontorIndexChunk *chunk,
             const Plan *plan,
             const Needle *needle,
             const guint64 *left,
             guint64 *hits)
{
  guint column = reference_column (index->table);
  const guint32 *numbers = column != KONTOR_INDEX_NO_COLUMN ? chunk->columns[column] : NULL;

  if (numbers != NULL && needle->referred != NULL)
    SET_WHERE (chunk->n, hits,
               numbers[i] < needle->n_referred && needle->referred[numbers[i]] != 0);
  if (needle->tick >= 0 && numbers != NULL)
    SET_WHERE (chunk->n, hits,
               numbers[i] != 0
                   && TICK_OF (kontor_index_reference_key (index->shared, numbers[i]))
                          == needle->tick);
  if (plan->kind == KONTOR_FIND_REFERENCE)
    return;
  if (needle->tick >= 0)
    SET_WHERE (chunk->n, hits, TICK_OF (chunk->keys[i]) == needle->tick);
  if (count_bits (left, chunk->n) * FEW < chunk->n)
    scan_rows (needle, chunk, left, hits);
  else
    scan_text (needle, chunk, hits);
}

/* -------------------------------------------------------------------------------- the answer -- */

static void
scan (const KontorIndex *index,
      const KontorIndexChunk *chunk,
      const Plan *plan,
      const guint64 *left,
      guint64 *hits)
{
  const guint8 *cells = plan->column != KONTOR_INDEX_NO_COLUMN ? chunk->columns[plan->column]
                                                               : NULL;

  switch (plan->kind)
    {
    case KONTOR_FIND_WORD:
      SET_WHERE (chunk->n, hits, plan->codes[cells[i]]);
      break;
    case KONTOR_FIND_FLAG:
      SET_WHERE (chunk->n, hits, (cells[i] & plan->flags) != 0);
      break;
    case KONTOR_FIND_MONEY:
      scan_money (index, chunk, plan, hits);
      break;
    case KONTOR_FIND_NUMBER:
      scan_numbers (chunk, plan, hits);
      break;
    case KONTOR_FIND_TIME:
      scan_times (chunk, plan, hits);
      break;
    case KONTOR_FIND_TEXT:
    case KONTOR_FIND_REFERENCE:
      for (guint i = 0; i < plan->term->n; i++)
        scan_needle (index, chunk, plan, &plan->needles[i], left, hits);
      break;
    }
}

static void
ask_chunk (const Work *work, guint number, guint64 *hits)
{
  const KontorIndexChunk *chunk = work->index->chunks[number];
  guint64 *bits = work->bits + work->index->word_starts[number];
  guint n_words = (chunk->n + 63) / 64;

  for (guint p = 0; p < work->n_plans; p++)
    {
      guint64 left = 0;

      for (guint i = 0; i < n_words; i++)
        left |= bits[i];
      if (left == 0)
        return;
      memset (hits, 0, n_words * sizeof *hits);
      scan (work->index, chunk, &work->plans[p], bits, hits);
      for (guint i = 0; i < n_words; i++)
        bits[i] &= work->plans[p].term->negated ? ~hits[i] : hits[i];
    }
}

static gpointer
ask_chunks (gpointer data)
{
  Work *work = data;
  g_autofree guint64 *hits = NULL;
  guint most = 0, found = 0, number;

  for (guint i = 0; i < work->index->n_chunks; i++)
    most = MAX (most, work->index->chunks[i]->n);
  hits = g_new (guint64, most / 64 + 1);
  while ((number = (guint) g_atomic_int_add (&work->next_chunk, 1)) < work->index->n_chunks)
    {
      ask_chunk (work, number, hits);
      found += count_bits (work->bits + work->index->word_starts[number],
                           work->index->chunks[number]->n);
    }
  g_atomic_int_add (&work->n_found, (gint) found);
  return NULL;
}

static void
set_all (const KontorIndex *index, guint64 *bits)
{
  for (guint c = 0; c < index->n_chunks; c++)
    {
      guint n = index->chunks[c]->n;
      guint64 *words = bits + index->word_starts[c];

      memset (words, 0xff, n / 64 * 8);
      if (n % 64 != 0)
        words[n / 64] = (G_GUINT64_CONSTANT (1) << (n % 64)) - 1;
    }
}

/* Text is what costs: the cheap terms go first, so that few rows are left to look through. */
static guint
cost_of (const Plan *plan)
{
  return plan->kind == KONTOR_FIND_TEXT ? 1 : 0;
}

static guint
make_plans (KontorIndex *index,
            const KontorFind *find,
            guint without_column,
            KontorArena *arena,
            Plan **plans)
{
  guint n = 0;

  *plans = kontor_arena_new0_n (arena, Plan, MAX (find->n, 1));
  for (guint cost = 0; cost < 2; cost++)
    for (guint i = 0; i < find->n; i++)
      {
        Plan plan = { 0 };

        plan.kind = find->terms[i].field != NULL ? find->terms[i].field->kind : KONTOR_FIND_TEXT;
        if (cost_of (&plan) != cost
            || (find->terms[i].field != NULL && find->terms[i].field->column == without_column))
          continue;
        make_plan (index, &find->terms[i], &(*plans)[n++], arena);
      }
  return n;
}

/**
 * kontor_index_ask:
 * @index: a state
 * @find: the conditions; their fields name columns of this table
 * @wider: (nullable): an answer of the same state to conditions that @find refines
 *   (kontor_find_refines()): only its rows are looked at
 * @without_column: terms about this column are left out, as a facet's own counts want it; or
 *   KONTOR_INDEX_NO_COLUMN
 *
 * Looks at the rows on two threads. May be called from any thread.
 *
 * Returns: (transfer full): the rows that fit
 */
KontorAnswer *
kontor_index_ask (KontorIndex *index,
                  const KontorFind *find,
                  const KontorAnswer *wider,
                  guint without_column)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorAnswer *answer = g_new0 (KontorAnswer, 1);
  gsize n_words = index->word_starts[index->n_chunks];
  GThread *helper = NULL;
  Plan *plans;
  Work work = { 0 };

  g_atomic_ref_count_init (&answer->refs);
  answer->index = kontor_index_ref (index);
  answer->bits = g_new0 (guint64, n_words + 1);
  if (wider != NULL && wider->index == index)
    memcpy (answer->bits, wider->bits, n_words * sizeof (guint64));
  else
    set_all (index, answer->bits);

  work = (Work){ .index = index, .bits = answer->bits };
  work.n_plans = make_plans (index, find, without_column, arena, &plans);
  work.plans = plans;
  if (N_THREADS > 1 && index->n_chunks > 4 && work.n_plans > 0)
    helper = g_thread_try_new ("index", ask_chunks, &work, NULL);
  ask_chunks (&work);
  if (helper != NULL)
    g_thread_join (helper);
  answer->n = (guint) work.n_found;
  return answer;
}

/**
 * kontor_answer_ref:
 * @answer: an answer
 *
 * Returns: (transfer full): @answer
 */
KontorAnswer *
kontor_answer_ref (KontorAnswer *answer)
{
  g_atomic_ref_count_inc (&answer->refs);
  return answer;
}

/**
 * kontor_answer_unref:
 * @answer: (transfer full): an answer
 */
void
kontor_answer_unref (KontorAnswer *answer)
{
  if (!g_atomic_ref_count_dec (&answer->refs))
    return;
  kontor_index_unref (answer->index);
  g_free (answer->bits);
  g_free (answer);
}

/**
 * kontor_answer_index:
 * @answer: an answer
 *
 * Returns: (transfer none): the state whose rows these are
 */
KontorIndex *
kontor_answer_index (const KontorAnswer *answer)
{
  return answer->index;
}

/**
 * kontor_answer_size:
 * @answer: an answer
 *
 * Returns: how many rows fit
 */
guint
kontor_answer_size (const KontorAnswer *answer)
{
  return answer->n;
}

/**
 * kontor_answer_has:
 * @answer: an answer
 * @row: a row of its state
 *
 * Returns: whether it fits
 */
gboolean
kontor_answer_has (const KontorAnswer *answer, guint row)
{
  const KontorIndex *index = answer->index;
  guint chunk = kontor_index_chunk_of (index, row), at = row - index->starts[chunk];

  return (answer->bits[index->word_starts[chunk] + at / 64] >> (at & 63)) & 1;
}

/* Calls for each row of the answer, with its chunk and its place there. */
#define FOR_EACH_ROW(answer, chunk, i)                                                             \
  for (guint c_ = 0; c_ < (answer)->index->n_chunks; c_++)                                         \
    for (const KontorIndexChunk *chunk = (answer)->index->chunks[c_], *once_ = chunk;              \
         once_ != NULL; once_ = NULL)                                                              \
      for (guint w_ = 0; w_ * 64 < chunk->n; w_++)                                                 \
        for (guint64 rest_ = (answer)->bits[(answer)->index->word_starts[c_] + w_], i;             \
             rest_ != 0 && (i = w_ * 64 + (guint) __builtin_ctzll (rest_), TRUE);                  \
             rest_ &= rest_ - 1)

/**
 * kontor_answer_facet:
 * @answer: an answer
 * @column: a WORD column
 * @counts: (out caller-allocates) (array fixed-size=256): how many of the rows have each word
 */
void
kontor_answer_facet (const KontorAnswer *answer, guint column, guint *counts)
{
  memset (counts, 0, KONTOR_INDEX_WORDS * sizeof *counts);
  FOR_EACH_ROW (answer, chunk, i)
  counts[((const guint8 *) chunk->columns[column])[i]]++;
}

/**
 * kontor_answer_sums:
 * @answer: an answer
 * @column: an AMOUNT column
 * @sums: (out caller-allocates) (array fixed-size=256): what its rows sum to in each currency
 *
 * Returns: %FALSE when a sum is larger than an amount can be; @sums then holds no more than zeros
 */
gboolean
kontor_answer_sums (const KontorAnswer *answer, guint column, gint64 *sums)
{
  guint currency = answer->index->table->currency;
  gboolean fits = TRUE;

  memset (sums, 0, KONTOR_INDEX_WORDS * sizeof *sums);
  FOR_EACH_ROW (answer, chunk, i)
  {
    guint code
        = currency == KONTOR_INDEX_NO_COLUMN ? 0 : ((const guint8 *) chunk->columns[currency])[i];

    fits = fits
           && kontor_money_add (sums[code], ((const gint64 *) chunk->columns[column])[i],
                                &sums[code]);
  }
  if (!fits)
    memset (sums, 0, KONTOR_INDEX_WORDS * sizeof *sums);
  return fits;
}
