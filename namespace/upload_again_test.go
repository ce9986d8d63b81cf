package namespace

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"strings"
	"testing"
)

// The last part may be sent again if its answer was lost; any other part for a complete upload is refused.
func TestTheLastPartMayComeTwice(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	content := pattern(1000)
	u := s.begin(t, at("/f"), 1000)
	u, _ = s.part(t, u, content[:400])
	u, made := s.part(t, u, content[400:])
	for _, again := range []struct{ offset, size int64 }{{400, 600}, {400, -1}, {0, 1000}, {0, -1}, {1000, 0}, {1000, -1}} {
		now, status, err := s.ContinueUpload(t.Context(), u.ID, again.offset, again.size, bytes.NewReader(content[again.offset:]))
		must(t, err)
		if status == nil || status.Revision() != made.Revision() || now.Offset != 1000 || !now.Expires.IsZero() {
			t.Errorf("from %d on %d bytes: %+v, %+v", again.offset, again.size, now, status)
		}
	}
	for _, other := range []struct{ offset, size int64 }{{0, 400}, {0, 0}, {400, 0}, {400, 601}, {400, 599}, {999, 0}, {1001, -1}, {1001, 0}, {math.MaxInt64, -1}, {math.MaxInt64, math.MaxInt64}} {
		_, status, err := s.ContinueUpload(t.Context(), u.ID, other.offset, other.size, strings.NewReader("x"))
		if wantKind(t, "another part of what is complete", err, IO, "1000 bytes have come"); status != nil {
			t.Errorf("from %d on %d bytes: %+v", other.offset, other.size, status)
		}
	}
	_, _, err := s.ContinueUpload(t.Context(), u.ID, 1000, 1, strings.NewReader("x"))
	wantKind(t, "more than was announced", err, InvalidArgument, "only 0 are left")
	if !bytes.Equal(s.get(t, "/f"), content) {
		t.Error("the file has other bytes")
	}
	fs.clean(t)
}

// A client whose connection was lost sends the last part again while the first one is still under way: both get the answer.
func TestTheLastPartMayComeTwiceAtOnce(t *testing.T) {
	fs := newFS(t)
	s := func() *Session { return fs.as(t, superuser) }
	content := pattern(1000)
	u := s().begin(t, at("/f"), 1000)
	u, _ = s().part(t, u, content[:400])
	var first *Status
	ends := readerOf(func() (int, error) {
		_, status, err := s().ContinueUpload(t.Context(), u.ID, 400, 600, bytes.NewReader(content[400:]))
		first = status
		return 0, cmp.Or(err, io.EOF)
	})
	now, second, err := s().ContinueUpload(t.Context(), u.ID, 400, 600, io.MultiReader(bytes.NewReader(content[400:]), ends))
	must(t, err)
	if first == nil || second == nil || first.Revision() != second.Revision() || now.Offset != 1000 || !now.Expires.IsZero() {
		t.Errorf("%+v, then %+v, %+v", first, second, now)
	}
	if !bytes.Equal(s().get(t, "/f"), content) {
		t.Error("the file has other bytes")
	}
	// Another part that comes too late is told so, and so is one to an upload that was ended.
	v := s().begin(t, at("/g"), 1000)
	ended := readerOf(func() (int, error) { return 0, cmp.Or(s().EndUpload(t.Context(), v.ID), io.EOF) })
	_, status, err := s().ContinueUpload(t.Context(), v.ID, 0, 1000, io.MultiReader(bytes.NewReader(content), ended))
	if wantKind(t, "the last part of an upload that was ended", err, NotExist, "no upload"); status != nil {
		t.Errorf("%+v", status)
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}
