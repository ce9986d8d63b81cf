package migrations_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/migrations"
	"granary/postgres/pgtest"
)

// rowsSQL puts rows into each table that a version has: statements that are valid from one version on, and until the one
// before another, 0 for all later ones. $1 is the version.
var rowsSQL = []struct {
	from, until int64
	sql         string
}{
	{1, 0, `INSERT INTO settings (name, value) VALUES ('setting ' || $1, 'x')`},
	{1, 0, `INSERT INTO servers (id) SELECT gen_random_uuid() WHERE $1 > 0`},
	{1, 0, `INSERT INTO users (name, groups) VALUES ('user ' || $1, '{staff}')`},
	{1, 0, `INSERT INTO signing_keys (kid, purpose, public, sealed) VALUES ('key ' || $1, 'token', '', 'x')`},
	{1, 7, `INSERT INTO tokens (jti, user_id, read_only, expires) SELECT gen_random_uuid(), max(id), $1 % 2 = 0, now() FROM users`},
	{7, 0, `INSERT INTO tokens (jti, user_id, kind, secret, expires) SELECT gen_random_uuid(), max(id), 'personal', sha256('$1'), now() FROM users`},
	{7, 0, `INSERT INTO tokens (jti, user_id, kind, expires) SELECT gen_random_uuid(), max(id), 'token', now() FROM users WHERE $1 > 0`},
	{4, 7, `INSERT INTO tokens (jti, user_id, renewer, expires) SELECT gen_random_uuid(), max(id), 'yarn', now() FROM users WHERE $1 > 0`},
	{1, 0, `INSERT INTO projects (id, name, root) VALUES ($1, 'project ' || $1, $1 * 1000)`},
	{1, 0, `INSERT INTO project_keys (project_id, version, kek, wrapped) VALUES ($1, 1, 'k', 'x')`},
	{1, 0, `INSERT INTO members (project_id, user_id, role) SELECT $1, id, 'owner' FROM users ORDER BY id DESC LIMIT 1`},
	{1, 0, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime) VALUES
		($1, $1 * 1000, 0, '', 'd', 493, 'a', 'g', 1), ($1, $1 * 1000 + 1, $1 * 1000, 'file', 'f', 420, 'a', 'g', 1), ($1, $1 * 1000 + 2, $1 * 1000, 'packed', 'f', 420, 'a', 'g', 1)`},
	{1, 0, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, target_project, target_id) VALUES (0, $1 * 1000 + 3, 1, 'project ' || $1, 'm', 0, '', '', 1, $1, $1 * 1000)`},
	{1, 0, `INSERT INTO dirs (project_id, id, mtime, children) VALUES ($1, $1 * 1000, 1, 2)`},
	{1, 0, `INSERT INTO contents (project_id, inode_id, off, len, key_version, sealed) VALUES ($1, $1 * 1000 + 1, 0, 3, 1, 'xxx')`},
	{1, 16, `INSERT INTO blocks (id, project_id, size, state, writer) VALUES (md5($1::text)::uuid, $1, 100, 'l', gen_random_uuid()), (gen_random_uuid(), $1, 0, 'p', gen_random_uuid()), (gen_random_uuid(), $1, 9, 'g', gen_random_uuid())`},
	{16, 0, `INSERT INTO blocks (id, project_id, size, state, writer, live) VALUES (md5($1::text)::uuid, $1, 100, 'l', gen_random_uuid(), 60), (gen_random_uuid(), $1, 9, 'o', gen_random_uuid(), 0)`},
	{1, 0, `INSERT INTO extents (project_id, inode_id, off, len, block_id, block_off, key_version) VALUES ($1, $1 * 1000 + 1, 3, 40, md5($1::text)::uuid, 0, 1), ($1, $1 * 1000 + 2, 0, 20, md5($1::text)::uuid, 40, 1)`},
	{1, 0, `INSERT INTO sums (project_id, inode_id, size, state) VALUES ($1, $1 * 1000 + 1, 0, 'x')`},
	{1, 0, `INSERT INTO detached (project_id, inode_id) VALUES ($1, $1 * 1000 + 9)`},
	{1, 0, `INSERT INTO operations (id, asker) SELECT gen_random_uuid(), 'a' WHERE $1 > 0`},
	{3, 0, `INSERT INTO usage (project_id, id, names, space, types) VALUES ($1, $1 * 1000, 1, 1, '{1}')`},
	{5, 0, `INSERT INTO leases (project_id, inode_id, id, holder, client, newborn) VALUES ($1, $1 * 1000 + 1, 1, 'a', 'h', false)`},
	{6, 0, `INSERT INTO datasets (project_id, inode_id, public) VALUES ($1, $1 * 1000, true)`},
	{6, 0, `INSERT INTO shares (project_id, inode_id, to_project, level, offered_by) VALUES ($1, $1 * 1000, 77, 'read', 'a')`},
	{6, 0, `INSERT INTO shares (project_id, inode_id, to_user, level, offered_by, mount) SELECT $1, $1 * 1000, id, 'edit', 'a', $1 FROM users ORDER BY id DESC LIMIT 1`},
	{6, 0, `INSERT INTO access_requests (project_id, user_id) SELECT $1, id FROM users ORDER BY id DESC LIMIT 1`},
	{7, 31, `INSERT INTO throttles (key, failures, until, last) VALUES (sha256('$1'), 1, now(), now())`},
	{31, 0, `INSERT INTO throttles (key, failures, until, since) VALUES (sha256('$1'), 1, now(), now())`},
	{8, 0, `INSERT INTO feeds (project_id, last) VALUES ($1, 1)`},
	{8, 0, `INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, detail) VALUES ($1, 1, now(), 'create', 'a', '', '', 1, '/a', '{}')`},
	{8, 0, `INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason) VALUES (now(), 'open', 'a', '', '', $1, 1, '/a', 'allowed', '')`},
	{9, 0, `INSERT INTO identities (issuer, subject, user_id, linked) SELECT 'i', 'subject ' || $1, max(id), now() FROM users`},
	{9, 0, `INSERT INTO logins (state, expires) VALUES (sha256('$1'), now())`},
	{9, 0, `INSERT INTO deeds (at, op, usr, credential, client, project_id, detail) VALUES (now(), 'x', 'a', '', '', $1, '{}')`},
	{10, 0, `INSERT INTO tags (project_id, inode_id, key, value) VALUES ($1, $1 * 1000, 'k', 'v')`},
	{10, 0, `INSERT INTO descriptions (project_id, inode_id, text) VALUES ($1, $1 * 1000, 'words')`},
	{10, 0, `INSERT INTO names (project_id, id, name, words) VALUES ($1, $1 * 1000, 'name', 'words')`},
	{11, 0, `INSERT INTO jobs (id, kind, sources, target, user_id, usr, credential, client, scope_project, scope_root, scope_verbs, entries, ended) VALUES (md5($1::text)::uuid, 'copy', '{/a}', '/b', 1, 'a', '', '', 0, 0, 0, 1, now())`},
	{11, 0, `INSERT INTO job_entries (job_id, n, root, path, kind, source, size, mode, replication, block_size, mtime, listed) VALUES (md5($1::text)::uuid, 1, 0, '', 'd', 1, 0, 0, 0, 0, 0, false)`},
	{17, 0, `INSERT INTO uploads (id, usr, path, project_id, inode_id, length, mode, replication, block_size) VALUES (md5($1::text)::uuid, 'a', '/a', $1, $1 * 1000 + 8, 5, 0, 0, 0)`},
}

// keptSQL counts what migrations have made of rows that older versions left.
var keptSQL = map[string]int64{
	`SELECT count(*) FROM tokens WHERE verbs = '{read}'`:            3, // those that were read-only, of versions 2, 4 and 6
	`SELECT count(*) FROM tokens WHERE kind = 'delegation'`:         3, // those that somebody may renew, of versions 4 to 6
	`SELECT count(*) FROM blocks WHERE state = 'l' AND live <> 60`:  0,
	`SELECT count(*) FROM unindexed WHERE inode_id IN (1001, 9002)`: 2, // files from before there was a search
}

// TestRowsOfEveryVersion brings rows of each version to the newest one: none is lost, and none is in the way of a change.
func TestRowsOfEveryVersion(t *testing.T) {
	pool := open(t, pgtest.EmptyURL(t))
	for version := int64(1); version <= latest(t); version++ {
		before := counted(t, pool)
		if err := migrations.UpTo(t.Context(), pool, version); err != nil {
			t.Fatal(err)
		}
		after := counted(t, pool)
		for table, n := range before {
			if after[table] != n {
				t.Errorf("version %d: %s has %d rows, and had %d", version, table, after[table], n)
			}
		}
		for _, row := range rowsSQL {
			if version < row.from || row.until != 0 && version >= row.until {
				continue
			}
			if _, err := pool.Exec(t.Context(), strings.ReplaceAll(row.sql, "$1", fmt.Sprint(version))); err != nil {
				t.Fatalf("version %d: %s: %v", version, row.sql, err)
			}
		}
		for table, n := range counted(t, pool) {
			if n == 0 {
				t.Errorf("version %d: no row is put into %s", version, table)
			}
		}
	}
	for sql, want := range keptSQL {
		var got int64
		if err := pool.QueryRow(t.Context(), sql).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", sql, got, err, want)
		}
	}
}

// counted is the number of rows of each table but that of the versions.
func counted(t *testing.T, pool *pgxpool.Pool) map[string]int64 {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT tablename::text, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', tablename), false, true, '')))[1]::text::bigint
		FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%'`)
	if err != nil {
		t.Fatal(err)
	}
	var (
		table string
		n     int64
		all   = map[string]int64{}
	)
	if _, err := pgx.ForEachRow(rows, []any{&table, &n}, func() error { all[table] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}
