-- Tokens that were given out for another token, as HDFS's delegation tokens are.

-- +goose Up

-- parent is the token that this one was given out for; it ends with it. NULL: there was none, or a session token, which
-- has no row. renewer is who may move `expires` on, up to the end that the token itself holds. NULL: nobody; this is no
-- delegation.
ALTER TABLE tokens ADD COLUMN parent uuid, ADD COLUMN renewer text COLLATE "C";
CREATE INDEX tokens_by_parent ON tokens (parent) WHERE parent IS NOT NULL;

-- +goose Down
ALTER TABLE tokens DROP COLUMN parent, DROP COLUMN renewer;
