-- Many files of a directory that somebody read are one row. Who trains a model reads all of them in each epoch: a row, five index
-- entries and 300 bytes for each would cost more than to read the file.

-- +goose Up
ALTER TABLE accesses
    ADD COLUMN names  text[] COLLATE "C", -- of what was read in the directory path, at most 4095; NULL: path itself was
    ADD COLUMN inodes bigint[],           -- theirs, in the same order
    ADD CONSTRAINT accesses_names CHECK (cardinality(names) BETWEEN 1 AND 4095 AND cardinality(inodes) = cardinality(names)) NOT VALID; -- no row has any yet
-- To analyze them PostgreSQL would take millions of names apart.
ALTER TABLE accesses ALTER COLUMN names SET STATISTICS 0, ALTER COLUMN inodes SET STATISTICS 0;

-- +goose Down
INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason, lost)
    SELECT at, op, usr, credential, client, project_id, e.inode, path || '/' || e.name, outcome, reason, lost
    FROM accesses, ROWS FROM (unnest(names), unnest(inodes)) AS e (name, inode) WHERE names IS NOT NULL;
DELETE FROM accesses WHERE names IS NOT NULL;
ALTER TABLE accesses DROP COLUMN names, DROP COLUMN inodes;
