-- Failures are counted together for a time that begins with the first one, and is not extended by others; see auth/throttle.go.

-- +goose Up
ALTER TABLE throttles RENAME COLUMN last TO since;

-- +goose Down
ALTER TABLE throttles RENAME COLUMN since TO last;
