package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxSocketPath is the longest path of a Unix socket in bytes, without the final zero: 107 on Linux, 103 on macOS.
const maxSocketPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// socketFile is the name that PostgreSQL gives its socket.
const socketFile = ".s.PGSQL." + port

// shortPrefix begins the name of a socket folder that stands in for one with too long a path.
const shortPrefix = "granary-pg-"

// record is what server.json holds.
type record struct {
	// Socket is the absolute path of the folder with the socket.
	Socket string `json:"socket"`
	// Cluster identifies the cluster that is served there, by device and inode of its folder: a copy of the data folder
	// holds the same record, but another cluster.
	Cluster string `json:"cluster"`
}

// clusterIdentity returns what distinguishes the cluster from a copy.
func (f folder) clusterIdentity() (string, error) {
	info, err := os.Stat(f.cluster())
	if err != nil {
		return "", err
	}
	stat := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("%d:%d", stat.Dev, stat.Ino), nil
}

func (f folder) readRecord() (record, error) {
	text, err := os.ReadFile(f.record())
	if err != nil {
		return record{}, err
	}
	var r record
	if err := json.Unmarshal(text, &r); err != nil {
		return record{}, fmt.Errorf("%s: %w", f.record(), err)
	}
	return r, nil
}

func (f folder) writeRecord(r record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	// Written aside and renamed, so that a reader never sees half of it, and synced, so that a crash does not leave an
	// empty file under the final name.
	draft, err := f.createFile(f.record() + ".new")
	if err != nil {
		return err
	}
	_, err = draft.Write(append(text, '\n'))
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), f.record())
}

// trustworthy tells whether the recorded socket folder is still the server's own. A folder for temporary files may have
// been removed, and made again by somebody who wants to impersonate our database. If the data folder is a copy, the
// recorded folder is that of the original, which may be served.
func (r record) trustworthy(f folder) bool {
	owner, exists, err := f.owner()
	if err != nil || !exists {
		return false
	}
	if cluster, err := f.clusterIdentity(); err != nil || cluster != r.Cluster {
		return false
	}
	info, err := os.Lstat(r.Socket)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 || ownerOf(info) != owner {
		return false
	}
	if strings.HasPrefix(filepath.Base(r.Socket), shortPrefix) { // the rest of its name is random
		return true
	}
	// If the data folder was moved, another may be in its old place.
	own, err := os.Lstat(f.run())
	return err == nil && os.SameFile(info, own)
}

// openSocketFolder makes the folder for the socket and records it: run/ in the data folder, or one with a random name
// in the folder for temporary files if that path would be too long for a socket or holds the comma that separates hosts
// in a connection URL. The caller holds the lock, so nobody uses what a former server left there.
func (f folder) openSocketFolder(a account) (string, error) {
	if err := f.closeSocketFolder(); err != nil {
		return "", err
	}
	dir := f.run()
	if !usable(dir) {
		short, err := os.MkdirTemp("", shortPrefix)
		if err != nil {
			return "", fmt.Errorf("make a folder for the socket: %w", err)
		}
		dir = short
		if !usable(dir) {
			return "", errors.Join(
				fmt.Errorf("the data folder's path is too long for a socket (%d bytes, at most %d fit), and so is that of the folder for temporary files, %s: give a shorter --data, or set TMPDIR to a shorter path",
					len(filepath.Join(f.run(), socketFile)), maxSocketPath, os.TempDir()),
				os.Remove(dir))
		}
	}
	if err := a.own(dir); err != nil {
		return "", fmt.Errorf("make the folder for the socket: %w", err)
	}
	cluster, err := f.clusterIdentity()
	if err == nil {
		err = f.writeRecord(record{Socket: dir, Cluster: cluster})
	}
	if err != nil {
		return "", fmt.Errorf("record where the socket is: %w", err)
	}
	return dir, nil
}

func usable(dir string) bool {
	return len(filepath.Join(dir, socketFile)) <= maxSocketPath && !strings.Contains(dir, ",")
}

// closeSocketFolder removes what a former server left: the record, the socket, and the socket's lock file, because
// PostgreSQL takes a lock file for valid if any process now has the number that it names. A recorded folder that is no
// longer ours stays as it is.
func (f folder) closeSocketFolder() error {
	r, err := f.readRecord()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	left := socketPaths(f.run())
	if err == nil && r.Socket != f.run() && r.trustworthy(f) {
		left = append(left, socketPaths(r.Socket)...)
	}
	for _, path := range append(left, f.record()) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clear the former server's socket: %w", err)
		}
	}
	return nil
}

// socketPaths are a socket folder and its contents, in the order of removal.
func socketPaths(dir string) []string {
	socket := filepath.Join(dir, socketFile)
	return []string{socket, socket + ".lock", dir}
}
