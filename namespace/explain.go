package namespace

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth"
	"granary/auth/perm"
)

// Deed is something that one may want to do with a path, for Explain.
type Deed string

// Deeds.
const (
	ToRead   Deed = "read"   // read the content of a file, or list a directory
	ToWrite  Deed = "write"  // write the content of a file, or entries of a directory
	ToCreate Deed = "create" // make the path, or overwrite an existing file
	ToDelete Deed = "delete" // delete the path, with everything below it
	ToManage Deed = "manage" // change its mode, ACL and group
)

// Deeds lists all deeds.
var Deeds = []Deed{ToRead, ToWrite, ToCreate, ToDelete, ToManage}

// need returns what the deed needs; dir says whether the path is an existing directory.
func (d Deed) need(dir bool) Need {
	switch d {
	case ToWrite:
		if dir {
			return Need{Node: perm.WriteExecute, Change: true}
		}
		return Need{Node: perm.Write, Change: true}
	case ToCreate:
		if dir { // it is not overwritten
			return Need{Ancestor: perm.Write, Create: true, Change: true}
		}
		return Need{Ancestor: perm.Write, Node: perm.Write, Create: true, Change: true}
	case ToDelete:
		return Need{Parent: perm.Write, Change: true}
	case ToManage:
		return Need{Owner: true, Change: true}
	case ToRead:
		if dir {
			return Need{Node: perm.ReadExecute}
		}
	}
	return Need{Node: perm.Read}
}

// Step is one inode that a decision looked at.
type Step struct {
	Path    Path
	Inode   int64
	Wanted  string // in "rwx" letters, such as "-wx"
	Allowed bool
	// By is what decided: "superuser"; "role:owner" or "role:observer"; "owner", the inode's; "group", its owning group;
	// "user:NAME" or "group:NAME", an entry of its ACL; "share:ID"; "public"; "other"; or "way to a share". Refusals can also
	// come from the "sticky bit"; "token", its limits; "archived", the project's state; or "shown", for what shows a share.
	By string
	// Masked reports that the ACL would allow it without its mask.
	Masked bool
}

// Explanation says whether somebody may do something, and why.
type Explanation struct {
	User    string
	Deed    Deed
	Path    Path
	Allowed bool
	Reason  string // for a refusal, the message of the operation itself
	Steps   []Step // in the order of the checks; the last one decided
}

// Explain reports whether p may do something with a path, and which inode and which of its entries decide. Everybody may ask
// about themselves; owners of the path's project and superusers may ask about others.
func (s *Session) Explain(ctx context.Context, p auth.Principal, path Path, deed Deed) (Explanation, error) {
	const op = "explain"
	e := Explanation{User: p.User, Deed: deed, Path: path}
	if !slices.Contains(Deeds, deed) {
		return e, s.dress(op, path, fail(InvalidArgument, "%q: want read, write, create, delete or manage", deed))
	}
	if err := s.MayAskAbout(ctx, p.User, path); err != nil {
		return e, err
	}
	if p.User == s.p.User {
		p = s.p // within the limits of the token
	}
	err := steadily(ctx, func() error {
		w := &walker{ctx: ctx, s: s.fs.As(p), steps: new([]Step)}
		all, err := w.find(path)
		if err != nil {
			return err
		}
		err = w.may(s, all[0], deed)
		var refused *Error
		if err != nil && !errors.As(err, &refused) {
			return err
		}
		e.Allowed, e.Reason, e.Steps = err == nil, "", *w.steps
		if refused != nil {
			e.Reason = refused.Msg
		}
		return nil
	})
	return e, s.dress(op, path, err)
}

// may fails unless the principal may do the deed at c. If a subtree has to be looked through, that counts as a survey by asker.
func (w *walker) may(asker *Session, c *chain, deed Deed) error {
	n := c.node()
	if n == nil && deed != ToCreate {
		// A principal who may not get there learns only that, and not whether the path exists.
		if err := w.check(c, Need{}); err != nil {
			return err
		}
		return fail(NotExist, "File does not exist: %s", c.path)
	}
	if err := w.check(c, deed.need(n != nil && n.dir())); err != nil || deed != ToDelete {
		return err
	}
	if err := n.stays(c.path); err != nil {
		w.note(c, len(c.names), perm.None, false, "shown")
		return err
	}
	if !n.dir() || w.passes(c, n) {
		return nil
	}
	return asker.survey(w.ctx, func(tx pgx.Tx) error { return w.checkBelow(w.ctx, tx, c, n) })
}

// MayAskAbout fails unless the principal may learn what user, or with "" anybody, may do with path.
func (s *Session) MayAskAbout(ctx context.Context, user string, path Path) error {
	return s.dress("explain", path, s.mayAskAbout(ctx, user, path))
}

func (s *Session) mayAskAbout(ctx context.Context, user string, path Path) error {
	w := &walker{ctx: ctx, s: s}
	all, err := w.find(path)
	if err != nil {
		return err
	}
	c := all[0]
	if err := w.inScope(c, Need{}); err != nil {
		return err
	}
	if user == s.p.User || s.p.Superuser {
		return nil
	}
	if m := c.membership(); m.role == Owner && s.p.Scope.Root == 0 {
		return nil
	}
	if user == "" {
		user = "others"
	}
	return fail(AccessControl, "Permission denied: user=%s may not ask what %s may do with %s", s.p.User, user, path)
}

// Access is what somebody may do with a path, and through what.
type Access struct {
	User    string
	May     string // "rwx" letters
	Through string // what decided about the first letter of May, as [Step.By]
	Manages bool   // may change the mode, ACL and group
}

// can reports whether the user may do anything at all.
func (a Access) can() bool { return a.May != perm.None.Symbol() || a.Manages }

// EffectiveAccess says who can do what with a path.
type EffectiveAccess struct {
	Path Path
	// Users are those who can do something: members of the project, recipients of shares, owners, and those whom the
	// ACL names. Superusers, who may do everything, are left out.
	Users []Access
	// Everyone is what all others may do, and through what.
	Everyone Access
	// Partial reports that there were more than accessLimit candidates.
	Partial bool
}

// accessLimit is how many users EffectiveAccess looks at.
const accessLimit = 1000

// candidatesSQL finds at most $5 users who may have more rights on an inode than everybody: members of its project $1, recipients of
// shares of the inodes $2 on its path, and users with the names $3 or in the groups $4. If a project is deleted, its service accounts
// have ended, and shares with it give nothing.
const candidatesSQL = `
SELECT u.name FROM users u WHERE NOT u.disabled
AND (u.kind <> 'service' OR EXISTS (SELECT FROM projects p WHERE p.id = u.project_id AND p.state <> 'd')) AND (
	EXISTS (SELECT FROM members m WHERE m.user_id = u.id AND m.project_id = $1)
	OR EXISTS (SELECT FROM shares s LEFT JOIN members r ON r.project_id = s.to_project LEFT JOIN projects q ON q.id = s.to_project
		WHERE s.project_id = $1 AND s.inode_id = ANY($2) AND s.accepted IS NOT NULL AND (s.expires IS NULL OR s.expires > now())
			AND (s.to_user = u.id OR (r.user_id = u.id AND q.state <> 'd')))
	OR u.name = ANY($3) OR (u.groups || u.mapped) && $4)
ORDER BY u.name LIMIT $5`

// EffectiveAccess reports who can read, write and enter a path, and through what. It is for the owners of the path's project and
// for superusers. as returns a user's principal.
func (s *Session) EffectiveAccess(ctx context.Context, path Path, as func(context.Context, string) (auth.Principal, error)) (EffectiveAccess, error) {
	const op = "effective access"
	out := EffectiveAccess{Path: path}
	err := s.mayAskAbout(ctx, "", path)
	if err == nil {
		err = steadily(ctx, func() error {
			c, err := (&walker{ctx: ctx, s: s}).walk(path, Need{})
			if err != nil {
				return err
			}
			if c.node() == nil {
				return fail(NotExist, "File does not exist: %s", path)
			}
			names, err := s.fs.candidates(ctx, c)
			if err != nil {
				return err
			}
			out.Users, out.Partial = nil, len(names) > accessLimit
			for _, name := range names[:min(len(names), accessLimit)] {
				p, err := as(ctx, name)
				if mayNothing(err) || err == nil && p.Superuser {
					continue
				}
				if err != nil {
					return err
				}
				a, err := s.fs.accessOf(ctx, p, path, nil)
				if err != nil {
					return err
				}
				if a.can() {
					out.Users = append(out.Users, a)
				}
			}
			// A name that nobody can have stands for all others.
			out.Everyone, err = s.fs.accessOf(ctx, auth.Principal{User: ""}, path, nil)
			return err
		})
	}
	return out, s.dress(op, path, err)
}

// mayNothing reports whether err means that a user was disabled or removed since they were found.
func mayNothing(err error) bool {
	kind := auth.KindOf(err)
	return err != nil && (kind == auth.Disabled || kind == auth.UnknownUser)
}

// candidates returns the users who may have more rights than everybody on the inode that c leads to.
func (fs *FS) candidates(ctx context.Context, c *chain) ([]string, error) {
	var (
		n      = c.node()
		ids    []int64
		users  = []string{n.owner}
		groups = []string{n.group}
	)
	for i := range c.nodes {
		if c.nodes[i].project == n.project {
			ids = append(ids, c.nodes[i].id)
		}
	}
	for _, entry := range n.perms.ACL.Entries() {
		switch {
		case entry.Scope != perm.Access || entry.Name == "":
		case entry.Type == perm.User:
			users = append(users, entry.Name)
		default:
			groups = append(groups, entry.Name)
		}
	}
	rows, err := fs.db.Query(ctx, candidatesSQL, n.project, ids, users, groups, accessLimit+1)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// accessOf returns what p can do with path, considering the directories above, too. If x is not nil, it supposes that x is the case.
func (fs *FS) accessOf(ctx context.Context, p auth.Principal, path Path, x *supposed) (Access, error) {
	a := Access{User: p.User}
	w := &walker{ctx: ctx, s: fs.As(p), steps: new([]Step), supposed: x}
	all, err := w.find(path)
	if err != nil {
		return a, err
	}
	c := all[0]
	may := perm.None
	for _, want := range []perm.Action{perm.Read, perm.Write, perm.Execute} {
		if c.node() == nil || w.check(c, Need{Node: want}) != nil {
			continue
		}
		may |= want
		if steps := *w.steps; a.Through == "" {
			a.Through = steps[len(steps)-1].By
		}
	}
	a.May = may.Symbol()
	a.Manages = c.node() != nil && w.check(c, Need{Owner: true, Change: true}) == nil
	return a, nil
}
