// Package backup copies an installation into a folder, while it serves, and back.
//
//	blocks/                 the blocks of all copies together, as package blocks/disk keeps them
//	names/<moment>/         one copy of the database, as it was at that moment
//	    about.json          see [About]
//	    <table>.copy.gz     its rows, as text in the form of PostgreSQL's COPY
//
// A copy gets its name once all that belongs to it is on the disk. Blocks never change, so each is copied once,
// whatever the number of copies. No copy holds the root key: without it a copy says nothing about content, and the key
// must be kept elsewhere.
//
// A copy is whole if no block is deleted while it is made: see KeepBlocks of package namespace. The database is copied
// first. What is written later is not in the copy, and may leave blocks there that belong to nothing.
package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"granary/blocks"
	"granary/blocks/disk"
)

// format is the number of the layout above.
const format = 1

// Names of the files and folders in a backup folder.
const (
	namesFolder  = "names"
	blocksFolder = "blocks"
	lockFile     = "lock" // is locked while a command is at work
	aboutFile    = "about.json"
	momentLayout = "2006-01-02T15-04-05.000Z"
	draftSuffix  = ".new" // ends the name of a copy that is being made, or removed
)

// About says what a copy of the database is.
type About struct {
	Format       int        `json:"format"`
	Name         string     `json:"name"`
	Granary      string     `json:"granary"`      // the version that made it
	Schema       int64      `json:"schema"`       // of the database, as package migrations numbers them
	Installation string     `json:"installation"` // whose it is, as the folder of blocks says as well
	Canary       []byte     `json:"canary"`       // tells the root key that it needs from others
	Made         time.Time  `json:"made"`         // by the database's clock
	Tables       []Table    `json:"tables"`
	Sequences    []Sequence `json:"sequences"`
	Missing      int64      `json:"missing"` // blocks that it needs and that were not in the store
}

// Table is what a copy has of a table.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// Sequence is how far a sequence had got.
type Sequence struct {
	Name   string `json:"name"`
	Last   int64  `json:"last"`
	Called bool   `json:"called"`
}

// ErrInUse is returned for a folder that another command writes to or restores from.
var ErrInUse = errors.New("another command is at work in this folder: wait for its end")

// Folder is a folder with copies. It must be closed.
type Folder struct {
	dir    string
	lock   *os.File // nil: there is no file to lock in a folder that nobody wrote to
	blocks *disk.Store
}

// Open opens the folder dir, which must exist: otherwise, if its disk is not mounted, it would be made on another one.
// live is the folder with the service's own blocks, there or not; "" if they are elsewhere. With write set, Open makes what is missing in the
// folder, and nobody else may use it meanwhile.
func Open(dir, live string, write bool) (_ *Folder, err error) {
	f := &Folder{dir: dir}
	defer func() {
		if err != nil {
			err = fmt.Errorf("backup folder %s: %w", dir, errors.Join(err, f.Close()))
		}
	}()
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist) && write:
		return nil, errors.New("it is not there: make it, or mount what should be there")
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("it is not there: want the folder that granary backup wrote to; is its disk mounted?")
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, errors.New("it is a file, want a folder")
	}
	if own, err := os.Stat(filepath.Join(dir, blocksFolder)); err == nil {
		// What the service deletes would be gone from the backup.
		if other, err := os.Stat(live); err == nil && os.SameFile(own, other) {
			return nil, errors.New("it holds the blocks of the service: want a folder for backups alone, on another disk")
		}
	}
	if err := f.acquire(write); err != nil {
		return nil, err
	}
	if !write {
		if _, err := os.Stat(f.names()); errors.Is(err, fs.ErrNotExist) {
			return nil, errors.New("there is no backup in it")
		} else if err != nil {
			return nil, err
		}
	} else if err := disk.MakeFolder(f.names()); err != nil {
		return nil, err
	}
	at := filepath.Join(dir, blocksFolder)
	if _, err := os.Stat(at); !write && errors.Is(err, fs.ErrNotExist) { // or it would be made, without any of a copy's blocks
		return nil, fmt.Errorf("its folder %s is not there: put back what should be, or mount it", blocksFolder)
	}
	f.blocks, err = disk.Open(at)
	return f, err
}

// acquire locks the folder: against everybody else with write set, otherwise against those who write.
func (f *Folder) acquire(write bool) (err error) {
	flags, how := os.O_RDONLY, syscall.LOCK_SH
	if write {
		flags, how = os.O_RDWR|os.O_CREATE, syscall.LOCK_EX
	}
	f.lock, err = os.OpenFile(filepath.Join(f.dir, lockFile), flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err = syscall.Flock(int(f.lock.Fd()), how|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrInUse
	}
	return err
}

// Close unlocks the folder.
func (f *Folder) Close() error {
	var errs []error
	if f.blocks != nil {
		errs = append(errs, f.blocks.Close())
	}
	if f.lock != nil {
		errs = append(errs, f.lock.Close())
	}
	return errors.Join(errs...)
}

func (f *Folder) names() string { return filepath.Join(f.dir, namesFolder) }

// Copies returns the names of the copies of the database, the oldest first.
func (f *Folder) Copies() ([]string, error) {
	entries, err := os.ReadDir(f.names())
	if err != nil {
		return nil, err
	}
	var copies []string
	for _, entry := range entries { // in the order of their names
		if _, err := time.Parse(momentLayout, entry.Name()); err == nil && entry.IsDir() {
			copies = append(copies, entry.Name())
		}
	}
	return copies, nil
}

// About reads the description of the copy of this name; "" names the newest.
func (f *Folder) About(name string) (about About, err error) {
	copies, err := f.Copies()
	switch {
	case err != nil:
		return About{}, err
	case len(copies) == 0:
		return About{}, fmt.Errorf("backup folder %s: there is no backup in it", f.dir)
	case name == "":
		name = copies[len(copies)-1]
	case !slices.Contains(copies, name):
		return About{}, fmt.Errorf("backup folder %s: it has no copy %s; it has %s", f.dir, name, strings.Join(copies, ", "))
	}
	text, err := os.ReadFile(filepath.Join(f.names(), name, aboutFile))
	if err != nil {
		return About{}, err
	}
	if err := json.Unmarshal(text, &about); err != nil {
		return About{}, fmt.Errorf("copy %s: %s: %w", name, aboutFile, err)
	}
	if about.Format != format || about.Name != name {
		return About{}, fmt.Errorf("copy %s: %s speaks of %q, format %d, and this Granary knows format %d", name, aboutFile, about.Name, about.Format, format)
	}
	return about, nil
}

// Prune removes all copies but the newest keep and the newest keep of those that are whole, and then the blocks that none
// of these needs. A copy that is not whole takes the place of none that is, and there are never more of them than keep,
// however long something is missing.
func (f *Folder) Prune(ctx context.Context, keep int) (err error) {
	copies, err := f.Copies()
	if err != nil {
		return err
	}
	var old []string
	whole := 0
	for i, name := range slices.Backward(copies) {
		if whole == keep {
			old = append(old, copies[:i+1]...)
			break
		}
		about, err := f.About(name)
		if err == nil && about.Missing == 0 {
			whole++
		} else if len(copies)-i > keep {
			old = append(old, name)
		}
	}
	for _, name := range old {
		// It stops being a copy before its first file is removed.
		if err := os.Rename(filepath.Join(f.names(), name), filepath.Join(f.names(), name+draftSuffix)); err != nil {
			return err
		}
	}
	if err := syncFolder(f.names()); err != nil {
		return err
	}
	if err := f.removeDrafts(); err != nil {
		return err
	}
	if copies, err = f.Copies(); err != nil {
		return err
	}
	needed := map[blocks.ID]struct{}{}
	for _, name := range copies {
		about, err := f.About(name)
		if err != nil {
			return err
		}
		if err := f.needs(about, func(id blocks.ID, _ int64) error { needed[id] = struct{}{}; return nil }); err != nil {
			return err
		}
	}
	return f.deleteBut(ctx, needed)
}

// removeDrafts removes what is left of copies whose making or removal was not finished.
func (f *Folder) removeDrafts() error {
	entries, err := os.ReadDir(f.names())
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), draftSuffix) {
			if err := os.RemoveAll(filepath.Join(f.names(), entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
