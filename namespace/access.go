package namespace

import (
	"context"
	"errors"
	"slices"

	"granary/auth"
	"granary/auth/perm"
)

// Need says which rights an operation requires at each position of a path, besides execute on every directory above
// the last component. The positions and their meaning are those of HDFS's FSPermissionChecker.checkPermission.
type Need struct {
	// Owner requires that the principal own the inode. The path must exist.
	Owner bool
	// Ancestor is needed on the deepest existing inode above the last component.
	Ancestor perm.Action
	// Parent is needed on the directory of the last component, if it exists. Where it includes write and the last
	// component exists, a sticky parent also demands that the principal own one of the two.
	Parent perm.Action
	// Node is needed on the inode itself, if it exists.
	Node perm.Action
	// File requires that the inode, if it exists, not be a directory. It is checked before Node: HDFS reports that a
	// directory is not a file whatever its mode.
	File bool
	// Create marks operations that may make the last component: the name must be valid, and a file above it results in
	// ParentNotDirectory instead of AccessControl.
	Create bool
	// Change marks operations that change something, which not every token allows.
	Change bool
	// Add marks changes that only make something new or append, which a token for adding allows.
	Add bool
}

// Role is a member's standing in a project.
type Role string

// Roles of members. An owner passes every mode and ACL inside the project; a scientist is in the project's group
// there; an observer is in the group too, and never writes.
const (
	Owner     Role = "owner"
	Scientist Role = "scientist"
	Observer  Role = "observer"
)

// check decides whether the principal may do what need says on c. It is the only place that decides.
func (w *walker) check(c *chain, need Need) error {
	err := w.evaluate(c, need)
	var e *Error
	if errors.As(err, &e) && e.Kind == AccessControl && e.at == nil {
		at := spotOf(c)
		if at.asked = c.path; c.asked != nil {
			at.asked = *c.asked
		}
		e.at = &at
	}
	return err
}

func (w *walker) evaluate(c *chain, need Need) error {
	if err := w.traverse(c, need); err != nil {
		return err
	}
	if err := w.inScope(c, need); err != nil {
		w.note(c, len(c.nodes)-1, perm.None, false, "token")
		return err
	}
	if err := c.inUse(need); err != nil {
		w.note(c, len(c.nodes)-1, perm.None, false, "archived")
		return err
	}
	if err := c.keepsToShares(need); err != nil {
		w.note(c, len(c.nodes)-1, perm.Write, false, "shown")
		return err
	}
	if node := c.node(); node != nil && need.Parent.Implies(perm.Write) && len(c.names) > 0 {
		if parent := c.parent(); w.stickyForbids(c, parent, node) {
			w.note(c, len(c.names)-1, perm.Write, false, "sticky bit")
			return w.deniedBySticky(c.path, node, c.path.Parent(), parent)
		}
	}
	if need.Ancestor != perm.None && len(c.names) > 0 {
		if err := w.need(c, c.ancestorDepth(), need.Ancestor); err != nil {
			return err
		}
	}
	if need.Parent != perm.None && c.parent() != nil {
		if err := w.need(c, len(c.names)-1, need.Parent); err != nil {
			return err
		}
	}
	if need.File && c.node() != nil {
		if _, err := fileAt(c); err != nil {
			return err
		}
	}
	if need.Node != perm.None && c.node() != nil {
		if err := w.need(c, len(c.names), need.Node); err != nil {
			return err
		}
	}
	if need.Owner {
		return w.checkOwner(c)
	}
	return nil
}

// traverse demands that everything above the last component be a directory that the principal may search.
func (w *walker) traverse(c *chain, need Need) error {
	for i := range c.ancestorDepth() + 1 {
		if len(c.names) == 0 {
			break
		}
		if !c.nodes[i].dir() {
			kind := AccessControl
			if need.Create {
				kind = ParentNotDirectory
			}
			return fail(kind, "%s (is not a directory)", c.pathOf(i))
		}
		if c.leadsToShare(i) {
			w.note(c, i, perm.Execute, true, "way to a share")
			continue
		}
		if err := w.need(c, i, perm.Execute); err != nil {
			return err
		}
	}
	return nil
}

// changes reports whether an operation with this need changes anything.
func (need Need) changes() bool {
	return need.Change || (need.Ancestor | need.Parent | need.Node).Implies(perm.Write)
}

// inUse refuses changes in an archived project.
func (c *chain) inUse(need Need) error {
	if !need.changes() {
		return nil
	}
	if m := c.projects[c.nodes[len(c.nodes)-1].project]; m.state == archived {
		return fail(AccessControl, "Permission denied: project %s is archived: nothing in it can be changed until an owner makes it active again", m.name)
	}
	return nil
}

// keepsToShares refuses to make anything in the directory in which a project shows what others share with it: copies and
// archives leave that directory out, and so would leave out anything that the project itself had there.
func (c *chain) keepsToShares(need Need) error {
	if last := len(c.nodes) - 1; need.Create && need.changes() && c.node() == nil && c.nodes[last].use == useShared {
		return fail(AccessControl, "Permission denied: %s shows what other projects share: things get there only by accepting a share", c.pathOf(last))
	}
	return nil
}

// inScope checks the walked path against the token's limits: the project or directory that the token names must lie on it,
// at or above what the operation touches.
func (w *walker) inScope(c *chain, need Need) error {
	scope := w.s.p.Scope
	if verb := w.verb(need); !scope.Verbs.Allow(verb) {
		if scope.Verbs == auth.Read {
			return fail(AccessControl, "Permission denied: user=%s, the token is read-only and may not change %s", w.s.p.User, c.path)
		}
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to %s and this takes %s on %s", w.s.p.User, scope.Verbs, verb, c.path)
	}
	nodes := c.nodes
	if need.Parent.Implies(perm.Write) {
		nodes = c.dirs() // the entry is made, removed or changed, and it belongs to the directory above
	}
	if scope.Project != 0 && !slices.ContainsFunc(nodes, func(n node) bool { return n.project == scope.Project }) {
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to a project and %s is outside it", w.s.p.User, c.path)
	}
	if w.s.p.Superuser && scope.Project != 0 && need.changes() && !c.sharesWriting(scope.Project) {
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to a project and %s is only shared with it", w.s.p.User, c.path)
	}
	if scope.Root != 0 && !slices.ContainsFunc(nodes, func(n node) bool { return n.id == scope.Root }) {
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to a directory and %s is outside it", w.s.p.User, c.path)
	}
	return nil
}

// verb returns what a token must allow for need. An operation that changes something says so in one of its needs; until
// then it only looks, which takes no verb.
func (w *walker) verb(need Need) auth.Verbs {
	switch {
	case need.Add:
		return auth.Add
	case need.changes():
		return auth.Write
	case w.op != "" || w.s.answering:
		return 0
	}
	return auth.Read
}

// need fails unless the principal has want on the i-th inode of c.
func (w *walker) need(c *chain, i int, want perm.Action) error {
	n := &c.nodes[i]
	allowed, by := w.judge(c.standing(i), n, want)
	w.note(c, i, want, allowed, by)
	w.noteMask(c, i, n, want)
	if allowed {
		return nil
	}
	return w.denied(want, c.pathOf(i), n)
}

// note keeps the decision about c's i-th inode for a caller that asked for reasons.
func (w *walker) note(c *chain, i int, want perm.Action, allowed bool, by string) {
	if w.steps == nil {
		return // building the path would be wasted
	}
	w.noteAt(c.pathOf(i), c.nodes[i].id, want, allowed, by)
}

func (w *walker) noteAt(path Path, inode int64, want perm.Action, allowed bool, by string) {
	if w.steps != nil {
		*w.steps = append(*w.steps, Step{Path: path, Inode: inode, Wanted: want.Symbol(), Allowed: allowed, By: by})
	}
}

// noteMask records in the last step, which looked at c's i-th inode, n, whether only the mask caused the refusal.
func (w *walker) noteMask(c *chain, i int, n *node, want perm.Action) {
	if w.steps == nil || len(*w.steps) == 0 {
		return
	}
	last := &(*w.steps)[len(*w.steps)-1]
	if last.Allowed || !n.perms.HasEntries() {
		return
	}
	unmasked := *n
	unmasked.perms = n.perms.Chmod(n.perms.Mode | perm.Mode(perm.All)<<3)
	last.Masked = w.allows(c.standing(i), &unmasked, want)
}

// allows evaluates the rights of the principal, whose standing is at, on n.
func (w *walker) allows(at standing, n *node, want perm.Action) bool {
	allowed, _ := w.judge(at, n, want)
	return allowed
}

// judge evaluates the rights of the principal, whose standing is at, on n, and returns what decided: "superuser",
// "role:owner", "role:observer", "share:ID", "public", or what [perm.Perms.Explain] returns.
func (w *walker) judge(at standing, n *node, want perm.Action) (allowed bool, by string) {
	p := &w.s.p
	switch {
	case p.Superuser:
		return true, "superuser"
	case at.role == Owner:
		return true, "role:" + string(Owner)
	case at.observes() && want&perm.Write != 0:
		return false, "role:" + string(Observer)
	}
	perms := n.perms
	for _, g := range at.granted {
		perms = perms.Granting(g.group(), g.action)
	}
	allowed, by = perms.Explain(perm.Who{User: p.User, InGroup: func(group string) bool {
		return slices.Contains(p.Groups, group) || (at.role != "" && group == at.name) ||
			slices.ContainsFunc(at.granted, func(g grant) bool { return g.group() == group })
	}}, n.owner, n.group, want)
	for _, g := range at.granted {
		if by == "group:"+g.group() {
			by = g.by()
		}
	}
	return allowed, by
}

// passes reports whether modes and ACLs in n's project do not bind the principal.
func (w *walker) passes(c *chain, n *node) bool {
	return w.s.p.Superuser || c.projects[n.project].role == Owner
}

// superuserFor fails unless the principal is a superuser without a limiting scope. operation is HDFS's name for what needs one.
func (s *Session) superuserFor(operation string) error {
	if s.p.Superuser && s.p.Scope.IsZero() {
		return nil
	}
	return fail(AccessControl, "Access denied for user %s. Superuser privilege is required for operation %s", s.p.User, operation)
}

// privileged returns the refusal of check, if it still refuses once the principal was read again: it may have become a superuser since
// it was authenticated.
func (s *Session) privileged(ctx context.Context, check func() error) error {
	if check() == nil {
		return nil
	}
	if err := (&walker{ctx: ctx, s: s}).renewed(); err != nil {
		return err
	}
	return check()
}

func (w *walker) checkOwner(c *chain) error {
	n := c.node()
	if n == nil {
		return fail(NotExist, "Directory/File does not exist %s", c.path)
	}
	by := "owner"
	switch {
	case w.s.p.Superuser:
		by = "superuser"
	case w.passes(c, n):
		by = "role:" + string(Owner)
	case c.projects[n.project].observes(): // who may own it from before becoming an observer
		by = "role:" + string(Observer)
	}
	allowed := w.passes(c, n) || n.owner == w.s.p.User && !c.projects[n.project].observes()
	w.note(c, len(c.names), perm.None, allowed, by)
	if allowed {
		return nil
	}
	return fail(AccessControl, "Permission denied. user=%s is not the owner of inode=%s", w.s.p.User, c.path)
}

// stickyForbids reports whether the sticky bit of parent keeps the principal from removing or renaming child.
func (w *walker) stickyForbids(c *chain, parent, child *node) bool {
	return parent.perms.Mode.Sticky() && !w.passes(c, parent) &&
		parent.owner != w.s.p.User && child.owner != w.s.p.User
}

// denied words a refusal as FSPermissionChecker.toAccessControlString does: clients show it, and it names the inode
// that refused.
func (w *walker) denied(want perm.Action, path Path, n *node) error {
	return fail(AccessControl, "Permission denied: user=%s, access=%s, inode=%s", w.s.p.User, want, describe(path, n))
}

func (w *walker) deniedBySticky(path Path, child *node, parentPath Path, parent *node) error {
	return fail(AccessControl, "Permission denied by sticky bit: user=%s, path=%s, parent=%s",
		w.s.p.User, describe(path, child), describe(parentPath, parent))
}

// describe writes an inode as HDFS's refusals do: "/dir":owner:group:drwxr-xr-x.
func describe(path Path, n *node) string {
	kind := "-"
	if n.dir() {
		kind = "d"
	}
	return `"` + path.String() + `":` + n.owner + ":" + n.group + ":" + kind + n.perms.Mode.Symbolic()
}
