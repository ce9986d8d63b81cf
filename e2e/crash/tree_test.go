package crash

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// top is the directory in which all writers work, so that they meet in its counters.
const top = "/crash"

// tree is what is below top, by path relative to it.
type tree map[string]entry

// entry is a directory or a file.
type entry struct {
	dir     bool
	content content // of a file
}

func (t tree) names(dirs bool) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if t[name].dir == dirs {
			names = append(names, name)
		}
	}
	return names
}

func (t tree) size() int64 {
	var n int64
	for _, e := range t {
		n += e.content.size()
	}
	return n
}

func (t tree) with(name string, e entry) tree {
	t = maps.Clone(t)
	t[name] = e
	return t
}

// moved is t after a rename of an entry with all that is below it; to "" means its removal.
func (t tree) moved(from, to string) tree {
	after := make(tree, len(t))
	for name, e := range t {
		rest, below := strings.CutPrefix(name, from)
		switch {
		case !below || rest != "" && rest[0] != '/':
			after[name] = e
		case to != "":
			after[to+rest] = e
		}
	}
	return after
}

// shape is what a listing tells of a tree: directories, and the lengths of files.
func (t tree) shape() map[string]int64 {
	shape := make(map[string]int64, len(t))
	for name, e := range t {
		shape[name] = e.content.size()
		if e.dir {
			shape[name] = directory
		}
	}
	return shape
}

// directory stands for the length of a directory.
const directory = -1

// look lists what is below top, except what belongs to others: mine tells the names in top itself that count.
func look(c *client, mine func(name string) bool) (map[string]int64, error) {
	shape := map[string]int64{}
	dirs := []string{""}
	for len(dirs) > 0 {
		dir := dirs[len(dirs)-1]
		dirs = dirs[:len(dirs)-1]
		entries, err := c.list(path.Join(top, dir))
		if err != nil {
			return nil, err
		}
		for _, s := range entries {
			name := path.Join(dir, s.PathSuffix)
			switch {
			case dir == "" && !mine(name):
			case s.Type == "DIRECTORY":
				shape[name] = directory
				dirs = append(dirs, name)
			default:
				shape[name] = s.Length
			}
		}
	}
	return shape, nil
}

// difference describes what distinguishes two shapes.
func difference(got, want map[string]int64) error {
	var errs []error
	for name, length := range want {
		if there, ok := got[name]; !ok {
			errs = append(errs, fmt.Errorf("%s is missing", name))
		} else if there != length {
			errs = append(errs, fmt.Errorf("%s has length %d, not %d", name, there, length))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			errs = append(errs, fmt.Errorf("%s should not be there", name))
		}
	}
	return errors.Join(errs...)
}

// read compares the content of the named files with what they should hold.
func (t tree) read(c *client, names []string) error {
	for _, name := range names {
		if err := c.check(path.Join(top, name), t[name].content); err != nil {
			return err
		}
	}
	return nil
}

// changed are the files of after that before does not have in the same way.
func changed(before, after tree) []string {
	return slices.DeleteFunc(after.names(false), func(name string) bool {
		old, ok := before[name]
		return ok && !old.dir && slices.Equal(old.content, after[name].content)
	})
}
