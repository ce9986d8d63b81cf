-- Jobs: copying, zipping and unzipping in the background, by whichever server has time.

-- +goose Up

-- A job that runs belongs to the server in `server` as long as that is seen; epoch grows whenever it changes hands or ends,
-- and is compared, under the row's lock, in every transaction of who runs it. What it makes lies in `staged`, an inode without
-- a parent, which nobody finds, until one transaction gives it its name.
CREATE TABLE jobs (
    id            uuid        PRIMARY KEY,     -- the operation id of the request, if its sender chose one
    number        bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind          text        NOT NULL CHECK (kind IN ('copy', 'zip', 'unzip')),
    sources       text[]      COLLATE "C" NOT NULL,
    target        text        COLLATE "C" NOT NULL,
    -- Whose it is, and within what limits.
    user_id       bigint      NOT NULL,        -- 0: a believed name without a row
    usr           text        COLLATE "C" NOT NULL,
    token         uuid,                        -- that it depends on; NULL: none
    credential    text        COLLATE "C" NOT NULL,
    client        text        NOT NULL,
    scope_project bigint      NOT NULL,
    scope_root    bigint      NOT NULL,
    scope_verbs   smallint    NOT NULL,
    -- How far it is.
    state         text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    epoch         bigint      NOT NULL DEFAULT 0,
    server        uuid,                        -- that runs it; NULL: none
    attempts      integer     NOT NULL DEFAULT 0,
    not_before    timestamptz NOT NULL DEFAULT now(),
    planned       boolean     NOT NULL DEFAULT false,
    source_gen    bigint      NOT NULL DEFAULT 0, -- of the archive that is unpacked
    project_id    bigint,                      -- that staged lies in
    staged        bigint,
    entries       bigint      NOT NULL DEFAULT 0, -- files and directories
    files         bigint      NOT NULL DEFAULT 0,
    bytes         bigint      NOT NULL DEFAULT 0,
    files_done    bigint      NOT NULL DEFAULT 0,
    bytes_done    bigint      NOT NULL DEFAULT 0,
    failure       json,                        -- of state failed
    created       timestamptz NOT NULL DEFAULT now(),
    started       timestamptz,
    ended         timestamptz
);
CREATE INDEX jobs_open ON jobs (created) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_by_user ON jobs (usr, number);

-- What a job is about, one row for each file and directory, in the order in which they are made.
CREATE TABLE job_entries (
    job_id      uuid     NOT NULL,
    n           bigint   NOT NULL,
    root        integer  NOT NULL,             -- which of the sources it belongs to
    path        text     COLLATE "C" NOT NULL, -- in the result, with a slash before each name; empty: its top
    kind        "char"   NOT NULL,
    source      bigint   NOT NULL,             -- the inode; of an archive, the place in its directory
    size        bigint   NOT NULL,
    mode        smallint NOT NULL,
    replication smallint NOT NULL,
    block_size  bigint   NOT NULL,
    mtime       bigint   NOT NULL,             -- milliseconds since 1970
    listed      boolean  NOT NULL,             -- what is in it has rows, too
    made        bigint,                        -- the inode in the result; NULL: none yet
    PRIMARY KEY (job_id, n)
);
CREATE INDEX job_entries_unlisted ON job_entries (job_id, n) WHERE NOT listed;
CREATE INDEX job_entries_open ON job_entries (job_id, n) WHERE made IS NULL;

-- +goose Down
DROP TABLE job_entries, jobs;
