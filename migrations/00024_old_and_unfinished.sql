-- For what the reaper of each server looks for every few seconds: a BRIN index finds old operations quickly only as long as no row has been put
-- in the place of a deleted one, and the index of blocks that are not live contains every block that waits to be deleted.

-- +goose Up
DROP INDEX operations_by_age;
CREATE INDEX operations_by_age ON operations (at);
CREATE INDEX blocks_unfinished ON blocks (writer) WHERE state IN ('p', 'o');

-- +goose Down
DROP INDEX blocks_unfinished;
DROP INDEX operations_by_age;
CREATE INDEX operations_by_age ON operations USING brin (at);
