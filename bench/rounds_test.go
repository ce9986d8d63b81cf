package main

import (
	"slices"
	"testing"
)

func TestOrderTurnsRound(t *testing.T) {
	for round, want := range [][]int{{0, 1, 2}, {2, 1, 0}, {0, 1, 2}, {2, 1, 0}} {
		if got := order(3, round); !slices.Equal(got, want) {
			t.Errorf("in round %d the order is %v, want %v", round, got, want)
		}
	}
}

// Each client must come by every file of the set, or the figures are those of a small hot part of it.
func TestPickReachesEveryFile(t *testing.T) {
	for worker := range 3 {
		seen := map[[2]int]bool{}
		for i := range readFiles {
			dir, file := pick(worker, i)
			seen[[2]int{dir, file}] = true
			if dir < 0 || dir >= 16 || file < 0 || file >= readFiles/16 {
				t.Fatalf("client %d picks file %d of directory %d", worker, file, dir)
			}
		}
		if len(seen) != readFiles {
			t.Errorf("client %d reaches %d of %d files", worker, len(seen), readFiles)
		}
	}
}
