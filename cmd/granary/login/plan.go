package login

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Credential is the token that clients will send, and whose it is.
type Credential struct {
	User    string
	Token   string
	TokenID string    // empty if the token was given and not made for this
	Expires time.Time // when the token ends
}

// Change is what will happen to a file.
type Change struct {
	Path    string
	Removed bool // the file is removed, with what was written into it
	Foreign bool // the file exists, and holds what no login wrote: settings of others, or a change by hand
}

// Plan is what a login will write, or remove again.
type Plan struct {
	Changes []Change // in the order of their paths
	Notes   []string // what the user should know, each a sentence

	folders  Folders
	service  Service
	services []string // the names under which Hadoop may look for the token
	clients  []string
	old      *Record
	seen     map[string][]byte // what the files hold, by path; nil for those that are not there
}

// Prepare reads what is there and returns what a login to a service will change, for the named clients, which are among
// [Clients]. It changes nothing. It fails for files that could not be changed without harm to what others have in them.
func Prepare(ctx context.Context, f Folders, s Service, clients []string) (*Plan, error) {
	p := &Plan{folders: f, service: s, clients: clients, seen: map[string][]byte{}}
	if slices.Contains(clients, Hadoop) {
		var err error
		if p.services, err = s.names(ctx); err != nil {
			return nil, err
		}
	}
	if slices.Contains(clients, Fsspec) {
		if err := othersOfFsspec(f.Fsspec); err != nil {
			return nil, err
		}
	}
	if err := p.look(); err != nil {
		return nil, err
	}
	return p, nil
}

// PrepareRemoval returns what a logout will change: all that the last login wrote is removed, and what it replaced is
// restored. Without a login there is nothing to do, and the plan is nil.
func PrepareRemoval(f Folders) (*Plan, error) {
	p := &Plan{folders: f, seen: map[string][]byte{}}
	if err := p.look(); err != nil {
		return nil, err
	}
	if p.old == nil {
		return nil, nil //nolint:nilnil // nobody has logged in, which is no failure
	}
	return p, nil
}

// Last returns the record of the previous login, nil if there was none.
func (p *Plan) Last() *Record { return p.old }

// look fills the plan with the current state of the files.
func (p *Plan) look() error {
	var err error
	if p.old, err = ReadRecord(p.folders); err != nil {
		return err
	}
	// The content does not matter yet, only whether it can be made.
	files, _, err := p.render(Credential{User: "user", Token: "gr_token"})
	if err != nil {
		return err
	}
	ours := map[string]file{}
	if p.old != nil {
		for _, f := range p.old.Files {
			ours[f.Path] = f
		}
	}
	p.Changes = append(p.Changes, Change{Path: p.folders.record(), Removed: p.clients == nil})
	for path, text := range files {
		before := p.seen[path]
		if before == nil && text == nil {
			continue // somebody has removed it already
		}
		last, known := ours[path]
		p.Changes = append(p.Changes, Change{
			Path: path, Removed: text == nil,
			Foreign: before != nil && (!known || sum(before) != last.Sum || last.Mode != 0),
		})
	}
	slices.SortFunc(p.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return nil
}

// render returns what each file is to hold, nil for those to be removed, and the record of it without the folders.
func (p *Plan) render(c Credential) (map[string][]byte, *Record, error) {
	files := map[string][]byte{}
	r := &Record{URL: p.service.URL(), User: c.User, TokenID: c.TokenID, Expires: c.Expires}
	modes := map[string]fs.FileMode{}
	if p.old != nil {
		for _, f := range p.old.Files {
			text, err := p.read(f.Path)
			if err != nil {
				return nil, nil, err
			}
			if text != nil {
				if text, err = f.restored(text); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", f.Path, err)
				}
			}
			files[f.Path], modes[f.Path] = text, f.Mode
		}
	}
	for _, t := range p.targets() {
		before, known := files[t.path]
		mode := modes[t.path]
		if !known {
			var err error
			if before, err = p.read(t.path); err != nil {
				return nil, nil, err
			}
			if before != nil {
				info, err := os.Stat(t.path)
				if err != nil {
					return nil, nil, err
				}
				mode = info.Mode().Perm()
			}
		}
		f := file{Path: t.path, Kind: t.kind, Mode: mode, Before: map[string]string{}}
		text, err := t.render(c, before, &f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", t.path, err)
		}
		f.Sum = sum(text)
		files[t.path] = text
		r.Files = append(r.Files, f)
	}
	return files, r, nil
}

// read returns what a file holds, nil if it does not exist; later calls return the same.
func (p *Plan) read(path string) ([]byte, error) {
	if text, seen := p.seen[path]; seen {
		return text, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = nil, nil
	} else if err == nil && text == nil {
		text = []byte{}
	}
	p.seen[path] = text
	return text, err
}

// unchanged fails if a file has changed since the plan was made.
func (p *Plan) unchanged() error {
	for path, before := range p.seen {
		text, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if (before == nil) != (err != nil) || string(before) != string(text) {
			return fmt.Errorf("%s has been changed meanwhile: begin again", path)
		}
	}
	return nil
}

// Write carries out the plan with a token. If it fails, all is as it was before.
func (p *Plan) Write(c Credential) error {
	files, r, err := p.render(c)
	if err != nil {
		return err
	}
	if p.old != nil {
		r.Folders = p.old.Folders
	}
	var missing []string
	for _, name := range append(slices.Collect(maps.Keys(files)), p.folders.record()) {
		missing = append(missing, missingFolders(filepath.Dir(name))...)
	}
	slices.Sort(missing)
	r.Folders = slices.Compact(append(r.Folders, missing...))
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return p.perform(files, r.Files, append(text, '\n'), nil)
}

// Remove removes all that the last login wrote. If it fails, all is as it was before.
func (p *Plan) Remove() error {
	files, _, err := p.render(Credential{})
	if err != nil {
		return err
	}
	return p.perform(files, nil, nil, p.old.Folders)
}

// perform writes or removes the files, the record last, and then removes empty folders. written lists the files that a
// login writes into; it is empty for a removal.
func (p *Plan) perform(files map[string][]byte, written []file, record []byte, folders []string) error {
	if err := p.unchanged(); err != nil {
		return err
	}
	modes := map[string]fs.FileMode{} // of files that were there, and hold no token
	if p.old != nil {
		for _, f := range p.old.Files {
			modes[f.Path] = f.Mode
		}
	}
	for _, f := range written {
		delete(modes, f.Path)
		if f.Kind == ofCoreSite {
			modes[f.Path] = f.Mode
		}
	}
	var writes []write
	for path, text := range files {
		writes = append(writes, write{path, text, cmp.Or(modes[path], private)})
	}
	slices.SortFunc(writes, func(a, b write) int { return cmp.Compare(a.path, b.path) })
	writes = append(writes, write{p.folders.record(), record, private})
	if err := perform(writes); err != nil {
		return err
	}
	return removeFolders(folders)
}
