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
	Name     string  // path relative to the directory that was asked about; "." for that one itself
	Files    int     // event files
	Size     int64   // bytes of them
	MTime    int64   // milliseconds since 1970, of the file that was changed last
	LastStep int64   // of the value that was written last
	LastWall float64 // when that was, in seconds since 1970; 0: unknown
	Scalars  int     // tags
	Images   int     // tags
	// State changes whenever what the run has to show changes.
	State   string
	Partial bool     // not all of it was read yet; the next question goes on
	Faults  []string // what cannot be shown, and why
}

// Runs are the runs at and below a directory.
type Runs struct {
	Runs    []Run
	Partial bool // there may be more runs, or more in them
	Refused int  // directories that the asker may not list
}

// Runs finds the runs at and below dir, sorted by name, and reads what is new in them. Each needs read and execute on its
// directory, and read on its files: a file that the asker may not read is a fault of the run.
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

// seenRun combines what is known of the event files of a run.
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
	_, _ = sum.Write(seen.state) // never fails
	return Run{
		Name: at.name, Files: len(at.files), Size: seen.size, MTime: seen.mtime, LastStep: seen.last.step, LastWall: seen.last.wall,
		Scalars: len(seen.scalars), Images: len(seen.images), State: hex.EncodeToString(sum.Sum(nil)), Partial: seen.partial, Faults: seen.faults,
	}
}

// add adds what is known of one of the files.
func (seen *seenRun) add(f *eventFile, status namespace.Status) {
	for _, n := range []int64{f.id, f.version, f.offset, int64(len(f.fault)), int64(len(f.broken))} {
		seen.state = binary.BigEndian.AppendUint64(seen.state, uint64(n))
	}
	seen.size += status.Size
	seen.mtime = max(seen.mtime, status.MTime)
	if f.last.wall > seen.last.wall || math.IsNaN(seen.last.wall) || seen.last == (tip{}) { // not every writer gives a time
		seen.last = f.last
	}
	for tag := range f.series {
		seen.scalars[tag] = true
	}
	for tag := range f.pictures {
		seen.images[tag] = true
	}
}

// maxFaults bounds the faults that are reported for one run.
const maxFaults = 8

func (seen *seenRun) tell(path namespace.Path, faults ...string) {
	for _, words := range faults {
		if len(seen.faults) < maxFaults {
			seen.faults = append(seen.faults, path.Name()+": "+words)
		}
	}
}

// lookAtAll looks at all files of the runs that were found, up to abreast runs at the same time. It calls each, for one run at a time,
// with what is known of the run's files together; and use, unless it is nil, with each file of a run and its points, in the order of
// their names, which is the order in which they were begun.
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
				case namespace.KindOf(err) == namespace.NotExist: // deleted meanwhile
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
