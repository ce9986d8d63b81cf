package main

import (
	"archive/tar"
	"bytes"
	"io"
	"strconv"
)

// blockSize is the unit of a tar archive, in bytes.
const blockSize = 512

// archive reads a tar archive. It parses the headers of ordinary files by itself, since [tar.Reader] takes longer for one header than
// the client takes for all else about a small file. At the first other header it hands the archive over to a tar.Reader.
type archive struct {
	r       io.Reader
	block   [blockSize]byte
	content exactly
	pad     int64       // bytes of padding between the content and the next header
	rest    *tar.Reader // reads from here on, if it is not nil
}

// next reads the header of the next member; the member before must have been read to its end. The name is valid until the
// next call. At the end of the archive the error is [io.EOF].
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

// plainFile returns the name and size in the header of an ordinary file with a short name. For any other header plain is
// false.
func plainFile(b *[blockSize]byte) (name []byte, size int64, plain bool) {
	const kind, prefix = 156, 345
	name, _, _ = bytes.Cut(b[:100], []byte{0}) // a name of 100 bytes is not terminated
	size, err := strconv.ParseInt(string(b[124:135]), 8, 64)
	return name, size, err == nil && b[135] == 0 && b[kind] == tar.TypeReg && b[prefix] == 0
}
