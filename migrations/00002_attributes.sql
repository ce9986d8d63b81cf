-- Extended attributes and storage policies of inodes.

-- +goose Up

-- xattrs lists names and base64 values, [["user.a", "AQ=="], ["user.b", null]], the newest first, as HDFS lists them. NULL:
-- there are none. storage_policy is HDFS's id of a policy, 0 if none was set; it is recorded but has no effect.
ALTER TABLE inodes ADD COLUMN xattrs json;
ALTER TABLE inodes ADD COLUMN storage_policy smallint NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE inodes DROP COLUMN xattrs, DROP COLUMN storage_policy;
