-- Tokens that were issued for another token, such as HDFS's delegation tokens.

-- +goose Up

-- parent is the token for which this one was issued, and with which it ends. NULL: there was none, or it was a session token,
-- which has no row. renewer is who may extend `expires`, up to the end that is in the token itself. NULL: nobody, because this
-- is not a delegation token.
ALTER TABLE tokens ADD COLUMN parent uuid, ADD COLUMN renewer text COLLATE "C";
CREATE INDEX tokens_by_parent ON tokens (parent) WHERE parent IS NOT NULL;

-- +goose Down
ALTER TABLE tokens DROP COLUMN parent, DROP COLUMN renewer;
