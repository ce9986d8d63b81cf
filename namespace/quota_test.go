package namespace

import (
	"bytes"
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"
)

func pointer(n int64) *int64 { return &n }

// kindOfError returns the kind of a namespace error, and Internal for nil and others.
func kindOfError(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

func TestQuotaOfNames(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	ctx := t.Context()
	if _, err := s.Mkdirs(ctx, path(t, "/q/sub"), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetQuota(ctx, path(t, "/q"), QuotaChange{Names: pointer(4)}); err != nil {
		t.Fatal(err)
	}
	s.put(t, "/q/a", []byte("x"))
	s.put(t, "/q/a", []byte("again")) // an overwritten file counts once
	s.put(t, "/q/sub/b", nil)
	_, err := s.Create(ctx, path(t, "/q/c"), CreateOptions{Mode: 0o644, Size: -1}, bytes.NewReader(nil))
	if kindOfError(err) != QuotaNames {
		t.Fatalf("a fifth name: %v", err)
	}
	want := "The NameSpace quota (directories and files) of directory /q is exceeded: quota=4 file count=5"
	var e *Error
	if errors.As(err, &e); e.Msg != want {
		t.Errorf("got  %s\nwant %s", e.Msg, want)
	}
	s.put(t, "/other/x/y", []byte("1"))
	if _, err := s.Rename(ctx, path(t, "/other"), path(t, "/q/moved")); kindOfError(err) != QuotaNames {
		t.Fatalf("a subtree moved in: %v", err)
	}
	if ok, err := s.Rename(ctx, path(t, "/q/a"), path(t, "/q/sub/a")); !ok || err != nil {
		t.Fatalf("a move inside: %v %v", ok, err)
	}
	if ok, err := s.Delete(ctx, path(t, "/q/sub"), true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := s.Rename(ctx, path(t, "/other"), path(t, "/q/moved")); !ok || err != nil {
		t.Fatalf("room was made: %v %v", ok, err)
	}
	u, err := s.QuotaUsage(ctx, path(t, "/q"))
	if err != nil || u.Names != 4 || u.Space != 3 || u.NamesQuota != 4 || u.SpaceQuota != NoQuota {
		t.Fatalf("%+v %v", u, err)
	}
	if err := s.SetQuota(ctx, path(t, "/q"), QuotaChange{Names: pointer(NoQuota)}); err != nil {
		t.Fatal(err)
	}
	s.put(t, "/q/free", nil)
	fs.clean(t)
}

func TestQuotaOfSpace(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	ctx := t.Context()
	if _, err := s.Mkdirs(ctx, path(t, "/q"), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	const mib = 1 << 20
	if err := s.SetQuota(ctx, path(t, "/q"), QuotaChange{Space: pointer(2 * mib)}); err != nil {
		t.Fatal(err)
	}
	create := func(name string, size, replication int) error {
		_, err := s.Create(ctx, path(t, name), CreateOptions{Mode: 0o644, Size: -1, Replication: replication, BlockSize: mib, Overwrite: true},
			bytes.NewReader(pattern(size)))
		return err
	}
	if err := create("/q/f", 1000, 2); err != nil {
		t.Fatal(err)
	}
	// A block that is being written counts in full: there is no room for 2 MiB beside 2000 bytes.
	if err := create("/q/g", 1, 2); kindOfError(err) != QuotaSpace {
		t.Fatalf("a block in the making: %v", err)
	}
	if err := create("/q/g", 1, 1); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.SetReplication(ctx, path(t, "/q/f"), 4); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := s.Append(ctx, path(t, "/q/g"), -1, bytes.NewReader(pattern(500))); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Truncate(ctx, path(t, "/q/g"), 101); !ok || err != nil {
		t.Fatal(ok, err)
	}
	limit, used, ok, err := s.Space(ctx, path(t, "/q/g"))
	if err != nil || !ok || limit != 2*mib || used != 4*1000+101 {
		t.Fatal(limit, used, ok, err)
	}
	if err := create("/q/f", 10, 1); err != nil {
		t.Fatal(err)
	}
	if _, used, _, _ := s.Space(ctx, path(t, "/q")); used != 111 {
		t.Errorf("%d bytes count after an overwrite, want 111", used)
	}
	fs.clean(t)
	// The limit may be removed between the walk and the reading of the usage.
	fs.exec(t, `DELETE FROM usage`)
	if _, _, _, err := s.Space(ctx, path(t, "/q")); kindOfError(err) != Conflict {
		t.Errorf("space of a limit that goes: %v", err)
	}
	if _, err := s.QuotaUsage(ctx, path(t, "/q")); kindOfError(err) != Conflict {
		t.Errorf("usage of a limit that goes: %v", err)
	}
}

// TestQuotaOfHugeBlocks checks that the room for a block does not overflow, though its size may be as large as a number gets.
func TestQuotaOfHugeBlocks(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	ctx := t.Context()
	_, err := s.Mkdirs(ctx, path(t, "/q"), MkdirOptions{Mode: 0o755})
	must(t, err)
	must(t, s.SetQuota(ctx, path(t, "/q"), QuotaChange{Space: pointer(1 << 20)}))
	for _, size := range []int64{1 << 62, math.MaxInt64 &^ 511} {
		for _, replication := range []int{1, 3, MaxReplication} {
			_, err := s.Create(ctx, path(t, "/q/f"), CreateOptions{Mode: 0o644, Size: -1, Replication: replication, BlockSize: size}, bytes.NewReader(pattern(2<<20)))
			if kindOfError(err) != QuotaSpace {
				t.Errorf("blocks of %d, %d times: %v", size, replication, err)
			}
		}
	}
	if _, used, _, err := s.Space(ctx, path(t, "/q")); used != 0 || err != nil {
		t.Errorf("%d bytes count, %v", used, err)
	}
	fs.clean(t)
}

func TestQuotaIsExactUnderConcurrency(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	ctx := t.Context()
	if _, err := s.Mkdirs(ctx, path(t, "/q"), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetQuota(ctx, path(t, "/q"), QuotaChange{Names: pointer(21)}); err != nil {
		t.Fatal(err)
	}
	var made, refused int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s := fs.as(t, superuser)
			for j := range 5 {
				_, err := s.Create(ctx, path(t, "/q/"+string(rune('a'+i))+string(rune('0'+j))), CreateOptions{Mode: 0o644, Size: -1}, bytes.NewReader(nil))
				mu.Lock()
				switch {
				case err == nil:
					made++
				case kindOfError(err) == QuotaNames:
					refused++
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if made != 20 || refused != 20 {
		t.Errorf("%d files made and %d refused below a quota of 20", made, refused)
	}
	fs.clean(t)
}

func TestConcatAndTruncate(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	ctx := t.Context()
	var want []byte
	for _, f := range []struct {
		name string
		size int
	}{{"/c/a", 1000}, {"/c/b", 100_000}, {"/c/c", 70}, {"/c/d", 2<<20 + 3}} {
		s.put(t, f.name, pattern(f.size))
		want = append(want, pattern(f.size)...)
	}
	if err := s.Concat(ctx, path(t, "/c/a"), []Path{path(t, "/c/b"), path(t, "/c/c"), path(t, "/c/d")}); err != nil {
		t.Fatal(err)
	}
	if got := s.get(t, "/c/a"); !bytes.Equal(got, want) {
		t.Fatal("concatenated content differs")
	}
	fs.clean(t)
	for _, size := range []int{len(want) - 1, 101_075, 101_000, 100_500, 1001, 999, 1, 0} {
		if ok, err := s.Truncate(ctx, path(t, "/c/a"), int64(size)); !ok || err != nil {
			t.Fatal(size, ok, err)
		}
		if got := s.get(t, "/c/a"); !bytes.Equal(got, want[:size]) {
			t.Fatalf("content differs after a cut to %d", size)
		}
		if err := s.Append(ctx, path(t, "/c/a"), -1, bytes.NewReader([]byte("tail"))); err != nil {
			t.Fatal(err)
		}
		if got := s.get(t, "/c/a"); !bytes.Equal(got, append(want[:size:size], "tail"...)) {
			t.Fatalf("content differs after a cut to %d and an append", size)
		}
		fs.clean(t)
	}
}

// TestCountingHasItsTime checks that a count that takes too long fails with words that say so, and that it ends with its caller.
func TestCountingHasItsTime(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o755})))
	locked, err := fs.db.Begin(t.Context())
	must(t, err)
	defer locked.Rollback(t.Context())
	_, err = locked.Exec(t.Context(), `LOCK TABLE usage IN SHARE MODE`) // a statement that waits is one that takes long
	must(t, err)
	set := func(ctx context.Context) error {
		return s.SetQuota(ctx, path(t, "/d"), QuotaChange{Names: pointer(100)})
	}
	caller, leave := context.WithCancel(t.Context())
	defer leave()
	counts := make(chan error, 1)
	go func() { counts <- set(caller) }()
	for waiting := 0; waiting == 0; {
		waiting = fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	}
	leave()
	select {
	case err := <-counts:
		if err == nil {
			t.Error("it was done although its caller went")
		}
	case <-time.After(10 * time.Second):
		t.Error("it goes on although its caller went")
	}
	fs.countTime = 50 * time.Millisecond
	wantKind(t, "what takes too long", set(t.Context()), IO, "counting what is in the directory took longer than 50ms")
	must(t, locked.Rollback(t.Context()))
	fs.countTime = countTimeout
	must(t, set(t.Context()))
}
