package namespace

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
	"granary/namespace/filesum"
)

// packed runs deeds that each upload a file for a pack, so that they share one.
func (fs *testFS) packed(t *testing.T, deeds ...func() error) []error {
	t.Helper()
	p := &fs.packer
	p.mu.Lock()
	p.busy += packLanes
	p.mu.Unlock()
	outcomes := make([]error, len(deeds))
	done := make(chan struct{})
	go func() {
		defer close(done)
		crowd(len(deeds), func(i int) { outcomes[i] = deeds[i]() })
	}()
	for waiting := 0; waiting < len(deeds); {
		select {
		case <-t.Context().Done():
			t.Fatal("the contents never came to be packed")
		case <-time.After(time.Millisecond):
		}
		p.mu.Lock()
		waiting = len(p.waiting)
		p.mu.Unlock()
	}
	p.mu.Lock()
	p.busy -= packLanes - 1
	p.mu.Unlock()
	p.work()
	<-done
	return outcomes
}

// packs returns what the database says of blocks: how many there are in each state.
func (fs *testFS) packs(t *testing.T) string {
	t.Helper()
	var said string
	must(t, fs.db.QueryRow(t.Context(), `SELECT coalesce(string_agg(state || n, ' ' ORDER BY state), '') FROM (SELECT state::text, count(*)::text AS n FROM blocks GROUP BY 1) s`).Scan(&said))
	return said
}

// medium returns a content that is packed, a different one for each i.
func medium(i int) []byte { return append([]byte(fmt.Sprint(i)), pattern(RowMax+1000*i)...) }

// mediumFiles makes files 0 to n-1 in dir, in one pack.
func (fs *testFS) mediumFiles(t *testing.T, dir string, n int) {
	t.Helper()
	must(t, ignore(fs.as(t, superuser).Mkdirs(t.Context(), path(t, dir), MkdirOptions{Mode: 0o755})))
	var deeds []func() error
	for i := range n {
		s, content := fs.as(t, superuser), medium(i)
		deeds = append(deeds, func() error {
			return ignore(s.Create(t.Context(), path(t, fmt.Sprintf("%s/%d", dir, i)), CreateOptions{Mode: 0o644, Size: int64(len(content))}, bytes.NewReader(content)))
		})
	}
	for i, err := range fs.packed(t, deeds...) {
		if err != nil {
			t.Fatal(i, err)
		}
	}
}

func (fs *testFS) checkMedium(t *testing.T, dir string, which ...int) {
	t.Helper()
	s := fs.as(t, superuser)
	for _, i := range which {
		if got := s.get(t, fmt.Sprintf("%s/%d", dir, i)); !bytes.Equal(got, medium(i)) {
			t.Errorf("%s/%d holds %d other bytes", dir, i, len(got))
		}
	}
}

func TestFilesThatComeTogetherShareABlock(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store = store })
	fs.still()
	s := fs.as(t, superuser)
	fs.mediumFiles(t, "/tmp/d", 10)
	if n := stored(t, store); n != 1 {
		t.Errorf("%d blocks for ten files", n)
	}
	fs.clean(t)
	must(t, fs.packer.settle(t.Context()))
	if got := fs.packs(t); got != "l1" {
		t.Errorf("blocks: %s", got)
	}
	fs.checkMedium(t, "/tmp/d", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	for i := range 10 {
		at, content := path(t, fmt.Sprintf("/tmp/d/%d", i)), medium(i)
		off, n := len(content)/3, len(content)/2
		r, err := s.Open(t.Context(), at, int64(off), int64(n))
		must(t, err)
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, content[off:off+n]) {
			t.Errorf("%s: a range of %d bytes has others (%v)", at, n, err)
		}
		must(t, r.Close())
		want := filesum.New(DefaultBlockSize)
		_, err = want.Write(content)
		must(t, err)
		if sum, err := s.Checksum(t.Context(), at); err != nil || sum != want.Checksum() {
			t.Errorf("%s: checksum %v, want %v (%v)", at, sum, want.Checksum(), err)
		}
	}
	// As long as one file is left, the block stays; once no more than half of it is in use, the rest is moved.
	for i := range 9 {
		must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("/tmp/d/%d", i)), false)))
		fs.clean(t)
	}
	fs.checkMedium(t, "/tmp/d", 9)
	for range 2 { // an emptied block is deleted in the next round
		must(t, fs.Reap(t.Context()))
		fs.checkMedium(t, "/tmp/d", 9)
	}
	if got, n := fs.packs(t), stored(t, store); got != "l1" || n != 1 {
		t.Errorf("blocks: %s, %d stored", got, n)
	}
	if size := fs.count(t, `SELECT size FROM blocks`); size != len(medium(9)) {
		t.Errorf("the block has %d bytes for a file of %d", size, len(medium(9)))
	}
	must(t, ignore(s.Delete(t.Context(), path(t, "/tmp/d"), true)))
	must(t, fs.Reap(t.Context()))
	if n := stored(t, store); n != 0 || fs.packs(t) != "" {
		t.Errorf("blocks: %s, %d stored", fs.packs(t), n)
	}
	fs.clean(t)
}

// Uploads that share a pack succeed or fail independently.
func TestAPackOutlivesUploadsThatFail(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store = store })
	fs.still()
	s := fs.as(t, superuser)
	s.put(t, "/tmp/small/first", nil)
	must(t, s.SetQuota(t.Context(), path(t, "/tmp/small"), QuotaChange{Names: new(int64(2))}))
	over := fs.packed(t, fs.creating(t, fs.as(t, superuser), "/tmp/small/a", RowMax+1), fs.creating(t, fs.as(t, superuser), "/tmp/b", RowMax+2))
	if kindOf(over[0]) != QuotaNames || over[1] != nil {
		t.Fatal(over)
	}
	fs.clean(t)
	must(t, fs.packer.settle(t.Context()))
	if live := fs.count(t, `SELECT live FROM blocks WHERE state = 'l'`); live != RowMax+2 {
		t.Errorf("%d bytes are live, want %d", live, RowMax+2)
	}
	if got := s.get(t, "/tmp/b"); !bytes.Equal(got, pattern(RowMax+2)) {
		t.Errorf("%d other bytes", len(got))
	}
	over = fs.packed(t, fs.creating(t, fs.as(t, superuser), "/tmp/small/a", RowMax+1), fs.creating(t, fs.as(t, superuser), "/tmp/small/c", RowMax+1))
	if kindOf(over[0]) != QuotaNames || kindOf(over[1]) != QuotaNames {
		t.Fatal(over)
	}
	must(t, fs.Reap(t.Context()))
	if n := stored(t, store); n != 1 {
		t.Errorf("%d blocks, want 1", n)
	}
	fs.clean(t)
}

// Deleting a file from an open pack does not take the pack away from uploads that share it later.
func TestAnOpenPackIsKeptForThoseWhoShareIt(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	fs.decided = func(op string, p Path) {
		if op != "create" || p.String() != "/tmp/late" {
			return
		}
		for !s.has(t, "/tmp/early") {
			<-time.After(time.Millisecond)
		}
		must(t, ignore(s.Delete(t.Context(), path(t, "/tmp/early"), false)))
		must(t, fs.Reap(t.Context()))
		if got := fs.packs(t); got != "o1" {
			t.Errorf("blocks: %s", got)
		}
	}
	for _, err := range fs.packed(t, fs.creating(t, fs.as(t, superuser), "/tmp/early", RowMax+1), fs.creating(t, fs.as(t, superuser), "/tmp/late", RowMax+2)) {
		must(t, err)
	}
	must(t, fs.Reap(t.Context()))
	if got := s.get(t, "/tmp/late"); !bytes.Equal(got, pattern(RowMax+2)) || fs.packs(t) != "l1" {
		t.Errorf("%d other bytes; blocks: %s", len(got), fs.packs(t))
	}
	fs.clean(t)
}

// has reports whether there is something at name.
func (s *Session) has(t *testing.T, name string) bool {
	t.Helper()
	_, err := s.Stat(t.Context(), path(t, name))
	return err == nil
}

// If a server was taken for dead, others close its packs, and it publishes nothing from them any more.
func TestAPackOfADeadServerIsClosed(t *testing.T) {
	servers := newServers(t, 2)
	dead, other := servers[0], servers[1]
	buried := false
	dead.decided = func(op string, p Path) {
		if op != "create" || p.String() != "/tmp/late" || buried {
			return
		}
		buried = true
		for !other.as(t, superuser).has(t, "/tmp/early") {
			<-time.After(time.Millisecond)
		}
		other.exec(t, `UPDATE servers SET seen = now() - interval '1 hour' WHERE id = $1`, dead.server)
		must(t, other.Reap(t.Context()))
		if got := other.packs(t); got != "l1" {
			t.Errorf("blocks: %s", got)
		}
	}
	outcomes := dead.packed(t, dead.creating(t, dead.as(t, superuser), "/tmp/early", RowMax+10), dead.creating(t, dead.as(t, superuser), "/tmp/late", RowMax+2))
	if outcomes[0] != nil || kindOf(outcomes[1]) != Unavailable {
		t.Fatal(outcomes)
	}
	s := other.as(t, superuser)
	if got := s.get(t, "/tmp/early"); !bytes.Equal(got, pattern(RowMax+10)) || s.has(t, "/tmp/late") {
		t.Errorf("%d other bytes, or a file that was refused", len(got))
	}
	must(t, dead.Reap(t.Context()))
	other.clean(t)
}

// A file that came in a pack, and was then appended to in many small pieces and folded, is like any other.
func TestFoldBehindAPack(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	want := medium(40) // longer than what is folded into a row
	s.put(t, "/tmp/f", want)
	for i := range foldRows + 3 {
		piece := []byte(fmt.Sprintf("piece %d.", i))
		want = append(want, piece...)
		must(t, s.Append(t.Context(), path(t, "/tmp/f"), -1, bytes.NewReader(piece)))
	}
	fs.folded()
	if n := fs.count(t, `SELECT count(*) FROM extents`); n != 2 {
		t.Errorf("%d extents, want the pack's and the one that was folded", n)
	}
	if got := s.get(t, "/tmp/f"); !bytes.Equal(got, want) {
		t.Errorf("%d other bytes", len(got))
	}
	sum := filesum.New(DefaultBlockSize)
	_, err := sum.Write(want)
	must(t, err)
	if got, err := s.Checksum(t.Context(), path(t, "/tmp/f")); err != nil || got != sum.Checksum() {
		t.Errorf("checksum %v, want %v (%v)", got, sum.Checksum(), err)
	}
	must(t, ignore(s.Truncate(t.Context(), path(t, "/tmp/f"), RowMax)))
	if got := s.get(t, "/tmp/f"); !bytes.Equal(got, want[:RowMax]) {
		t.Errorf("%d other bytes", len(got))
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}

// Content that does not fit into the memory for packs is written as it arrives.
func TestPacksTakeNoMoreMemoryThanTheyMay(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	if !fs.packer.reserve(packMemory - 10) {
		t.Fatal("none is left")
	}
	s.put(t, "/tmp/f", pattern(RowMax*3))
	if n := fs.count(t, `SELECT count(*) FROM sums`); n != 1 {
		t.Errorf("%d files were written as they came, want 1", n)
	}
	fs.packer.release(packMemory - 10)
	s.put(t, "/tmp/g", pattern(RowMax*3))
	if n := fs.count(t, `SELECT count(*) FROM sums`); n != 1 {
		t.Errorf("%d files were written as they came, want 1", n)
	}
	for _, size := range []int{PackMax, PackMax + 1, PackMax * 2} {
		s.put(t, "/tmp/h", pattern(size)) // of a length that was not announced
		if got := s.get(t, "/tmp/h"); !bytes.Equal(got, pattern(size)) {
			t.Errorf("%d other bytes", len(got))
		}
	}
	if held := fs.packer.held.Load(); held != 0 {
		t.Errorf("%d bytes are held", held)
	}
	fs.clean(t)
}

// A pack that cannot be stored fails all uploads that share it, and leaves nothing.
func TestAPackThatCannotBeStored(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) {
		c.Store = blockstest.Faulty(store, blockstest.Fail(blockstest.OpPut, 1, fmt.Errorf("full: %w", blocks.ErrNoSpace)))
	})
	for _, err := range fs.packed(t, fs.creating(t, fs.as(t, superuser), "/tmp/a", RowMax+1), fs.creating(t, fs.as(t, superuser), "/tmp/b", RowMax+2)) {
		if kindOf(err) != NoSpace {
			t.Error(err)
		}
	}
	must(t, fs.Reap(t.Context()))
	if got := fs.packs(t); got != "" || stored(t, store) != 0 {
		t.Errorf("blocks: %s", got)
	}
	fs.clean(t)
}

// A caller who leaves before the content is packed leaves nothing.
func TestWhoLeavesBeforeAPackIsWritten(t *testing.T) {
	fs := newFS(t)
	p := &fs.packer
	p.busy = packLanes
	ctx, leave := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, leave)
	if _, err := fs.as(t, superuser).Create(ctx, path(t, "/tmp/f"), CreateOptions{Mode: 0o644, Size: -1}, bytes.NewReader(medium(1))); err == nil {
		t.Error("it was created")
	}
	if len(p.waiting) != 0 {
		t.Errorf("%d contents wait", len(p.waiting))
	}
	p.busy = 0
	fs.clean(t)
}

// Files that come and go in packs on two servers, while both reap, stay whole, and blocks know how much of them is in use.
func TestPacksUnderConcurrentChanges(t *testing.T) {
	const callers, files = 8, 30
	each := 60
	if testing.Short() {
		each = 15
	}
	servers := newServers(t, 2)
	must(t, ignore(servers[0].as(t, superuser).Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o755})))
	ctx, stop := context.WithCancel(t.Context())
	var reaping sync.WaitGroup
	for _, fs := range servers {
		fs.hurry(stockRush)
		reaping.Go(func() {
			for ctx.Err() == nil {
				if err := fs.Reap(ctx); err != nil && ctx.Err() == nil && !conflicting(err) {
					t.Error(err)
				}
			}
		})
	}
	from := seed(t)
	crowd(callers, func(i int) {
		r := rand.New(rand.NewPCG(from, uint64(i)))
		s := servers[i%2].as(t, superuser)
		for range each {
			at := path(t, fmt.Sprintf("/tmp/d/%d", r.IntN(files)))
			var err error
			switch r.IntN(6) {
			case 0:
				_, err = s.Delete(t.Context(), at, false)
			case 1:
				_, err = s.Truncate(t.Context(), at, int64(r.IntN(RowMax)))
			case 2:
				err = s.Append(t.Context(), at, -1, strings.NewReader("more"))
			default:
				content := medium(r.IntN(100))
				_, err = s.Create(t.Context(), at, CreateOptions{Overwrite: true, Mode: 0o644, Size: int64(len(content))}, bytes.NewReader(content))
			}
			switch kindOf(err) {
			case allowed, NotExist, Exist, Conflict, IO, InvalidValue, InvalidArgument:
			default:
				t.Error(err)
			}
		}
	})
	stop()
	reaping.Wait()
	for range 2 {
		for _, fs := range servers {
			must(t, fs.Reap(t.Context()))
		}
	}
	servers[0].clean(t)
	for _, fs := range servers {
		fs.packer.lanes.Wait()
		must(t, fs.packer.clear(t.Context(), 0))
	}
	if got := servers[0].packs(t); strings.Trim(got, "l0123456789") != "" {
		t.Errorf("blocks: %s", got)
	}
}
