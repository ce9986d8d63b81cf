package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that others may read does not become one with a token in it, nor does one that it leads to.
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
	for _, name := range []string{file, link, filepath.Join(dir, "new")} {
		f, err := newTokenFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.write("a token", "127.0.0.1:9870"); err != nil {
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
	if text, err := os.ReadFile(other); err != nil || string(text) != "before" {
		t.Errorf("what the link led to: %q, %v", text, err)
	}
	dropped, err := newTokenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dropped.drop()
	for _, name := range []string{dir, filepath.Join(dir, "missing", "file")} {
		if _, err := newTokenFile(name); err == nil || !strings.HasPrefix(err.Error(), "--hadoop-file "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 4 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	screen, err := newTokenFile(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	if err := screen.write("a token", "127.0.0.1:9870"); err != nil {
		t.Error(err)
	}
}
