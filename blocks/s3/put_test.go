package s3_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"granary/blocks"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

func TestPutThroughFaults(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("faults"))
	for _, n := range sizes {
		want := content(n)
		last := "faults/" // the request that makes the object
		method := "PUT"
		if n >= s3.PartSize { // its end shows only after it
			method, last = "POST", "uploadId="
		}
		for _, tt := range []struct {
			name       string
			method, in string
			times      int
			fault      s3test.Fault
			err        error
		}{
			{"the last answer is lost", method, last, 1, s3test.LoseAnswer(), nil},
			{"the first answer is lost", method, "faults/", 1, s3test.LoseAnswer(), nil},
			{"the first answer to a part is lost", "PUT", "faults/", 1, s3test.LoseAnswer(), nil},
			{"slow down", method, last, 2, s3test.Answer(503, "SlowDown"), nil},
			{"several at once", method, last, 2, s3test.Answer(409, "ConditionalRequestConflict"), nil},
			{"no room", method, last, 1, s3test.Answer(403, "QuotaExceeded"), blocks.ErrNoSpace},
			{"not allowed", method, last, 1, s3test.Answer(403, "AccessDenied"), blocks.ErrUnavailable},
		} {
			id := blocks.NewID()
			proxy.Befall(tt.method, tt.in, tt.times, tt.fault)
			err := s.Put(t.Context(), id, bytes.NewReader(want), int64(n))
			if !errors.Is(err, tt.err) {
				t.Errorf("%d bytes, %s: %v, want %v", n, tt.name, err, tt.err)
			}
			if seen := proxy.Befallen(); seen != tt.times && (tt.method == method || n >= s3.PartSize) {
				t.Errorf("%d bytes, %s: befell %d requests, want %d", n, tt.name, seen, tt.times)
			}
			got, err := read(t, s, id, 0, int64(n))
			switch {
			case tt.err != nil:
				if !errors.Is(err, blocks.ErrNotExist) || len(objects(t, server, id.String())) > 0 {
					t.Errorf("%d bytes, %s: left %v, %v", n, tt.name, objects(t, server, id.String()), err)
				}
			case err != nil || !bytes.Equal(got, want):
				t.Errorf("%d bytes, %s: read %d, %v", n, tt.name, len(got), err)
			default:
				if err := s.Put(t.Context(), id, bytes.NewReader(want), int64(n)); !errors.Is(err, blocks.ErrExist) {
					t.Errorf("%d bytes, %s, again: %v, want %v", n, tt.name, err, blocks.ErrExist)
				}
			}
		}
	}
	if left := objects(t, server, ".sgwtmp"); len(left) > 0 {
		t.Errorf("left of uploads: %v", left)
	}
}

func TestPutLeavesNothing(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("left"))
	for _, n := range sizes {
		ctx, cancel := context.WithCancel(t.Context())
		id, method, in := blocks.NewID(), "PUT", "left/"
		if n >= s3.PartSize { // its end shows only after it
			method, in = "POST", "uploadId="
		}
		made := false
		proxy.Befall(method, in, 1, s3test.Then(s3test.LoseAnswer(), func() {
			made = len(objects(t, server, id.String())) > 0
			cancel()
		}))
		if err := s.Put(ctx, id, bytes.NewReader(content(n)), int64(n)); !errors.Is(err, context.Canceled) || !errors.Is(err, blocks.ErrUndecided) {
			t.Errorf("%d bytes: %v, want %v and %v", n, err, context.Canceled, blocks.ErrUndecided)
		}
		if left := objects(t, server, id.String()); len(left) > 0 || !made {
			t.Errorf("%d bytes: made %t, left %v", n, made, left)
		}
		proxy.Befallen()
	}
}

func TestPutIsRefusedAfterAll(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("refused"))
	for _, n := range sizes {
		id, method, in := blocks.NewID(), "PUT", "refused/"
		if n >= s3.PartSize { // its end shows only after it
			method, in = "POST", "uploadId="
		}
		proxy.Befall(method, in, 1, s3test.LoseAnswer())
		proxy.Befall(method, in, 1, s3test.Answer(403, "AccessDenied"))
		if err := s.Put(t.Context(), id, bytes.NewReader(content(n)), int64(n)); !errors.Is(err, blocks.ErrUnavailable) {
			t.Errorf("%d bytes: %v, want %v", n, err, blocks.ErrUnavailable)
		}
		if seen := proxy.Befallen(); seen != 2 {
			t.Errorf("%d bytes: befell %d requests, want 2", n, seen)
		}
		if left := objects(t, server, id.String()); len(left) > 0 {
			t.Errorf("%d bytes: left %v", n, left)
		}
	}
}

func TestPutIsMadeLate(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("late"))
	id := blocks.NewID()
	proxy.Befall("POST", "uploadId=", 1, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(httptest.NewRecorder(), r)
		s3test.Answer(404, "NoSuchUpload")(w, r, forward)
	})
	proxy.Befall("HEAD", id.String(), 1, s3test.Answer(404, ""))
	proxy.Befall("GET", id.String(), 1, s3test.Answer(404, "NoSuchKey"))
	if err := s.Put(t.Context(), id, bytes.NewReader(content(s3.PartSize)), s3.PartSize); !errors.Is(err, blocks.ErrUnavailable) {
		t.Errorf("put: %v, want %v", err, blocks.ErrUnavailable)
	}
	if left := objects(t, server, id.String()); len(left) > 0 || proxy.Befallen() != 3 {
		t.Errorf("left %v", left)
	}
}

func TestProbe(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("probed"))
	proxy.Befall("PUT", "probe-", 1, s3test.LoseAnswer())
	if err := s.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	proxy.Befallen()
	proxy.Befall("PUT", "probe-", 2, s3test.Answer(200, ""))
	if err := s.Probe(t.Context()); err == nil || !strings.Contains(err.Error(), "If-None-Match") {
		t.Errorf("it overwrites: %v", err)
	}
	proxy.Befallen()
	ctx, cancel := context.WithCancel(t.Context())
	proxy.Befall("PUT", "probe-", 1, s3test.Then(s3test.LoseAnswer(), cancel))
	if err := s.Probe(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("its caller leaves: %v, want %v", err, context.Canceled)
	}
	if left := objects(t, server, "probe-"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// With TLS the checksum of a part goes with it, and a part that is damaged on its way is refused.
func TestPutWithTLS(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewTLSProxy(t, server)
	s := open(t, proxy.URL("tls"))
	for _, n := range sizes {
		id, want := blocks.NewID(), content(n)
		if err := s.Put(t.Context(), id, bytes.NewReader(want), int64(n)); err != nil {
			t.Errorf("%d bytes: %v", n, err)
			continue
		}
		if got, err := read(t, s, id, 0, int64(n)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: read %d, or others, %v", n, len(got), err)
		}
		if n == 0 {
			continue
		}
		id = blocks.NewID()
		proxy.Befall("PUT", "tls/", 1, s3test.DamageBody())
		if err := s.Put(t.Context(), id, bytes.NewReader(want), int64(n)); err == nil || len(objects(t, server, id.String())) > 0 {
			t.Errorf("%d bytes, damaged: %v, left %v", n, err, objects(t, server, id.String()))
		}
		proxy.Befallen()
	}
}
