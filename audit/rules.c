/* rules.c: what must be true of the objects: of each row by itself, and between them.
 *
 * A rule is a condition in SQL that holds for every row. In it t is the row and h, i, b … are the rows
 * it is joined with; "$name" is that field of t's newest version and "@name" the same as a number, 0
 * where it is not written down; "h$name" and "h@name" are those of the joined h. */
#include "audit/rules.h"

#include <string.h>

typedef struct
{
  const char *check;
  const char *condition;
  const char *sentence; /* what to say of a row for which it does not hold */
} Rule;

static const Rule payment_method_rules[] = {
  { "reference", "$customer IS NULL OR c.id = $customer", "its customer is not there" },
  { NULL },
};

static const Rule setup_intent_rules[] = {
  { "reference", "$customer IS NULL OR c.id = $customer", "its customer is not there" },
  { "reference", "$payment_method IS NULL OR m.id = $payment_method",
    "its payment method is not there" },
  { NULL },
};

static const Rule setup_attempt_rules[] = {
  { "reference", "i.id = $setup_intent", "its setup intent is not there" },
  { NULL },
};

static const Rule payment_intent_rules[] = {
  { "reference", "$customer IS NULL OR c.id = $customer", "its customer is not there" },
  { "reference", "$latest_charge IS NULL OR h.id = $latest_charge",
    "its latest charge is not there" },
  { "payment", "h.key IS NULL OR h.payment_intent = t.key",
    "its latest charge belongs to another payment" },
  { "payment", "t.status <> 'succeeded' OR h@captured", "it succeeded without captured money" },
  { "payment", "@amount_received = iif (t.status = 'succeeded', h@amount_captured, 0)",
    "amount_received is not what its charge captured" },
  { "payment", "@amount_capturable = iif (t.status = 'requires_capture', h.amount, 0)",
    "amount_capturable is not what its charge reserved" },
  { "payment",
    "t.status <> 'requires_capture'"
    " OR (h.status = 'succeeded' AND NOT h@captured AND NOT h@refunded)",
    "it waits to be captured, but its charge does not" },
  { "payment",
    "t.status NOT IN ('succeeded', 'requires_capture')"
    " OR (h.amount = t.amount AND h.currency = t.currency)",
    "its charge is over another amount" },
  { NULL },
};

static const Rule charge_rules[] = {
  { "reference", "$customer IS NULL OR c.id = $customer", "its customer is not there" },
  { "reference", "$payment_intent IS NULL OR i.id = $payment_intent", "its payment is not there" },
  { "charge", "@captured = (@amount_captured > 0)", "captured contradicts amount_captured" },
  { "charge", "@amount_captured BETWEEN 0 AND t.amount", "more was captured than charged" },
  { "charge", "@captured = 0 OR t.status = 'succeeded'", "money was captured without success" },
  { "charge", "@paid = (t.status = 'succeeded')", "paid contradicts the status" },
  { "charge",
    "@captured = 0 OR i.key IS NULL OR (i.status = 'succeeded' AND i$latest_charge = t.id)",
    "its money was captured, but its payment does not say so" },
  { "charge", "$balance_transaction IS b.id", "its balance transaction is not there" },
  { "charge", "@captured = (b.key IS NOT NULL)",
    "captured money and a balance transaction go together" },
  { "charge",
    "b.key IS NULL OR (b.source = t.key AND b.type = 'charge' AND b.currency = t.currency)",
    "its balance transaction is of something else" },
  { "charge",
    "@amount_captured = (SELECT ifnull (sum (x.amount), 0)"
    " FROM balance_transactions x WHERE x.source = t.key)",
    "amount_captured is not what its balance transactions add up to" },
  { "charge",
    "@amount_refunded = iif (@refunded AND NOT @captured, t.amount,"
    " (SELECT ifnull (sum (r.amount), 0) FROM refunds r"
    " WHERE r.charge = t.key AND r.status NOT IN ('failed', 'canceled')))",
    "amount_refunded is not what its refunds add up to" },
  { "charge", "@captured = 0 OR @amount_refunded <= @amount_captured",
    "more was given back than was captured" },
  { "charge", "@captured = 0 OR @refunded = (@amount_refunded = @amount_captured)",
    "refunded contradicts the amounts" },
  { NULL },
};

static const Rule refund_rules[] = {
  { "reference", "h.id = $charge", "its charge is not there" },
  { "refund", "t.amount > 0", "it gives nothing back" },
  { "refund", "t.currency = h.currency AND t.payment_intent IS h.payment_intent",
    "its currency or its payment is not that of its charge" },
  { "refund",
    "b.id = $balance_transaction AND b.source = t.key AND b.type = 'refund'"
    " AND b.currency = t.currency AND b.amount = -t.amount",
    "its balance transaction does not take its amount" },
  { "refund", "(t.status IN ('failed', 'canceled')) = ($failure_balance_transaction IS NOT NULL)",
    "a second balance transaction and a refund that did not arrive go together" },
  { "refund",
    "$failure_balance_transaction IS NULL"
    " OR (f.id = $failure_balance_transaction AND f.source = t.key AND f.type = 'refund_failure'"
    " AND f.currency = t.currency AND f.amount = t.amount)",
    "its second balance transaction does not give its amount back" },
  { "refund",
    "(SELECT sum (x.amount) FROM balance_transactions x WHERE x.source = t.key)"
    " = iif (t.status IN ('failed', 'canceled'), 0, -t.amount)",
    "its balance transactions do not add up to it" },
  { NULL },
};

static const Rule balance_transaction_rules[] = {
  { "balance-transaction", "t.net = t.amount - t.fee", "net is not amount less fee" },
  { "balance-transaction", "t.available_on >= t.created", "it is available before it was made" },
  { "balance-transaction",
    "CASE t.type WHEN 'charge' THEN h.id = $source AND t.amount > 0 AND t.fee >= 0"
    " WHEN 'refund' THEN r.id = $source AND t.amount < 0"
    " WHEN 'refund_failure' THEN r.id = $source AND t.amount > 0 END",
    "its source is not there, or not of its type" },
  { NULL },
};

static const Rule event_rules[] = {
  { "event", "key_of (t.id, t.key) = t.key AND t.id GLOB 'evt_*'", "its id is not its row's" },
  { "event", "n.name IS NOT NULL", "is of no known type" },
  { "event", "v.seq IS NOT NULL", "tells of a version that is not there" },
  /* An account lives in its test mode and is told of in both. */
  { "event",
    "v.seq IS NULL OR v.object >> 48 = t.key >> 48"
    " OR (v.kind = 1 AND v.object >> 49 = t.key >> 49)",
    "tells of another merchant's or mode's object" },
  { NULL },
};

static const Rule idempotency_rules[] = {
  { "idempotency", "t.version IS NULL OR v.seq IS NOT NULL",
    "answers with a version that is not there" },
  { "idempotency", "(t.version IS NULL) <> (t.body IS NULL)", "has two answers, or none" },
  { "idempotency", "length (t.key) = 16 AND length (t.params) = 16",
    "its hashes are not of the right length" },
  { NULL },
};

static const Rule no_rules[] = { { NULL } };

/* One table, read in one pass. */
typedef struct
{
  const char *table;
  /* Those that repeat a field of the version: "#" the key of an id, "@" a number, and after "=" what
   * a text is when it is not written down. */
  const char *columns;
  const char *joins;
  const Rule *rules;
} Table;

#define CUSTOMER " LEFT JOIN customers c ON c.key = t.customer"

static const Table tables[] = {
  { "customers", "email @deleted", "", no_rules },
  { "payment_methods", "#customer type", CUSTOMER, payment_method_rules },
  { "setup_intents", "#customer #payment_method status=requires_payment_method",
    CUSTOMER " LEFT JOIN payment_methods m ON m.key = t.payment_method", setup_intent_rules },
  { "setup_attempts", "#setup_intent", " LEFT JOIN setup_intents i ON i.key = t.setup_intent",
    setup_attempt_rules },
  { "payment_intents", "#customer @amount currency status=requires_payment_method",
    CUSTOMER " LEFT JOIN charges h ON h.key = key_of ($latest_charge, t.key)"
             " LEFT JOIN versions hv ON hv.seq = h.version",
    payment_intent_rules },
  { "charges", "#customer #payment_intent @amount currency status=pending",
    CUSTOMER " LEFT JOIN payment_intents i ON i.key = t.payment_intent"
             " LEFT JOIN versions iv ON iv.seq = i.version"
             " LEFT JOIN balance_transactions b ON b.key = key_of ($balance_transaction, t.key)",
    charge_rules },
  { "refunds", "#charge #payment_intent @amount currency status=pending",
    " LEFT JOIN charges h ON h.key = t.charge"
    " LEFT JOIN balance_transactions b ON b.key = key_of ($balance_transaction, t.key)"
    " LEFT JOIN balance_transactions f ON f.key = key_of ($failure_balance_transaction, t.key)",
    refund_rules },
  { "balance_transactions", "#source type @amount @fee @net currency @available_on",
    " LEFT JOIN charges h ON h.key = t.source LEFT JOIN refunds r ON r.key = t.source",
    balance_transaction_rules },
  { "webhook_endpoints", "status=enabled @deleted", "", no_rules },
  { "events", "", " LEFT JOIN event_types n ON n.number = t.type", event_rules },
  { "idempotency_fresh_0", "", "", idempotency_rules },
  { "idempotency_fresh_1", "", "", idempotency_rules },
  { "idempotency_0", "", "", idempotency_rules },
  { "idempotency_1", "", "", idempotency_rules },
  { "idempotency_2", "", "", idempotency_rules },
};

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Puts json in the place of "$name" and "h@name"; "$." is a path and stays. */
static void
append_expanded (GString *sql, const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    {
      const char *end = at + 1;
      char joined = at > text && g_ascii_isalpha (at[-1]) ? at[-1] : '\0';

      if ((*at != '$' && *at != '@') || !is_name (at[1]))
        {
          g_string_append_c (sql, *at);
          continue;
        }
      if (joined != '\0')
        g_string_truncate (sql, sql->len - 1);
      while (is_name (*end))
        end++;
      g_string_append (sql, *at == '@' ? "ifnull (" : "(");
      if (joined != '\0')
        g_string_append_c (sql, joined);
      g_string_append_printf (sql, "v.body->>'%.*s'", (int) (end - at - 1), at + 1);
      g_string_append (sql, *at == '@' ? ", 0)" : ")");
      at = end - 1;
    }
}

static void
append_column (GString *sql, const char *column)
{
  const char *name = column + strspn (column, "#@");
  int length = (int) strcspn (name, "=");

  g_string_append_printf (sql, ", t.%.*s IS ", length, name);
  if (column[0] == '#')
    g_string_append_printf (sql, "key_of (v.body->>'%s', t.key)", name);
  else if (column[0] == '@')
    g_string_append_printf (sql, "ifnull (v.body->>'%s', 0)", name);
  else if (name[length] == '=')
    g_string_append_printf (sql, "ifnull (v.body->>'%.*s', '%s')", length, name, name + length + 1);
  else
    g_string_append_printf (sql, "(v.body->>'%s')", name);
}

/* A row for each row of the table: its name, then for each column and each rule whether it holds. */
static char *
sql_of (const Table *table, char **columns)
{
  GString *sql = g_string_new (NULL);
  gboolean has_id = !g_str_has_prefix (table->table, "idempotency");

  g_string_append_printf (sql, "SELECT %s", has_id ? "t.id" : "hex (t.key)");
  for (guint i = 0; columns[i] != NULL; i++)
    append_column (sql, columns[i]);
  for (const Rule *rule = table->rules; rule->check != NULL; rule++)
    {
      g_string_append (sql, ", (");
      append_expanded (sql, rule->condition);
      g_string_append (sql, ") IS TRUE");
    }
  g_string_append_printf (sql, " FROM %s t LEFT JOIN versions v ON v.seq = t.version",
                          table->table);
  append_expanded (sql, table->joins);
  return g_string_free (sql, FALSE);
}

static void
check_row (AuditFile *file, const Table *table, char **columns, sqlite3_stmt *row)
{
  const char *name = audit_text (row, 0);
  int at = 1;

  for (guint i = 0; columns[i] != NULL; i++)
    if (!sqlite3_column_int (row, at++))
      audit_report_problem (file->report, "column", name, "%s.%s contradicts its newest version",
                            table->table, columns[i]);
  for (const Rule *rule = table->rules; rule->check != NULL; rule++)
    if (!sqlite3_column_int (row, at++))
      audit_report_problem (file->report, rule->check, name, "%s", rule->sentence);
}

static gint64
check_table (AuditFile *file, const Table *table)
{
  g_auto (GStrv) columns = g_strsplit (table->columns, " ", 0);
  g_autofree char *sql = sql_of (table, columns);
  sqlite3_stmt *row = audit_prepare (file, sql);
  gint64 n = 0;

  /* From here on they only name the columns. */
  for (guint i = 0; columns[i] != NULL; i++)
    {
      columns[i][strcspn (columns[i], "=")] = '\0';
      g_strcanon (columns[i], "abcdefghijklmnopqrstuvwxyz_", ' ');
      g_strchug (columns[i]);
    }
  for (; audit_step (file, row); n++)
    check_row (file, table, columns, row);
  audit_finish (row);
  return n;
}

/**
 * audit_rules_check:
 * @file: the file
 *
 * Checks every rule on every row.
 */
void
audit_rules_check (AuditFile *file)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    audit_report_count (file->report, tables[i].table, check_table (file, &tables[i]));
}
