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

// tokenFile is a file that will hold a token and that only its owner may read.
type tokenFile struct {
	path  string
	kind  string   // of the token
	names []string // of the service that it is for
	next  *os.File // replaces the file once it holds the token; or what is at path, if that is a pipe or a terminal
}

// newTokenFile makes sure that a token for a service can be written to path before the token is made. What is at path
// stays until place is called.
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
	case link: // whoever made the link would choose where the token goes; and a link such as /dev/stdout must stay
		err = errors.New("it is a link: want the name of the file itself")
	case err == nil || errors.Is(err, fs.ErrNotExist):
		f.next, err = os.CreateTemp(filepath.Dir(path), ".granary-*") // it has mode 0600, whatever is at path
	}
	if err != nil {
		return f, fmt.Errorf("--hadoop-file %s: %w", path, err)
	}
	return f, nil
}

// write writes a Hadoop token file aside, or into what is at path if that is a pipe or a terminal.
func (f tokenFile) write(token string) error {
	content, err := auth.HadoopTokenFile(token, f.kind, f.names...)
	if err == nil {
		_, err = f.next.Write(content)
	}
	return f.about(errors.Join(err, f.next.Close()))
}

// place puts what write wrote in the place of what is at path.
func (f tokenFile) place() error {
	if f.next == nil || !f.aside() {
		return nil
	}
	return f.about(os.Rename(f.next.Name(), f.path))
}

func (f tokenFile) about(err error) error {
	if err != nil {
		return fmt.Errorf("--hadoop-file %s: %w", f.path, err)
	}
	return nil
}

// drop removes what newTokenFile made if it was not put in its place.
func (f tokenFile) drop() {
	if f.next == nil {
		return
	}
	f.next.Close()
	if f.aside() {
		_ = os.Remove(f.next.Name()) // place has renamed it if it succeeded
	}
}

func (f tokenFile) aside() bool { return f.next.Name() != f.path }
