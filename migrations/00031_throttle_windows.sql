-- Failures are counted together from the first one on, not for as long as others follow; see auth/throttle.go.

-- +goose Up
ALTER TABLE throttles RENAME COLUMN last TO since;

-- +goose Down
ALTER TABLE throttles RENAME COLUMN since TO last;
