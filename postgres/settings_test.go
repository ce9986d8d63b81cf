package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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
