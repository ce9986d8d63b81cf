package blocks_test

import (
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"granary/blocks"
)

func TestExactly(t *testing.T) {
	torn := func(s string, err error) io.Reader {
		return io.MultiReader(strings.NewReader(s), iotest.ErrReader(err))
	}
	errBroken := errors.New("broken")
	for _, tt := range []struct {
		name string
		r    io.Reader
		size int64
		want string
		err  error
	}{
		{"the announced size", strings.NewReader("grain"), 5, "grain", nil},
		{"nothing, announced", strings.NewReader(""), 0, "", nil},
		{"unknown size", strings.NewReader("grain"), blocks.SizeUnknown, "grain", nil},
		{"nothing, unknown size", strings.NewReader(""), blocks.SizeUnknown, "", nil},
		{"too short", strings.NewReader("grain"), 6, "grain", blocks.ErrShort},
		{"empty but announced", strings.NewReader(""), 1, "", blocks.ErrShort},
		{"too long", strings.NewReader("grain"), 4, "grai", blocks.ErrLong},
		{"announced empty", strings.NewReader("g"), 0, "", blocks.ErrLong},
		{"failing", torn("gr", errBroken), 5, "gr", errBroken},
		{"failing after the last byte", torn("grain", errBroken), 5, "grain", errBroken},
		{"cut off", torn("gr", io.ErrUnexpectedEOF), blocks.SizeUnknown, "gr", io.ErrUnexpectedEOF},
		{"end and bytes at once", iotest.DataErrReader(strings.NewReader("grain")), 5, "grain", nil},
		{"one byte at a time", iotest.OneByteReader(strings.NewReader("grain")), 5, "grain", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := io.ReadAll(blocks.Exactly(t.Context(), tt.r, tt.size))
			if string(got) != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// A torn body must not look like a clean end to io.ReadFull, whose own word for one is the same error value.
func TestExactlyNeverReportsBareUnexpectedEOF(t *testing.T) {
	for _, size := range []int64{blocks.SizeUnknown, 2, 5} {
		r := blocks.Exactly(t.Context(), io.MultiReader(strings.NewReader("gr"), iotest.ErrReader(io.ErrUnexpectedEOF)), size)
		if _, err := io.ReadFull(r, make([]byte, 9)); err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
			t.Errorf("size %d: io.ReadFull reports %v, want an error of its own", size, err)
		}
	}
}

func TestExactlyStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := blocks.Exactly(ctx, strings.NewReader("grain"), 5)
	if n, err := r.Read(make([]byte, 2)); n != 2 || err != nil {
		t.Fatalf("before: %d, %v", n, err)
	}
	cancel()
	if n, err := r.Read(make([]byte, 2)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("after: %d, %v; want 0, %v", n, err, context.Canceled)
	}
}

func TestCheckRange(t *testing.T) {
	id := blocks.NewID()
	for _, tt := range []struct {
		off, n, size int64
		ok, short    bool
	}{
		{0, 0, 0, true, false},
		{0, 7, 7, true, false},
		{7, 0, 7, true, false},
		{3, 4, 7, true, false},
		{8, 0, 7, false, true},
		{3, 5, 7, false, true},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64, false, true},
		{-1, 1, 7, false, false},
		{1, -1, 7, false, false},
	} {
		err := blocks.CheckRange(id, tt.off, tt.n, tt.size)
		if (err == nil) != tt.ok || errors.Is(err, blocks.ErrShort) != tt.short {
			t.Errorf("CheckRange(%d, %d) of %d bytes: %v", tt.off, tt.n, tt.size, err)
		}
	}
}
