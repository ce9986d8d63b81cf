package namespace

import "github.com/hashicorp/golang-lru/v2/simplelru"

// revision identifies a state of a file's content: neither ids nor gens are ever reused.
type revision struct {
	key
	gen int64
}

func (n *node) revision() revision { return revision{n.key(), n.gen} }

// contents remembers the content of small files, sealed as in the database. A fold seals it anew but changes none of its bytes,
// so what is remembered stays valid, whatever happens to the rows that it came from.
type contents struct {
	most, held int64 // bytes
	files      *simplelru.LRU[revision, []segment]
}

func newContents(most int64) *contents {
	c := &contents{most: most}
	const bound = 1 << 30 // files; the limit in bytes is reached first
	c.files, _ = simplelru.NewLRU(bound, func(_ revision, s []segment) { c.held -= weight(s) })
	return c
}

// overhead is roughly how many bytes of memory a file takes besides its sealed content.
const overhead = 300

func weight(s []segment) int64 {
	n := int64(overhead)
	for i := range s {
		n += int64(len(s[i].sealed)) + overhead/3
	}
	return n
}

func (c *contents) get(r revision) []segment {
	s, _ := c.files.Get(r)
	return s
}

func (c *contents) add(r revision, s []segment) {
	w := weight(s)
	if w > c.most || c.files.Contains(r) {
		return
	}
	c.files.Add(r, s)
	for c.held += w; c.held > c.most; {
		c.files.RemoveOldest()
	}
}

func (c *contents) purge() { c.files.Purge() }

// cover reports whether rows, sorted by offset, are the whole content of a file of this size.
func cover(rows []segment, size int64) bool {
	at := int64(0)
	for i := range rows {
		if rows[i].off != at {
			return false
		}
		at = rows[i].end()
	}
	return at == size
}
