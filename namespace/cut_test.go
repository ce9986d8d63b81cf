package namespace

import (
	"bytes"
	"testing"
	"time"
)

// A file's cut is above each gen that it had before it was truncated, and grows with nothing else. Only who may read the file learns of it.
func TestCut(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	file := path(t, "/tmp/f")
	s.put(t, "/tmp/f", []byte("before"))
	step := func(what string, grows bool, change func() error) {
		t.Helper()
		before, err := s.Stat(t.Context(), file)
		must(t, err)
		must(t, change())
		inode, cut, err := s.Cut(t.Context(), file)
		if must(t, err); inode != before.ID || cut > before.Gen != grows {
			t.Errorf("after %s the inode %d has the cut %d; it was %d in the gen %d", what, inode, cut, before.ID, before.Gen)
		}
	}
	step("nothing", false, func() error { return nil })
	step("a short append", false, func() error { return s.Append(t.Context(), file, 1, bytes.NewReader([]byte("x"))) })
	step("a long append", false, func() error { return s.Append(t.Context(), file, -1, bytes.NewReader(pattern(InlineMax+1))) })
	step("a change of rights", false, func() error { return s.SetPermission(t.Context(), file, 0o600) })
	step("truncation", true, func() error { return ignore(s.Truncate(t.Context(), file, 3)) })
	step("another append", false, func() error { return s.Append(t.Context(), file, 1, bytes.NewReader([]byte("x"))) })
	_, _, err := fs.as(t, "eve").Cut(t.Context(), file)
	wantKind(t, "the cut of a file that one may not read", err, AccessControl, "Permission denied")
	_, _, err = s.Cut(t.Context(), path(t, "/tmp"))
	wantKind(t, "the cut of a directory", err, NotExist, "not a file")
}

// Another database is noticed before anything from it is returned.
func TestDatabase(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.Writes = nil }) // while a lease lasts there is nothing to notice
	s := fs.as(t, superuser)
	look := func() int64 {
		must(t, ignore(s.Stat(t.Context(), path(t, "/tmp"))))
		return s.Database()
	}
	before := look()
	if again := look(); again != before {
		t.Errorf("the same database has the numbers %d and %d", before, again)
	}
	fs.hints.mu.Lock()
	fs.hints.server = fs.hints.server.Add(-time.Hour)
	fs.hints.mu.Unlock()
	if other := look(); other <= before {
		t.Errorf("another database has the number %d, and the one before had %d", other, before)
	}
}
