-- Leases: which files are being written, and by whom.

-- +goose Up

-- lease is the id of the lease under which a file is being written; NULL: nobody writes it. Taking and giving back a lease
-- moves the inode's version on, so whatever relied on the file knows its writer.
ALTER TABLE inodes ADD COLUMN lease bigint;

-- A newborn file appeared together with its lease, empty, and goes with it if its content never comes.
CREATE TABLE leases (
    project_id bigint      NOT NULL,
    inode_id   bigint      NOT NULL,
    id         bigint      NOT NULL,
    holder     text        COLLATE "C" NOT NULL, -- the user
    client     text        NOT NULL,             -- the host that the user writes from
    newborn    boolean     NOT NULL,
    server     uuid,                             -- receives the content; NULL: the writer has not come yet
    since      timestamptz NOT NULL DEFAULT now(),
    operation  uuid,                             -- of the request that writes, if its sender chose one
    PRIMARY KEY (project_id, inode_id)
);

-- +goose Down
DROP TABLE leases;
ALTER TABLE inodes DROP COLUMN lease;
