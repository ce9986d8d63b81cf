package namespace

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// Whoever reads a file while it is truncated and written again gets the bytes that it had when it was opened, or an error.
func TestAReaderDoesNotMixRevisions(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	at := path(t, "/f")
	const piece, pieces = 1 << 10, 60 // more than are looked up at a time, and than are remembered
	s.put(t, "/f", nil)
	for range pieces {
		must(t, s.Append(t.Context(), at, -1, bytes.NewReader(bytes.Repeat([]byte("a"), piece))))
	}
	for _, change := range []struct {
		name string
		do   func()
		gone bool
	}{
		{"appended to", func() { must(t, s.Append(t.Context(), at, -1, bytes.NewReader([]byte("more")))) }, false},
		{"cut and written to again", func() {
			if ok, err := s.Truncate(t.Context(), at, 0); !ok || err != nil {
				t.Fatal(ok, err)
			}
			must(t, s.Append(t.Context(), at, -1, bytes.NewReader(bytes.Repeat([]byte("b"), pieces*piece))))
		}, true},
	} {
		r, err := s.Open(t.Context(), at, 0, -1)
		must(t, err)
		_, err = io.ReadFull(r, make([]byte, 1))
		must(t, err)
		size := r.Size()
		change.do()
		rest, err := io.ReadAll(r)
		must(t, r.Close())
		if bytes.Contains(rest, []byte("b")) || (err != nil) != change.gone || err == nil && int64(len(rest)) != size {
			t.Errorf("%s: %d bytes of %d, with %d of the other revision, %v", change.name, len(rest), size, bytes.Count(rest, []byte("b")), err)
		}
	}
}

// What was read ahead comes first, and only once.
func TestAReaderThatHasBegun(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	want := pattern(RowMax + 1000)
	s.put(t, "/f", want)
	for _, span := range []struct{ off, n int64 }{{0, -1}, {0, 1}, {7, 1}, {7, 2}, {100, 5000}, {int64(len(want)) - 1, -1}, {int64(len(want)), -1}, {5, 0}} {
		r, err := s.Open(t.Context(), path(t, "/f"), span.off, span.n)
		must(t, err)
		size := r.Size()
		for range 2 {
			must(t, r.Begin())
		}
		if r.Size() != size {
			t.Errorf("%+v: %d bytes are to come after the beginning, of %d", span, r.Size(), size)
		}
		if n, err := r.Read(nil); n != 0 || err != nil && size > 0 {
			t.Errorf("%+v: nothing is read: %d, %v", span, n, err)
		}
		for range 2 {
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, want[span.off:span.off+size]) {
				t.Errorf("%+v: %d bytes of %d, or others, %v", span, len(got), size, err)
			}
			must(t, r.Rewind())
			must(t, r.Begin())
		}
		must(t, r.Close())
		if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF || r.Size() != 0 {
			t.Errorf("%+v: after the end %d, %v", span, n, err)
		}
	}
}

// A reader of what was cut meanwhile is told so, but not where the file lies: a link reveals only its own name.
func TestAReaderThatCannotBegin(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", pattern(RowMax+1000))
	must(t, s.Append(t.Context(), path(t, "/d/f"), -1, strings.NewReader("more")))
	r, err := s.Open(t.Context(), path(t, "/d/f"), 0, -1)
	must(t, err)
	defer r.Close()
	r.plan = nil // as if the file had been remembered
	must(t, ignore(s.Truncate(t.Context(), path(t, "/d/f"), 10)))
	err = r.Begin()
	wantKind(t, "a file that was cut", err, Conflict, "changed while it was opened")
	var e *Error
	if !errors.As(err, &e) || strings.Contains(e.Msg, "/d") {
		t.Errorf("it is told %v", err)
	}
}
