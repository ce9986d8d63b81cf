package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// child is a process that serves a folder.
type child struct {
	cmd *exec.Cmd
	in  io.Closer
	url string
}

// spawn starts the test binary as a helper, as user uid if this process is root and uid is not.
func spawn(t *testing.T, data string, uid uint32) *child {
	t.Helper()
	program := filepath.Join(reachable(t), "helper")
	copyProgram(t, program)
	cmd := exec.Command(program)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), helperVariable+"="+data)
	cmd.Stderr = os.Stderr
	if uid != 0 && os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() }) // usually gone by now
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the helper printed no URL: %v", err)
	}
	return &child{cmd: cmd, in: in, url: strings.TrimSpace(line)}
}

// accountOf is who runs the server of a data folder.
func accountOf(t *testing.T, data string) account {
	t.Helper()
	a, err := accountFor(folder(data))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, program, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestKilledGranary(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	c := spawn(t, data, 0)
	exec1(t, c.url, "CREATE TABLE kept AS SELECT 42 AS n")
	pid, err := readPID(filepath.Join(data, "cluster", "postmaster.pid"))
	if err != nil || pid == 0 {
		t.Fatalf("readPID: %d, %v", pid, err)
	}
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.cmd.Wait() // it was killed

	s := run(t, Config{Data: data}) // at once: the former server is still shutting down
	if got := query[int](t, s.URL(), "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d after the kill, want 42", got)
	}
	if s.process.cmd.Process.Pid == pid || runsCluster(pid, s.folder.cluster(), accountOf(t, data)) {
		t.Errorf("the killed Granary's server (process %d) is still there", pid)
	}
}

// TestServerEndsWithItsGranary waits for the parent-death signal alone, without a second Start to help.
func TestServerEndsWithItsGranary(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	c := spawn(t, data, 0)
	pid, err := readPID(filepath.Join(data, "cluster", "postmaster.pid"))
	if err != nil || pid == 0 {
		t.Fatalf("readPID: %d, %v", pid, err)
	}
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.cmd.Wait() // it was killed
	gone := time.NewTicker(10 * time.Millisecond)
	defer gone.Stop()
	late := time.After(20 * time.Second)
	acct := accountOf(t, data)
	for runsCluster(pid, folder(data).cluster(), acct) {
		select {
		case <-gone.C:
		case <-late:
			t.Fatalf("PostgreSQL (process %d) outlives its Granary", pid)
		}
	}
}

// TestOrphan starts a server whose Granary is gone and which has not heard of it.
func TestOrphan(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	exec1(t, s.URL(), "CREATE TABLE kept AS SELECT 42 AS n")
	if err := s.lock.release(); err != nil { // as the kernel does when a process ends
		t.Fatal(err)
	}
	second := run(t, Config{Data: data})
	if got := query[int](t, second.URL(), "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d, want 42", got)
	}
	<-s.Done()
	if s.Err() == nil {
		t.Error("the first server does not say that it was ended by somebody else")
	}
	s.stop.Do(func() {}) // its lock was released above, and its socket folder is the second one's
}

// TestLingeringBackend starts over a server whose postmaster was killed and one of whose processes has not noticed,
// being stopped. It goes on as soon as Start says that it waits.
func TestLingeringBackend(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	backend := query[int](t, s.URL(), "SELECT pg_backend_pid()")
	if err := syscall.Kill(backend, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s.process.signal(syscall.SIGKILL)
	<-s.Done()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	waited := false
	second, err := Start(t.Context(), Config{Data: data, Logf: func(format string, args ...any) {
		t.Logf(format, args...)
		waited = waited || strings.HasPrefix(format, "waiting for the processes")
		if err := syscall.Kill(backend, syscall.SIGCONT); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Error(err)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !waited {
		t.Error("Start did not wait for the process that was left")
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// successor kills a server, as a power failure does, and starts cat with its account in a folder ("" is the test's own).
// The server's postmaster.pid then names cat, whose number remains taken until the test ends.
func successor(t *testing.T, s *Server, data, in string) *exec.Cmd {
	t.Helper()
	pidFile := filepath.Join(s.folder.cluster(), "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	s.process.signal(syscall.SIGKILL)
	<-s.Done()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	cat := exec.Command("/bin/cat")
	cat.Dir = in
	cat.SysProcAttr = accountOf(t, data).attributes()
	if _, err := cat.StdinPipe(); err != nil { // held open, so that cat stays
		t.Fatal(err)
	}
	if err := cat.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cat.Process.Kill(), cat.Wait() })
	_, rest, _ := strings.Cut(string(text), "\n")
	if err := os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n%s", cat.Process.Pid, rest), 0o600); err != nil {
		t.Fatal(err)
	}
	return cat
}

// TestStalePID starts over a postmaster.pid, left by a power failure, whose number has passed to a process of the
// account's that is no PostgreSQL.
func TestStalePID(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	other := successor(t, run(t, Config{Data: data}), data, "")
	run(t, Config{Data: data})
	if !alive(other.Process.Pid) {
		t.Error("an innocent process was ended")
	}
}

// TestFullDiskKeepsThePID corrects a postmaster.pid on a disk that takes nothing: the file stays as it is, so that the next start finds in it
// what a former server shared.
func TestFullDiskKeepsThePID(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "postmaster.pid")
	const former = "4000001\n/srv/granary\n1764561600\n5432\n\n\n  5432001  32768\nready   \n"
	if err := os.WriteFile(pidFile, []byte(former), 0o600); err != nil {
		t.Fatal(err)
	}
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 0, Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	failed := disown(pidFile)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(pidFile); failed == nil || err != nil || string(text) != former {
		t.Errorf("%v; it is %q now, %v", failed, text, err)
	}
	if err := disown(pidFile); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(former, "4000001", fmt.Sprint(os.Getpid()), 1)
	if text, err := os.ReadFile(pidFile); err != nil || string(text) != want {
		t.Errorf("on a disk with room: %q, %v; want %q", text, err, want)
	}
}

// TestEmptyPID starts over a postmaster.pid without a number, says what to do, and leaves it as it is.
func TestEmptyPID(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	pidFile := filepath.Join(s.folder.cluster(), "postmaster.pid")
	if err := os.WriteFile(pidFile, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{Data: data}); err == nil || !strings.Contains(err.Error(), pidFile+" is empty") || !strings.Contains(err.Error(), "then remove it") {
		t.Errorf("Start: %v", err)
	}
	if err := os.Remove(pidFile); err != nil { // it was not removed by itself
		t.Fatal(err)
	}
	run(t, Config{Data: data})
}

// TestFormerThatIsNotWaitedFor starts over a server that dies without removing its postmaster.pid and whose number
// remains taken, as nobody waits for its end. What stands for it is a process in the cluster's folder.
func TestFormerThatIsNotWaitedFor(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	successor(t, s, data, s.folder.cluster())
	run(t, Config{Data: data})
}

// Who breaks a start off reads that, and not what programs say that are killed, or what else could be installed.
func TestStartThatIsBrokenOff(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	enough := errors.New("interrupted")
	data := filepath.Join(reachable(t), "data")
	_, err := Start(ctx, Config{Data: data, Logf: func(string, ...any) { stop(enough) }})
	if err == nil || err.Error() != "private PostgreSQL: its start was broken off: interrupted" || !errors.Is(err, enough) {
		t.Errorf("Start: %v", err)
	}
	run(t, Config{Data: data})
}

// An initdb that goes on for a moment after its Granary was killed is in nobody's way, and nothing is left of it.
func TestFormerInitdb(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	f := folder(data)
	if err := f.create(syncFolder); err != nil {
		t.Fatal(err)
	}
	a := accountOf(t, data)
	bin, err := f.binaries(t.Context(), Config{Data: data}, a)
	if err != nil {
		t.Fatal(err)
	}
	draft := f.in("cluster.new")
	if err := a.own(draft); err != nil {
		t.Fatal(err)
	}
	former := bin.command(t.Context(), a, "initdb", "--pgdata="+draft, "--username="+superuser)
	if err := former.Start(); err != nil {
		t.Fatal(err)
	}
	s := run(t, Config{Data: data})
	_ = former.Wait() // which failed, for want of its folder, or was done
	if query[int](t, s.URL(), "SELECT 1") != 1 {
		t.Error("no answer")
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, Config{Data: data})
	if left, err := filepath.Glob(filepath.Join(data, "cluster?*")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}
