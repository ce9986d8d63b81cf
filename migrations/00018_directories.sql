-- Directories are found without the files beside them: by whoever opens one in a tree, and whoever counts what lies below one.

-- +goose Up
CREATE INDEX inodes_directories ON inodes (project_id, parent_id, name) WHERE kind <> 'f';

-- +goose Down
DROP INDEX inodes_directories;
