package namespace

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"granary/auth"
	"granary/auth/perm"
)

// deed is one operation in a scene. Its reply is what the caller learns, in words.
type deed struct {
	name string
	// atOnce marks what decides and acts in one transaction, and so has no moment between.
	atOnce bool
	// leased marks what acts twice, first for a lease.
	leased bool
	do     func(ctx context.Context, sc *scene, fs *FS) string
}

// scene is a project with a small tree that two deeds meet in:
//
//	a         root:team rwxrwx---
//	a/d       root:team rwxrwx---
//	a/d/f     bob, some content
//	a/d/e     bob, an empty directory
//	a/d/s/x   bob
//
// bob is a scientist of the project and in the group team, and needs both to get to a/d.
type scene struct {
	project string
	root    auth.Principal
	bob     auth.Principal
}

func (sc *scene) path(name string) Path { return Path{ProjectsDir + "/" + sc.project + "/a"}.add(name) }

// add returns the path of what lies at name below p.
func (p Path) add(name string) Path {
	for part := range strings.SplitSeq(name, "/") {
		if part != "" {
			p = p.Join(part)
		}
	}
	return p
}

// byBob and byRoot make deeds of calls.
func byBob[T any](name string, do func(ctx context.Context, s *Session, sc *scene) (T, error)) deed {
	return deed{name: name, do: func(ctx context.Context, sc *scene, fs *FS) string {
		return inWords(do(ctx, fs.As(sc.bob), sc))
	}}
}

func byRoot[T any](name string, do func(ctx context.Context, s *Session, sc *scene) (T, error)) deed {
	return deed{name: name, do: func(ctx context.Context, sc *scene, fs *FS) string {
		return inWords(do(ctx, fs.As(sc.root), sc))
	}}
}

// inWords is a reply as the caller sees it. Ids and times differ between scenes and are left out.
func inWords[T any](answer T, err error) string {
	if err != nil {
		var unexpected string
		if kind := kindOf(err); kind == Internal || kind == Conflict || kind == Unavailable {
			unexpected = ": " + err.Error()
		}
		return kindOf(err).String() + unexpected
	}
	if status, ok := any(answer).(Status); ok {
		return fmt.Sprintf("status of %d bytes", status.Size)
	}
	return fmt.Sprint(answer)
}

// quiet is the answer of operations that have none.
type quiet struct{}

func creation(name, path string, content []byte) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (Status, error) {
		o := CreateOptions{Overwrite: strings.Contains(name, "overwrite"), Mode: 0o664, Size: -1}
		return s.Create(ctx, sc.path(path), o, bytes.NewReader(content))
	})
}

func appending(name, path string, content []byte) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.Append(ctx, sc.path(path), int64(len(content)), bytes.NewReader(content))
	})
}

func makingDirs(path string) deed {
	return byBob("mkdirs "+path, func(ctx context.Context, s *Session, sc *scene) (bool, error) {
		return s.Mkdirs(ctx, sc.path(path), MkdirOptions{Mode: 0o775})
	})
}

func renaming(kind, src, dst string) deed {
	return byBob("rename "+kind+" "+src+" to "+dst, func(ctx context.Context, s *Session, sc *scene) (bool, error) {
		return s.Rename(ctx, sc.path(src), sc.path(dst))
	})
}

func replacing(src, dst string) deed {
	return byBob("move "+src+" over "+dst, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.Move(ctx, sc.path(src), sc.path(dst), MoveOptions{Overwrite: true})
	})
}

func deleting(name, path string, recursive bool) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (bool, error) {
		return s.Delete(ctx, sc.path(path), recursive)
	})
}

func chmod(name, path string, mode perm.Mode) deed {
	return byRoot(name, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.SetPermission(ctx, sc.path(path), mode)
	})
}

// deeds returns everything that the pairs are made of.
func deeds(authority *auth.Authority) []deed {
	large := pattern(InlineMax + 5000)
	return append(leaseDeeds(), []deed{
		creation("create", "d/new", []byte("created")),
		creation("create in the empty directory", "d/e/in", []byte("created")),
		creation("overwrite", "d/f", []byte("overwritten")),
		creation("overwrite with blocks", "d/f", large),
		appending("append", "d/f", []byte(" and appended")),
		leased(appending("append blocks", "d/f", large)),
		makingDirs("d/new/deep"),
		makingDirs("d/e/in"),
		renaming("file", "d/f", "d/e/f"),
		renaming("file", "d/f", "d/g"),
		renaming("directory", "d/s", "d/e/s"),
		renaming("directory", "d/e", "d/s/e"),
		renaming("directory", "d", "z"),
		replacing("d/f", "d/s/x"),
		replacing("d/s", "d/e"),
		deleting("delete", "d/f", false),
		deleting("delete directory", "d/s", true),
		deleting("delete empty directory", "d/e", false),
		byRoot("delete parent", func(ctx context.Context, s *Session, sc *scene) (bool, error) {
			return s.Delete(ctx, sc.path("d"), true)
		}),
		chmod("chmod file", "d/f", 0o400),
		chmod("chmod parent", "d", 0o700),
		chmod("chmod ancestor", "", 0o700),
		byRoot("setfacl parent", func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
			return quiet{}, s.ModifyACL(ctx, sc.path("d"), []perm.Entry{{Type: perm.User, Name: sc.bob.User, Perm: perm.None}})
		}),
		byRoot("chgrp parent", func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
			return quiet{}, s.SetOwner(ctx, sc.path("d"), "", "nobody")
		}),
		byBob("set replication", func(ctx context.Context, s *Session, sc *scene) (bool, error) {
			return s.SetReplication(ctx, sc.path("d/f"), 1)
		}),
		{name: "remove member", atOnce: true, do: func(ctx context.Context, sc *scene, fs *FS) string {
			return inWords(quiet{}, fs.RemoveMember(ctx, sc.project, sc.bob.User))
		}},
		{name: "remove from group", atOnce: true, do: func(ctx context.Context, sc *scene, _ *FS) string {
			return inWords(quiet{}, authority.SetGroups(ctx, sc.bob.User, nil))
		}},
	}...)
}

// stage is two servers over one database, on which scenes are set.
type stage struct {
	servers [2]*FS
	auth    *auth.Authority
	number  *atomic.Int64 // of the last scene
}

// newStages opens n stages over one database.
func newStages(t *testing.T, n int, unlocked bool) (*testFS, []*stage) {
	t.Helper()
	var config Config
	first := newFS(t, func(c *Config) { config = *c })
	if err := first.auth.AddUser(t.Context(), auth.User{Name: "boss"}); err != nil {
		t.Fatal(err)
	}
	stages, number := make([]*stage, n), new(atomic.Int64)
	for i := range stages {
		stages[i] = &stage{auth: first.auth, number: number}
		for j := range stages[i].servers {
			fs, err := Open(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { fs.Close() })
			fs.unlocked = unlocked
			stages[i].servers[j] = fs
		}
	}
	return first, stages
}

// set sets a scene.
func (st *stage) set(ctx context.Context) (*scene, error) {
	n := st.number.Add(1)
	sc, bob := &scene{project: fmt.Sprintf("p%d", n)}, fmt.Sprintf("bob%d", n)
	fs := st.servers[0]
	fs.decided = func(string, Path) {}
	if err := st.auth.AddUser(ctx, auth.User{Name: bob, Groups: []string{"team"}}); err != nil {
		return nil, err
	}
	var err error
	if sc.root, err = st.auth.Simple(ctx, superuser); err != nil {
		return nil, err
	}
	if sc.bob, err = st.auth.Simple(ctx, bob); err != nil {
		return nil, err
	}
	if err := fs.CreateProject(ctx, sc.project, "boss"); err != nil {
		return nil, err
	}
	if err := fs.AddMember(ctx, sc.project, bob, Scientist); err != nil {
		return nil, err
	}
	s := fs.As(sc.root)
	if _, err := s.Mkdirs(ctx, sc.path("d"), MkdirOptions{Mode: 0o770}); err != nil {
		return nil, err
	}
	for _, dir := range []string{"", "d"} {
		if err := s.SetOwner(ctx, sc.path(dir), "", "team"); err != nil {
			return nil, err
		}
	}
	s = fs.As(sc.bob)
	if _, err := s.Mkdirs(ctx, sc.path("d/e"), MkdirOptions{Mode: 0o775}); err != nil {
		return nil, err
	}
	for _, file := range []string{"d/f", "d/s/x"} {
		_, err := s.Create(ctx, sc.path(file), CreateOptions{CreateParent: true, Mode: 0o664, Size: -1}, strings.NewReader("content of "+file))
		if err != nil {
			return nil, err
		}
	}
	return sc, nil
}

// look describes everything in the scene, ids and times left out.
func (st *stage) look(ctx context.Context, sc *scene) (string, error) {
	var b strings.Builder
	s := st.servers[0].As(sc.root)
	var walk func(path Path) error
	walk = func(path Path) error {
		return s.List(ctx, path, func(e Status) error {
			at := path.Join(e.Name)
			fmt.Fprintf(&b, "%s %v %s:%s %s %v %d bytes, %d copies, %d children", strings.TrimPrefix(at.String(), sc.path("").String()), e.Dir,
				strings.TrimRight(e.Owner, "0123456789"), strings.TrimRight(e.Group, "0123456789"), e.Perms.Mode, len(e.Perms.Entries()), e.Size, e.Replication, e.Children)
			if !e.Dir {
				content, err := read(ctx, s, at)
				if err != nil {
					return err
				}
				fmt.Fprintf(&b, " %x", sha256.Sum256(content))
			}
			b.WriteByte('\n')
			if e.Dir {
				return walk(at)
			}
			return nil
		})
	}
	err := walk(Path{ProjectsDir + "/" + sc.project})
	return b.String(), err
}

// read reads a whole file.
func read(ctx context.Context, s *Session, path Path) ([]byte, error) {
	r, err := s.Open(ctx, path, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(r)
	return b.Bytes(), err
}
