package curves

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"

	"granary/namespace"
	"granary/tfevents"
)

// Export writes all points of a tag of these runs, or of all runs at and below dir if runs is empty, as CSV to the writer that begin
// returns. The columns are run, step, wall_time in seconds since 1970, and value. Nothing is left out but values that are no numbers:
// Export reads each file to its end, to learn what restarts took back, and then once more from the beginning, keeping no points.
// If it cannot export everything, it fails before it calls begin, and the error says why. An error after that leaves a part of the
// table, which callers must not present as whole. If begin returns nil, Export only checks that the export is possible.
func (s *Shelf) Export(ctx context.Context, ask Asker, dir namespace.Path, runs []string, tag string, begin func() io.Writer) error {
	found, err := locate(ctx, ask, dir, runs)
	if err != nil {
		return err
	}
	if err := refuse(found, dir, len(runs) > 0); err != nil {
		return err
	}
	e := &export{shelf: s, ask: ask, tag: tag}
	tapes := make([][]tape, len(found.runs))
	for i := range found.runs {
		if tapes[i], err = e.tapes(ctx, &found.runs[i]); err != nil {
			return err
		}
	}
	to := begin()
	if to == nil {
		return nil
	}
	out := bufio.NewWriterSize(to, 64<<10)
	e.out = csv.NewWriter(out)
	if err := e.out.Write([]string{"run", "step", "wall_time", "value"}); err != nil {
		return err
	}
	for i := range found.runs {
		for j := range tapes[i] {
			if err := e.play(ctx, &found.runs[i], tapes[i], j); err != nil {
				return err
			}
		}
	}
	if e.out.Flush(); e.out.Error() != nil {
		return e.out.Error()
	}
	return out.Flush()
}

// export is a table that is being written.
type export struct {
	shelf  *Shelf
	ask    Asker
	tag    string
	starts int // of all tapes so far
	out    *csv.Writer
}

// exportStarts bounds the restarts of all files of an export, which are kept until its end. A single run cannot exceed it.
const exportStarts = runFiles * fileStarts

// tape is an event file as it was when an export began.
type tape struct {
	edition
	name   string // in the directory of its run
	end    int64  // bytes, up to where it holds whole events
	starts []start
}

// refusal returns the error that says why an export is refused.
func refusal(kind namespace.Kind, at namespace.Path, format string, args ...any) error {
	return &namespace.Error{Op: "export curves", Path: at.String(), Kind: kind, Msg: fmt.Sprintf(format, args...)}
}

// refuse fails if the search for runs did not see everything. named says that the runs were asked for by name.
func refuse(found *finding, dir namespace.Path, named bool) error {
	switch {
	case found.partial && named:
		return refusal(namespace.IO, dir, "These runs have more than %d entries in their directories, which are not all looked at. Name fewer runs.", findEntries)
	case found.partial:
		return refusal(namespace.IO, dir, "Not all of %s is looked at: it has more than %d runs, %d entries or %d levels. Name the runs, or ask for a directory further down.",
			dir, MaxRuns, findEntries, findDepth)
	case found.refused > 0:
		return refusal(namespace.AccessControl, dir, "Permission denied to list directories below %s (%d of them), which may hold runs. Name the runs that are meant.",
			dir, found.refused)
	}
	for i := range found.runs {
		if run := &found.runs[i]; run.more {
			return refusal(namespace.IO, dir, "The run %s has more than %d event files, of which the first ones are not looked at. Leave it out by naming the others.",
				run.name, runFiles)
		}
	}
	return nil
}

// tapes reads the files of a run to their ends. It fails if one may not be read, or not to its end: the export would be incomplete.
func (e *export) tapes(ctx context.Context, run *located) (all []tape, err error) {
	for _, file := range run.files {
		one, err := e.tape(ctx, run.dir, file)
		if errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		if e.starts += len(one.starts); e.starts > exportStarts {
			return nil, refusal(namespace.IO, run.dir, "The files of these runs say more than %d times together that they start again. Name fewer runs.", exportStarts)
		}
		all = append(all, one)
	}
	return all, nil
}

// fruitless bounds the rounds in a row in which tape gets no further in a file. A round gets no further if it spends all its time
// waiting for others who read the same file, or for a place among the readers.
const fruitless = 30

// tape reads a file to its end, in rounds between which others get their turn.
func (e *export) tape(ctx context.Context, dir namespace.Path, name string) (tape, error) {
	one, path := tape{name: name}, dir.Join(name)
	for rounds := 0; rounds < fruitless; {
		before, why := one.end, ""
		whole, err := e.shelf.look(ctx, e.ask(), path, outline, e.shelf.work(), func(f *eventFile, _ namespace.Status) {
			one.edition, one.end, one.starts = f.edition, f.offset, slices.Clone(f.starts)
			if why = cmp.Or(f.fault, f.broken); why == "" && f.long > 0 {
				why = f.tooLong()
			}
		})
		switch {
		case err != nil:
			return tape{}, err
		case why != "":
			return tape{}, refusal(namespace.IO, path, "Of %s not all can be exported. %s Leave its run out by naming the others, or download the file.", path, why)
		case whole:
			return one, nil
		case one.end > before:
			rounds = 0
		default:
			rounds++
		}
	}
	return tape{}, refusal(namespace.Conflict, path, "%s could not be read to its end, since it is changed or others read as much; try again.", path)
}

// taken reports whether a restart takes back what the j-th file has behind offset with this step.
func taken(tapes []tape, j int, offset, step int64) bool {
	for _, s := range tapes[j].starts { // in ascending order of their steps
		if s.offset > offset {
			if s.step <= step {
				return true
			}
			break
		}
	}
	for _, later := range tapes[j+1:] {
		if len(later.starts) > 0 && later.starts[0].step <= step {
			return true
		}
	}
	return false
}

// Bounds of what is read at a time of a file that is played. After each part its points are written, and others get their turn.
const (
	playedBytes  = 8 << 20
	playedPoints = 4096
)

// playing is a file whose points are being written.
type playing struct {
	*export
	session *namespace.Session
	dir     namespace.Path
	tapes   []tape            // of the files in dir
	j       int               // of the file among them
	file    *namespace.Reader // nil: not opened yet
	waiting *patience         // for file
	events  *tfevents.Reader  // of file
	from    int64             // where file is opened
	tags    *eventFile
	points  []Point // read, and still to be written
}

// play writes the points of the j-th file of a run. A slow receiver of the table makes it keep no record in memory, and keeps nobody
// else from reading.
func (e *export) play(ctx context.Context, run *located, tapes []tape, j int) error {
	p := &playing{export: e, session: e.ask(), dir: run.dir, tapes: tapes, j: j, tags: newFile(tapes[j].id)}
	defer p.close()
	for more := true; more; {
		var err error
		if more, err = p.readSome(ctx); err != nil {
			return err
		}
		for _, point := range p.points {
			if err := e.out.Write([]string{run.name, strconv.FormatInt(point.Step, 10), text(point.WallTime), text(point.Value)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *playing) close() {
	if p.file != nil {
		p.file.Close()
		p.waiting.close()
	}
}

// open opens the file as it was when the export began.
func (p *playing) open(ctx context.Context) (err error) {
	t := &p.tapes[p.j]
	path := p.dir.Join(t.name)
	within, waiting := p.shelf.patient(ctx)
	var now namespace.Status
	p.file, err = p.session.OpenPart(within, path, func(is namespace.Status) (off, n int64, err error) {
		if now = is; now.ID != t.id || now.Size < t.end {
			return 0, 0, errChanged
		}
		return p.from, t.end - p.from, nil
	})
	if err != nil {
		waiting.close()
		return err
	}
	p.waiting = waiting
	p.events = tfevents.NewReader(awaited{p.file, waiting}, p.from)
	if lasts, err := t.lasts(ctx, p.session, path, now); !lasts {
		return cmp.Or(err, errChanged)
	}
	return nil
}

// readSome reads the next points of the file, holding a place among the shelf's readers. more reports whether the file has more.
func (p *playing) readSome(ctx context.Context) (more bool, err error) {
	leave, err := p.shelf.reading.Enter(ctx, p.session.User())
	if err != nil {
		return false, err
	}
	defer leave()
	if p.file == nil {
		if err := p.open(ctx); err != nil {
			return false, err
		}
	}
	defer p.events.Forget()
	p.waiting.begin()
	defer p.waiting.rest()
	p.points = p.points[:0]
	for from := p.events.Offset(); p.events.Offset()-from < playedBytes && len(p.points) < playedPoints; {
		event, err := p.events.Next()
		var long *tfevents.LongError
		if errors.As(err, &long) { // it has no values, as the export would have been refused
			p.close()
			p.file, p.from = nil, long.Next
			return p.from < p.tapes[p.j].end, nil
		}
		if err != nil && p.events.Offset() == p.tapes[p.j].end && errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil && p.waiting.over() {
			return false, slow("export curves", p.dir.Join(p.tapes[p.j].name))
		}
		if err != nil {
			return false, err
		}
		p.add(event)
	}
	return true, nil
}

// add takes the points of an event, which must be the last one that was read.
func (p *playing) add(event *tfevents.Event) {
	for i := range event.Values {
		v := &event.Values[i]
		if v.Tag != p.tag || p.tags.kindOf(v) != tfevents.PluginScalars || taken(p.tapes, p.j, p.events.Offset(), event.Step) {
			continue
		}
		if value, ok := scalar(v); ok {
			p.points = append(p.points, Point{event.Step, event.WallTime, value})
		}
	}
}

// text formats a number so that parsing it gives the same value.
func text(v float64) string {
	if math.IsInf(v, 0) {
		return map[bool]string{true: "Infinity", false: "-Infinity"}[v > 0]
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
