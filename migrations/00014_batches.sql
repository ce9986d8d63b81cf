-- What a batch of mutations is known by, and what it writes beside them.

-- +goose Up

-- The last event of each project in a batch bears the batch's id: without it, a server that lost the answer to a COMMIT could not
-- tell whether the batch happened.
ALTER TABLE events ADD COLUMN batch uuid;

-- +goose Down
ALTER TABLE events DROP COLUMN batch;
