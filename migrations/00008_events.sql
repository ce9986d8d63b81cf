-- Events: who changed what, for the audit log and for followers of a project; and who read what, or was refused.

-- +goose Up

-- The number of the newest event of each project, with project 0 for the common ground. A mutation takes its number last of
-- all, so that the numbers of a project have no gaps and are in the order of commits.
CREATE TABLE feeds (
    project_id bigint PRIMARY KEY,
    last       bigint NOT NULL
) WITH (fillfactor = 50);

-- One row for each mutation, written in its transaction.
CREATE TABLE events (
    project_id bigint      NOT NULL,
    seq        bigint      NOT NULL,
    at         timestamptz NOT NULL,             -- when the number was taken, by the database's clock
    op         text        COLLATE "C" NOT NULL, -- as the namespace names the operation: create, set ACL
    usr        text        COLLATE "C" NOT NULL,
    credential text        COLLATE "C" NOT NULL, -- the id of the token; empty: a believed name, or the server itself
    client     text        NOT NULL,             -- the host; empty: the server itself
    inode_id   bigint      NOT NULL,
    path       text        COLLATE "C" NOT NULL,
    target     text        COLLATE "C",          -- the destination of a rename
    detail     json        NOT NULL,             -- namespace.Detail
    operation  uuid,                             -- the id chosen by the caller; NULL: none
    PRIMARY KEY (project_id, seq)
);
-- A path can be too long for an index, so indexes contain its beginning.
CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_by_project ON events (project_id, at);
CREATE INDEX events_by_user ON events (usr, at);
CREATE INDEX events_by_path ON events (left(path, 200), at);
CREATE INDEX events_by_target ON events (left(target, 200), at) WHERE target IS NOT NULL;

-- What changed nothing: reads, and refusals of any operation. Servers write these after the request, several at a time.
CREATE TABLE accesses (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,             -- by the server's clock
    op         text        COLLATE "C" NOT NULL,
    usr        text        COLLATE "C" NOT NULL,
    credential text        COLLATE "C" NOT NULL,
    client     text        NOT NULL,
    project_id bigint      NOT NULL,
    inode_id   bigint      NOT NULL,             -- 0: a refusal before an inode was found
    path       text        COLLATE "C" NOT NULL,
    outcome    text        NOT NULL CHECK (outcome IN ('allowed', 'denied', 'lost')),
    reason     text        NOT NULL,             -- the message of a refusal
    lost       bigint      NOT NULL DEFAULT 0    -- for the outcome lost: how many a server could not write
);
CREATE INDEX accesses_by_time ON accesses (at);
CREATE INDEX accesses_by_project ON accesses (project_id, at);
CREATE INDEX accesses_by_user ON accesses (usr, at);
CREATE INDEX accesses_by_path ON accesses (left(path, 200), at);

-- +goose Down
DROP TABLE accesses;
DROP TABLE events;
DROP TABLE feeds;
