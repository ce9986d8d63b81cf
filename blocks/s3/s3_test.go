package s3_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

func TestMain(m *testing.M) { s3.HasteMain(m) }

func TestStore(t *testing.T) {
	server, stores := s3test.Start(t), 0
	blockstest.Run(t, func(t *testing.T) blocks.Store {
		stores++
		return open(t, server.URL(fmt.Sprint("store-", stores)))
	})
}

func open(t testing.TB, url string) *s3.Store {
	t.Helper()
	at, err := s3.ParsePlace(url)
	if err != nil {
		t.Fatal(err)
	}
	s, err := s3.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestMark(t *testing.T) {
	server := s3test.Start(t)
	s := open(t, server.URL("a/b"))
	if err := s.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	if is, err := s.Mark(t.Context()); is != "" || err != nil {
		t.Errorf("a new store: %q, %v", is, err)
	}
	if err := s.Healthy(t.Context()); err == nil {
		t.Error("a store that names no installation is healthy")
	}
	for range 2 {
		if err := s.SetMark(t.Context(), "one"); err != nil {
			t.Error(err)
		}
	}
	if err := s.SetMark(t.Context(), "two"); err == nil || !strings.Contains(err.Error(), "names the installation one") {
		t.Errorf("another installation: %v", err)
	}
	if is, err := s.Mark(t.Context()); is != "one" || err != nil {
		t.Errorf("the mark: %q, %v", is, err)
	}
	if err := s.Healthy(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOpen(t *testing.T) {
	server := s3test.Start(t)
	for _, tt := range []struct{ name, url, want string }{
		{"no such bucket", "s3://other-bucket/?endpoint=" + server.Endpoint, "there is no such bucket"},
		{"nobody there", "s3://bucket/?endpoint=http://127.0.0.1:1", "not available"},
	} {
		at, err := s3.ParsePlace(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s3.Open(t.Context(), at); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	at, err := s3.ParsePlace(server.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "a-wrong-secret")
	_, err = s3.Open(t.Context(), at)
	if err == nil || !strings.Contains(err.Error(), "refuses the credentials") || strings.Contains(err.Error(), "a-wrong-secret") {
		t.Errorf("wrong credentials: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s3.Open(ctx, at); err == nil {
		t.Error("a store is opened without asking")
	}
}
