-- What a server has proved of the tree holds until a transaction has ended that it knows nothing of. Every few seconds, and every few thousand
-- files, there was one that changed nothing of the tree.

-- +goose Up

-- Servers analyze the tables themselves, and know of it (namespace/analyze.go). Vacuums stay autovacuum's: they are no transactions, unless
-- they make a table shorter.
-- +goose StatementBegin
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE 'goose%' -- ours, whatever else is there
        AND (relnamespace, relowner) = (SELECT relnamespace, relowner FROM pg_class WHERE oid = 'inodes'::regclass)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = pg_class.oid AND d.deptype = 'e') LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 1000000000)', name);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- To analyze a table PostgreSQL copies 30,000 of its rows, 120 MB of contents. All that is looked up there is looked up by its key.
ALTER TABLE contents ALTER COLUMN project_id SET STATISTICS 10, ALTER COLUMN inode_id SET STATISTICS 10, ALTER COLUMN off SET STATISTICS 10,
    ALTER COLUMN len SET STATISTICS 10, ALTER COLUMN key_version SET STATISTICS 10, ALTER COLUMN sealed SET STATISTICS 0;

-- To take ids from a sequence is a transaction now and then. Servers make one of it each time, and take a thousand ids.
ALTER SEQUENCE inode_ids INCREMENT 1000;

-- +goose Down
SELECT nextval('inode_ids'); -- so that the next hundred do not lie within the last thousand
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
