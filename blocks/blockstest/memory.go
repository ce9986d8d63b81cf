package blockstest

import (
	"io"
	"runtime"
	"testing"

	"granary/blocks"
)

const (
	bigBlock    = 96 << 20
	memoryLimit = bigBlock / 4 // above any buffer, such as the parts of a block that go to S3 together; well below the block
)

func testBoundedMemory(t *testing.T, s blocks.Store) {
	id := blocks.NewID()
	meter := newMeter(t)
	source := io.TeeReader(io.LimitReader(&patternReader{id: id}, bigBlock), meter)
	if err := s.Put(t.Context(), id, source, blocks.SizeUnknown); err != nil {
		t.Fatalf("put: %v", err)
	}
	meter.check("put")

	r, err := s.Open(t.Context(), id, 0, bigBlock)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	meter = newMeter(t)
	if n, err := io.Copy(meter, r); n != bigBlock || err != nil {
		t.Fatalf("read %d of %d bytes: %v", n, bigBlock, err)
	}
	meter.check("open")
}

// meter is a writer that notes how much live memory there is while bytes pass.
type meter struct {
	t                 *testing.T
	base, peak        uint64
	passed, nextCheck int
}

func newMeter(t *testing.T) *meter {
	return &meter{t: t, base: liveMemory()}
}

func (m *meter) Write(p []byte) (int, error) {
	m.passed += len(p)
	if m.passed >= m.nextCheck {
		m.peak = max(m.peak, liveMemory())
		m.nextCheck = m.passed + bigBlock/5
	}
	return len(p), nil
}

func (m *meter) check(what string) {
	m.t.Helper()
	m.peak = max(m.peak, liveMemory())
	if m.peak > m.base+memoryLimit {
		m.t.Errorf("%s of %d MiB took %d MiB of memory, want at most %d", what, bigBlock>>20, (m.peak-m.base)>>20, memoryLimit>>20)
	}
}

// liveMemory is the size of what is still reachable.
func liveMemory() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
