package namespace

import (
	"context"
	"slices"
	"sync"
)

// readPresent reads w's files without the database, if their content and everything that the rights to them depend on is remembered and
// known to be current (see [readLease]). It reports false, having read nothing, if the database has to be asked: if something is not
// remembered or not proved, or there are other servers.
func (b *batchRead) readPresent(ctx context.Context, s *Session, w *window) bool {
	h := s.fs.hints
	if !b.mayBeAlone() {
		return false
	}
	dirs, changes, ok := b.presentDirs(ctx, s, w)
	if !ok {
		return false
	}
	files, entries := w.wanted(func(dir Path) key { return dirs[dir].chain.node().key() })
	known := h.recall(files, entries)
	if len(known) < len(files) || slices.ContainsFunc(known, func(r recalled) bool { return !r.proved }) {
		return false
	}
	s.fs.decided("read batch", Path{})
	if !h.present(changes) {
		return false
	}
	r := &batchRows{s: s, w: w, dirs: dirs}
	r.begin()
	r.recollect(ctx, known)
	r.settle(ctx)
	return true
}

// wanted returns the files that are still to be read, as indexes and as entries. at returns the key of a directory.
func (w *window) wanted(at func(dir Path) key) (files []int, entries []entry) {
	for i := range w.files {
		if f := &w.files[i]; !f.ready {
			files, entries = append(files, i), append(entries, entry{at(f.Path.Parent()), f.Path.Name()})
		}
	}
	return files, entries
}

// mayBeAlone reports whether trying to do without the database is worthwhile.
func (b *batchRead) mayBeAlone() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.company && b.session.fs.hints.lease.writes != nil
}

// presentDirs returns the current directories of w's files, by path, and the value of hints.changes at which they were proved. ok is
// false if they are not known to be current.
func (b *batchRead) presentDirs(ctx context.Context, s *Session, w *window) (dirs map[Path]*batchDir, changes uint64, ok bool) {
	var paths []Path
	dirs = map[Path]*batchDir{}
	for i := range w.files {
		f := &w.files[i]
		if f.ready {
			continue
		}
		if f.special() {
			return nil, 0, false
		}
		at := f.Path.Parent()
		if _, known := dirs[at]; !known {
			dirs[at], paths = nil, append(paths, at)
		}
	}
	for again := true; ; again = false {
		all, open, ok := s.supposeDirs(paths)
		switch {
		case !ok:
			return nil, 0, false
		case len(open) == 0:
			w := &walker{ctx: ctx, s: s}
			for i, x := range all {
				if w.hide(x.c); x.c.hidden || x.changes != all[0].changes {
					return nil, 0, false
				}
				dirs[paths[i]] = &batchDir{chain: x.c}
				dirs[paths[i]].open()
				for id := range x.c.projects {
					if s.fs.keys.load(ctx, id) != nil {
						return nil, 0, false
					}
				}
			}
			if len(all) > 0 {
				changes = all[0].changes
			}
			return dirs, changes, true
		case !again:
			b.mu.Lock()
			b.company = s.fs.hints.company()
			b.mu.Unlock()
			return nil, 0, false
		}
		// If files have to be fetched anyway, proving the directories first is not worth a question.
		where := map[Path]key{}
		for i, x := range all {
			where[paths[i]] = x.c.node().key()
		}
		if files, entries := w.wanted(func(dir Path) key { return where[dir] }); len(s.fs.hints.recall(files, entries)) < len(files) {
			return nil, 0, false
		}
		s.prove(ctx, open)
	}
}

// supposeDirs returns what is remembered of directories, and in open those suppositions that have to be compared with the database before
// all are known to be current. ok is false if a directory is not remembered.
func (s *Session) supposeDirs(paths []Path) (all, open []*supposition, ok bool) {
	var proved []*supposition
	for _, path := range paths {
		x := s.fs.hints.suppose(&s.p, path, false)
		if x == nil || x.epoch != s.p.Epoch {
			return nil, nil, false
		}
		if n := x.c.node(); n == nil || !n.dir() {
			return nil, nil, false
		}
		all = append(all, x)
		switch {
		case x.present:
		case x.proved:
			proved = append(proved, x)
		default:
			open = append(open, x)
		}
	}
	if len(open) == 0 && len(proved) > 0 {
		open = proved[:1] // the lease has ended; any question to the database gets the next one
	}
	return all, open, true
}

// prove compares what is supposed with the database. Lanes combine simultaneous questions into one statement.
func (s *Session) prove(ctx context.Context, all []*supposition) {
	var asking sync.WaitGroup
	for _, x := range all {
		asking.Go(func() {
			_ = sound(func() error { // after a failure it is not proved
				a, err := s.fs.lanes.ask(ctx, x)
				if err == nil {
					_, _, _, err = s.fs.hints.conclude(x, a)
				}
				return err
			})
		})
	}
	asking.Wait()
}

// present reports whether what was proved when h.changes had the given value still holds now.
func (h *hints) present(changes uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.off && h.changes == changes && h.lease.holds()
}

// company reports whether another server was registered when that was last asked.
func (h *hints) company() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.lease.sole
}
