package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"granary/auth"
	"granary/namespace"
)

// estate is the scene of the access matrix: projects of ada's with the same tree,
//
//	deep           ada:<project> rwxrwx---
//	deep/other     ada:<project> rw-rw----   beside the dataset
//	deep/side      ada:<project> rwxrwx---
//	deep/tiles     ada:<project> rwxrwx---   the dataset
//	deep/tiles/f   ada:<project> rw-rw----
//	deep/tiles/sub ada:<project> rwxrwx---
//
// and the projects that maps shares its dataset with, each with an owner, a scientist and an observer named after it.
type estate struct {
	*house
	number   *atomic.Int64
	datasets map[string]namespace.Dataset // by project
	shares   map[string]namespace.Share   // of maps' dataset, by recipient
	asked    map[string]int64             // the ids of asker's requests for access, by project
	token    string                       // the id of a token of zed's
	job      string                       // the id of a job of zed's
}

// The paths of the targets within a project.
const (
	tilesIn = "/deep/tiles"
	sideIn  = "/deep/side"
)

// roles are the roles of members. In the recipients' projects, members are named after them.
var roles = []namespace.Role{namespace.Owner, namespace.Scientist, namespace.Observer}

// recipients are the projects with which maps shares its dataset, with the level.
var recipients = map[string]namespace.Level{
	"reading": namespace.Read, "editing": namespace.Edit, "deciding": namespace.EditByOwners,
}

func newEstate(t *testing.T) *estate {
	e := &estate{house: newHouse(t), number: new(atomic.Int64), datasets: map[string]namespace.Dataset{}, shares: map[string]namespace.Share{}, asked: map[string]int64{}}
	for _, name := range []string{"sam", "otto", "eve", "former", "pia", "paul", "gone", "offered", "expired", "ended", "rejecting", "zed", "asker"} {
		must(t, e.auth.AddUser(t.Context(), auth.User{Name: name}))
	}
	for _, project := range []string{"maps", "open", "done"} {
		must(t, e.ada().CreateProject(t.Context(), namespace.NewProject{Name: project}))
		must(t, e.ada().SetMember(t.Context(), project, "sam", namespace.Scientist))
		must(t, e.ada().SetMember(t.Context(), project, "otto", namespace.Observer))
		root := "/Projects/" + project
		for _, dir := range []string{"/deep", sideIn, tilesIn, tilesIn + "/sub"} {
			e.mkdir(root + dir)
		}
		for _, file := range []string{"/deep/other", "/deep/other2", tilesIn + "/f", tilesIn + "/f2"} {
			e.write(root + file)
		}
		var err error
		e.datasets[project], err = e.ada().MakeDataset(t.Context(), place(root+tilesIn), namespace.MakeDatasetOptions{
			DatasetInfo: namespace.DatasetInfo{Public: project == "open"},
		})
		must(t, err)
		e.serve(project, auth.ServicePrefix+project)
		e.asked[project] = e.petition(project)
	}
	must(t, e.ada().SetMember(t.Context(), "maps", "former", namespace.Scientist))
	must(t, e.ada().RemoveMember(t.Context(), "maps", "former"))
	for project, level := range recipients {
		for _, role := range roles {
			must(t, e.auth.AddUser(t.Context(), auth.User{Name: project + "-" + string(role)}))
		}
		owner := e.session(project + "-owner")
		must(t, owner.CreateProject(t.Context(), namespace.NewProject{Name: project}))
		for _, role := range roles[1:] {
			must(t, owner.SetMember(t.Context(), project, project+"-"+string(role), role))
		}
		e.share("maps", owner, namespace.Offer{ToProject: project, Level: level})
	}
	e.share("maps", e.session("pia"), namespace.Offer{ToUser: "pia", Level: namespace.Read})
	e.share("maps", e.session("paul"), namespace.Offer{ToUser: "paul", Level: namespace.Edit})
	e.share("done", e.session("paul"), namespace.Offer{ToUser: "paul", Level: namespace.Edit})
	e.share("maps", nil, namespace.Offer{ToUser: "offered", Level: namespace.Edit})
	e.share("maps", e.session("expired"), namespace.Offer{ToUser: "expired", Level: namespace.Edit})
	// Offers are checked by the house's clock, which is some years behind the database's, by which shares end.
	past := namespace.Offer{Dataset: e.datasets["maps"].ID, ToUser: "expired", Level: namespace.Edit, Expires: time.UnixMilli(1_710_000_000_000)}
	if _, err := e.ada().OfferShare(t.Context(), past); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a share that is over already: %v", err)
	}
	e.share("maps", e.session("ended"), namespace.Offer{ToUser: "ended", Level: namespace.Edit})
	must(t, e.ada().EndShare(t.Context(), e.shares["ended"].ID))
	e.share("maps", nil, namespace.Offer{ToUser: "rejecting", Level: namespace.Edit})
	must(t, e.session("rejecting").EndShare(t.Context(), e.shares["rejecting"].ID))
	e.issue(auth.TokenRequest{User: "zed", Personal: true})
	tokens, err := e.auth.Tokens(t.Context(), "zed", auth.TokenQuery{})
	must(t, err)
	e.token = tokens[0].ID.String()
	job, err := e.session("zed").StartJob(t.Context(), namespace.NewJob{Kind: namespace.JobCopy, Sources: []namespace.Path{place("/user")}, Target: place("/tmp/user")})
	must(t, err)
	e.job = job.ID.String()
	done := true
	must(t, e.ada().ChangeProject(t.Context(), "done", namespace.ProjectChange{Archived: &done}))
	return e
}

// place parses a path that is known to be valid.
func place(text string) namespace.Path {
	path, err := namespace.ParsePath(text)
	if err != nil {
		panic(err)
	}
	return path
}

func (e *estate) session(user string) *namespace.Session {
	e.t.Helper()
	p, err := e.auth.Principal(e.t.Context(), user)
	must(e.t, err)
	return e.fs.As(p)
}

// ada returns a new session of the projects' owner each time, as a session is not for concurrent use.
func (e *estate) ada() *namespace.Session { return e.session("ada") }

// share offers the dataset of a project, and has by accept the share unless it is nil.
func (e *estate) share(project string, by *namespace.Session, o namespace.Offer) {
	e.t.Helper()
	o.Dataset = e.datasets[project].ID
	share, err := e.ada().OfferShare(e.t.Context(), o)
	must(e.t, err)
	if by != nil {
		_, err = by.AcceptShare(e.t.Context(), share.ID, "")
	}
	must(e.t, err)
	if project == "maps" {
		e.shares[o.ToProject+o.ToUser] = share
	}
}

func (e *estate) mkdir(path string) {
	e.t.Helper()
	_, err := e.ada().Mkdirs(e.t.Context(), place(path), namespace.MkdirOptions{Mode: 0o770})
	must(e.t, err)
	must(e.t, e.ada().SetPermission(e.t.Context(), place(path), 0o770))
}

func (e *estate) write(path string) { e.writeAs(e.t.Context(), e.ada(), path) }

func (e *estate) writeAs(ctx context.Context, s *namespace.Session, path string) {
	e.t.Helper()
	mode := namespace.CreateOptions{Mode: 0o660, Size: -1}
	_, err := s.Create(ctx, place(path), mode, strings.NewReader("tile"))
	must(e.t, err)
}

// serve gives a project a service account.
func (e *estate) serve(project, name string) {
	e.t.Helper()
	must(e.t, e.auth.AddService(e.t.Context(), name, e.projectID(project)))
	must(e.t, e.ada().SetMember(e.t.Context(), project, name, namespace.Observer))
}

// petition has asker request access to a project, which is listed only for that moment, and returns the request's id.
func (e *estate) petition(project string) int64 {
	e.t.Helper()
	listed := true
	must(e.t, e.ada().ChangeProject(e.t.Context(), project, namespace.ProjectChange{Listed: &listed}))
	r, err := e.session("asker").RequestAccess(e.t.Context(), project, 0, "")
	must(e.t, err)
	listed = false
	must(e.t, e.ada().ChangeProject(e.t.Context(), project, namespace.ProjectChange{Listed: &listed}))
	return r.ID
}

// fresh returns a name that nothing has.
func (e *estate) fresh() string { return fmt.Sprintf("new%d", e.number.Add(1)) }

// projectID returns a project's id, for tokens that are limited to the project.
func (e *estate) projectID(name string) int64 {
	e.t.Helper()
	id, err := e.fs.ProjectID(e.t.Context(), name)
	must(e.t, err)
	return id
}

// inode returns a directory's id, for tokens that are limited to the directory.
func (e *estate) inode(path string) int64 {
	e.t.Helper()
	status, err := e.ada().Stat(e.t.Context(), place(path))
	must(e.t, err)
	return status.ID
}

// issue returns an option that sends a new token.
func (e *estate) issue(r auth.TokenRequest) func(*http.Request) {
	e.t.Helper()
	token, err := e.auth.Issue(e.t.Context(), r)
	must(e.t, err)
	return bearer(token)
}

// revoked returns an option that sends a revoked token.
func (e *estate) revoked(user string) func(*http.Request) {
	e.t.Helper()
	token, made, err := e.auth.IssueToken(e.t.Context(), auth.TokenRequest{User: user, TTL: 24 * time.Hour})
	must(e.t, err)
	must(e.t, e.auth.RevokeToken(e.t.Context(), made.ID))
	return bearer(token)
}

// expired returns an option that sends a token that was valid an hour ago.
func (e *estate) expired(user string) func(*http.Request) {
	e.t.Helper()
	earlier := e.authority(func(c *auth.Config) { c.Now = func() time.Time { return time.Now().Add(-time.Hour) } })
	token, err := earlier.Issue(e.t.Context(), auth.TokenRequest{User: user, TTL: time.Minute})
	must(e.t, err)
	return bearer(token)
}

// disabled returns an option that sends the token of a user who was disabled since.
func (e *estate) disabled(user string) func(*http.Request) {
	e.t.Helper()
	credential := e.as(user)
	must(e.t, e.auth.Disable(e.t.Context(), user))
	return credential
}

// fingerprint returns everything visible of a project's files, to find out whether anything was changed.
func (e *estate) fingerprint(project string) string {
	e.t.Helper()
	var seen strings.Builder
	var down func(dir string)
	down = func(dir string) {
		var below []string
		must(e.t, e.ada().List(e.t.Context(), place(dir), func(s namespace.Status) error {
			if strings.HasPrefix(s.Name, "new") || s.Name == ".Trash" {
				return nil // made for a cell
			}
			fmt.Fprintln(&seen, dir, s.Name, s.ID, s.Owner, s.Group, s.Perms.Mode, s.Perms.Entries(), s.Size, s.Replication)
			if s.Dir {
				below = append(below, dir+"/"+s.Name)
			}
			return nil
		}))
		for _, dir := range below {
			down(dir)
		}
	}
	down("/Projects/" + project)
	return seen.String()
}
