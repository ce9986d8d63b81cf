package namespace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"granary/auth"
	"granary/auth/perm"
)

// remembered is a project and its people, whom one server has served so often that it remembers them:
//
//	d       root:<project> drwxrwxr-x
//	d/e/f   bob, some content
//	d/log   bob, some content
//
// alice owns it, bob is a scientist of it, dave a stranger who owns another project, eve a stranger.
type remembered struct {
	t           *testing.T
	there       *testFS // where the changes are made
	name, other string  // the project, and dave's
	root        *Session
	people      []auth.Principal
	alice, bob  *Session
	dave        *Session
	bobs, daves string
	look        func() // makes the server remember the current state
	before      string // what it saw then
	topFirst    bool   // the top of the project is looked at first, and so is known when what is below it is not
}

func (r *remembered) path(name string) Path { return projectPath(r.name).add(name) }

// roles are the people of a remembered project.
var roles = []string{"alice", "bob", "dave", "eve"}

func remember(t *testing.T, there *testFS, n int) *remembered {
	t.Helper()
	r := &remembered{t: t, there: there, name: fmt.Sprintf("p%d", n), other: fmt.Sprintf("q%d", n), root: there.as(t, superuser)}
	r.people = append(r.people, r.root.p)
	sessions := map[string]*Session{}
	for _, name := range roles {
		s := there.as(t, fmt.Sprint(name, n), fmt.Sprint("team", n))
		sessions[name], r.people = s, append(r.people, s.p)
	}
	r.alice, r.bob, r.dave = sessions["alice"], sessions["bob"], sessions["dave"]
	r.bobs, r.daves = r.bob.p.User, r.dave.p.User
	must(t, there.makeProject(t.Context(), r.name, r.alice.p.User))
	must(t, there.makeProject(t.Context(), r.other, r.daves))
	must(t, there.setMember(t.Context(), r.name, r.bobs, Scientist))
	r.bob.put(t, r.path("d/e/f").String(), []byte("the content of f"))
	r.bob.put(t, r.path("d/log").String(), []byte("the log"))
	must(t, r.root.SetPermission(t.Context(), r.path("d"), 0o775))
	return r
}

// view is all that the people see of the project on a server. The first of them to read renews the access time for all.
func (r *remembered) view(fs *FS) string {
	r.t.Helper()
	paths := []Path{
		r.path("d/e/f"), r.path("d/log"), r.path("d/none"), r.path("d/none/below"), r.path("moved/e/f"), r.path("made/e/f"), r.path("d/e/moved"),
		sharedPath(r.other).Join(r.name + ".d").add("e/f"), r.path("d/e"), r.path("d"), r.path(""),
	}
	if r.topFirst {
		paths = slices.Insert(paths, 0, paths[len(paths)-1])
	}
	var all strings.Builder
	for _, path := range paths {
		views := make([]string, len(r.people))
		views[0] = seenBy(r.t.Context(), fs.As(r.people[0]), path)
		crowd(len(r.people)-1, func(i int) { views[i+1] = seenBy(r.t.Context(), fs.As(r.people[i+1]), path) })
		for i, view := range views {
			fmt.Fprintf(&all, "%s %s: %s\n", r.people[i].User, path, view)
		}
	}
	return all.String()
}

// seenBy returns what s sees at path.
func seenBy(ctx context.Context, s *Session, path Path) string {
	status, err := s.Stat(ctx, path)
	switch {
	case err != nil:
		return err.Error()
	case !status.Dir:
		content, err := read(ctx, s, path)
		status, failed := s.Stat(ctx, path) // which shows when it was read
		return fmt.Sprintf("%.100q %v %+v %v", content, err, status, failed)
	}
	entries, _, err := s.ListBatch(ctx, path, "", 0)
	xattrs, failed := s.Xattrs(ctx, path, nil)
	return fmt.Sprintf("%+v %+v %v %v %v %v", status, entries, err, xattrs, failed, s.CheckAccess(ctx, path, perm.Write))
}

func moving(from, to string) func(r *remembered) error {
	return func(r *remembered) error {
		ok, err := r.root.Rename(r.t.Context(), r.path(from), r.path(to))
		if err == nil && !ok {
			err = errors.New("the rename is refused")
		}
		return err
	}
}

// again deletes a file and makes another of its name.
func again(r *remembered, name, content string) error {
	_, err := r.root.Delete(r.t.Context(), r.path(name), false)
	r.bob.put(r.t, r.path(name).String(), []byte(content))
	return err
}

func (r *remembered) id(name string) int64 {
	status, err := r.root.Stat(r.t.Context(), r.path(name))
	must(r.t, err)
	return status.ID
}

func (r *remembered) dataset(o MakeDatasetOptions) error {
	d, err := r.alice.MakeDataset(r.t.Context(), r.path("d"), o)
	if KindOf(err) == Exist || err == nil && d.DatasetInfo != o.DatasetInfo {
		_, err = r.alice.ChangeDataset(r.t.Context(), r.id("d"), DatasetChange{&o.Description, &o.Public, &o.Listed})
	}
	return err
}

// share shares d.
func (r *remembered) share(o Offer, accept bool) error {
	if err := r.dataset(MakeDatasetOptions{}); err != nil {
		return err
	}
	r.look()
	o.Dataset = r.id("d")
	share, err := r.alice.OfferShare(r.t.Context(), o)
	if err == nil && accept {
		_, err = r.dave.AcceptShare(r.t.Context(), share.ID, "")
	}
	return err
}
