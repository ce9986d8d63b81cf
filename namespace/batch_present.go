package namespace

import (
	"context"
	"slices"
	"sync"
)

// readPresent reads w's files without the database, if all that they are and the rights to them rest on is remembered, and known to be so now (see
// [readLease]). It reports false, and has read nothing, if the database has to be asked: for what is not remembered, or is refused
// for lack of it, and where other servers are.
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

// wanted are the files that are still to be read, by their number and their place; at tells which directory a path is.
func (w *window) wanted(at func(dir Path) key) (files []int, entries []entry) {
	for i := range w.files {
		if f := &w.files[i]; !f.ready {
			files, entries = append(files, i), append(entries, entry{at(f.Path.Parent()), f.Path.Name()})
		}
	}
	return files, entries
}

// mayBeAlone reports whether it is worth trying to do without the database.
func (b *batchRead) mayBeAlone() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.company && b.session.fs.hints.lease.writes != nil
}

// presentDirs returns the directories of w's files as they are now, by path, and how many changes had come to what is proved until then. ok is
// false if that is not known.
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
		// It is not worth a question if files have to be fetched anyway.
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

// supposeDirs returns what is remembered of directories, and those of it that have to be held against the database before all are known to be
// so. ok is false if it is too little.
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
		open = proved[:1] // the lease has ended, and whatever is asked takes the next one
	}
	return all, open, true
}

// prove holds what is supposed against the database. Lanes put what is asked at the same time into one statement.
func (s *Session) prove(ctx context.Context, all []*supposition) {
	var asking sync.WaitGroup
	for _, x := range all {
		asking.Go(func() {
			_ = sound(func() error { // what fails is not proved
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

// present reports whether what was proved when so many changes had come to that is so now.
func (h *hints) present(changes uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.off && h.changes == changes && h.lease.holds()
}

// company reports whether another server was there when that was last asked.
func (h *hints) company() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.lease.sole
}
