-- What projects say of themselves, datasets, and shares of them.

-- +goose Up

-- state: a active; r archived, which nobody writes to; d deleted, which nobody finds, until drop_after.
-- listed: anybody may find the project and ask to be let in.
ALTER TABLE projects
    ADD COLUMN description text        NOT NULL DEFAULT '',
    ADD COLUMN state       "char"      NOT NULL DEFAULT 'a' CHECK (state IN ('a', 'r', 'd')),
    ADD COLUMN listed      boolean     NOT NULL DEFAULT false,
    ADD COLUMN drop_after  timestamptz;

CREATE INDEX members_by_user ON members (user_id);

-- use says what a directory is for beside holding files: d a dataset, s the directory of accepted shares. NULL: nothing. A
-- mount of kind s, unlike m, shows a directory of another project that was shared with the project that it stands in.
ALTER TABLE inodes ADD COLUMN use "char";
ALTER TABLE inodes DROP CONSTRAINT inodes_kind_check;
ALTER TABLE inodes ADD CONSTRAINT inodes_kind_check CHECK (kind IN ('f', 'd', 'm', 's'));
CREATE INDEX inodes_shown ON inodes (project_id, id) WHERE kind = 's';

-- public: everyone may read it. listed: anybody may find it and ask for a share.
CREATE TABLE datasets (
    project_id  bigint      NOT NULL,
    inode_id    bigint      NOT NULL,
    description text        NOT NULL DEFAULT '',
    public      boolean     NOT NULL DEFAULT false,
    listed      boolean     NOT NULL DEFAULT false,
    created     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, inode_id)
);

-- A share acts from when it was accepted until it expires. Whatever changes one moves the access_epoch of the dataset's
-- project on, so no act relies on a share that is over.
CREATE TABLE shares (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint      NOT NULL,
    inode_id   bigint      NOT NULL,
    to_project bigint,
    to_user    bigint      REFERENCES users (id),
    level      text        NOT NULL CHECK (level IN ('read', 'edit', 'edit-by-owners')),
    accepted   timestamptz,           -- NULL: it is only offered
    expires    timestamptz,
    offered_by text        COLLATE "C" NOT NULL,
    created    timestamptz NOT NULL DEFAULT now(),
    mount      bigint,                -- the inode that shows it in to_project
    CHECK (num_nonnulls(to_project, to_user) = 1)
);
CREATE UNIQUE INDEX shares_with_projects ON shares (project_id, inode_id, to_project) WHERE to_project IS NOT NULL;
CREATE UNIQUE INDEX shares_with_users ON shares (project_id, inode_id, to_user) WHERE to_user IS NOT NULL;
CREATE INDEX shares_to_project ON shares (to_project);
CREATE INDEX shares_to_user ON shares (to_user);

-- Who asked to be let in: to a project, or, with an inode, to a dataset of it. An answer ends it.
CREATE TABLE access_requests (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint      NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    inode_id   bigint,
    user_id    bigint      NOT NULL REFERENCES users (id),
    message    text        NOT NULL DEFAULT '',
    created    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX access_requests_once ON access_requests (project_id, coalesce(inode_id, 0), user_id);

-- +goose Down
DROP TABLE access_requests, shares, datasets;
DROP INDEX inodes_shown;
DELETE FROM inodes WHERE kind = 's';
ALTER TABLE inodes DROP CONSTRAINT inodes_kind_check;
ALTER TABLE inodes ADD CONSTRAINT inodes_kind_check CHECK (kind IN ('f', 'd', 'm'));
ALTER TABLE inodes DROP COLUMN use;
DROP INDEX members_by_user;
ALTER TABLE projects DROP COLUMN description, DROP COLUMN state, DROP COLUMN listed, DROP COLUMN drop_after;
