-- A server that is the only one answers from memory for a moment, and one that begins waits for that to be over.

-- +goose Up
ALTER TABLE servers
    ADD COLUMN read_leases boolean NOT NULL DEFAULT false, -- it may have one
    ADD COLUMN ended boolean NOT NULL DEFAULT false;       -- it said that it changes nothing any more

-- +goose Down
ALTER TABLE servers DROP COLUMN read_leases, DROP COLUMN ended;
