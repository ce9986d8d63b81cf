package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var nine = []environment{{"a", 300}, {"b", 20}, {"python", 100}, {"c", 250}, {"g", 260}, {"d", 10}, {"e", 5}, {"h", 15}, {"f", 240}}

// TestQuarter looks at many seeds: each quarter must take about a quarter of the time, and nothing may be left out by all of them.
func TestQuarter(t *testing.T) {
	times := map[string]int{}
	const seeds = 200
	for seed := range uint64(seeds) {
		chosen := quarter(nine, seed)
		if chosen[0].name != always {
			t.Fatalf("seed %d chooses %v, and should begin with %v", seed, chosen, always)
		}
		sum := 0
		for _, e := range chosen[1:] {
			times[e.name]++
			sum += e.weight
		}
		if sum < 240+5 || sum > 300+20 {
			t.Errorf("seed %d chooses %v, which takes %d of 1,100 seconds", seed, chosen, sum)
		}
		if again := quarter(nine, seed); !slices.Equal(again, chosen) {
			t.Errorf("seed %d chooses %v, and then %v", seed, chosen, again)
		}
	}
	if got := slices.Sorted(maps.Keys(times)); !slices.Equal(got, []string{"a", "b", "c", "d", "e", "f", "g", "h"}) {
		t.Errorf("%d seeds choose only %v", seeds, got)
	}
	for name, n := range times {
		if n < seeds/7 || n > 2*seeds/5 {
			t.Errorf("%s is chosen by %d of %d seeds", name, n, seeds)
		}
	}
}

func TestSeed(t *testing.T) {
	t.Setenv("GRANARY_SEED", "17")
	if got, err := seed(); got != 17 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	t.Setenv("GRANARY_SEED", "x")
	if got, err := seed(); err == nil {
		t.Errorf("x is the seed %d", got)
	}
}

// TestRead holds the weights against the folders: an environment that is not listed would never be run.
func TestRead(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("python/requirements.txt", "")
	write("other/requirements.txt", "")
	for text, ok := range map[string]bool{
		"# seconds\npython 100\nother 3\n":          true,
		"python 100\n":                              false,
		"python 100\nother 3\nthird 2\n":            false,
		"python 100\nother\n":                       false,
		"python 100\nother many\n":                  false,
		"python 100\nother 3\nother 3\nother 3 3\n": false,
	} {
		write("weights.txt", text)
		got, err := read(folder)
		if (err == nil) != ok {
			t.Errorf("of %q: %v, %v", text, got, err)
		}
		if ok && !slices.Equal(got, []environment{{"python", 100}, {"other", 3}}) {
			t.Errorf("of %q: %v", text, got)
		}
	}
}

// The folders of this repository are weighed.
func TestEnvironments(t *testing.T) {
	all, err := read(".")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names(all), always) {
		t.Errorf("%v are without %s", all, always)
	}
}
