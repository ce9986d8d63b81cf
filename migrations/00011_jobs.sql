-- Jobs: copying, zipping and unzipping in the background, by whichever server is free.

-- +goose Up

-- A running job belongs to the server in `server` as long as that server is seen; epoch is incremented whenever the job changes
-- hands or ends, and is compared, under the row's lock, in every transaction of the server that runs it. The result is built in
-- `staged`, an inode without a parent, which nobody can find, until one transaction gives it its name.
CREATE TABLE jobs (
    id            uuid        PRIMARY KEY,     -- the operation id of the request, if its sender chose one
    number        bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind          text        NOT NULL CHECK (kind IN ('copy', 'zip', 'unzip')),
    sources       text[]      COLLATE "C" NOT NULL,
    target        text        COLLATE "C" NOT NULL,
    -- Who started it, and with which limits.
    user_id       bigint      NOT NULL,        -- 0: a believed user.name without a row
    usr           text        COLLATE "C" NOT NULL,
    token         uuid,                        -- the one that it depends on; NULL: none
    credential    text        COLLATE "C" NOT NULL,
    client        text        NOT NULL,
    scope_project bigint      NOT NULL,
    scope_root    bigint      NOT NULL,
    scope_verbs   smallint    NOT NULL,
    -- Its progress.
    state         text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    epoch         bigint      NOT NULL DEFAULT 0,
    server        uuid,                        -- the one that runs it; NULL: none
    attempts      integer     NOT NULL DEFAULT 0,
    not_before    timestamptz NOT NULL DEFAULT now(),
    planned       boolean     NOT NULL DEFAULT false,
    source_gen    bigint      NOT NULL DEFAULT 0, -- of the archive that is being unpacked
    project_id    bigint,                      -- the project of staged
    staged        bigint,
    entries       bigint      NOT NULL DEFAULT 0, -- files and directories
    files         bigint      NOT NULL DEFAULT 0,
    bytes         bigint      NOT NULL DEFAULT 0,
    files_done    bigint      NOT NULL DEFAULT 0,
    bytes_done    bigint      NOT NULL DEFAULT 0,
    failure       json,                        -- for the state failed
    created       timestamptz NOT NULL DEFAULT now(),
    started       timestamptz,
    ended         timestamptz
);
CREATE INDEX jobs_open ON jobs (created) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_by_user ON jobs (usr, number);

-- What a job creates or packs, one row for each file and directory, in the order in which they are created.
CREATE TABLE job_entries (
    job_id      uuid     NOT NULL,
    n           bigint   NOT NULL,
    root        integer  NOT NULL,             -- which of the sources it belongs to
    path        text     COLLATE "C" NOT NULL, -- within the result, with a slash before each name; empty: the result itself
    kind        "char"   NOT NULL,
    source      bigint   NOT NULL,             -- the inode; for an archive, the position in its directory
    size        bigint   NOT NULL,
    mode        smallint NOT NULL,
    replication smallint NOT NULL,
    block_size  bigint   NOT NULL,
    mtime       bigint   NOT NULL,             -- milliseconds since 1970
    listed      boolean  NOT NULL,             -- its entries have rows, too
    made        bigint,                        -- the inode in the result; NULL: none yet
    PRIMARY KEY (job_id, n)
);
CREATE INDEX job_entries_unlisted ON job_entries (job_id, n) WHERE NOT listed;
CREATE INDEX job_entries_open ON job_entries (job_id, n) WHERE made IS NULL;

-- +goose Down
DROP TABLE job_entries, jobs;
