-- While the installation is being copied, no block is deleted.

-- +goose Up
ALTER TABLE servers ADD COLUMN keeps boolean NOT NULL DEFAULT false; -- as long as this server is seen, all blocks are kept, even after their grace time

-- +goose Down
ALTER TABLE servers DROP COLUMN keeps;
