-- A server that is the only one may answer from memory for a short time, and a server that starts waits for that time to end.

-- +goose Up
ALTER TABLE servers
    ADD COLUMN read_leases boolean NOT NULL DEFAULT false, -- it may hold one
    ADD COLUMN ended boolean NOT NULL DEFAULT false;       -- it has announced that it makes no more changes

-- +goose Down
ALTER TABLE servers DROP COLUMN read_leases, DROP COLUMN ended;
