-- Datasets are looked up by their ids alone, which are unique.

-- +goose Up
CREATE INDEX datasets_by_id ON datasets (inode_id);

-- +goose Down
DROP INDEX datasets_by_id;
