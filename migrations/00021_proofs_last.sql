-- What a server has proved about the tree holds until a transaction ends that it does not know of. Every few seconds, and every few thousand
-- files, there was such a transaction that changed nothing in the tree.

-- +goose Up

-- Servers analyze the tables themselves, so they know of it (namespace/analyze.go). Vacuuming is left to autovacuum: it takes no transaction id,
-- unless it truncates a table.
-- +goose StatementBegin
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE 'goose%' -- Granary's own, whatever else is there
        AND (relnamespace, relowner) = (SELECT relnamespace, relowner FROM pg_class WHERE oid = 'inodes'::regclass)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = pg_class.oid AND d.deptype = 'e') LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 1000000000)', name);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- To analyze a table, PostgreSQL copies 30,000 of its rows, which are 120 MB for contents. Its rows are only ever looked up by key.
ALTER TABLE contents ALTER COLUMN project_id SET STATISTICS 10, ALTER COLUMN inode_id SET STATISTICS 10, ALTER COLUMN off SET STATISTICS 10,
    ALTER COLUMN len SET STATISTICS 10, ALTER COLUMN key_version SET STATISTICS 10, ALTER COLUMN sealed SET STATISTICS 0;

-- Taking ids from a sequence is only sometimes a transaction. Servers make it one each time, and take a thousand ids.
ALTER SEQUENCE inode_ids INCREMENT 1000;

-- +goose Down
SELECT nextval('inode_ids'); -- so that the next hundred are not among the last thousand
ALTER SEQUENCE inode_ids INCREMENT 100;
ALTER TABLE contents ALTER COLUMN project_id SET STATISTICS -1, ALTER COLUMN inode_id SET STATISTICS -1, ALTER COLUMN off SET STATISTICS -1,
    ALTER COLUMN len SET STATISTICS -1, ALTER COLUMN key_version SET STATISTICS -1, ALTER COLUMN sealed SET STATISTICS -1;
-- +goose StatementBegin
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE 'goose%' AND relname <> 'unindexed'
        AND (relnamespace, relowner) = (SELECT relnamespace, relowner FROM pg_class WHERE oid = 'inodes'::regclass)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = pg_class.oid AND d.deptype = 'e') LOOP
        EXECUTE format('ALTER TABLE %s RESET (autovacuum_analyze_threshold)', name);
    END LOOP;
END
$$;
-- +goose StatementEnd
