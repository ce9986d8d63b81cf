package namespace

import (
	"context"
	"testing"

	"granary/postgres/pgtest"
)

// What is remembered of one path may be older than what is found at another. This must not move a directory below itself.
func TestAStaleGuessMakesNoCycle(t *testing.T) {
	servers := newServers(t, 2)
	here, there := servers[0].as(t, superuser), servers[1].as(t, superuser)
	must(t, ignore(here.Mkdirs(t.Context(), path(t, "/tmp/d/e"), MkdirOptions{Mode: 0o755})))
	must(t, ignore(here.Stat(t.Context(), path(t, "/tmp/d/e"))))
	must(t, ignore(there.Rename(t.Context(), path(t, "/tmp/d"), path(t, "/tmp/x"))))
	if moved, err := here.Rename(t.Context(), path(t, "/tmp/x"), path(t, "/tmp/d/e/a")); moved || err != nil {
		t.Errorf("%v %v: it was moved below itself", moved, err)
	}
	servers[0].clean(t)
}

// What was decided on one database is not carried out on another one that has taken its place: the same versions may stand for something
// else there.
func TestADecisionIsGoodForOneDatabase(t *testing.T) {
	fs := newFSOver(t, pgtest.NewAlone(t), func(c *Config) { c.Hints = -1 })
	s := fs.as(t, superuser)
	s.put(t, "/d/f", nil)
	for _, tt := range []struct {
		op string
		do func() error
	}{
		{"set permission", func() error { return s.SetPermission(t.Context(), at("/d/f"), 0o600) }}, // which is committed alone
		{"delete", func() error { return ignore(s.Delete(t.Context(), at("/d/f"), false)) }},        // and this in a batch
	} {
		decisions := 0
		fs.decided = func(op string, _ Path) {
			if op == tt.op {
				if decisions++; decisions == 1 {
					fs.exec(t, `SELECT pg_stat_reset_shared('bgwriter')`) // from which beginSQL takes it for another one
				}
			}
		}
		if must(t, tt.do()); decisions != 2 {
			t.Errorf("%s: %d decisions, want another one for the other database", tt.op, decisions)
		}
	}
}

// If committing panics, all who wait for it get an error, and the next are served.
func TestAPanicStrandsNobody(t *testing.T) {
	faulty := true
	c := committer{most: 1, run: func(context.Context, []*mutation) []error {
		if faulty {
			panic("a fault of the server")
		}
		return []error{nil}
	}}
	if err := c.commit(t.Context(), &mutation{effects: &effects{}}); err == nil || kindOf(err) != Internal {
		t.Error(err)
	}
	faulty = false
	if err := c.commit(t.Context(), &mutation{effects: &effects{}}); err != nil || c.active != 0 {
		t.Error(err, c.active)
	}
}

// A batch that hangs holds up only those who are in it.
func TestABatchThatHangsHoldsUpNobodyElse(t *testing.T) {
	hang, begun := make(chan struct{}), make(chan struct{})
	stays := &mutation{effects: &effects{}}
	c := committer{most: 1, run: func(_ context.Context, batch []*mutation) []error {
		if batch[0] == stays {
			close(begun)
			<-hang
		}
		return []error{nil}
	}}
	outcome := make(chan error, 1)
	go func() { outcome <- c.commit(t.Context(), stays) }()
	<-begun
	crowd(8, func(int) {
		if err := c.commit(t.Context(), &mutation{effects: &effects{}}); err != nil {
			t.Error(err)
		}
	})
	close(hang)
	if err := <-outcome; err != nil {
		t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stuck != 0 {
		t.Errorf("%d of %d lanes are stuck after the end", c.stuck, c.active)
	}
}

// TestEachHasAnErrorOfItsOwn checks that callers in a failed batch share no error, as each puts its operation and path into it.
func TestEachHasAnErrorOfItsOwn(t *testing.T) {
	same := fail(Unavailable, "away")
	c := committer{most: 1, run: func(_ context.Context, batch []*mutation) []error {
		outcomes := make([]error, len(batch))
		for i := range outcomes {
			outcomes[i] = same
		}
		return outcomes
	}}
	if err := c.commit(t.Context(), &mutation{effects: &effects{}}); err == error(same) || kindOf(err) != Unavailable { //nolint:errorlint // whether it is the same
		t.Errorf("%v, as others have it", err)
	}
}
