-- Finds what is bounded in number, or looked for again and again, without reading everything of its kind.

-- +goose Up
CREATE INDEX sessions_by_user ON tokens (user_id, created, jti) WHERE kind = 'session' AND revoked IS NULL;
CREATE INDEX shares_offered ON shares (project_id, coalesce(to_project, 0), coalesce(to_user, 0)) WHERE accepted IS NULL;
CREATE INDEX shares_shown ON shares (mount) WHERE mount IS NOT NULL;
CREATE INDEX shares_expiring ON shares (expires) WHERE expires IS NOT NULL;
CREATE INDEX datasets_found ON datasets (project_id) WHERE public OR listed;
CREATE INDEX users_alike ON users (translate(regexp_replace(lower(name COLLATE "C"), '[^ -~]', '?', 'g'), '01iks', 'oll??')); -- see auth/names.go

-- +goose Down
DROP INDEX users_alike, datasets_found, shares_expiring, shares_shown, shares_offered, sessions_by_user;
