package auth

import (
	"testing"
	"time"
)

func TestLRU(t *testing.T) {
	now := time.Unix(1000, 0)
	soon, later := now.Add(time.Second), now.Add(time.Hour)
	c := newLRU[string, int](2)
	has := func(k string, at time.Time, want int) {
		t.Helper()
		got, ok := c.get(k, at)
		if ok != (want != 0) || got != want {
			t.Errorf("%s: %d, %v; want %d", k, got, ok, want)
		}
	}
	c.put("a", 1, later)
	c.put("b", 2, soon)
	has("a", now, 1) // now b is the least recently used
	c.put("c", 3, later)
	has("b", now, 0)
	has("a", now, 1)
	has("c", now, 3)

	c.put("a", 4, soon)
	has("a", now, 4)
	has("a", soon, 0)
	has("a", now, 0) // forgotten for good
	has("c", now, 3)
	if n := c.entries.Len(); n != 1 {
		t.Errorf("%d entries; want 1", n)
	}
	c.clear()
	has("c", now, 0)
	c.put("d", 5, later)
	has("d", now, 5)
}
