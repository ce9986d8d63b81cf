-- Leases: which files are being written, and by whom.

-- +goose Up

-- lease is the id of the lease under which a file is being written; NULL: nobody is writing it. Taking or returning a lease
-- increments the inode's version, so whatever relied on the file notices a change of its writer.
ALTER TABLE inodes ADD COLUMN lease bigint;

-- A newborn file was created with its lease, empty, and is deleted with it if its content never arrives.
CREATE TABLE leases (
    project_id bigint      NOT NULL,
    inode_id   bigint      NOT NULL,
    id         bigint      NOT NULL,
    holder     text        COLLATE "C" NOT NULL, -- the user
    client     text        NOT NULL,             -- the host that the user writes from
    newborn    boolean     NOT NULL,
    server     uuid,                             -- receives the content; NULL: the writer has not connected yet
    since      timestamptz NOT NULL DEFAULT now(),
    operation  uuid,                             -- of the writing request, if its sender chose one
    PRIMARY KEY (project_id, inode_id)
);

-- +goose Down
DROP TABLE leases;
ALTER TABLE inodes DROP COLUMN lease;
