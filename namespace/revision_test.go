package namespace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// in and notIn are conditions: the file is in one of these revisions, or in none.
func in(some ...Revision) Condition { return Condition{Match: &Revisions{Some: some}} }

func notIn(some ...Revision) Condition { return Condition{NoneMatch: &Revisions{Some: some}} }

var (
	there   = Condition{Match: &Revisions{Any: true}}
	missing = Condition{NoneMatch: &Revisions{Any: true}}
)

// writes are the operations that write content, each on a file.
var writes = map[string]func(ctx context.Context, s *Session, file Path) error{
	"create": func(ctx context.Context, s *Session, file Path) error {
		_, err := s.Create(ctx, file, CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}, strings.NewReader("created"))
		return err
	},
	"create blocks": func(ctx context.Context, s *Session, file Path) error {
		_, err := s.Create(ctx, file, CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}, bytes.NewReader(pattern(InlineMax+9)))
		return err
	},
	"append": func(ctx context.Context, s *Session, file Path) error {
		return s.Append(ctx, file, -1, strings.NewReader("appended"))
	},
	"append blocks": func(ctx context.Context, s *Session, file Path) error {
		return s.Append(ctx, file, -1, bytes.NewReader(pattern(InlineMax+9)))
	},
	"truncate": func(ctx context.Context, s *Session, file Path) error {
		_, err := s.Truncate(ctx, file, 1)
		return err
	},
	"concat": func(ctx context.Context, s *Session, file Path) error {
		part := file.Parent().Join("part " + uuid.NewString())
		if _, err := s.fs.As(s.p).Create(ctx, part, CreateOptions{Mode: 0o644, Size: -1}, strings.NewReader("part")); err != nil {
			return err
		}
		return s.Concat(ctx, file, []Path{part})
	},
	"delete": func(ctx context.Context, s *Session, file Path) error {
		_, err := s.Delete(ctx, file, false)
		return err
	},
}

func TestRevisionsAreText(t *testing.T) {
	for text, want := range map[string]Revision{"16400-3": {16400, 3}, "1-1": {1, 1}, "9223372036854775807-2": {9223372036854775807, 2}} {
		if got, ok := ParseRevision(text); !ok || got != want || got.String() != text {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "-", "16400", "16400-", "-3", "+1-3", "01-3", "1-03", "1-2-3", "1--2", "a-b", " 1-2", "9223372036854775808-1"} {
		if got, ok := ParseRevision(text); ok {
			t.Errorf("%q is %v; want none", text, got)
		}
	}
}

// A write happens if its condition holds, and not otherwise.
func TestWritesUnderConditions(t *testing.T) {
	fs := newFS(t)
	for name, write := range writes {
		try := func(c Condition, want Kind) {
			t.Helper()
			file := path(t, "/tmp/"+name+"/f")
			now := fs.as(t, superuser).put(t, file.String(), []byte("content")).Revision()
			for _, set := range []*Revisions{c.Match, c.NoneMatch} {
				if set != nil {
					for i, r := range set.Some {
						if r.Inode == 0 {
							set.Some[i] = now
						}
					}
				}
			}
			err := write(t.Context(), fs.as(t, superuser).If(c), file)
			if kindOf(err) != want {
				t.Errorf("%s under %+v: %v; want %s", name, c, err, want)
			}
			var m *MismatchError
			if want == Precondition && (!errors.As(err, &m) || m.Now != now || !strings.Contains(err.Error(), now.String())) {
				t.Errorf("%s: %v does not name the revision %s", name, err, now)
			}
			after, err := fs.as(t, superuser).Stat(t.Context(), file)
			if changed := err != nil || after.Revision() != now; changed != (want == allowed) {
				t.Errorf("%s under %+v: changed: %v", name, c, changed)
			}
		}
		var now Revision // stands for the current revision of the file
		old := Revision{1, 1}
		try(in(now), allowed)
		try(in(old, now), allowed)
		try(there, allowed)
		try(notIn(old), allowed)
		try(in(old), Precondition)
		try(in(), Precondition)
		try(notIn(old, now), Precondition)
		try(missing, Precondition)
	}
	fs.clean(t)
}

// A condition can require that there is no file.
func TestConditionsOnWhatIsMissing(t *testing.T) {
	fs := newFS(t)
	file, some := path(t, "/tmp/missing"), Revision{1, 1}
	for name, want := range map[string]Kind{
		"create": Precondition, "create blocks": Precondition, "append": NotExist, "append blocks": NotExist,
		"truncate": NotExist, "delete": Precondition,
	} {
		for _, c := range []Condition{there, in(some)} {
			if err := writes[name](t.Context(), fs.as(t, superuser).If(c), file); kindOf(err) != want {
				t.Errorf("%s: %v; want %s", name, err, want)
			}
		}
	}
	for _, name := range []string{"create", "delete", "create blocks", "delete"} {
		if err := writes[name](t.Context(), fs.as(t, superuser).If(missing), file); err != nil && name != "delete" {
			t.Errorf("%s of what is missing: %v", name, err)
		}
		if _, err := fs.as(t, superuser).Delete(t.Context(), file, false); err != nil {
			t.Fatal(err)
		}
	}
}

// A condition that names the revision replaces a file without Overwrite. Rights are checked before conditions.
func TestConditionsAndOptions(t *testing.T) {
	fs := newFS(t)
	root, eve := fs.as(t, superuser), fs.as(t, "eve", "others")
	now := root.put(t, "/tmp/f", []byte("x")).Revision()
	create := func(s *Session, o CreateOptions) error {
		o.Mode, o.Size = 0o644, -1
		_, err := s.Create(t.Context(), at("/tmp/f"), o, strings.NewReader("y"))
		return err
	}
	if err := create(eve.If(in(now)), CreateOptions{Overwrite: true}); kindOf(err) != AccessControl {
		t.Errorf("by who may not: %v", err)
	}
	if err := create(eve.If(in(Revision{1, 1})), CreateOptions{Overwrite: true}); kindOf(err) != AccessControl {
		t.Errorf("by who may not, with a condition that does not hold: %v", err)
	}
	if err := create(root.If(notIn(Revision{1, 1})), CreateOptions{}); kindOf(err) != Exist {
		t.Errorf("without overwriting: %v", err)
	}
	if err := create(fs.as(t, superuser).If(in(now)), CreateOptions{}); err != nil {
		t.Errorf("in the place of the revision that the condition names: %v", err)
	}
	if _, err := fs.as(t, superuser).If(missing).Open(t.Context(), at("/tmp/f"), 0, -1); kindOf(err) != Precondition {
		t.Errorf("reading what should not be there: %v", err)
	}
}

// If many writers on two servers want to replace the same revision, one succeeds, whatever they write.
func TestOneOfManyConditionalWritesWins(t *testing.T) {
	servers := newServers(t, 2)
	const writers, rounds = 16, 3
	for name, write := range writes {
		for round := range rounds {
			file := path(t, fmt.Sprintf("/tmp/%s/%d/f", name, round))
			now := servers[0].as(t, superuser).put(t, file.String(), []byte("content")).Revision()
			var won atomic.Int64
			crowd(writers, func(i int) {
				switch err := write(t.Context(), servers[i%2].as(t, superuser).If(in(now)), file); kindOf(err) {
				case allowed:
					won.Add(1)
				case Precondition:
				case BeingWritten: // by a long append, which wins if it ends well
				default:
					t.Errorf("%s: %v", name, err)
				}
			})
			if won.Load() != 1 {
				t.Errorf("%s: %d of %d writers replaced the same revision", name, won.Load(), writers)
			}
		}
	}
	servers[0].clean(t)
}

// A counter in a file that is changed by compare-and-set loses no count.
func TestCountingByCompareAndSet(t *testing.T) {
	servers := newServers(t, 2)
	const writers, each = 16, 5
	servers[0].as(t, superuser).put(t, "/tmp/n", []byte("0"))
	var lost atomic.Int64
	crowd(writers, func(i int) {
		fs := servers[i%2]
		for counted := 0; counted < each; {
			r, err := fs.as(t, superuser).Open(t.Context(), at("/tmp/n"), 0, -1)
			if err != nil {
				t.Error(err)
				return
			}
			var text [20]byte
			size, err := fill(r, text[:])
			if err != nil {
				t.Error(err)
				return
			}
			n, err := strconv.Atoi(string(text[:size]))
			if err != nil {
				t.Error(err)
				return
			}
			next := strings.NewReader(strconv.Itoa(n + 1))
			_, err = fs.as(t, superuser).If(in(r.Status().Revision())).Create(t.Context(), at("/tmp/n"), CreateOptions{Mode: 0o644, Size: -1}, next)
			switch kindOf(err) {
			case allowed:
				counted++
			case Precondition:
				lost.Add(1)
			default:
				t.Error(err)
				return
			}
		}
	})
	if got := string(servers[1].as(t, superuser).get(t, "/tmp/n")); got != strconv.Itoa(writers*each) {
		t.Errorf("counted to %s, want %d", got, writers*each)
	}
	t.Logf("%d of the tries came too late", lost.Load())
}

// A retry is told that it has won, although its condition no longer holds.
func TestConditionalWriteIsRepeatable(t *testing.T) {
	fs := newFS(t)
	for _, name := range []string{"create", "append", "append blocks"} {
		now := fs.as(t, superuser).put(t, "/tmp/f", []byte("x")).Revision()
		ctx := WithOperation(t.Context(), uuid.New())
		for range 2 {
			if err := writes[name](ctx, fs.as(t, superuser).If(in(now)), at("/tmp/f")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := writes[name](t.Context(), fs.as(t, superuser).If(in(now)), at("/tmp/f")); kindOf(err) != Precondition {
			t.Errorf("%s by another request: %v", name, err)
		}
	}
}

// The answer to a write names the revision that it made, and so does the answer to a retry.
func TestAnswersNameTheRevision(t *testing.T) {
	fs := newFS(t)
	same := func(what string, got Status) {
		t.Helper()
		want, err := fs.as(t, superuser).Stat(t.Context(), at("/tmp/f"))
		if err != nil || got.Revision() != want.Revision() || got.Size != want.Size {
			t.Errorf("%s answers %+v; it is %+v, %v", what, got, want, err)
		}
	}
	same("create", fs.as(t, superuser).put(t, "/tmp/f", []byte("x")))
	for _, size := range []int{3, InlineMax + 1} {
		ctx := WithOperation(t.Context(), uuid.New())
		for range 2 {
			got, err := fs.as(t, superuser).AppendTo(ctx, at("/tmp/f"), 0, -1, bytes.NewReader(pattern(size)))
			if err != nil {
				t.Fatal(err)
			}
			same("append", got)
		}
	}
	if _, err := fs.as(t, superuser).Delete(t.Context(), at("/tmp/f"), false); err != nil {
		t.Fatal(err)
	}
	o := CreateOptions{Mode: 0o644, Size: -1}
	var err error
	if o.Lease, err = fs.as(t, superuser).If(missing).Promise(t.Context(), at("/tmp/f"), o); err != nil {
		t.Fatal(err)
	}
	if _, err := fs.as(t, superuser).If(there).Create(t.Context(), at("/tmp/f"), o, strings.NewReader("x")); kindOf(err) != Precondition {
		t.Errorf("a promised file counts as there: %v", err)
	}
	if _, err := fs.as(t, "mallory", "team").If(missing).Promise(t.Context(), at("/tmp/f"), o); kindOf(err) != BeingWritten {
		t.Errorf("a promise to somebody else: %v", err)
	}
	got, err := fs.as(t, superuser).If(missing).Create(t.Context(), at("/tmp/f"), o, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	same("a promise that was kept", got)
}
