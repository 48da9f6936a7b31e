-- The vault's rows, schema 1. A row is sealed once; it goes only by erasure. Readings stay.

CREATE TABLE sealed_row (
    id     TEXT NOT NULL,
    field  TEXT NOT NULL,
    class  TEXT NOT NULL,
    sealed BLOB NOT NULL,  -- nonce, ciphertext, tag
    PRIMARY KEY (id, field)
) STRICT;

CREATE TABLE reading (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL,
    reader TEXT NOT NULL,
    reason TEXT NOT NULL,
    at     TEXT NOT NULL
) STRICT;

CREATE TRIGGER reading_follows BEFORE INSERT ON reading
WHEN NEW.number IS NOT (SELECT ifnull(max(number), 0) + 1 FROM reading)
BEGIN SELECT raise(FAIL, 'readings follow one another without a gap'); END;

CREATE TRIGGER reading_stays BEFORE UPDATE ON reading
BEGIN SELECT raise(FAIL, 'a reading never changes'); END;

CREATE TRIGGER reading_is_kept BEFORE DELETE ON reading
BEGIN SELECT raise(FAIL, 'a reading is never deleted'); END;
