package namespace

import (
	"strings"
	"testing"
)

// TestPagesUseTheirIndexes checks that a page costs what it holds, however long the list is.
func TestPagesUseTheirIndexes(t *testing.T) {
	fs := newFS(t)
	for _, sql := range []string{
		`INSERT INTO users (name) SELECT 'user' || n FROM generate_series(1, 50) n`,
		`INSERT INTO projects (id, name, root) SELECT n, 'p' || n, 1000 + n FROM generate_series(1001, 1200) n`,
		`INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime)
			SELECT 1001 + n % 20, 10000 + n, 0, 'd' || n, 'd'::"char", 493, 'a', 'g', 0 FROM generate_series(0, 9999) n`,
		`INSERT INTO shares (project_id, inode_id, to_project, level, offered_by)
			SELECT 1001 + n % 20, 10000 + n, 1101 + n / 500, 'read', 'a' FROM generate_series(0, 9999) n`,
		`INSERT INTO shares (project_id, inode_id, to_user, level, offered_by)
			SELECT 1001 + n % 20, 10000 + n, u.id, 'read', 'a' FROM generate_series(0, 9999) n JOIN users u ON u.name = 'user' || (n / 200 + 1)`,
		`INSERT INTO access_requests (project_id, inode_id, user_id) SELECT 1001 + n, n, u.id FROM generate_series(0, 199) n, users u`,
		`ANALYZE`,
	} {
		fs.exec(t, sql)
	}
	for _, tt := range []struct {
		name, sql string
		args      []any
		want      string
	}{
		{"given", sharePage(sharesOf), []any{1010, 5, 10}, "shares_by_project"},
		{"received", sharePage(sharesWithProject), []any{1110, 5, 10}, "shares_to_project"},
		{"with a person", sharePage(sharesWithUser), []any{10, 5, 10}, "shares_to_user"},
		{"requests", requestSQL + requestsOf + requestPage, []any{1050, 5, 10, 0}, "access_requests_by_project"},
		{"one's requests", requestSQL + requestsBy + requestPage, []any{10, 5, 10, 0}, "access_requests_by_user"},
	} {
		plan := fs.plan(t, tt.sql, tt.args...)
		// Rows below the LIMIT come in the order of the index; a page of shares may be sorted again above it.
		_, below, _ := strings.Cut(plan, "Limit")
		if !strings.Contains(below, "using "+tt.want) || strings.Contains(below, "Sort") {
			t.Errorf("%s: the plan does not read %s in its order:\n%s", tt.name, tt.want, plan)
		}
	}
}
