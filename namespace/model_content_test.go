package namespace

import (
	"slices"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// Content is one run of bytes, divided into HDFS's blocks. A block is filled up before the next one begins; CONCAT leaves
// blocks that are not full in the middle.

// write adds content to a file.
func (n *modelNode) write(content []byte) {
	n.content = append(slices.Clip(n.content), content...)
	n.blocks = slices.Clone(n.blocks)
	for left := len(content); left > 0; {
		if len(n.blocks) == 0 || int64(n.blocks[len(n.blocks)-1]) >= n.blockSize {
			n.blocks = append(n.blocks, 0)
		}
		last := &n.blocks[len(n.blocks)-1]
		more := min(left, int(n.blockSize)-*last)
		*last, left = *last+more, left-more
	}
}

// cutTo shortens a file.
func (n *modelNode) cutTo(size int) {
	n.content = n.content[:size]
	var blocks []int
	for _, length := range n.blocks {
		if size > 0 {
			blocks = append(blocks, min(length, size))
		}
		size -= length
	}
	n.blocks = blocks
}

func (n *modelNode) checksum() filesum.Checksum {
	sum, at := filesum.New(n.blockSize), 0
	for _, length := range n.blocks {
		block := filesum.New(n.blockSize)
		block.Write(n.content[at : at+length])
		if err := sum.Concat(block); err != nil {
			panic(err)
		}
		at += length
	}
	return sum.Checksum()
}

func (m *model) truncate(user, path string, size int) Kind {
	n, kind := m.see(user, path, perm.None)
	switch {
	case kind != allowed:
		return kind
	case !m.may(user, n, perm.Write):
		return AccessControl
	case n.dir:
		return NotExist
	case size > len(n.content):
		return InvalidValue
	case size < len(n.content):
		n.cutTo(size)
		n.mtime = m.now
	}
	return allowed
}

func (m *model) concat(user, target string, sources []string) Kind {
	to, kind := m.see(user, target, perm.Write)
	switch {
	case kind != allowed:
		return kind
	case to.dir:
		return NotExist
	}
	for _, path := range sources {
		if kind := m.concatSource(user, path, to); kind != allowed {
			return kind
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(sources)))) < len(sources) {
		return InvalidValue
	}
	return m.within(target, false, func(m *model) {
		to := m.walkFor(user, target).node()
		to.blocks = slices.Clone(to.blocks)
		for _, path := range sources {
			w := m.walkFor(user, path)
			to.content = append(slices.Clip(to.content), w.node().content...)
			to.blocks = append(to.blocks, w.node().blocks...)
			m.cut(w)
		}
		to.mtime = m.now
	})
}

// concatSource checks a source against the rules.
func (m *model) concatSource(user, path string, to *modelNode) Kind {
	n, kind := m.see(user, path, perm.Read)
	if kind == NotExist {
		kind = allowed // a missing source, too, is refused for the directory's sake first
	}
	if kind == allowed {
		kind = m.leave(user, m.walkFor(user, path))
	}
	switch {
	case kind != allowed:
		return kind
	case n == nil, n.dir:
		return NotExist
	case n.parent != to.parent, n == to, len(n.content) == 0, n.blockSize > to.blockSize:
		return InvalidValue
	}
	return allowed
}
