-- Indexes for paging through lists: by the owner of the list, and the position where a page continues.

-- +goose Up
DROP INDEX shares_to_project, shares_to_user, tokens_by_user;
CREATE INDEX shares_by_project ON shares (project_id, id);
CREATE INDEX shares_to_project ON shares (to_project, id);
CREATE INDEX shares_to_user ON shares (to_user, id);
CREATE INDEX access_requests_by_project ON access_requests (project_id, id);
CREATE INDEX access_requests_by_user ON access_requests (user_id, id);
CREATE INDEX tokens_by_user ON tokens (user_id, created, jti);
CREATE INDEX users_by_project ON users (project_id, name) WHERE project_id IS NOT NULL;

-- +goose Down
DROP INDEX shares_by_project, shares_to_project, shares_to_user, access_requests_by_project, access_requests_by_user,
    tokens_by_user, users_by_project;
CREATE INDEX shares_to_project ON shares (to_project);
CREATE INDEX shares_to_user ON shares (to_user);
CREATE INDEX tokens_by_user ON tokens (user_id);
