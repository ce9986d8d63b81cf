// Package blockstest checks that a [blocks.Store] keeps its contract, and breaks stores on purpose.
//
// [Run] holds one test for every sentence of the contract; a store or a decorator adopts it in one line:
//
//	func TestStore(t *testing.T) {
//		blockstest.Run(t, func(*testing.T) blocks.Store { return mem.New() }, blockstest.HoldsContentInMemory)
//	}
//
// [Faulty] is the other half: a decorator that fails, tears, flips and delays as told, for the tests of code that uses
// a store.
package blockstest

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"granary/blocks"
)

// Exception names a promise of the contract that a store is known not to keep.
type Exception int

// HoldsContentInMemory excuses a store from bounded memory: it keeps its content in memory by design.
const HoldsContentInMemory Exception = iota + 1

// Run checks the store that open makes, anew and empty for each subtest, against the contract of [blocks.Store].
func Run(t *testing.T, open func(t *testing.T) blocks.Store, except ...Exception) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s blocks.Store)
	}{
		{"PutThenOpen", testPutThenOpen},
		{"PutSizes", testPutSizes},
		{"PutShort", testPutShort},
		{"PutLong", testPutLong},
		{"PutFailingReader", testPutFailingReader},
		{"PutCancelled", testPutCancelled},
		{"PutInvisibleUntilDone", testPutInvisibleUntilDone},
		{"PutExisting", testPutExisting},
		{"PutAfterFailure", testPutAfterFailure},
		{"PutRace", testPutRace},
		{"OpenRanges", testOpenRanges},
		{"Extend", testExtend},
		{"OpenShort", testOpenShort},
		{"OpenNegative", testOpenNegative},
		{"OpenMissing", testOpenMissing},
		{"OpenCancelled", testOpenCancelled},
		{"OpenConcurrently", testOpenConcurrently},
		{"Delete", testDelete},
		{"DeleteMissing", testDeleteMissing},
		{"DeleteCancelled", testDeleteCancelled},
		{"List", testList},
		{"ListStops", testListStops},
		{"ListCancelled", testListCancelled},
		{"ListWhileChanging", testListWhileChanging},
		{"EverythingAtOnce", testEverythingAtOnce},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
	if !slices.Contains(except, HoldsContentInMemory) {
		t.Run("BoundedMemory", func(t *testing.T) { testBoundedMemory(t, open(t)) })
	}
}

// pattern returns n bytes that differ from block to block and from place to place, so that a wrong block, a wrong
// offset and a repeated piece all show.
func pattern(id blocks.ID, n int) []byte {
	p := make([]byte, n)
	if _, err := io.ReadFull(&patternReader{id: id}, p); err != nil {
		panic(err) // patternReader neither ends nor fails
	}
	return p
}

// patternReader yields the pattern of a block without end.
type patternReader struct {
	id  blocks.ID
	off int64
}

func (r *patternReader) Read(p []byte) (int, error) {
	for i := range p {
		// A prime period of 251 never falls in step with packages, pages or buffers; off>>13 tells the periods apart.
		p[i] = byte(r.off%251) ^ byte(r.off>>13) ^ r.id[r.off%int64(len(r.id))]
		r.off++
	}
	return len(p), nil
}

// put stores the first n bytes of the block's pattern.
func put(t *testing.T, s blocks.Store, id blocks.ID, n int) {
	t.Helper()
	if err := s.Put(t.Context(), id, bytes.NewReader(pattern(id, n)), int64(n)); err != nil {
		t.Fatalf("put %d bytes: %v", n, err)
	}
}

// read returns the range or the error, whether it came from Open, Read or Close.
func read(t *testing.T, s blocks.Store, id blocks.ID, off, n int64) ([]byte, error) {
	r, err := s.Open(t.Context(), id, off, n)
	if err != nil {
		return nil, err
	}
	p, err := io.ReadAll(r)
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	return p, err
}

// expect checks that the block holds the first n bytes of its pattern.
func expect(t *testing.T, s blocks.Store, id blocks.ID, n int) {
	t.Helper()
	got, err := read(t, s, id, 0, int64(n))
	if err != nil {
		t.Errorf("read all %d bytes: %v", n, err)
	} else if !bytes.Equal(got, pattern(id, n)) {
		t.Errorf("read all: %d bytes that differ from the %d written", len(got), n)
	}
}

// list returns the ids and fails the test if one is listed twice or the listing fails.
func list(t *testing.T, s blocks.Store) map[blocks.ID]blocks.Info {
	t.Helper()
	infos := make(map[blocks.ID]blocks.Info)
	for info, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		if _, ok := infos[info.ID]; ok {
			t.Errorf("list: block %s appears twice", info.ID)
		}
		infos[info.ID] = info
	}
	return infos
}
