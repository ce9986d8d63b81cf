package server

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"granary/auth"
	"granary/namespace"
	"granary/openapi"
)

// User is a user as superusers see them.
type User struct {
	Name      string    `json:"name"`
	Groups    []string  `json:"groups" doc:"The first is the primary one."`
	Mapped    []string  `json:"mappedGroups" doc:"Groups from the OpenID provider at which the user last signed in."`
	Admin     bool      `json:"admin" doc:"Marked as a superuser."`
	Superuser bool      `json:"superuser" doc:"Whether the user is a superuser: by the flag, by a group, or by the server's settings."`
	Disabled  bool      `json:"disabled" doc:"All requests of the user are refused."`
	Password  bool      `json:"password" doc:"May sign in with a password."`
	Service   bool      `json:"service" doc:"A service account, for its project's owners to change."`
	Created   time.Time `json:"created"`
}

// UserPage is a page of a list of users.
type UserPage struct {
	Items []User `json:"items"`
	Next  string `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewUser is the request body for a new user.
type NewUser struct {
	Name     string   `json:"name" doc:"A name that no user has. Names that differ only in capitals, in 0 and O, or in 1, l and I, count as the same."`
	Password string   `json:"password,omitempty" format:"password" doc:"For signing in; without it, the user can sign in only at the OpenID provider."`
	Groups   []string `json:"groups,omitempty" max:"1024"`
	Admin    bool     `json:"admin,omitempty" doc:"Mark as a superuser."`
}

// UserChange is a change of a user. What is absent stays as it is.
type UserChange struct {
	Groups   *[]string `json:"groups,omitempty" max:"1024"`
	Admin    *bool     `json:"admin,omitempty" doc:"The mark of a superuser."`
	Disabled *bool     `json:"disabled,omitempty" doc:"true: refuse everything, and end all sessions. Tokens work again once it is false."`
}

// NewPassword is a password to set.
type NewPassword struct {
	Password string `json:"password" format:"password" doc:"Empty: the user cannot sign in with a password."`
}

// ProjectRecord is a project as superusers see it.
type ProjectRecord struct {
	Project
	Owners  []string  `json:"owners" doc:"By name."`
	Counted bool      `json:"counted" doc:"Its usage is tracked, because it has a limit. Otherwise quota is 0, and getProject counts."`
	Deleted time.Time `json:"goneAfter,omitzero" doc:"For a deleted project: when the trash may delete it for good."`
}

// ProjectRecordPage is a page of a list of projects.
type ProjectRecordPage struct {
	Items []ProjectRecord `json:"items"`
	Next  string          `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// System is the state of the service.
type System struct {
	Servers []ServerSeen  `json:"servers" doc:"Servers that share the database: first the one that was asked, then those seen last. Those that ended, and commands that ran, in the last ten minutes or so are among them, and no longer alive."`
	Stores  []StoreState  `json:"stores"`
	Checks  []SystemCheck `json:"checks" doc:"The checks that /readyz makes on the server that was asked, by name."`
	Upkeep  Upkeep        `json:"upkeep"`
}

// ServerSeen is a server that shares the database.
type ServerSeen struct {
	ID     string    `json:"id"`
	Seen   time.Time `json:"seen"`
	Alive  bool      `json:"alive"`
	Answer bool      `json:"answering" doc:"The one that was asked."`
}

// StoreState is the state of the block store.
type StoreState struct {
	Name      string `json:"name"`
	Fault     string `json:"fault,omitempty" doc:"Why it should get no more blocks; absent if it is healthy."`
	Measured  bool   `json:"measured" doc:"Whether its space could be measured."`
	Capacity  int64  `json:"capacity" doc:"Bytes in total."`
	Used      int64  `json:"used" doc:"Bytes in use, including by other data on the same disk."`
	Remaining int64  `json:"remaining" doc:"What may still be written."`
	Live      Blocks `json:"live" doc:"Blocks that files consist of."`
	Pending   Blocks `json:"pending" doc:"Being written."`
	Garbage   Blocks `json:"garbage" doc:"Blocks that were deleted or never finished, until their grace time is over and the reaper deletes them."`
}

// Blocks is a number of blocks, and the bytes in them.
type Blocks struct {
	Count  int64     `json:"count"`
	Bytes  int64     `json:"bytes" doc:"Before encryption."`
	Oldest time.Time `json:"oldest,omitzero" doc:"When the oldest of them entered this state. Absent for live blocks, and if there are none."`
}

// SystemCheck is the result of a check of something that a server needs.
type SystemCheck struct {
	Name  string `json:"name"`
	Fault string `json:"fault,omitempty" doc:"What is wrong; absent if it is healthy."`
}

// Upkeep is the work in the background that is not finished.
type Upkeep struct {
	Detached int64     `json:"detached" doc:"Deleted directories whose content the reaper has yet to purge."`
	Oldest   time.Time `json:"oldestDetached,omitzero"`
	Jobs     int64     `json:"jobs" doc:"That wait or run."`
	Uploads  int64     `json:"uploads" doc:"Unfinished uploads in parts."`
	Leases   int64     `json:"leases" doc:"Files that are being written."`
}

// adminRoutes are the operations on the service as a whole.
var adminRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listUsers", Method: http.MethodGet, Path: "/admin/users", Tag: "administration", Summary: "List users by name, service accounts among them.",
			Doc: "For superusers with an unlimited credential, like everything under /admin.",
			Example: openapi.Example{Reply: `{"items":[{"name":"ada","groups":["staff"],"mappedGroups":[],"admin":false,"superuser":false,"disabled":false,"password":true,` +
				`"service":false,"created":"2026-01-02T03:04:05Z"}]}`},
		},
		params: []parameter{nameHolding, afterName, pageSize}, action: does(listUsers),
	},
	{
		Route: openapi.Route{
			ID: "addUser", Method: http.MethodPost, Path: "/admin/users", Tag: "administration", Summary: "Add a user.", Status: http.StatusCreated, Repeats: true,
			Example: openapi.Example{Body: `{"name":"grace","password":"correct horse battery staple"}`},
		},
		action: does(addUser),
	},
	{
		Route: openapi.Route{
			ID: "changeUser", Method: http.MethodPatch, Path: "/admin/users/{user}", Tag: "administration", Summary: "Change a user's groups, make them a superuser or not, or disable or enable them.",
			Doc:     "It takes effect with the user's next request, on every server. Superusers cannot disable themselves or end being superusers themselves.",
			Example: openapi.Example{Body: `{"disabled":true}`},
		},
		action: does(changeUser),
	},
	{
		Route: openapi.Route{
			ID: "setPassword", Method: http.MethodPut, Path: "/admin/users/{user}/password", Tag: "administration", Summary: "Set a user's password.",
			Doc:     "It ends their sessions; tokens live on.",
			Example: openapi.Example{Body: `{"password":"correct horse battery staple"}`},
		},
		action: does(setPassword),
	},
	{
		Route: openapi.Route{
			ID: "endSessionsOf", Method: http.MethodDelete, Path: "/admin/users/{user}/sessions", Tag: "administration", Summary: "End all web sessions of a user.",
		},
		action: does(endSessionsOf),
	},
	{
		Route: openapi.Route{
			ID: "listAllProjects", Method: http.MethodGet, Path: "/admin/projects", Tag: "administration", Summary: "List all projects by name, with owners and limits.",
			Doc: "changeProject limits them, and restoreProject takes them out of the trash.",
			Example: openapi.Example{Reply: `{"items":[{"name":"vision","path":"/Projects/vision","description":"Street scenes.","archived":false,"listed":false,` +
				`"created":"2026-01-02T03:04:05Z","quota":{"names":7,"namesLimit":-1,"bytes":48211,"bytesLimit":1099511627776},"owners":["ada"],"counted":true}]}`},
		},
		params: []parameter{nameHolding, deletedOnes, afterName, pageSize}, action: does(listAllProjects),
	},
	{
		Route: openapi.Route{
			ID: "describeSystem", Method: http.MethodGet, Path: "/admin/system", Tag: "administration", Summary: "Show the state of the service: its servers, block stores and maintenance.",
			Doc: "The request counts all blocks.",
		},
		action: does(describeSystem), costly: true,
	},
}

var (
	nameHolding = text("query", "Only names that contain this, in upper or lower case.")
	deletedOnes = boolean("deleted", false, "Those in the trash, instead of the others.")
)

// administer fails unless the caller is a superuser with an unlimited credential. It reads the principal again, since the body may
// have taken long to arrive, and nothing checks the caller's row later.
func (c *call) administer() error {
	fresh, err := c.server.auth.Refresh(c.ctx, c.principal)
	if err != nil {
		return dressed(err, unauthenticated, invalidChallenge)
	}
	c.principal = fresh
	p, err := c.wholly()
	if err == nil && !p.Superuser {
		err = &denial{face: faces[namespace.AccessControl], msg: "Permission denied: user=" + p.User + " is not a superuser; only superusers administer the service"}
	}
	return err
}

func (c *call) showUser(u auth.User) User {
	plain := func(groups []string) []string {
		if groups == nil {
			return []string{}
		}
		return groups
	}
	return User{
		Name: u.Name, Groups: plain(u.Groups), Mapped: plain(u.Mapped), Admin: u.Admin, Superuser: c.server.auth.Superuser(u), Disabled: u.Disabled,
		Password: u.SignsIn, Service: u.Project != 0, Created: u.Created.UTC(),
	}
}

func (c *call) describeUser(name string) (User, error) {
	u, err := c.server.auth.User(c.ctx, name)
	return c.showUser(u), credentialError(err)
}

func listUsers(c *call, _ none) (UserPage, error) {
	if err := c.administer(); err != nil {
		return UserPage{}, err
	}
	limit := int(pageSize.of(c))
	users, err := c.server.auth.FindUsers(c.ctx, nameHolding.of(c), afterName.of(c), limit+1)
	shown, next := paged(users, limit, func(u auth.User) string { return u.Name })
	return UserPage{Items: showAll(shown, c.showUser), Next: next}, err
}

func addUser(c *call, in NewUser) (User, error) {
	if err := c.administer(); err != nil {
		return User{}, err
	}
	if err := c.server.auth.AddUser(c.ctx, auth.User{Name: in.Name, Groups: in.Groups, Admin: in.Admin, Password: auth.Password(in.Password)}); err != nil {
		return User{}, credentialError(err)
	}
	return c.describeUser(in.Name)
}

func changeUser(c *call, in UserChange) (User, error) {
	if err := c.administer(); err != nil {
		return User{}, err
	}
	name, a := c.inURL("user"), c.server.auth
	if name == c.principal.User {
		if err := c.staysIn(in); err != nil {
			return User{}, err
		}
	}
	if in.Groups != nil {
		if err := a.SetGroups(c.ctx, name, *in.Groups); err != nil {
			return User{}, credentialError(err)
		}
	}
	if in.Admin != nil {
		if err := a.SetAdmin(c.ctx, name, *in.Admin); err != nil {
			return User{}, credentialError(err)
		}
	}
	if in.Disabled != nil {
		change := a.Enable
		if *in.Disabled {
			change = a.Disable
		}
		if err := change(c.ctx, name); err != nil {
			return User{}, credentialError(err)
		}
	}
	return c.describeUser(name)
}

// staysIn fails if a change of the caller's own account would disable it, or make it an ordinary user.
func (c *call) staysIn(in UserChange) error {
	out := in.Disabled != nil && *in.Disabled || in.Admin != nil && !*in.Admin
	if in.Groups != nil && !out {
		me, err := c.server.auth.User(c.ctx, c.principal.User)
		if err != nil {
			return credentialError(err)
		}
		me.Groups = *in.Groups
		me.Admin = me.Admin || in.Admin != nil && *in.Admin
		out = !c.server.auth.Superuser(me)
	}
	if !out {
		return nil
	}
	return &namespace.Error{
		Op: "change user", Kind: namespace.InvalidArgument,
		Msg: "You would shut yourself out: ask another superuser to disable you, or to take your superuser rights away.",
	}
}

func setPassword(c *call, in NewPassword) (none, error) {
	if err := c.administer(); err != nil {
		return none{}, err
	}
	return none{}, credentialError(c.server.auth.SetPassword(c.ctx, c.inURL("user"), auth.Password(in.Password)))
}

func endSessionsOf(c *call, _ none) (none, error) {
	if err := c.administer(); err != nil {
		return none{}, err
	}
	return none{}, credentialError(c.server.auth.EndSessions(c.ctx, c.inURL("user")))
}

func listAllProjects(c *call, _ none) (ProjectRecordPage, error) {
	if err := c.administer(); err != nil {
		return ProjectRecordPage{}, err
	}
	limit := int(pageSize.of(c))
	projects, err := c.session.AllProjects(c.ctx, namespace.ProjectsQuery{
		Holds: nameHolding.of(c), Deleted: deletedOnes.of(c), After: afterName.of(c), Limit: limit + 1,
	})
	shown, next := paged(projects, limit, func(p namespace.ProjectRecord) string { return p.Name })
	return ProjectRecordPage{Items: showAll(shown, showRecord), Next: next}, err
}

func showRecord(p namespace.ProjectRecord) ProjectRecord {
	return ProjectRecord{Project: showProject(p.Project, true), Owners: p.Owners, Counted: p.Counted, Deleted: utc(p.GoneAfter)}
}

func describeSystem(c *call, _ none) (System, error) {
	if err := c.administer(); err != nil {
		return System{}, err
	}
	u, err := c.session.Upkeep(c.ctx)
	if err != nil {
		return System{}, err
	}
	out := System{
		Servers: showAll(u.Servers, func(s namespace.ServerSeen) ServerSeen {
			return ServerSeen{ID: s.ID.String(), Seen: s.Seen.UTC(), Alive: s.Alive, Answer: s.This}
		}),
		Checks: []SystemCheck{},
		Upkeep: Upkeep{Detached: u.Detached, Oldest: utc(u.OldestDetached), Jobs: u.Jobs, Uploads: u.Uploads, Leases: u.Leases},
	}
	store := StoreState{Name: "blocks", Live: showBlocks(u.Live), Pending: showBlocks(u.Pending), Garbage: showBlocks(u.Garbage)}
	for name, err := range c.server.checked(c.ctx) {
		done := SystemCheck{Name: name}
		if err != nil {
			done.Fault = err.Error()
		}
		if name == store.Name {
			store.Fault = done.Fault
		}
		out.Checks = append(out.Checks, done)
	}
	slices.SortFunc(out.Checks, func(a, b SystemCheck) int { return cmp.Compare(a.Name, b.Name) })
	if c.server.space != nil {
		if space, err := c.server.room(c.ctx); err == nil {
			store.Measured, store.Capacity, store.Used, store.Remaining = true, space.Capacity, space.Used, space.Remaining
		} else if store.Fault == "" {
			store.Fault = err.Error()
		}
	}
	out.Stores = []StoreState{store}
	return out, nil
}

func showBlocks(b namespace.BlockCount) Blocks {
	return Blocks{Count: b.Count, Bytes: b.Bytes, Oldest: utc(b.Oldest)}
}
