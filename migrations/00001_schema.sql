-- Names, rights, content and credentials. namespace/DESIGN.md explains the tree, the walk and the locks that these
-- tables are for; blocks/FORMAT.md explains the content of the sealed columns.
--
-- Hot tables have no foreign keys: a reference check would lock the parent row a second time. `granary fsck` checks
-- these references.

-- +goose Up

-- One row per fact about the whole installation: the key canary, the trash interval.
CREATE TABLE settings (
    name  text  PRIMARY KEY,
    value bytea NOT NULL
);

-- Every server that is running or ran recently. A server that was not seen for some minutes is considered dead, and what it
-- had begun to upload is garbage.
CREATE TABLE servers (
    id   uuid        PRIMARY KEY,
    seen timestamptz NOT NULL DEFAULT now()
);

-- epoch is incremented whenever what this user may do changes (groups, admin, disabled, a token revoked); every act that
-- relied on an older epoch is decided again.
CREATE TABLE users (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name     text        COLLATE "C" NOT NULL UNIQUE,
    groups   text[]      COLLATE "C" NOT NULL DEFAULT '{}',
    admin    boolean     NOT NULL DEFAULT false,
    disabled boolean     NOT NULL DEFAULT false,
    password text,                        -- argon2id, encoded with its parameters; NULL: no password login
    epoch    bigint      NOT NULL DEFAULT 1,
    created  timestamptz NOT NULL DEFAULT now()
);

-- Ed25519 key pairs that sign tokens, and MAC keys for tickets, which have no public half. The secret is sealed with
-- the root key. A key verifies signatures until `retires`.
CREATE TABLE signing_keys (
    kid     text        COLLATE "C" PRIMARY KEY,
    purpose text        NOT NULL,         -- 'token' or 'ticket': a key never signs two kinds
    public  bytea       NOT NULL,         -- empty for tickets
    sealed  bytea       NOT NULL,
    created timestamptz NOT NULL DEFAULT now(),
    retires timestamptz                   -- NULL: no end was set
);

-- Tokens that live longer than a session; each use looks up the token's row.
CREATE TABLE tokens (
    jti        uuid        PRIMARY KEY,
    user_id    bigint      NOT NULL REFERENCES users (id),
    label      text        NOT NULL DEFAULT '',
    project_id bigint,                    -- NULL: any project
    root       bigint,                    -- inode the token is limited to; NULL: the whole project
    read_only  boolean     NOT NULL DEFAULT false,
    created    timestamptz NOT NULL DEFAULT now(),
    expires    timestamptz NOT NULL,
    revoked    timestamptz
);
CREATE INDEX tokens_by_user ON tokens (user_id);

-- Project 0 is the common ground: /, /user, /tmp, /Projects. access_epoch is incremented with every change of membership,
-- state and whatever else widens or narrows access to the project as a whole.
CREATE TABLE projects (
    id           bigint      PRIMARY KEY,
    name         text        COLLATE "C" NOT NULL UNIQUE,
    root         bigint      NOT NULL UNIQUE,
    access_epoch bigint      NOT NULL DEFAULT 1,
    created      timestamptz NOT NULL DEFAULT now()
);
CREATE SEQUENCE project_ids;

-- Data keys, wrapped with the root key whose id is kek. New content is sealed with the highest version.
CREATE TABLE project_keys (
    project_id bigint      NOT NULL,
    version    integer     NOT NULL,
    kek        text        NOT NULL,
    wrapped    bytea       NOT NULL,
    created    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, version)
);

CREATE TABLE members (
    project_id bigint NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id    bigint NOT NULL REFERENCES users (id),
    role       text   NOT NULL CHECK (role IN ('owner', 'scientist', 'observer')),
    PRIMARY KEY (project_id, user_id)
);

-- Servers take ids a hundred at a time. The root directory is 16385, as in HDFS.
CREATE SEQUENCE inode_ids START 16400 INCREMENT 100;

-- The tree. An entry is (parent_id, name); the roots of projects have parent 0 and an empty name; what a recursive
-- delete has detached has no parent until the reaper has purged it. `id` is unique over all projects.
CREATE TABLE inodes (
    project_id     bigint   NOT NULL,
    id             bigint   NOT NULL,
    parent_id      bigint,
    name           text     COLLATE "C" NOT NULL,
    kind           "char"   NOT NULL CHECK (kind IN ('f', 'd', 'm')),  -- file, directory, mount of another project's directory
    mode           smallint NOT NULL,
    owner          text     COLLATE "C" NOT NULL,
    grp            text     COLLATE "C" NOT NULL,
    acl            text     COLLATE "C",        -- as auth/perm stores it; NULL: only the mode
    version        bigint   NOT NULL DEFAULT 1, -- incremented when rights or place change: acts verify it
    gen            bigint   NOT NULL DEFAULT 1, -- incremented when content changes
    size           bigint   NOT NULL DEFAULT 0,
    mtime          bigint   NOT NULL,           -- milliseconds since 1970
    atime          bigint   NOT NULL DEFAULT 0,
    replication    smallint NOT NULL DEFAULT 0,
    block_size     bigint   NOT NULL DEFAULT 0,
    target_project bigint,
    target_id      bigint,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX inodes_by_entry ON inodes (project_id, parent_id, name);

-- What changes with every child: kept apart from the inode, so that writers into one directory contend for this narrow
-- row only, after every other lock, and never for the row whose rights they rely on. No row: no child was ever created.
CREATE TABLE dirs (
    project_id bigint NOT NULL,
    id         bigint NOT NULL,
    mtime      bigint NOT NULL,
    children   bigint NOT NULL,
    PRIMARY KEY (project_id, id)
) WITH (fillfactor = 70);

-- Sealed bytes in the database: all of a small file, and the appends to any file until they are folded.
-- The content of a file is its contents and extents together, without gaps or overlaps, in the order of off.
CREATE TABLE contents (
    project_id  bigint  NOT NULL,
    inode_id    bigint  NOT NULL,
    off         bigint  NOT NULL,
    len         integer NOT NULL,
    key_version integer NOT NULL,
    sealed      bytea   NOT NULL,
    PRIMARY KEY (project_id, inode_id, off)
) WITH (toast_tuple_target = 8160);
ALTER TABLE contents ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Ranges of files that are stored in blocks.
CREATE TABLE extents (
    project_id  bigint  NOT NULL,
    inode_id    bigint  NOT NULL,
    off         bigint  NOT NULL,
    len         bigint  NOT NULL,
    block_id    uuid    NOT NULL,
    block_off   bigint  NOT NULL,
    key_version integer NOT NULL,
    PRIMARY KEY (project_id, inode_id, off)
);

-- Every block that exists in the stores, or may be about to: p pending (being written), l live, g garbage.
CREATE TABLE blocks (
    id         uuid        PRIMARY KEY,
    project_id bigint      NOT NULL,
    size       bigint      NOT NULL,   -- plaintext; 0 for a pending block
    state      "char"      NOT NULL CHECK (state IN ('p', 'l', 'g')),
    writer     uuid        NOT NULL,   -- the server that wrote it
    since      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX blocks_not_live ON blocks (since) WHERE state <> 'l';

-- HDFS checksum parts and block boundaries of the file's first `size` bytes (namespace/filesum); later bytes are in
-- contents, and are summed on request. No row: nothing has been summed yet.
CREATE TABLE sums (
    project_id bigint NOT NULL,
    inode_id   bigint NOT NULL,
    size       bigint NOT NULL,
    state      bytea  NOT NULL,
    PRIMARY KEY (project_id, inode_id)
);

-- Subtrees that recursive deletes have detached, until the reaper has purged them.
CREATE TABLE detached (
    project_id bigint      NOT NULL,
    inode_id   bigint      NOT NULL,
    since      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, inode_id)
);

-- One row per committed mutation, so that an unknown outcome can be looked up, and a repeated request gets the first
-- answer; kept for a day.
CREATE TABLE operations (
    id     uuid        PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT now(),
    asker  text,                          -- who asked for what; NULL: the id is the server's own
    answer bytea
);
CREATE INDEX operations_by_age ON operations USING brin (at);

-- +goose Down
DROP TABLE operations, detached, sums, blocks, extents, contents, dirs, inodes, members, project_keys, projects,
    tokens, signing_keys, users, servers, settings;
DROP SEQUENCE inode_ids, project_ids;
