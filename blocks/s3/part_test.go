package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

// Puts whose content comes too slowly give way to others, and to nobody while there is room. All memory comes back.
func TestSlowPutsGiveWay(t *testing.T) {
	const pieces = 8
	server := s3test.Start(t)
	s := open(t, server.URL("slow"))
	s.Forgetful(pieces, 50*time.Millisecond)
	// Two hold all pieces, besides their first ones.
	const each = s3.PieceSize*(pieces/2+1) - 1
	release := make(chan struct{})
	let := sync.OnceFunc(func() { close(release) })
	defer let()
	var came sync.WaitGroup
	slow := make(chan error)
	for range 2 {
		came.Add(1)
		go func() {
			var once sync.Once
			id := blocks.NewID()
			slow <- s.Put(t.Context(), id, io.MultiReader(bytes.NewReader(content(each)), readerFunc(func([]byte) (int, error) {
				once.Do(came.Done)
				<-release
				return 0, io.EOF
			})), blocks.SizeUnknown)
		}()
	}
	came.Wait()
	if left := s.Left(); left != 0 {
		t.Fatalf("%d pieces are left, want none", left)
	}
	// A short one needs no room of theirs.
	short := blocks.NewID()
	if err := s.Put(t.Context(), short, bytes.NewReader(content(s3.PieceSize-1)), blocks.SizeUnknown); err != nil || s.Left() != 0 {
		t.Errorf("a short one: %v, and %d pieces are left", err, s.Left())
	}
	id, want := blocks.NewID(), content(each)
	if err := s.Put(t.Context(), id, bytes.NewReader(want), each); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, s, id, 0, each); err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	let()
	gaveWay := 0
	for range 2 {
		switch err := <-slow; {
		case errors.Is(err, blocks.ErrUnavailable):
			gaveWay++
		case err != nil:
			t.Error(err)
		}
	}
	if gaveWay == 0 {
		t.Error("nobody gave way")
	}
	if left := s.Left(); left != pieces {
		t.Errorf("%d pieces are left, want %d", left, pieces)
	}
}

// Who waits for memory leaves with its caller.
func TestPutWaitsForMemory(t *testing.T) {
	server := s3test.Start(t)
	s := open(t, server.URL("waits"))
	s.Forgetful(1, time.Hour)
	came, release, slow := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		var once sync.Once
		slow <- s.Put(t.Context(), blocks.NewID(), io.MultiReader(bytes.NewReader(content(s3.PieceSize+1)), readerFunc(func([]byte) (int, error) {
			once.Do(func() { close(came) })
			<-release
			return 0, io.EOF
		})), blocks.SizeUnknown)
	}()
	<-came
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Put(ctx, blocks.NewID(), bytes.NewReader(content(s3.PieceSize+1)), blocks.SizeUnknown); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("put while there is no memory: %v, want %v", err, context.DeadlineExceeded)
	}
	waits := make(chan error)
	go func() {
		waits <- s.Put(t.Context(), blocks.NewID(), bytes.NewReader(content(s3.PieceSize+1)), blocks.SizeUnknown)
	}()
	close(release)
	for range 2 {
		select {
		case err := <-slow:
			if err != nil {
				t.Error(err)
			}
		case err := <-waits:
			if err != nil {
				t.Error(err)
			}
		}
	}
	if left := s.Left(); left != 1 {
		t.Errorf("%d pieces are left, want 1", left)
	}
}

// A reader that yields nothing now and then, without an error, leaves no hole.
func TestPutOfHesitantReader(t *testing.T) {
	server := s3test.Start(t)
	s := open(t, server.URL("hesitant"))
	id, want := blocks.NewID(), content(s3.PartSize+2*s3.PieceSize)
	from, hesitates := bytes.NewReader(want), false
	r := readerFunc(func(p []byte) (int, error) {
		if hesitates = !hesitates; hesitates {
			return 0, nil
		}
		return from.Read(p)
	})
	if err := s.Put(t.Context(), id, r, int64(len(want))); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, s, id, 0, int64(len(want))); err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %d bytes, or others, %v", len(got), err)
	}
}
