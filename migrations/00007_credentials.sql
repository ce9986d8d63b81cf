-- Credentials that are secrets and not signatures, restrictions of what tokens may be used for, service accounts, and delays
-- for those who guess passwords.

-- +goose Up

-- A service account belongs to a project: it never signs in with a password, all its tokens are limited to the project, and
-- it ends with the project. Its row stays, so that nobody can take over its name.
ALTER TABLE users
    ADD COLUMN kind       text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'service')),
    ADD COLUMN project_id bigint,         -- for a service account
    ADD CHECK ((kind = 'service') = (project_id IS NOT NULL));

-- Every credential that can be listed and revoked has a row here, which each use looks up, so revoking it takes effect at once:
-- tokens and delegations, which are signed; personal tokens, web sessions and download links, of which only the SHA-256
-- is stored. verbs is what it may be used for; NULL: everything. used is the last use, to the minute. address is where a
-- session began; uses and password (argon2id) belong to links, whose root is the inode that they lead to.
ALTER TABLE tokens
    ADD COLUMN kind     text NOT NULL DEFAULT 'token' CHECK (kind IN ('token', 'delegation', 'personal', 'session', 'link')),
    ADD COLUMN secret   bytea,
    ADD COLUMN verbs    text[] COLLATE "C" CHECK (cardinality(verbs) > 0),
    ADD COLUMN used     timestamptz,
    ADD COLUMN uses     bigint NOT NULL DEFAULT 0,
    ADD COLUMN address  text NOT NULL DEFAULT '',
    ADD COLUMN password text,
    ADD CHECK ((kind IN ('token', 'delegation')) = (secret IS NULL));
UPDATE tokens SET kind = 'delegation' WHERE renewer IS NOT NULL;
UPDATE tokens SET verbs = '{read}' WHERE read_only;
ALTER TABLE tokens DROP COLUMN read_only, ALTER COLUMN kind DROP DEFAULT;
CREATE UNIQUE INDEX tokens_by_secret ON tokens (secret) WHERE secret IS NOT NULL;
CREATE INDEX tokens_by_expiry ON tokens (expires);

-- Counts of wrong passwords and secrets, by the SHA-256 of who tried what; see auth/throttle.go.
CREATE TABLE throttles (
    key      bytea       PRIMARY KEY,
    failures integer     NOT NULL,
    until    timestamptz NOT NULL,         -- no attempt is allowed before
    last     timestamptz NOT NULL
);
CREATE INDEX throttles_by_age ON throttles (last);

-- +goose Down
DROP TABLE throttles;
DELETE FROM tokens WHERE kind NOT IN ('token', 'delegation');
-- Without its verbs, a token that may only add cannot be told from one that may do everything.
DELETE FROM tokens WHERE verbs IS NOT NULL AND verbs <> '{read}';
ALTER TABLE tokens ADD COLUMN read_only boolean NOT NULL DEFAULT false;
UPDATE tokens SET read_only = true WHERE verbs = '{read}';
ALTER TABLE tokens DROP COLUMN kind, DROP COLUMN secret, DROP COLUMN verbs, DROP COLUMN used, DROP COLUMN uses,
    DROP COLUMN address, DROP COLUMN password;
DROP INDEX tokens_by_expiry;
UPDATE users SET disabled = true WHERE kind = 'service';
ALTER TABLE users DROP COLUMN kind, DROP COLUMN project_id;
