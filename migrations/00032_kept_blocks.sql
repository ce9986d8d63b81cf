-- While the installation is being copied, no block is deleted.

-- +goose Up
ALTER TABLE servers ADD COLUMN keeps boolean NOT NULL DEFAULT false; -- for as long as it is seen, all blocks are kept, whatever their grace

-- +goose Down
ALTER TABLE servers DROP COLUMN keeps;
