-- Changes of many rows at once.

-- +goose Up

-- Aborts a statement that would give a directory more children than it may have.
-- +goose StatementBegin
CREATE FUNCTION too_many_children() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'too many children' USING ERRCODE = 'GR001';
END
$$;
-- +goose StatementEnd

-- Rows that are inserted or deleted together are queued for the index together.
-- +goose StatementBegin
CREATE FUNCTION await_index_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unindexed SELECT project_id, id FROM made;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION await_index_of_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unindexed SELECT project_id, id FROM gone;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
DROP TRIGGER await_index ON inodes;
CREATE TRIGGER await_index AFTER UPDATE OF name, use ON inodes FOR EACH ROW EXECUTE FUNCTION await_index();
CREATE TRIGGER await_index_of_new AFTER INSERT ON inodes REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION await_index_of_new();
CREATE TRIGGER await_index_of_gone AFTER DELETE ON inodes REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION await_index_of_gone();

-- +goose Down
DROP TRIGGER await_index_of_new ON inodes;
DROP TRIGGER await_index_of_gone ON inodes;
DROP TRIGGER await_index ON inodes;
CREATE TRIGGER await_index AFTER INSERT OR DELETE OR UPDATE OF name, use ON inodes FOR EACH ROW EXECUTE FUNCTION await_index();
DROP FUNCTION await_index_of_new, await_index_of_gone, too_many_children;
