// Package curves answers questions about the training curves in a directory: it finds the event files below it, reads each once and
// later only what was appended, and gives out series of points that are short enough to be drawn.
//
// What was read is kept and shared by all users, so each question opens each file with the asker's rights: whoever may not read it
// gets an error and nothing of the file. What is kept of a file is bounded, and so is what one question makes the server read; an
// answer says when there is more.
package curves

import (
	"cmp"
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"granary/namespace"
	"granary/tfevents"
	"granary/turnstile"
)

// Bounds of what one question makes the server do. The next question goes on where it stopped.
const (
	questionBytes = 256 << 20 // bytes read
	questionTime  = 2 * time.Second
	abreast       = 8 // directories, or runs, that are looked at concurrently
)

// DefaultMemory is how many bytes a [Shelf] keeps by default.
const DefaultMemory = 128 << 20

// Asker makes sessions of the user who asks. A session serves one file at a time.
type Asker func() *namespace.Session

// Shelf keeps what was read of event files, up to a bound. Beyond the bound it forgets the points of the least recently used files, and
// if that is not enough, all of these files: listing many runs again is cheap then, and drawing a run reads only the files of that run.
type Shelf struct {
	memory    int64
	reading   *turnstile.Turnstile // who read files
	answering *turnstile.Turnstile // whose questions are answered
	now       func() time.Time
	patience  time.Duration // readTime; tests have less

	mu     sync.Mutex
	files  map[int64]*list.Element // of *eventFile, by inode
	recent *list.List              // most recently used first
	held   int64                   // bytes
}

// New returns a shelf that keeps up to memory bytes; 0 means [DefaultMemory].
func New(memory int64) *Shelf {
	if memory == 0 {
		memory = DefaultMemory
	}
	return &Shelf{memory: memory, reading: turnstile.New(readersAll, readersEach), answering: turnstile.New(answersAll, answersEach), now: time.Now, patience: readTime, files: map[int64]*list.Element{}, recent: list.New()}
}

// work is what a question may still make the server do. The goroutines of the question share it.
type work struct {
	mu    sync.Mutex
	bytes int64
	until time.Time
	now   func() time.Time
}

func (s *Shelf) work() *work {
	return &work{bytes: questionBytes, until: s.now().Add(questionTime), now: s.now}
}

// take returns how many of n bytes may be read: as many as are left, or 0 if time is over or those might not hold a whole record.
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

// giveBack returns bytes that were taken and not read.
func (w *work) giveBack(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes += n
}

func (w *work) over() bool { return w.now().After(w.until) }

// left returns how much time is left.
func (w *work) left() time.Duration { return w.until.Sub(w.now()) }

// errChanged says that a file was changed while it was looked at, other than by appending.
var errChanged = errors.New("the file was changed")

// need says how much of a file a question needs.
type need bool

const (
	outline need = false // its tags and where they end
	points  need = true  // points and places of images as well
)

// look opens a file with the session's rights, reads what is new in it as far as w allows, and calls use with what is known then. There
// is no other way to what is kept. whole reports whether all of the file was read, or the rest cannot be read.
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

// lookOnce is look, but fails with errChanged if the file is changed meanwhile.
func (s *Shelf) lookOnce(ctx context.Context, session *namespace.Session, path namespace.Path, what need, w *work,
	use func(f *eventFile, status namespace.Status),
) (whole bool, err error) {
	database := session.Database()
	r, err := session.Open(ctx, path, 0, 0)
	if err != nil {
		return false, err
	}
	status := r.Status()
	if err := r.Close(); err != nil {
		return false, err
	}
	if session.Database() != database { // it is not known of which one the status is
		return false, errChanged
	}
	f := s.of(status.ID)
	if err := f.enter(ctx); err != nil {
		return false, err
	}
	sound := false
	defer func() {
		if !sound { // use or readOn panicked: an event may have been added in part
			f.forget(f.edition)
		}
		s.settle(f)
		f.leave()
	}()
	lasts, err := f.lasts(ctx, session, path, status)
	if !lasts && err == nil { // the asker may have no right to see the old content
		f.forget(editionOf(status, database))
	}
	if err == nil {
		err = s.readOn(ctx, session, path, f, status, what, w)
	}
	if err == nil {
		whole = !f.lacks(status.Size, what) || f.broken != "" && !f.lacksPoints(what)
		use(f, status)
	}
	sound = true
	return whole, err
}

// readOn reads what f, which the caller has entered, lacks of the file as it was when opened, as far as w allows: nothing if others
// occupy the readers for all of w's time. If points are needed that were forgotten, it reads the whole file again; as long as w does
// not allow that, f keeps its outline. It fails if the store gives nothing for readTime.
func (s *Shelf) readOn(ctx context.Context, session *namespace.Session, path namespace.Path, f *eventFile, status namespace.Status, what need, w *work) error {
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
	leave, err := s.reading.Enter(within, session.User())
	cancel()
	if err != nil { // others wait to enter f: no longer than the question lasts
		return ctx.Err()
	}
	defer leave()
	within, cancel = context.WithTimeoutCause(ctx, s.patience, errSlow)
	defer cancel()
	var now namespace.Status
	r, err := session.OpenPart(within, path, func(is namespace.Status) (off, n int64, err error) {
		if now = is; now.ID != f.id || now.Size < status.Size {
			return 0, 0, errChanged
		}
		return from, min(taken, status.Size-from), nil
	})
	if err != nil {
		return err
	}
	defer r.Close()
	if lasts, err := f.lasts(ctx, session, path, now); !lasts {
		return cmp.Or(err, errChanged)
	}
	if again {
		f.forget(f.edition)
	}
	f.broken = ""
	before := f.offset
	err = f.read(within, r, from+r.Size(), status.Size, w)
	read = min(f.offset-from, taken) // a record that is too long is passed over
	if err == nil {
		return nil
	}
	if errors.Is(context.Cause(within), errSlow) {
		if f.offset > before { // the next question goes on from there
			return nil
		}
		return slow("read curves", path)
	}
	// The failure may come from the file being truncated or deleted meanwhile.
	if now, err := session.Stat(ctx, path); err != nil {
		return errChanged
	} else if lasts, _ := f.lasts(ctx, session, path, now); !lasts {
		return errChanged
	}
	if namespace.Damaged(err) {
		f.broken = fmt.Sprintf("It cannot be read to its end: what is stored of it behind byte %d is damaged or gone.", f.offset)
		return nil
	}
	return err
}

// of returns what is kept of an inode, adding an empty entry if there is none.
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

// settle accounts for the new weight of f, and forgets what exceeds the bound. A caller who is looking at a file that is forgotten
// keeps it until done.
func (s *Shelf) settle(f *eventFile) {
	weight := f.weight()
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.files[f.inode]; e == nil || e.Value != f {
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
		delete(s.files, gone.inode)
		s.held -= gone.counted
	}
}

// hollow forgets the points of f, unless it has none or somebody has entered it. s must be locked.
func (s *Shelf) hollow(f *eventFile) {
	select {
	case f.turn <- struct{}{}:
	default:
		return
	}
	defer f.leave()
	if f.points+f.spots == 0 { // the outline alone is all there is
		return
	}
	f.empty()
	weight := f.weight()
	s.held += weight - f.counted
	f.counted = weight
}
