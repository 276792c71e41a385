-- A notice changes once: when somebody dismisses it. Copies learn of that by its place in the order of changes.

ALTER TABLE notices ADD COLUMN change INTEGER NOT NULL DEFAULT 0; -- from 1, over all scopes: when it was made, or dismissed
UPDATE notices SET change = number;
CREATE UNIQUE INDEX notices_change ON notices (change);
