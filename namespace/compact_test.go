package namespace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
)

// A file that changes while it is being moved stays where it is, and is moved the next time.
func TestCompactionMeetsChanges(t *testing.T) {
	const files = 8
	for name, change := range map[string]func(t *testing.T, s *Session){
		"nothing": func(*testing.T, *Session) {},
		"delete":  func(t *testing.T, s *Session) { must(t, ignore(s.Delete(t.Context(), path(t, "/tmp/d/7"), false))) },
		"delete all": func(t *testing.T, s *Session) {
			must(t, ignore(s.Delete(t.Context(), path(t, "/tmp/d"), true)))
		},
		"truncate": func(t *testing.T, s *Session) { must(t, ignore(s.Truncate(t.Context(), path(t, "/tmp/d/7"), 100))) },
		"append": func(t *testing.T, s *Session) {
			must(t, s.Append(t.Context(), path(t, "/tmp/d/7"), -1, strings.NewReader("more")))
		},
		"overwrite": func(t *testing.T, s *Session) { s.put(t, "/tmp/d/7", []byte("other")) },
		"concat": func(t *testing.T, s *Session) {
			must(t, s.Concat(t.Context(), path(t, "/tmp/d/6"), []Path{path(t, "/tmp/d/7")}))
		},
		"move": func(t *testing.T, s *Session) {
			must(t, ignore(s.Rename(t.Context(), path(t, "/tmp/d/7"), path(t, "/tmp/d/x"))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var armed func()
			store := mem.New()
			fs := newFS(t, func(c *Config) {
				c.Store = blockstest.Faulty(store, blockstest.Before(blockstest.OpPut, 2, func(context.Context) error {
					armed()
					return nil
				}))
			})
			fs.still()
			fs.mediumFiles(t, "/tmp/d", files)
			s := fs.as(t, superuser)
			for i := range files - 2 {
				must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("/tmp/d/%d", i)), false)))
			}
			changed := false
			armed = func() {
				changed = true
				change(t, fs.as(t, superuser))
			}
			must(t, fs.Reap(t.Context()))
			if !changed {
				t.Fatal("nothing was put elsewhere")
			}
			fs.clean(t)
			want := map[string][]byte{"6": medium(6), "7": medium(7)}
			switch name {
			case "delete":
				delete(want, "7")
			case "delete all":
				clear(want)
			case "truncate":
				want["7"] = want["7"][:100]
			case "append":
				want["7"] = append(want["7"], "more"...)
			case "overwrite":
				want["7"] = []byte("other")
			case "concat":
				want["6"] = append(want["6"], want["7"]...)
				delete(want, "7")
			case "move":
				want["x"] = want["7"]
				delete(want, "7")
			}
			for range 3 {
				must(t, fs.Reap(t.Context()))
				fs.clean(t)
			}
			size := 0
			for file, content := range want {
				if got := s.get(t, "/tmp/d/"+file); !bytes.Equal(got, content) {
					t.Errorf("%s holds %d other bytes", file, len(got))
				}
				if len(content) > RowMax {
					size += len(content)
				}
			}
			if stored := fs.count(t, `SELECT coalesce(sum(size), 0) FROM blocks`); stored > 2*size {
				t.Errorf("%d bytes are stored for %d", stored, size)
			}
		})
	}
}

// A reader whose plan names a block that has been compacted and deleted since looks up the file again.
func TestAReaderOutlivesABlock(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	fs.mediumFiles(t, "/tmp/d", 4)
	fs.mediumFiles(t, "/tmp/e", 4)
	must(t, ignore(s.Rename(t.Context(), path(t, "/tmp/e/3"), path(t, "/tmp/d/other"))))
	must(t, s.Concat(t.Context(), path(t, "/tmp/d/3"), []Path{path(t, "/tmp/d/other")}))
	want := append(medium(3), medium(3)...)
	r, err := s.Open(t.Context(), path(t, "/tmp/d/3"), 0, -1)
	must(t, err)
	defer r.Close()
	got := make([]byte, 10)
	_, err = io.ReadFull(r, got)
	must(t, err)
	before := fs.count(t, `SELECT count(DISTINCT block_id) FROM extents WHERE off > 0`)
	for i := range 3 {
		for _, dir := range []string{"d", "e"} {
			must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("/tmp/%s/%d", dir, i)), false)))
		}
	}
	for range 3 {
		must(t, fs.Reap(t.Context()))
	}
	if got := fs.packs(t); got != "l1" || before != 1 {
		t.Errorf("blocks: %s", got)
	}
	rest, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(slices.Concat(got, rest), want) {
		t.Errorf("%d other bytes: %v", len(got)+len(rest), err)
	}
	fs.clean(t)
}

// So does a reader in the middle of a block, since a store may open the block anew for each part.
func TestAReaderOutlivesTheBlockItIsIn(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o755})))
	want := pattern(300 << 10)
	deeds := make([]func() error, 3)
	for i := range deeds {
		s := fs.as(t, superuser)
		deeds[i] = func() error {
			return ignore(s.Create(t.Context(), path(t, fmt.Sprintf("/tmp/d/%d", i)), CreateOptions{Mode: 0o644, Size: int64(len(want))}, bytes.NewReader(want)))
		}
	}
	must(t, errors.Join(fs.packed(t, deeds...)...))
	var files []string
	must(t, fs.db.QueryRow(t.Context(), `SELECT array_agg(i.name ORDER BY e.block_off) FROM extents e JOIN inodes i ON i.id = e.inode_id`).Scan(&files))
	r, err := s.Open(t.Context(), path(t, "/tmp/d/"+files[0]), 0, -1) // whose last package also holds the beginning of the next file
	must(t, err)
	defer r.Close()
	got := make([]byte, 10)
	_, err = io.ReadFull(r, got)
	must(t, err)
	for _, file := range files[1:] {
		must(t, ignore(s.Delete(t.Context(), path(t, "/tmp/d/"+file), false)))
	}
	was := fs.count(t, `SELECT count(*) FROM extents e JOIN blocks b ON b.id = e.block_id WHERE b.size > 600000`)
	for range 3 {
		must(t, fs.Reap(t.Context()))
	}
	if left := fs.count(t, `SELECT count(*) FROM blocks WHERE size > 600000`); was != 1 || left != 0 {
		t.Errorf("%d files in a large block, %d large blocks are left", was, left)
	}
	rest, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(slices.Concat(got, rest), want) {
		t.Errorf("%d other bytes: %v", len(got)+len(rest), err)
	}
	fs.clean(t)
}

// If there is no room to move what is left, garbage is still deleted; and a block that cannot be read holds up no other.
func TestCompactionThatFailsHoldsUpNothing(t *testing.T) {
	store := mem.New()
	full := true
	fs := newFS(t, func(c *Config) {
		c.Store = blockstest.Faulty(store, blockstest.Before(blockstest.OpPut, 3, func(context.Context) error {
			if full {
				return fmt.Errorf("full: %w", blocks.ErrNoSpace)
			}
			return nil
		}))
	})
	fs.still()
	s := fs.as(t, superuser)
	fs.mediumFiles(t, "/tmp/d", 4)
	fs.mediumFiles(t, "/tmp/e", 4)
	for i := range 3 {
		must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("/tmp/d/%d", i)), false)))
	}
	must(t, ignore(s.Delete(t.Context(), path(t, "/tmp/e"), true)))
	if err := fs.Reap(t.Context()); !errors.Is(err, blocks.ErrNoSpace) {
		t.Fatal(err)
	}
	if n := stored(t, store); n != 1 {
		t.Errorf("%d blocks are left, want the sparse one", n)
	}
	fs.checkMedium(t, "/tmp/d", 3)
	fs.mediumFiles(t, "/tmp/f", 4)
	for i := range 3 {
		must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("/tmp/f/%d", i)), false)))
	}
	var lost blocks.ID
	must(t, fs.db.QueryRow(t.Context(), `SELECT block_id FROM extents e JOIN inodes i ON i.id = e.inode_id WHERE i.name = '3' ORDER BY i.id LIMIT 1`).Scan(&lost))
	must(t, store.Delete(t.Context(), lost))
	for range 2 {
		must(t, fs.Reap(t.Context()))
	}
	fs.checkMedium(t, "/tmp/f", 3)
	if n := stored(t, store); n != 1 {
		t.Errorf("%d blocks, want what was put elsewhere", n)
	}
}

// awayStore fails to open one block.
type awayStore struct {
	blocks.Store
	away blocks.ID
}

func (s *awayStore) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	if id == s.away {
		return nil, syscall.EIO
	}
	return s.Store.Open(ctx, id, off, n)
}

// TestCompactionOfABlockThatCannotBeReadNow checks that a block is compacted later if it cannot be read for a while, and that one that
// stays unreadable holds up no other.
func TestCompactionOfABlockThatCannotBeReadNow(t *testing.T) {
	store := &awayStore{Store: mem.New()}
	clock := new(atomic.Int64)
	fs := newFS(t, func(c *Config) {
		c.Store, c.Now = store, func() time.Time { return time.Unix(clock.Load(), 0) }
	})
	fs.still()
	s := fs.as(t, superuser)
	for _, dir := range []string{"/tmp/d", "/tmp/e"} {
		fs.mediumFiles(t, dir, 4)
		for i := range 3 {
			must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("%s/%d", dir, i)), false)))
		}
	}
	sparse := func() int { return fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'l' AND live * 2 < size`) }
	must(t, fs.packer.tidy(t.Context()))
	must(t, fs.db.QueryRow(t.Context(), `SELECT min(id::text)::uuid FROM blocks WHERE state = 'l'`).Scan(&store.away))
	if err := fs.compactAll(t.Context()); !errors.Is(err, syscall.EIO) {
		t.Errorf("the store is away, and compaction says %v", err)
	}
	must(t, fs.compactAll(t.Context()))
	if n := sparse(); n != 1 {
		t.Errorf("%d blocks are sparse, want the one that cannot be read", n)
	}
	store.away = blocks.ID{}
	must(t, fs.compactAll(t.Context()))
	if n := sparse(); n != 1 {
		t.Errorf("%d blocks are sparse, want the one that is passed over for a while", n)
	}
	clock.Add(int64(compactPass / time.Second))
	must(t, fs.compactAll(t.Context()))
	if n := sparse(); n != 0 {
		t.Errorf("%d blocks are sparse although all can be read", n)
	}
	fs.checkMedium(t, "/tmp/d", 3)
	fs.checkMedium(t, "/tmp/e", 3)
}

// TestCompactionGoesRound checks that a round begins where the last one ended, and the next one at the first block.
func TestCompactionGoesRound(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	fs.mediumFiles(t, "/tmp/d", 4)
	for i := range 3 {
		must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("/tmp/d/%d", i)), false)))
	}
	must(t, fs.packer.tidy(t.Context()))
	for i := range fs.packer.compacting.after { // it is past every block, whatever ids they have
		fs.packer.compacting.after[i] = 255
	}
	for _, want := range []int{1, 0} {
		must(t, fs.compactAll(t.Context()))
		if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'l' AND live * 2 < size`); n != want {
			t.Errorf("%d blocks are sparse, want %d", n, want)
		}
	}
	fs.checkMedium(t, "/tmp/d", 3)
}
