-- Uploads in parts.

-- +goose Up

-- A file whose content arrives in several requests, to any server. What has arrived is in extents of `inode_id`, which is not an inode before
-- everything is there: nobody can find it, and the last act makes a file of it.
CREATE TABLE uploads (
    id          uuid        PRIMARY KEY,      -- also the operation id of the last act
    usr         text        COLLATE "C" NOT NULL,
    path        text        COLLATE "C" NOT NULL,
    project_id  bigint      NOT NULL,
    inode_id    bigint      NOT NULL,
    length      bigint      NOT NULL CHECK (length > 0),
    size        bigint      NOT NULL DEFAULT 0 CHECK (size <= length), -- bytes that have arrived
    mode        smallint    NOT NULL,
    replication smallint    NOT NULL,
    block_size  bigint      NOT NULL,
    created     timestamptz NOT NULL DEFAULT now(),
    touched     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (project_id, inode_id)
);
CREATE INDEX uploads_by_user ON uploads (usr);
CREATE INDEX uploads_by_age ON uploads (touched);

-- +goose Down
DROP TABLE uploads;
