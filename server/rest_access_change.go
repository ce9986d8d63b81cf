package server

import (
	"cmp"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"granary/auth/perm"
	"granary/namespace"
	"granary/openapi"
)

// AccessEntry is an entry of an ACL.
type AccessEntry struct {
	Default   bool   `json:"default" doc:"It belongs to the default ACL, which new entries of the directory inherit."`
	Type      string `json:"type" enum:"user,group,mask,other"`
	Name      string `json:"name" doc:"Empty for the owner, the owning group, the mask and others."`
	May       string `json:"may" doc:"As in r-x."`
	Effective string `json:"effective" doc:"What the mask leaves of it."`
}

// AccessState is the owner, group, mode and ACL of a path.
type AccessState struct {
	Path      string        `json:"path"`
	Directory bool          `json:"directory"`
	Owner     string        `json:"owner"`
	Group     string        `json:"group"`
	Mode      string        `json:"mode" doc:"Octal. Beside entries of the ACL its middle digit is their mask."`
	Sticky    bool          `json:"sticky" doc:"Only owners delete or rename what is in the directory."`
	OwnerMay  string        `json:"ownerMay" doc:"As in r-x, like the rights that follow."`
	GroupMay  string        `json:"groupMay" doc:"What the owning group may, before the mask."`
	OthersMay string        `json:"othersMay"`
	Mask      string        `json:"mask,omitempty" doc:"The most that the owning group and the entries can grant; absent if there is no ACL."`
	Entries   []AccessEntry `json:"entries" doc:"Named ones, and all of the default ACL."`
	Tag       string        `json:"tag" doc:"Changes whenever any of this changes."`
	MayChange bool          `json:"mayChange" doc:"The caller may change it."`
}

// AccessKey names an entry of an ACL.
type AccessKey struct {
	Default bool   `json:"default,omitempty"`
	Type    string `json:"type" enum:"user,group"`
	Name    string `json:"name" pattern:"^[^:,\\x00-\\x1f]{1,255}$"`
}

// NewAccessEntry is an entry to set.
type NewAccessEntry struct {
	Default bool   `json:"default,omitempty" doc:"In the default ACL of a directory; on files it is ignored."`
	Type    string `json:"type" enum:"user,group,other"`
	Name    string `json:"name,omitempty" pattern:"^[^:,\\x00-\\x1f]{0,255}$" doc:"Empty for the owner, the owning group and others."`
	May     string `json:"may" pattern:"^[r-][w-][x-]$"`
}

// AccessChange is a change of who may do what. What it does not mention stays as it is.
type AccessChange struct {
	Owner       string           `json:"owner,omitempty" max:"255" doc:"By superusers."`
	Group       string           `json:"group,omitempty" max:"255" doc:"One that the caller is in."`
	Set         string           `json:"set,omitempty" pattern:"^[01]?[0-7]{1,3}$" doc:"Octal: bits to set. The middle digit is the owning group's, and never the mask."`
	Clear       string           `json:"clear,omitempty" pattern:"^[01]?[0-7]{1,3}$" doc:"Octal: bits to clear, except those in set."`
	Entries     []NewAccessEntry `json:"entries,omitempty" max:"64" doc:"ACL entries to add, or to replace those of the same name."`
	Remove      []AccessKey      `json:"remove,omitempty" max:"64" doc:"Entries to remove, if they are there."`
	Bare        bool             `json:"bare,omitempty" doc:"Remove all named entries except those of the default ACL, before entries are applied."`
	DropDefault bool             `json:"dropDefault,omitempty" doc:"Remove the default ACL. What is in entries comes after."`
	Mask        string           `json:"mask,omitempty" pattern:"^[r-][w-][x-]$" doc:"If there is an ACL. Without it, the mask becomes as wide as its entries if one of them changes, and otherwise stays."`
	Search      bool             `json:"search,omitempty" doc:"Change execute on directories only: files keep theirs."`
}

// AccessPaths are the paths to look at.
type AccessPaths struct {
	Paths []string `json:"paths" min:"1" max:"1000" doc:"Absolute paths."`
}

// AccessOutcome is the state of a path, after the change if there was one.
type AccessOutcome struct {
	Path    string        `json:"path"`
	Changed bool          `json:"changed" doc:"Something has changed."`
	State   *AccessState  `json:"state,omitempty" doc:"How it is now; absent if there is a problem."`
	Problem *BatchProblem `json:"problem,omitempty" doc:"Why not; absent if all went well."`
}

// AccessOutcomes are the outcomes of several paths.
type AccessOutcomes struct {
	Items []AccessOutcome `json:"items" doc:"In the order of the paths."`
}

// AccessTarget is a path to change.
type AccessTarget struct {
	Path string `json:"path"`
	Tag  string `json:"tag,omitempty" max:"64" doc:"The tag that the caller has seen: if the path has another one now, it is not changed. Without it, the path is changed in any case."`
}

// AccessChanges are a change and the paths that it applies to.
type AccessChanges struct {
	Change  AccessChange   `json:"change"`
	Targets []AccessTarget `json:"targets" min:"1" max:"200"`
}

// AccessTrial is a change to preview without making it.
type AccessTrial struct {
	Path   string       `json:"path"`
	Change AccessChange `json:"change"`
}

// AccessBeside is what somebody may do before and after a change.
type AccessBeside struct {
	User   string `json:"user" doc:"Empty for everyone else."`
	Before Access `json:"before"`
	After  Access `json:"after"`
}

// AccessPreview says what the effect of a change would be.
type AccessPreview struct {
	Before   AccessState    `json:"before"`
	After    AccessState    `json:"after"`
	Users    []AccessBeside `json:"users" doc:"Users who have access before or after by more than what everybody has, without superusers; if all is false, only the caller."`
	Everyone AccessBeside   `json:"everyone" doc:"What all others may do."`
	All      bool           `json:"all" doc:"The caller may see what others can do: as an owner of the project, or a superuser."`
	Partial  bool           `json:"partial" doc:"There are more than the thousand users that were looked at."`
}

const exampleAccessState = `{"path":"/Projects/vision/train","directory":true,"owner":"ada","group":"vision","mode":"770","sticky":false,"ownerMay":"rwx","groupMay":"r-x","othersMay":"---",` +
	`"mask":"rwx","entries":[{"default":false,"type":"user","name":"bob","may":"rwx","effective":"rwx"}],"tag":"2fY0sX1pQmW8vJ4k","mayChange":true}`

// accessChangeRoutes show, preview and change who may do what.
var accessChangeRoutes = []route{
	{
		Route: openapi.Route{
			ID: "readAccess", Method: http.MethodPost, Path: "/access/states", Tag: "access", Summary: "Show the owner, group, mode and ACL of several paths.",
			Doc:     "Owner, group, mode and ACL of each path. For callers who may reach it; an error with one path is reported in its place. The request counts as a batch in progress.",
			Reads:   true,
			Example: openapi.Example{Body: `{"paths":["/Projects/vision/train"]}`, Reply: `{"items":[{"path":"/Projects/vision/train","changed":false,"state":` + exampleAccessState + `}]}`},
		},
		action: does(readAccess), long: true,
	},
	{
		Route: openapi.Route{
			ID: "previewAccess", Method: http.MethodPost, Path: "/access/preview", Tag: "access", Summary: "Show who could do what with a path after a change, without making it.",
			Doc: "The answer is what would be decided after the change, including roles, shares and the way to the path. For callers who " +
				"may make the change; what others could do is shown to owners of the path's project only.",
			Reads:   true,
			Example: openapi.Example{Body: `{"path":"/Projects/vision/train","change":{"entries":[{"type":"user","name":"bob","may":"r-x"}]}}`},
		},
		action: does(previewAccess), costly: true,
	},
	{
		Route: openapi.Route{
			ID: "changeAccess", Method: http.MethodPost, Path: "/access/change", Tag: "access", Summary: "Change the permissions of several paths.",
			Doc: "Each path is changed atomically, as an event of its own. An error with one does not affect others and is reported in its place: if the path has another tag by now, " +
				"the problem has the status 412 and the path is not changed. Each path counts as one change, and all of them as a batch in progress.",
			Example: openapi.Example{
				Body:  `{"change":{"set":"20"},"targets":[{"path":"/Projects/vision/train","tag":"2fY0sX1pQmW8vJ4k"}]}`,
				Reply: `{"items":[{"path":"/Projects/vision/train","changed":true,"state":` + exampleAccessState + `}]}`,
			},
		},
		action: does(changeAccess), long: true,
	},
}

// accessWorkers is how many paths of one request are changed concurrently.
const accessWorkers = 8

func readAccess(c *call, in AccessPaths) (AccessOutcomes, error) {
	if err := c.spend(reading, len(in.Paths)/batchPerRead); err != nil {
		return AccessOutcomes{}, err
	}
	out := AccessOutcomes{Items: make([]AccessOutcome, len(in.Paths))}
	for i, text := range in.Paths {
		out.Items[i] = c.accessAt(text)
	}
	return out, c.ctx.Err()
}

// accessAt returns the access state of a path, or the problem why it cannot be shown.
func (c *call) accessAt(text string) AccessOutcome {
	path, err := namespace.ParsePath(text)
	if err == nil {
		var s namespace.AccessState
		if s, err = c.session.Access(c.ctx, path); err == nil {
			shown := showAccessState(s)
			return AccessOutcome{Path: text, State: &shown}
		}
	}
	return AccessOutcome{Path: text, Problem: c.partProblem(err, text)}
}

func previewAccess(c *call, in AccessTrial) (AccessPreview, error) {
	path, err := namespace.ParsePath(in.Path)
	if err != nil {
		return AccessPreview{}, err
	}
	change, err := in.Change.read()
	if err != nil {
		return AccessPreview{}, err
	}
	p, err := c.session.PreviewAccess(c.ctx, path, change, c.server.auth.Principal)
	show := func(b namespace.AccessBeside) AccessBeside {
		return AccessBeside{User: b.Before.User, Before: Access(b.Before), After: Access(b.After)}
	}
	return AccessPreview{
		Before: showAccessState(p.Before), After: showAccessState(p.After), Users: showAll(p.Users, show), Everyone: show(p.Everyone), All: p.All, Partial: p.Partial,
	}, err
}

func changeAccess(c *call, in AccessChanges) (AccessOutcomes, error) {
	change, err := in.Change.read()
	if err != nil {
		return AccessOutcomes{}, err
	}
	if err := c.spend(writing, len(in.Targets)-1); err != nil {
		return AccessOutcomes{}, err
	}
	out := AccessOutcomes{Items: make([]AccessOutcome, len(in.Targets))}
	var workers errgroup.Group
	workers.SetLimit(accessWorkers)
	for i, target := range in.Targets {
		workers.Go(func() error {
			err := beside(func() error {
				out.Items[i] = c.changeAccessOf(target, change)
				return nil
			})
			if err != nil {
				out.Items[i] = AccessOutcome{Path: target.Path, Problem: c.partProblem(err, target.Path)}
			}
			return nil
		})
	}
	return out, cmp.Or(workers.Wait(), c.ctx.Err())
}

// changeAccessOf changes one path. If the request has an operation id, that of the change is derived from it and the path.
func (c *call) changeAccessOf(target AccessTarget, change namespace.AccessChange) AccessOutcome {
	one := *c
	one.session = c.server.fs.As(c.principal).From(c.client)
	before := one.accessAt(target.Path)
	if before.Problem != nil {
		return before
	}
	path, err := namespace.ParsePath(target.Path)
	changed := false
	if err == nil {
		ctx := c.ctx
		if c.operation != uuid.Nil {
			ctx = namespace.WithOperation(ctx, uuid.NewSHA1(c.operation, []byte(path.String())))
		}
		changed, err = one.session.ChangeAccess(ctx, path, change, target.Tag)
	}
	if err != nil {
		return AccessOutcome{Path: target.Path, Problem: c.partProblem(err, target.Path)}
	}
	after := one.accessAt(target.Path)
	after.Changed = changed
	return after
}

// read converts the change into the form that the namespace takes.
func (in AccessChange) read() (namespace.AccessChange, error) {
	out := namespace.AccessChange{Owner: in.Owner, Group: in.Group}
	out.Bare, out.DropDefault, out.Search = in.Bare, in.DropDefault, in.Search
	var err error
	for _, bits := range []struct {
		name, text string
		mode       *perm.Mode
	}{{"set", in.Set, &out.Set}, {"clear", in.Clear, &out.Clear}} {
		if bits.text == "" {
			continue
		}
		if *bits.mode, err = perm.ParseMode(bits.text); err != nil {
			return out, invalid(bits.name, err)
		}
	}
	if in.Mask != "" {
		mask, err := perm.ParseAction(in.Mask)
		if err != nil {
			return out, invalid("mask", err)
		}
		out.Mask = &mask
	}
	for _, e := range in.Entries {
		may, err := perm.ParseAction(e.May)
		if err != nil {
			return out, invalid("entries", err)
		}
		if e.Type == "other" && e.Name != "" {
			return out, invalid("entries", fmt.Errorf("others have no name, and one of them is called %q", e.Name))
		}
		out.Entries = append(out.Entries, perm.Entry{Scope: scopeOf(e.Default), Type: entryTypes[e.Type], Name: e.Name, Perm: may})
	}
	for _, k := range in.Remove {
		out.Remove = append(out.Remove, perm.Entry{Scope: scopeOf(k.Default), Type: entryTypes[k.Type], Name: k.Name})
	}
	return out, nil
}

var entryTypes = map[string]perm.Type{"user": perm.User, "group": perm.Group, "other": perm.Other}

func scopeOf(isDefault bool) perm.Scope {
	if isDefault {
		return perm.Default
	}
	return perm.Access
}

func showAccessState(s namespace.AccessState) AccessState {
	m := s.Perms.Mode
	out := AccessState{
		Path: s.Path.String(), Directory: s.Dir, Owner: s.Owner, Group: s.Group, Mode: m.String(), Sticky: m.Sticky(), OwnerMay: m.User().Symbol(),
		GroupMay: m.Group().Symbol(), OthersMay: m.Other().Symbol(), Entries: []AccessEntry{}, Tag: s.Tag, MayChange: s.Manages,
	}
	masks := map[perm.Scope]perm.Action{perm.Access: perm.All, perm.Default: perm.All}
	if s.Perms.HasEntries() {
		out.Mask, masks[perm.Access] = m.Group().Symbol(), m.Group()
	}
	all := s.Perms.ACL.Entries()
	for _, e := range all {
		if e.Scope == perm.Default && e.Type == perm.Mask {
			masks[perm.Default] = e.Perm
		}
	}
	for _, e := range all {
		if e.Scope == perm.Access && e.Name == "" {
			out.GroupMay = e.Perm.Symbol() // the entry of the owning group
			continue
		}
		effective := e.Perm
		if e.Name != "" || e.Type == perm.Group {
			effective &= masks[e.Scope]
		}
		out.Entries = append(out.Entries, AccessEntry{
			Default: e.Scope == perm.Default, Type: e.Type.String(), Name: e.Name, May: e.Perm.Symbol(), Effective: effective.Symbol(),
		})
	}
	return out
}
