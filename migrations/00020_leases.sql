-- A server that is the only one answers from memory for a moment, and one that begins waits for that to be over.

-- +goose Up
ALTER TABLE servers
    ADD COLUMN leases boolean NOT NULL DEFAULT false, -- it may have a read lease
    ADD COLUMN ended boolean NOT NULL DEFAULT false;  -- it said that it changes nothing any more

-- +goose Down
ALTER TABLE servers DROP COLUMN leases, DROP COLUMN ended;
