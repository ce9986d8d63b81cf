package namespace

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"

	"pgregory.net/rapid"
)

// hold compares an answer with the model's. An operation that failed must have changed nothing.
func (x *machine) hold(t *rapid.T, err error, want Kind, answers ...any) {
	t.Helper()
	if got := kindOf(err); got != want {
		t.Fatalf("failed with %q (%v), want %q", kindText(got), err, kindText(want))
	}
	left := x.traces(t)
	if want != allowed {
		if len(left) > 0 {
			t.Fatalf("failed with %q and left %q", kindText(want), left)
		}
		x.failures++
		x.refused[kindText(want)]++
		return
	}
	for i := 0; i < len(answers); i += 2 {
		if got, want := answers[i], answers[i+1]; !reflect.DeepEqual(got, want) {
			t.Fatalf("answered %+v, want %+v", got, want)
		}
	}
}

// traces returns what has changed in the database since it was last asked.
func (x *machine) traces(t *rapid.T) []string {
	t.Helper()
	left, err := x.tracer.traces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// kindOf returns the kind of a failure, and allowed if there is none.
func kindOf(err error) Kind {
	if err == nil {
		return allowed
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

func kindText(k Kind) string {
	if k == allowed {
		return "nothing"
	}
	return k.String()
}

// shown is the part of a status that the model predicts.
type shown struct {
	Dir          bool
	Size         int64
	Owner, Group string
	Mode         string
	ACL          []string
	MTime, ATime int64
	Replication  int
	BlockSize    int64
	Children     int64
	Policy       int
}

func showStatus(s Status) shown {
	return shown{s.Dir, s.Size, s.Owner, s.Group, s.Perms.Mode.String(), s.Perms.Entries(), s.MTime, s.ATime, s.Replication, s.BlockSize, s.Children, s.Policy}
}

func (n *modelNode) show() shown {
	return shown{
		n.dir, int64(len(n.content)), n.owner, n.group, n.mode().String(), n.entries(), n.mtime, n.atime, n.replication, n.blockSize,
		int64(len(n.children)), modelPolicies[n.storagePolicy()].id,
	}
}

// same compares a status with the model's, and its id with the one that the inode has had so far.
func (x *machine) same(t *rapid.T, path string, got Status, n *modelNode) {
	t.Helper()
	if n == nil {
		t.Fatalf("%s: there, but not in the model", path)
	}
	if got, want := showStatus(got), n.show(); !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", path, got, want)
	}
	switch {
	case n.id == got.ID:
	case n.id != 0:
		t.Fatalf("%s: id %d became %d", path, n.id, got.ID)
	case x.seen[got.ID]:
		t.Fatalf("%s: id %d was another inode's", path, got.ID)
	}
	n.id = got.ID
	x.seen[got.ID] = true
}

// compareTree compares the whole tree.
func (x *machine) compareTree(t *rapid.T) {
	t.Helper()
	s := x.as(superuser)
	for _, top := range x.tops {
		n := x.model.walk(top).node()
		if n == nil {
			if _, err := s.Stat(t.Context(), x.path(top)); kindOf(err) != NotExist {
				t.Fatalf("%s: should be gone: %v", top, err)
			}
			continue
		}
		status, err := s.Stat(t.Context(), x.path(top))
		if err != nil {
			t.Fatal(err)
		}
		x.same(t, top, status, n)
		x.compareBelow(t, s, top, n)
	}
}

func (x *machine) compareBelow(t *rapid.T, s *Session, path string, n *modelNode) {
	t.Helper()
	if !n.dir {
		if got := x.content(t, s, path); !bytes.Equal(got, n.content) {
			t.Fatalf("%s: its content (%d bytes) is not the model's (%d bytes)", path, len(got), len(n.content))
		}
		x.model.read(n)
		return
	}
	var names []string
	err := s.List(t.Context(), x.path(path), func(status Status) error {
		names = append(names, status.Name)
		x.same(t, path+"/"+status.Name, status, n.children[status.Name])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Sorted(maps.Keys(n.children)); !slices.Equal(names, want) {
		t.Fatalf("%s: lists %q, want %q", path, names, want)
	}
	for _, name := range names {
		x.compareBelow(t, s, path+"/"+name, n.children[name])
	}
}

func (x *machine) content(t *rapid.T, s *Session, path string) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), x.path(path), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return got
}
