-- A job that a proxy starts for a user by doas depends on the proxy's token, and not on one of the user's.

-- +goose Up
ALTER TABLE jobs ADD COLUMN proxy_token uuid; -- of who started the job in the user's place, if that token has a row; NULL: the user did

-- +goose Down
ALTER TABLE jobs DROP COLUMN proxy_token;
