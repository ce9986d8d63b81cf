-- A refusal is recorded with the path where it happened, for those who may know that: owners and superusers. From the audit log, those
-- who were refused may learn no more than the path that they had asked for.

-- +goose Up
ALTER TABLE accesses ADD COLUMN asked text COLLATE "C"; -- for a refusal, the path that was asked for; NULL: the answer was that nothing is there

-- +goose Down
ALTER TABLE accesses DROP COLUMN asked;
