package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"granary/auth"
	"granary/cmd/granary/login"
)

// tokenFile is a file that is to hold a token, for its owner's eyes alone.
type tokenFile struct {
	path  string
	kind  string   // of the token
	names []string // of the service that it is for
	next  *os.File // takes the place of the file once the token is in it, or is what is at path: a pipe, or a terminal
}

// newTokenFile makes sure that a token for a service can be written to path before there is one. What is there stays until it is.
func newTokenFile(ctx context.Context, path, service string) (f tokenFile, err error) {
	f.path = path
	if !strings.Contains(service, "://") {
		service = "http://" + service
	}
	at, err := login.ParseService(service)
	if err == nil {
		f.kind, f.names, err = at.TokenNames(ctx)
	}
	if err != nil {
		return f, fmt.Errorf("--service: %w", err)
	}
	info, err := os.Stat(path)
	link := false
	if entry, failed := os.Lstat(path); failed == nil {
		link = entry.Mode()&fs.ModeSymlink != 0
	}
	switch {
	case err == nil && info.IsDir():
		err = errors.New("it is a directory: want the name of a file")
	case err == nil && !info.Mode().IsRegular():
		f.next, err = os.OpenFile(path, os.O_WRONLY, 0)
	case link: // whoever made it chose where the token goes; and /dev/stdout is one that must stay
		err = errors.New("it is a link: want the name of the file itself")
	case err == nil || errors.Is(err, fs.ErrNotExist):
		f.next, err = os.CreateTemp(filepath.Dir(path), ".granary-*") // which has the mode 0600, whatever is at path
	}
	if err != nil {
		return f, fmt.Errorf("--hadoop-file %s: %w", path, err)
	}
	return f, nil
}

// write writes a token file of Hadoop's.
func (f tokenFile) write(token string) error {
	content, err := auth.HadoopTokenFile(token, f.kind, f.names...)
	if err == nil {
		_, err = f.next.Write(content)
	}
	if err = errors.Join(err, f.next.Close()); err == nil && f.aside() {
		err = os.Rename(f.next.Name(), f.path)
	}
	if err != nil {
		return fmt.Errorf("--hadoop-file %s: %w", f.path, err)
	}
	return nil
}

// drop takes away what newTokenFile made and write did not put in its place.
func (f tokenFile) drop() {
	if f.next == nil {
		return
	}
	f.next.Close()
	if f.aside() {
		_ = os.Remove(f.next.Name()) // it is gone once the token has been written
	}
}

func (f tokenFile) aside() bool { return f.next.Name() != f.path }
