package namespace

import (
	"context"
	"io"
	"sync"
	"time"
)

// MaxBatchFile is the longest file, in bytes, that a batch reads. Each file is read into memory as a whole before any of it is
// yielded, so that an error can be reported in place of the file.
const MaxBatchFile = 8 << 20

// Bounds of reading a batch. With these it holds at most three windows of 16 MiB, and one more file.
const (
	batchWindow = 256     // most files looked up at once
	batchFirst  = 64      // files in the first window, when their lengths are unknown
	batchBytes  = 4 << 20 // bytes that a window should hold; beyond this, long files are read only when it is their turn
	batchAhead  = 2       // windows fetched while another is yielded
	batchDirs   = 1024    // directories that a batch remembers
	batchDepth  = 64      // components of the path of a file looked up with others: each costs memory and a check per component
	batchName   = 4 * MaxPath
	batchPiece  = 128 << 10     // bytes written between two checks of the rights
	batchEarly  = rightsFor / 2 // files are read alone for so long ahead of their turn, or the first of them would be too old by then
)

// BatchFile is a file of a batch, or why it could not be read.
type BatchFile struct {
	Name   string // as it was asked for
	Path   Path   // the root if Name is not a path
	Status Status
	Err    error // what [Session.Open] fails with, or that the file is longer than [MaxBatchFile]

	content   []byte
	node      node
	admission *admission // for content that was read alone and is written in pieces
	came      time.Time  // when content that was read alone was complete
	ready     bool       // content or Err is set
	misnamed  bool       // Name is not a path
}

// WriteContent writes the content, Status.Size bytes, to w. If the principal loses the right to read the file meanwhile, it
// fails after having written a part.
func (f *BatchFile) WriteContent(ctx context.Context, w io.Writer) error {
	for left := f.content; len(left) > 0; {
		piece := left[:min(len(left), batchPiece)]
		if len(left) < len(f.content) && f.admission != nil {
			if err := f.admission.ended(ctx, &f.node); err != nil {
				return err
			}
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
		left = left[len(piece):]
	}
	return nil
}

// ReadBatch yields files in the order of names: each is a path, and may occur more than once. An error with one of them is its
// [BatchFile.Err] and does not affect the others. Each file, with the rights to it, is as of one moment, which lies at most five
// seconds before it is yielded; a file that itself takes longer to read is as of the moment when that began, and the rights are checked
// again. A BatchFile and its content are valid until yield returns. An error from yield ends the batch and
// is returned, and so is the end of ctx.
//
// It needs read on each file. Files are fetched ahead of yield within the bounds above; while yield runs, no connection to
// the database and no lock is held.
func (s *Session) ReadBatch(ctx context.Context, names []string, yield func(*BatchFile) error) error {
	ctx, cancel := context.WithCancel(ctx)
	b := &batchRead{session: *s, mean: batchBytes / batchFirst}
	var fetching sync.WaitGroup
	defer fetching.Wait()
	defer cancel()
	windows := make(chan chan *window, batchAhead-1)
	fetching.Go(func() {
		defer close(windows)
		for left := names; len(left) > 0; {
			some := left[:min(len(left), b.fits())]
			left = left[len(some):]
			fetched := make(chan *window, 1)
			select {
			case windows <- fetched:
			case <-ctx.Done():
				return
			}
			fetching.Go(func() { fetched <- b.fetchBeside(ctx, some) })
		}
	})
	for fetched := range windows {
		if err := b.giveOut(ctx, <-fetched, yield); err != nil {
			return err
		}
	}
	return s.dress("open", Path{}, ctx.Err())
}

// batchRead is a batch that is being read.
type batchRead struct {
	mu      sync.Mutex
	session Session            // with the principal as it was last seen
	dirs    map[Path]*batchDir // that were walked to
	company bool               // another server was registered when that was last checked
	mean    int                // estimated bytes of a file
	outage  outage
}

// fits returns how many files the next window should have.
func (b *batchRead) fits() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(1, min(batchWindow, batchBytes/max(1, b.mean)))
}

// measured updates the estimate by the files of a window.
func (b *batchRead) measured(w *window) {
	size := 0
	for i := range w.files {
		size += int(min(w.files[i].Status.Size, MaxBatchFile))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mean = (b.mean + size/len(w.files)) / 2
}

// as returns a session for the sole use of one window.
func (b *batchRead) as() *Session {
	b.mu.Lock()
	defer b.mu.Unlock()
	own := b.session
	return &own
}

// giveOut yields the files of w. Files that waited for longer than rightsFor since they were read are read again, each by itself: fetching
// them together could take as long again.
func (b *batchRead) giveOut(ctx context.Context, w *window, yield func(*BatchFile) error) error {
	defer w.release()
	for i := range w.files {
		if ctx.Err() != nil {
			return b.session.dress("open", w.files[i].Path, ctx.Err())
		}
		f := &w.files[i]
		if !f.misnamed && b.old(ctx, w, f) {
			*f = BatchFile{Name: f.Name, Path: f.Path}
		}
		if !f.ready {
			b.readAlone(ctx, b.as(), f)
		}
		if err := yield(f); err != nil {
			return err
		}
		f.content = nil
	}
	return nil
}

// old reports whether f has waited for too long to be given out. For how long it was being read does not count, or a file that the store
// takes its time over would be read twice.
func (b *batchRead) old(ctx context.Context, w *window, f *BatchFile) bool {
	now := b.session.fs.now()
	if f.came.IsZero() {
		return now.Sub(w.at) >= rightsFor
	}
	return now.Sub(f.came) >= rightsFor || f.admission.ended(ctx, &f.node) != nil
}

// readAlone reads f as [Session.Open] does, because it could not be read with others, or to get its error. It does not ask a store that was
// not available to another file of the batch: each might wait for it as long.
func (b *batchRead) readAlone(ctx context.Context, s *Session, f *BatchFile) {
	f.ready = true
	r, err := s.Open(ctx, f.Path, 0, -1)
	if err != nil {
		f.Err = err
		return
	}
	defer r.Close()
	r.outage = &b.outage
	f.Status, f.node, f.admission = r.Status(), r.node, r.admission
	if r.Size() > MaxBatchFile {
		f.Err = s.dress("open", f.Path, fail(IO, "%s has %d bytes and a batch reads files of at most %d: read it by itself, with open",
			f.Path, r.Size(), MaxBatchFile))
		return
	}
	f.content = make([]byte, r.Size())
	if _, err := io.ReadFull(r, f.content); err != nil {
		f.content, f.Err = nil, s.dress("open", f.Path, err)
		b.outage.note(err)
		return
	}
	f.came = s.fs.now()
}

// batchDir is a directory that a batch has walked to.
type batchDir struct {
	chain *chain
	epoch int64 // of the principal
	at    time.Time
	// file is the chain for a file in the directory, reused from one file to the next.
	file *chain
}
