package curves

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"granary/namespace"
)

// Bounds of a search for event files.
const (
	MaxRuns     = 1000   // of one answer
	findEntries = 20_000 // entries looked at, plus directories listed
	findDepth   = 16     // levels of directories
	runFiles    = 256    // event files of one directory: each start of a training writes one
)

// isEventFile reports whether TensorBoard takes a file for an event file, which it does by its name alone.
func isEventFile(name string) bool { return strings.Contains(name, "tfevents") }

// located is a run and its event files.
type located struct {
	name  string // of its directory, relative to the one that was asked about; "." for that one itself
	dir   namespace.Path
	files []string // names in dir: full paths would take a hundred megabytes
	more  bool     // it has more event files than are looked at
}

// finding is a search for runs.
type finding struct {
	ask     Asker
	limit   int64        // how many runs are wanted
	looked  atomic.Int64 // entries, plus directories
	found   atomic.Int64 // directories with event files
	runs    []located
	refused int  // directories that the asker may not list
	partial bool // not everything was looked at
}

// caught turns a panic into an error: outside of the goroutine that handles a request, a panic would end the server.
func caught(err *error) {
	if recover() != nil {
		*err = fmt.Errorf("panic beside a question\n%s", debug.Stack())
	}
}

// errEnough ends a listing.
var errEnough = errors.New("enough entries")

// entries are what a search sees in a directory.
type entries struct {
	dirs, files []string
	cut         bool
	err         error
}

// list reads a directory, unless findEntries are used up already: it would fetch a page of entries only to refuse the first of them.
func (f *finding) list(ctx context.Context, dir namespace.Path) (found entries) {
	defer caught(&found.err)
	if f.looked.Add(1) > findEntries {
		return entries{cut: true}
	}
	found.err = f.ask().List(ctx, dir, func(e namespace.Status) error {
		switch {
		case e.Name == "":
			return &namespace.Error{
				Op: "list runs", Path: dir.String(), Kind: namespace.NotDirectory,
				Msg: fmt.Sprintf("`%s': Is not a directory; runs are directories with event files", dir),
			}
		case f.looked.Add(1) > findEntries:
			return errEnough
		case e.Dir:
			found.dirs = append(found.dirs, e.Name)
		case isEventFile(e.Name):
			if found.files = append(found.files, e.Name); f.limit == 1 { // a single one is enough
				return errEnough
			}
		}
		return nil
	})
	if errors.Is(found.err, errEnough) {
		found.cut, found.err = true, nil
	}
	if found.err == nil && len(found.files) > 0 {
		f.found.Add(1)
	}
	return found
}

// find looks for up to limit runs at and below dir, the highest levels first. It passes over directories that the asker may not list,
// other than dir, and counts them. Like jobs and archives it leaves out the trash, where nobody looks for runs, unless dir lies in it.
func find(ctx context.Context, ask Asker, dir namespace.Path, limit int) (*finding, error) {
	f := &finding{ask: ask, limit: int64(limit)}
	return f, f.search(ctx, dir)
}

// search does the work of find.
func (f *finding) search(ctx context.Context, dir namespace.Path) error {
	level := []string{"."}
	for depth := 0; len(level) > 0; depth++ {
		if depth == findDepth || f.found.Load() >= f.limit {
			f.partial = true
			break
		}
		found := make([]entries, len(level))
		group, within := errgroup.WithContext(ctx)
		group.SetLimit(abreast)
		for i, name := range level {
			if f.found.Load() >= f.limit { // the directories listed so far, which come first, have as many runs as are wanted
				level, f.partial = level[:i], true
				break
			}
			group.Go(func() error {
				found[i] = f.list(within, below(dir, name))
				return nil
			})
		}
		_ = group.Wait() // errors are in found
		if err := ctx.Err(); err != nil {
			return err
		}
		var next []string
		for i, name := range level {
			e := &found[i]
			switch {
			case e.err != nil && name == ".":
				return e.err
			case e.err != nil:
				if kind := namespace.KindOf(e.err); kind == namespace.AccessControl {
					f.refused++
				} else if kind != namespace.NotExist && kind != namespace.NotDirectory { // deleted meanwhile
					return e.err
				}
				continue
			}
			f.partial = f.partial || e.cut
			f.take(below(dir, name), name, e.files)
			for _, child := range e.dirs {
				run := strings.TrimPrefix(name+"/"+child, "./")
				if !dir.InTrash() && below(dir, run).InTrash() {
					continue
				}
				next = append(next, run)
			}
		}
		level = next
	}
	if int64(len(f.runs)) > f.limit {
		f.runs, f.partial = f.runs[:f.limit], true
	}
	slices.SortFunc(f.runs, func(a, b located) int { return strings.Compare(a.name, b.name) })
	return nil
}

// take adds the run of the directory at, if it has event files.
func (f *finding) take(at namespace.Path, name string, files []string) {
	if len(files) == 0 {
		return
	}
	// The last names are those of the files that were begun last.
	f.runs = append(f.runs, located{name: name, dir: at, files: files[max(0, len(files)-runFiles):], more: len(files) > runFiles})
}

// below returns the directory of a run.
func below(dir namespace.Path, run string) namespace.Path {
	if run == "." {
		return dir
	}
	for name := range strings.SplitSeq(run, "/") {
		dir = dir.Join(name)
	}
	return dir
}

// maxAsked bounds the runs that a question names.
const maxAsked = 100

// locate finds the runs with these names, or all runs if names is empty. It leaves out names that are no runs.
func locate(ctx context.Context, ask Asker, dir namespace.Path, names []string) (*finding, error) {
	if len(names) == 0 {
		return find(ctx, ask, dir, MaxRuns)
	}
	if len(names) > maxAsked {
		return nil, &namespace.Error{
			Op: "read curves", Path: dir.String(), Kind: namespace.InvalidArgument,
			Msg: fmt.Sprintf("There are %d runs in the question; ask for at most %d of them at once, or for all by naming none.", len(names), maxAsked),
		}
	}
	at, top := map[string]namespace.Path{}, strings.TrimSuffix(dir.String(), "/")+"/"
	for _, name := range names {
		path := dir
		if name != "." {
			var err error
			if path, err = namespace.ParsePath(top + name); err != nil {
				return nil, err
			}
		}
		if name = strings.TrimPrefix(path.String(), top); path == dir {
			name = "."
		}
		at[name] = path
	}
	names = slices.Sorted(maps.Keys(at))
	f := &finding{ask: ask, limit: int64(len(names)) + 1}
	found := make([]entries, len(names))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(abreast)
	for i, name := range names {
		group.Go(func() error {
			found[i] = f.list(within, at[name])
			return nil
		})
	}
	_ = group.Wait() // errors are in found
	for i, name := range names {
		e := &found[i]
		if e.err != nil && namespace.KindOf(e.err) == namespace.NotExist {
			_, e.err = ask().Stat(ctx, dir) // the run may be gone, but not dir
		}
		if e.err != nil {
			return nil, e.err
		}
		f.partial = f.partial || e.cut
		f.take(at[name], name, e.files)
	}
	return f, ctx.Err()
}
