-- What a batch of mutations is known by, and what it writes beside them.

-- +goose Up

-- The last event of each project in a batch bears the batch's id: without it, a server that lost the answer to a COMMIT could not
-- tell whether the batch happened.
ALTER TABLE events ADD COLUMN batch uuid;

-- Who gives an inode another name says so to the index in the same statement, which spares a function call for each row.
DROP TRIGGER await_index ON inodes;
CREATE TRIGGER await_index AFTER UPDATE OF use ON inodes FOR EACH ROW EXECUTE FUNCTION await_index();

-- +goose Down
DROP TRIGGER await_index ON inodes;
CREATE TRIGGER await_index AFTER UPDATE OF name, use ON inodes FOR EACH ROW EXECUTE FUNCTION await_index();
ALTER TABLE events DROP COLUMN batch;
