-- Tags and descriptions of inodes, and the index for search.

-- +goose Up

-- Both extensions come with PostgreSQL, and the owner of a database may create them without being a superuser.
-- +goose StatementBegin
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['pg_trgm', 'btree_gin'] LOOP
        IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = wanted) THEN
            RAISE EXCEPTION 'this PostgreSQL lacks the extension %, which search needs: install PostgreSQL''s contributed extensions (postgresql-contrib), and start again', wanted;
        END IF;
        BEGIN
            EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I', wanted);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION 'this user may not make the extension %, which search needs: run CREATE EXTENSION % in this database as its owner or a superuser, and start again', wanted, wanted;
        END;
    END LOOP;
END
$$;
-- +goose StatementEnd

-- Labels of an inode: they move with it and are deleted with it.
CREATE TABLE tags (
    project_id bigint NOT NULL,
    inode_id   bigint NOT NULL,
    key        text   COLLATE "C" NOT NULL,
    value      text   COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, inode_id, key)
);
CREATE INDEX tags_by_value ON tags (project_id, key, value, inode_id);
CREATE INDEX tags_by_key ON tags (project_id, key, inode_id);

-- No row: there is no description. The description of a dataset is in datasets.
CREATE TABLE descriptions (
    project_id bigint NOT NULL,
    inode_id   bigint NOT NULL,
    text       text   NOT NULL,
    PRIMARY KEY (project_id, inode_id)
);

-- The search index, kept apart from the inodes so that creating a file does not have to wait for it. name and words (tags and
-- description) are spelled as in namespace/spelling.go: in lower case, in letters from which PostgreSQL makes trigrams in every
-- locale. It lags behind by what unindexed lists.
CREATE TABLE names (
    project_id bigint NOT NULL,
    id         bigint NOT NULL,
    name       text   COLLATE "C" NOT NULL,
    words      text   COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX names_by_id ON names (id);
CREATE INDEX names_by_name ON names (project_id, name, id);
-- Every search reads the pending list of a GIN index, so it is kept short.
CREATE INDEX names_by_trigrams ON names USING gin (project_id, (name || E'\n' || words) gin_trgm_ops) WITH (gin_pending_list_limit = 512);

-- Inodes whose entry, use or labels have changed since their names were indexed, or that have been deleted; in no order, and
-- with repetitions. It is written with every file, so it has no index.
CREATE TABLE unindexed (
    project_id bigint NOT NULL,
    inode_id   bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_analyze_threshold = 1000000000);

-- +goose StatementBegin
CREATE FUNCTION await_index() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO unindexed VALUES (OLD.project_id, OLD.id);
    ELSE
        INSERT INTO unindexed VALUES (NEW.project_id, NEW.id);
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
-- Updates of other columns do not fire it.
CREATE TRIGGER await_index AFTER INSERT OR DELETE OR UPDATE OF name, use ON inodes FOR EACH ROW EXECUTE FUNCTION await_index();

INSERT INTO unindexed SELECT project_id, id FROM inodes WHERE target_id IS NULL;

-- +goose Down
DROP TRIGGER await_index ON inodes;
DROP FUNCTION await_index;
DROP TABLE unindexed, names, descriptions, tags;
-- The extensions stay, since others may use them.
