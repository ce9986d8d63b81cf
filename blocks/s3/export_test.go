package s3

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"granary/blocks"
)

// PartSize is partSize.
const PartSize = partSize

// Impatient makes s ask anew for what has not come after a moment.
func (s *Store) Impatient(stall time.Duration) { s.stall = stall }

// Hasty makes s give up requests that take longer.
func (s *Store) Hasty(patience time.Duration) { s.patience = patience }

// Through lets all requests go through what wrap returns.
func (s *Store) Through(wrap func(http.RoundTripper) http.RoundTripper) {
	s.transport.base = wrap(s.transport.base)
}

// Begin leaves an unfinished upload of a block.
func (s *Store) Begin(ctx context.Context, id blocks.ID) error {
	_, err := s.client.NewMultipartUpload(ctx, s.at.Bucket, s.key(id), minio.PutObjectOptions{})
	return err
}

// PieceSize is pieceSize.
const PieceSize = pieceSize

// Forgetful bounds how many parts of s may hold more than a piece, and how long the content of one may take.
func (s *Store) Forgetful(places int, patience time.Duration) {
	s.memory = newMemory(places)
	s.memory.patience = patience
}

// Hopeless makes parts of s wait no longer for a place while the store takes nothing.
func (s *Store) Hopeless(hope time.Duration) { s.memory.hope = hope }

// Left is how many places are left.
func (s *Store) Left() int {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	return s.memory.left
}

// Waiting is how many parts wait for a place.
func (s *Store) Waiting() int {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	return len(s.memory.waiting)
}

// What these say in s3 goes for tests, too.
const (
	SendsAtOnce = sendsAtOnce
	MostPlaces  = mostPlaces
)

// SweepAll is Sweep as if everything that is unfinished were old.
func (s *Store) SweepAll(ctx context.Context) error { return s.sweep(ctx, time.Now().Add(time.Hour)) }

// HasteMain runs a package's tests without the pauses before requests are sent again, which would be most of their time.
func HasteMain(m *testing.M) {
	minio.DefaultRetryUnit, minio.DefaultRetryCap = 5*time.Millisecond, 50*time.Millisecond
	os.Exit(m.Run())
}
