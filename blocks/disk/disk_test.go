package disk_test

import (
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/disk"
)

func TestStore(t *testing.T) {
	blockstest.Run(t, func(t *testing.T) blocks.Store { return open(t, t.TempDir()) })
}

func open(t *testing.T, dir string) *disk.Store {
	t.Helper()
	s, err := disk.Open(dir)
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
