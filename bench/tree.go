package main

import (
	"slices"
	"strconv"
)

// The operations of the mix on a client's tree. Each sends its request, and records in the tree what the reply must mean.

func (t *tree) read(c *client) error {
	f := t.anyFile()
	return c.read(f.path(), f.body)
}

func (t *tree) statFile(c *client) error {
	f := t.anyFile()
	return c.stat(f.path(), f.body.size)
}

func (t *tree) statDir(c *client) error {
	return c.status(t.anyDir().path, `"type":"DIRECTORY"`)
}

func (t *tree) listDir(c *client) error {
	d := t.anyDir()
	return c.list(d.path, d.entries)
}

func (t *tree) listFile(c *client) error {
	f := t.anyFile()
	return c.listFile(f.path(), f.body.size)
}

func (t *tree) create(c *client) error {
	f := t.file(t.anyDir())
	return c.create(f.path(), f.body)
}

func (t *tree) rename(c *client) error {
	f := t.anyFile()
	from := f.path()
	f.name = t.name()
	return c.rename(from, f.path())
}

func (t *tree) remove(c *client) error {
	i := t.rng.IntN(len(t.files))
	f := t.files[i]
	t.files = slices.Delete(t.files, i, i+1)
	f.dir.entries--
	f.gone = true
	return c.remove(f.path())
}

// chownDir sets the owner that the directory already has: an ordinary user may not give anything away.
func (t *tree) chownDir(c *client) error { return c.chown(t.anyDir().path, user) }

func (t *tree) setReplication(c *client) error {
	f := t.anyFile()
	if f.copies == 2 {
		f.copies = 1
	} else {
		f.copies = 2
	}
	return c.setReplication(f.path(), f.copies)
}

func (t *tree) chmodFile(c *client) error {
	f := t.anyFile()
	f.mode = other(f.mode, "640", "644")
	return c.chmod(f.path(), f.mode)
}

func (t *tree) chmodDir(c *client) error {
	d := t.anyDir()
	d.mode = other(d.mode, "750", "755")
	return c.chmod(d.path, d.mode)
}

// other returns first, or second if first is the current mode.
func other(now, first, second string) string {
	if now == first {
		return second
	}
	return first
}

func (t *tree) mkdir(c *client) error {
	d := t.anyDir()
	path := d.path + "/" + t.name()
	t.extra = append(t.extra, path)
	d.entries++
	return c.mkdirs(path)
}

// permission returns the member of a status that gives the mode, or none if the mode is the server's default, which differs:
// HttpFS makes files with 755.
func permission(mode string) []string {
	if mode == "" {
		return nil
	}
	return []string{`"permission":"` + mode + `"`}
}

// tidy verifies everything that the mix changed, by status, content and the listings of all directories, and restores
// the files and directories to those at the beginning of a run.
func (t *tree) tidy(c *client) error {
	for _, d := range t.dirs {
		if err := c.status(d.path, append(permission(d.mode), `"type":"DIRECTORY"`, `"owner":"`+user+`"`)...); err != nil {
			return err
		}
		if err := c.list(d.path, d.entries); err != nil {
			return err
		}
	}
	for _, f := range t.files {
		if err := f.check(c); err != nil {
			return err
		}
		if err := f.goHome(c); err != nil {
			return err
		}
	}
	for _, f := range t.home {
		if !f.gone {
			continue
		}
		f.gone, f.name, f.copies, f.mode = false, f.born, 0, ""
		if err := c.create(f.path(), f.body); err != nil {
			return err
		}
	}
	for _, path := range t.extra {
		if err := c.status(path, `"type":"DIRECTORY"`); err != nil {
			return err
		}
		if err := c.remove(path); err != nil {
			return err
		}
	}
	t.extra = nil
	for _, d := range t.dirs[:treeFull] {
		d.entries = treeFiles + treeDirs
	}
	t.begin()
	return nil
}

// check verifies a file that differs from its state at the beginning of a run.
func (f *treeFile) check(c *client) error {
	if f.name == f.born && f.copies == 0 && f.mode == "" {
		return nil
	}
	members := append(permission(f.mode), length(f.body.size))
	if f.copies > 0 {
		members = append(members, `"replication":`+strconv.Itoa(f.copies))
	}
	if err := c.status(f.path(), members...); err != nil {
		return err
	}
	return c.read(f.path(), f.body)
}

// goHome deletes a file that was created during the run, and renames any other back to its first name.
func (f *treeFile) goHome(c *client) error {
	switch from := f.path(); {
	case f.born == "":
		return c.remove(from)
	case f.name != f.born:
		f.name = f.born
		return c.rename(from, f.path())
	default:
		return nil
	}
}
