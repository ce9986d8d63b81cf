-- What keeps costs the same while the namespace grows.

-- +goose Up

-- The mounts of projects: whoever deletes a directory or a project looks for them, and would else read all children of the
-- one, and all of the common ground for the other.
CREATE INDEX inodes_mounts ON inodes (project_id, target_project) WHERE kind = 'm';

-- Whoever lists a directory, or asks whether it is empty, passes by the index entries of what was deleted there and not yet
-- vacuumed: some 7 pages for each thousand. By PostgreSQL's own settings that may be a fifth of all inodes, of ten million
-- 14,000 pages each time. A vacuum reads the indexes from end to end, so it does not come for less than a fiftieth.
-- The rows of dirs, feeds and usage change in place, and stay few and small with PostgreSQL's own settings.
ALTER TABLE inodes SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
ALTER TABLE contents SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
ALTER TABLE names SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- +goose Down
ALTER TABLE inodes RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE contents RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE names RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
DROP INDEX inodes_mounts;
