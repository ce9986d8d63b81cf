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
)

// scene is a project with a small tree that two deeds meet in:
//
//	a         root:team rwxrwx---
//	a/d       root:team rwxrwx---
//	a/d/f     bob, some content
//	a/d/e     bob, an empty directory
//	a/d/s/x   bob
//	a/d/s/y   bob
//	a/d/q     bob, with room for one more name and hardly one more block
//	a/d/q/z   bob
//
// bob is a scientist of the project and in the group team, and needs both to get to a/d.
type scene struct {
	project string
	root    auth.Principal
	bob     auth.Principal
	*lent   // nil unless it is about shares
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

// stage is two servers over one database, on which scenes are set.
type stage struct {
	servers [2]*FS
	auth    *auth.Authority
	number  *atomic.Int64 // of the last scene

	quinn, pat auth.Principal // whom scenes share with
	other      string         // quinn's project
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
		if err := stages[i].invite(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	return first, stages
}

// invite makes the people whom the scenes of the stage share with.
func (st *stage) invite(ctx context.Context, i int) (err error) {
	for name, p := range map[string]*auth.Principal{"quinn": &st.quinn, "pat": &st.pat} {
		name = fmt.Sprintf("%s%d", name, i)
		if err := st.auth.AddUser(ctx, auth.User{Name: name}); err != nil {
			return err
		}
		if *p, err = st.auth.Simple(ctx, name); err != nil {
			return err
		}
	}
	st.other = fmt.Sprintf("other%d", i)
	return st.servers[0].makeProject(ctx, st.other, st.quinn.User)
}

// setFor sets a scene for a pair of deeds.
func (st *stage) setFor(ctx context.Context, pair [2]deed) (*scene, error) {
	sc, err := st.set(ctx)
	if err == nil && (pair[0].lends || pair[1].lends) {
		err = st.lend(ctx, sc)
	}
	return sc, err
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
	if err := fs.makeProject(ctx, sc.project, "boss"); err != nil {
		return nil, err
	}
	if err := fs.setMember(ctx, sc.project, bob, Scientist); err != nil {
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
	for _, file := range []string{"d/f", "d/s/x", "d/s/y", "d/q/z"} {
		o := CreateOptions{CreateParent: true, Mode: 0o664, Replication: 2, BlockSize: 512, Size: -1}
		_, err := s.Create(ctx, sc.path(file), o, strings.NewReader("content of "+file))
		if err != nil {
			return nil, err
		}
	}
	// A block counts in full while it is written: beside it there is room for what z holds, and for 10 bytes.
	const room = 2 * (int64(len("content of d/q/z")) + 512 + 10)
	change := QuotaChange{Names: pointer(3), Space: pointer(room), Types: map[string]int64{"DISK": room, "ARCHIVE": room}}
	return sc, fs.As(sc.root).SetQuota(ctx, sc.path("d/q"), change)
}

// look describes everything in the scene, except ids and times.
func (st *stage) look(ctx context.Context, sc *scene) (string, error) {
	var b strings.Builder
	s := st.servers[0].As(sc.root)
	var walk func(path Path) error
	walk = func(path Path) error {
		return s.List(ctx, path, func(e Status) error {
			at := path.Join(e.Name)
			fmt.Fprintf(&b, "%s %v %s:%s %s %v %d bytes, %d copies, %d children", strings.TrimPrefix(at.String(), sc.path("").String()), e.Dir,
				strings.TrimRight(e.Owner, "0123456789"), strings.TrimRight(e.Group, "0123456789"), e.Perms.Mode, len(e.Perms.Entries()), e.Size, e.Replication, e.Children)
			if err := describeRest(ctx, &b, s, at, e); err != nil {
				return err
			}
			b.WriteByte('\n')
			if e.Dir {
				return walk(at)
			}
			return nil
		})
	}
	err := walk(Path{ProjectsDir + "/" + sc.project})
	if err == nil && sc.lent != nil {
		err = st.describeShares(ctx, &b, sc)
	}
	return b.String(), err
}

// describeRest describes what the status of path, which is e, leaves out.
func describeRest(ctx context.Context, b *strings.Builder, s *Session, path Path, e Status) error {
	x, err := s.Xattrs(ctx, path, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, ", policy %d, attributes %v", e.Policy, x)
	if e.Dir {
		usage, err := s.QuotaUsage(ctx, path)
		fmt.Fprintf(b, ", %+v", usage)
		return err
	}
	content, err := read(ctx, s, path)
	if err != nil {
		return err
	}
	sum, err := s.Checksum(ctx, path)
	fmt.Fprintf(b, " %x, %v", sha256.Sum256(content), sum)
	return err
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
