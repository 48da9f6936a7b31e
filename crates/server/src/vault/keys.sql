-- The vault's keys, schema 1: everything whose deletion is erasure.

CREATE TABLE master_proof (
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE entry_key (
    entry      TEXT PRIMARY KEY NOT NULL,
    wrapped_by TEXT NOT NULL DEFAULT 'master',
    wrapped    BLOB NOT NULL
) STRICT;

CREATE TABLE data_key (
    id         TEXT PRIMARY KEY NOT NULL,
    key        TEXT NOT NULL UNIQUE,
    owner      TEXT NOT NULL,                   -- the individual or unit of the paper
    wrapped_by TEXT NOT NULL DEFAULT 'master',  -- later the individual's or the unit's key
    wrapped    BLOB NOT NULL
) STRICT;

CREATE INDEX data_key_owner ON data_key (owner);

CREATE TABLE match_entry (
    tag        BLOB NOT NULL CHECK (length(tag) = 32),
    kind       TEXT NOT NULL CHECK (kind IN ('a_number', 'name_and_birth')),
    individual TEXT NOT NULL,
    PRIMARY KEY (tag, individual)
) STRICT;

CREATE UNIQUE INDEX match_entry_a_number ON match_entry (tag) WHERE kind = 'a_number';
CREATE INDEX match_entry_individual ON match_entry (individual, kind);

CREATE TABLE tombstone (
    id       TEXT PRIMARY KEY NOT NULL,
    at       TEXT NOT NULL,
    finished INTEGER NOT NULL CHECK (finished IN (0, 1))  -- 0: bytes of it may still be in the files
) STRICT;

CREATE TRIGGER entry_stays_erased BEFORE INSERT ON entry_key
WHEN EXISTS (SELECT 1 FROM tombstone WHERE id = NEW.entry)
BEGIN SELECT raise(FAIL, 'it was erased'); END;

CREATE TRIGGER paper_stays_erased BEFORE INSERT ON data_key
WHEN EXISTS (SELECT 1 FROM tombstone WHERE id IN (NEW.id, NEW.owner))
BEGIN SELECT raise(FAIL, 'it was erased'); END;

CREATE TRIGGER individual_stays_erased BEFORE INSERT ON match_entry
WHEN EXISTS (SELECT 1 FROM tombstone WHERE id = NEW.individual)
BEGIN SELECT raise(FAIL, 'it was erased'); END;

CREATE TRIGGER tombstone_stays BEFORE DELETE ON tombstone
BEGIN SELECT raise(FAIL, 'a tombstone is never deleted'); END;
