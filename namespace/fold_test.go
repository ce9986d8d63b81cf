package namespace

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
	"granary/namespace/filesum"
)

// folded waits until no fold is under way or waits.
func (fs *testFS) folded() { fs.folds.running.Wait() }

// onPut makes the store run hook before it takes a block.
func onPut(hook func(context.Context) error) func(*Config) {
	return func(c *Config) {
		c.Store = blockstest.Faulty(mem.New(), blockstest.Before(blockstest.OpPut, blockstest.Every, hook))
	}
}

// afterPut is a store that runs hook once it has stored a block, before it returns.
type afterPut struct {
	blocks.Store
	hook func()
}

func (s *afterPut) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	err := s.Store.Put(ctx, id, r, size)
	s.hook()
	return err
}

// log makes a file of the given number of rows, which together are too long for one, and returns its content.
func (s *Session) log(t *testing.T, name string, rows int) []byte {
	t.Helper()
	const piece = "piece "
	s.put(t, name, pattern(RowMax))
	must(t, s.Append(t.Context(), path(t, name), -1, bytes.NewReader(pattern(InlineMax))))
	for range rows - 2 {
		must(t, s.Append(t.Context(), path(t, name), -1, strings.NewReader(piece)))
	}
	return slices.Concat(pattern(RowMax), pattern(InlineMax), bytes.Repeat([]byte(piece), rows-2))
}

// An append to a file that is being folded does not spoil the fold.
func TestFoldsGoOnBesideAppends(t *testing.T) {
	var more func() error
	fs := newFS(t, onPut(func(context.Context) error { return more() }))
	s := fs.as(t, superuser)
	beside := fs.as(t, superuser)
	more = func() error { return beside.Append(t.Context(), path(t, "/tmp/log"), -1, strings.NewReader("beside.")) }
	want := s.log(t, "/tmp/log", foldRows-1)
	fs.folded()
	must(t, s.Append(t.Context(), path(t, "/tmp/log"), -1, strings.NewReader("last.")))
	fs.folded()
	if rows := fs.count(t, `SELECT count(*) FROM contents`); rows != 1 {
		t.Errorf("%d rows are left, want the one that came meanwhile", rows)
	}
	if got := s.get(t, "/tmp/log"); !bytes.Equal(got, append(want, "last.beside."...)) {
		t.Errorf("other content, of %d bytes", len(got))
	}
	fs.clean(t)
}

// While folds fail they are retried at growing intervals, and what has gathered by then is folded in bounded parts.
func TestFoldsThatFailAreTriedSeldomAndFoldedInParts(t *testing.T) {
	var (
		full  atomic.Bool
		tries atomic.Int64
		now   atomic.Int64
	)
	now.Store(time.Now().UnixNano())
	fs := newFS(t, onPut(func(context.Context) error {
		tries.Add(1)
		if full.Load() {
			return blocks.ErrNoSpace
		}
		return nil
	}), func(c *Config) { c.Now = func() time.Time { return time.Unix(0, now.Load()) } })
	s := fs.as(t, superuser)
	full.Store(true)
	s.put(t, "/tmp/log", nil)
	piece := pattern(InlineMax)
	const pieces = foldMostBytes/InlineMax + 40
	for range pieces {
		must(t, s.Append(t.Context(), path(t, "/tmp/log"), -1, bytes.NewReader(piece)))
		fs.folded()
	}
	if n := tries.Load(); n != 1 {
		t.Errorf("%d folds were tried, want 1", n)
	}
	for i := range 2 { // the second waits for twice as long
		now.Add(int64(foldRetry))
		must(t, s.Append(t.Context(), path(t, "/tmp/log"), -1, strings.NewReader("x")))
		fs.folded()
		if n := tries.Load(); n != 2 {
			t.Errorf("%d folds were tried after %d s, want 2", n, i+1)
		}
	}
	full.Store(false)
	now.Add(int64(foldRetryMost))
	must(t, s.Append(t.Context(), path(t, "/tmp/log"), -1, strings.NewReader("x")))
	fs.folded()
	if n := fs.count(t, `SELECT count(*) FROM contents WHERE len > 1`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if n := fs.count(t, `SELECT max(len) FROM extents`); n > foldMostBytes+InlineMax {
		t.Errorf("%d bytes were folded at once", n)
	}
	if got := s.get(t, "/tmp/log"); !bytes.Equal(got, append(bytes.Repeat(piece, pieces), "xxx"...)) {
		t.Errorf("other content, of %d bytes", len(got))
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}

// An append is answered before its file is folded, no file is folded twice at once, and Close waits for folds.
func TestAppendsDoNotWaitForFolds(t *testing.T) {
	var tries, over atomic.Int64
	begun := make(chan struct{}, 1)
	fs := newFS(t, onPut(func(ctx context.Context) error {
		tries.Add(1)
		begun <- struct{}{}
		<-ctx.Done()
		over.Add(1)
		return ctx.Err()
	}))
	s := fs.as(t, superuser)
	s.log(t, "/tmp/log", foldRows+10)
	<-begun
	must(t, s.Append(t.Context(), path(t, "/tmp/log"), -1, strings.NewReader("x")))
	must(t, fs.Close())
	if tries.Load() != 1 || over.Load() != 1 {
		t.Errorf("%d folds were begun and %d are over, want 1", tries.Load(), over.Load())
	}
	s.fs.folds.ask(key{0, 1})
	if fs.folds.workers != 0 || len(fs.folds.waiting) != 0 {
		t.Error("folds begin after the end")
	}
}

// What was truncated, or covered by a checksum, after a fold has read it is left as it is.
func TestFoldsOfWhatWasChangedMeanwhile(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(s *Session, want []byte) ([]byte, error)
	}{
		{"truncated, and appended to as much", func(s *Session, want []byte) ([]byte, error) {
			kept := len(want) - len("piece ")
			_, err := s.Truncate(t.Context(), path(t, "/tmp/log"), int64(kept))
			if err == nil {
				err = s.Append(t.Context(), path(t, "/tmp/log"), -1, strings.NewReader("PIECE "))
			}
			return append(want[:kept], "PIECE "...), err
		}},
		{"appended to by blocks", func(s *Session, want []byte) ([]byte, error) {
			more := pattern(InlineMax + 1)
			return append(want, more...), s.Append(t.Context(), path(t, "/tmp/log"), -1, bytes.NewReader(more))
		}},
		{"deleted", func(s *Session, _ []byte) ([]byte, error) {
			_, err := s.Delete(t.Context(), path(t, "/tmp/log"), false)
			return nil, err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first, reached, goOn := atomic.Bool{}, make(chan struct{}), make(chan struct{})
			fs := newFS(t, func(c *Config) {
				c.Store = &afterPut{mem.New(), func() {
					if first.CompareAndSwap(false, true) {
						close(reached)
						<-goOn
					}
				}}
			})
			s := fs.as(t, superuser)
			want := s.log(t, "/tmp/log", foldRows)
			<-reached
			want, err := tt.change(s, want)
			close(goOn)
			must(t, err)
			fs.folded()
			if want != nil {
				if got := s.get(t, "/tmp/log"); !bytes.Equal(got, want) {
					t.Error("other content")
				}
			}
			if n := fs.count(t, `SELECT count(*) FROM sums s JOIN extents e USING (project_id, inode_id) WHERE s.size < e.off + e.len`); n != 0 {
				t.Error("less is summed than before")
			}
			must(t, fs.Reap(t.Context()))
			if report := fs.clean(t); report.Garbage != 0 {
				t.Errorf("%+v", report)
			}
		})
	}
}

// If a fold adds a checksum between the decision to truncate a file and the act, the truncate cuts that checksum, too.
func TestAFoldBetweenDecisionAndTruncate(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	fs.folds.close() // the test folds by itself
	want := s.log(t, "/tmp/log", foldRows)
	status, err := s.Stat(t.Context(), path(t, "/tmp/log"))
	must(t, err)
	folded := false
	fs.between("truncate", func() {
		folded, err = fs.fold(t.Context(), key{0, status.ID})
		must(t, err)
	})
	want = want[:RowMax+100]
	must(t, ignore(s.Truncate(t.Context(), path(t, "/tmp/log"), int64(len(want)))))
	if !folded {
		t.Error("nothing was folded meanwhile")
	}
	fs.clean(t)
	more := pattern(InlineMax + 1)
	must(t, s.Append(t.Context(), path(t, "/tmp/log"), -1, bytes.NewReader(more)))
	want = append(want, more...)
	if got := s.get(t, "/tmp/log"); !bytes.Equal(got, want) {
		t.Errorf("other content, of %d bytes", len(got))
	}
	sum := filesum.New(DefaultBlockSize)
	must(t, ignore(sum.Write(want)))
	if got, err := s.Checksum(t.Context(), path(t, "/tmp/log")); err != nil || got != sum.Checksum() {
		t.Errorf("checksum %v, want %v (%v)", got, sum.Checksum(), err)
	}
	fs.clean(t)
}
