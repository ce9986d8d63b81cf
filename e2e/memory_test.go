//go:build e2e

package e2e

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// peakMemory returns the most memory that the server has used, in bytes.
func (g *granary) peakMemory(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.process.Pid))
	if err != nil {
		t.Skipf("needs the memory of processes as Linux shows it: %v", err)
	}
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if peak == nil {
		t.Fatalf("no VmHWM in %s", text)
	}
	kib, err := strconv.ParseInt(string(peak[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}

// meeting is a point in each of several uploads that none passes before all have come to it.
type meeting struct {
	coming sync.WaitGroup
}

// pausing is an upload's content, in which there is a meeting.
type pausing struct {
	io.Reader
	left int64 // bytes before the meeting
	at   *meeting
}

// Read reads no further than the meeting, and then waits for the others.
func (p *pausing) Read(b []byte) (int, error) {
	if p.left == 0 {
		p.left = -1
		p.at.coming.Done()
		p.at.coming.Wait()
	}
	if p.left > 0 {
		b = b[:min(int64(len(b)), p.left)]
	}
	n, err := p.Reader.Read(b)
	if p.left > 0 {
		p.left -= int64(n)
	}
	return n, err
}

// TestMemory has fifty uploads of unknown length under way at once, each with 4 of its 8 MiB sent. A server that kept
// what was sent would need 200 MiB more than before.
func TestMemory(t *testing.T) {
	const (
		uploads = 50
		size    = 8 << 20
		room    = 64 << 20
	)
	g := launch(t)
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	// What any upload needs once is there before.
	alice.want(201, "PUT", "/webhdfs/v1/user/alice/warm?op=CREATE", io.LimitReader(content(0), size))
	before := g.peakMemory(t)

	var half meeting
	half.coming.Add(uploads)
	var all errgroup.Group
	for i := range uploads {
		all.Go(func() error {
			body := &pausing{io.LimitReader(content(i), size), size / 2, &half}
			a, err := alice.do("PUT", fmt.Sprintf("/webhdfs/v1/user/alice/streams/%d?op=CREATE", i), body)
			if err == nil && a.status != 201 {
				err = fmt.Errorf("upload %d: %v", i, a)
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	if grown := g.peakMemory(t) - before; grown > room {
		t.Errorf("%d MiB more memory with %d uploads, want at most %d", grown>>20, uploads, room>>20)
	} else {
		t.Logf("%d MiB more memory with %d uploads", grown>>20, uploads)
	}
	for i := range uploads {
		a := alice.want(200, "GET", fmt.Sprintf("/webhdfs/v1/user/alice/streams/%d?op=OPEN", i), nil)
		want := sha256.New()
		if _, err := io.CopyN(want, content(i), size); err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256([]byte(a.body)); string(want.Sum(nil)) != string(got[:]) {
			t.Errorf("upload %d came back otherwise", i)
		}
	}
	g.check(t)
}

// content is an endless stream of bytes, another for each number, that cannot be compressed.
func content(number int) io.Reader {
	return rand.NewChaCha8([32]byte{byte(number), byte(number >> 8)})
}
