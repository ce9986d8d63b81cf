package namespace

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
)

// crowd runs f in n goroutines, each with a number, and waits for them.
func crowd(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func TestOneOfManyCreationsWins(t *testing.T) {
	fs := newFS(t)
	const writers, rounds = 8, 10
	for round := range rounds {
		file := path(t, fmt.Sprintf("/tmp/round%d/f", round))
		var won atomic.Int64
		crowd(writers, func(i int) {
			content := bytes.Repeat([]byte{byte('a' + i)}, 100+i*10_000)
			_, err := fs.as(t, superuser).Create(t.Context(), file, CreateOptions{CreateParent: true, Mode: 0o644, Size: -1}, bytes.NewReader(content))
			switch kindOf(err) {
			case allowed:
				won.Add(1)
			case Exist:
			default:
				t.Error(err)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("%d of %d creations of one name succeeded", won.Load(), writers)
		}
		content := fs.as(t, superuser).get(t, file.String())
		if len(bytes.Trim(content, string(content[:1]))) != 0 || len(content) != 100+int(content[0]-'a')*10_000 {
			t.Fatal("the content is not one writer's")
		}
	}
	fs.clean(t)
}

func TestParallelAppendsFollowEachOther(t *testing.T) {
	fs := newFS(t)
	const writers, each = 8, 12
	fs.as(t, superuser).put(t, "/log", nil)
	// Pieces differ in length, and some are longer than what is kept inline.
	piece := func(i, j int) []byte {
		n := 50 + 10*i
		if j == each/2 {
			n += InlineMax
		}
		return bytes.Repeat([]byte{byte(i), byte(j)}, n)
	}
	crowd(writers, func(i int) {
		s := fs.as(t, superuser)
		for j := range each {
			p := piece(i, j)
			for {
				err := s.Append(t.Context(), path(t, "/log"), int64(len(p)), bytes.NewReader(p))
				if kindOf(err) == BeingWritten { // by whoever appends a long piece
					continue
				}
				if err != nil {
					t.Error(err)
				}
				break
			}
		}
	})
	rest := fs.as(t, superuser).get(t, "/log")
	next := [writers]int{}
	for len(rest) > 0 {
		i := int(rest[0])
		if i >= writers || next[i] >= each {
			t.Fatalf("a piece of writer %d where none is due", i)
		}
		want := piece(i, next[i])
		if !bytes.HasPrefix(rest, want) {
			t.Fatalf("piece %d of writer %d is broken up or out of order", next[i], i)
		}
		next[i]++
		rest = rest[len(want):]
	}
	for i, n := range next {
		if n != each {
			t.Errorf("%d of %d pieces of writer %d are there", n, each, i)
		}
	}
	fs.clean(t)
}

func TestOverlappingMkdirsAllSucceed(t *testing.T) {
	fs := newFS(t)
	const rounds = 10
	for round := range rounds {
		crowd(8, func(i int) {
			dir := path(t, fmt.Sprintf("/tmp/%d/a/b/c", round))
			if i%2 == 1 {
				dir = dir.add(fmt.Sprintf("d/e%d", i%4))
			}
			if ok, err := fs.as(t, superuser).Mkdirs(t.Context(), dir, MkdirOptions{Mode: 0o755}); !ok || err != nil {
				t.Error(ok, err)
			}
		})
		sum, err := fs.as(t, superuser).Summary(t.Context(), path(t, fmt.Sprintf("/tmp/%d", round)))
		if err != nil || sum.Directories != 7 {
			t.Fatalf("%+v, %v, want 7 directories", sum, err)
		}
	}
	fs.clean(t)
}

func TestNothingIsCreatedInADirectoryThatIsGone(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for round := range 30 {
		dir := path(t, fmt.Sprintf("/tmp/%d", round))
		if _, err := s.Mkdirs(t.Context(), dir, MkdirOptions{Mode: 0o755}); err != nil {
			t.Fatal(err)
		}
		var created, deleted bool
		crowd(2, func(i int) {
			var err error
			if i == 0 {
				_, err = fs.as(t, superuser).Create(t.Context(), dir.Join("f"), CreateOptions{Mode: 0o644, Size: -1}, bytes.NewReader([]byte("x")))
				created = err == nil
			} else {
				deleted, err = fs.as(t, superuser).Delete(t.Context(), dir, false)
			}
			if kind := kindOf(err); kind != allowed && kind != NotEmpty && kind != NotExist {
				t.Error(err)
			}
		})
		if created == deleted {
			t.Fatalf("created: %v, the directory deleted: %v", created, deleted)
		}
	}
	fs.clean(t)
}

// Directories that move into each other at random, on two servers, never form a cycle, and none is lost. PostgreSQL
// resolves deadlocks, and no caller gets to see them. GRANARY_MOVES says how many moves are tried.
func TestRenameStorm(t *testing.T) {
	servers := newServers(t, 2)
	servers[1].committer.most = 1 // the first commits together what waits
	fs := servers[0]
	const dirs, movers = 12, 8
	moves := wanted(t, "GRANARY_MOVES", 320)
	s := fs.as(t, superuser)
	for i := range dirs {
		s.put(t, fmt.Sprintf("/tmp/d%d/f", i), []byte{byte(i)})
	}
	// The current place of a directory is looked up, so that most moves are possible.
	find := func(s *Session, r *rand.Rand) Path {
		at := path(t, "/tmp")
		for {
			var below []Path
			err := s.List(t.Context(), at, func(e Status) error {
				if e.Dir {
					below = append(below, at.Join(e.Name))
				}
				return nil
			})
			if kind := kindOf(err); kind == NotExist || len(below) == 0 {
				return at
			} else if kind != allowed {
				t.Error(err)
			}
			at = below[r.IntN(len(below))]
			if r.IntN(2) == 0 {
				return at
			}
		}
	}
	choices := seed(t)
	var moved atomic.Int64
	crowd(movers, func(i int) {
		s, r := servers[i%2].as(t, superuser), rand.New(rand.NewPCG(choices, uint64(i)))
		for range moves / movers {
			ok, err := s.Rename(t.Context(), find(s, r), find(s, r))
			if err != nil {
				t.Error(err)
			}
			if ok {
				moved.Add(1)
			}
		}
	})
	var deadlocks int64
	if err := fs.db.QueryRow(t.Context(), `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&deadlocks); err != nil {
		t.Fatal(err)
	}
	t.Logf("soak: %d of %d moves of directories on two servers happened, the others were impossible; %d deadlocks were resolved", moved.Load(), moves, deadlocks)
	if moved.Load() < int64(moves/10) {
		t.Error("hardly anything moved; the storm proves nothing")
	}
	sum, err := s.Summary(t.Context(), path(t, "/"))
	if err != nil || sum.Directories != dirs+3 || sum.Files != dirs {
		t.Errorf("%+v, %v: want %d directories and %d files", sum, err, dirs+3, dirs)
	}
	fs.clean(t)
}
