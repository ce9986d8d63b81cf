// Package mem keeps blocks in memory, for tests and for trying things out. Nothing survives the process, and the
// promise of bounded memory in [blocks.Store] holds for everything but the blocks themselves.
package mem

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"sync"
	"time"

	"granary/blocks"
)

// Store is a [blocks.Store]. The zero value is not usable: see [New].
type Store struct {
	mu     sync.RWMutex
	blocks map[blocks.ID]block
}

type block struct {
	content []byte // never changed once it is here, so readers need no lock
	written time.Time
}

// New returns an empty store.
func New() *Store {
	return &Store{blocks: make(map[blocks.ID]block)}
}

// Put implements [blocks.Store].
func (s *Store) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	if s.has(id) {
		return fmt.Errorf("put block %s: %w", id, blocks.ErrExist)
	}
	content, err := io.ReadAll(blocks.Exactly(ctx, r, size))
	if err != nil {
		return fmt.Errorf("put block %s: %w", id, err)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("put block %s: %w", id, err)
	}
	if _, ok := s.blocks[id]; ok {
		return fmt.Errorf("put block %s: %w", id, blocks.ErrExist)
	}
	s.blocks[id] = block{content: content, written: time.Now()}
	return nil
}

func (s *Store) has(id blocks.ID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.blocks[id]
	return ok
}

// Open implements [blocks.Store].
func (s *Store) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("open block %s: %w", id, err)
	}
	s.mu.RLock()
	b, ok := s.blocks[id]
	s.mu.RUnlock()
	if !ok {
		return nil, fmt.Errorf("open block %s: %w", id, blocks.ErrNotExist)
	}
	if err := blocks.CheckRange(id, off, n, int64(len(b.content))); err != nil {
		return nil, err
	}
	return io.NopCloser(blocks.Exactly(ctx, bytes.NewReader(b.content[off:off+n]), n)), nil
}

// Delete implements [blocks.Store].
func (s *Store) Delete(ctx context.Context, ids ...blocks.ID) error {
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("delete blocks: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.blocks, id)
	}
	return nil
}

// List implements [blocks.Store]. It yields the blocks there were when it began.
func (s *Store) List(ctx context.Context) iter.Seq2[blocks.Info, error] {
	return func(yield func(blocks.Info, error) bool) {
		for _, info := range s.infos() {
			if ctx.Err() != nil {
				break
			}
			if !yield(info, nil) {
				return
			}
		}
		if err := context.Cause(ctx); err != nil {
			yield(blocks.Info{}, fmt.Errorf("list blocks: %w", err))
		}
	}
}

func (s *Store) infos() []blocks.Info {
	s.mu.RLock()
	defer s.mu.RUnlock()
	infos := make([]blocks.Info, 0, len(s.blocks))
	for id, b := range s.blocks {
		infos = append(infos, blocks.Info{ID: id, Size: int64(len(b.content)), Written: b.written})
	}
	return infos
}
