package s3_test

import (
	"strings"
	"testing"

	"granary/blocks"
	"granary/e2e/s3test"
)

// A store that may only be read is not healthy, although all that a probe asks is answered, until it does what it refused.
func TestHealthyWhileChangesAreRefused(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("health"))
	if err := s.SetMark(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	id := blocks.NewID()
	put := func() error { return s.Put(t.Context(), id, strings.NewReader("x"), 1) }
	remove := func() error { return s.Delete(t.Context(), id) }
	for _, tt := range []struct {
		method string
		change func() error
		want   string
	}{
		{"PUT", put, "refuses new blocks"},
		{"POST", remove, "refuses deletions"},
	} {
		proxy.Befall(tt.method, "", 1_000_000, s3test.Answer(403, "AccessDenied"))
		if err := tt.change(); err == nil {
			t.Error("it was not refused")
		}
		proxy.Befallen()
		if err := s.Healthy(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "so says the test") {
			t.Errorf("after a refusal: %v, want that it %s", err, tt.want)
		}
		proxy.Befall(tt.method, "", 1_000_000, s3test.Answer(503, "SlowDown"))
		if err := tt.change(); err == nil {
			t.Error("it was not refused")
		}
		proxy.Befallen()
		if err := s.Healthy(t.Context()); err == nil {
			t.Error("that it was away for once lets a refusal be forgotten")
		}
		if err := tt.change(); err != nil {
			t.Error(err)
		}
		if err := s.Healthy(t.Context()); err != nil {
			t.Errorf("after a change: %v", err)
		}
	}
}

// A probe asks once, and says what it heard.
func TestHealthyAsksOnce(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("once"))
	proxy.Befall("HEAD", "", 1_000_000, s3test.Answer(503, "SlowDown"))
	if err := s.Healthy(t.Context()); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("%v, want what it answered", err)
	}
	if seen := proxy.Befallen(); seen != 1 {
		t.Errorf("it was asked %d times", seen)
	}
}
