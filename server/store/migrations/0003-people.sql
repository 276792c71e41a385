-- People: who may sign in, what they may do for which merchant, and what they and their programs have done.

CREATE TABLE users (
  key           INTEGER PRIMARY KEY, -- the tick of the id
  id            TEXT NOT NULL,
  email         TEXT NOT NULL UNIQUE, -- lower-cased
  name          TEXT NOT NULL,
  password      TEXT,                -- Argon2id, as libsodium writes it; NULL: none was chosen yet
  created       INTEGER NOT NULL,
  disabled      INTEGER,             -- since when; NULL: may sign in
  epoch         INTEGER NOT NULL,    -- sessions of an earlier one have ended
  token         BLOB,                -- keyed hash of what an invitation or a reset handed out; NULL: none is open
  token_expires INTEGER,
  totp          BLOB,                -- second factor's secret, sealed under keys/vault.key; NULL: none
  totp_pending  BLOB,                -- likewise, until a first code has confirmed it
  totp_step     INTEGER NOT NULL     -- of the last code taken: each is taken once
);
CREATE UNIQUE INDEX users_token ON users (token) WHERE token IS NOT NULL;

CREATE TABLE memberships (
  user    INTEGER NOT NULL,          -- users.key
  account INTEGER NOT NULL,          -- number of the merchant
  role    TEXT NOT NULL,             -- owner, admin, developer, analyst, support
  created INTEGER NOT NULL,
  PRIMARY KEY (user, account)
) WITHOUT ROWID;
CREATE INDEX memberships_account ON memberships (account);

CREATE TABLE sessions (
  number    INTEGER PRIMARY KEY,
  hash      BLOB NOT NULL UNIQUE,    -- 32 bytes: BLAKE2b of the token under keys/hash.key
  user      INTEGER NOT NULL,        -- users.key
  epoch     INTEGER NOT NULL,        -- users.epoch when it began
  created   INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  expires   INTEGER NOT NULL,        -- from this second it is refused; a sign-out sets it
  remote    TEXT,                    -- address it was begun from
  agent     TEXT                     -- User-Agent likewise
);
CREATE INDEX sessions_user ON sessions (user, number);

-- What lets somebody in who has lost the second factor.
CREATE TABLE recovery_codes (
  user INTEGER NOT NULL,
  hash BLOB NOT NULL,                -- 32 bytes, keyed
  used INTEGER,                      -- when; NULL: it is still good
  PRIMARY KEY (user, hash)
) WITHOUT ROWID;

-- Failures in a row, whether or not there is such a user: so a lock-out tells nobody who is known here.
CREATE TABLE sign_in_failures (
  email  BLOB PRIMARY KEY,           -- 16 bytes: keyed hash of the address
  failed INTEGER NOT NULL,
  last   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_failures_last ON sign_in_failures (last);

-- Who did what. Each row's hash covers its content and the hash before it (docs/operating/people.md), so that none can be
-- altered, taken out or put in between unnoticed.
CREATE TABLE audit_log (
  number     INTEGER PRIMARY KEY,    -- from 1 without a gap
  at         INTEGER NOT NULL,       -- microseconds since 1970, UTC
  actor_kind TEXT NOT NULL,          -- user, key, tool, server
  actor      TEXT,                   -- id of the user or of the API key
  actor_name TEXT NOT NULL,          -- what it was called then
  scope      INTEGER NOT NULL,       -- account << 1 | live; 0: not one merchant's matter
  action     TEXT NOT NULL,          -- "refund.create"
  object     TEXT,                   -- id of what it was done to
  summary    TEXT NOT NULL,          -- JSON: what was asked, without secrets
  remote     TEXT,                   -- address it came from
  request    TEXT,                   -- id in the request log
  outcome    TEXT NOT NULL,          -- ok, or the code of the refusal
  previous   BLOB NOT NULL,          -- hash of the row before, 32 bytes; zeroes in the first
  hash       BLOB NOT NULL           -- 32 bytes: BLAKE2b
);
CREATE INDEX audit_log_scope ON audit_log (scope, number);

-- A signature over the newest row, made when the journal is sealed: rows up to it cannot be cut off or made anew either.
CREATE TABLE audit_seals (
  number    INTEGER PRIMARY KEY,     -- audit_log.number
  hash      BLOB NOT NULL,           -- that row's
  signature BLOB NOT NULL,           -- Ed25519 by keys/seal.key, 64 bytes
  created   INTEGER NOT NULL
);

ALTER TABLE requests ADD COLUMN user TEXT; -- id of the person who asked; NULL: a program with a key
