/* index-test.c: whatever is asked of the index, it answers like somebody who looks at every row. */
#include "core/console/index.h"

#include <string.h>

#include <glib/gstdio.h>

#include "core/currency.h"
#include "core/id.h"

enum
{
  STATUS,
  CURRENCY,
  FLAGS,
  AMOUNT,
  ATTEMPTS,
  CREATED,
  CUSTOMER,
  DESCRIPTION,
  EMAIL,
  N_COLUMNS
};

static const char *const statuses[] = { "succeeded", "failed", "canceled", NULL };
static const char *const flags[] = { "refunded", "disputed", "captured", NULL };
static const char *const currencies[] = { "eur", "jpy", "usd", "kwd" };
static const char *const syllables[] = { "ber", "lin", "ann", "Tan", "o", "é", "kaf", "42", "x" };

static const KontorIndexColumn columns[] = {
  [STATUS] = { "status", KONTOR_INDEX_WORD, statuses },
  [CURRENCY] = { "currency", KONTOR_INDEX_WORD },
  [FLAGS] = { "flags", KONTOR_INDEX_FLAGS },
  [AMOUNT] = { "amount", KONTOR_INDEX_AMOUNT },
  [ATTEMPTS] = { "attempts", KONTOR_INDEX_NUMBER },
  [CREATED] = { "created", KONTOR_INDEX_TIME },
  [CUSTOMER] = { "customer", KONTOR_INDEX_REFERENCE },
  [DESCRIPTION] = { "description", KONTOR_INDEX_TEXT },
  [EMAIL] = { "email", KONTOR_INDEX_TEXT },
};

static const KontorIndexTable table = { "tests", 1, columns, N_COLUMNS, CURRENCY };

static const KontorIndexColumn customer_columns[] = { { "name", KONTOR_INDEX_TEXT } };
static const KontorIndexTable customer_table
    = { "customers", 1, customer_columns, 1, KONTOR_INDEX_NO_COLUMN };

static const KontorFindField fields[] = {
  { "status", KONTOR_FIND_WORD, statuses, NULL, NULL, STATUS },
  { "currency", KONTOR_FIND_WORD, NULL, NULL, NULL, CURRENCY },
  { "is", KONTOR_FIND_FLAG, flags, NULL, NULL, FLAGS },
  { "amount", KONTOR_FIND_MONEY, NULL, NULL, NULL, AMOUNT },
  { "attempts", KONTOR_FIND_NUMBER, NULL, NULL, NULL, ATTEMPTS },
  { "created", KONTOR_FIND_TIME, NULL, NULL, NULL, CREATED },
  { "customer", KONTOR_FIND_REFERENCE, NULL, "cus_", NULL, CUSTOMER },
  { "description", KONTOR_FIND_TEXT, NULL, NULL, NULL, DESCRIPTION },
  { "email", KONTOR_FIND_TEXT, NULL, NULL, NULL, EMAIL },
  { NULL },
};

static const KontorFindSettings settings = { 1795015800, NULL, "." };

/* ----------------------------------------------------------------------------- random worlds -- */

typedef struct
{
  gint64 key;
  guint status, currency, flags, customer; /* 0: none */
  gint64 amount, attempts, created;
  char *texts[2];
} Row;

typedef struct
{
  GRand *rand;
  GArray *rows;         /* of Row, in order of their keys */
  GPtrArray *customers; /* names; the key of a customer is its place and one */
  GPtrArray *garbage;
  KontorIndex *target;
} World;

static char *
random_text (World *world, guint most)
{
  GString *text = g_string_new (NULL);

  for (guint n = (guint) g_rand_int_range (world->rand, 0, (gint) most + 1); n > 0; n--)
    {
      g_string_append (text,
                       syllables[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (syllables))]);
      if (g_rand_int_range (world->rand, 0, 3) == 0)
        g_string_append_c (text, ' ');
    }
  g_ptr_array_add (world->garbage, text->str);
  return g_string_free (text, FALSE);
}

static Row
random_row (World *world, gint64 key)
{
  GRand *rand = world->rand;
  Row row = { key };

  row.status = (guint) g_rand_int_range (rand, 0, 4);
  row.currency = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (currencies) + 1);
  row.flags = (guint) g_rand_int_range (rand, 0, 8);
  row.amount = g_rand_int_range (rand, -20, 300) * (g_rand_boolean (rand) ? 1 : 100);
  row.attempts = g_rand_int_range (rand, 0, 5);
  row.created
      = g_rand_int_range (rand, 0, 9) == 0 ? 0 : settings.now - g_rand_int_range (rand, 0, 900000);
  row.customer = (guint) g_rand_int_range (rand, 0, (gint) world->customers->len + 1);
  row.texts[0] = random_text (world, 6);
  row.texts[1] = random_text (world, 2);
  return row;
}

static void
put (KontorIndexEdit *edit, const Row *row)
{
  KontorIndexRow out = { row->key };

  out.texts[STATUS] = row->status > 0 ? statuses[row->status - 1] : NULL;
  out.texts[CURRENCY] = row->currency > 0 ? currencies[row->currency - 1] : NULL;
  out.numbers[FLAGS] = row->flags;
  out.numbers[AMOUNT] = row->amount;
  out.numbers[ATTEMPTS] = row->attempts;
  out.numbers[CREATED] = row->created;
  out.numbers[CUSTOMER] = row->customer;
  out.texts[DESCRIPTION] = row->texts[0];
  out.texts[EMAIL] = row->texts[1];
  kontor_index_edit_put (edit, &out);
}

static KontorIndex *
index_customers (World *world)
{
  g_autoptr (KontorIndex) empty = kontor_index_new (&customer_table);
  KontorIndexEdit *edit = kontor_index_edit_new (empty);

  for (guint i = 0; i < world->customers->len; i++)
    {
      KontorIndexRow row = { i + 1, .texts = { world->customers->pdata[i] } };

      kontor_index_edit_put (edit, &row);
    }
  return kontor_index_edit_finish (edit);
}

static World
world_new (guint32 seed, guint n_rows)
{
  World world = { g_rand_new_with_seed (seed), g_array_new (FALSE, FALSE, sizeof (Row)) };

  world.customers = g_ptr_array_new ();
  world.garbage = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < 40; i++)
    g_ptr_array_add (world.customers, random_text (&world, 4));
  world.target = index_customers (&world);
  for (guint i = 0; i < n_rows; i++)
    {
      Row row = random_row (&world, 1000 + (gint64) i * 10);

      g_array_append_val (world.rows, row);
    }
  return world;
}

static void
world_clear (World *world)
{
  g_rand_free (world->rand);
  g_array_unref (world->rows);
  g_ptr_array_unref (world->customers);
  g_ptr_array_unref (world->garbage);
  kontor_index_unref (world->target);
}

static KontorIndex *
index_world (World *world)
{
  g_autoptr (KontorIndex) empty = kontor_index_new (&table);
  g_autoptr (KontorIndex) aiming = kontor_index_with_target (empty, world->target);
  KontorIndexEdit *edit = kontor_index_edit_new (aiming);

  for (guint i = 0; i < world->rows->len; i++)
    put (edit, &g_array_index (world->rows, Row, i));
  return kontor_index_edit_finish (edit);
}

/* ------------------------------------------------------------------------------ the slow way -- */

static gboolean
is_word_letter (const char *c)
{
  return g_unichar_isalnum (g_utf8_get_char (c));
}

static gboolean
text_fits (const char *text, const KontorFindValue *value)
{
  g_autofree char *folded = kontor_find_fold (text, -1);

  for (const char *hit = folded; (hit = strstr (hit, value->text)) != NULL; hit++)
    {
      const char *end = hit + strlen (value->text);

      if (!value->quoted
          || ((hit == folded || !is_word_letter (g_utf8_prev_char (hit)))
              && (*end == '\0' || !is_word_letter (end))))
        return TRUE;
    }
  return FALSE;
}

static gboolean
customer_fits (const World *world, const Row *row, const KontorFindValue *value)
{
  return row->customer > 0 && text_fits (world->customers->pdata[row->customer - 1], value);
}

static gboolean
value_fits (const World *world,
            const Row *row,
            const KontorFindTerm *term,
            const KontorFindValue *value)
{
  guint exponent
      = row->currency > 0 ? kontor_currency_find (currencies[row->currency - 1])->exponent : 2;

  if (term->field == NULL)
    return text_fits (row->texts[0], value) || text_fits (row->texts[1], value)
           || customer_fits (world, row, value);
  switch (term->field->column)
    {
    case STATUS:
      return row->status > 0 && strcmp (statuses[row->status - 1], value->text) == 0;
    case CURRENCY:
      return row->currency > 0
             && g_pattern_match_simple (value->text, currencies[row->currency - 1]);
    case FLAGS:
      return (row->flags >> value->bit & 1) != 0;
    case AMOUNT:
      return row->amount >= value->low_minor[exponent] && row->amount <= value->high_minor[exponent]
             && (value->currency == NULL
                 || (row->currency > 0
                     && strcmp (currencies[row->currency - 1], value->currency) == 0));
    case ATTEMPTS:
      return row->attempts >= value->low && row->attempts <= value->high;
    case CREATED:
      return row->created > 0 && row->created >= value->low && row->created <= value->high;
    case CUSTOMER:
      return customer_fits (world, row, value);
    default:
      return text_fits (row->texts[term->field->column - DESCRIPTION], value);
    }
}

static gboolean
row_fits (const World *world, const Row *row, const KontorFind *find, guint without)
{
  for (guint i = 0; i < find->n; i++)
    {
      const KontorFindTerm *term = &find->terms[i];
      gboolean fits = FALSE;

      if (term->field != NULL && term->field->column == without)
        continue;
      for (guint j = 0; j < term->n; j++)
        fits = fits || value_fits (world, row, term, &term->values[j]);
      if (fits == term->negated)
        return FALSE;
    }
  return TRUE;
}

static char *
random_line (World *world)
{
  static const char *const terms[] = {
    "status:failed",
    "status:failed|canceled",
    "currency:eur",
    "currency:*r",
    "is:refunded",
    "is:refunded|captured",
    "amount:>1.5",
    "amount:1..20eur",
    "amount:<0",
    "amount:2",
    "attempts:>2",
    "attempts:1|3",
    "created:3d",
    "created:>1w",
    "created:today",
    "customer:ann",
    "email:ann",
    "email:\"x\"",
    "description:ber|42",
    "lin",
    "\"ann\"",
    "o",
    "tan|é",
    "berlin",
    "\"42\"|\"é\"",
  };
  GString *line = g_string_new (NULL);

  for (guint n = (guint) g_rand_int_range (world->rand, 0, 4); n > 0; n--)
    g_string_append_printf (line, "%s%s ", g_rand_int_range (world->rand, 0, 3) == 0 ? "-" : "",
                            terms[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (terms))]);
  return g_string_free (line, FALSE);
}

static gint64
major (const Row *row)
{
  guint exponent
      = row->currency > 0 ? kontor_currency_find (currencies[row->currency - 1])->exponent : 2;
  gint64 amount = row->amount;

  for (; exponent < 4; exponent++)
    amount *= 10;
  return amount;
}

static int
compare_rows (const World *world, const Row *a, const Row *b, guint column)
{
  static const guint currency_ranks[] = { 0, 1, 2, 4, 3 }; /* none, eur, jpy, usd, kwd */
  g_autofree char *left = NULL, *right = NULL;

  switch (column)
    {
    case STATUS:
      return (int) a->status - (int) b->status;
    case CURRENCY:
      return (int) currency_ranks[a->currency] - (int) currency_ranks[b->currency];
    case FLAGS:
      return (int) a->flags - (int) b->flags;
    case AMOUNT:
      return (major (a) > major (b)) - (major (a) < major (b));
    case ATTEMPTS:
      return (int) (a->attempts - b->attempts);
    case CREATED:
      return (a->created > b->created) - (a->created < b->created);
    case CUSTOMER:
      left = kontor_find_fold (
          a->customer > 0 ? (char *) world->customers->pdata[a->customer - 1] : "", -1);
      right = kontor_find_fold (
          b->customer > 0 ? (char *) world->customers->pdata[b->customer - 1] : "", -1);
      return strcmp (left, right);
    case DESCRIPTION:
    case EMAIL:
      left = kontor_find_fold (a->texts[column - DESCRIPTION], -1);
      right = kontor_find_fold (b->texts[column - DESCRIPTION], -1);
      return strcmp (left, right);
    default:
      return 0;
    }
}

typedef struct
{
  const World *world;
  guint column;
} Order;

static int
compare_places (gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  guint left = *(const guint *) a, right = *(const guint *) b;
  int answer = compare_rows (order->world, &g_array_index (order->world->rows, Row, left),
                             &g_array_index (order->world->rows, Row, right), order->column);

  return answer != 0 ? answer : (left > right) - (left < right);
}

/* ---------------------------------------------------------------------------------- checking -- */

static void
check_order (const World *world, const KontorAnswer *answer, guint column, gboolean descending)
{
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) rows = kontor_answer_rows (answer, column, descending);
  Order order = { world, column };

  for (guint i = 0; i < world->rows->len; i++)
    if (kontor_answer_has (answer, i))
      g_array_append_val (expected, i);
  g_qsort_with_data (expected->data, (gint) expected->len, sizeof (guint), compare_places, &order);

  g_assert_cmpuint (rows->len, ==, expected->len);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpuint (g_array_index (rows, guint32, descending ? rows->len - 1 - i : i), ==,
                      g_array_index (expected, guint, i));
}

static void
check_counts (const World *world, const KontorAnswer *answer)
{
  guint counts[KONTOR_INDEX_WORDS], expected[4] = { 0 };
  gint64 sums[KONTOR_INDEX_WORDS], sum = 0, expected_sum = 0;

  for (guint i = 0; i < world->rows->len; i++)
    if (kontor_answer_has (answer, i))
      {
        expected[g_array_index (world->rows, Row, i).status]++;
        expected_sum += g_array_index (world->rows, Row, i).amount;
      }
  kontor_answer_facet (answer, STATUS, counts);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (counts[i], ==, expected[i]);
  g_assert_true (kontor_answer_sums (answer, AMOUNT, sums));
  for (guint i = 0; i < KONTOR_INDEX_WORDS; i++)
    sum += sums[i];
  g_assert_cmpint (sum, ==, expected_sum);
}

static void
check_line (World *world, KontorIndex *index, const char *line, const KontorAnswer *wider)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorFindError error = { 0 };
  KontorFind find;
  guint without = g_rand_int_range (world->rand, 0, 4) == 0 ? STATUS : KONTOR_INDEX_NO_COLUMN;
  g_autoptr (KontorAnswer) answer = NULL;
  guint n = 0, column = (guint) g_rand_int_range (world->rand, 0, N_COLUMNS + 1);

  g_assert_true (kontor_find_parse (line, fields, &settings, arena, &find, &error));
  if (wider != NULL)
    without = KONTOR_INDEX_NO_COLUMN;
  answer = kontor_index_ask (index, &find, wider, without);
  for (guint i = 0; i < world->rows->len; i++)
    {
      gboolean fits = row_fits (world, &g_array_index (world->rows, Row, i), &find, without);

      if (kontor_answer_has (answer, i) != fits)
        g_error ("“%s”: row %u, “%s”, “%s” should%s fit", line, i,
                 g_array_index (world->rows, Row, i).texts[0],
                 g_array_index (world->rows, Row, i).texts[1], fits ? "" : " not");
      n += fits;
    }
  g_assert_cmpuint (kontor_answer_size (answer), ==, n);
  check_order (world, answer, column == N_COLUMNS ? KONTOR_INDEX_NO_COLUMN : column,
               g_rand_boolean (world->rand));
  check_counts (world, answer);
}

static void
check_rows (const World *world, const KontorIndex *index)
{
  g_assert_cmpuint (kontor_index_size (index), ==, world->rows->len);
  g_assert_cmpuint (kontor_index_find (index, 0), ==, KONTOR_INDEX_NO_ROW);
  g_assert_cmpuint (kontor_index_find (index, G_MAXINT64), ==, KONTOR_INDEX_NO_ROW);
  for (guint i = 0; i < world->rows->len; i++)
    {
      const Row *row = &g_array_index (world->rows, Row, i);
      g_autofree char *text = kontor_index_text (index, EMAIL, i);
      g_autofree char *folded = kontor_find_fold (row->texts[1], -1);

      g_assert_cmpint (kontor_index_key (index, i), ==, row->key);
      g_assert_cmpuint (kontor_index_find (index, row->key), ==, i);
      g_assert_cmpint (kontor_index_number (index, AMOUNT, i), ==, row->amount);
      g_assert_cmpint (kontor_index_number (index, CUSTOMER, i), ==, row->customer);
      g_assert_cmpstr (
          kontor_index_word (index, CURRENCY, (guint) kontor_index_number (index, CURRENCY, i)), ==,
          row->currency > 0 ? currencies[row->currency - 1] : "");
      g_assert_cmpstr (text, ==, folded);
    }
}

static void
test_answers_are_those_of_the_slow_way (void)
{
  for (guint32 seed = 1; seed <= 6; seed++)
    {
      World world = world_new (seed, seed % 2 == 0 ? 700 : 70);
      g_autoptr (KontorIndex) index = index_world (&world);

      check_rows (&world, index);
      for (guint i = 0; i < 60; i++)
        {
          g_autofree char *line = random_line (&world);

          check_line (&world, index, line, NULL);
        }
      world_clear (&world);
    }
}

/* Many chunks, so that both threads have something to do. */
static void
test_many_rows_are_one_table (void)
{
  World world = world_new (7, 90000);
  g_autoptr (KontorIndex) index = index_world (&world);

  check_rows (&world, index);
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *line = random_line (&world);

      check_line (&world, index, line, NULL);
    }
  world_clear (&world);
}

static void
test_typing_on_narrows_the_last_answer (void)
{
  World world = world_new (8, 900);
  g_autoptr (KontorIndex) index = index_world (&world);
  static const char *const typed[] = { "b", "be", "ber", "berl", "berl status:failed" };
  g_autoptr (KontorAnswer) last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      KontorFindError error = { 0 };
      KontorFind find;
      KontorAnswer *answer;

      check_line (&world, index, typed[i], last);
      g_assert_true (kontor_find_parse (typed[i], fields, &settings, arena, &find, &error));
      answer = kontor_index_ask (index, &find, last, KONTOR_INDEX_NO_COLUMN);
      g_clear_pointer (&last, kontor_answer_unref);
      last = answer;
    }
  world_clear (&world);
}

/* ----------------------------------------------------------------------------------- patches -- */

static guint
place_of (const World *world, gint64 key)
{
  guint i = 0;

  while (i < world->rows->len && g_array_index (world->rows, Row, i).key < key)
    i++;
  return i;
}

static void
change_something (World *world, KontorIndexEdit *edit)
{
  gint64 last = world->rows->len > 0 ? g_array_index (world->rows, Row, world->rows->len - 1).key
                                     : 0;
  gint64 key = g_rand_int_range (world->rand, 1, (gint) last + 30);
  guint place = place_of (world, key);
  gboolean is_there = place < world->rows->len
                      && g_array_index (world->rows, Row, place).key == key;
  Row row;

  if (place < world->rows->len && g_rand_int_range (world->rand, 0, 3) > 0)
    {
      key = g_array_index (world->rows, Row, place).key;
      is_there = TRUE;
    }
  if (g_rand_int_range (world->rand, 0, 3) == 0)
    {
      KontorIndexRow gone = { .key = key, .gone = TRUE };

      kontor_index_edit_put (edit, &gone);
      if (is_there)
        g_array_remove_index (world->rows, place);
      return;
    }
  row = random_row (world, key);
  put (edit, &row);
  if (is_there)
    g_array_index (world->rows, Row, place) = row;
  else
    g_array_insert_val (world->rows, place, row);
}

static void
test_patches_leave_older_states_alone (void)
{
  for (guint32 seed = 20; seed < 24; seed++)
    {
      World world = world_new (seed, seed == 20 ? 0 : 400);
      g_autoptr (KontorIndex) index = index_world (&world);
      g_autoptr (KontorIndex) first = kontor_index_ref (index);
      guint first_size = kontor_index_size (first);
      gint64 first_amount = first_size > 0 ? kontor_index_number (first, AMOUNT, 0) : 0;

      for (guint round = 0; round < 30; round++)
        {
          KontorIndexEdit *edit = kontor_index_edit_new (index);
          KontorIndex *next;
          g_autofree char *line = random_line (&world);

          for (guint i = (guint) g_rand_int_range (world.rand, 0, 20); i > 0; i--)
            change_something (&world, edit);
          next = kontor_index_edit_finish (edit);
          kontor_index_unref (index);
          index = next;
          check_rows (&world, index);
          check_line (&world, index, line, NULL);
        }
      g_assert_cmpuint (kontor_index_size (first), ==, first_size);
      if (first_size > 0)
        g_assert_cmpint (kontor_index_number (first, AMOUNT, 0), ==, first_amount);
      world_clear (&world);
    }
}

/* Rows that come late have their place among a full chunk's. */
static void
test_a_full_chunk_takes_more_rows (void)
{
  World world = world_new (30, 40000);
  g_autoptr (KontorIndex) index = index_world (&world);
  KontorIndexEdit *edit = kontor_index_edit_new (index);
  g_autoptr (KontorIndex) next = NULL;

  for (gint64 key = 1005; key < 1005 + 300 * 10; key += 10)
    {
      Row row = random_row (&world, key);
      guint place = place_of (&world, key);

      put (edit, &row);
      g_array_insert_val (world.rows, place, row);
    }
  next = kontor_index_edit_finish (edit);
  check_rows (&world, next);
  world_clear (&world);
}

/* ------------------------------------------------------------------------------------- files -- */

static void
test_a_file_gives_back_the_same_state (void)
{
  g_autofree char *dir = g_dir_make_tmp ("kontor-index-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "tests.index", NULL);
  World world = world_new (40, 20000);
  g_autoptr (KontorIndex) index = index_world (&world);
  g_autoptr (KontorIndex) mapped = NULL, aiming = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (kontor_index_save (index, file, "before", &error));
  mapped = kontor_index_map (&table, file, "before", &error);
  g_assert_no_error (error);
  aiming = kontor_index_with_target (mapped, world.target);
  check_rows (&world, aiming);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *line = random_line (&world);

      check_line (&world, aiming, line, NULL);
    }
  for (guint round = 0; round < 5; round++)
    {
      KontorIndexEdit *edit = kontor_index_edit_new (aiming);

      for (guint i = 0; i < 10; i++)
        change_something (&world, edit);
      kontor_index_unref (aiming);
      aiming = kontor_index_edit_finish (edit);
      check_rows (&world, aiming);
    }
  g_unlink (file);
  g_rmdir (dir);
  world_clear (&world);
}

static void
test_a_file_that_does_not_fit_is_refused (void)
{
  static const KontorIndexTable newer = { "tests", 2, columns, N_COLUMNS, CURRENCY };
  static const gsize flips[] = { 0, 3, 8, 20, 40, 60, 200, 1000, 5000 };
  g_autofree char *dir = g_dir_make_tmp ("kontor-index-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "tests.index", NULL);
  g_autofree char *bytes = NULL;
  gsize size;
  World world = world_new (41, 200);
  g_autoptr (KontorIndex) index = index_world (&world);

  g_assert_true (kontor_index_save (index, file, "before", NULL));
  g_assert_null (kontor_index_map (&table, file, "after", NULL));
  g_assert_null (kontor_index_map (&newer, file, "before", NULL));
  g_assert_true (g_file_get_contents (file, &bytes, &size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (flips); i++)
    {
      bytes[flips[i] % size] ^= 4;
      g_assert_true (g_file_set_contents (file, bytes, (gssize) size, NULL));
      g_assert_null (kontor_index_map (&table, file, "before", NULL));
      bytes[flips[i] % size] ^= 4;
    }
  g_assert_true (g_file_set_contents (file, bytes, (gssize) size - 1, NULL));
  g_assert_null (kontor_index_map (&table, file, "before", NULL));
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_null (kontor_index_map (&table, file, "before", NULL));
  g_unlink (file);
  g_rmdir (dir);
  world_clear (&world);
}

static void
test_ids_find_their_rows (void)
{
  g_autoptr (KontorIndex) empty = kontor_index_new (&table);
  KontorIndexEdit *edit = kontor_index_edit_new (empty);
  g_autoptr (KontorIndex) index = NULL;
  const char *own = "pi_X3RFbTPApZ2hyinccPCCMVYB", *customer = "cus_X3RFbTPCvoF10DX7VE3A1i3Y";
  const struct
  {
    const char *line;
    guint n;
  } cases[] = { { own, 1 },
                { customer, 2 },
                { "customer:cus_X3RFbTPCvoF10DX7VE3A1i3Y", 2 },
                { "pi_X3RFbTPBpZ2hyinccPCCMVYB", 0 } };
  KontorIndexRow rows[] = { { kontor_key (6, kontor_id_tick (own)) }, { kontor_key (6, 1) } };

  rows[0].numbers[CUSTOMER] = rows[1].numbers[CUSTOMER] = kontor_key (2, kontor_id_tick (customer));
  kontor_index_edit_put (edit, &rows[1]);
  kontor_index_edit_put (edit, &rows[0]);
  index = kontor_index_edit_finish (edit);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      KontorFindError error = { 0 };
      KontorFind find;
      g_autoptr (KontorAnswer) answer = NULL;

      g_assert_true (kontor_find_parse (cases[i].line, fields, &settings, arena, &find, &error));
      answer = kontor_index_ask (index, &find, NULL, KONTOR_INDEX_NO_COLUMN);
      g_assert_cmpuint (kontor_answer_size (answer), ==, cases[i].n);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/index/answers-are-those-of-the-slow-way",
                   test_answers_are_those_of_the_slow_way);
  g_test_add_func ("/index/many-rows-are-one-table", test_many_rows_are_one_table);
  g_test_add_func ("/index/typing-on-narrows-the-last-answer",
                   test_typing_on_narrows_the_last_answer);
  g_test_add_func ("/index/patches-leave-older-states-alone",
                   test_patches_leave_older_states_alone);
  g_test_add_func ("/index/a-full-chunk-takes-more-rows", test_a_full_chunk_takes_more_rows);
  g_test_add_func ("/index/a-file-gives-back-the-same-state",
                   test_a_file_gives_back_the_same_state);
  g_test_add_func ("/index/a-file-that-does-not-fit-is-refused",
                   test_a_file_that_does_not_fit_is_refused);
  g_test_add_func ("/index/ids-find-their-rows", test_ids_find_their_rows);
  return g_test_run ();
}
