package namespace

import (
	"context"
	"strings"
	"testing"
	"time"

	"granary/blocks/blockstest"
)

// A server that is to end does not wait for a store that hangs, and whoever still waits for it is told so.
func TestTheEndWaitsForNoStoreThatHangs(t *testing.T) {
	const most = commitTimeout / 3
	hanging := make(chan struct{})
	fs := newFS(t, func(c *Config) {
		c.Store = blockstest.Faulty(c.Store, blockstest.Before(blockstest.OpPut, 1, func(ctx context.Context) error {
			close(hanging)
			<-ctx.Done()
			return context.Cause(ctx)
		}))
	})
	s := fs.as(t, superuser)
	made := make(chan error, 1)
	go func() {
		_, err := s.Create(t.Context(), at("/f"), CreateOptions{Mode: 0o644, Size: -1}, strings.NewReader(string(medium(1))))
		made <- err
	}()
	<-hanging
	begun := time.Now()
	must(t, fs.Close())
	if took := time.Since(begun); took > most {
		t.Errorf("it took %s, want less than %s", took, most)
	}
	if err := <-made; kindOf(err) != Unavailable || !strings.Contains(err.Error(), "The server is about to end") {
		t.Errorf("the upload: %v", err)
	}
}
