-- Finds directories without reading the files beside them, for directory trees and for counting what is below a directory.

-- +goose Up
CREATE INDEX inodes_directories ON inodes (project_id, parent_id, name) WHERE kind <> 'f';

-- +goose Down
DROP INDEX inodes_directories;
