-- Where uploads and unpacked archives really are, when a file was truncated, and the former state of a project in the trash.

-- +goose Up
ALTER TABLE jobs ADD COLUMN source_inode bigint NOT NULL DEFAULT 0; -- of the archive that is being unpacked; 0: not known yet, or the row is older than this column
ALTER TABLE projects ADD COLUMN was "char" CHECK (was IN ('a', 'r')); -- the state of a project before it was put into the trash; NULL: 'a'
ALTER TABLE inodes ADD COLUMN cut bigint; -- the gen that a file got when it was last truncated; NULL: never
ALTER TABLE uploads ADD COLUMN placed text COLLATE "C"; -- the file's own path, if path leads through a share; NULL: path

-- +goose Down
ALTER TABLE inodes DROP COLUMN cut;
ALTER TABLE uploads DROP COLUMN placed;
ALTER TABLE jobs DROP COLUMN source_inode;
ALTER TABLE projects DROP COLUMN was;
