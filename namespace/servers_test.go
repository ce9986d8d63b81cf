package namespace

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// newServers opens n servers over one database, each with 16 connections of its own.
func newServers(t testing.TB, n int, change ...func(*Config)) []*testFS {
	t.Helper()
	connect := func(c *Config) {
		pool := c.DB.Config()
		pool.MaxConns = 16
		var err error
		if c.DB, err = pgxpool.NewWithConfig(t.Context(), pool); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.DB.Close)
	}
	var config Config
	servers := []*testFS{newFS(t, append(change, connect, func(c *Config) { config = *c })...)}
	for len(servers) < n {
		connect(&config)
		fs, err := Open(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { fs.Close() })
		servers = append(servers, &testFS{fs, servers[0].auth, config.Store})
		servers[len(servers)-1].hurry(0)
	}
	return servers
}

// connections gives a file system so many common connections.
func connections(t *testing.T, n int32) func(*Config) {
	return func(c *Config) {
		config := c.DB.Config()
		config.MaxConns = n
		db, err := pgxpool.NewWithConfig(t.Context(), config)
		must(t, err)
		t.Cleanup(db.Close)
		c.DB = db
	}
}
