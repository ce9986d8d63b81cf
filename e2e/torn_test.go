//go:build e2e

package e2e

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// blockFiles counts the files below a server's block folder.
func blockFiles(t *testing.T, folder string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// reapTime is how long a server may take to collect what failed uploads leave.
const reapTime = time.Minute

// wantBlockFiles waits until there are n files below the block folder: what is not published is collected by and by.
func wantBlockFiles(t *testing.T, folder string, n int) {
	t.Helper()
	over := time.After(reapTime)
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for found := -1; found != n; {
		select {
		case <-look.C:
			found = blockFiles(t, folder)
		case <-over:
			t.Fatalf("%d files in the block folder after %v, want %d", found, reapTime, n)
		}
	}
}

// TestTornUpload announces 20 MB and goes half way, in each way that a client can be gone. Unlike HDFS, Granary keeps
// nothing of such a file, and an append that breaks off leaves the file as it was.
func TestTornUpload(t *testing.T) {
	const (
		size  = 20_000_000
		first = 1_000_000 // of the file that is appended to
	)
	g := launch(t)
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	store := filepath.Join(g.data, "blocks")
	alice.want(201, "PUT", "/webhdfs/v1/user/alice/grown?op=CREATE", strings.NewReader(strings.Repeat("g", first)))
	before := blockFiles(t, store)
	half := strings.Repeat("h", size/2)
	for _, c := range []struct {
		name, op, path string
		header, body   string
		reset          bool // the connection is reset; otherwise the client ends its side and reads
		length         int64
	}{
		{"ended after half its length", "CREATE", "a", fmt.Sprint("Content-Length: ", size), half, false, -1},
		{"reset after half its length", "CREATE", "b", fmt.Sprint("Content-Length: ", size), half, true, -1},
		{"ended in a chunk", "CREATE", "c", "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s", size, half), false, -1},
		{"reset in a chunk", "CREATE", "d", "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s", size, half), true, -1},
		{"ended between chunks", "CREATE", "e", "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n", size/2, half), false, -1},
		{"append ended after half its length", "APPEND", "grown", fmt.Sprint("Content-Length: ", size), half, false, first},
	} {
		method := map[string]string{"CREATE": "PUT", "APPEND": "POST"}[c.op]
		s := alice.dial(method, "/webhdfs/v1/user/alice/"+c.path+"?data=true&op="+c.op, c.header)
		s.send(c.body)
		if c.reset {
			if err := s.SetLinger(0); err != nil {
				t.Fatal(err)
			}
			s.Close()
		} else {
			if err := s.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			a := s.receive()
			if name, message := a.exception(t); a.status != 400 || name != "IOException" || !strings.Contains(message, "ended before its end") {
				t.Errorf("%s: %v, want 400 and an IOException", c.name, a)
			}
		}
		if r := g.logged(t, c.op, "/user/alice/"+c.path); r.Status != 400 || r.Received >= size {
			t.Errorf("%s: logged as %+v, want status 400", c.name, r)
		}
		if n := alice.length("/user/alice/" + c.path); n != c.length {
			t.Errorf("%s: a length of %d afterwards, want %d", c.name, n, c.length)
		}
	}
	wantBlockFiles(t, store, before)
	g.check(t)
}

// TestOverlongUpload sends more than it announced: the file is as long as was announced, and the rest is no request.
func TestOverlongUpload(t *testing.T) {
	const size = 1_000_000
	alice := byToken.as(t, "alice")
	s := alice.dial("PUT", "/webhdfs/v1/user/alice/overlong?op=CREATE&data=true&overwrite=true", fmt.Sprint("Content-Length: ", size))
	s.send(strings.Repeat("o", size))
	s.send("and this is too much\r\n\r\n")
	if a := s.receive(); a.status != 201 {
		t.Errorf("%v, want 201", a)
	}
	if a := s.receive(); a.status != 400 {
		t.Errorf("%v to the rest, want 400", a)
	}
	if n := alice.length("/user/alice/overlong"); n != size {
		t.Errorf("a length of %d, want %d", n, size)
	}
	byToken.check(t)
}
