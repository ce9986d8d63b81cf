-- Quotas of directories, and usage.

-- +goose Up

-- Limits are attributes of the directory, and setting them increments its version. quota_names limits the number of names,
-- the directory itself included; quota_space the bytes, counting replicas; quota_types the same by storage type, in the order
-- of namespace.storageTypes, -1 for none. NULL: no limit.
ALTER TABLE inodes ADD COLUMN quota_names bigint, ADD COLUMN quota_space bigint, ADD COLUMN quota_types bigint[];

-- The usage of a directory with a limit, exact at every commit. It changes with everything below, so it is kept apart from
-- the inode, and is locked after everything else. No row: the directory has no limit, and nothing is counted.
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
