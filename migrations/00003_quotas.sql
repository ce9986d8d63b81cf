-- Quotas of directories and what counts against them.

-- +goose Up

-- Limits are attributes of the directory and move its version on. quota_names counts the directory itself and everything
-- below it; quota_space is bytes, replicas counted; quota_types the same by storage type, in the order of
-- namespace.storageTypes, -1 for none. NULL: no limit.
ALTER TABLE inodes ADD COLUMN quota_names bigint, ADD COLUMN quota_space bigint, ADD COLUMN quota_types bigint[];

-- What a directory with a limit holds, exact at every commit. It changes with everything below and so is apart from the
-- inode, and is locked after everything else. No row: the directory has no limit, and nothing is counted.
CREATE TABLE usage (
    project_id bigint   NOT NULL,
    id         bigint   NOT NULL,
    names      bigint   NOT NULL,
    space      bigint   NOT NULL,
    types      bigint[] NOT NULL,
    PRIMARY KEY (project_id, id)
) WITH (fillfactor = 70);

-- +goose Down
DROP TABLE usage;
ALTER TABLE inodes DROP COLUMN quota_names, DROP COLUMN quota_space, DROP COLUMN quota_types;
