package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// install writes programs that say that they are of version 99.1, newer than every other, and where their files are.
func install(t *testing.T) (bin, extension string) {
	t.Helper()
	dir := reachable(t)
	bin, share := filepath.Join(dir, "bin"), filepath.Join(dir, "share")
	extension = filepath.Join(share, "extension")
	for _, made := range []string{bin, extension} {
		if err := os.MkdirAll(made, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, says := range map[string]string{
		"postgres": "echo 'postgres (PostgreSQL) 99.1'",
		"initdb":   "echo 'VERSION=99.1\nshare_path=" + share + "\nPGPATH=" + bin + "' >&2",
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+says+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	return bin, extension
}

// A PostgreSQL without the contributed extensions, as many packages are, makes no new cluster: Granary could not use it,
// and no other version could run it.
func TestInstalledWithoutExtensions(t *testing.T) {
	bin, extension := install(t)
	fresh := folder(filepath.Join(reachable(t), "data"))
	acct := accountOf(t, string(fresh))
	nowhere := Config{Cache: filepath.Join(reachable(t), "cache"), Mirror: "file:///nowhere"}
	got, err := fresh.binaries(t.Context(), nowhere, acct)
	if got.dir == bin || err != nil && !strings.Contains(err.Error(), "PostgreSQL 99.1 in "+bin+" lacks the extension pg_trgm: install") {
		t.Errorf("%v, %v", got, err)
	}
	for _, name := range extensions {
		if err := os.WriteFile(filepath.Join(extension, name+".control"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := fresh.binaries(t.Context(), nowhere, acct); err != nil || got.dir != bin {
		t.Errorf("with all extensions: %v, %v", got, err)
	}
	if err := os.Remove(filepath.Join(extension, extensions[0]+".control")); err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(reachable(t), "data")
	if err := os.MkdirAll(folder(made).cluster(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder(made).cluster(), "PG_VERSION"), []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := folder(made).binaries(t.Context(), nowhere, acct); err != nil || got.dir != bin {
		t.Errorf("for a cluster of that version: %v, %v", got, err)
	}
}

// The real programs tell what they have.
func TestExtensionsAreFound(t *testing.T) {
	acct := accountOf(t, t.TempDir())
	bin, err := folder(filepath.Join(reachable(t), "data")).binaries(t.Context(), Config{Logf: t.Logf}, acct)
	if err != nil {
		t.Fatal(err)
	}
	if lacking := bin.lacks(t.Context(), acct); lacking != "" {
		t.Errorf("%v lacks %s", bin, lacking)
	}
	said, err := bin.command(t.Context(), acct, "initdb", "--show", "--pgdata=/nonexistent").CombinedOutput()
	if err != nil || !sharePath.Match(said) {
		t.Errorf("initdb says %q, %v", said, err)
	}
}

// Where no PostgreSQL is installed and none can be fetched, the error says what would help.
func TestNoPostgreSQL(t *testing.T) {
	dir := folder(filepath.Join(reachable(t), "data"))
	c := Config{Published: true, Cache: filepath.Join(reachable(t), "cache"), Mirror: "file:///nowhere"}
	_, err := dir.binaries(t.Context(), c, accountOf(t, string(dir)))
	if err == nil || !strings.Contains(err.Error(), "install PostgreSQL 15 or newer with its contributed extensions, or name a mirror") {
		t.Error(err)
	}
}
