-- What people want done: handed in at this console, until the server has decided, and what it decided. A file of its own, since
-- the copy beside it is replaced as a whole, and this is what no server has.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,      -- client: this console's name towards the server
                               -- place: the account and mode that these are meant for, "acct_… 0"
                               -- ahead: by how many seconds the server's clock was ahead of this one
                               -- epoch: the server's history in which all that is done here was found again
  value TEXT
);

CREATE TABLE intents (
  n         INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were decided upon
  op        TEXT NOT NULL UNIQUE,              -- "op_…": the server does one of that name once
  action    TEXT NOT NULL,                     -- "refund.create"
  target    TEXT,                              -- id of the object it is done to
  if_v      INTEGER NOT NULL,                  -- only while this is the object's version; 0: whatever it is
  args      TEXT NOT NULL,                     -- JSON object
  class     INTEGER NOT NULL,                  -- KontorIntentClass
  made      INTEGER NOT NULL,                  -- Unix seconds, by this console's clock
  confirmed INTEGER NOT NULL,                  -- when the person last said that it is still wanted
  expires   INTEGER NOT NULL,                  -- not to be done any more; the server's clock decides
  after     INTEGER NOT NULL,                  -- only when that one (n) is done; 0: whenever
  state     TEXT NOT NULL,                     -- names in outbox.c
  unsure    INTEGER NOT NULL DEFAULT 0,        -- 1: it was sent, and whether it was done is not known
  tries     INTEGER NOT NULL DEFAULT 0,
  decided   INTEGER NOT NULL DEFAULT 0,        -- when it was heard what became of it
  status    INTEGER NOT NULL DEFAULT 0,        -- of HTTP, of the last answer
  answer    TEXT,                              -- JSON: what became of it, in the server's words
  problem   TEXT,                              -- a sentence for the person
  base      TEXT                               -- JSON: the object's body that the person saw; NULL: not known
);

CREATE INDEX intents_by_state ON intents (state, n);
CREATE INDEX intents_by_after ON intents (after) WHERE after > 0;
CREATE INDEX intents_by_target ON intents (target, state, n);
