package postgres

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The log of a database on a small disk leaves room: where it finds none, the server ends.
func TestLogOnASmallDisk(t *testing.T) {
	const gib = 1 << 30
	for disk, want := range map[int64]string{
		math.MaxInt64: "2048MB",
		252 * gib:     "2048MB",
		20 * gib:      "512MB",
		5 * gib:       "256MB", // less would be checkpoints all the time
	} {
		if got := tuned(gib, disk)["max_wal_size"]; got != want {
			t.Errorf("max_wal_size on a disk of %d bytes is %s, want %s", disk, got, want)
		}
	}
	dir := t.TempDir()
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		t.Fatal(err)
	}
	if got := folder(dir).disk(); got < 1*mib || got/mib > int64(stat.Blocks) {
		t.Errorf("the disk has %d bytes", got)
	}
	if got := folder(filepath.Join(dir, "none")).disk(); got != math.MaxInt64 {
		t.Errorf("a disk that cannot be asked has %d bytes", got)
	}
}

// Statements that fail by design do not fill the disk that the database is on.
func TestFailuresAreNotLogged(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	logged := func() (bytes int64) {
		files, err := filepath.Glob(filepath.Join(folder(data).log(), "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("the log: %v, %v", files, err)
		}
		for _, file := range files {
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			bytes += info.Size()
		}
		return bytes
	}
	conn, before := dial(t, s.URL()), logged()
	for range 1000 {
		if _, err := conn.Exec(t.Context(), "DO $$ BEGIN RAISE 'busy' USING ERRCODE = 'GR003'; END $$ -- "+strings.Repeat("x", 100)); err == nil {
			t.Fatal("the statement did not fail")
		}
	}
	if err := s.Stop(t.Context()); err != nil { // which writes out what is to be logged
		t.Fatal(err)
	}
	if grown := logged() - before; grown > 10_000 {
		t.Errorf("1000 failures take %d bytes of the log", grown)
	}
}
