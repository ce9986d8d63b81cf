package s3_test

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A store may answer before it has read all that is sent, and go on reading. What is sent again does not suffer from it.
func TestEarlyAnswer(t *testing.T) {
	for _, n := range []int{1_000_000, s3.PartSize + 1} {
		server := s3test.Start(t)
		s := open(t, server.URL("early"))
		var early io.Reader
		taken := int64(-1)
		s.Through(func(base http.RoundTripper) http.RoundTripper {
			return roundTripper(func(r *http.Request) (*http.Response, error) {
				switch {
				case r.Method != http.MethodPut, r.URL.Query().Get("partNumber") == "2": // which comes at the same time
				case early == nil:
					early = r.Body
					if _, err := io.CopyN(io.Discard, early, 1000); err != nil {
						t.Error(err)
					}
					return &http.Response{
						StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Request: r,
						Body: io.NopCloser(strings.NewReader("<Error><Code>SlowDown</Code></Error>")),
					}, nil
				case taken < 0:
					taken, _ = io.CopyN(io.Discard, early, 200_000)
				}
				return base.RoundTrip(r)
			})
		})
		id, want := blocks.NewID(), content(n)
		if err := s.Put(t.Context(), id, bytes.NewReader(want), int64(n)); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
		if taken != 0 {
			t.Errorf("%d bytes: the request that was answered takes %d from the next", n, taken)
		}
		if got, err := read(t, s, id, 0, int64(n)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: read %d, or others, %v", n, len(got), err)
		}
	}
}

// A store that is closed keeps no connections.
func TestClose(t *testing.T) {
	s := open(t, s3test.NewProxy(t, s3test.Start(t)).URL("closed")) // the server itself keeps none
	if _, err := s.Mark(t.Context()); err != nil {
		t.Fatal(err)
	}
	const serves = "net/http.(*persistConn).readLoop" // a goroutine of each connection
	if !runs(serves) {
		t.Error("there is no connection to close")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	awaitNone(t, serves)
}

// runs reports whether a goroutine runs a function.
func runs(function string) bool {
	stacks := make([]byte, 1<<20)
	return strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), function)
}

// awaitNone waits until no goroutine runs a function.
func awaitNone(t *testing.T, function string) {
	t.Helper()
	over := time.After(30 * time.Second)
	for runs(function) {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-over:
			t.Fatalf("%s goes on", function)
		}
	}
}
