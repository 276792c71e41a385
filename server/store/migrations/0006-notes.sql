-- What people leave for each other in their consoles: notes on objects, and views of lists. Both are objects with versions.

CREATE TABLE notes (
  key     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL,
  created INTEGER NOT NULL,
  version INTEGER NOT NULL,          -- newest row in versions
  "on"    TEXT NOT NULL,             -- id of what it is about
  deleted INTEGER NOT NULL           -- 1: taken away
);
CREATE INDEX notes_on ON notes ("on", key);

CREATE TABLE views (
  key     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL,
  created INTEGER NOT NULL,
  version INTEGER NOT NULL,          -- newest row in versions
  name    TEXT NOT NULL,             -- once for each owner, but for those taken away
  owner   TEXT NOT NULL,             -- "user_…" or "key_3"
  deleted INTEGER NOT NULL           -- 1: taken away
);
CREATE INDEX views_owner ON views (owner, name);
