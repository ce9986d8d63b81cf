// Package blocks keeps immutable byte objects under random ids.
//
// A block is written once, read in ranges and deleted; it is never changed and its id is never used again, so a
// reader never sees half of a write and a retry never meets its own past. What a block means (which file, which
// offset, which project) is known only to package namespace, and what its bytes say only to whoever holds the
// project's key: see blocks/seal. The stored form is described in FORMAT.md.
//
// The contract of [Store] is checked by blocks/blockstest against every store and every decorator.
package blocks

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// ID names a block: 16 random bytes, written as 32 lower-case hexadecimal digits.
type ID [16]byte

// NewID returns an id that no block ever had: 128 bits from the operating system's generator.
func NewID() ID {
	var id ID
	rand.Read(id[:]) // documented never to fail
	return id
}

// ParseID reads the form that [ID.String] writes.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != hex.EncodedLen(len(id)) {
		return ID{}, fmt.Errorf("block id %q: want %d hexadecimal digits", s, hex.EncodedLen(len(id)))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return ID{}, fmt.Errorf("block id %q: %w", s, err)
	}
	if id.String() != s {
		return ID{}, fmt.Errorf("block id %q: want lower-case hexadecimal digits", s)
	}
	return id, nil
}

// String writes the id as 32 lower-case hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// Errors that stores report, alone or wrapped.
var (
	// ErrNotExist: no block has this id.
	ErrNotExist = errors.New("block does not exist")
	// ErrExist: a block with this id exists; blocks are never overwritten.
	ErrExist = errors.New("block already exists")
	// ErrShort: the block ends before the range asked for, or the reader given to Put ended before size bytes.
	ErrShort = errors.New("block is shorter than expected")
	// ErrLong: the reader given to Put held more than size bytes.
	ErrLong = errors.New("block is longer than expected")
	// ErrNoSpace: the store is full. Nothing was kept.
	ErrNoSpace = errors.New("no space left in block store")
	// ErrCorrupt: the stored bytes are not what was written.
	ErrCorrupt = errors.New("block is corrupt")
	// ErrUnavailable: the store cannot be used now, for any block; it may be later.
	ErrUnavailable = errors.New("block store is not available")
	// ErrUndecided comes with another error of Put: the block may be there later nevertheless. Whoever deletes it should
	// wait until the store is through with it.
	ErrUndecided = errors.New("the block may still come to be")
)

// SizeUnknown is the size to give to Put for a stream whose length is not known before its end.
const SizeUnknown int64 = -1

// Info describes one stored block.
type Info struct {
	ID ID
	// Size is what the store holds, in bytes; a sealed block is longer than its plaintext.
	Size int64
	// Written is when the block became visible, by the store's clock.
	Written time.Time
}

// Store holds blocks. Implementations are safe for concurrent use.
//
// Every method honours ctx. Errors wrap the sentinels above where one fits and name the block.
type Store interface {
	// Put stores everything r yields under id and returns once it is durable: a crash directly after Put returned
	// nil loses nothing. Until then the block is invisible to Open and List. size is the exact length or
	// SizeUnknown; a reader that yields fewer (ErrShort) or more (ErrLong) bytes, fails, or outlives ctx leaves
	// nothing behind. Put on an id that exists fails with ErrExist and changes nothing. Memory is bounded whatever
	// the size.
	Put(ctx context.Context, id ID, r io.Reader, size int64) error

	// Open returns exactly the n bytes from off, both at least 0; n = 0 yields an empty reader. A block that is
	// shorter than off+n fails with ErrShort, here or at the latest before the reader's last byte: the reader never
	// ends early without an error. A block that is deleted meanwhile may be read to the end, or fails with ErrNotExist.
	// The caller closes the reader.
	Open(ctx context.Context, id ID, off, n int64) (io.ReadCloser, error)

	// Delete removes blocks; ids that do not exist are no error. It returns once the removal is durable.
	Delete(ctx context.Context, ids ...ID) error

	// List yields every visible block in no particular order. Blocks put or deleted meanwhile may or may not
	// appear. An error ends the sequence.
	List(ctx context.Context) iter.Seq2[Info, error]
}

// Marked is a Store that says whose blocks it holds.
type Marked interface {
	Store

	// Name is what the store is and where, for messages, as in "block folder /srv/blocks". It holds no secrets.
	Name() string

	// Mark returns the installation whose blocks are in the store, as SetMark recorded it; "" if nobody did.
	Mark(ctx context.Context) (string, error)

	// SetMark durably records the installation whose blocks are in the store.
	SetMark(ctx context.Context, mark string) error
}

// Space is the room of a store, in bytes.
type Space struct {
	Capacity  int64 // in all
	Used      int64 // by blocks and everything else
	Remaining int64 // for blocks
}

// Extender is implemented by readers from [Store.Open] that can read on past their range without opening the block
// again.
type Extender interface {
	// Extend makes the reader yield the n bytes after its range as well. It fails with [ErrShort] if the block has
	// fewer, and with [errors.ErrUnsupported] if this reader cannot do that; then nothing has changed.
	Extend(n int64) error
}
