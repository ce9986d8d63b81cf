-- Who signs in at an OpenID provider, and an audit of what is done to users and credentials.

-- +goose Up

-- A person at a provider, by what the provider never gives to another: not by name or address. issuer is the provider's URL.
CREATE TABLE identities (
    issuer  text        COLLATE "C" NOT NULL,
    subject text        COLLATE "C" NOT NULL,
    user_id bigint      NOT NULL REFERENCES users (id),
    linked  timestamptz NOT NULL,
    used    timestamptz,                  -- the last time that somebody signed in by it; NULL: never
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- mapped are the groups that the provider's groups stood for when the user last signed in there. They count besides groups,
-- and make nobody a superuser.
ALTER TABLE users ADD COLUMN mapped text[] COLLATE "C" NOT NULL DEFAULT '{}';

-- Logins at a provider that came back, by the SHA-256 of their state, so that none comes back twice. Kept until they would
-- have expired.
CREATE TABLE logins (
    state   bytea       PRIMARY KEY,
    expires timestamptz NOT NULL
);
CREATE INDEX logins_by_expiry ON logins (expires);

-- What was done to users and credentials, sign-ins among it, each written in the transaction that did it; see auth/deeds.go. Sign-ins
-- that were refused are in accesses.
CREATE TABLE deeds (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    op         text        COLLATE "C" NOT NULL,
    usr        text        COLLATE "C" NOT NULL, -- who did it
    credential text        COLLATE "C" NOT NULL, -- the id of the token; empty: whoever holds the data
    client     text        NOT NULL,             -- the host; empty: the machine itself
    project_id bigint      NOT NULL,             -- of the service account or credential; 0: none
    detail     json        NOT NULL              -- Detail of the namespace
);
CREATE INDEX deeds_by_time ON deeds (at);
CREATE INDEX deeds_by_project ON deeds (project_id, at);
CREATE INDEX deeds_by_user ON deeds (usr, at);

-- +goose Down
DROP TABLE deeds, logins, identities;
ALTER TABLE users DROP COLUMN mapped;
