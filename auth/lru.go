package auth

import (
	"container/list"
	"sync"
	"time"
)

// lru remembers up to size values, each until a time of its own, forgetting the one not asked for the longest when it
// is full. It is safe for concurrent use.
type lru[K comparable, V any] struct {
	size int

	mu      sync.Mutex
	entries map[K]*list.Element // of *lruEntry[K, V]
	recent  list.List           // front: asked for last
}

type lruEntry[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

func newLRU[K comparable, V any](size int) *lru[K, V] {
	return &lru[K, V]{size: size, entries: make(map[K]*list.Element, size)}
}

// get returns what is remembered of k, if its time is not over at now.
func (c *lru[K, V]) get(k K, now time.Time) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[k]
	if !ok {
		var none V
		return none, false
	}
	entry := e.Value.(*lruEntry[K, V])
	if !now.Before(entry.until) {
		c.remove(e)
		var none V
		return none, false
	}
	c.recent.MoveToFront(e)
	return entry.value, true
}

// put remembers v as k's value until the given time.
func (c *lru[K, V]) put(k K, v V, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[k]; ok {
		c.remove(e)
	}
	if len(c.entries) == c.size {
		c.remove(c.recent.Back())
	}
	c.entries[k] = c.recent.PushFront(&lruEntry[K, V]{k, v, until})
}

// clear forgets everything.
func (c *lru[K, V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
	c.recent.Init()
}

func (c *lru[K, V]) remove(e *list.Element) {
	delete(c.entries, c.recent.Remove(e).(*lruEntry[K, V]).key)
}
