package namespace

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Level is how much a share lets its recipients do.
type Level string

// Levels of shares. None of them lets an observer of the recipient's project write.
const (
	Read         Level = "read"           // recipients read
	Edit         Level = "edit"           // recipients write, too
	EditByOwners Level = "edit-by-owners" // the owners of the recipient's project write, its other members read
)

// projectState is what may be done with a project at all.
type projectState byte

const (
	active   projectState = 'a'
	archived projectState = 'r' // nobody may change anything in it
	deleted  projectState = 'd' // it is in the trash, and nobody finds it
)

// grant is the right that a dataset gives to the principal by a share, or because it is public.
type grant struct {
	share   int64  // its id; 0: the dataset is public
	project int64  // the project that it is shared with; 0: the principal in person
	name    string // of that project
	epoch   int64  // of that project
	action  perm.Action
}

// group returns the name of the group entry that the grant acts as. No group or project has such a name, since theirs have no colon.
func (g grant) group() string {
	if g.share == 0 {
		return "share:public"
	}
	return "share:" + strconv.FormatInt(g.share, 10)
}

// by returns what [Step.By] says if the grant decides.
func (g grant) by() string {
	if g.share == 0 {
		return "public"
	}
	return g.group()
}

// readGrants reads what grantsSQL returned.
func readGrants(text []byte) ([]grant, error) {
	if text == nil {
		return nil, nil
	}
	var stored struct {
		Public bool
		Shares []struct {
			ID      int64
			Level   Level
			Project int64
			Name    string
			Epoch   int64
			Role    Role
		}
	}
	if err := json.Unmarshal(text, &stored); err != nil {
		return nil, err
	}
	var grants []grant
	for _, s := range stored.Shares {
		g := grant{share: s.ID, project: s.Project, name: s.Name, epoch: s.Epoch, action: perm.ReadExecute}
		// A share with a person has no role.
		if s.Level == Edit && s.Role != Observer || s.Level == EditByOwners && (s.Role == Owner || s.Project == 0) {
			g.action = perm.All
		}
		grants = append(grants, g)
	}
	if stored.Public {
		grants = append(grants, grant{action: perm.ReadExecute})
	}
	return grants, nil
}

// standing is what the principal's rights on an inode depend on, besides the inode itself.
type standing struct {
	membership
	granted []grant
}

// grantsAt yields what the datasets at and above c's i-th inode, in its project, give to the principal.
func (c *chain) grantsAt(i int) iter.Seq[grant] {
	return func(yield func(grant) bool) {
		for j := range c.nodes[:i+1] {
			if c.nodes[j].project != c.nodes[i].project {
				continue
			}
			for _, g := range c.nodes[j].grants {
				if !yield(g) {
					return
				}
			}
		}
	}
}

// standing returns what the principal's rights on c's i-th inode, and on what lies below it, depend on.
func (c *chain) standing(i int) standing {
	s := standing{membership: c.projects[c.nodes[i].project]}
	for g := range c.grantsAt(i) {
		s.granted = append(s.granted, g)
	}
	return s
}

// leadsToShare reports whether c's i-th inode is on the way to a dataset of its project that grants the principal anything:
// the principal may then traverse it, and nothing else.
func (c *chain) leadsToShare(i int) bool {
	for j := i + 1; j < len(c.nodes); j++ {
		if c.nodes[j].project == c.nodes[i].project && len(c.nodes[j].grants) > 0 {
			return true
		}
	}
	return false
}

// epochs returns the epochs of all projects that the rights on c rely on: those that it enters, and those whose members have
// access by a share on it.
func (c *chain) epochs() map[int64]int64 {
	all := make(map[int64]int64, len(c.projects))
	for i := range c.nodes {
		for _, g := range c.nodes[i].grants {
			if g.project != 0 {
				all[g.project] = g.epoch
			}
		}
	}
	for id, m := range c.projects {
		all[id] = m.epoch
	}
	return all
}

// narrow removes from c what the principal has by memberships of projects other than the token's. In another project, only what that
// shares with the token's project counts; inside the token's project, everything shared with the bearer does. What a membership forbids
// stays forbidden.
func (w *walker) narrow(c *chain) {
	only := w.s.p.Scope.Project
	if only == 0 {
		return
	}
	for id, m := range c.projects {
		if id != only && m.role != "" {
			m.role, m.bars = "", m.role == Observer
			c.projects[id] = m
		}
	}
	others := func(g grant) bool { return g.share != 0 && g.project != only }
	for i := range c.nodes {
		n := &c.nodes[i]
		if n.project != only && slices.ContainsFunc(n.grants, others) {
			n.grants = slices.DeleteFunc(slices.Clone(n.grants), others) // a clone, since hints share the slice
		}
	}
}

// sharesWriting reports whether c ends in the project own, or in what is shared with the principal for writing.
func (c *chain) sharesWriting(own int64) bool {
	last := len(c.nodes) - 1
	if c.nodes[last].project == own {
		return true
	}
	for g := range c.grantsAt(last) {
		if g.action.Implies(perm.Write) {
			return true
		}
	}
	return false
}

// hide cuts c off where it enters a project that the principal may not know of, or a share that has ended, as if nothing were
// there. Since every chain passes through hide before a decision, hide also narrows it.
func (w *walker) hide(c *chain) {
	w.narrow(c)
	for i := 1; i < len(c.nodes); i++ {
		n := &c.nodes[i]
		if n.project == c.nodes[i-1].project {
			continue
		}
		if !w.mayKnow(c, i) {
			c.nodes, c.hidden = c.nodes[:i], true
			delete(c.projects, n.project)
			return
		}
	}
}

// mayKnow reports whether the principal may know that c's i-th inode, by which c enters a project, exists.
func (w *walker) mayKnow(c *chain, i int) bool {
	n := &c.nodes[i]
	m := c.projects[n.project]
	switch {
	case m.state == deleted || n.over:
		return false
	case w.s.p.Superuser || m.role != "":
		return true
	case n.shown:
		return len(n.grants) > 0
	}
	return m.known || w.letIn(c.standing(i), n)
}

// letIn reports whether the principal has any right at all on the top directory of a project.
func (w *walker) letIn(at standing, top *node) bool {
	for _, a := range []perm.Action{perm.Read, perm.Write, perm.Execute} {
		if w.allows(at, top, a) {
			return true
		}
	}
	return false
}

// knownProjectsSQL finds the projects after the name $1, at most $3 of them unless that is 0, with what decides whether the user $2 may
// know of them.
const knownProjectsSQL = `SELECT projects.id, projects.name, coalesce(m.role, ''), m.role IS NOT NULL OR (` + knownSQL + `), t.owner, t.grp, t.mode, t.acl
	FROM projects JOIN inodes t ON t.project_id = projects.id AND t.id = projects.root
	LEFT JOIN members m ON m.project_id = projects.id AND m.user_id = $2
	WHERE projects.id <> 0 AND projects.state <> 'd' AND projects.name > $1 ORDER BY projects.name LIMIT nullif($3, 0)`

// knownAtOnce bounds the projects that one statement reads for a page of a listing.
const knownAtOnce = 4096

// knownProjects returns the projects that a listing of dir shows to the principal. nil stands for all of them: superusers see all,
// and in a directory of a project none are mounted anyway.
func (s *Session) knownProjects(ctx context.Context, db querier, dir *node) ([]int64, error) {
	if s.p.Superuser || dir.project != 0 {
		return nil, nil
	}
	known, _, _, err := s.knownAmong(ctx, db, "", 0)
	return known, err
}

// knownBehind is knownProjects for a page of a listing that begins after a name: it returns at least the first most projects that follow,
// if there are so many. Names of projects are those of their mounts.
func (s *Session) knownBehind(ctx context.Context, db querier, after string, most int) ([]int64, error) {
	if s.p.Superuser {
		return nil, nil
	}
	known := []int64{} // not nil, which would stand for all
	for some := most; ; some = min(2*some, knownAtOnce) {
		more, looked, last, err := s.knownAmong(ctx, db, after, some)
		if err != nil {
			return nil, err
		}
		if known = append(known, more...); len(known) >= most || looked < some {
			return known, nil
		}
		after = last
	}
}

// knownAmong returns which of at most some projects after a name the principal may know of, how many it read, and the name of the last.
func (s *Session) knownAmong(ctx context.Context, db querier, after string, some int) (known []int64, looked int, last string, err error) {
	rows, err := db.Query(ctx, knownProjectsSQL, after, s.p.UserID, some)
	if err != nil {
		return nil, 0, "", err
	}
	var (
		m    membership
		top  = node{kind: kindDir}
		mode int16
		acl  *string
		w    = walker{ctx: ctx, s: s}
	)
	known = []int64{}
	_, err = pgx.ForEachRow(rows, []any{&top.project, &m.name, &m.role, &m.known, &top.owner, &top.group, &mode, &acl}, func() error {
		var err error
		if top.perms, err = storedPerms(mode, acl); err != nil {
			return err
		}
		looked++
		if m.known || w.letIn(standing{membership: m}, &top) {
			known = append(known, top.project)
		}
		return nil
	})
	return known, looked, m.name, err
}
