package s3_test

import (
	"bytes"
	"testing"

	"granary/blocks"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

// A reader that yields nothing now and then, without an error, leaves no hole.
func TestPutOfHesitantReader(t *testing.T) {
	server := s3test.Start(t)
	s := open(t, server.URL("hesitant"))
	id, want := blocks.NewID(), content(s3.PartSize+2*s3.PieceSize)
	from, hesitates := bytes.NewReader(want), false
	r := readerFunc(func(p []byte) (int, error) {
		if hesitates = !hesitates; hesitates {
			return 0, nil
		}
		return from.Read(p)
	})
	if err := s.Put(t.Context(), id, r, int64(len(want))); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, s, id, 0, int64(len(want))); err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %d bytes, or others, %v", len(got), err)
	}
}
