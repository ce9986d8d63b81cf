package curves

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"

	"granary/namespace"
	"granary/tfevents"
)

// Export writes all points of a tag of these runs, or of all runs, as CSV to the writer that begin returns: the columns run, step,
// wall_time in seconds since 1970, and value. Each file is read to its end first, to learn what a restart took back, and then from the beginning once more, so
// that nothing is left out and nothing is kept. begin is called when what can be refused was; what fails later cuts the table off.
func (s *Shelf) Export(ctx context.Context, ask Asker, dir namespace.Path, runs []string, tag string, begin func() io.Writer) error {
	found, err := locate(ctx, ask, dir, runs)
	if err != nil {
		return err
	}
	e := &export{shelf: s, ask: ask, tag: tag}
	tapes := make([][]tape, len(found.runs))
	for i := range found.runs {
		if tapes[i], err = e.tapes(ctx, &found.runs[i]); err != nil {
			return err
		}
	}
	out := bufio.NewWriterSize(begin(), 64<<10)
	e.out = csv.NewWriter(out)
	if err := e.out.Write([]string{"run", "step", "wall_time", "value"}); err != nil {
		return err
	}
	for i, run := range found.runs {
		for j := range tapes[i] {
			if err := e.play(ctx, run.name, tapes[i], j); err != nil {
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
	shelf *Shelf
	ask   Asker
	tag   string
	out   *csv.Writer
}

// tape is an event file as it was when an export began.
type tape struct {
	path        namespace.Path
	id, version int64
	end         int64 // bytes, up to where it holds whole events
	starts      []start
}

// tapes reads the files of a run to their ends. One that may not be read fails the export: it would not be all.
func (e *export) tapes(ctx context.Context, run *located) (all []tape, err error) {
	for _, path := range run.files {
		one := tape{path: path}
		for whole := false; !whole && err == nil; {
			whole, err = e.shelf.look(ctx, e.ask(), path, outline, e.shelf.work(), func(f *eventFile, _ namespace.Status) {
				one.id, one.version, one.end, one.starts = f.id, f.version, f.offset, append([]start(nil), f.starts...)
			})
		}
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// taken reports whether what stands behind the offset at of the j-th file, with this step, is taken back by a restart.
func taken(tapes []tape, j int, offset, step int64) bool {
	for _, s := range tapes[j].starts { // their steps grow
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

// play writes the points of the j-th file of a run.
func (e *export) play(ctx context.Context, run string, tapes []tape, j int) error {
	t := &tapes[j]
	r, err := e.ask().OpenPart(ctx, t.path, func(now namespace.Status) (off, n int64, err error) {
		if now.ID != t.id || now.Version != t.version {
			return 0, 0, errChanged
		}
		return 0, t.end, nil
	})
	if err != nil {
		return err
	}
	defer r.Close()
	tags := newFile(t.id)
	events := tfevents.NewReader(r, 0)
	for {
		event, err := events.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i := range event.Values {
			v := &event.Values[i]
			if v.Tag != e.tag || tags.kindOf(v) != tfevents.PluginScalars || taken(tapes, j, events.Offset(), event.Step) {
				continue
			}
			value, ok := scalar(v)
			if !ok {
				continue
			}
			if err := e.out.Write([]string{run, strconv.FormatInt(event.Step, 10), text(event.WallTime), text(value)}); err != nil {
				return err
			}
		}
	}
}

// text writes a number so that reading it gives the same one.
func text(v float64) string {
	if math.IsInf(v, 0) {
		return map[bool]string{true: "Infinity", false: "-Infinity"}[v > 0]
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
