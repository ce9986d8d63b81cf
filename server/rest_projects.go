package server

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"granary/namespace"
	"granary/openapi"
)

// Project is a project as the API shows it.
type Project struct {
	Name        string    `json:"name"`
	Path        string    `json:"path" doc:"Where its files are."`
	Description string    `json:"description"`
	Role        string    `json:"role,omitempty" enum:"owner,scientist,observer" doc:"The caller's; absent if the caller is no member."`
	Archived    bool      `json:"archived" doc:"Nothing in it can be changed."`
	Listed      bool      `json:"listed" doc:"Anybody may find it and ask to be let in."`
	Created     time.Time `json:"created"`
	Quota       *Quota    `json:"quota,omitempty" doc:"Absent in listings."`
}

// Quota is what a project holds and may hold.
type Quota struct {
	Names      int64 `json:"names" doc:"Files and directories, including the project's own; 0 for non-members."`
	NamesLimit int64 `json:"namesLimit" doc:"-1: no limit."`
	Bytes      int64 `json:"bytes" doc:"Bytes, times the replication of each file; 0 for non-members."`
	BytesLimit int64 `json:"bytesLimit" doc:"-1: no limit."`
}

// ProjectPage is a page of a list of projects.
type ProjectPage struct {
	Items []Project `json:"items"`
	Next  string    `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewProject is the request body for a new project.
type NewProject struct {
	Name        string    `json:"name" pattern:"^[A-Za-z][A-Za-z0-9_-]{0,62}$" doc:"A letter, then letters, digits, _ or -; no project may differ from another in capitals alone."`
	Description string    `json:"description,omitempty" max:"4096" doc:"At most 4096 bytes."`
	Owner       string    `json:"owner,omitempty" doc:"Another user than the caller, who then must be a superuser."`
	Datasets    *[]string `json:"datasets,omitempty" pattern:"^[^/:.\\x00][^/:\\x00]{0,62}$" max:"50" doc:"Names of the datasets to create, each once, and not Shared; without it, Experiments, Logs, Models, Notebooks, Resources and Training_Datasets."`
}

// ProjectChange is a change of a project.
type ProjectChange struct {
	Description *string `json:"description,omitempty" max:"4096" doc:"At most 4096 bytes."`
	Listed      *bool   `json:"listed,omitempty"`
	Archived    *bool   `json:"archived,omitempty" doc:"An archived project can be read and not changed."`
	NamesLimit  *int64  `json:"namesLimit,omitempty" min:"-1" doc:"-1: no limit. Superusers set limits."`
	BytesLimit  *int64  `json:"bytesLimit,omitempty" min:"-1" doc:"-1: no limit. Superusers set limits."`
}

// Member is a user's membership of a project.
type Member struct {
	User string `json:"user"`
	Role string `json:"role" enum:"owner,scientist,observer"`
}

// MemberPage is a page of the list of the members of a project.
type MemberPage struct {
	Items []Member `json:"items"`
	Next  string   `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewRole is the role to give to a member.
type NewRole struct {
	Role string `json:"role" enum:"owner,scientist,observer" doc:"An owner passes every permission check in the project; a scientist is in its group; an observer can only read."`
}

// exampleProject is the project of the examples.
const exampleProject = `{"name":"vision","path":"/Projects/vision","description":"Street scenes.","role":"owner","archived":false,` +
	`"listed":false,"created":"2026-01-02T03:04:05Z","quota":{"names":7,"namesLimit":-1,"bytes":0,"bytesLimit":-1}}`

// projectRoutes are the operations on projects and their members.
var projectRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listProjects", Method: http.MethodGet, Path: "/projects", Tag: "projects", Summary: "List the projects that the caller is a member of, by name.",
		},
		params: []parameter{afterName, pageSize, allProjects}, action: does(listProjects),
	},
	{
		Route: openapi.Route{
			ID: "createProject", Method: http.MethodPost, Path: "/projects", Tag: "projects", Summary: "Create a project.", Status: http.StatusCreated,
			Doc:     "The caller becomes its owner. Its files get a key of their own.",
			Example: openapi.Example{Body: `{"name":"vision","description":"Street scenes."}`, Reply: exampleProject},
		},
		action: does(createProject),
	},
	{
		Route: openapi.Route{
			ID: "getProject", Method: http.MethodGet, Path: "/projects/{project}", Tag: "projects", Summary: "Describe a project.",
			Doc:     "A project that the caller may not know of appears not to exist.",
			Example: openapi.Example{Reply: exampleProject},
		},
		action: does(getProject),
	},
	{
		Route: openapi.Route{
			ID: "changeProject", Method: http.MethodPatch, Path: "/projects/{project}", Tag: "projects", Summary: "Change the description or visibility of a project, archive it, or limit it.",
			Example: openapi.Example{Body: `{"listed":true}`},
		},
		action: does(changeProject),
	},
	{
		Route: openapi.Route{
			ID: "deleteProject", Method: http.MethodDelete, Path: "/projects/{project}", Tag: "projects", Summary: "Put a project into the trash.",
			Doc: "The project can no longer be found. As long as the trash keeps it, it can be restored and its name stays taken. Then " +
				"its files are purged, and with the last of them its key. Copies of the database made before still hold the key: the " +
				"files are beyond recovery only when such copies are gone, too.",
		},
		action: does(deleteProject),
	},
	{
		Route: openapi.Route{
			ID: "restoreProject", Method: http.MethodPost, Path: "/projects/{project}/restore", Tag: "projects", Summary: "Take a project out of the trash.",
			Doc: "For those who were its owners when it was deleted, and for superusers.",
		},
		action: does(restoreProject),
	},
	{
		Route: openapi.Route{
			ID: "listMembers", Method: http.MethodGet, Path: "/projects/{project}/members", Tag: "projects", Summary: "List the members of a project, by name.",
			Example: openapi.Example{Reply: `{"items":[{"user":"ada","role":"owner"}]}`},
		},
		params: []parameter{afterName, pageSize}, action: does(listMembers),
	},
	{
		Route: openapi.Route{
			ID: "setMember", Method: http.MethodPut, Path: "/projects/{project}/members/{user}", Tag: "projects", Summary: "Make a user a member of a project, or give a member another role.",
			Example: openapi.Example{Body: `{"role":"scientist"}`},
		},
		action: does(setMember),
	},
	{
		Route: openapi.Route{
			ID: "removeMember", Method: http.MethodDelete, Path: "/projects/{project}/members/{user}", Tag: "projects", Summary: "End a membership.",
			Doc: "For an owner, or the member. Takes effect for every decision made afterwards. The last owner cannot be removed.",
		},
		action: does(removeMember),
	},
}

func listProjects(c *call, _ none) (ProjectPage, error) {
	limit := int(pageSize.of(c))
	projects, err := c.session.Projects(c.ctx, afterName.of(c), limit+1, allProjects.of(c))
	shown, next := paged(projects, limit, func(p namespace.Project) string { return p.Name })
	return ProjectPage{Items: showAll(shown, showListed), Next: next}, err
}

// showListed renders a project for a list.
func showListed(p namespace.Project) Project { return showProject(p, false) }

// showProject renders a project, with or without its quota.
func showProject(p namespace.Project, quota bool) Project {
	out := Project{
		Name: p.Name, Path: namespace.ProjectsDir + "/" + p.Name, Description: p.Description, Role: string(p.Role), Archived: p.Archived,
		Listed: p.Listed, Created: p.Created.UTC(),
	}
	if quota {
		out.Quota = &Quota{Names: p.Quota.Names, NamesLimit: p.Quota.NamesQuota, Bytes: p.Quota.Space, BytesLimit: p.Quota.SpaceQuota}
	}
	return out
}

func createProject(c *call, in NewProject) (Project, error) {
	p := namespace.NewProject{Name: in.Name, Owner: in.Owner, Description: in.Description, Datasets: namespace.DefaultDatasets}
	if in.Datasets != nil {
		p.Datasets = *in.Datasets
	}
	if err := c.session.CreateProject(c.ctx, p); err != nil {
		return Project{}, err
	}
	return describeProject(c, in.Name)
}

// describeProject describes a project that the request has changed.
func describeProject(c *call, name string) (Project, error) {
	p, err := c.session.Answering().Project(c.ctx, name)
	return showProject(p, true), err
}

func getProject(c *call, _ none) (Project, error) {
	p, err := c.session.Project(c.ctx, c.inURL("project"))
	return showProject(p, true), err
}

func changeProject(c *call, in ProjectChange) (Project, error) {
	name, limiting := c.inURL("project"), c.ctx
	limits, others := in.NamesLimit != nil || in.BytesLimit != nil, in.Description != nil || in.Listed != nil || in.Archived != nil
	change := namespace.ProjectChange{Description: in.Description, Listed: in.Listed, Archived: in.Archived}
	if !limits && !others {
		return getProject(c, none{}) // with the right to read
	}
	if limits && others {
		// These are two acts, which cannot have one operation id.
		if c.operation != uuid.Nil {
			limiting = namespace.WithOperation(c.ctx, uuid.NewSHA1(c.operation, []byte("limits")))
		}
		if err := c.session.MayChangeProject(c.ctx, name, change); err != nil {
			return Project{}, err
		}
	}
	if limits {
		// Limits come first, so that a caller who may not set them has changed nothing yet.
		if err := c.session.LimitProject(limiting, name, in.NamesLimit, in.BytesLimit); err != nil {
			return Project{}, err
		}
	}
	if others {
		if err := c.session.ChangeProject(c.ctx, name, change); err != nil {
			return Project{}, err
		}
	}
	return describeProject(c, name)
}

func deleteProject(c *call, _ none) (none, error) {
	return none{}, c.session.DeleteProject(c.ctx, c.inURL("project"))
}

func restoreProject(c *call, _ none) (Project, error) {
	name := c.inURL("project")
	if err := c.session.RestoreProject(c.ctx, name); err != nil {
		return Project{}, err
	}
	return describeProject(c, name)
}

func listMembers(c *call, _ none) (MemberPage, error) {
	limit := int(pageSize.of(c))
	members, err := c.session.Members(c.ctx, c.inURL("project"), afterName.of(c), limit+1)
	shown, next := paged(members, limit, func(m namespace.Member) string { return m.User })
	return MemberPage{Items: showAll(shown, showMember), Next: next}, err
}

func showMember(m namespace.Member) Member { return Member{User: m.User, Role: string(m.Role)} }

func setMember(c *call, in NewRole) (Member, error) {
	user := c.inURL("user")
	return Member{User: user, Role: in.Role}, c.session.SetMember(c.ctx, c.inURL("project"), user, namespace.Role(in.Role))
}

func removeMember(c *call, _ none) (none, error) {
	return none{}, c.session.RemoveMember(c.ctx, c.inURL("project"), c.inURL("user"))
}
