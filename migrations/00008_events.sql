-- Events: who changed what, for the audit and for whoever follows a project; and who read what, or was refused.

-- +goose Up

-- The number of the newest event of each project, 0 of the common ground. A mutation counts here last of all, so that the
-- numbers of a project are dense and in the order of commits.
CREATE TABLE feeds (
    project_id bigint PRIMARY KEY,
    last       bigint NOT NULL
) WITH (fillfactor = 50);

-- One row for each mutation, written in its transaction.
CREATE TABLE events (
    project_id bigint      NOT NULL,
    seq        bigint      NOT NULL,
    at         timestamptz NOT NULL,             -- the moment of the numbering, by the database's clock
    op         text        COLLATE "C" NOT NULL, -- in the words of the namespace's operation: create, set ACL
    usr        text        COLLATE "C" NOT NULL,
    credential text        COLLATE "C" NOT NULL, -- the id of the token; empty: a believed name, or the server itself
    client     text        NOT NULL,             -- the host; empty: the server itself
    inode_id   bigint      NOT NULL,
    path       text        COLLATE "C" NOT NULL,
    target     text        COLLATE "C",          -- where a rename put it
    detail     json        NOT NULL,             -- Detail of the namespace
    operation  uuid,                             -- the id that the caller chose; NULL: none
    PRIMARY KEY (project_id, seq)
);
-- A path may be longer than what an index takes, so indexes hold its beginning.
CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_by_project ON events (project_id, at);
CREATE INDEX events_by_user ON events (usr, at);
CREATE INDEX events_by_path ON events (left(path, 200), at);
CREATE INDEX events_by_target ON events (left(target, 200), at) WHERE target IS NOT NULL;

-- What changed nothing: readings, and refusals of any operation. Servers write these behind the request, some at a time.
CREATE TABLE accesses (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,             -- by the server's clock
    op         text        COLLATE "C" NOT NULL,
    usr        text        COLLATE "C" NOT NULL,
    credential text        COLLATE "C" NOT NULL,
    client     text        NOT NULL,
    project_id bigint      NOT NULL,
    inode_id   bigint      NOT NULL,             -- 0: of a refusal that did not get that far
    path       text        COLLATE "C" NOT NULL,
    outcome    text        NOT NULL CHECK (outcome IN ('allowed', 'denied', 'lost')),
    reason     text        NOT NULL,             -- what a refusal said
    lost       bigint      NOT NULL DEFAULT 0    -- of outcome lost: how many a server could not write
);
CREATE INDEX accesses_by_time ON accesses (at);
CREATE INDEX accesses_by_project ON accesses (project_id, at);
CREATE INDEX accesses_by_user ON accesses (usr, at);
CREATE INDEX accesses_by_path ON accesses (left(path, 200), at);

-- +goose Down
DROP TABLE accesses;
DROP TABLE events;
DROP TABLE feeds;
