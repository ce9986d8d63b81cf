package postgres

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// When the database has ended all connections and one was found dead, nobody gets another one of them.
func TestConnectionsThatDiedTogether(t *testing.T) {
	s := run(t, Config{Data: filepath.Join(reachable(t), "data")})
	config, err := pgxpool.ParseConfig(s.AdminURL())
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns, config.MinConns = 4, 0
	Doubt(config)
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	var all []*pgxpool.Conn
	for range config.MaxConns {
		c, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	last := all[len(all)-1]
	for _, c := range all[:len(all)-1] {
		if _, err := last.Exec(t.Context(), `SELECT pg_terminate_backend($1)`, c.Conn().PgConn().PID()); err != nil {
			t.Fatal(err)
		}
		c.Release()
	}
	if _, err := last.Exec(t.Context(), `SELECT pg_terminate_backend(pg_backend_pid())`); err == nil {
		t.Fatal("a connection was ended and answered")
	}
	last.Release()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for pool.Stat().TotalConns() == config.MaxConns { // it is closed behind Release
		<-look.C
	}
	told := 0
	for range 2 * config.MaxConns {
		if _, err := pool.Exec(t.Context(), `SELECT`); err != nil {
			told++
		}
	}
	if told > 0 {
		t.Errorf("%d of %d connections were used that had been ended", told, config.MaxConns)
	}
}
