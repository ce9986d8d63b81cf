package postgres

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestLongPath(t *testing.T) {
	data := filepath.Join(reachable(t), strings.Repeat("long,", 30), "data")
	s := run(t, Config{Data: data})
	if query[int](t, s.URL(), "SELECT 1") != 1 {
		t.Error("no answer")
	}
	if url, ok := Attach(data); !ok || url != s.URL() {
		t.Errorf("Attach found %q, %v; want %q", url, ok, s.URL())
	}
	if err := os.Chmod(s.socket, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, ok := Attach(data); ok {
		t.Error("Attach trusts a socket folder that is open to others")
	}
	if err := os.Chmod(s.socket, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the short socket folder stays behind: %v", err)
	}
}

// A copy of the folder of a running server, as a snapshot of its disk is one, is another installation: it does not reach the first one's database, and
// what is started there leaves the first alone.
func TestCopyOfARunningFolder(t *testing.T) {
	for name, under := range map[string]string{"own socket": "", "short socket": strings.Repeat("long,", 30)} {
		t.Run(name, func(t *testing.T) {
			home := filepath.Join(reachable(t), under)
			first := run(t, Config{Data: filepath.Join(home, "first")})
			exec1(t, first.URL(), "CREATE TABLE kept AS SELECT 1 AS n")
			exec1(t, first.AdminURL(), "CHECKPOINT") // so that nothing is written while it is copied
			second := filepath.Join(home, "second")
			if out, err := exec.Command("cp", "-a", filepath.Join(home, "first"), second).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			exec1(t, first.URL(), "UPDATE kept SET n = 2")
			if url, ok := Attach(second); ok {
				t.Errorf("the copy reaches %s", url)
			}
			copied := run(t, Config{Data: second})
			if got := query[int](t, copied.URL(), "SELECT n FROM kept"); got != 1 {
				t.Errorf("the copy has %d, want 1", got)
			}
			if url, ok := Attach(second); !ok || url != copied.URL() {
				t.Errorf("the copy's own server is at %q, %v; want %q", url, ok, copied.URL())
			}
			if got := query[int](t, first.URL(), "SELECT n FROM kept"); got != 2 {
				t.Errorf("the first has %d, want 2", got)
			}
			if err := copied.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if url, ok := Attach(filepath.Join(home, "first")); !ok || url != first.URL() {
				t.Errorf("the first is at %q, %v; want %q", url, ok, first.URL())
			}
		})
	}
}

// A folder that was moved, after its server was killed, knows where its socket was. What is there now is another's.
func TestCopyWhereAFolderWas(t *testing.T) {
	home := reachable(t)
	before, moved := filepath.Join(home, "before"), filepath.Join(home, "moved")
	s := run(t, Config{Data: before})
	s.process.signal(syscall.SIGKILL)
	<-s.Done()
	if err := s.lock.release(); err != nil {
		t.Fatal(err)
	}
	s.stop.Do(func() {}) // as if this process had been killed: nothing is cleared
	if err := os.Rename(before, moved); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-a", moved, before).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	copied := run(t, Config{Data: before})
	if url, ok := Attach(moved); ok {
		t.Errorf("what was moved reaches %s", url)
	}
	run(t, Config{Data: moved})
	if url, ok := Attach(before); !ok || url != copied.URL() {
		t.Errorf("the copy is at %q, %v; want %q", url, ok, copied.URL())
	}
}

func TestUnreachableFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		// An ordinary user runs PostgreSQL as itself: what it can make it can enter.
		data := filepath.Join(t.TempDir(), "data")
		run(t, Config{Data: data})
		return
	}
	closed := filepath.Join(reachable(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Config{Data: filepath.Join(closed, "a", "data")})
	if err == nil || !strings.Contains(err.Error(), "chmod o+x "+closed) || !strings.Contains(err.Error(), "--data") {
		t.Errorf("Start below a closed folder: %v; want words that name %s", err, closed)
	}
}

func TestOtherMajorVersions(t *testing.T) {
	for version, want := range map[string]string{
		"16":  "install PostgreSQL 16, or save its contents with pg_dump of PostgreSQL 16",
		"14":  "made by PostgreSQL 14, and Granary needs 15 or newer",
		"9.6": "made by PostgreSQL 9, and Granary needs 15 or newer",
		"x":   `holds "x\n"`,
	} {
		data := filepath.Join(reachable(t), "data")
		cluster := filepath.Join(data, "cluster")
		if err := os.MkdirAll(cluster, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte(version+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Start(t.Context(), Config{Data: data, Published: true})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Start of a cluster of version %s: %v; want %q", version, err, want)
		}
	}
}

// Who may not make the folder hears how to name another.
func TestFolderThatCannotBeMade(t *testing.T) {
	err := folder("/sys/granary/postgres").create(syncFolder) // not even root may
	if err == nil || !strings.Contains(err.Error(), "mkdir /sys") || !strings.Contains(err.Error(), "may make with --data") {
		t.Error(err)
	}
}

// A link to a disk that is not mounted is named, and nothing is made in its place.
func TestLinkToNowhere(t *testing.T) {
	dir := reachable(t)
	link, target := filepath.Join(dir, "link"), filepath.Join(dir, "unmounted", "granary")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{link, filepath.Join(link, "postgres")} {
		_, err := Start(t.Context(), Config{Data: data})
		if err == nil || !strings.Contains(err.Error(), link+" is a link to "+target+", which is not there: is its disk mounted?") {
			t.Errorf("Start in %s: %v", data, err)
		}
	}
	if _, err := os.Lstat(filepath.Dir(target)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what is not mounted was made: %v", err)
	}
}

func TestNotACluster(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	if err := os.MkdirAll(filepath.Join(data, "cluster"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{Data: data}); err == nil || !strings.Contains(err.Error(), "no PG_VERSION") {
		t.Errorf("Start over an empty cluster: %v", err)
	}
}
