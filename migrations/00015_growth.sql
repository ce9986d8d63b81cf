-- Keeps costs constant while the namespace grows.

-- +goose Up

-- The mounts of projects: deleting a directory or a project looks for them, and would otherwise read all children of the
-- directory, or, for a project, all of the common ground.
CREATE INDEX inodes_mounts ON inodes (project_id, target_project) WHERE kind = 'm';

-- Listing a directory, or checking whether it is empty, skips the index entries of what was deleted there and is not yet
-- vacuumed: some 7 pages per thousand. With PostgreSQL's defaults that can be a fifth of all inodes, which for ten million
-- are 14,000 pages each time. A vacuum reads the indexes from end to end, so it only runs for a fiftieth or more.
-- The rows of dirs, feeds and usage are updated in place, and stay few and small with PostgreSQL's defaults.
ALTER TABLE inodes SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
ALTER TABLE contents SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
ALTER TABLE names SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- +goose Down
ALTER TABLE inodes RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE contents RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE names RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
DROP INDEX inodes_mounts;
