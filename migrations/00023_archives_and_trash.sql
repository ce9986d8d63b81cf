-- +goose Up
ALTER TABLE jobs ADD COLUMN source_inode bigint NOT NULL DEFAULT 0; -- of the archive that is unpacked; 0: not known yet, or it was noted before this column was
ALTER TABLE projects ADD COLUMN was "char" CHECK (was IN ('a', 'r')); -- the state of a project in the trash before it came there; NULL: 'a'

-- +goose Down
ALTER TABLE jobs DROP COLUMN source_inode;
ALTER TABLE projects DROP COLUMN was;
