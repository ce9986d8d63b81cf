package blockstest

import "io"

// tornReader reads all of r and yields only the first bytes of it.
type tornReader struct {
	r    io.Reader
	keep int64
}

func (t *tornReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	kept := min(int64(n), t.keep)
	t.keep -= kept
	return int(kept), err
}

// brokenReader yields the first left bytes and then err.
type brokenReader struct {
	io.ReadCloser
	left int64
	err  error
}

func (b *brokenReader) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, b.err
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// flippedReader inverts the bits of mask in the byte at, counted from where the reader is.
type flippedReader struct {
	io.ReadCloser
	at   int64
	mask byte
}

func (f *flippedReader) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if 0 <= f.at && f.at < int64(n) {
		p[f.at] ^= f.mask
	}
	f.at -= int64(n)
	return n, err
}
