package crash

import (
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"time"

	"granary/namespace"
)

// Bounds of what one writer keeps, so that all of it can be read again after each kill.
const (
	mostBytes   = 12 << 20
	mostEntries = 60
	mostDepth   = 5
)

// step is one operation of a writer.
type step struct {
	what  string
	do    func(*client) error
	after tree // what is there once it has happened; nil: it changes nothing
}

// writer does one operation after another on entries of its own, and knows for each whether it was acknowledged. All
// its names begin with its own.
type writer struct {
	name     string
	rng      *rand.Rand
	client   *client
	tree     tree  // what was acknowledged
	inflight *step // sent and neither acknowledged nor looked for
	made     int   // for fresh names
}

// mine recognises the writer's entries in top.
func (w *writer) mine(name string) bool { return strings.HasPrefix(name, w.name+"-") }

// work goes on until stop is closed, and reports each acknowledged change. When an operation fails while excuse says
// that processes are being killed, its outcome is looked for if the server is to survive; if not, the work is over.
func (w *writer) work(stop <-chan struct{}, acknowledged func(), excuse func() bool, survives bool) error {
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		s := w.choose()
		w.inflight = &s
		err := s.do(w.client)
		switch {
		case err == nil && s.after != nil:
			w.tree, w.inflight = s.after, nil
			acknowledged()
		case err == nil:
			w.inflight = nil
		case !excused(err) || !excuse():
			return fmt.Errorf("writer %s: %s: %w", w.name, s.what, err)
		case !survives:
			return nil
		default:
			if err := w.await(excuse); err != nil {
				return err
			}
		}
	}
}

// await looks for the outcome of the operation in flight until it gets an answer.
func (w *writer) await(excuse func() bool) error {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	late := time.After(patience)
	for {
		_, err := w.settle()
		switch {
		case err == nil:
			return nil
		case !excused(err) || !excuse():
			return err
		}
		select {
		case <-again.C:
		case <-late:
			return fmt.Errorf("writer %s: the server has not recovered: %w", w.name, err)
		}
	}
}

// settle finds out whether the operation in flight happened, and fails if it happened in part.
func (w *writer) settle() (happened bool, err error) {
	if w.inflight == nil {
		return false, nil
	}
	shape, err := look(w.client, w.mine)
	if err != nil {
		return false, err
	}
	return w.settleAs(shape)
}

// settleAs is settle for one who has looked already.
func (w *writer) settleAs(shape map[string]int64) (happened bool, err error) {
	s := w.inflight
	if s == nil || s.after == nil {
		w.inflight = nil
		return false, w.agree(w.tree, shape)
	}
	err = w.matches(w.tree, s.after, shape)
	if err == nil {
		w.inflight = nil
		return false, nil
	}
	if excused(err) {
		return false, err
	}
	errAfter := w.matches(s.after, w.tree, shape)
	if errAfter == nil {
		w.tree, w.inflight = s.after, nil
		return true, nil
	}
	if excused(errAfter) {
		return false, errAfter
	}
	return false, fmt.Errorf("writer %s: %s was not answered and is neither done nor undone: not undone: %w; not done: %w",
		w.name, s.what, err, errAfter)
}

// matches fails if candidate is not what is there, reading what sets it apart from other.
func (w *writer) matches(candidate, other tree, shape map[string]int64) error {
	if err := difference(shape, candidate.shape()); err != nil {
		return err
	}
	return candidate.read(w.client, changed(other, candidate))
}

func (w *writer) agree(want tree, shape map[string]int64) error {
	if err := difference(shape, want.shape()); err != nil {
		return fmt.Errorf("writer %s: %w", w.name, err)
	}
	return nil
}

// verify compares all that is there with all that was acknowledged, and settles what was in flight.
func (w *writer) verify() (happened bool, err error) {
	shape, err := look(w.client, w.mine)
	if err != nil {
		return false, err
	}
	if happened, err = w.settleAs(shape); err != nil {
		return false, err
	}
	if err := w.tree.read(w.client, w.tree.names(false)); err != nil {
		return false, fmt.Errorf("writer %s: %w", w.name, err)
	}
	return happened, nil
}

// choose draws the next operation.
func (w *writer) choose() step {
	files, dirs := w.tree.names(false), w.tree.names(true)
	if len(files) > 0 && (w.tree.size() > mostBytes || len(w.tree) > mostEntries) {
		return w.deleteStep(w.pick(files))
	}
	switch n := w.rng.IntN(100); {
	case n < 20 || len(files) == 0:
		return w.createStep(w.fresh(dirs), w.smallSize(), false)
	case n < 28:
		return w.createStep(w.fresh(dirs), w.around(200<<10), false)
	case n < 30:
		return w.createStep(w.fresh(dirs), w.around(5<<20), false)
	case n < 40:
		return w.createStep(w.pick(files), w.anySize(), true)
	case n < 50:
		return w.appendStep(w.pick(files), max(1, w.smallSize()))
	case n < 58:
		return w.appendStep(w.pick(files), 1+w.rng.Int64N(150<<10))
	case n < 66:
		return w.mkdirsStep(dirs)
	case n < 76:
		return w.renameStep(w.pick(files), dirs)
	case n < 81 && len(dirs) > 0:
		return w.renameStep(w.pick(dirs), dirs)
	case n < 88:
		return w.deleteStep(w.pick(files))
	case n < 91 && len(dirs) > 0:
		return w.deleteStep(w.pick(dirs))
	}
	return w.readStep(w.pick(files))
}

func (w *writer) pick(names []string) string { return names[w.rng.IntN(len(names))] }

// fresh draws a name that nothing has, in top or one of dirs.
func (w *writer) fresh(dirs []string) string {
	w.made++
	name := fmt.Sprintf("%s-%d", w.name, w.made)
	if len(dirs) == 0 || w.rng.IntN(3) == 0 {
		return name
	}
	dir := w.pick(dirs)
	if strings.Count(dir, "/") >= mostDepth {
		return name
	}
	return path.Join(dir, name)
}

func (w *writer) around(n int64) int64 { return n/2 + w.rng.Int64N(n) }

// smallSize draws a length that is kept in the database, or just not any more: its edges above all.
func (w *writer) smallSize() int64 {
	edges := []int64{0, 1, namespace.RowMax, namespace.RowMax + 1, namespace.InlineMax, namespace.InlineMax + 1}
	if n := w.rng.IntN(12); n < len(edges) {
		return edges[n]
	}
	return w.rng.Int64N(8 << 10)
}

func (w *writer) anySize() int64 {
	if w.rng.IntN(3) == 0 {
		return w.around(200 << 10)
	}
	return w.smallSize()
}

func (w *writer) createStep(name string, size int64, overwrite bool) step {
	c := content{{w.rng.Uint64(), size}}
	announced := w.announced(size)
	return step{
		what:  fmt.Sprintf("create %s with %d bytes, overwrite %v", name, size, overwrite),
		do:    func(cl *client) error { return cl.create(path.Join(top, name), overwrite, c.reader(), announced) },
		after: w.tree.with(name, entry{content: c}),
	}
}

// announced is the Content-Length to send, if any. Something must announce an empty body.
func (w *writer) announced(size int64) int64 {
	if size > 0 && w.rng.IntN(2) == 0 {
		return -1
	}
	return size
}

func (w *writer) appendStep(name string, size int64) step {
	c := content{{w.rng.Uint64(), size}}
	announced := w.announced(size)
	old := w.tree[name].content
	return step{
		what:  fmt.Sprintf("append %d bytes to the %d of %s", size, old.size(), name),
		do:    func(cl *client) error { return cl.append(path.Join(top, name), c.reader(), announced) },
		after: w.tree.with(name, entry{content: append(old[:len(old):len(old)], c...)}),
	}
}

// mkdirsStep makes one directory, or one inside another.
func (w *writer) mkdirsStep(dirs []string) step {
	name := w.fresh(dirs)
	after := w.tree.with(name, entry{dir: true})
	if w.rng.IntN(2) == 0 {
		name = path.Join(name, w.fresh(nil))
		after[name] = entry{dir: true}
	}
	return step{
		what:  "mkdirs " + name,
		do:    func(cl *client) error { return cl.mkdirs(path.Join(top, name)) },
		after: after,
	}
}

// renameStep moves a file or directory to a fresh name that is not below itself.
func (w *writer) renameStep(from string, dirs []string) step {
	to := w.fresh(dirs)
	if strings.HasPrefix(to, from+"/") {
		to = w.fresh(nil)
	}
	return step{
		what:  fmt.Sprintf("rename %s to %s", from, to),
		do:    func(cl *client) error { return cl.rename(path.Join(top, from), path.Join(top, to)) },
		after: w.tree.moved(from, to),
	}
}

func (w *writer) deleteStep(name string) step {
	return step{
		what:  "delete " + name,
		do:    func(cl *client) error { return cl.delete(path.Join(top, name)) },
		after: w.tree.moved(name, ""),
	}
}

func (w *writer) readStep(name string) step {
	want := w.tree[name].content
	return step{
		what: "read " + name,
		do:   func(cl *client) error { return cl.check(path.Join(top, name), want) },
	}
}
