//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"granary/postgres/pgtest"
)

// block is a piece of the README between fences.
type block struct {
	kind string // what stands behind the opening fence
	text string
}

// kinds of blocks, and what TestReadme does with them.
const (
	inShell    = "sh"         // run, in order, in one shell
	inPython   = "python"     // run there too, by the Python of these tests
	installs   = "sh pip"     // run by the pip of that Python
	prints     = "text"       // what the block before it prints
	servesHere = "sh run"     // started first; the others talk to it
	serves     = "sh serve"   // started and ended
	signsIn    = "sh sign-in" // started without the provider that it names, and ended
	runsInCI   = "sh ci"      // takes minutes: must be what .ci/run runs
	composes   = "sh compose" // needs containers: must be what docker-compose.yml, which is tested, says to do
)

// Where the README's server is. The test's own takes any free port.
const readmeOrigin, readmeHost = "http://127.0.0.1:9870", "127.0.0.1:9870"

// TestReadme runs every command of the README, in its order, and compares what they print with what it says they do.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	folder := passable(t)
	var script strings.Builder
	var wants []string // what each part of the script prints, or "" if the README does not say
	origin := ""
	for _, b := range blocks(string(text)) {
		switch b.kind {
		case servesHere:
			origin = serveReadme(t, b.text, "GRANARY_DATA="+filepath.Join(folder, "data"), "GRANARY_LISTEN=127.0.0.1:0")
		case inShell:
			fmt.Fprintf(&script, "%s%s\n", b.text, separate)
			wants = append(wants, "")
		case inPython:
			fmt.Fprintf(&script, "\"$GRANARY_E2E_PYTHON\" - <<'PYTHON'\n%sPYTHON\n%s\n", b.text, separate)
			wants = append(wants, "")
		case installs:
			fmt.Fprintf(&script, "\"$GRANARY_E2E_PYTHON\" -m %s >&2\n%s\n", strings.TrimSpace(b.text), separate)
			wants = append(wants, "")
		case prints:
			if len(wants) == 0 {
				t.Fatalf("nothing stands before the output %q", b.text)
			}
			wants[len(wants)-1] = b.text
		case serves:
			t.Run("external PostgreSQL", func(t *testing.T) { serveExternal(t, b.text) })
		case signsIn:
			t.Run("OpenID Connect", func(t *testing.T) { serveSignIn(t, b.text) })
		case runsInCI:
			contains(t, "../.ci/run", "step "+b.text)
		case composes:
			contains(t, "../docker-compose.yml", regexp.MustCompile("(?m)^(.)").ReplaceAllString(b.text, "#   $1"))
		default:
			t.Errorf("a block of kind %q, which this test does not know:\n%s", b.kind, b.text)
		}
	}
	if origin == "" {
		t.Fatalf("the README has no block of kind %q", servesHere)
	}
	at, err := url.Parse(origin)
	if err != nil {
		t.Fatal(err)
	}
	commands := strings.NewReplacer(readmeOrigin, origin, readmeHost, at.Host).Replace(script.String())
	shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", commands)
	shell.Dir = ".."
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	shell.Env = append(os.Environ(), "GRANARY_DATA="+filepath.Join(folder, "data"), pythonVariable+"="+python(t),
		"HOME="+t.TempDir(), "XDG_CACHE_HOME="+cache) // a login changes the home, and pip's cache is in the real one
	var complaints bytes.Buffer
	shell.Stderr = &complaints
	output, err := shell.Output()
	parts := strings.SplitAfter(string(output), separator)
	if err != nil {
		t.Fatalf("part %d of the README's commands: %v\n%s%s", len(parts), err, parts[len(parts)-1], &complaints)
	}
	for i, want := range wants {
		// Whether the last line ends is not to be seen.
		if got := strings.TrimRight(parts[i], separator); want != "" && got != strings.TrimRight(want, "\n") {
			t.Errorf("prints\n%s\nwhere the README says\n%s", got, want)
		}
	}
}

// separator stands between what two blocks print.
const (
	separator = "\x00\n"
	separate  = `printf '\0\n'`
)

// blocks returns what the README has between fences.
func blocks(text string) []block {
	var all []block
	for _, fenced := range regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		all = append(all, block{kind: fenced[1], text: fenced[2]})
	}
	return all
}

// passable returns a new folder that PostgreSQL's user may pass through, which it may not through t.TempDir's.
func passable(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "granary-readme-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	return folder
}

// serveReadme starts a command of the README that serves, in the module's folder, and returns where it does. The test
// ends it as Ctrl-C in a terminal would.
func serveReadme(t *testing.T, command string, environment ...string) (origin string) {
	t.Helper()
	var complaints bytes.Buffer // read once the command has ended
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", command)
	cmd.Dir, cmd.Env, cmd.Stderr = "..", append(os.Environ(), environment...), &complaints
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for a whole group
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if at, ok := strings.CutPrefix(lines.Text(), "granary: serving "); ok {
				serving <- at
			}
		}
		ended <- cmd.Wait()
	}()
	select {
	case origin = <-serving:
	case err := <-ended:
		t.Fatalf("%s: %v\n%s", command, err, &complaints)
	case <-time.After(startTime):
		t.Errorf("%s: not ready within %v", command, startTime)
	}
	t.Cleanup(func() {
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
			t.Error(err)
		}
		select {
		case err := <-ended:
			t.Logf("%s: %v", command, err) // make calls an interrupt an error
		case <-time.After(stopTime):
			t.Errorf("%s: not ended within %v of an interrupt: %v", command, stopTime, syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL))
		}
	})
	return origin
}

// The README's example of a PostgreSQL of one's own.
const (
	readmeDatabase = "postgres://granary@db.example.org/granary?sslmode=verify-full&passfile=/etc/granary/pgpass"
	readmeFolder   = "/srv/granary"
)

// serveExternal starts a command that names a PostgreSQL, with one that is there.
func serveExternal(t *testing.T, command string) {
	for _, name := range []string{readmeDatabase, readmeFolder} {
		if !strings.Contains(command, name) {
			t.Fatalf("%q does not name %s", command, name)
		}
	}
	database := pgtest.StartFor(t)
	here := strings.NewReplacer(readmeDatabase, database.URL(), readmeFolder, filepath.Join(passable(t), "data"))
	origin := serveReadme(t, here.Replace(command), "GRANARY_LISTEN=127.0.0.1:0")
	reply, err := http.Get(origin + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		t.Errorf("%s/readyz answers %s", origin, reply.Status)
	}
}

// The README's example of an OpenID provider, and where the service is for it.
const (
	readmePublic = "https://granary.example.org"
	readmeIssuer = "https://login.example.org"
	readmeSecret = "/etc/granary/oidc-secret"
)

// serveSignIn starts a command that names an OpenID provider, which does not answer, and tries to sign in.
func serveSignIn(t *testing.T, command string) {
	at, secret := freePort(t), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{readmePublic, readmeIssuer, readmeSecret} {
		if !strings.Contains(command, name) {
			t.Fatalf("%q does not name %s", command, name)
		}
	}
	here := strings.NewReplacer(readmePublic, "http://"+at, readmeIssuer, "http://"+freePort(t), readmeSecret, secret)
	origin := serveReadme(t, here.Replace(command), "GRANARY_DATA="+filepath.Join(passable(t), "data"), "GRANARY_LISTEN="+at)
	reply, err := http.Get(origin + "/login/oidc")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%s/login/oidc answers %s", origin, reply.Status)
	}
}

// contains fails the test unless each line of a text is one of a file's.
func contains(t *testing.T, file, text string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	for line := range strings.Lines(text) {
		if !slices.Contains(lines, strings.TrimSuffix(line, "\n")) {
			t.Errorf("%s has no line %q", file, line)
		}
	}
}
