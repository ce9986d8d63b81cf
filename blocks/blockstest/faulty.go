package blockstest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
	"syscall"

	"granary/blocks"
)

// Op is a method of [blocks.Store], for a [Fault] to strike.
type Op int

// The methods that a fault can strike.
const (
	OpPut Op = iota + 1
	OpOpen
	OpDelete
	OpList
)

// String names the method.
func (op Op) String() string {
	switch op {
	case OpPut:
		return "Put"
	case OpOpen:
		return "Open"
	case OpDelete:
		return "Delete"
	case OpList:
		return "List"
	}
	return fmt.Sprintf("Op(%d)", int(op))
}

// Every is the call number that stands for all calls.
const Every = 0

// Fault is one thing to go wrong: made by [Fail], [Away], [FailAfter], [TearWrite], [CutRead], [BreakRead], [FlipBit] or
// [Before].
type Fault struct {
	op     Op
	call   int // counted from 1 for each op, or Every
	before func(context.Context) error
	after  func() error
	write  func(io.Reader) io.Reader
	read   func(io.ReadCloser) io.ReadCloser
}

// Fail makes the call-th call of op return err and do nothing else. ENOSPC and EDQUOT come with [blocks.ErrNoSpace],
// as real stores report them.
func Fail(op Op, call int, err error) Fault {
	return Fault{op: op, call: call, before: func(context.Context) error { return asStore(err) }}
}

// Away makes the call-th call of op fail as while the store is not available.
func Away(op Op, call int) Fault { return Fail(op, call, blocks.ErrUnavailable) }

// FailAfter makes the call-th call of op, Put or Delete, take place and then return err: the caller cannot know its
// outcome, as with a connection that broke before the reply.
func FailAfter(op Op, call int, err error) Fault {
	return Fault{op: op, call: call, after: func() error { return asStore(err) }}
}

// TearWrite makes the call-th Put store only the first n bytes and report success, as a disk does that loses a write
// it had acknowledged.
func TearWrite(call int, n int64) Fault {
	return Fault{op: OpPut, call: call, write: func(r io.Reader) io.Reader { return &tornReader{r: r, keep: n} }}
}

// CutRead makes the reader of the call-th Open end after n bytes without an error, which the contract forbids.
func CutRead(call int, n int64) Fault {
	return BreakRead(call, n, io.EOF)
}

// BreakRead makes the reader of the call-th Open fail with err after n bytes.
func BreakRead(call int, n int64, err error) Fault {
	return Fault{op: OpOpen, call: call, read: func(r io.ReadCloser) io.ReadCloser {
		return &brokenReader{ReadCloser: r, left: n, err: asStore(err)}
	}}
}

// FlipBit makes the reader of the call-th Open yield one bit inverted: bit, counted from the range's first byte and
// in each byte from the lowest.
func FlipBit(call int, bit int64) Fault {
	return Fault{op: OpOpen, call: call, read: func(r io.ReadCloser) io.ReadCloser {
		return &flippedReader{ReadCloser: r, at: bit / 8, mask: 1 << (bit % 8)}
	}}
}

// Before runs hook before the call-th call of op, which fails with its error if it has one. A hook that waits for a
// channel delays the call; one that looks at the test's own state checks the order of things.
func Before(op Op, call int, hook func(context.Context) error) Fault {
	return Fault{op: op, call: call, before: hook}
}

func asStore(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", blocks.ErrNoSpace, err)
	}
	return err
}

// FaultyStore is a store in which chosen calls go wrong. It is safe for concurrent use, though the order of concurrent
// calls is up to the scheduler.
type FaultyStore struct {
	inner  blocks.Store
	faults []Fault

	mu    sync.Mutex
	calls map[Op]int
}

// Faulty returns a store that passes every call to inner, except for what the faults say. All faults that a call
// meets strike it, in the order given, until one fails it.
func Faulty(inner blocks.Store, faults ...Fault) *FaultyStore {
	return &FaultyStore{inner: inner, faults: faults, calls: make(map[Op]int)}
}

// Calls returns how often op was called, faults or not.
func (s *FaultyStore) Calls(op Op) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[op]
}

// begin counts a call, runs what its faults have to do before it, and returns them.
func (s *FaultyStore) begin(ctx context.Context, op Op) ([]Fault, error) {
	s.mu.Lock()
	s.calls[op]++
	call := s.calls[op]
	s.mu.Unlock()
	var struck []Fault
	for _, f := range s.faults {
		if f.op == op && (f.call == call || f.call == Every) {
			struck = append(struck, f)
		}
	}
	for _, f := range struck {
		if f.before == nil {
			continue
		}
		if err := f.before(ctx); err != nil {
			return nil, fmt.Errorf("%v number %d: %w", op, call, err)
		}
	}
	return struck, nil
}

// end returns what the faults make of a call that took place.
func end(struck []Fault, err error) error {
	for _, f := range struck {
		if f.after != nil && err == nil {
			err = f.after()
		}
	}
	return err
}

// Put implements [blocks.Store].
func (s *FaultyStore) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	struck, err := s.begin(ctx, OpPut)
	if err != nil {
		return err
	}
	for _, f := range struck {
		if f.write != nil {
			// The size is checked here, as the store below sees less.
			r, size = f.write(blocks.Exactly(ctx, r, size)), blocks.SizeUnknown
		}
	}
	return end(struck, s.inner.Put(ctx, id, r, size))
}

// Open implements [blocks.Store].
func (s *FaultyStore) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	struck, err := s.begin(ctx, OpOpen)
	if err != nil {
		return nil, err
	}
	r, err := s.inner.Open(ctx, id, off, n)
	if err != nil {
		return nil, err
	}
	for _, f := range struck {
		if f.read != nil {
			r = f.read(r)
		}
	}
	return r, nil
}

// Delete implements [blocks.Store].
func (s *FaultyStore) Delete(ctx context.Context, ids ...blocks.ID) error {
	struck, err := s.begin(ctx, OpDelete)
	if err != nil {
		return err
	}
	return end(struck, s.inner.Delete(ctx, ids...))
}

// List implements [blocks.Store].
func (s *FaultyStore) List(ctx context.Context) iter.Seq2[blocks.Info, error] {
	return func(yield func(blocks.Info, error) bool) {
		if _, err := s.begin(ctx, OpList); err != nil {
			yield(blocks.Info{}, err)
			return
		}
		s.inner.List(ctx)(yield)
	}
}
