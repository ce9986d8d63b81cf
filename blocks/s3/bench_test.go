package s3_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"granary/blocks"
	"granary/e2e/s3test"
)

// A block of 64 MiB goes to a store whose answers come after 30 ms, as from another building.
func BenchmarkPut(b *testing.B) {
	s := open(b, s3test.Start(b).URL("bench"))
	s.Through(func(base http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			response, err := base.RoundTrip(r)
			<-time.After(30 * time.Millisecond)
			return response, err
		})
	})
	const size = 64 << 20
	want := content(size)
	b.SetBytes(size)
	for b.Loop() {
		if err := s.Put(b.Context(), blocks.NewID(), bytes.NewReader(want), size); err != nil {
			b.Fatal(err)
		}
	}
}
