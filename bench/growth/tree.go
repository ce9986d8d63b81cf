package main

import (
	"fmt"
	"strconv"
)

// The shape of the tree, whatever its size. Depths and directory sizes are the same for each size, except for wide, so
// that an operation does the same in all of them.
const (
	project    = "growth"
	leafFiles  = 100  // in each leaf directory
	leafDirs   = 100  // in each directory above them
	pageFiles  = 1000 // in the directory page, as many as one page of a listing has
	deepLevels = 64   // directories in a chain, with a file in the last
	fullEach   = 10   // one file in so many has content; the others are empty
	fullSize   = 200  // bytes of content
)

// tree defines which inodes there are. They are numbered from 0 in the order of their directories and names, which is also
// the order of their ids.
type tree struct {
	wide   int64 // files in the directory wide
	leaves int64 // files in the leaf directories
	base   int64 // the id of the first inode
	top    int64 // the id of the project's top
}

// newTree returns a tree of about n inodes, with wide files in one directory.
func newTree(n, wide int64) (*tree, error) {
	fixed := 3 + wide + pageFiles + deepLevels // the directories wide, page and deep, and what is in them
	left := n - fixed
	dirs := (left + leafFiles) / (leafFiles + 1)
	t := &tree{wide: wide, leaves: left - dirs - (dirs+leafDirs-1)/leafDirs}
	if t.leaves < leafFiles*fullEach {
		return nil, fmt.Errorf("%d inodes are too few for a tree with %d in one directory: it takes %d", n, wide, fixed+leafFiles*(fullEach+1))
	}
	return t, nil
}

func (t *tree) leafDirs() int64  { return (t.leaves + leafFiles - 1) / leafFiles }
func (t *tree) aboveDirs() int64 { return (t.leafDirs() + leafDirs - 1) / leafDirs }

// total returns the number of inodes.
func (t *tree) total() int64 {
	return 3 + t.aboveDirs() + t.leafDirs() + t.leaves + deepLevels + pageFiles + t.wide
}

// node is an inode. The next node overwrites its name.
type node struct {
	id, parent int64
	name       []byte
	dir        bool
	size       int64 // of a file
	children   int64 // of a directory
}

// each yields all inodes in the order of ids, parents before children, until yield returns false.
func (t *tree) each(yield func(n *node) bool) {
	n, id := &node{name: make([]byte, 0, 16)}, t.base
	emit := func(parent int64, prefix byte, number int64, digits int, dir bool, count int64) bool {
		n.id, n.parent, n.dir = id, parent, dir
		n.name = numbered(n.name[:0], prefix, number, digits)
		if n.size, n.children = 0, 0; dir {
			n.children = count
		} else {
			n.size = count
		}
		id++
		return yield(n)
	}
	fixed := func(name string, children int64) bool {
		n.id, n.parent, n.dir, n.size, n.children = id, t.top, true, 0, children
		n.name = append(n.name[:0], name...)
		id++
		return yield(n)
	}
	above, dirs := t.aboveDirs(), t.leafDirs()
	for i := range above {
		if !emit(t.top, 'a', i, 4, true, min(leafDirs, dirs-i*leafDirs)) {
			return
		}
	}
	deep, page, wide := id, id+1, id+2
	if !fixed("deep", 1) || !fixed("page", pageFiles) || !fixed("wide", t.wide) {
		return
	}
	firstDir := id
	for i := range dirs {
		if !emit(t.base+i/leafDirs, 'b', i%leafDirs, 2, true, min(leafFiles, t.leaves-i*leafFiles)) {
			return
		}
	}
	for i := range t.leaves {
		if !emit(firstDir+i/leafFiles, 'f', i%leafFiles, 2, false, sizeOf(i)) {
			return
		}
	}
	parent := deep
	for i := range int64(deepLevels - 1) {
		last := id
		if !emit(parent, 'd', i+2, 2, true, 1) {
			return
		}
		parent = last
	}
	if !emit(parent, 'f', 0, 2, false, fullSize) {
		return
	}
	for i := range int64(pageFiles) {
		if !emit(page, 'p', i, 4, false, sizeOf(i)) {
			return
		}
	}
	for i := range t.wide {
		if !emit(wide, 'w', i, 7, false, sizeOf(i)) {
			return
		}
	}
}

// sizeOf returns the size of file i of a directory.
func sizeOf(i int64) int64 {
	if i%fullEach == 0 {
		return fullSize
	}
	return 0
}

// numbered appends a letter and a number with leading zeros.
func numbered(to []byte, letter byte, n int64, digits int) []byte {
	to = append(to, letter)
	width := 1
	for rest := n / 10; rest > 0; rest /= 10 {
		width++
	}
	for ; width < digits; width++ {
		to = append(to, '0')
	}
	return strconv.AppendInt(to, n, 10)
}

// file returns the path of file i of the leaf directories, below the project's top directory.
func (t *tree) file(i int64) string {
	dir := i / leafFiles
	return fmt.Sprintf("/a%04d/b%02d/f%02d", dir/leafDirs, dir%leafDirs, i%leafFiles)
}

// scattered returns the paths of n files with content, spread evenly over the leaf directories. Different turns give
// different files.
func (t *tree) scattered(n, turn int) []string {
	full := t.leaves / fullEach
	paths := make([]string, 0, n)
	for i := range int64(n) {
		paths = append(paths, t.file((i*full/int64(n)+int64(turn))%full*fullEach))
	}
	return paths
}

// chain returns the path of the chain deep down to so many levels.
func chain(levels int) string {
	path := "/deep"
	for i := 2; i <= levels; i++ {
		path += fmt.Sprintf("/d%02d", i)
	}
	return path
}
