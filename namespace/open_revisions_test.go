package namespace

import (
	"bytes"
	"io"
	"testing"
)

// Who reads a file while it is truncated and written to again gets the bytes that it had when it was opened, or is told that they are gone.
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
