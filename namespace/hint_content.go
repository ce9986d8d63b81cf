package namespace

import "github.com/hashicorp/golang-lru/v2/simplelru"

// revision names a state of a file's content: ids and gens never come back.
type revision struct {
	key
	gen int64
}

func (n *node) revision() revision { return revision{n.key(), n.gen} }

// contents remember the content of small files, sealed as it lies in the database. A fold seals it anew and changes none of its
// bytes, so what is remembered stays right, whatever becomes of the rows that it came from.
type contents struct {
	most, held int64 // bytes
	files      *simplelru.LRU[revision, []segment]
}

func newContents(most int64) *contents {
	c := &contents{most: most}
	const bound = 1 << 30 // in files; bytes bound it before
	c.files, _ = simplelru.NewLRU(bound, func(_ revision, s []segment) { c.held -= weight(s) })
	return c
}

// overhead is about what a file costs beside its sealed bytes.
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

// cover reports whether rows, in the order of the file, are all of a file of this size.
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
