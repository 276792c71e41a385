-- Webhooks. A commit that makes an event leaves a row in webhook_outbox when some endpoint of its scope may want it. The
-- sender works the outbox off in order: it tries each endpoint that matches, notes the attempts, keeps a row in
-- webhook_deliveries for each, and only then takes the row out. So a server that stops at any moment sends again what
-- it had not noted, and forgets nothing.

CREATE TABLE webhook_endpoints (
  key     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL,
  created INTEGER NOT NULL,
  version INTEGER NOT NULL,          -- newest row in versions
  status  TEXT NOT NULL,             -- enabled, disabled
  deleted INTEGER NOT NULL           -- 1: gone for the API; what was sent to it can still be looked at
);
CREATE INDEX webhook_endpoints_version ON webhook_endpoints (version);

-- What payloads are signed with. A rolled secret signs beside the new one until it expires.
CREATE TABLE webhook_secrets (
  number   INTEGER PRIMARY KEY,
  endpoint INTEGER NOT NULL,         -- webhook_endpoints.key
  kind     INTEGER NOT NULL,         -- 1: HMAC, "whsec_…"; 2: Ed25519, the seed of 32 bytes
  sealed   BLOB NOT NULL,            -- nonce and XChaCha20-Poly1305 box under keys/vault.key, bound to the endpoint
  created  INTEGER NOT NULL,
  expires  INTEGER                   -- after this second it no longer signs; NULL: the current one
);
CREATE INDEX webhook_secrets_endpoint ON webhook_secrets (endpoint);

CREATE TABLE webhook_outbox (
  number INTEGER PRIMARY KEY,        -- rising in the order of commit
  event  INTEGER NOT NULL            -- events.key
);

-- One event for one endpoint. While an earlier event about the same object is still to be delivered to the same
-- endpoint, a later one is held: that keeps their order.
CREATE TABLE webhook_deliveries (
  event    INTEGER NOT NULL,         -- events.key
  endpoint INTEGER NOT NULL,         -- webhook_endpoints.key
  object   INTEGER NOT NULL,         -- key of what the event is about
  state    INTEGER NOT NULL,         -- 0 ready, 1 held, 2 succeeded, 3 failed for good, 4 canceled
  attempts INTEGER NOT NULL,         -- made so far
  round    INTEGER NOT NULL,         -- of these, since it was last resent by hand: the place in the schedule
  due      INTEGER NOT NULL,         -- when it is tried next (ready), or was settled: Unix seconds
  PRIMARY KEY (event, endpoint)
) WITHOUT ROWID;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint, due, event) WHERE state = 0;
CREATE INDEX webhook_deliveries_line ON webhook_deliveries (endpoint, object, event) WHERE state < 2;
CREATE INDEX webhook_deliveries_open ON webhook_deliveries (endpoint, state, event) WHERE state <> 2;

CREATE TABLE webhook_attempts (
  number           INTEGER PRIMARY KEY,  -- a tick: ten microseconds since 1970, unique in this server, rising
  scope            INTEGER NOT NULL,
  event            INTEGER NOT NULL,
  endpoint         INTEGER NOT NULL,
  attempt          INTEGER NOT NULL,     -- 1 for the first of its delivery
  by_hand          INTEGER NOT NULL,     -- 1: somebody asked for it; 0: the schedule
  outcome          INTEGER NOT NULL,     -- 0 it was taken (2xx); else why not: KontorOutcome in server/store/attempt.h
  status           INTEGER,              -- HTTP; NULL when there was no answer
  pending          INTEGER NOT NULL,     -- pending_webhooks as the payload said
  created          INTEGER NOT NULL,     -- Unix seconds
  connect_us       INTEGER,              -- until the connection stood; NULL when one was used again, or none stood
  wait_us          INTEGER,              -- until the first byte of the answer; NULL: none came
  duration_us      INTEGER NOT NULL,     -- altogether
  url              TEXT NOT NULL,
  problem          TEXT,                 -- what went wrong, in a sentence; NULL when it was taken
  request_headers  TEXT NOT NULL,        -- "Name: value" lines
  response_headers TEXT,                 -- likewise, as much as is kept
  response_body    BLOB                  -- the beginning, as much as is kept
);
CREATE INDEX webhook_attempts_endpoint ON webhook_attempts (endpoint, number);
CREATE INDEX webhook_attempts_failed ON webhook_attempts (endpoint, number) WHERE outcome <> 0;
CREATE INDEX webhook_attempts_event ON webhook_attempts (event, endpoint);

-- What the sender knows of an endpoint's state, and its counters since it was made.
CREATE TABLE webhook_health (
  endpoint      INTEGER PRIMARY KEY,
  succeeded     INTEGER NOT NULL,    -- attempts that were taken
  failed        INTEGER NOT NULL,    -- attempts that were not
  given_up      INTEGER NOT NULL,    -- deliveries that failed for good
  duration_us   INTEGER NOT NULL,    -- of all attempts together
  in_a_row      INTEGER NOT NULL,    -- failed attempts since the last that was taken
  failing_since INTEGER,             -- Unix seconds of the first of these; NULL: the last one was taken
  last_success  INTEGER,
  last_failure  INTEGER
);

-- What the people of an account should know and nobody asked for.
CREATE TABLE notices (
  number    INTEGER PRIMARY KEY,
  scope     INTEGER NOT NULL,
  created   INTEGER NOT NULL,
  kind      TEXT NOT NULL,           -- "webhook_endpoint.disabled"
  object    TEXT NOT NULL,           -- id of what it is about
  message   TEXT NOT NULL,           -- a sentence
  dismissed INTEGER                  -- when somebody had read it; NULL: nobody has
);
CREATE INDEX notices_scope ON notices (scope, number);
