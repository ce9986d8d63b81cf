-- What the reaper of each server looks for every few seconds: a BRIN index of operations finds the old ones only as long as no row has come
-- where one was deleted, and the index of all that is not live has every block that waits to be deleted.

-- +goose Up
DROP INDEX operations_by_age;
CREATE INDEX operations_by_age ON operations (at);
CREATE INDEX blocks_unfinished ON blocks (writer) WHERE state IN ('p', 'o');

-- +goose Down
DROP INDEX blocks_unfinished;
DROP INDEX operations_by_age;
CREATE INDEX operations_by_age ON operations USING brin (at);
