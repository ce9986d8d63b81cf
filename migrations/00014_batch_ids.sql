-- The id of a batch of mutations, and what the batch writes besides them.

-- +goose Up

-- The last event of each project in a batch has the batch's id: without it, a server that lost the answer to a COMMIT could not
-- tell whether the batch was committed.
ALTER TABLE events ADD COLUMN batch uuid;

-- Statements that rename an inode write to unindexed themselves, which saves a function call for each row.
DROP TRIGGER await_index ON inodes;
CREATE TRIGGER await_index AFTER UPDATE OF use ON inodes FOR EACH ROW EXECUTE FUNCTION await_index();

-- +goose Down
DROP TRIGGER await_index ON inodes;
CREATE TRIGGER await_index AFTER UPDATE OF name, use ON inodes FOR EACH ROW EXECUTE FUNCTION await_index();
ALTER TABLE events DROP COLUMN batch;
