-- What keeps costs the same while the namespace grows.

-- +goose Up

-- The mounts of projects: whoever deletes a directory or a project looks for them, and would else read all children of the
-- one, and all of the common ground for the other.
CREATE INDEX inodes_mounts ON inodes (project_id, target_project) WHERE kind = 'm';

-- +goose Down
DROP INDEX inodes_mounts;
