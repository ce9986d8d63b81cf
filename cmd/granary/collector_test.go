package main

import "testing"

func TestGarbagePercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 1 << 20: 400, 20 << 20: 400, 40 << 20: 200, 80 << 20: 100, 160 << 20: 50, 1 << 30: 50, 1 << 40: 50} {
		if got := garbagePercent(live, spareLeast); got != want {
			t.Errorf("%d bytes: %d, want %d", live, got, want)
		}
	}
	if got := garbagePercent(256<<20, spareMost); got != 200 {
		t.Errorf("with more to spare: %d, want 200", got)
	}
}
