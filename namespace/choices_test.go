package namespace

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// wanted is how often a test does what it counts: the value of the environment variable, or otherwise if it is not set.
func wanted(t testing.TB, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: want a number of at least 1", variable, text)
	}
	return n
}

// seed is the seed of a test's random choices; GRANARY_SEED repeats those of an earlier run.
func seed(t testing.TB) uint64 {
	t.Helper()
	n := rand.Uint64()
	if text := os.Getenv("GRANARY_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("GRANARY_SEED=%q: want a number", text)
		}
	}
	t.Logf("GRANARY_SEED=%d", n)
	return n
}
