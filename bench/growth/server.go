package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// server is a Granary process that serves a database.
type server struct {
	cmd   *exec.Cmd
	ended chan error
	base  string // http://127.0.0.1:port/webhdfs/v1/Projects/growth
	token string // never printed
}

// Limits for the start and the end of a server.
const (
	startLimit = time.Minute
	stopLimit  = time.Minute
)

// serve starts `granary serve` on a database, with tokens, and waits until it serves. dir holds the root key.
func serve(ctx context.Context, binary, database, dir string) (s *server, err error) {
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command(binary, append(args, "--database", database, "--data", dir)...) //nolint:noctx // ended by stop, in order
		cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GRANARY_") })
		return cmd
	}
	s = &server{cmd: command("serve", "--listen", "127.0.0.1:0", "--auth", "jwt", "--log-level", "warn"), ended: make(chan error, 1)}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() // the server has its own descriptor
	s.cmd.Stderr = log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt from the terminal is for this program, which ends its servers itself
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	serving := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if url, ok := strings.CutPrefix(lines.Text(), "granary: serving "); ok {
				serving <- url
			}
		}
		s.ended <- s.cmd.Wait()
	}()
	limit, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	select {
	case url := <-serving:
		s.base = strings.TrimSuffix(strings.TrimSuffix(url, "/"), "/webhdfs/v1") + "/webhdfs/v1/Projects/" + project
	case err := <-s.ended:
		return nil, fmt.Errorf("granary ended before it served: %w; its messages are in %s", err, log.Name())
	case <-limit.Done():
		return nil, errors.Join(fmt.Errorf("granary did not serve: %w; its messages are in %s", limit.Err(), log.Name()), s.stop())
	}
	// One hour, as for sessions, is the longest lifetime of a token that is valid without being looked up at each request.
	token, err := command("token", "create", "--user", user, "--expires", "1h").Output()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("granary token create: %w", err), s.stop())
	}
	s.token = strings.TrimSpace(string(token))
	return s, nil
}

// stop asks the server to end and waits until it has ended, or kills it after stopLimit.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	timer := time.NewTimer(stopLimit)
	defer timer.Stop()
	select {
	case err := <-s.ended:
		return err
	case <-timer.C:
		return errors.Join(fmt.Errorf("granary did not end within %s of SIGTERM and was killed", stopLimit), s.cmd.Process.Kill())
	}
}

// caller does one operation at a time on a connection of its own.
type caller struct {
	*server
	http http.Client
	body bytes.Buffer
}

func (s *server) caller() *caller {
	return &caller{server: s, http: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}, Timeout: time.Hour}}
}

func (c *caller) close() { c.http.CloseIdleConnections() }

// do sends a request for a path below the project's top directory and returns the reply's body. The reply must have the status want.
func (c *caller) do(ctx context.Context, method, path, op string, body []byte, want int) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, method, c.base+path+"?op="+op, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		q.Header.Set("Content-Type", "application/octet-stream")
	}
	a, err := c.http.Do(q)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	c.body.Reset()
	if _, err := io.Copy(&c.body, a.Body); err != nil {
		return nil, err
	}
	if a.StatusCode != want {
		return nil, fmt.Errorf("%s %s: the status is %d instead of %d: %.300s", op, path, a.StatusCode, want, c.body.Bytes())
	}
	return c.body.Bytes(), nil
}

// yes does an operation whose reply must be {"boolean":true}.
func (c *caller) yes(ctx context.Context, method, path, op string) error {
	answer, err := c.do(ctx, method, path, op, nil, http.StatusOK)
	if err == nil && !bytes.Contains(answer, []byte("true")) {
		err = fmt.Errorf("%s %s: the answer is %.100s", op, path, answer)
	}
	return err
}

func (c *caller) stat(ctx context.Context, path string) error {
	answer, err := c.do(ctx, http.MethodGet, path, "GETFILESTATUS", nil, http.StatusOK)
	if err == nil && !bytes.Contains(answer, fmt.Appendf(nil, `"length":%d`, fullSize)) {
		err = fmt.Errorf("stat %s: it is not %d bytes long: %.300s", path, fullSize, answer)
	}
	return err
}

func (c *caller) read(ctx context.Context, path string) error {
	answer, err := c.do(ctx, http.MethodGet, path, "OPEN", nil, http.StatusOK)
	if err == nil && len(answer) != fullSize {
		err = fmt.Errorf("read %s: %d bytes instead of %d", path, len(answer), fullSize)
	}
	return err
}

var newContent = bytes.Repeat([]byte{'n'}, fullSize)

func (c *caller) create(ctx context.Context, path string) error {
	_, err := c.do(ctx, http.MethodPut, path, "CREATE&data=true", newContent, http.StatusCreated)
	return err
}

func (c *caller) rename(ctx context.Context, from, to string) error {
	return c.yes(ctx, http.MethodPut, from, "RENAME&destination=/Projects/"+project+to)
}

func (c *caller) remove(ctx context.Context, path string) error {
	return c.yes(ctx, http.MethodDelete, path, "DELETE&recursive=true")
}

// list lists a directory in one request.
func (c *caller) list(ctx context.Context, path string, entries int) error {
	answer, err := c.do(ctx, http.MethodGet, path, "LISTSTATUS", nil, http.StatusOK)
	if n := bytes.Count(answer, []byte(`"pathSuffix"`)); err == nil && n != entries {
		err = fmt.Errorf("list %s: %d entries instead of %d", path, n, entries)
	}
	return err
}
