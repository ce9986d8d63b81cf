package namespace

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"

	"granary/auth/perm"
)

// A history is what clients asked of servers at the same time, and what they were told. It is right if its operations can be
// put in an order, each between its call and its return, in which the sequential model of TestModel gives the same answers.

// step is an operation of a history.
type step struct {
	name string
	ask  func(ctx context.Context, s *Session) reply
	spec func(m *model, got reply) reply // may take the id of a new inode from got
}

// reply is what a client learns. Times are left out of it; the clock of a history stands still.
type reply struct {
	kind   Kind
	answer string
	id     int64 // of the inode that the operation found or made; 0: none was told
}

func (r reply) String() string {
	text := kindText(r.kind)
	if r.kind == allowed {
		text = r.answer
	}
	if r.id != 0 {
		text += fmt.Sprintf(" (inode %d)", r.id)
	}
	return text
}

// heard makes a reply of an answer. Answers of which the model gives none are quoted.
func heard(err error, answer any) reply {
	r := reply{kind: kindOf(err)}
	switch r.kind {
	case allowed:
		r.answer = fmt.Sprint(answer)
	case Internal, Conflict, Unavailable:
		r.answer = err.Error()
	default: // the kind says it all
	}
	return r
}

// foretold makes a reply of what the model answers.
func foretold(kind Kind, answer any) reply {
	r := reply{kind: kind}
	if kind == allowed {
		r.answer = fmt.Sprint(answer)
	}
	return r
}

// met checks that a node keeps its id. The first reply with the id of a node that mkdirs made determines it.
func (n *modelNode) met(got reply) int64 {
	if n.id == 0 {
		n.id = got.id
	}
	return n.id
}

// place is a tiny tree, so that clients often meet: two directories, one of which may come to lie in the other, and a
// few names for files.
type place struct {
	top string
	r   *rand.Rand
}

func (p *place) pick(below ...string) string { return p.top + below[p.r.IntN(len(below))] }

func (p *place) file() string { return p.pick("/a", "/d/a", "/d/a", "/d/b", "/d/e/a", "/e/a") }
func (p *place) dir() string  { return p.pick("/d", "/d", "/e", "/d/e") }
func (p *place) any() string {
	return p.pick("/a", "/d", "/d", "/d/a", "/d/b", "/d/e", "/d/e/a", "/e", "/e/a")
}

// step draws an operation. mark is content that no other operation of the history writes.
func (p *place) step(user, mark string) step {
	switch n := p.r.IntN(100); {
	case n < 18:
		return creating(user, p.file(), mark, p.r.IntN(2) == 0, p.r.IntN(2) == 0)
	case n < 29:
		return following(user, p.file(), mark)
	case n < 32:
		return cutting(user, p.file(), p.r.IntN(12))
	case n < 40:
		return making(user, p.dir())
	case n < 56:
		return renamingTo(user, p.any(), p.any())
	case n < 66:
		return removing(user, p.any(), p.r.IntN(2) == 0)
	case n < 80:
		return describing(user, p.any())
	case n < 85:
		return reading(user, p.file())
	case n < 88:
		return listing(user, p.pick("", "/d", "/e", "/d/e"))
	case n < 94:
		return moding(user, p.any(), []perm.Mode{0o777, 0o755, 0o700, 0o500}[p.r.IntN(4)])
	default:
		return granting(user, p.any(), "bob", []perm.Action{perm.All, perm.ReadExecute, perm.None}[p.r.IntN(3)])
	}
}

// at is a path that was written down here.
func at(text string) Path { return Path{text} }

func creating(user, path, content string, overwrite, parents bool) step {
	o := CreateOptions{Overwrite: overwrite, CreateParent: parents, Mode: 0o644, Replication: 1, BlockSize: 512, Size: -1}
	return step{
		name: fmt.Sprintf("create %s with %q, overwrite %v, parents %v", path, content, overwrite, parents),
		ask: func(ctx context.Context, s *Session) reply {
			status, err := s.Create(ctx, at(path), o, strings.NewReader(content))
			r := heard(err, showStatus(status))
			r.id = status.ID
			return r
		},
		spec: func(m *model, got reply) reply {
			n, kind := m.create(user, path, o, []byte(content))
			if kind != allowed {
				return foretold(kind, nil)
			}
			r := foretold(kind, n.show())
			r.id = n.met(got)
			return r
		},
	}
}

func following(user, path, content string) step {
	return step{
		name: fmt.Sprintf("append %q to %s", content, path),
		ask: func(ctx context.Context, s *Session) reply {
			return heard(s.Append(ctx, at(path), int64(len(content)), strings.NewReader(content)), nil)
		},
		spec: func(m *model, _ reply) reply { return foretold(m.append(user, path, []byte(content)), nil) },
	}
}

func cutting(user, path string, size int) step {
	return step{
		name: fmt.Sprintf("truncate %s to %d", path, size),
		ask: func(ctx context.Context, s *Session) reply {
			ok, err := s.Truncate(ctx, at(path), int64(size))
			return heard(err, ok)
		},
		spec: func(m *model, _ reply) reply { return foretold(m.truncate(user, path, size), true) },
	}
}

func making(user, path string) step {
	o := MkdirOptions{Mode: 0o777}
	return step{
		name: "mkdirs " + path,
		ask: func(ctx context.Context, s *Session) reply {
			ok, err := s.Mkdirs(ctx, at(path), o)
			return heard(err, ok)
		},
		spec: func(m *model, _ reply) reply { return foretold(m.mkdirs(user, path, o), true) },
	}
}

func renamingTo(user, src, dst string) step {
	return step{
		name: fmt.Sprintf("rename %s to %s", src, dst),
		ask: func(ctx context.Context, s *Session) reply {
			ok, err := s.Rename(ctx, at(src), at(dst))
			return heard(err, ok)
		},
		spec: func(m *model, _ reply) reply {
			ok, kind := m.rename(user, src, dst)
			return foretold(kind, ok)
		},
	}
}

func removing(user, path string, recursive bool) step {
	return step{
		name: fmt.Sprintf("delete %s, recursive %v", path, recursive),
		ask: func(ctx context.Context, s *Session) reply {
			ok, err := s.Delete(ctx, at(path), recursive)
			return heard(err, ok)
		},
		spec: func(m *model, _ reply) reply {
			ok, kind := m.delete(user, path, recursive)
			return foretold(kind, ok)
		},
	}
}

func describing(user, path string) step {
	return step{
		name: "stat " + path,
		ask: func(ctx context.Context, s *Session) reply {
			status, err := s.Stat(ctx, at(path))
			r := heard(err, showStatus(status))
			r.id = status.ID
			return r
		},
		spec: func(m *model, got reply) reply {
			n, kind := m.stat(user, path)
			if kind != allowed {
				return foretold(kind, nil)
			}
			r := foretold(kind, n.show())
			r.id = n.met(got)
			return r
		},
	}
}

func reading(user, path string) step {
	return step{
		name: "read " + path,
		ask: func(ctx context.Context, s *Session) reply {
			content, err := read(ctx, s, at(path))
			return heard(err, string(content))
		},
		spec: func(m *model, _ reply) reply {
			n, kind := m.file(user, path)
			if kind != allowed {
				return foretold(kind, nil)
			}
			return foretold(kind, string(n.content))
		},
	}
}

func listing(user, path string) step {
	return step{
		name: "list " + path,
		ask: func(ctx context.Context, s *Session) reply {
			var all []string
			err := s.List(ctx, at(path), func(e Status) error {
				all = append(all, fmt.Sprint(e.Name, " ", showStatus(e)))
				return nil
			})
			return heard(err, all)
		},
		spec: func(m *model, _ reply) reply {
			n, kind := m.list(user, path)
			if kind != allowed {
				return foretold(kind, nil)
			}
			var all []string
			names, nodes := m.listed(user, n, "")
			for i, n := range nodes {
				all = append(all, fmt.Sprint(names[i], " ", n.show()))
			}
			return foretold(kind, all)
		},
	}
}

func moding(user, path string, mode perm.Mode) step {
	return step{
		name: fmt.Sprintf("chmod %v %s", mode, path),
		ask: func(ctx context.Context, s *Session) reply {
			return heard(s.SetPermission(ctx, at(path), mode), nil)
		},
		spec: func(m *model, _ reply) reply {
			return foretold(m.setACL(user, path, func(n *modelNode) Kind { n.chmod(mode); return allowed }), nil)
		},
	}
}

func granting(user, path, whom string, rights perm.Action) step {
	spec := []perm.Entry{{Type: perm.User, Name: whom, Perm: rights}}
	return step{
		name: fmt.Sprintf("setfacl user:%s:%s %s", whom, rights.Symbol(), path),
		ask: func(ctx context.Context, s *Session) reply {
			return heard(s.ModifyACL(ctx, at(path), spec), nil)
		},
		spec: func(m *model, _ reply) reply {
			return foretold(m.setACL(user, path, func(n *modelNode) Kind { return n.modify(spec) }), nil)
		},
	}
}

// state is the model between two operations. It is never changed.
type state struct {
	model *model
	text  string // everything that can be learned from it
}

func newState(m *model) *state { return &state{m, string(m.root.written(nil, ""))} }

// written appends n and all below it to b, without times and replication, which are the same throughout a history. Checking
// histories spends most of its time here.
func (n *modelNode) written(b []byte, name string) []byte {
	b = append(append(b, name...), 0)
	b = append(strconv.AppendInt(b, n.id, 10), 0)
	b = append(append(b, n.owner...), 0)
	b = append(b, byte(n.access["user:"]), byte(n.access["group:"]), byte(n.access["other:"]))
	if len(n.access) > 3 {
		for _, key := range slices.Sorted(maps.Keys(n.access)) {
			b = append(append(b, key...), byte(n.access[key]))
		}
	}
	if !n.dir {
		return append(append(append(b, 'f'), n.content...), 0)
	}
	b = append(b, 'd')
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		b = n.children[name].written(b, name)
	}
	return append(b, '.')
}

var stateSeed = maphash.MakeSeed()

// linearizable is the specification of histories that begin with m.
func linearizable(m *model) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return newState(m) },
		Step: func(before, input, output any) (bool, any) {
			after, got := before.(*state).model.clone(), output.(reply)
			if input.(step).spec(after, got) != got {
				return false, nil
			}
			if got.kind != allowed { // and so changed nothing
				return true, before
			}
			return true, newState(after)
		},
		Equal: func(a, b any) bool { return a.(*state).text == b.(*state).text },
		Hash:  func(s any) uint64 { return maphash.String(stateSeed, s.(*state).text) },
	}
}

// clone copies what operations change.
func (m *model) clone() *model {
	c := *m
	c.root = m.root.clone(nil)
	return &c
}

func (n *modelNode) clone(parent *modelNode) *modelNode {
	c := *n
	c.parent = parent
	c.access, c.inherit = maps.Clone(n.access), maps.Clone(n.inherit)
	if n.dir {
		c.children = make(map[string]*modelNode, len(n.children))
		for name, child := range n.children {
			c.children[name] = child.clone(&c)
		}
	}
	return &c
}

// retold returns a history as text, in the order of calls.
func retold(history []porcupine.Operation) string {
	var b strings.Builder
	slices.SortFunc(history, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	for _, o := range history {
		fmt.Fprintf(&b, "%4d to %4d, client %d: %s: %v\n", o.Call, o.Return, o.ClientId, o.Input.(step).name, o.Output)
	}
	return b.String()
}
