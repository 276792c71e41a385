-- What consoles asked to be done, each under a name of its own choosing, and what became of it: written with what it did,
-- so that whoever asks again gets the same answer and nothing is done twice. Kept for ninety days, longer than any may wait.

CREATE TABLE ops (
  number  INTEGER PRIMARY KEY,       -- a tick: ten microseconds since 1970, unique in this server, rising in the order of commit
  scope   INTEGER NOT NULL,
  id      TEXT NOT NULL,             -- "op_…", made by the console
  client  TEXT NOT NULL,             -- which console
  n       INTEGER,                   -- its count, if it said
  actor   TEXT NOT NULL,             -- "key_3" or "user_…": who sent it first
  action  TEXT NOT NULL,             -- "refund.create": a row of server/http/op-action.c
  object  TEXT,                      -- id of what it was to be done to
  hash    BLOB NOT NULL,             -- 16 bytes: keyed hash of what was asked
  state   TEXT NOT NULL,             -- done, refused, conflict, expired
  status  INTEGER NOT NULL,          -- HTTP
  result  TEXT NOT NULL,             -- the reply
  made    INTEGER,                   -- when the person did it, by the console's clock
  created INTEGER NOT NULL           -- when it was decided
);
CREATE UNIQUE INDEX ops_id ON ops (scope, id);
CREATE INDEX ops_client ON ops (scope, client, number);
