package curves

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"granary/tfevents"
)

// Bounds of what is kept of one file.
const (
	filePoints  = 1 << 20 // of all its series, at 24 bytes each
	fileTags    = 4096
	filePicture = 1 << 14 // places of images
	fileStarts  = 1000    // restarts, after which a file is read no further
	maxTag      = 1024    // bytes of a tag
)

// Weights in bytes, for counting what is kept.
const (
	pointWeight   = 24
	pictureWeight = 80
	tagWeight     = 512 // of a series or of pictures, besides the points and twice the tag
	fileWeight    = 1024
)

// eventFile is an event file on a shelf. inode and turn never change, and counted belongs to the shelf.
type eventFile struct {
	inode   int64
	turn    chan struct{} // has an element while somebody has entered
	counted int64         // bytes that the shelf counts
	known
}

// known is what was read of an event file. It belongs to whoever has entered the file.
type known struct {
	edition

	offset int64  // where the next record begins
	looked int64  // size of the file when it was last read to its end
	need   int64  // size that the file must have for the next record to be complete, as far as is known
	fault  string // why nothing behind offset will ever be read
	broken string // why nothing behind offset could be read the last time; each question tries again

	hollow   bool // series and pictures have their tags, but no points and images
	series   map[string]*series
	pictures map[string]*pictures
	plugins  map[string]string // of tags of scalars and images; only the first value of a tag names its plugin
	starts   []start
	restarts int   // those that were dropped from starts too: each costs a look at every point
	points   int   // kept, of all series
	spots    int   // kept, of all pictures
	left     int64 // values left out, since there are too many tags or the tag is too long
	odd      int64 // values that could not be understood
	long     int64 // records left out, since they are too long
	last     tip
}

// start is a restart: the run goes on at a step from this offset on, and values before it with this step or a later one do not count.
type start struct{ offset, step int64 }

// tip is the last value that was written.
type tip struct {
	step int64
	wall float64 // seconds since 1970; 0: there is none, or it does not say
}

func newFile(id int64) *eventFile {
	f := &eventFile{inode: id, turn: make(chan struct{}, 1), counted: fileWeight}
	f.forget(edition{id: id})
	return f
}

// forget empties f. What is read next belongs to this edition of the inode.
func (f *eventFile) forget(next edition) {
	f.known = known{
		edition: next,
		series:  map[string]*series{}, pictures: map[string]*pictures{}, plugins: map[string]string{},
	}
}

// empty forgets all points and places of images, but not their tags.
func (f *eventFile) empty() {
	f.hollow, f.points, f.spots = true, 0, 0
	for tag := range f.series {
		f.series[tag] = &series{}
	}
	for tag := range f.pictures {
		f.pictures[tag] = &pictures{}
	}
}

func (f *eventFile) enter(ctx context.Context) error {
	select {
	case f.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *eventFile) leave() { <-f.turn }

// lacksPoints reports whether points are needed and are not kept.
func (f *eventFile) lacksPoints(what need) bool { return what == points && f.hollow }

// lacks reports whether a file of this size has something that was not read yet, or something is needed that is not kept.
func (f *eventFile) lacks(size int64, what need) bool {
	return f.lacksPoints(what) || f.fault == "" && size > max(f.looked, f.offset) && size >= f.need
}

// weight returns about how many bytes of memory f takes.
func (f *eventFile) weight() int64 {
	n := int64(fileWeight + pointWeight*f.points + pictureWeight*f.spots + 16*len(f.starts))
	for tag := range f.series {
		n += tagWeight + 2*int64(len(tag))
	}
	for tag := range f.pictures {
		n += tagWeight + 2*int64(len(tag))
	}
	for tag := range f.plugins {
		n += 64 + int64(len(tag))
	}
	return n
}

// read reads the events that r yields, up to the offset end of a file of this size, or until w is used up.
func (f *eventFile) read(ctx context.Context, r io.Reader, end, size int64, w *work) error {
	events := tfevents.NewReader(r, f.offset)
	for n := 0; ; n++ {
		if n%64 == 0 && n > 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if w.over() {
				return nil
			}
		}
		e, err := events.Next()
		var (
			failed  *tfevents.ReadError
			partial *tfevents.PartialError
			damage  *tfevents.DamageError
			long    *tfevents.LongError
		)
		switch {
		case err == nil:
			if f.fault = f.add(e, events.Offset()); f.fault != "" {
				return nil
			}
			f.offset = events.Offset()
			continue
		case errors.As(err, &failed): // it may wrap an io.EOF that is not the file's
			return err
		case errors.As(err, &damage):
			f.fault = "It cannot be read to its end: " + damage.Error() + "."
			return nil
		case errors.As(err, &long) && long.Next <= size: // w has no room for it; whoever reads on begins behind it
			f.pass(long)
			return nil
		case long == nil && !errors.As(err, &partial) && !errors.Is(err, io.EOF):
			return err
		case end < size && long == nil: // r was asked for no more than this
			return nil
		}
		f.looked = size
		switch {
		case partial != nil:
			f.need = partial.Need
		case long != nil:
			f.need = long.Next
		}
		return nil
	}
}

// pass goes on behind a record that is too long.
func (f *eventFile) pass(e *tfevents.LongError) {
	f.offset = e.Next
	if e.Values {
		f.long++
	}
}

// add takes an event, which ends at this offset. If it can take nothing behind the event, it returns why, else "".
func (f *eventFile) add(e *tfevents.Event, offset int64) (fault string) {
	if e.Start && !f.startAt(start{offset, e.Step}) {
		return fmt.Sprintf("It says that it starts again more than %d times, and is read no further.", fileStarts)
	}
	for i := range e.Values {
		f.addValue(e, &e.Values[i])
	}
	if len(e.Values) > 0 {
		f.last = tip{e.Step, e.WallTime}
	}
	return ""
}

// startAt drops what a restart takes back. It reports false if there were too many restarts.
func (f *eventFile) startAt(s start) bool {
	// This restart takes back all that an earlier one with the same or a later step did.
	f.starts = slices.DeleteFunc(f.starts, func(earlier start) bool { return earlier.step >= s.step })
	f.starts = append(f.starts, s)
	for _, one := range f.series {
		f.points += one.cut(s.step)
	}
	for _, one := range f.pictures {
		f.spots += one.cut(s.step)
	}
	f.restarts++
	return f.restarts <= fileStarts
}

// kindOf returns the plugin that value v is for.
func (f *eventFile) kindOf(v *tfevents.Value) string {
	switch {
	case v.Simple != nil:
		return tfevents.PluginScalars
	case v.Image != nil:
		return tfevents.PluginImages
	case v.Plugin == "":
		return f.plugins[v.Tag]
	case v.Plugin != tfevents.PluginScalars && v.Plugin != tfevents.PluginImages: // others' tags, of which there may be more, take no room
	case v.Tensor != nil && f.plugins[v.Tag] == "" && len(f.plugins) < fileTags && len(v.Tag) <= maxTag:
		f.plugins[v.Tag] = v.Plugin
	}
	return v.Plugin
}

// fits reports whether there is room for another tag.
func (f *eventFile) fits(tag string) bool {
	if len(tag) <= maxTag && len(f.series)+len(f.pictures) < fileTags {
		return true
	}
	f.left++
	return false
}

func (f *eventFile) addValue(e *tfevents.Event, v *tfevents.Value) {
	switch f.kindOf(v) {
	case tfevents.PluginScalars:
		value, ok := scalar(v)
		if !ok {
			f.odd++
			return
		}
		one := f.series[v.Tag]
		if one == nil {
			if !f.fits(v.Tag) {
				return
			}
			one = &series{}
			f.series[v.Tag] = one
		}
		if f.hollow {
			return
		}
		f.points += one.add(Point{e.Step, e.WallTime, value}, min(seriesPoints, filePoints/len(f.series)))
		if f.points > filePoints {
			f.thin()
		}
	case tfevents.PluginImages:
		var images []tfevents.Image
		if v.Image != nil {
			images = []tfevents.Image{*v.Image}
		} else if v.Tensor != nil {
			images = v.Tensor.Images()
		}
		if len(images) == 0 {
			f.odd++
			return
		}
		one := f.pictures[v.Tag]
		if one == nil {
			if !f.fits(v.Tag) {
				return
			}
			one = &pictures{}
			f.pictures[v.Tag] = one
		}
		if f.hollow {
			return
		}
		f.spots += one.add(e, images, min(tagPictures, filePicture/len(f.pictures)))
	}
}

// scalar returns the number that a value is, if it is one.
func scalar(v *tfevents.Value) (float64, bool) {
	switch {
	case v.Simple != nil:
		return float64(*v.Simple), true
	case v.Tensor != nil:
		value, err := v.Tensor.Scalar()
		return value, err == nil
	}
	return 0, false
}

// thin shortens series that have more than their share of points, which has become smaller since they were filled.
func (f *eventFile) thin() {
	part := filePoints / len(f.series)
	for _, one := range f.series {
		for one.size() > part/2 && f.points > filePoints/2 {
			f.points += one.halve()
		}
	}
}

// tooLong says that records are left out.
func (f *eventFile) tooLong() string {
	return fmt.Sprintf("%d records are left out: they have more than %d bytes each.", f.long, tfevents.MaxRecord)
}

// faults says in words what a user who looks at the curves should know of the file.
func (f *eventFile) faults() (all []string) {
	if why := cmp.Or(f.fault, f.broken); why != "" {
		all = append(all, why)
	}
	if f.left > 0 {
		all = append(all, fmt.Sprintf("%d values are left out: it has more than %d tags, or tags of more than %d bytes.", f.left, fileTags, maxTag))
	}
	if f.long > 0 {
		all = append(all, f.tooLong())
	}
	if f.odd > 0 {
		all = append(all, fmt.Sprintf("%d values are left out: they say that they are scalars or images, and are not.", f.odd))
	}
	return all
}
