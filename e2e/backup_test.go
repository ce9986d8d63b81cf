//go:build e2e

package e2e

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBackupAsDocumented does what docs/backup.md says, in its order, and nothing else: a private database is saved while it serves, with no
// program of PostgreSQL's in the way, and put back elsewhere.
func TestBackupAsDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/backup.md")
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for _, b := range blocks(string(text)) {
		if b.kind == inShell {
			commands = append(commands, b.text)
		}
	}
	if len(commands) != 2 {
		t.Fatalf("%d blocks of commands, want one that saves and one that restores", len(commands))
	}
	here := scratch(t)
	for _, folder := range []string{"mnt", "safe", "srv", "bin"} {
		if err := os.Mkdir(filepath.Join(here, folder), 0o711); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(binary, filepath.Join(here, "bin", "granary")); err != nil {
		t.Fatal(err)
	}
	g := launch(t)
	places := strings.NewReplacer("/var/lib/granary", g.data, "/mnt/backup", filepath.Join(here, "mnt"), "/media/safe", filepath.Join(here, "safe"), "/srv/", filepath.Join(here, "srv")+"/")
	shell := func(script string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", places.Replace(script))
		cmd.Env = append(os.Environ(), "PATH="+filepath.Join(here, "bin")+":/usr/bin:/bin", "GRANARY_DATA="+g.data)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		return string(out)
	}

	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	const large = 3_000_000
	alice.want(201, "PUT", "/webhdfs/v1/Projects/vision/small?op=CREATE", strings.NewReader("small"))
	alice.want(201, "PUT", "/webhdfs/v1/Projects/vision/large?op=CREATE", io.LimitReader(content(1), large))
	shell(commands[0])
	alice.want(200, "DELETE", "/webhdfs/v1/Projects/vision/large?op=DELETE", nil)
	alice.want(201, "PUT", "/webhdfs/v1/Projects/vision/later?op=CREATE", io.LimitReader(content(2), large))
	if _, err := g.admin("gc"); err != nil {
		t.Fatal(err)
	}
	if out := shell(commands[1]); !strings.Contains(out, " 0 problems") {
		t.Errorf("restored: %s", out)
	}

	// Tokens of the original are good: they are signed with keys that have come along.
	restored := launchOn(t, filepath.Join(here, "srv", "granary"))
	again := *alice
	again.server = restored
	if a := again.want(200, "GET", "/webhdfs/v1/Projects/vision/small?op=OPEN", nil); a.body != "small" {
		t.Errorf("small: %.100s", a.body)
	}
	want, err := io.ReadAll(io.LimitReader(content(1), large))
	if err != nil {
		t.Fatal(err)
	}
	if a := again.want(200, "GET", "/webhdfs/v1/Projects/vision/large?op=OPEN", nil); a.body != string(want) {
		t.Errorf("large: %d bytes", len(a.body))
	}
	again.want(404, "GET", "/webhdfs/v1/Projects/vision/later?op=OPEN", nil)
	restored.check(t)
	g.check(t)
}
