-- Where uploads and unpacked archives really lie, when a file was cut, and what a project in the trash was before.

-- +goose Up
ALTER TABLE jobs ADD COLUMN source_inode bigint NOT NULL DEFAULT 0; -- of the archive that is unpacked; 0: not known yet, or it was noted before this column was
ALTER TABLE projects ADD COLUMN was "char" CHECK (was IN ('a', 'r')); -- the state of a project in the trash before it came there; NULL: 'a'
ALTER TABLE inodes ADD COLUMN cut bigint; -- the gen that a file got when it was last truncated; NULL: never
ALTER TABLE uploads ADD COLUMN placed text COLLATE "C"; -- the own path, where path leads through a share; NULL: path

-- +goose Down
ALTER TABLE inodes DROP COLUMN cut;
ALTER TABLE uploads DROP COLUMN placed;
ALTER TABLE jobs DROP COLUMN source_inode;
ALTER TABLE projects DROP COLUMN was;
