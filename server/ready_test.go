package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadyz(t *testing.T) {
	var broken error
	h := newHouse(t, func(c *Config) {
		c.Ready = map[string]func(context.Context) error{
			"database": func(context.Context) error { return nil },
			"blocks":   func(context.Context) error { return broken },
		}
	})
	h.do("GET", "/readyz", "").want(t, 200, `{"blocks":"ok","database":"ok"}`)
	h.do("HEAD", "/readyz", "").want(t, 200, "")
	broken = errors.New("disk sda is on fire")
	a := h.do("GET", "/readyz", "")
	a.want(t, 503, `{"blocks":"failed","database":"ok"}`)
	if strings.Contains(a.body, "sda") || !strings.Contains(h.log.String(), "sda") {
		t.Errorf("the reason belongs into the log and not into the answer %s", a.body)
	}
}

// A check that hangs is not ready, whether or not it heeds its context, and does not hold up what is said of the others.
func TestReadyzWaitsForNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung := make(chan struct{})
		defer close(hung)
		s := &Server{log: slog.New(slog.DiscardHandler), ready: map[string]func(context.Context) error{
			"database": func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			},
			"disk":   func(context.Context) error { <-hung; return nil },
			"blocks": func(ctx context.Context) error { return ctx.Err() },
			"keys":   func(context.Context) error { return errors.New("none") },
		}}
		w, began := httptest.NewRecorder(), time.Now()
		s.readyz(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
		want := `{"blocks":"ok","database":"no answer within 3s","disk":"no answer within 3s","keys":"failed"}` + "\n"
		if took := time.Since(began); w.Code != 503 || took > 3*time.Second || w.Body.String() != want {
			t.Errorf("after %v: %d %s", took, w.Code, w.Body)
		}
	})
}

// TestChecksThatHangAreWaitedForTogether: each check that hangs keeps a thread, and the state is asked for again and again.
func TestChecksThatHangAreWaitedForTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		hung := make(chan struct{})
		hang := func() { asked.Add(1); <-hung }
		s := &Server{
			log:   slog.New(slog.DiscardHandler),
			ready: map[string]func(context.Context) error{"blocks": func(context.Context) error { hang(); return nil }},
			space: func(context.Context) (Space, error) { hang(); return Space{Capacity: 1}, nil },
		}
		probe := func() int {
			w := httptest.NewRecorder()
			s.readyz(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
			return w.Code
		}
		for range 5 {
			var all sync.WaitGroup
			for range 5 {
				all.Go(func() {
					began := time.Now()
					if code := probe(); code != 503 {
						t.Errorf("a check that hangs: %d", code)
					}
					if _, err := s.room(t.Context()); !errors.Is(err, errNoAnswer) {
						t.Errorf("room that is not measured: %v", err)
					}
					if took := time.Since(began); took > 2*readyPatience {
						t.Errorf("%v until it was told", took)
					}
				})
			}
			all.Wait()
		}
		if n := asked.Load(); n != 2 {
			t.Errorf("%d threads hang, of one check and one measuring", n)
		}
		close(hung)
		synctest.Wait()
		if code := probe(); code != 200 {
			t.Errorf("once it goes on: %d", code)
		}
		if room, err := s.room(t.Context()); err != nil || room.Capacity != 1 {
			t.Errorf("once it goes on: %v, %v", room, err)
		}
	})
}

// TestAHungDiskHoldsUpNobody who looks at the system or asks how much room there is.
func TestAHungDiskHoldsUpNobody(t *testing.T) {
	hung := make(chan struct{})
	h := newHouse(t, func(c *Config) {
		c.Ready = map[string]func(context.Context) error{"blocks": func(context.Context) error { <-hung; return nil }}
	})
	defer close(hung)
	h.handler.(*Server).space = func(context.Context) (Space, error) { <-hung; return Space{}, nil }
	h.do("GET", restPrefix+"/admin/system", "", h.as("root")).want(t, 200, `"fault":"no answer within 3s"`)
	h.do("GET", apiPrefix+"get-status?path=/", "", h.as("root")).want(t, 503, "do not say how much room")
}
