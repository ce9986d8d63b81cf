-- A dataset is asked for by its id alone, which no other has.

-- +goose Up
CREATE INDEX datasets_by_id ON datasets (inode_id);

-- +goose Down
DROP INDEX datasets_by_id;
