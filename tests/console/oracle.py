"""oracle.py: what payments a search line means, as plain SQL over the server's own database.

It is written from docs/man/kontor-tui.1 and the field table alone and shares nothing with the consoles:
no index, no replica, no parser of theirs.
"""

import sqlite3

EXPONENTS = {"eur": 2, "gbp": 2, "ils": 2, "jpy": 0, "kwd": 3, "usd": 2}
STATUSES = ("succeeded", "partially_refunded", "refunded", "disputed", "failed", "canceled", "uncaptured",
            "processing", "requires_action", "incomplete")

# A row for each payment intent, with its latest charge and its customer unless that was deleted. Bodies
# are slim: what is not there is at its default.
PAYMENTS = """
CREATE TEMP TABLE payments AS
WITH customer AS (
  SELECT c.id, v.body FROM main.customers c JOIN main.versions v ON v.seq = c.version WHERE c.deleted = 0
), charge AS (
  SELECT c.id, v.body FROM main.charges c JOIN main.versions v ON v.seq = c.version
), intent AS (
  SELECT p.key, p.id, p.created, v.body, v.body ->> 'latest_charge' AS charge,
         v.body ->> 'customer' AS customer
  FROM main.payment_intents p JOIN main.versions v ON v.seq = p.version WHERE p.key >> 48 = 2
)
SELECT i.key, i.id, i.created, i.customer AS customer_id,
       i.body ->> 'amount' AS amount, i.body ->> 'currency' AS currency,
       coalesce (i.body ->> 'status', 'requires_payment_method') AS status,
       json_extract (i.body, '$.last_payment_error') IS NOT NULL AS went_wrong,
       coalesce (c.body ->> 'status', '') = 'failed' AS charge_failed,
       coalesce (c.body ->> 'amount_refunded', 0) AS refunded,
       coalesce (c.body ->> 'disputed', 0) AS disputed,
       coalesce (c.body ->> 'captured', 0) AS captured,
       coalesce (i.body ->> 'off_session', 0) = 1 AS off_session,
       fold (i.body ->> 'description') AS description,
       fold (i.body ->> 'receipt_email') AS email,
       fold (c.body ->> 'failure_code') AS failure,
       fold (c.body ->> '$.payment_method_details.card.last4') AS last4,
       coalesce (c.body ->> '$.payment_method_details.card.brand', '') AS card,
       fold ((SELECT group_concat (value, ' ') FROM json_each (i.body, '$.metadata'))) AS metadata,
       fold (k.body ->> 'name') AS name,
       fold (k.body ->> 'name') || x'0a' || fold (k.body ->> 'email') || x'0a'
         || fold (k.body ->> 'phone') || x'0a' || fold (k.body ->> 'description') || x'0a'
         || fold (k.body ->> 'business_name') || x'0a'
         || fold ((SELECT group_concat (value, ' ') FROM json_each (k.body, '$.metadata'))) AS customer
FROM intent i LEFT JOIN charge c ON c.id = i.charge LEFT JOIN customer k ON k.id = i.customer
"""

# What people call a payment, and what amounts are compared as: ten thousandths of a whole unit.
WORDS = """
CREATE TEMP TABLE shown AS
SELECT *, amount * CASE currency WHEN 'jpy' THEN 10000 WHEN 'kwd' THEN 10 ELSE 100 END AS worth,
       CASE
         WHEN status IN ('canceled', 'processing', 'requires_action') THEN status
         WHEN status = 'requires_capture' THEN 'uncaptured'
         WHEN status <> 'succeeded' THEN iif (charge_failed OR went_wrong, 'failed', 'incomplete')
         WHEN disputed THEN 'disputed'
         WHEN refunded >= amount THEN 'refunded'
         WHEN refunded > 0 THEN 'partially_refunded'
         ELSE 'succeeded'
       END AS word,
       last4 || x'0a' || description || x'0a' || email || x'0a' || failure || x'0a' || metadata AS texts
FROM payments
"""

ORDERS = {
    "created": "created",
    "amount": "worth",
    "status": "CASE word " + " ".join(f"WHEN '{word}' THEN {i}" for i, word in enumerate(STATUSES)) + " END",
    "customer": "coalesce (name, '')",
    "card": "card",
    "description": "description",
}


def fold(text):
    """Lower case, and nothing for nothing."""
    return "" if text is None else str(text).lower()


def has_words(text, words):
    """Whether the words stand in a text, and not as a part of others."""
    at = -1
    while text is not None and (at := text.find(words, at + 1)) >= 0:
        before, behind = text[at - 1:at] if at else "", text[at + len(words):at + len(words) + 1]
        if not before.isalnum() and not behind.isalnum():
            return True
    return False


class Oracle:
    """The database of a server, read as it is."""

    def __init__(self, data_dir):
        self.database = sqlite3.connect(f"file:{data_dir}/kontor.db?mode=ro", uri=True)
        self.database.create_function("fold", 1, fold, deterministic=True)
        self.database.create_function("has_words", 2, has_words, deterministic=True)
        self.database.execute(PAYMENTS)
        self.database.execute(WORDS)

    def some(self, column):
        """All that stands in a column, each once."""
        return [row[0] for row in self.database.execute(
            f"SELECT DISTINCT {column} FROM shown WHERE {column} <> '' ORDER BY 1")]

    def ids(self, conditions, order, down):
        """The payments for which all of the conditions hold: pairs of SQL and its parameters."""
        way = "DESC" if down else "ASC"
        where = " AND ".join(f"({sql})" for sql, _ in conditions) or "1"
        return [row[0] for row in self.database.execute(
            f"SELECT id FROM shown WHERE {where} ORDER BY {ORDERS[order]} {way}, key {way}",
            [value for _, values in conditions for value in values])]
