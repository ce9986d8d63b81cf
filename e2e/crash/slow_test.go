package crash

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// slowUpload is a file that is half sent until somebody lets it go on.
type slowUpload struct {
	path     string
	content  content
	half     chan struct{} // closed when the server has read the first half
	goOn     chan struct{} // closed to send the second
	answered chan error
}

// newSlowUpload begins one, outside of where the writers work.
func newSlowUpload(l *load) *slowUpload {
	// Half of it is more than the buffers of both sockets hold, so once that is sent the server is reading.
	const size = 32 << 20
	s := &slowUpload{
		path: "/tmp/slow", content: content{{l.rng.Uint64(), size}},
		half: make(chan struct{}), goOn: make(chan struct{}), answered: make(chan error, 1),
	}
	body, sender := io.Pipe()
	go func() {
		whole := s.content.reader()
		if _, err := io.CopyN(sender, whole, size/2); err != nil {
			sender.CloseWithError(err)
			return
		}
		close(s.half)
		<-s.goOn
		_, err := io.Copy(sender, whole)
		sender.CloseWithError(err)
	}()
	c := newClient(l.g.url, l.token)
	go func() {
		s.answered <- c.create(s.path, true, body, -1)
		c.http.CloseIdleConnections()
	}()
	return s
}

// verify reads the file and removes it again.
func (s *slowUpload) verify(t *testing.T, l *load) {
	t.Helper()
	c := l.writers[0].client
	if err := c.check(s.path, s.content); err != nil {
		t.Error(err)
	}
	if err := c.delete(s.path); err != nil {
		t.Error(err)
	}
}

// refusing waits until the server takes no more connections.
func refusing(t *testing.T, l *load) {
	t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	late := time.After(patience)
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(l.g.url, "http://"))
		if err != nil {
			return
		}
		conn.Close()
		select {
		case <-again.C:
		case <-late:
			t.Fatal("a server that was asked to end still takes connections")
		}
	}
}
