package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// user does everything on every server. It is an ordinary user, so that permissions are evaluated.
const user = "bench"

// startGranary starts the binary on a new data folder under dir, with tokens on and a private PostgreSQL, and creates a
// token of an ordinary user. The returned function ends the server and deletes the folder. disk describes, for the report,
// what dir is on.
func startGranary(ctx context.Context, name, binary, dir, disk string) (to *target, stop func() error, err error) {
	root, err := os.MkdirTemp(dir, "granary-bench-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() error { return os.RemoveAll(root) }
	// If this process is root, the database runs as another user, who must be able to enter the folder.
	if err := os.Chmod(root, 0o755); err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	log, err := os.Create(filepath.Join(root, "log"))
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	defer log.Close() // the server has its own descriptor

	data := filepath.Join(root, "data")
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command(binary, args...) //nolint:noctx // the server is ended by stop, in order
		cmd.Env = withoutSettings(os.Environ())
		return cmd
	}
	server, url, err := startProcess(ctx, command("serve", "--data", data, "--listen", "127.0.0.1:0", "--auth", "jwt", "--log-level", "warn", "--gc-grace", "1m"), "granary: serving ", log)
	if err != nil {
		return nil, nil, err // the folder stays, because of its log
	}
	stop = func() error { return errors.Join(server.stop(), remove()) }
	fail := func(err error) (*target, func() error, error) { return nil, nil, errors.Join(err, stop()) }

	addr, err := address(url)
	if err != nil {
		return fail(err)
	}
	if _, err := output(command("user", "add", "--data", data, user)); err != nil {
		return fail(err)
	}
	version, err := output(command("version"))
	if err != nil {
		return fail(err)
	}
	to = &target{
		name: name, addr: addr, oneHop: true,
		// Creating a token makes the server revalidate all that it remembers with its database, which should not be how each round begins.
		use: 20 * time.Minute,
		// One hour, as for sessions, is the longest lifetime of a token that is valid without being looked up at each request.
		token: func() (string, error) {
			return output(command("token", "create", "--data", data, "--user", user, "--expires", "1h"))
		},
		facts: []string{
			"version " + version + ", `serve --auth jwt --log-level warn --gc-grace 1m`, otherwise as it comes: one process and its private PostgreSQL over a unix socket",
			"every request carries a token of an ordinary user, which a command renews every twenty minutes; rights are evaluated, content is sealed",
			"durable at the reply: PostgreSQL with fsync, full_page_writes and synchronous_commit on (it refuses to serve otherwise), blocks and their folders synced before they are published",
			"data on " + disk,
		},
	}
	if name == nameGranary { // older builds may lack this
		to.facts = append(to.facts,
			"the only server, and it knows: what it has proved and nothing has changed since it answers without its database (read leases); beside a second one it would ask")
	}
	if err := to.renew(); err != nil {
		return fail(err)
	}
	return to, stop, nil
}

// withoutSettings drops the variables that would change how Granary runs, except the one that says where to fetch a database that
// is not installed.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		return strings.HasPrefix(v, "GRANARY_") && !strings.HasPrefix(v, "GRANARY_PG_MIRROR=")
	})
}

// startNull starts the null server: this program in another process, so that it shares as little with the client as others do.
func startNull(ctx context.Context) (to *target, stop func() error, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(self, "-serve-null") //nolint:noctx // ended by stop, in order
	server, url, err := startProcess(ctx, cmd, nullReady, os.Stderr)
	if err != nil {
		return nil, nil, err
	}
	addr, err := address(url)
	if err != nil {
		return nil, nil, errors.Join(err, server.stop())
	}
	return &target{
		name: nameNull, addr: addr, oneHop: true, header: nullToken,
		facts: []string{"net/http and a map in memory, nothing else: no users, no rights, no disk; requests and replies as long as Granary's, a token and headers included (the ceiling for this client on this machine)"},
	}, server.stop, nil
}
