-- A console's copy of one account in one mode, as the server hands it out and as the console keeps it. Only the server's
-- words stand here; what a person did and the server has not taken yet stands in tables of the console's own.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,      -- epoch: the server's history that this is a copy of
                               -- cursor: where the feed goes on (GET /v1/kontor/sync/changes)
                               -- seq: newest version in here
                               -- schema: KONTOR_SYNC_SCHEMA of core/sync.h, of these tables and of the bodies
                               -- scope: account number << 1 | live mode
                               -- account: "acct_…"
                               -- livemode: 0 or 1
                               -- role: the kinds that may be seen, by name, with a space between
                               -- digest: JSON, by name of a kind [rows, sum of their digests in hexadecimal]
                               -- made: when, Unix seconds
  value
);

-- Everything there is, of every kind. An id finds its row without an index, and the rows of a kind lie together in the
-- order in which they were made.
CREATE TABLE objects (
  row     INTEGER PRIMARY KEY, -- kind << 48 | tick of the id, or the number in it (kontor_sync_row)
  id      TEXT NOT NULL,       -- "ch_…"
  v       INTEGER NOT NULL,    -- number of the version; 0 where there are none: such rows never change
  created INTEGER NOT NULL,    -- Unix seconds
  body    TEXT NOT NULL        -- JSON: what is not a default, as kontor_object_read() takes it; docs/sync.md for our own
);
