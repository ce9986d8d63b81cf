-- Users of an OpenID provider, and an audit log of changes to users and credentials.

-- +goose Up

-- A person at a provider, by the identifier that the provider never reassigns, not by name or address. issuer is the provider's URL.
CREATE TABLE identities (
    issuer  text        COLLATE "C" NOT NULL,
    subject text        COLLATE "C" NOT NULL,
    user_id bigint      NOT NULL REFERENCES users (id),
    linked  timestamptz NOT NULL,
    used    timestamptz,                  -- when it was last used to sign in; NULL: never
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- mapped are the groups that the provider's groups were mapped to when the user last signed in there. They count in addition to
-- groups, but make nobody a superuser.
ALTER TABLE users ADD COLUMN mapped text[] COLLATE "C" NOT NULL DEFAULT '{}';

-- Logins that have returned from a provider, by the SHA-256 of their state, so that none can return twice. Kept until they
-- would have expired.
CREATE TABLE logins (
    state   bytea       PRIMARY KEY,
    expires timestamptz NOT NULL
);
CREATE INDEX logins_by_expiry ON logins (expires);

-- Changes to users and credentials, including sign-ins, each written in the transaction that made it; see auth/deeds.go. Refused
-- sign-ins are in accesses.
CREATE TABLE deeds (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    op         text        COLLATE "C" NOT NULL,
    usr        text        COLLATE "C" NOT NULL, -- who did it
    credential text        COLLATE "C" NOT NULL, -- the id of the token; empty: somebody with access to the data folder
    client     text        NOT NULL,             -- the host; empty: the machine itself
    project_id bigint      NOT NULL,             -- the project of the service account or credential; 0: none
    detail     json        NOT NULL              -- namespace.Detail
);
CREATE INDEX deeds_by_time ON deeds (at);
CREATE INDEX deeds_by_project ON deeds (project_id, at);
CREATE INDEX deeds_by_user ON deeds (usr, at);

-- +goose Down
DROP TABLE deeds, logins, identities;
ALTER TABLE users DROP COLUMN mapped;
