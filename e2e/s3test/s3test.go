// Package s3test gives tests a real S3 server: the Versity S3 Gateway, over a folder of the test's own. It is built once,
// into build/ of the checkout, from the sources that the module in versitygw names.
package s3test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Bucket is the bucket that a [Server] has.
const Bucket = "granary-test"

// Server is a running server.
type Server struct {
	Endpoint string // its URL
	Folder   string // has a folder for each bucket, with a file for each object
}

// Start starts a server for the test, and sets the environment variables with its credentials for this process.
func Start(t testing.TB) *Server {
	t.Helper()
	program, err := build(t.Context())
	if err != nil {
		t.Fatalf("build the S3 server: %v", err)
	}
	const id, secret = "granary", "granary-test-secret"
	t.Setenv("AWS_ACCESS_KEY_ID", id)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	t.Setenv("AWS_SESSION_TOKEN", "")
	s := &Server{Folder: filepath.Join(t.TempDir(), "objects")}
	about := filepath.Join(t.TempDir(), "about") // in files of their own: not every file system has extended attributes
	for _, dir := range []string{filepath.Join(s.Folder, Bucket), about} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	address, err := free(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.Endpoint = "http://" + address
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program, "--quiet", "--port", address, "posix", "--sidecar", about, s.Folder)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+id, "ROOT_SECRET_ACCESS_KEY="+secret)
	cmd.Dir = t.TempDir()
	var attr syscall.SysProcAttr
	endWithParent(&attr)
	cmd.SysProcAttr = &attr
	began, ended := make(chan error, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the server would end with the thread that started it
		err := cmd.Start()
		began <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-began; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Errorf("end the S3 server: %v", err)
		}
		if err := <-ended; err == nil {
			t.Error("the S3 server had ended by itself")
		}
	})
	for deadline := time.Now().Add(time.Minute); ; {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", address)
		if err == nil {
			conn.Close()
			return s
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the S3 server has ended: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("the S3 server does not listen: %v", err)
		}
	}
}

// URL returns what --blocks takes for the server's bucket, with a prefix.
func (s *Server) URL(prefix string) string {
	return "s3://" + Bucket + "/" + prefix + "?endpoint=" + s.Endpoint
}

// free returns an address that nobody listens on.
func free(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// build returns the path of the server's program, which it builds if it is not there. Several processes may do so at
// the same time.
func build(ctx context.Context) (program string, err error) {
	top, err := checkout()
	if err != nil {
		return "", err
	}
	module := filepath.Join(top, "e2e", "s3test", "versitygw")
	sum := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(module, name))
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	dir := filepath.Join(top, "build")
	program = filepath.Join(dir, fmt.Sprintf("versitygw-%.4x", sum.Sum(nil)))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(program+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(program); !errors.Is(err, fs.ErrNotExist) {
		return program, err
	}
	part := program + ".part"
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", part, "github.com/versity/versitygw/cmd/versitygw")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOFLAGS=") // which may ask for the race detector
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, os.Rename(part, program)
}

// checkout returns the folder with go.mod above the working folder.
func checkout() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			err = errors.New("there is no go.mod above the working folder")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}
