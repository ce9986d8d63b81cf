package main

import (
	"archive/tar"
	"bytes"
	"io"
	"strconv"
)

// blockSize is what everything in a tar archive is a multiple of.
const blockSize = 512

// archive reads a tar archive. The heads of ordinary files it reads by itself, since [tar.Reader] takes longer for one than
// all the rest that the client does for a small file. From the first other head on, it leaves the archive to that.
type archive struct {
	r       io.Reader
	block   [blockSize]byte
	content exactly
	pad     int64       // bytes after the content up to the next head
	rest    *tar.Reader // what reads from here on, if it is not nil
}

// next reads the head of the next member, whose predecessor must have been read to its end. The name is valid until the
// call after. At the archive's end the error is [io.EOF].
func (a *archive) next() (name []byte, kind byte, body io.Reader, err error) {
	if a.rest == nil {
		if _, err := io.ReadFull(a.r, a.block[:a.pad]); err != nil {
			return nil, 0, nil, err
		}
		if _, err := io.ReadFull(a.r, a.block[:]); err != nil {
			return nil, 0, nil, err
		}
		if name, size, plain := plainFile(&a.block); plain {
			a.content = exactly{r: a.r, left: size}
			a.pad = -size & (blockSize - 1)
			return name, tar.TypeReg, &a.content, nil
		}
		a.rest = tar.NewReader(io.MultiReader(bytes.NewReader(a.block[:]), a.r))
	}
	head, err := a.rest.Next()
	if err != nil {
		return nil, 0, nil, err
	}
	return []byte(head.Name), head.Typeflag, a.rest, nil
}

// plainFile takes the name and the size out of the head of an ordinary file with a short name. Of any other head it says
// that it is not plain.
func plainFile(b *[blockSize]byte) (name []byte, size int64, plain bool) {
	const kind, prefix = 156, 345
	name, _, _ = bytes.Cut(b[:100], []byte{0}) // one of 100 bytes has no end
	size, err := strconv.ParseInt(string(b[124:135]), 8, 64)
	return name, size, err == nil && b[135] == 0 && b[kind] == tar.TypeReg && b[prefix] == 0
}
