-- Who signs in at an OpenID provider.

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

-- +goose Down
DROP TABLE logins, identities;
ALTER TABLE users DROP COLUMN mapped;
