package namespace

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A user who runs as many slow searches at once as allowed must not take all connections, for which everybody else would wait.
func TestAttackManySearches(t *testing.T) {
	fs := newServers(t, 1)[0]
	ada, bob := fs.as(t, "ada", "people"), fs.as(t, "bob", "people")
	must(t, ignore(bob.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o755})))
	must(t, fs.indexAll(t.Context()))
	beside, err := pgx.ConnectConfig(t.Context(), fs.db.Config().ConnConfig)
	must(t, err)
	defer beside.Close(context.Background())
	tx, err := fs.db.Begin(t.Context())
	must(t, err)
	_, err = tx.Exec(t.Context(), `LOCK TABLE names IN ACCESS EXCLUSIVE MODE`) // so that searches take long
	must(t, err)
	var many sync.WaitGroup
	for range 2 * fs.db.Config().MaxConns {
		many.Go(func() {
			if _, err := fs.As(ada.p).Search(t.Context(), SearchQuery{Text: "needle"}); err != nil {
				t.Error(err)
			}
		})
	}
	each := int(placesEach(mostSearchesEach, fs.db.Config().MaxConns))
	for n := 0; n < each; {
		must(t, beside.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&n))
	}
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for range 100 { // long enough for all of ada's requests to arrive
		if _, err := bob.Summary(soon, path(t, "/tmp/d")); err != nil {
			t.Errorf("bob waits for ada's searches: %v", err)
			break
		}
	}
	must(t, tx.Rollback(t.Context()))
	many.Wait()
}

// Nor must a user who begins many uploads or jobs at once: how many they have is counted for one request at a time.
func TestAttackManyBeginnings(t *testing.T) {
	fs := newServers(t, 1)[0]
	ada, bob := fs.as(t, "ada", "people"), fs.as(t, "bob", "people")
	must(t, ignore(bob.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o755})))
	ada.put(t, "/tmp/f", nil)
	beside, err := pgx.ConnectConfig(t.Context(), fs.db.Config().ConnConfig)
	must(t, err)
	defer beside.Close(context.Background())
	for _, c := range []struct {
		what string
		lock int32
		do   func(i int) error
	}{
		{"uploads", lockUploads, func(i int) error {
			return ignore(fs.As(ada.p).BeginUpload(t.Context(), at(fmt.Sprintf("/tmp/u%d", i)), CreateOptions{Mode: 0o644}, 1))
		}},
		{"jobs", lockJobs, func(i int) error {
			return ignore(fs.As(ada.p).StartJob(t.Context(), NewJob{Kind: JobCopy, Sources: []Path{at("/tmp/f")}, Target: at(fmt.Sprintf("/tmp/j%d", i))}))
		}},
	} {
		tx, err := fs.db.Begin(t.Context())
		must(t, err)
		_, err = tx.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1, hashtext('ada'))`, c.lock)
		must(t, err)
		var many sync.WaitGroup
		for i := range 2 * fs.db.Config().MaxConns {
			many.Go(func() {
				if err := c.do(int(i)); err != nil {
					t.Error(err)
				}
			})
		}
		for n := 0; n == 0; {
			must(t, beside.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&n))
		}
		soon, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		for range 100 { // long enough for all of ada's requests to arrive
			if _, err := bob.Summary(soon, path(t, "/tmp/d")); err != nil {
				t.Errorf("bob waits for ada's %s: %v", c.what, err)
				break
			}
		}
		cancel()
		must(t, tx.Rollback(t.Context()))
		many.Wait()
	}
}
