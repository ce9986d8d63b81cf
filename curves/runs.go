package curves

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math"
	"sync"

	"golang.org/x/sync/errgroup"

	"granary/namespace"
)

// Run is a directory with event files, as TensorBoard sees it.
type Run struct {
	Name     string  // its path below the directory that was asked about; "." for that itself
	Files    int     // event files
	Size     int64   // bytes of them
	MTime    int64   // milliseconds since 1970, of the one that was changed last
	LastStep int64   // of what was written last
	LastWall float64 // seconds since 1970, when that was; 0: nothing was
	Scalars  int     // tags
	Images   int     // tags
	// State changes with whatever the run has to show.
	State   string
	Partial bool     // not all of it was read yet; the next question goes on
	Faults  []string // what cannot be shown, and why
}

// Runs are the runs of a directory.
type Runs struct {
	Runs    []Run
	Partial bool // there may be more runs, or more in them
	Refused int  // directories that may not be listed
}

// Runs finds the runs at and below dir, in the order of their names, and reads what is new in them. Each needs read and execute on its
// directory, and read on its files: files that may not be read are faults.
func (s *Shelf) Runs(ctx context.Context, ask Asker, dir namespace.Path) (Runs, error) {
	found, err := find(ctx, ask, dir, MaxRuns)
	if err != nil {
		return Runs{}, err
	}
	out := Runs{Runs: make([]Run, len(found.runs)), Partial: found.partial, Refused: found.refused}
	err = s.lookAtAll(ctx, ask, found, func(i int, seen *seenRun) {
		out.Runs[i] = seen.run(&found.runs[i])
		out.Partial = out.Partial || out.Runs[i].Partial
	}, nil)
	return out, err
}

// HasRuns reports whether there is a run at or below dir. It opens no file.
func HasRuns(ctx context.Context, ask Asker, dir namespace.Path) (has, partial bool, err error) {
	found, err := find(ctx, ask, dir, 1)
	if err != nil {
		return false, false, err
	}
	return len(found.runs) > 0, len(found.runs) == 0 && found.partial, nil
}

// seenRun is what the event files of a run have together.
type seenRun struct {
	size, mtime     int64
	last            tip
	scalars, images map[string]bool
	state           []byte
	partial         bool
	faults          []string
}

func (seen *seenRun) run(at *located) Run {
	sum := fnv.New128a()
	_, _ = sum.Write(seen.state) // it cannot fail
	return Run{
		Name: at.name, Files: len(at.files), Size: seen.size, MTime: seen.mtime, LastStep: seen.last.step, LastWall: seen.last.wall,
		Scalars: len(seen.scalars), Images: len(seen.images), State: hex.EncodeToString(sum.Sum(nil)), Partial: seen.partial, Faults: seen.faults,
	}
}

// add takes what is known of one of the files.
func (seen *seenRun) add(f *eventFile, status namespace.Status) {
	for _, n := range []int64{f.id, f.version, f.offset, int64(len(f.fault)), int64(len(f.broken))} {
		seen.state = binary.BigEndian.AppendUint64(seen.state, uint64(n))
	}
	seen.size += status.Size
	seen.mtime = max(seen.mtime, status.MTime)
	if f.last.wall > seen.last.wall || math.IsNaN(seen.last.wall) || seen.last == (tip{}) { // not every writer says when
		seen.last = f.last
	}
	for tag := range f.series {
		seen.scalars[tag] = true
	}
	for tag := range f.pictures {
		seen.images[tag] = true
	}
}

// maxFaults bounds what is told of one run.
const maxFaults = 8

func (seen *seenRun) tell(path namespace.Path, faults ...string) {
	for _, words := range faults {
		if len(seen.faults) < maxFaults {
			seen.faults = append(seen.faults, path.Name()+": "+words)
		}
	}
}

// lookAtAll looks at all files of the runs that were found, several beside each other. each is called, for one run at a time, with what its files
// have together; use, if there is one, with each file of it and its points, in the order of their names, which is the order in which they were begun.
func (s *Shelf) lookAtAll(ctx context.Context, ask Asker, found *finding, each func(i int, seen *seenRun), use func(i int, path namespace.Path, f *eventFile)) error {
	w := s.work()
	var mu sync.Mutex
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(abreast)
	for i := range found.runs {
		group.Go(func() (err error) {
			defer caught(&err)
			run := &found.runs[i]
			seen := &seenRun{scalars: map[string]bool{}, images: map[string]bool{}}
			if run.more {
				seen.tell(below(namespace.Path{}, run.name), fmt.Sprintf("It has more than %d event files; the first ones are left out.", runFiles))
			}
			for _, file := range run.files {
				path := run.dir.Join(file)
				whole, err := s.look(within, ask(), path, use != nil, w, func(f *eventFile, status namespace.Status) {
					seen.add(f, status)
					seen.tell(path, f.faults()...)
					if use != nil {
						use(i, path, f)
					}
				})
				switch {
				case err == nil:
					seen.partial = seen.partial || !whole
				case namespace.KindOf(err) == namespace.NotExist: // it is gone meanwhile
				case namespace.KindOf(err) == namespace.AccessControl:
					seen.tell(path, "You may not read it.")
				default:
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			each(i, seen)
			return nil
		})
	}
	return group.Wait()
}
