package namespace

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth"
)

// batches counts how often files of batches are looked up.
type batches struct{ statements }

func (b *batches) TraceBatchStart(ctx context.Context, c *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	for _, q := range data.Batch.QueuedQueries {
		b.TraceQueryStart(ctx, c, pgx.TraceQueryStartData{SQL: q.SQL})
	}
	return ctx
}

func (b *batches) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (b *batches) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// traced makes all connections of a server report to b.
func (b *batches) traced(t *testing.T) func(*Config) {
	return func(c *Config) {
		pool := c.DB.Config()
		pool.ConnConfig.Tracer = b
		var err error
		c.DB, err = pgxpool.NewWithConfig(t.Context(), pool)
		must(t, err)
		t.Cleanup(c.DB.Close)
	}
}

// A remembered file that changes before the database is asked is not given out.
func TestABatchForgetsWhatChangesMeanwhile(t *testing.T) {
	servers := newServers(t, 2)
	fs, other := servers[0], servers[1]
	root := fs.as(t, superuser)
	names := fs.crowdOf(t, root, "/tmp/many", 50)
	last := names[len(names)-1]
	for round := range 5 {
		want := fmt.Sprint("round ", round)
		for range 2 {
			_, err := readBatch(t.Context(), root, names...)
			must(t, err)
		}
		change := sync.OnceFunc(func() { other.as(t, superuser).put(t, last, []byte(want)) })
		fs.decided = func(op string, _ Path) {
			if op == "read batch" {
				change()
			}
		}
		all, err := readBatch(t.Context(), root, names...)
		must(t, err)
		if got := all[len(all)-1]; got.content != want || got.err != nil {
			t.Errorf("the last file has %q, %v, want %q", got.content, got.err, want)
		}
		fs.decided = func(string, Path) {}
	}
}

// A batch gives out what it remembers, but nothing that has changed since, whether through this server, through another one, or
// directly in the database.
func TestABatchRemembersWhatIsStillSo(t *testing.T) {
	n := &batches{}
	servers := newServers(t, 2, n.traced(t))
	fs, other := servers[0], servers[1]
	must(t, fs.auth.AddUser(t.Context(), auth.User{Name: "bob"}))
	root := fs.as(t, superuser)
	names := fs.crowdOf(t, root, "/tmp/many", 300) // more than one window
	root.put(t, "/tmp/many/empty", nil)
	names = append(names, "/tmp/many/empty")
	target, elsewhere := names[7], "/tmp/elsewhere"
	root.put(t, elsewhere, []byte("moved here"))
	bob := fs.as(t, "bob")
	read := func() (all []fromBatch, looked int) {
		t.Helper()
		seen := n.of(func() {
			var err error
			all, err = readBatch(t.Context(), bob, names...)
			must(t, err)
		})
		return all, seen[batchSQL]
	}
	// Foreign transactions, such as those of autovacuum, begin an era in which everything has to be looked up again.
	remembered := func() []fromBatch {
		t.Helper()
		for range 20 {
			if all, looked := read(); looked <= 1 { // for target, if it is in pieces
				return all
			}
		}
		t.Fatal("a batch does not remember what it has read")
		return nil
	}
	for _, c := range []struct {
		name   string
		change func() error
		want   string // the content of target; "": it cannot be read
		kind   Kind
	}{
		{"nothing", func() error { return nil }, string(pattern(7)), 0},
		{"written anew here", func() error { root.put(t, target, []byte("anew")); return nil }, "anew", 0},
		{"written anew elsewhere", func() error { other.as(t, superuser).put(t, target, []byte("by another")); return nil }, "by another", 0},
		{"appended to elsewhere", func() error {
			return other.as(t, superuser).Append(t.Context(), at(target), -1, strings.NewReader(", longer"))
		}, "by another, longer", 0},
		{"closed elsewhere", func() error { return other.as(t, superuser).SetPermission(t.Context(), at(target), 0o600) }, "", AccessControl},
		{"opened here", func() error { return root.SetPermission(t.Context(), at(target), 0o644) }, "by another, longer", 0},
		{"its directory closed elsewhere", func() error { return other.as(t, superuser).SetPermission(t.Context(), at("/tmp/many"), 0o700) }, "", AccessControl},
		{"its directory opened elsewhere", func() error { return other.as(t, superuser).SetPermission(t.Context(), at("/tmp/many"), 0o755) }, "by another, longer", 0},
		{"another in its place", func() error {
			return other.as(t, superuser).Move(t.Context(), at(elsewhere), at(target), MoveOptions{Overwrite: true})
		}, "moved here", 0},
		{"closed by nobody", func() error {
			_, err := fs.db.Exec(t.Context(), `UPDATE inodes SET mode = 0, version = version + 1 WHERE name = $1 AND kind = 'f'`, at(target).Name())
			return err
		}, "", AccessControl},
		{"deleted elsewhere", func() error { _, err := other.as(t, superuser).Delete(t.Context(), at(target), false); return err }, "", NotExist},
	} {
		before := remembered()
		must(t, c.change())
		after, _ := read()
		for i := range after {
			if names[i] != target && c.kind != 0 && after[i].err != nil && c.name[:3] == "its" {
				continue // all files of the directory are refused
			}
			if names[i] == target {
				if after[i].content != c.want || (after[i].err == nil) != (c.want != "") || after[i].err != nil && kindOf(after[i].err) != c.kind {
					t.Fatalf("%s: %q, %v, want %q, %v", c.name, after[i].content, after[i].err, c.want, c.kind)
				}
				continue
			}
			if before[i].err == nil && (after[i].content != before[i].content || after[i].status.ID != before[i].status.ID || after[i].err != nil) {
				t.Fatalf("%s: %s is %q, %v", c.name, names[i], after[i].content, after[i].err)
			}
		}
	}
}
