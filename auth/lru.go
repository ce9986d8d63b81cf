package auth

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// lru remembers up to size values, each until a time of its own. When it is full it forgets the least recently used
// one. It is safe for concurrent use.
type lru[K comparable, V any] struct {
	mu      sync.Mutex
	entries *simplelru.LRU[K, timed[V]]
}

// timed is a value and the time until which it is remembered.
type timed[V any] struct {
	value V
	until time.Time
}

// newLRU returns an empty lru; size must be above 0.
func newLRU[K comparable, V any](size int) *lru[K, V] {
	entries, err := simplelru.NewLRU[K, timed[V]](size, nil)
	if err != nil {
		panic(err)
	}
	return &lru[K, V]{entries: entries}
}

// get returns the value remembered for k, if its time is not over at now.
func (c *lru[K, V]) get(k K, now time.Time) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.entries.Get(k)
	if !ok {
		return v, false
	}
	if elapsed(t.until, now) >= 0 {
		c.entries.Remove(k)
		return v, false
	}
	return t.value, true
}

// put remembers v as k's value until the given time.
func (c *lru[K, V]) put(k K, v V, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries.Add(k, timed[V]{v, until})
}

// clear forgets everything.
func (c *lru[K, V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries.Purge()
}

// elapsed returns how long ago before was, by the clock that says longer: the monotonic one stops while the machine sleeps,
// and the other one may be set back.
func elapsed(before, now time.Time) time.Duration {
	return max(now.Sub(before), now.Round(0).Sub(before.Round(0)))
}
