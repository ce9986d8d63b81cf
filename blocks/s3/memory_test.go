package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

// held is content of which the first n bytes come at once, and the end when release is closed.
func held(n int, came func(), release <-chan struct{}) io.Reader {
	return io.MultiReader(bytes.NewReader(content(n)), readerFunc(func([]byte) (int, error) {
		came()
		<-release
		return 0, io.EOF
	}))
}

// begin puts a block in the background.
func begin(t *testing.T, s *s3.Store, r io.Reader) <-chan error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- s.Put(t.Context(), blocks.NewID(), r, blocks.SizeUnknown) }()
	return done
}

// Puts whose content comes too slowly give way to others, and to nobody while there is room. All memory comes back.
func TestSlowPutsGiveWay(t *testing.T) {
	server := s3test.Start(t)
	s := open(t, server.URL("slow"))
	s.Forgetful(2, 50*time.Millisecond)
	release := make(chan struct{})
	let := sync.OnceFunc(func() { close(release) })
	defer let()
	var came sync.WaitGroup
	var slow []<-chan error
	for range 2 {
		came.Add(1)
		slow = append(slow, begin(t, s, held(s3.PieceSize+1, sync.OnceFunc(came.Done), release)))
	}
	came.Wait()
	if left := s.Left(); left != 0 {
		t.Fatalf("%d places are left, want none", left)
	}
	if used, limit := s.Memory(); used != 2*s3.PartSize || limit != 2*s3.PartSize {
		t.Errorf("it says that %d bytes of %d are set aside, want all of two parts", used, limit)
	}
	// A short one needs no place.
	short := blocks.NewID()
	if err := s.Put(t.Context(), short, bytes.NewReader(content(s3.PieceSize-1)), blocks.SizeUnknown); err != nil || s.Left() != 0 {
		t.Errorf("a short one: %v, and %d places are left", err, s.Left())
	}
	id, want := blocks.NewID(), content(s3.PartSize-1)
	if err := s.Put(t.Context(), id, bytes.NewReader(want), int64(len(want))); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, s, id, 0, int64(len(want))); err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	let()
	gaveWay := 0
	for _, done := range slow {
		switch err := <-done; {
		case errors.Is(err, blocks.ErrUnavailable):
			gaveWay++
		case err != nil:
			t.Error(err)
		}
	}
	if gaveWay != 1 {
		t.Errorf("%d gave way, want the one that the other needed", gaveWay)
	}
	if left := s.Left(); left != 2 {
		t.Errorf("%d places are left, want 2", left)
	}
	if used, limit := s.Memory(); used != 0 || limit != 2*s3.PartSize {
		t.Errorf("it says that %d bytes of %d are set aside, want none of two parts", used, limit)
	}
}

// Waiting is no slowness: if the store is slow, all wait for as long as it takes, and nobody fails.
func TestNobodyGivesWayToASlowStore(t *testing.T) {
	const patience = 2 * time.Second
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("store"))
	s.Forgetful(1, patience)
	arrived, answer := make(chan struct{}), make(chan struct{})
	let := sync.OnceFunc(func() { close(answer) })
	defer let()
	proxy.Befall("PUT", "store/", 1, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		close(arrived)
		<-answer
		forward.ServeHTTP(w, r)
	})
	puts := []<-chan error{begin(t, s, bytes.NewReader(content(s3.PieceSize+1)))}
	<-arrived
	const others = 3
	for range others {
		pause := sync.OnceFunc(func() { <-time.After(patience / 4) }) // longer than it takes until others look
		puts = append(puts, begin(t, s, io.MultiReader(bytes.NewReader(content(2*s3.PieceSize)), readerFunc(func(p []byte) (int, error) {
			pause()
			return 0, io.EOF
		}), bytes.NewReader(content(2*s3.PartSize)))))
	}
	eventually(t, "all wait", func() bool { return s.Waiting() == others })
	<-time.After(patience + patience/4)
	let()
	for _, done := range puts {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if left := s.Left(); left != 1 {
		t.Errorf("%d places are left, want 1", left)
	}
}

// As long as others get places in time, a slow one may keep its own.
func TestNobodyGivesWayToWhoHasJustCome(t *testing.T) {
	const patience = 2 * time.Second
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("moving"))
	s.Forgetful(2, patience)
	came, release := make(chan struct{}), make(chan struct{})
	let := sync.OnceFunc(func() { close(release) })
	defer let()
	slow := begin(t, s, held(s3.PieceSize+1, sync.OnceFunc(func() { close(came) }), release))
	<-came
	<-time.After(patience + patience/4)
	proxy.Befall("PUT", "moving/", 3, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		<-time.After(patience / 8) // longer than it takes until who waits looks
		forward.ServeHTTP(w, r)
	})
	var others []<-chan error
	for range 3 {
		others = append(others, begin(t, s, bytes.NewReader(content(s3.PieceSize+1))))
	}
	for _, done := range others {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	let()
	if err := <-slow; err != nil {
		t.Errorf("the slow one: %v", err)
	}
}

// Nobody waits for ever for a store that takes nothing, nor gives up one that takes something now and then.
func TestWhoWaitsGivesUp(t *testing.T) {
	const hope = time.Second
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("hung"))
	s.Forgetful(1, time.Hour)
	s.Hopeless(hope)
	arrived, answer := make(chan struct{}), make(chan struct{})
	let := sync.OnceFunc(func() { close(answer) })
	defer let()
	proxy.Befall("PUT", "hung/", 1, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		close(arrived)
		<-answer
		forward.ServeHTTP(w, r)
	})
	first := begin(t, s, bytes.NewReader(content(s3.PieceSize+1)))
	<-arrived
	waits := begin(t, s, bytes.NewReader(content(s3.PieceSize+1)))
	eventually(t, "it waits", func() bool { return s.Waiting() == 1 })
	for range 8 { // short ones are taken meanwhile
		if err := s.Put(t.Context(), blocks.NewID(), strings.NewReader("x"), 1); err != nil {
			t.Error(err)
		}
		<-time.After(hope / 4)
	}
	if waiting := s.Waiting(); waiting != 1 {
		t.Errorf("%d wait while the store takes something, want 1", waiting)
	}
	if err := <-waits; !errors.Is(err, blocks.ErrUnavailable) {
		t.Errorf("while it takes nothing: %v, want %v", err, blocks.ErrUnavailable)
	}
	let()
	if err := <-first; err != nil || s.Left() != 1 {
		t.Errorf("%v, and %d places are left", err, s.Left())
	}
}

// Who waits for memory leaves with its caller.
func TestPutWaitsForMemory(t *testing.T) {
	server := s3test.Start(t)
	s := open(t, server.URL("waits"))
	s.Forgetful(1, time.Hour)
	came, release := make(chan struct{}), make(chan struct{})
	slow := begin(t, s, held(s3.PieceSize+1, sync.OnceFunc(func() { close(came) }), release))
	<-came
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Put(ctx, blocks.NewID(), bytes.NewReader(content(s3.PieceSize+1)), blocks.SizeUnknown); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("put while there is no memory: %v, want %v", err, context.DeadlineExceeded)
	}
	if waiting := s.Waiting(); waiting != 0 {
		t.Errorf("%d wait still", waiting)
	}
	waits := begin(t, s, bytes.NewReader(content(s3.PieceSize+1)))
	eventually(t, "one waits", func() bool { return s.Waiting() == 1 })
	close(release)
	for _, done := range []<-chan error{slow, waits} {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if left := s.Left(); left != 1 {
		t.Errorf("%d places are left, want 1", left)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); <-time.After(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came that " + what)
		}
	}
}
