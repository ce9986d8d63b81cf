// Package curves answers what the training curves of a directory are: it finds the event files below it, reads them once, goes on
// where it was when they have grown, and gives out series of points that are short enough to be drawn.
//
// What was read is kept for everybody, so each question opens each file as whoever asks: who may not read it gets
// nothing of it, and an error. What is kept of a file is bounded, and so is what one question makes the server read; an
// answer says when there is more.
package curves

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"granary/namespace"
	"granary/tfevents"
)

// Bounds of what one question makes the server do. What is left is done by the next one, which goes on there.
const (
	questionBytes = 256 << 20 // that are read
	questionTime  = 2 * time.Second
	abreast       = 8 // directories, or files, that are looked at beside each other
)

// DefaultMemory is how many bytes a [Shelf] keeps, by default.
const DefaultMemory = 128 << 20

// Asker makes sessions of whoever asks. A session serves one file at a time.
type Asker func() *namespace.Session

// Shelf keeps what was read of event files, up to a bound. Beyond it, the points of what was asked for least lately are forgotten, and then all of it: to list many
// runs again takes little, and to draw one of them its own files.
type Shelf struct {
	memory    int64
	reading   *readers // of files
	answering *readers // who ask
	now       func() time.Time

	mu     sync.Mutex
	files  map[int64]*list.Element // of *eventFile, by inode
	recent *list.List              // the file that was asked for last comes first
	held   int64                   // bytes
}

// New returns a shelf that keeps so many bytes, 0: [DefaultMemory].
func New(memory int64) *Shelf {
	if memory == 0 {
		memory = DefaultMemory
	}
	return &Shelf{memory: memory, reading: newReaders(readersAll, readersEach), answering: newReaders(answersAll, answersEach), now: time.Now, files: map[int64]*list.Element{}, recent: list.New()}
}

// work is what a question may still make the server do. Several files of it are looked at beside each other.
type work struct {
	mu    sync.Mutex
	bytes int64
	until time.Time
	now   func() time.Time
}

func (s *Shelf) work() *work {
	return &work{bytes: questionBytes, until: s.now().Add(questionTime), now: s.now}
}

// take returns how many of n bytes may be read: all, or none if that is too little for any record.
func (w *work) take(n int64) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bytes < min(n, 2*tfevents.MaxRecord) || w.over() {
		return 0
	}
	n = min(n, w.bytes)
	w.bytes -= n
	return n
}

// giveBack returns what was taken and not read.
func (w *work) giveBack(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes += n
}

func (w *work) over() bool { return w.now().After(w.until) }

// left is how much time there is.
func (w *work) left() time.Duration { return w.until.Sub(w.now()) }

// errChanged says that a file was changed while it was looked at, other than by adding to it.
var errChanged = errors.New("the file was changed")

// need is what a question wants to know of a file.
type need bool

const (
	outline need = false // its tags and where they end
	points  need = true  // its points and places of images, too
)

// look opens a file as session, reads what it has more than is known, as far as work allows, and calls use with what is known then. It
// is the only way to what is kept. whole reports whether all of the file was read, or what is left cannot be.
func (s *Shelf) look(ctx context.Context, session *namespace.Session, path namespace.Path, what need, w *work,
	use func(f *eventFile, status namespace.Status),
) (whole bool, err error) {
	for range 4 {
		if whole, err = s.lookOnce(ctx, session, path, what, w, use); !errors.Is(err, errChanged) {
			return whole, err
		}
	}
	return false, &namespace.Error{Op: "read curves", Path: path.String(), Kind: namespace.Conflict, Msg: path.String() + " is changed all the time; try again"}
}

// lookOnce is look, which fails if the file is changed meanwhile.
func (s *Shelf) lookOnce(ctx context.Context, session *namespace.Session, path namespace.Path, what need, w *work,
	use func(f *eventFile, status namespace.Status),
) (whole bool, err error) {
	r, err := session.Open(ctx, path, 0, 0)
	if err != nil {
		return false, err
	}
	status := r.Status()
	if err := r.Close(); err != nil {
		return false, err
	}
	f := s.of(status.ID)
	if err := f.enter(ctx); err != nil {
		return false, err
	}
	sound := false
	defer func() {
		if !sound { // it panicked, and an event may be half taken
			f.forget(f.version)
		}
		s.settle(f)
		f.leave()
	}()
	if err = s.readOn(ctx, session, path, f, status, what, w); err == nil {
		whole = !f.lacks(status.Size, what) || f.broken != "" && !f.lacksPoints(what)
		use(f, status)
	}
	sound = true
	return whole, err
}

// readOn brings f, which the caller has entered, up to the state in which the file was opened, or as far as work allows: not at all if others
// read for as long. Of a file whose points were forgotten all is
// read again if they are wanted, and until work allows that, its outline stays.
func (s *Shelf) readOn(ctx context.Context, session *namespace.Session, path namespace.Path, f *eventFile, status namespace.Status, what need, w *work) error {
	if f.version != status.Version { // what was there may be what whoever asks was never to see
		f.forget(status.Version)
	}
	if !f.lacks(status.Size, what) {
		return nil
	}
	from, again := f.offset, f.lacksPoints(what)
	if again {
		from = 0
	}
	taken := w.take(status.Size - from)
	if taken == 0 {
		return nil
	}
	read := int64(0)
	defer func() { w.giveBack(taken - read) }()
	within, cancel := context.WithTimeout(ctx, w.left())
	leave, err := s.reading.enter(within, session.User())
	cancel()
	if err != nil { // whoever wants to enter f waits, too: not for longer than the question lasts
		return ctx.Err()
	}
	defer leave()
	r, err := session.OpenPart(ctx, path, func(now namespace.Status) (off, n int64, err error) {
		if now.ID != f.id || now.Version != f.version {
			return 0, 0, errChanged
		}
		return from, min(taken, status.Size-from), nil
	})
	if err != nil {
		return err
	}
	defer r.Close()
	if again {
		f.forget(status.Version)
	}
	f.broken = ""
	err = f.read(ctx, r, from+r.Size(), status.Size, w)
	read = f.offset - from
	if err == nil {
		return nil
	}
	// What failed may have failed since the file was cut or deleted.
	if now, gone := session.Stat(ctx, path); gone != nil || now.ID != f.id || now.Version != f.version {
		return errChanged
	}
	if namespace.Damaged(err) {
		f.broken = fmt.Sprintf("It cannot be read to its end: what is stored of it behind byte %d is damaged or gone.", f.offset)
		return nil
	}
	return err
}

// of returns what is kept of an inode, or a place for it.
func (s *Shelf) of(inode int64) *eventFile {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.files[inode]; e != nil {
		s.recent.MoveToFront(e)
		return e.Value.(*eventFile) //nolint:forcetypeassert // nothing else is put there
	}
	f := newFile(inode)
	s.files[inode] = s.recent.PushFront(f)
	s.held += f.counted
	return f
}

// settle counts what f has come to weigh, and forgets what is too much. Whoever looks at a file that is forgotten meanwhile keeps it
// until they are done.
func (s *Shelf) settle(f *eventFile) {
	weight := f.weight()
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.files[f.id]; e == nil || e.Value != f {
		return
	}
	s.held += weight - f.counted
	f.counted = weight
	for e := s.recent.Back(); e != nil && s.held > s.memory; e = e.Prev() {
		s.hollow(e.Value.(*eventFile)) //nolint:forcetypeassert // as above
	}
	for s.held > s.memory && s.recent.Len() > 0 {
		last := s.recent.Back()
		gone := last.Value.(*eventFile) //nolint:forcetypeassert // as above
		s.recent.Remove(last)
		delete(s.files, gone.id)
		s.held -= gone.counted
	}
}

// hollow forgets the points of f, unless it has none or somebody is in it. s is locked.
func (s *Shelf) hollow(f *eventFile) {
	select {
	case f.turn <- struct{}{}:
	default:
		return
	}
	defer f.leave()
	if f.points+f.spots == 0 { // to give them out, nothing would have to be read again
		return
	}
	f.empty()
	weight := f.weight()
	s.held += weight - f.counted
	f.counted = weight
}
