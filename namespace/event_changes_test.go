package namespace

import (
	"context"
	"fmt"
	"strings"

	"granary/auth/perm"
)

// change is a call that changes something in /Projects/p/d, and what its event says.
type change struct {
	method string // of Session, or of FS
	do     func(ctx context.Context, s *Session) error
	op     string
	path   string // below d
	target string
	detail string
	// again is a second call, if that changes nothing; nil: it changes something, or fails.
	again func(ctx context.Context, s *Session) error
	// unnamed marks calls that take no operation id.
	unnamed bool
}

// inD returns the path of what lies at name below the directory that changes are made in.
func inD(name string) Path { return Path{"/Projects/p/d"}.add(name) }

func ignore[T any](_ T, err error) error { return err }

// inode is the inode of what lies at name, 0 if there is nothing.
func inode(ctx context.Context, s *Session, name string) int64 {
	status, err := s.Stat(ctx, inD(name))
	if err != nil {
		return 0
	}
	return status.ID
}

// share is the only share there is, 0 without one.
func share(ctx context.Context, s *Session) (id int64) {
	given, _, err := s.Shares(ctx, "p", SharePlace{}, 1)
	if err != nil || len(given) == 0 {
		return 0
	}
	return given[0].ID
}

// changes are calls of every method that changes something, each on the state that those before it left.
func changes() []change {
	entries := []perm.Entry{{Type: perm.User, Name: "eve", Perm: perm.Read}}
	xattr := Xattr{XattrName{"user", "label"}, []byte("secret")}
	creating := func(name string, o CreateOptions, content string) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error {
			o.Size = -1
			return ignore(s.Create(ctx, inD(name), o, strings.NewReader(content)))
		}
	}
	large := string(pattern(InlineMax + 1))
	appending := func(text string) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error {
			return s.Append(ctx, inD("f"), -1, strings.NewReader(text))
		}
	}
	acl := func(set func(s *Session, ctx context.Context) error) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error { return set(s, ctx) }
	}
	modify := acl(func(s *Session, ctx context.Context) error { return s.ModifyACL(ctx, inD("f"), entries) })
	setACL := acl(func(s *Session, ctx context.Context) error {
		return s.SetACL(ctx, inD(""), []perm.Entry{{Scope: perm.Default, Type: perm.User, Perm: perm.All}, {Scope: perm.Default, Type: perm.Group, Perm: perm.Read}, {Scope: perm.Default, Type: perm.Other}})
	})
	removeEntries := acl(func(s *Session, ctx context.Context) error { return s.RemoveACLEntries(ctx, inD("f"), entries) })
	removeDefault := acl(func(s *Session, ctx context.Context) error { return s.RemoveDefaultACL(ctx, inD("")) })
	removeACL := acl(func(s *Session, ctx context.Context) error { return s.RemoveACL(ctx, inD("f")) })
	chmod := func(ctx context.Context, s *Session) error { return s.SetPermission(ctx, inD("f"), 0o600) }
	chown := func(ctx context.Context, s *Session) error { return s.SetOwner(ctx, inD("f"), "eve", "staff") }
	reaccess := func(ctx context.Context, s *Session) error {
		return ignore(s.ChangeAccess(ctx, inD("f"), AccessChange{Amendment: perm.Amendment{Set: 0o044}, Owner: superuser}, ""))
	}
	times := func(ctx context.Context, s *Session) error { return s.SetTimes(ctx, inD("f"), 1000, 2000) }
	replicate := func(ctx context.Context, s *Session) error { return ignore(s.SetReplication(ctx, inD("f"), 2)) }
	label := func(ctx context.Context, s *Session) error {
		return s.SetXattr(ctx, inD("f"), xattr, XattrFlags{Create: true, Replace: true})
	}
	tag := func(ctx context.Context, s *Session) error {
		return ignore(s.SetLabels(ctx, inD("f"), LabelChange{Set: map[string]string{"a": "1", "b": ""}, Description: new("A file.")}))
	}
	untag := func(ctx context.Context, s *Session) error {
		return ignore(s.SetLabels(ctx, inD("f"), LabelChange{Set: map[string]string{"b": "2"}, Remove: []string{"a", "none"}}))
	}
	limit := func(ctx context.Context, s *Session) error {
		return s.SetQuota(ctx, inD(""), QuotaChange{Names: pointer(100), Types: map[string]int64{"SSD": 7}})
	}
	unlimit := func(ctx context.Context, s *Session) error {
		return s.SetQuota(ctx, inD(""), QuotaChange{Names: pointer(NoQuota), Types: map[string]int64{"SSD": NoQuota}})
	}
	cold := func(ctx context.Context, s *Session) error { return s.SetStoragePolicy(ctx, inD("f"), "cold") }
	truncate := func(ctx context.Context, s *Session) error { return ignore(s.Truncate(ctx, inD("f"), 3)) }
	mkdirs := func(ctx context.Context, s *Session) error {
		return ignore(s.Mkdirs(ctx, inD("a/b"), MkdirOptions{Mode: 0o755}))
	}
	remove := func(ctx context.Context, s *Session) error { return ignore(s.Delete(ctx, inD("a"), true)) }
	member := func(ctx context.Context, s *Session) error { return s.SetMember(ctx, "p", "eve", Observer) }
	describe := func(ctx context.Context, s *Session) error {
		text, listed, archived := "Scenes.", true, false
		return s.ChangeProject(ctx, "p", ProjectChange{&text, &listed, &archived})
	}
	limitProject := func(ctx context.Context, s *Session) error { return s.LimitProject(ctx, "p", pointer(1000), nil) }
	makeDataset := func(ctx context.Context, s *Session) error {
		return ignore(s.MakeDataset(ctx, inD(""), MakeDatasetOptions{DatasetInfo: DatasetInfo{Listed: true}}))
	}
	publish := func(ctx context.Context, s *Session) error {
		public, listed := true, true
		return ignore(s.ChangeDataset(ctx, inode(ctx, s, ""), DatasetChange{Public: &public, Listed: &listed}))
	}
	accept := func(ctx context.Context, s *Session) error { return ignore(s.AcceptShare(ctx, share(ctx, s), "")) }
	requestAccess := func(ctx context.Context, s *Session) error {
		return ignore(s.RequestAccess(ctx, "p", inode(ctx, s, ""), "please"))
	}
	// shown is where the project that the dataset is shared with shows what lies at name below it.
	shown := func(name string) Path { return Path{"/Projects/other/Shared/p.d"}.add(name) }
	return []change{
		{method: "Create", op: "create", path: "f", detail: `{"size": 5}`, do: creating("f", CreateOptions{}, "hello")},
		{method: "Create", op: "create", path: "new/dir/f", detail: `{"size": 65537, "made": "/Projects/p/d/new"}`, do: creating("new/dir/f", CreateOptions{CreateParent: true}, large)},
		{method: "Create", op: "create", path: "f", detail: `{"size": 4, "replaced": -1}`, do: creating("f", CreateOptions{Overwrite: true}, "over")},
		{method: "Promise", unnamed: true, op: "create", path: "promised", detail: `{"size": 4}`, do: func(ctx context.Context, s *Session) error {
			o := CreateOptions{Mode: 0o644, Size: -1}
			var err error
			if o.Lease, err = s.Promise(ctx, inD("promised"), o); err != nil {
				return err
			}
			return ignore(s.Create(ctx, inD("promised"), o, strings.NewReader("kept")))
		}},
		{method: "Promise", unnamed: true, op: "mkdirs", path: "for", detail: `{"dir": true, "made": "/Projects/p/d/for"}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Promise(ctx, inD("for/later"), CreateOptions{CreateParent: true}))
		}},
		{method: "Append", op: "append", path: "f", detail: `{"size": 9, "added": 5}`, do: appending(" more")},
		{method: "AppendTo", op: "append", path: "f", detail: `{"size": 65546, "added": 65537}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.AppendTo(ctx, inD("f"), 0, -1, strings.NewReader(large)))
		}},
		{method: "Truncate", op: "truncate", path: "f", detail: `{"size": 3}`, do: truncate, again: truncate},
		{method: "Concat", op: "concat", path: "f", detail: `{"size": 7, "sources": ["/Projects/p/d/promised"]}`, do: func(ctx context.Context, s *Session) error {
			return s.Concat(ctx, inD("f"), []Path{inD("promised")})
		}},
		{method: "Mkdirs", op: "mkdirs", path: "a/b", detail: `{"dir": true, "made": "/Projects/p/d/a"}`, do: mkdirs, again: mkdirs},
		{method: "Rename", op: "rename", path: "f", target: "a/f", detail: `{}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Rename(ctx, inD("f"), inD("a")))
		}, again: func(ctx context.Context, s *Session) error { return ignore(s.Rename(ctx, inD("a/f"), inD("a/f"))) }},
		{method: "Move", op: "rename", path: "a/f", target: "f", detail: `{}`, do: func(ctx context.Context, s *Session) error {
			return s.Move(ctx, inD("a/f"), inD("f"), MoveOptions{})
		}},
		{method: "Delete", op: "delete", path: "a", detail: `{"dir": true}`, do: remove, again: remove},
		{method: "Delete", op: "delete", path: "new/dir/f", detail: `{"size": 65537}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Delete(ctx, inD("new/dir/f"), false))
		}},
		{method: "SetPermission", op: "set permission", path: "f", detail: `{"mode": "0600"}`, do: chmod, again: chmod},
		{method: "SetOwner", op: "set owner", path: "f", detail: `{"owner": "eve", "group": "staff"}`, do: chown, again: chown},
		{method: "SetTimes", op: "set times", path: "f", detail: `{"mtime": 1000, "atime": 2000}`, do: times, again: times},
		{method: "SetReplication", op: "set replication", path: "f", detail: `{"replication": 2}`, do: replicate, again: replicate},
		{method: "ModifyACL", op: "modify ACL", path: "f", detail: `{"mode": "0640", "acl": "user:eve:r--,group::---"}`, do: modify, again: modify},
		{method: "RemoveACLEntries", op: "remove ACL entries", path: "f", detail: `{"mode": "0600", "acl": "group::---"}`, do: removeEntries, again: removeEntries},
		{method: "RemoveACL", op: "remove ACL", path: "f", detail: `{"mode": "0600", "acl": ""}`, do: removeACL, again: removeACL},
		{method: "SetACL", op: "set ACL", path: "", detail: `{"dir": true, "mode": "0755", "acl": "default:user::rwx,default:group::r--,default:other::---"}`, do: setACL, again: setACL},
		{method: "RemoveDefaultACL", op: "remove default ACL", path: "", detail: `{"dir": true, "mode": "0755", "acl": ""}`, do: removeDefault, again: removeDefault},
		{method: "ChangeAccess", op: "change access", path: "f", detail: `{"owner": "root", "mode": "0644"}`, do: reaccess, again: reaccess},
		{method: "SetXattr", op: "set xattr", path: "f", detail: `{"xattr": "user.label"}`, do: label, again: label},
		{method: "RemoveXattr", op: "remove xattr", path: "f", detail: `{"xattr": "user.label"}`, do: func(ctx context.Context, s *Session) error {
			return s.RemoveXattr(ctx, inD("f"), xattr.Name)
		}},
		{method: "SetLabels", op: "set labels", path: "f", detail: `{"tags": {"a": "1", "b": ""}, "description": "A file."}`, do: tag, again: tag},
		{method: "SetLabels", op: "set labels", path: "f", detail: `{"tags": {"b": "2"}, "untagged": ["a"]}`, do: untag, again: untag},
		{method: "SetQuota", op: "set quota", path: "", detail: `{"dir": true, "quota": {"names": 100, "space": -1, "types": {"SSD": 7}}}`, do: limit, again: limit},
		{method: "SetQuota", op: "set quota", path: "", detail: `{"dir": true, "quota": {"names": -1, "space": -1}}`, do: unlimit, again: unlimit},
		{method: "SetStoragePolicy", op: "set storage policy", path: "f", detail: `{"policy": "COLD"}`, do: cold, again: cold},
		{method: "CreateProject", op: "create project", path: "/Projects/other", detail: `{"dir": true, "project": "other", "member": "root", "role": "owner"}`, do: func(ctx context.Context, s *Session) error {
			return s.CreateProject(ctx, NewProject{Name: "other", Datasets: DefaultDatasets})
		}},
		{method: "SetMember", op: "set member", path: "/Projects/p", detail: `{"dir": true, "member": "eve", "role": "observer"}`, do: member, again: member},
		{method: "SetMember", op: "set member", path: "/Projects/p", detail: `{"dir": true, "member": "eve", "role": "scientist"}`, do: func(ctx context.Context, s *Session) error {
			return s.SetMember(ctx, "p", "eve", Scientist)
		}},
		{method: "RemoveMember", op: "remove member", path: "/Projects/p", detail: `{"dir": true, "member": "eve"}`, do: func(ctx context.Context, s *Session) error {
			return s.RemoveMember(ctx, "p", "eve")
		}},
		{method: "ChangeProject", op: "change project", path: "/Projects/p", detail: `{"dir": true, "description": "Scenes.", "listed": true}`, do: describe, again: describe},
		{method: "MakeDataset", op: "make dataset", path: "", detail: `{"dir": true, "description": "", "public": false, "listed": true}`, do: makeDataset, again: makeDataset},
		{method: "ChangeDataset", op: "change dataset", path: "", detail: `{"dir": true, "public": true}`, do: publish, again: publish},
		{method: "OfferShare", op: "offer share", path: "", detail: `{"dir": true, "share": {"id": -1, "toProject": "other", "level": "edit"}}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.OfferShare(ctx, Offer{Dataset: inode(ctx, s, ""), ToProject: "other", Level: Edit}))
		}},
		{method: "AcceptShare", op: "accept share", path: "", detail: `{"dir": true, "share": {"id": -1, "toProject": "other", "level": "edit"}}`, do: accept, again: accept},
		{method: "Mkdirs", op: "mkdirs", path: "by/share", detail: `{"dir": true, "made": "/Projects/p/d/by"}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Mkdirs(ctx, shown("by/share"), MkdirOptions{Mode: 0o755}))
		}},
		{method: "Create", op: "create", path: "by/f", detail: `{"size": 1}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Create(ctx, shown("by/f"), CreateOptions{Size: -1}, strings.NewReader("x")))
		}},
		{method: "Rename", op: "rename", path: "by/f", target: "by/share/f", detail: `{}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Rename(ctx, shown("by/f"), shown("by/share")))
		}},
		{method: "RequestAccess", op: "request access", path: "/Projects/p", detail: `{"dir": true}`, do: requestAccess, again: requestAccess},
		{method: "EndRequest", op: "end request", path: "/Projects/p", detail: `{"dir": true, "member": "root"}`, do: func(ctx context.Context, s *Session) error {
			mine, err := s.MyRequests(ctx, 0, 2)
			if err != nil || len(mine) != 1 {
				return fmt.Errorf("%d requests, %w", len(mine), err)
			}
			return s.EndRequest(ctx, mine[0].ID)
		}},
		{method: "EndShare", op: "end share", path: "", detail: `{"dir": true, "share": {"id": -1, "toProject": "other", "level": "edit"}}`, do: func(ctx context.Context, s *Session) error {
			return s.EndShare(ctx, share(ctx, s))
		}},
		{method: "LimitProject", op: "set quota", path: "/Projects/p", detail: `{"dir": true, "quota": {"names": 1000, "space": -1}}`, do: limitProject, again: limitProject},
		{method: "EndDataset", op: "end dataset", path: "", detail: `{"dir": true}`, do: func(ctx context.Context, s *Session) error {
			return s.EndDataset(ctx, inode(ctx, s, ""))
		}},
		{method: "Replace", op: "replace", path: "by/share", target: "for", detail: `{"dir": true, "replaced": -1}`, do: func(ctx context.Context, s *Session) error {
			return s.Replace(ctx, inD("by/share"), inD("for"))
		}},
		{method: "DeleteProject", op: "delete project", path: "/Projects/other", detail: `{"dir": true, "project": "other"}`, do: func(ctx context.Context, s *Session) error {
			return s.DeleteProject(ctx, "other")
		}},
		{method: "RestoreProject", op: "restore project", path: "/Projects/other", detail: `{"dir": true, "project": "other"}`, do: func(ctx context.Context, s *Session) error {
			return s.RestoreProject(ctx, "other")
		}},
		{method: "Delete", op: "delete", path: "/Projects/other", detail: `{"dir": true, "project": "other"}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Delete(ctx, Path{"/Projects/other"}, true))
		}},
	}
}
