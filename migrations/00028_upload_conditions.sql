-- An upload keeps the condition that it was begun under: whoever only asks how far it is may try its last act, and knows of none.

-- +goose Up
ALTER TABLE uploads ADD COLUMN absent boolean NOT NULL DEFAULT false; -- it was begun to replace nothing

-- +goose Down
ALTER TABLE uploads DROP COLUMN absent;
