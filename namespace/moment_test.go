package namespace

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/postgres/pgtest"
)

// meddler is a tracer that calls next after one of the next lookups.
type meddler struct {
	next func()
	left int // lookups before that
}

type walkingKey struct{}

func (m *meddler) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, walkingKey{}, strings.Contains(data.SQL, "WITH RECURSIVE walk") || data.SQL == comparingSQL || data.SQL == inquirySQL)
}

func (m *meddler) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if ctx.Value(walkingKey{}) != true || m.next == nil {
		return
	}
	if m.left--; m.left == 0 {
		m.next()
	}
}

// An operation on several paths is answered for one moment, whatever happens while it looks.
func TestSeveralPathsAreSeenAtOnce(t *testing.T) {
	t.Run("with hints", func(t *testing.T) { testMoments(t, 0, "0123456789") }) // the content comes with the lookup
	t.Run("without", func(t *testing.T) { testMoments(t, -1, "01234abcdefg") })
}

// testMoments tests a file system with so many hints. read is what it reads of a file that is cut and written again after the
// lookup.
func testMoments(t *testing.T, hints int, read string) {
	m := &meddler{}
	var config Config
	others := newFS(t, func(c *Config) { config = *c })
	pool := config.DB.Config()
	pool.ConnConfig.Tracer = m
	db, err := pgxpool.NewWithConfig(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	config.DB, config.Hints = db, hints
	fs, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fs.Close() })
	mine, theirs := fs.As(others.as(t, superuser).p), others.as(t, superuser)
	away := func(name string, after int) {
		m.left, m.next = after, func() {
			if ok, err := theirs.Delete(t.Context(), at(name), true); !ok || err != nil {
				t.Error(ok, err)
			}
		}
	}

	// The file goes into the directory while that exists, and takes its name once it is gone: the rename is possible at any moment.
	for after := range 3 {
		theirs.put(t, "/d/f", []byte("f"))
		if _, err := theirs.Delete(t.Context(), at("/d/e"), true); err != nil {
			t.Fatal(err)
		}
		if _, err := theirs.Mkdirs(t.Context(), at("/d/e"), MkdirOptions{Mode: 0o755}); err != nil {
			t.Fatal(err)
		}
		away("/d/e", after+1)
		if ok, err := mine.Rename(t.Context(), at("/d/f"), at("/d/e")); !ok || err != nil {
			t.Errorf("a rename that was possible all the time: %v, %v", ok, err)
		}
	}
	// A directory cannot be renamed to itself, and neither can a name at which there is nothing.
	if _, err := theirs.Mkdirs(t.Context(), at("/d/g"), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	away("/d/g", 1)
	if ok, err := mine.Rename(t.Context(), at("/d/g"), at("/d/g")); ok || err != nil {
		t.Errorf("a rename that was impossible all the time: %v, %v", ok, err)
	}
	// The block size of the target is too small as long as the source is there.
	for name, size := range map[string]int64{"/c/to": 512, "/c/from": 1024} {
		o := CreateOptions{CreateParent: true, Mode: 0o644, BlockSize: size, Size: -1}
		if _, err := theirs.Create(t.Context(), at(name), o, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	away("/c/from", 1)
	if err := mine.Concat(t.Context(), at("/c/to"), []Path{at("/c/from")}); kindOf(err) != InvalidValue {
		t.Errorf("a concatenation that was asked for before the source went: %v", err)
	}
	// What got into a directory after that was renamed was never there under the old name.
	for name, look := range map[string]func(dir Path) error{
		"list":    func(dir Path) error { return mine.List(t.Context(), dir, func(Status) error { return nil }) },
		"summary": func(dir Path) error { _, err := mine.Summary(t.Context(), dir); return err },
		"usage":   func(dir Path) error { _, err := mine.QuotaUsage(t.Context(), dir); return err },
	} {
		theirs.put(t, "/"+name+"/old", nil)
		m.left, m.next = 1, func() {
			if ok, err := theirs.Rename(t.Context(), at("/"+name), at("/"+name+" moved")); !ok || err != nil {
				t.Error(ok, err)
			}
			theirs.put(t, "/"+name+" moved/new", nil)
		}
		if err := look(at("/" + name)); kindOf(err) != NotExist {
			t.Errorf("%s of what got another name: %v", name, err)
		}
	}
	// Bytes that others wrote again behind a cut never existed together with those that were read in front of it.
	theirs.put(t, "/f", []byte("0123456789"))
	m.left, m.next = 1, func() {
		if ok, err := theirs.Truncate(t.Context(), at("/f"), 5); !ok || err != nil {
			t.Error(ok, err)
		}
		if err := theirs.Append(t.Context(), at("/f"), -1, strings.NewReader("abcdefg")); err != nil {
			t.Error(err)
		}
	}
	if got := string(mine.get(t, "/f")); got != read {
		t.Errorf("read %q", got)
	}
	others.clean(t)
}

// However clocks are set, a database that was started, or has recovered, has another beginning than before.
func TestBeginningsDiffer(t *testing.T) {
	config := pgtest.New(t).Config()
	config.MaxConns = 1
	config.ConnConfig.RuntimeParams["search_path"] = "front, pg_catalog"
	db, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	t.Cleanup(db.Close)
	must(t, ignore(db.Exec(t.Context(), `CREATE SCHEMA front`)))
	for function, setting := range map[string]string{"pg_postmaster_start_time": "front.started", "pg_stat_get_bgwriter_stat_reset_time": "front.recovered"} {
		must(t, ignore(db.Exec(t.Context(), `CREATE FUNCTION front.`+function+`() RETURNS timestamptz LANGUAGE sql STABLE
			AS $$ SELECT nullif(current_setting('`+setting+`'), '')::timestamptz $$`)))
	}
	seen := map[time.Time]string{}
	for _, life := range []struct{ started, recovered string }{
		{"2026-01-01 12:00", ""},
		{"2026-01-01 12:00", "2025-12-01 12:00"},
		{"2026-01-01 12:00", "2026-01-01 11:30:00.000001"}, // the clock was set back after the start
		{"2026-01-01 12:00", "2026-01-01 11:30:00.000002"},
		{"2026-01-01 12:00", "2026-01-01 12:30"},
		{"2026-01-01 12:30", "2026-01-01 12:30"},
	} {
		var began time.Time
		must(t, ignore(db.Exec(t.Context(), `SELECT set_config('front.started', $1, false), set_config('front.recovered', $2, false)`, life.started, life.recovered)))
		must(t, db.QueryRow(t.Context(), `SELECT `+beganSQL).Scan(&began))
		if other, is := seen[began]; is {
			t.Errorf("%v has the beginning of %s", life, other)
		}
		seen[began] = fmt.Sprint(life)
	}
}
