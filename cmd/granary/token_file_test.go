package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// unwritable is a standard output that is full.
type unwritable struct{}

func (unwritable) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// A token that could not be told to anybody is not good for anything.
func TestTokenThatIsNotTold(t *testing.T) {
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	if err := os.WriteFile(good, []byte("a good token"), 0o600); err != nil {
		t.Fatal(err)
	}
	create := []string{"token", "create", "--data", i.data, "--database", i.database, "--user", "admin", "--personal", "--label"}
	for label, c := range map[string]struct {
		flags []string
		out   io.Writer
		issue bool
	}{
		"no folder":  {[]string{"--hadoop-file", filepath.Join(dir, "missing", "file")}, io.Discard, false},
		"no service": {[]string{"--hadoop-file", filepath.Join(dir, "file"), "--service", strings.Repeat("x", 1<<20)}, io.Discard, false},
		"no output":  {nil, unwritable{}, true},
		"a file":     {[]string{"--hadoop-file", good}, unwritable{}, true},
	} {
		if err := run(t.Context(), slices.Concat(create, []string{label}, c.flags), strings.NewReader(""), c.out, io.Discard); err == nil {
			t.Errorf("%s: the token was told", label)
		}
		list, err := i.granary(t, "token", "list")
		if err != nil {
			t.Fatal(err)
		}
		var line string
		for l := range strings.Lines(list) {
			if strings.Contains(l, strconv.Quote(label)) {
				line = l
			}
		}
		if c.issue != strings.Contains(line, "revoked") || !c.issue && line != "" {
			t.Errorf("%s: %q", label, line)
		}
	}
	// A token that is good is not replaced by one that has ended.
	if text, err := os.ReadFile(good); err != nil || string(text) != "a good token" {
		t.Errorf("the file has %q, %v", text, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// A file that others may read does not become one with a token in it, nor does one that a link leads to.
func TestTokenFile(t *testing.T) {
	dir := t.TempDir()
	file, other, link := filepath.Join(dir, "open"), filepath.Join(dir, "other"), filepath.Join(dir, "link")
	for _, name := range []string{file, other} {
		if err := os.WriteFile(name, []byte("before"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, filepath.Join(dir, "new")} {
		f, err := newTokenFile(t.Context(), name, "127.0.0.1:9870")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.write("a token"), f.place()); err != nil {
			t.Fatal(err)
		}
		f.drop()
		info, err := os.Lstat(name)
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v; want a file of mode 0600", name, info.Mode(), err)
		}
		if text, err := os.ReadFile(name); err != nil || !strings.HasPrefix(string(text), "HDTS") {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	nowhere := filepath.Join(dir, "nowhere")
	if err := os.Symlink(filepath.Join(dir, "missing"), nowhere); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{link, nowhere} {
		if _, err := newTokenFile(t.Context(), name, "127.0.0.1:9870"); err == nil || !strings.Contains(err.Error(), "it is a link") {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is %v, %v", name, info.Mode(), err)
		}
	}
	if text, err := os.ReadFile(other); err != nil || string(text) != "before" {
		t.Errorf("what the link led to: %q, %v", text, err)
	}
	dropped, err := newTokenFile(t.Context(), file, "127.0.0.1:9870")
	if err != nil {
		t.Fatal(err)
	}
	dropped.drop()
	for _, name := range []string{dir, filepath.Join(dir, "missing", "file")} {
		if _, err := newTokenFile(t.Context(), name, "127.0.0.1:9870"); err == nil || !strings.HasPrefix(err.Error(), "--hadoop-file "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 5 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	screen, err := newTokenFile(t.Context(), os.DevNull, "127.0.0.1:9870")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(screen.write("a token"), screen.place()); err != nil {
		t.Error(err)
	}
}

// Hadoop looks for a token by the scheme of the file system and by the address of its host, whatever the host is called.
func TestTokenFileOfAService(t *testing.T) {
	for service, want := range map[string]string{
		"127.0.0.1:9870":    "HDTS\x00\x01\x0e127.0.0.1:9870\x07a token\x00\x12WEBHDFS delegation\x0e127.0.0.1:9870\x00",
		"https://127.0.0.1": "HDTS\x00\x01\x0d127.0.0.1:443\x07a token\x00\x13SWEBHDFS delegation\x0d127.0.0.1:443\x00",
	} {
		if got := tokenFileFor(t, service); got != want {
			t.Errorf("%s: %q; want %q", service, got, want)
		}
	}
	got := tokenFileFor(t, "localhost:9870")
	for _, part := range []string{"\x0elocalhost:9870\x00", "\x0e127.0.0.1:9870\x07a token\x00\x12WEBHDFS delegation\x0e127.0.0.1:9870"} {
		if !strings.Contains(got, part) {
			t.Errorf("of localhost: %q has no %q", got, part)
		}
	}
	if _, err := newTokenFile(t.Context(), filepath.Join(t.TempDir(), "file"), "ftp://127.0.0.1"); err == nil || !strings.HasPrefix(err.Error(), "--service: ") {
		t.Error(err)
	}
}

func tokenFileFor(t *testing.T, service string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	f, err := newTokenFile(t.Context(), name, service)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.write("a token"), f.place()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
