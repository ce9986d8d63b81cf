package namespace

import (
	"context"
	"io"
	"sync"
)

// MaxBatchFile is the longest file, in bytes, that a batch reads. Each is in memory whole before any of it is given out, so
// that whatever is wrong with it is told in its place.
const MaxBatchFile = 8 << 20

// Bounds of a batch that is read. With these it holds at most three windows of 16 MiB, and one file more.
const (
	batchWindow = 256     // files that are looked up at once, at most
	batchFirst  = 64      // of them the first time, when nobody knows how long they are
	batchBytes  = 4 << 20 // bytes that a window should hold; of long files it holds no more than that before their turn
	batchAhead  = 2       // windows that are fetched while another is given out
	batchDirs   = 1024    // directories that a batch remembers
	batchDepth  = 64      // of the path of a file that is looked up with others: the way to each is held and looked at, and costs its depth
	batchName   = 4 * MaxPath
	batchPiece  = 128 << 10 // bytes that are given out between two looks whether they still may be
)

// BatchFile is a file of a batch, or why it could not be read.
type BatchFile struct {
	Name   string // as it was asked for
	Path   Path   // the root if Name is no path
	Status Status
	Err    error // what [Session.Open] fails with, or that the file is longer than [MaxBatchFile]

	content   []byte
	node      node
	admission *admission // of content that is given out in pieces
	ready     bool       // content or Err is there
	misnamed  bool       // Name is no path
}

// WriteContent writes the content to w, Status.Size bytes. It fails, having written some of it, when the principal loses
// the right to read the file meanwhile.
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

// ReadBatch yields files in the order of their names: each is a path, and may be there more than once. What is wrong with
// one of them is its [BatchFile.Err] and hurts no other. Each file is as it was at one moment, and so are the rights to it;
// that moment lies at most five seconds before it is yielded. A BatchFile and its content are good until yield returns.
// An error from yield ends the batch and is returned, as is the end of ctx.
//
// It needs read on each file. Files are fetched ahead of yield within the bounds above; while yield waits, no connection to
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
	company bool               // another server is there, as far as it was seen
	mean    int                // bytes of a file, as far as is known
}

// fits is how many files the next window should have.
func (b *batchRead) fits() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(1, min(batchWindow, batchBytes/max(1, b.mean)))
}

// measured notes how much a window held.
func (b *batchRead) measured(w *window) {
	size := 0
	for i := range w.files {
		size += int(min(w.files[i].Status.Size, MaxBatchFile))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mean = (b.mean + size/len(w.files)) / 2
}

// as returns a session for one window, which nobody else uses.
func (b *batchRead) as() *Session {
	b.mu.Lock()
	defer b.mu.Unlock()
	own := b.session
	return &own
}

// giveOut yields the files of w. What waited for longer than a right is good for is read again, each by itself: fetched together it could
// take as long again.
func (b *batchRead) giveOut(ctx context.Context, w *window, yield func(*BatchFile) error) error {
	defer w.release()
	for i := range w.files {
		if ctx.Err() != nil {
			return b.session.dress("open", w.files[i].Path, ctx.Err())
		}
		f := &w.files[i]
		if b.session.fs.now().Sub(w.at) >= rightsFor && !f.misnamed {
			*f = BatchFile{Name: f.Name, Path: f.Path}
		}
		if !f.ready {
			f.readAlone(ctx, b.as())
		}
		if err := yield(f); err != nil {
			return err
		}
		f.content = nil
	}
	return nil
}

// readAlone reads f as [Session.Open] does: it was not among those that could be read together, or its error is wanted.
func (f *BatchFile) readAlone(ctx context.Context, s *Session) {
	f.ready = true
	r, err := s.Open(ctx, f.Path, 0, -1)
	if err != nil {
		f.Err = err
		return
	}
	defer r.Close()
	f.Status, f.node, f.admission = r.Status(), r.node, r.admission
	if r.Size() > MaxBatchFile {
		f.Err = s.dress("open", f.Path, fail(IO, "%s has %d bytes and a batch reads files of at most %d: read it by itself, with open",
			f.Path, r.Size(), MaxBatchFile))
		return
	}
	f.content = make([]byte, r.Size())
	if _, err := io.ReadFull(r, f.content); err != nil {
		f.content, f.Err = nil, s.dress("open", f.Path, err)
	}
}

// batchDir is a directory that a batch has walked to.
type batchDir struct {
	chain *chain
	epoch int64 // of the principal
	at    int64 // milliseconds since 1970
	// file is the chain for a file in the directory: one for all, since each is done with before the next.
	file *chain
}
