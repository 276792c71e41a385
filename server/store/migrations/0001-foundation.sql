-- The first schema. How keys work: an object's key is scope << 48 | tick. The scope is account number << 1 | live,
-- the tick ten microseconds since 1970, unique in this server and rising; the eight letters after an id's prefix are
-- the tick in base 62. So an id finds its row without an index, and a scope's rows lie together in order of creation.
-- Amounts are minor units of the currency beside them; times are Unix seconds, UTC.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,            -- epoch: names this history of the database, changes on restore
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE api_keys (
  number     INTEGER PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,   -- 32 bytes: BLAKE2b of the whole key under keys/hash.key
  scope      INTEGER NOT NULL,       -- account << 1 | live
  type       TEXT NOT NULL,          -- secret, publishable, restricted
  name       TEXT NOT NULL,
  hint       TEXT NOT NULL,          -- "sk_test_…a1b2", what may be shown
  scopes     TEXT,                   -- restricted keys: words such as "charges_read refunds_write"
  ip_allow   TEXT,                   -- addresses or networks by space; NULL: from anywhere
  created    INTEGER NOT NULL,
  expires    INTEGER,                -- after this second it is refused; set by a roll with overlap
  last_used  INTEGER
);

-- The append-only version log: one row for each change of an object.
CREATE TABLE versions (
  seq    INTEGER PRIMARY KEY,        -- order of commit; the change feed's position
  kind   INTEGER NOT NULL,           -- KontorKind in core/resource.h
  object INTEGER NOT NULL,           -- the object's key
  prev   INTEGER,                    -- the version before, NULL for the first
  body   TEXT NOT NULL               -- JSON: the fields that are not at their default; or, where the same
                                     -- commit overtook it, {"base": SEQ, "patch": …} as of RFC 7396
);

CREATE TABLE accounts (
  key     INTEGER PRIMARY KEY,       -- in the account's own test scope
  id      TEXT NOT NULL,
  created INTEGER NOT NULL,
  version INTEGER NOT NULL           -- newest row in versions
);

CREATE TABLE customers (
  key     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL,
  created INTEGER NOT NULL,
  version INTEGER NOT NULL,
  email   TEXT,
  deleted INTEGER NOT NULL           -- 1: gone for the API, kept for the books
);
CREATE INDEX customers_email ON customers (email) WHERE email IS NOT NULL;

CREATE TABLE payment_methods (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  created     INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  customer    INTEGER,               -- customers.key while attached
  type        TEXT NOT NULL
);
CREATE INDEX payment_methods_customer ON payment_methods (customer) WHERE customer IS NOT NULL;

CREATE TABLE setup_intents (
  key            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL,
  created        INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  customer       INTEGER,
  payment_method INTEGER,
  status         TEXT NOT NULL
);
CREATE INDEX setup_intents_customer ON setup_intents (customer) WHERE customer IS NOT NULL;
CREATE INDEX setup_intents_payment_method ON setup_intents (payment_method) WHERE payment_method IS NOT NULL;

CREATE TABLE setup_attempts (
  key          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL,
  created      INTEGER NOT NULL,
  version      INTEGER NOT NULL,
  setup_intent INTEGER NOT NULL
);
CREATE INDEX setup_attempts_setup_intent ON setup_attempts (setup_intent);

CREATE TABLE payment_intents (
  key      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL,
  created  INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  customer INTEGER,
  amount   INTEGER NOT NULL,
  currency TEXT NOT NULL,
  status   TEXT NOT NULL
);
CREATE INDEX payment_intents_customer ON payment_intents (customer) WHERE customer IS NOT NULL;

CREATE TABLE charges (
  key            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL,
  created        INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  customer       INTEGER,
  payment_intent INTEGER,            -- payment_intents.key
  amount         INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  status         TEXT NOT NULL
);
CREATE INDEX charges_customer ON charges (customer) WHERE customer IS NOT NULL;
CREATE INDEX charges_payment_intent ON charges (payment_intent) WHERE payment_intent IS NOT NULL;

CREATE TABLE refunds (
  key            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL,
  created        INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  charge         INTEGER,
  payment_intent INTEGER,
  amount         INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  status         TEXT NOT NULL
);
CREATE INDEX refunds_charge ON refunds (charge);
CREATE INDEX refunds_payment_intent ON refunds (payment_intent) WHERE payment_intent IS NOT NULL;

CREATE TABLE balance_transactions (
  key          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL,
  created      INTEGER NOT NULL,
  version      INTEGER NOT NULL,
  source       INTEGER,              -- key of the charge or refund it books
  type         TEXT NOT NULL,
  amount       INTEGER NOT NULL,     -- gross
  fee          INTEGER NOT NULL,
  net          INTEGER NOT NULL,
  currency     TEXT NOT NULL,
  available_on INTEGER NOT NULL
);
CREATE INDEX balance_transactions_source ON balance_transactions (source) WHERE source IS NOT NULL;

-- What happened, for GET /v1/events; the object as it then was is the version.
CREATE TABLE events (
  key     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL,
  created INTEGER NOT NULL,
  type    INTEGER NOT NULL,          -- event_types.number
  version INTEGER NOT NULL,          -- versions.seq of the object in data.object
  request INTEGER                    -- requests.key of the cause; NULL when the server itself acted
);
CREATE TABLE event_types (
  number INTEGER PRIMARY KEY,        -- from server/engine/event.c, never reused
  name   TEXT NOT NULL               -- "charge.succeeded"
);

-- The journal: an entry is one movement of money, its postings sum to zero in each currency.
CREATE TABLE ledger_accounts (
  number       INTEGER PRIMARY KEY,
  scope        INTEGER NOT NULL,
  kind         TEXT NOT NULL,        -- named in docs/ledger.md: clearing, pending, available, fees …
  currency     TEXT NOT NULL,
  available_on INTEGER NOT NULL,     -- pending: the second from which it is available; else 0
  balance      INTEGER NOT NULL,     -- debit minus credit; a cache, kontor-audit adds it up again
  UNIQUE (scope, kind, currency, available_on)
);
CREATE TABLE entries (
  number  INTEGER PRIMARY KEY,       -- rising without a gap
  scope   INTEGER NOT NULL,
  kind    TEXT NOT NULL,             -- charge, refund, refund_failure, release …
  source  INTEGER,                   -- balance_transactions.key; NULL for a release
  created INTEGER NOT NULL
);
CREATE TABLE postings (
  number  INTEGER PRIMARY KEY,       -- entry << 6 | line
  account INTEGER NOT NULL,          -- ledger_accounts.number
  amount  INTEGER NOT NULL           -- debit positive, credit negative
);
-- The seal: entries, postings and versions folded into signed blocks (server/jobs/seal.c, docs/ledger.md).
CREATE TABLE blocks (
  number       INTEGER PRIMARY KEY,  -- from 1 without a gap
  last_entry   INTEGER NOT NULL,     -- the block holds what came after the block before, up to here
  last_version INTEGER NOT NULL,
  root         BLOB NOT NULL,        -- Merkle root, 32 bytes
  previous     BLOB NOT NULL,        -- hash of the block before, 32 bytes; zeroes in the first
  signature    BLOB NOT NULL,        -- Ed25519 over the block, 64 bytes
  created      INTEGER NOT NULL
);

-- Idempotency. New rows are appended to one of two small tables, whose keys the server keeps in memory; when it is
-- full, the other takes its turn and the rows move, in the order of their keys, to the table of their day (day number
-- modulo 3; the third is emptied before its turn comes). Random keys put there one by one would cost a page each.
CREATE TABLE idempotency_fresh_0 (
  number  INTEGER PRIMARY KEY,       -- rising through both tables
  key     BLOB NOT NULL,             -- 16 bytes: keyed hash of scope and Idempotency-Key
  params  BLOB NOT NULL,             -- 16 bytes: keyed hash of method, path and parameters
  created INTEGER NOT NULL,
  request INTEGER NOT NULL,          -- requests.key of the first use
  status  INTEGER NOT NULL,          -- HTTP
  version INTEGER,                   -- the reply was this version of an object …
  body    BLOB                       -- … or these bytes
);
CREATE TABLE idempotency_fresh_1 (
  number INTEGER PRIMARY KEY, key BLOB NOT NULL, params BLOB NOT NULL, created INTEGER NOT NULL,
  request INTEGER NOT NULL, status INTEGER NOT NULL, version INTEGER, body BLOB
);
CREATE TABLE idempotency_0 (
  key BLOB PRIMARY KEY, params BLOB NOT NULL, created INTEGER NOT NULL, request INTEGER NOT NULL,
  status INTEGER NOT NULL, version INTEGER, body BLOB
) WITHOUT ROWID;
CREATE TABLE idempotency_1 (
  key BLOB PRIMARY KEY, params BLOB NOT NULL, created INTEGER NOT NULL, request INTEGER NOT NULL,
  status INTEGER NOT NULL, version INTEGER, body BLOB
) WITHOUT ROWID;
CREATE TABLE idempotency_2 (
  key BLOB PRIMARY KEY, params BLOB NOT NULL, created INTEGER NOT NULL, request INTEGER NOT NULL,
  status INTEGER NOT NULL, version INTEGER, body BLOB
) WITHOUT ROWID;

-- The request log. Secrets and card data are redacted before they get here.
CREATE TABLE requests (
  key             INTEGER PRIMARY KEY,
  id              TEXT NOT NULL,
  created         INTEGER NOT NULL,
  method          TEXT NOT NULL,
  path            TEXT NOT NULL,
  status          INTEGER NOT NULL,
  duration_us     INTEGER NOT NULL,
  api_key         INTEGER,           -- api_keys.number; NULL when it was not known
  idempotency_key TEXT,
  remote          TEXT,              -- address of the client
  api_version     TEXT,
  params          TEXT,              -- as JSON, NULL when there were none
  error           TEXT               -- code of the refusal, NULL when it went well
);

-- Work that outlives a request.
CREATE TABLE jobs (
  number   INTEGER PRIMARY KEY,
  run_at   INTEGER NOT NULL,
  kind     TEXT NOT NULL,            -- a row of server/engine/job.c
  object   INTEGER NOT NULL,         -- key of what it is about
  attempts INTEGER NOT NULL
);
CREATE INDEX jobs_run_at ON jobs (run_at);
CREATE INDEX jobs_object ON jobs (object);
