-- The register, schema 1. What is written stays as it is: triggers refuse the rest, and a row that is there already cannot be
-- replaced, because the BEFORE INSERT triggers fire before SQLite would remove it. They raise FAIL, and what may wait until
-- the commit is deferred, so that SQLite keeps no copy of every page for the sake of a single statement: each statement
-- changes one row, after all that can fail, and the transaction is taken back as a whole.

CREATE TABLE event (
    seq  INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;

CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM event)
BEGIN SELECT raise(FAIL, 'events follow one another without a gap'); END;

CREATE TRIGGER event_stays BEFORE UPDATE ON event
BEGIN SELECT raise(FAIL, 'an event never changes'); END;

CREATE TRIGGER event_is_kept BEFORE DELETE ON event
BEGIN SELECT raise(FAIL, 'an event is never deleted'); END;

CREATE TABLE leaf (
    arrival   INTEGER PRIMARY KEY,
    entry     TEXT NOT NULL UNIQUE,
    seq       INTEGER REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,  -- NULL: padding
    root      BLOB NOT NULL CHECK (length(root) = 32),
    counts_as TEXT NOT NULL,
    year      TEXT,
    paper_match BLOB CHECK (length(paper_match) = 32),  -- hash of the slot alone
    position  INTEGER UNIQUE,                  -- NULL: pending
    growth    INTEGER REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,  -- the event that placed it
    CHECK ((position IS NULL) = (growth IS NULL))
) STRICT;

CREATE INDEX leaf_pending ON leaf (arrival) WHERE position IS NULL;

CREATE TRIGGER leaf_arrives BEFORE INSERT ON leaf
WHEN NEW.position IS NOT NULL
    OR EXISTS (SELECT 1 FROM leaf WHERE entry = NEW.entry OR arrival = NEW.arrival)
BEGIN SELECT raise(FAIL, 'a leaf arrives once, without a position'); END;

CREATE TRIGGER leaf_is_placed BEFORE UPDATE ON leaf
WHEN OLD.position IS NOT NULL
    OR NEW.position IS NOT (SELECT ifnull(max(position) + 1, 0) FROM leaf)
    OR (NEW.arrival, NEW.entry, NEW.seq, NEW.root, NEW.counts_as, NEW.year, NEW.paper_match)
        IS NOT (OLD.arrival, OLD.entry, OLD.seq, OLD.root, OLD.counts_as, OLD.year, OLD.paper_match)
BEGIN SELECT raise(FAIL, 'a leaf only ever gets a position, once, at the end of the tree'); END;

CREATE TRIGGER leaf_is_kept BEFORE DELETE ON leaf
BEGIN SELECT raise(FAIL, 'a leaf is never deleted'); END;

CREATE TABLE signed_checkpoint (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL
) STRICT;

CREATE TRIGGER checkpoint_grows BEFORE INSERT ON signed_checkpoint
WHEN NEW.size < 0 OR NEW.size <= (SELECT max(size) FROM signed_checkpoint)
BEGIN SELECT raise(FAIL, 'a tree of this size, or a larger one, is signed already'); END;

CREATE TRIGGER checkpoint_is_durable BEFORE INSERT ON signed_checkpoint
WHEN NEW.size > (SELECT ifnull(max(position) + 1, 0) FROM leaf)
BEGIN SELECT raise(FAIL, 'the tree is not yet of this size'); END;

CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON signed_checkpoint
BEGIN SELECT raise(FAIL, 'a signed checkpoint never changes'); END;

CREATE TRIGGER checkpoint_is_kept BEFORE DELETE ON signed_checkpoint
BEGIN SELECT raise(FAIL, 'a signed checkpoint is never deleted'); END;
