package auth

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Many requests that wait for the same row, such as those that follow one link, which need no credential, would take all database
// connections, and leave none for other requests.
func TestAttackCrowdAtOneRow(t *testing.T) {
	h := newHouse(t)
	a := h.server(func(c *Config) {
		narrow := c.DB.Config()
		narrow.MaxConns = 4
		var err error
		c.DB, err = pgxpool.NewWithConfig(t.Context(), narrow)
		must(t, err)
		t.Cleanup(c.DB.Close)
	})
	must(t, a.AddUser(t.Context(), User{Name: "ada"}))
	must(t, a.AddUser(t.Context(), User{Name: "bob"}))
	p, c := verify(t, a, issue(t, a, TokenRequest{User: "ada", TTL: 2 * time.Hour}))
	link, _, err := a.MakeLink(t.Context(), p, LinkRequest{Inode: 7})
	must(t, err)
	guess := func() error {
		_, _, err := a.Login(t.Context(), "ada", "wrong", Origin{Address: "192.0.2.1"})
		if kind := KindOf(err); kind == WrongPassword || kind == Throttled {
			return nil
		}
		return err
	}
	must(t, guess())
	for _, one := range []struct {
		what, lock string
		do         func() error
	}{
		{"guess", `SELECT 1 FROM throttles FOR UPDATE`, guess},
		{"follow a link", `SELECT 1 FROM tokens WHERE kind = 'link' FOR UPDATE`, func() error {
			_, _, err := a.UseLink(t.Context(), link, "", Origin{})
			return err
		}},
		{"make a service account", `SELECT 1 FROM pg_advisory_xact_lock(` + strconv.Itoa(lockNames) + `, 0)`, func() error {
			if err := a.AddService(t.Context(), "svc-robot", 7); KindOf(err) != Invalid { // there is no such project
				return err
			}
			return nil
		}},
		{"revoke", `SELECT 1 FROM users WHERE name = 'ada' FOR UPDATE`, func() error { return a.RevokeToken(t.Context(), c.ID) }},
	} {
		tx, err := h.db.Begin(t.Context())
		must(t, err)
		must(t, second(tx.Exec(t.Context(), one.lock)))
		var many sync.WaitGroup
		for range 16 {
			many.Go(func() {
				if err := one.do(); err != nil {
					t.Errorf("%s: %v", one.what, err)
				}
			})
		}
		for n := 0; n == 0; {
			must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&n))
		}
		soon, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		for range 100 { // long enough for all of them to arrive
			if _, err := a.User(soon, "bob"); err != nil {
				t.Errorf("many %s, and others wait: %v", one.what, err)
				break
			}
		}
		cancel()
		must(t, tx.Rollback(t.Context()))
		many.Wait()
	}
}
