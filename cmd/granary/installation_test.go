package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/migrations"
)

// A command that finds only a part of an installation says which is missing, and makes nothing in its place.
func TestMissingParts(t *testing.T) {
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"blocks":   "the block folder " + filepath.Join(i.data, "blocks") + " is not there",
		"root.key": "the root key " + filepath.Join(i.data, "root.key") + " is not there: name the file with --root-key, or restore it",
	} {
		is, aside := filepath.Join(i.data, name), filepath.Join(t.TempDir(), name)
		if err := os.Rename(is, aside); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"fsck", "gc"} {
			if _, err := i.granary(t, command); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s without %s: %v", command, name, err)
			}
		}
		if _, err := os.Lstat(is); !os.IsNotExist(err) {
			t.Errorf("%s was made: %v", name, err)
		}
		if err := os.Rename(aside, is); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := i.granary(t, "fsck"); err != nil {
		t.Error(err)
	}

	private := t.TempDir()
	fsck := func() error {
		return run(t.Context(), []string{"fsck", "--data", private}, strings.NewReader(""), &strings.Builder{}, &strings.Builder{})
	}
	if err := fsck(); err == nil || !strings.Contains(err.Error(), "there is no installation in "+private) {
		t.Error(err)
	}
	if err := os.MkdirAll(filepath.Join(private, "postgres", "cluster"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := fsck(); err == nil || !strings.Contains(err.Error(), "the root key "+filepath.Join(private, "root.key")) {
		t.Error(err)
	}
}

// Accounts, projects and tokens are looked after while the store of blocks is away.
func TestCommandsWithoutBlocks(t *testing.T) {
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(i.data, "blocks")); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{
		"user add ada", "project create atlas --owner ada", "project member list atlas", "project list",
		"token create --user ada --personal", "token list", "key rotate", "user disable ada",
	} {
		if _, err := i.granary(t, strings.Fields(command)...); err != nil {
			t.Errorf("%s: %v", command, err)
		}
	}
	if _, err := i.granary(t, "backup", t.TempDir()); err == nil || !strings.Contains(err.Error(), "the block folder") {
		t.Errorf("backup without blocks: %v", err)
	}
	if _, err := os.Lstat(filepath.Join(i.data, "blocks")); !os.IsNotExist(err) {
		t.Errorf("the block folder was made: %v", err)
	}
}

// A start that has to bring the database up to date says so before, and no other does.
func TestServeTellsOfMigrations(t *testing.T) {
	i := newInstalled(t)
	pool, err := pgxpool.New(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	latest, err := migrations.Latest()
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.UpTo(t.Context(), pool, latest-1); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if _, log, err := i.serve(t, func(string) {}); err != nil || strings.Contains(log, "is brought up to date") != want {
			t.Errorf("%v, want it to say so: %t\n%s", err, want, log)
		}
	}
}

// A start that fails for want of the blocks leaves the schema to the former version.
func TestNoMigrationWithoutBlocks(t *testing.T) {
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	latest, err := migrations.Latest()
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`,
		`UPDATE settings SET value = 'another' WHERE name = 'installation'`,
	} {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := i.serve(t, func(string) {}); err == nil || !strings.Contains(err.Error(), "is another installation's") {
		t.Errorf("with blocks of another installation: %v", err)
	}
	if version, err := migrations.Version(t.Context(), pool); err != nil || version != latest-1 {
		t.Errorf("the schema has version %d, %v; want %d", version, err, latest-1)
	}
}

// What cannot be looked at is not taken for what is not there.
func TestUnreachableParts(t *testing.T) {
	closed := filepath.Join(t.TempDir(), "closed")
	fsck := func(data string) error {
		return run(t.Context(), []string{"fsck", "--data", data}, strings.NewReader(""), &strings.Builder{}, &strings.Builder{})
	}
	if err := os.WriteFile(closed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := fsck(closed); err == nil || !strings.Contains(err.Error(), "look for the root key: stat "+filepath.Join(closed, "root.key")+": not a directory") {
		t.Error(err)
	}
	if os.Geteuid() == 0 { // root may look everywhere
		return
	}
	if err := errors.Join(os.Remove(closed), os.Mkdir(closed, 0)); err != nil {
		t.Fatal(err)
	}
	if err := fsck(closed); err == nil || !strings.Contains(err.Error(), "permission denied: run this command as the user that the server runs as") {
		t.Error(err)
	}
}

// Where blocks have a database somewhere, which is not named or not mounted, none is made in its place.
func TestBlocksWithoutTheirDatabase(t *testing.T) {
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	err := run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--data", i.data}, strings.NewReader(""), stopping(stop), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "belongs to an installation, and there is no database in "+filepath.Join(i.data, "postgres")+": does --database name it") {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(i.data, "postgres")); !os.IsNotExist(err) {
		t.Errorf("a database was made: %v", err)
	}
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Error(err)
	}
}

// The superuser is whoever runs the server, if a user can have that name.
func TestWhoeverRunsTheServer(t *testing.T) {
	for name, want := range map[string]string{"ada": "ada", `CORP\ada`: firstUser, "ada@corp.example.com": firstUser, "": firstUser} {
		if got := nameOf(&user.User{Username: name}, nil); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
	if got := nameOf(nil, user.UnknownUserIdError(54321)); got != firstUser {
		t.Errorf("who has no name is %s", got)
	}
}

// A path is taken as it is, whatever means something in a URL or a list.
func TestParseBlocks(t *testing.T) {
	self, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("/")
	for text, want := range map[string]string{
		"/srv/100%": "/srv/100%", "/srv/a,b": "/srv/a,b", "~/blocks": filepath.Join(self.HomeDir, "blocks"), "srv/b?c#d": "/srv/b?c#d", "/srv/a:b": "/srv/a:b",
		"file:///srv/a%20b": "/srv/a b", "file:/srv/c": "/srv/c",
		"s3://bucket/a/?region=here&endpoint=https://s3.example.com": "s3://bucket/a?endpoint=https://s3.example.com&region=here",
	} {
		got, err := parsed("serve", "--blocks", text)
		if err != nil {
			t.Fatal(err)
		}
		if at, err := parseBlocks(got["blocks"].([]string)); err != nil || at.String() != want || (at.bucket != nil) != strings.HasPrefix(want, "s3:") {
			t.Errorf("%s: %s, %v; want %s", text, at, err, want)
		}
	}
	for _, text := range []string{"", "s3://granary:geheim@bucket", "s3://bucket?secret=geheim", "s3:geheim", "https://granary:geheim%zz@db", "file://srv/blocks"} {
		if at, err := parseBlocks([]string{text}); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %s, %v", text, at, err)
		}
	}
}
