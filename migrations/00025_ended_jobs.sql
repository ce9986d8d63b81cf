-- For what the reaper of each server looks for every few seconds among the jobs of a week: jobs that have ended and still have entries, and old ones.

-- +goose Up
CREATE INDEX jobs_with_entries ON jobs (id) WHERE ended IS NOT NULL AND entries > 0;
CREATE INDEX jobs_ended ON jobs (ended) WHERE ended IS NOT NULL;

-- +goose Down
DROP INDEX jobs_ended;
DROP INDEX jobs_with_entries;
