package curves

import (
	"context"
	"maps"
	"slices"

	"granary/namespace"
)

// Bounds of the tags of all runs in an answer.
const (
	answerTags  = 250_000  // for 1,000 runs with 250 each
	answerNames = 16 << 20 // bytes of names: a run's name appears with each of its tags
)

// Tags are the tags of runs, with the runs that have them.
type Tags struct {
	Scalars, Images []Tag
	Partial         bool
}

// Tag is a tag and the runs that have it. Tags and runs are sorted by name.
type Tag struct {
	Name string
	Runs []string
}

// Tags finds the tags of the runs at and below dir. It leaves out runs for which the answer has no room; the answer is partial then.
func (s *Shelf) Tags(ctx context.Context, ask Asker, dir namespace.Path) (Tags, error) {
	found, err := find(ctx, ask, dir, MaxRuns)
	if err != nil {
		return Tags{}, err
	}
	partial, told := found.partial, newTagsTold(len(found.runs))
	err = s.lookAtAll(ctx, ask, found, func(i int, seen *seenRun) {
		partial = !told.add(i, found.runs[i].name, seen) || partial || seen.partial
	}, nil)
	return Tags{byTag(found.runs, told.scalars), byTag(found.runs, told.images), partial}, err
}

// tagsTold collects the tags of each run for an answer.
type tagsTold struct {
	scalars, images []map[string]bool
	names           map[string]bool // of all tags
	tags, bytes     int
}

func newTagsTold(runs int) *tagsTold {
	return &tagsTold{scalars: make([]map[string]bool, runs), images: make([]map[string]bool, runs), names: map[string]bool{}}
}

// add takes the tags of the i-th run, and reports false if there is no room for them.
func (t *tagsTold) add(i int, run string, seen *seenRun) bool {
	more := len(seen.scalars) + len(seen.images)
	bytes := more * inJSON(run)
	for _, tags := range []map[string]bool{seen.scalars, seen.images} {
		for tag := range tags {
			if !t.names[tag] {
				bytes += inJSON(tag)
			}
		}
	}
	if t.tags+more > answerTags || t.bytes+bytes > answerNames {
		return false
	}
	t.tags, t.bytes = t.tags+more, t.bytes+bytes
	t.scalars[i], t.images[i] = seen.scalars, seen.images
	maps.Copy(t.names, seen.scalars)
	maps.Copy(t.names, seen.images)
	return true
}

// inJSON returns about how many bytes a name takes in JSON: control characters and quotes take more than one.
func inJSON(name string) int {
	n := len(name) + len(`"",`)
	for i := range len(name) {
		switch c := name[i]; {
		case c < ' ':
			n += len(`\u0000`) - 1
		case c == '"', c == '\\':
			n++
		}
	}
	return n
}

// byTag turns the tags of each run into the runs of each tag.
func byTag(runs []located, tags []map[string]bool) []Tag {
	all := map[string][]string{}
	for i := range runs {
		for tag := range tags[i] {
			all[tag] = append(all[tag], runs[i].name)
		}
	}
	out := make([]Tag, 0, len(all))
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		out = append(out, Tag{tag, all[tag]})
	}
	return out
}
