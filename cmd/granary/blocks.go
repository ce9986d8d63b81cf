package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"granary/blocks"
	"granary/blocks/disk"
	"granary/blocks/s3"
)

// blockStore is where an installation keeps its blocks.
type blockStore interface {
	blocks.Marked

	// Healthy reports why the store should get no more blocks.
	Healthy(ctx context.Context) error

	// Space is the room of the store.
	Space() (blocks.Space, error)

	// Sweep removes what is left of blocks that never were whole.
	Sweep(ctx context.Context) error

	Close() error
}

// unopened stands for the store of a command that needs no blocks.
type unopened struct{}

var errUnopened = fmt.Errorf("this command has not opened the block store: %w", blocks.ErrUnavailable)

func (unopened) Put(context.Context, blocks.ID, io.Reader, int64) error { return errUnopened }

func (unopened) Open(context.Context, blocks.ID, int64, int64) (io.ReadCloser, error) {
	return nil, errUnopened
}

func (unopened) Delete(context.Context, ...blocks.ID) error { return errUnopened }

func (unopened) List(context.Context) iter.Seq2[blocks.Info, error] {
	return func(yield func(blocks.Info, error) bool) { yield(blocks.Info{}, errUnopened) }
}

// blockPlace is what --blocks names.
type blockPlace struct {
	folder string    // "": it is a bucket
	bucket *s3.Place // nil: it is a folder
}

// String is the place as --blocks takes it.
func (p blockPlace) String() string {
	if p.bucket != nil {
		return p.bucket.String()
	}
	return p.folder
}

// parseBlocks reads --blocks.
func parseBlocks(urls []string) (blockPlace, error) {
	if len(urls) != 1 {
		return blockPlace{}, fmt.Errorf("--blocks names %d stores: this version keeps blocks in one folder or bucket", len(urls))
	}
	text := urls[0]
	if text == "" { // it would mean the working folder
		return blockPlace{}, errors.New("--blocks is empty: want a folder, or leave it out for the default")
	}
	if strings.HasPrefix(text, "s3:") {
		at, err := s3.ParsePlace(text)
		if err != nil {
			return blockPlace{}, fmt.Errorf("--blocks: %w", err)
		}
		return blockPlace{bucket: &at}, nil
	}
	if !strings.Contains(text, "://") && !strings.HasPrefix(text, "file:") { // a path, in which % has no special meaning
		return blockPlace{folder: kong.ExpandPath(text)}, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil: // its text may hold a password
		return blockPlace{}, errors.New("--blocks is not a path or a URL such as file:///srv/blocks")
	case u.Scheme == "file" && u.Host == "" && filepath.IsAbs(u.Path):
		return blockPlace{folder: u.Path}, nil
	}
	return blockPlace{}, fmt.Errorf("--blocks %q: blocks are kept in a folder, as in /srv/blocks or file:///srv/blocks, or in a bucket, as in s3://bucket/prefix?endpoint=https://s3.example.com", u.Redacted())
}

// open opens the store. write says that blocks will be written there.
func (p blockPlace) open(ctx context.Context, write bool) (blockStore, error) {
	if p.bucket == nil {
		store, err := disk.Open(p.folder)
		if err != nil {
			return nil, err // not a nil *disk.Store
		}
		return store, nil
	}
	store, err := s3.Open(ctx, *p.bucket)
	if err != nil {
		return nil, err
	}
	if write {
		if err := store.Probe(ctx); err != nil {
			return nil, errors.Join(err, store.Close())
		}
	}
	return store, nil
}
