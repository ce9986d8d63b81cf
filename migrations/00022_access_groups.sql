-- Reads of many files in one directory are one row. A training run reads all of them in each epoch: a row, five index
-- entries and 300 bytes for each file would cost more than reading it.

-- +goose Up
ALTER TABLE accesses
    ADD COLUMN names  text[] COLLATE "C", -- of the files that were read in the directory path, at most 4095; NULL: path itself was read
    ADD COLUMN inodes bigint[],           -- of these files, in the same order
    ADD CONSTRAINT accesses_names CHECK (cardinality(names) BETWEEN 1 AND 4095 AND cardinality(inodes) = cardinality(names)) NOT VALID; -- no row has any yet
-- To analyze these columns, PostgreSQL would process millions of names one by one.
ALTER TABLE accesses ALTER COLUMN names SET STATISTICS 0, ALTER COLUMN inodes SET STATISTICS 0;

-- +goose Down
INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason, lost)
    SELECT at, op, usr, credential, client, project_id, e.inode, path || '/' || e.name, outcome, reason, lost
    FROM accesses, ROWS FROM (unnest(names), unnest(inodes)) AS e (name, inode) WHERE names IS NOT NULL;
DELETE FROM accesses WHERE names IS NOT NULL;
ALTER TABLE accesses DROP COLUMN names, DROP COLUMN inodes;
