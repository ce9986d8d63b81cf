package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sync/errgroup"

	"granary/blocks"
	"granary/blocks/seal"
)

const (
	copiers     = 8   // blocks copied at a time: each copy waits for the disk twice
	deleteBatch = 256 // blocks deleted together
)

// ErrMissing says that blocks which the database needs are not in the store, or cannot be read there.
var ErrMissing = errors.New("blocks are missing")

// Progress is how far copying is.
type Progress struct {
	Blocks  int64 // needed by the copy
	Done    int64 // of these, those that were there already or were copied
	Copied  int64 // of these, those that were copied
	Bytes   int64 // copied
	Missing int64 // not in the store, or unreadable there
}

// needs calls do for each block that a copy needs, with the size of its sealed form.
func (f *Folder) needs(about About, do func(blocks.ID, int64) error) error {
	return needs(filepath.Join(f.names(), about.Name), about, do)
}

// needs is Folder.needs for a copy in dir. It reads the rows of the table blocks, whose ids, states and numbers are
// never escaped.
func needs(dir string, about About, do func(blocks.ID, int64) error) (err error) {
	i := slices.IndexFunc(about.Tables, func(t Table) bool { return t.Name == "blocks" })
	if i < 0 {
		return errors.New("the copy has no table of blocks")
	}
	table := &about.Tables[i]
	at := map[string]int{}
	for i, column := range table.Columns {
		at[column] = i
	}
	for _, column := range []string{"id", "state", "size"} {
		if _, has := at[column]; !has {
			return fmt.Errorf("the copy's table of blocks has no column %s", column)
		}
	}
	file, err := os.Open(filepath.Join(dir, table.file()))
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		return fmt.Errorf("%s: %w", file.Name(), err)
	}
	lines := bufio.NewScanner(rows)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != len(table.Columns) {
			return fmt.Errorf("%s: a row of %d columns, want %d", file.Name(), len(fields), len(table.Columns))
		}
		if state := fields[at["state"]]; state != "l" && state != "o" { // blocks in other states belong to no file
			continue
		}
		id, err := blocks.ParseID(strings.ReplaceAll(fields[at["id"]], "-", ""))
		if err != nil {
			return fmt.Errorf("%s: %w", file.Name(), err)
		}
		size, err := strconv.ParseInt(fields[at["size"]], 10, 64)
		if err != nil {
			return fmt.Errorf("%s: %w", file.Name(), err)
		}
		if err := do(id, seal.SealedSize(size)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", file.Name(), err)
	}
	return nil
}

// copyBlocks copies the blocks that the copy in dir needs and that to does not have. It goes on after blocks that are
// missing, or that a damaged disk cannot read, and then fails with ErrMissing, naming some of them.
func copyBlocks(ctx context.Context, dir string, about About, from, to blocks.Store, tell func(Progress)) (done Progress, err error) {
	have := map[blocks.ID]int64{}
	for info, err := range to.List(ctx) {
		if err != nil {
			return done, err
		}
		have[info.ID] = info.Size
	}
	if err := needs(dir, about, func(blocks.ID, int64) error { done.Blocks++; return nil }); err != nil {
		return done, err
	}
	var (
		mu      sync.Mutex // of done and missing
		missing []error
	)
	count := func(size int64, copied error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case copied == nil && size >= 0:
			done.Copied, done.Bytes = done.Copied+1, done.Bytes+size
			fallthrough
		case copied == nil:
			done.Done++
		default:
			if done.Missing++; done.Missing <= 10 {
				missing = append(missing, copied)
			}
		}
		if tell != nil {
			tell(done)
		}
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(copiers)
	err = needs(dir, about, func(id blocks.ID, size int64) error {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		is, there := have[id]
		if there && is == size {
			count(-1, nil)
			return nil
		}
		work.Go(func() error {
			lost, err := copyBlock(ctx, from, to, id, size, there)
			if err != nil {
				return err
			}
			count(size, lost)
			return nil
		})
		return nil
	})
	if failed := work.Wait(); failed != nil { // the reason for err
		err = failed
	}
	if err == nil && done.Missing > 0 {
		err = fmt.Errorf("%d %w: %w", done.Missing, ErrMissing, errors.Join(missing...))
	}
	return done, err
}

// copyBlock copies a block; lost is why there is none to copy. A damaged block in to is deleted only once that in from
// has been read in full.
func copyBlock(ctx context.Context, from, to blocks.Store, id blocks.ID, size int64, damaged bool) (lost, err error) {
	if damaged {
		lost, err := readBlock(ctx, from, id, size, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err })
		if lost != nil || err != nil {
			return lost, err
		}
		if err := to.Delete(ctx, id); err != nil {
			return nil, err
		}
	}
	return readBlock(ctx, from, id, size, func(r io.Reader) error { return to.Put(ctx, id, r, size) })
}

// readBlock lets do read a block; lost is why it cannot be read.
func readBlock(ctx context.Context, from blocks.Store, id blocks.ID, size int64, do func(io.Reader) error) (lost, err error) {
	r, err := from.Open(ctx, id, 0, size)
	if err != nil {
		return unreadable(ctx, err)
	}
	defer r.Close()
	source := &checked{r: r}
	err = do(source)
	if source.err != nil { // this is why do failed
		return unreadable(ctx, source.err)
	}
	return nil, err
}

// unreadable tells a fault of one block (lost), despite which the others are copied, from a fault of the store or of the
// process that reads it (failed).
func unreadable(ctx context.Context, err error) (lost, failed error) {
	if ctx.Err() != nil {
		return nil, err
	}
	for _, reader := range []error{blocks.ErrUnavailable, fs.ErrPermission, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM} {
		if errors.Is(err, reader) {
			return nil, err
		}
	}
	return err, nil
}

// deleteBut deletes all blocks except those that are needed.
func (f *Folder) deleteBut(ctx context.Context, needed map[blocks.ID]struct{}) error {
	var batch []blocks.ID
	for info, err := range f.blocks.List(ctx) {
		if err != nil {
			return err
		}
		if _, keep := needed[info.ID]; keep {
			continue
		}
		if batch = append(batch, info.ID); len(batch) == deleteBatch {
			if err := f.blocks.Delete(ctx, batch...); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return f.blocks.Delete(ctx, batch...)
}

// claim makes sure that a store is the installation's, and marks an empty one as such.
func claim(ctx context.Context, store blocks.Marked, installation string) error {
	is, err := store.Mark(ctx)
	switch {
	case err != nil:
		return err
	case is == installation:
		return nil
	case is != "":
		return fmt.Errorf("the %s is another installation's: its file installation names %s, and this one is %s", store.Name(), is, installation)
	}
	store.List(ctx)(func(block blocks.Info, failed error) bool {
		if err = failed; err == nil {
			err = fmt.Errorf("the %s has blocks, such as %s, and does not say whose: want an empty one", store.Name(), block.ID)
		}
		return false
	})
	if err != nil {
		return err
	}
	return store.SetMark(ctx, installation)
}
