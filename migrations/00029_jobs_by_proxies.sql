-- A job that a proxy starts for a user with doas depends on the proxy's token, not on one of the user's.

-- +goose Up
ALTER TABLE jobs ADD COLUMN proxy_token uuid; -- of the proxy that started the job in the user's place, if the token has a row; NULL: the user started it

-- +goose Down
ALTER TABLE jobs DROP COLUMN proxy_token;
