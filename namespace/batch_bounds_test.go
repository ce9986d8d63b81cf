package namespace

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks/blockstest"
)

// TestABatchThatIsSlowReadsEachFileOnce checks that a file that has become too old to be given out is fetched again by itself, and
// not with all that follow it.
func TestABatchThatIsSlowReadsEachFileOnce(t *testing.T) {
	fs, clock := trashFS(t)
	s := fs.as(t, superuser)
	names := fs.crowdOf(t, s, "/d/many", 40)
	names = append(names, "no/path")
	fetched := 0
	fs.decided = func(op string, _ Path) {
		if op == "read batch" {
			fetched++
		}
	}
	n := 0
	must(t, s.ReadBatch(t.Context(), names, func(f *BatchFile) error {
		n++
		clock.Add(6)
		if f.Name == "no/path" {
			if kindOf(f.Err) != InvalidPath {
				t.Errorf("it tells %v", f.Err)
			}
			return nil
		}
		if want := pattern((n - 1) % 500); f.Err != nil || string(f.content) != string(want) {
			t.Errorf("%s: %d bytes, %v", f.Name, len(f.content), f.Err)
		}
		return nil
	}))
	if n != len(names) || fetched > 1 {
		t.Errorf("%d of %d files, fetched %d times together", n, len(names), fetched)
	}
}

// TestABatchFromASlowStoreReadsEachFileOnce checks that no file becomes too old to be given out while those behind it are read, or it is
// itself.
func TestABatchFromASlowStoreReadsEachFileOnce(t *testing.T) {
	for _, pause := range []int64{1, 6} { // seconds for each file
		t.Run(fmt.Sprint(pause), func(t *testing.T) { readsEachFileOnce(t, pause) })
	}
}

func readsEachFileOnce(t *testing.T, pause int64) {
	clock, opened := new(atomic.Int64), 0
	slow := blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error {
		opened++
		clock.Add(pause)
		return nil
	})
	fs := newFS(t, func(c *Config) {
		c.Store, c.Now = blockstest.Faulty(c.Store, slow), func() time.Time { return time.Unix(clock.Load(), 0) }
	})
	fs.still() // or it would read as well
	s := fs.as(t, superuser)
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprintf("/d/%d", i))
		s.put(t, names[i], pattern(100_000+i))
	}
	all, err := readBatch(t.Context(), s, names...)
	must(t, err)
	for i, one := range all {
		if one.err != nil || one.content != string(pattern(100_000+i)) {
			t.Errorf("%s: %d bytes, %v", names[i], len(one.content), one.err)
		}
	}
	if opened != len(names) {
		t.Errorf("%d files were opened %d times", len(names), opened)
	}
}

// TestASlowFileOfABatchEndsWithTheRight checks that a file whose reading took a while is not given to who has lost the right since it began.
func TestASlowFileOfABatchEndsWithTheRight(t *testing.T) {
	clock := new(atomic.Int64)
	slow := blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error {
		clock.Add(4)
		return nil
	})
	fs := newFS(t, func(c *Config) {
		c.Store, c.Now = blockstest.Faulty(c.Store, slow), func() time.Time { return time.Unix(clock.Load(), 0) }
	})
	fs.still()
	root, bob := fs.as(t, superuser), fs.as(t, "bob")
	root.put(t, "/d/f", pattern(100_000))
	must(t, root.SetPermission(t.Context(), at("/d/f"), 0o644))
	b := &batchRead{session: *bob, mean: 1}
	w := b.fetch(t.Context(), []string{"/d/f"})
	must(t, w.files[0].Err)
	clock.Add(4)
	must(t, root.SetPermission(t.Context(), at("/d/f"), 0o600))
	must(t, b.giveOut(t.Context(), w, func(f *BatchFile) error {
		if kindOf(f.Err) != AccessControl {
			t.Errorf("%d bytes, %v", len(f.content), f.Err)
		}
		return nil
	}))
}

// TestADamagedDirectoryOfABatchFailsAlone checks that files in other directories are read.
func TestADamagedDirectoryOfABatchFailsAlone(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/good/f", []byte("x"))
	s.put(t, "/d/bad/f", []byte("y"))
	fs.exec(t, `UPDATE inodes SET acl = 'nonsense' WHERE name = 'bad'`)
	all, err := readBatch(t.Context(), s, "/d/good/f", "/d/bad/f", "/d/good/none")
	must(t, err)
	if all[0].err != nil || all[0].content != "x" {
		t.Errorf("the good one: %q, %v", all[0].content, all[0].err)
	}
	if kindOf(all[1].err) != Internal {
		t.Errorf("the damaged one: %v", all[1].err)
	}
	if kindOf(all[2].err) != NotExist {
		t.Errorf("what is not there: %v", all[2].err)
	}
}

// TestABatchReadsWhatLiesDeep checks files that lie too deep to be looked up with others, and so are read alone.
func TestABatchReadsWhatLiesDeep(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for _, depth := range []int{batchDepth - 1, batchDepth, batchDepth + 30} {
		name := "/d" + strings.Repeat("/e", depth-2) + "/f"
		s.put(t, name, fmt.Append(nil, depth))
		all, err := readBatch(t.Context(), s, name)
		must(t, err)
		if all[0].err != nil || all[0].content != fmt.Sprint(depth) {
			t.Errorf("%d deep: %q, %v", depth, all[0].content, all[0].err)
		}
	}
}

// TestASearchForFilesIsBounded checks that a search stops as soon as there are too many files, or too many bytes of paths.
func TestASearchForFilesIsBounded(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for i := range 9 {
		s.put(t, fmt.Sprintf("/d/%d", i), nil)
	}
	few := &filesLister{s: s, q: FilesQuery{Most: 3}}
	if err := few.list(t.Context(), at("/d")); kindOf(err) != IO || !strings.Contains(err.Error(), "more than 3 files") || few.seen != 4 {
		t.Errorf("after %d entries: %v", few.seen, err)
	}
	short := &filesLister{s: s, q: FilesQuery{Most: 100}, bytes: filesBytes - 8*len("/d/0")}
	if err := short.list(t.Context(), at("/d")); kindOf(err) != IO || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("with too many bytes: %v", err)
	}
	// Directories wait, with their names in memory, until they are listed, whether these names match the pattern or not.
	for i := range 4 {
		s.put(t, fmt.Sprintf("/e/%d/f", i), nil)
		s.put(t, fmt.Sprintf("/e/%d/%d/f", i, i), nil)
	}
	const room = 4 * (1 + entryBytes) // for the four, which wait until the last of them is listed
	deep := &filesLister{s: s, q: FilesQuery{Most: 100, Below: true, Pattern: "f"}, waiting: filesWaiting - room - 1 - entryBytes}
	if err := deep.list(t.Context(), at("/e")); err != nil || len(deep.files) != 8 || deep.waiting != filesWaiting-room-1-entryBytes {
		t.Errorf("%d files, %d bytes wait, %v", len(deep.files), deep.waiting, err)
	}
	deep.waiting++
	if err := deep.list(t.Context(), at("/e")); kindOf(err) != IO || !strings.Contains(err.Error(), "directories to look into") {
		t.Errorf("with too many directories: %v", err)
	}
	deep = &filesLister{s: s, q: FilesQuery{Most: 100}, waiting: filesWaiting}
	must(t, deep.list(t.Context(), at("/e"))) // which looks into none
	short.bytes, short.files = filesBytes-9*len("/d/0"), nil
	if err := short.list(t.Context(), at("/d")); err != nil || len(short.files) != 9 {
		t.Errorf("%d files, %v", len(short.files), err)
	}
}

// TestAReaderWaitsForNobody checks that the access time of a file that somebody else has locked is left for the next read to renew.
func TestAReaderWaitsForNobody(t *testing.T) {
	fs, clock := trashFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("x"))
	clock.Add(2 * 3600)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	must(t, pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT FROM inodes WHERE name = 'f' FOR UPDATE`); err != nil {
			return err
		}
		read := make(chan error, 1)
		go func() {
			r, err := s.Open(ctx, at("/d/f"), 0, -1)
			if err == nil {
				err = r.Close()
			}
			read <- err
		}()
		select {
		case err := <-read:
			return err
		case <-time.After(10 * time.Second):
			t.Error("it waits for who holds the file")
			return nil
		}
	}))
}
