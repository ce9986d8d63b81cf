//go:build !granary_unsealed

package seal

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/minio/sio"

	"granary/blocks"
)

// Sealing reports whether this build encrypts: always, unless built with the tag granary_unsealed.
const Sealing = true

const (
	blockLabel = "granary/v1/block"

	headerSize      = 16
	packageOverhead = headerSize + tagSize
	packagePlain    = 1 << 16 // content of every package but the last
	packageSealed   = packagePlain + packageOverhead

	maxPlain = packagePlain << 32 // sio counts packages in 32 bits
)

// Store returns a store that seals every block put into inner with a key of its own and unseals every one opened.
//
// It reads only the packages that a range touches, and verifies each before it yields a byte of it: what was changed,
// cut short inside a package, spliced or swapped, or sealed with another key, fails with [blocks.ErrCorrupt]. A block
// cut off so far that the range is not in it any more fails with [blocks.ErrShort]: how long a block should be only
// its caller knows. A range that ends inside a package that is not the block's last costs a second Open of
// inner, unless the reader of the first is a [blocks.Extender].
//
// List yields what inner holds, with its sizes, see [SealedSize]. Delete passes through.
func Store(inner blocks.Store, key Key) blocks.Store {
	return &store{inner: inner, key: key}
}

type store struct {
	inner blocks.Store
	key   Key
}

// SealedSize is the size of the sealed form of a block of n bytes, at least 0. It grows strictly with n.
func SealedSize(n int64) int64 {
	size := n / packagePlain * packageSealed
	if rest := n % packagePlain; rest > 0 {
		size += rest + packageOverhead
	}
	return size
}

// config pins all that sio leaves open. Config.Nonce stays unset: sio then draws a random one for each block.
func (s *store) config(id blocks.ID, firstPackage uint32) sio.Config {
	return sio.Config{
		MinVersion:     sio.Version20,
		MaxVersion:     sio.Version20,
		CipherSuites:   []byte{sio.AES_256_GCM},
		Key:            s.key.derive(nil, blockLabel, secretSize, id[:]...),
		SequenceNumber: firstPackage,
	}
}

func (s *store) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	if size > maxPlain {
		return fmt.Errorf("put block %s: %d bytes are more than the %d that can be sealed", id, size, int64(maxPlain))
	}
	sealed, err := sio.EncryptReader(blocks.Exactly(ctx, r, size), s.config(id, 0))
	if err != nil {
		return fmt.Errorf("seal block %s: %w", id, err)
	}
	sealedSize := blocks.SizeUnknown
	if size != blocks.SizeUnknown {
		sealedSize = SealedSize(size)
	}
	return s.inner.Put(ctx, id, sealed, sealedSize)
}

func (s *store) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	if err := blocks.CheckRange(id, off, n, maxPlain); err != nil {
		return nil, err
	}
	if n == 0 {
		// SealedSize grows strictly, so the sealed block reaches it if and only if the block reaches off.
		return s.inner.Open(ctx, id, SealedSize(off), 0)
	}
	return openRange(ctx, s, id, off, n)
}

func (s *store) Delete(ctx context.Context, ids ...blocks.ID) error {
	return s.inner.Delete(ctx, ids...)
}

func (s *store) List(ctx context.Context) iter.Seq2[blocks.Info, error] {
	return s.inner.List(ctx)
}
