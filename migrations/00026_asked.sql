-- A refusal is recorded with where it happened, for those who may know: owners and superusers. Who was refused may learn from the
-- audit no more than what they had asked for.

-- +goose Up
ALTER TABLE accesses ADD COLUMN asked text COLLATE "C"; -- of a refusal, the path that was asked for; NULL: who asked was told that nothing is there

-- +goose Down
ALTER TABLE accesses DROP COLUMN asked;
