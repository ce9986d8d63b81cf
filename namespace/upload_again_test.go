package namespace

import (
	"bytes"
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
