-- An upload keeps the condition with which it was begun: a request for its state can also try its last act, and does not know the condition.

-- +goose Up
ALTER TABLE uploads ADD COLUMN absent boolean NOT NULL DEFAULT false; -- it was begun on the condition that it replaces nothing

-- +goose Down
ALTER TABLE uploads DROP COLUMN absent;
