package namespace

import (
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Defaults of what is remembered.
const (
	DefaultHints     = 1 << 16  // files and directories, about hintBytes each
	DefaultHintBytes = 32 << 20 // of layouts, as many of listings, and as many of the sealed content of small files
)

// hintBytes is roughly what a hint takes without the ACL of its inode, which may take 32 KiB and more. All ACLs together may take as much
// as the full number of hints does.
const hintBytes = 500

// hintAge is how long a hint may be used. Versions of rows are transaction numbers, which PostgreSQL reuses after four billion; it
// assigns some ten thousand a second at most.
const hintAge = time.Hour

// row is a version of a row of inodes, identified by the transaction that wrote it. Others see only what a transaction left of the
// row when it committed, so a row with the same number is the same in all its columns, including its entry.
type row struct {
	key
	seen uint32 // xmin
}

// firstXID is the first number of an ordinary transaction. Smaller ones mark rows whose writer is not recorded any more.
const firstXID = 3

// ruling is a version of a row of projects. Every change of who may do what in a project increments the epoch in it, and so writes
// a new version.
type ruling struct {
	project int64
	seen    uint32 // xmin
}

// entry is a name in a directory.
type entry struct {
	dir  key
	name string
}

// topEntry is the entry of "/".
var topEntry = entry{}

// hint is what a walk found at an entry. Only its era ever changes.
type hint struct {
	node   node   // as the walk found it, but with its own policy, and without the time and children from dirs
	at     row    // the row of the entry
	target uint32 // for a mount: the version of the row that it leads to, node's; else 0
	under  uint32 // for a dataset: the version of its project's row for which its grants are true; else 0
	fickle bool   // its rights depend on more than these rows, so nothing is supposed of it or what is below
	era    uint64 // in which it was last proved; 0: never, or it was touched since
	since  time.Time
}

// part is a user in a project.
type part struct {
	project, user int64
}

// partHint is what a walk learned of a project and of a user's membership in it.
type partHint struct {
	membership
	seen     uint32 // version of the project's row
	doubtful bool   // known may change without the row, so this is only for superusers, to whom it does not matter
	era      uint64
	since    time.Time
}

// userHint is the epoch of a user's row.
type userHint struct {
	epoch int64
	era   uint64
}

// dirHint is a directory's row of dirs. It is used only while it is proved.
type dirHint struct {
	dirRow
	era uint64
}

// hints remembers what walks found. A hint is compared with the database before it is used: by the versions of the rows that it
// came from or, if it was proved before, by the transactions that have ended since. What depends on more than these rows, mainly
// shares, is not remembered.
type hints struct {
	now func() time.Time

	mu       sync.Mutex
	entries  *simplelru.LRU[entry, *hint]
	acls     *simplelru.LRU[entry, int64] // sizes of the ACLs of those that have one; an ACL evicts only others that have one
	aclBytes int64
	mostACLs int64
	parts    *simplelru.LRU[part, *partHint]
	epochs   *simplelru.LRU[int64, userHint] // of users
	dirs     *simplelru.LRU[key, dirHint]
	counters *simplelru.LRU[key, tid] // where rows of dirs lay when a walk found them or this server wrote them
	content  *contents
	layouts  *layouts
	grace    time.Duration // how long the blocks of an outdated layout are kept
	listed   *listings
	proving
	lease  readLease
	purged uint64    // how often everything was forgotten
	server time.Time // when the database began that all this comes from; another one may assign the same numbers to other rows
	off    bool

	replaced func() // called with mu held when the database was found to be another one; may be nil
}

// newHints returns hints for up to size inodes, that many bytes of layouts and of listings each, and that many of content. 0 stands
// for the default, below 0 for none.
func newHints(size int, bytes, content int64, now func() time.Time) *hints {
	if size == 0 {
		size = DefaultHints
	}
	if bytes == 0 {
		bytes = DefaultHintBytes
	}
	if content == 0 {
		content = bytes
	}
	h := &hints{now: now, off: size < 0, content: newContents(max(content, 0)), proving: proving{flying: newFlying()}, layouts: newLayouts(max(bytes, 0)), listed: newListings(max(bytes, 0))}
	size = max(size, 1)
	// None fails for a size above 0.
	h.mostACLs = int64(size) * hintBytes
	h.entries, _ = simplelru.NewLRU(size, func(at entry, _ *hint) { h.acls.Remove(at) })
	h.acls, _ = simplelru.NewLRU(size, func(_ entry, bytes int64) { h.aclBytes -= bytes })
	h.parts, _ = simplelru.NewLRU[part, *partHint](size, nil)
	h.epochs, _ = simplelru.NewLRU[int64, userHint](size, nil)
	h.counters, _ = simplelru.NewLRU[key, tid](size, nil)
	h.dirs, _ = simplelru.NewLRU[key, dirHint](size, nil)
	h.purge()
	return h
}

// lesson is what there is to learn from a walk by a user.
type lesson struct {
	user    int64
	epoch   int64
	server  time.Time
	moment  moment
	entries []taught
	parts   map[int64]partHint // by project
	// counters are where rows of dirs lie.
	counters []dirCount
}

type taught struct {
	entry
	hint
}

// add adds what r says of n, the next node of c.
func (l *lesson) add(c *chain, r *walkRow, n node) {
	l.server = r.server
	if r.projectName != nil {
		if l.parts == nil {
			l.parts = map[int64]partHint{}
		}
		l.parts[n.project] = partHint{membership: r.membership(), seen: *r.project, doubtful: r.doubtful != nil && *r.doubtful}
	}
	at := topEntry
	if i := len(c.nodes); i > 0 {
		at = entry{c.nodes[i-1].key(), c.names[i-1]}
	}
	h := hint{node: n, at: r.entry, fickle: r.fickle != nil && *r.fickle}
	if r.target != nil {
		h.target = *r.target
	}
	if n.use == useDataset {
		h.under = l.parts[n.project].seen
		if h.under == 0 {
			return // its project was not entered on the way
		}
	}
	l.entries = append(l.entries, taught{at, h})
}

// learn remembers what a walk found.
func (h *hints) learn(l *lesson) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return
	}
	since, era := h.now(), h.hear(l.server, &l.moment)
	for i := range l.entries {
		t := &l.entries[i]
		t.since, t.era = since, era
		h.remember(t.entry, &t.hint)
	}
	for project, p := range l.parts {
		if p.seen >= firstXID {
			p.since, p.era = since, era
			h.parts.Add(part{project, l.user}, &p)
		}
	}
	if l.user != 0 {
		h.epochs.Add(l.user, userHint{l.epoch, era})
	}
	h.noteCounters(l.counters)
}

// noteCounters takes note of where rows of dirs lie.
func (h *hints) noteCounters(counters []dirCount) {
	for i := range counters {
		h.counters.Add(counters[i].dir, counters[i].at)
	}
}

// remember keeps a hint unless its versions are not transaction numbers.
func (h *hints) remember(at entry, t *hint) {
	if t.at.seen >= firstXID && (t.target == 0 || t.target >= firstXID) {
		if h.flying.touches(at) {
			t.era = 0
		}
		h.put(at, t)
	}
}

// put keeps a hint unconditionally. It copies the name, so as not to keep the whole path in memory.
func (h *hints) put(at entry, t *hint) {
	at.name = strings.Clone(at.name)
	h.entries.Add(at, t)
	h.acls.Remove(at)
	if bytes := t.node.perms.ACL.Bytes(); bytes > 0 {
		h.acls.Add(at, bytes)
		h.aclBytes += bytes
	}
	for h.aclBytes > h.mostACLs {
		oldest, _, _ := h.acls.RemoveOldest()
		h.entries.Remove(oldest)
	}
}

// meet forgets everything if it came from another database: this one was restored meanwhile, or took the other's place.
func (h *hints) meet(server time.Time) {
	if !h.server.Equal(server) {
		h.purge()
		h.server = server
		if h.replaced != nil {
			h.replaced()
		}
	}
}

// hear takes note of a moment of the database that began at server, and returns what provedAt does for it.
func (h *hints) hear(server time.Time, m *moment) uint64 {
	h.meet(server)
	h.advance(m)
	return h.provedAt(m)
}

// purge forgets everything.
func (h *hints) purge() {
	h.entries.Purge()
	h.parts.Purge()
	h.epochs.Purge()
	h.dirs.Purge()
	h.counters.Purge()
	h.content.purge()
	h.layouts.purge()
	h.listed.purge()
	h.purged++
	h.dropOurs()
	for t := range h.flying.air {
		t.purged = true
	}
	h.forgotten = 0
	h.lease.until = time.Time{}
	h.turn()
}

// close ends the use of hints.
func (h *hints) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.off = true
	h.purge()
}

// at returns the hint of an entry, nil if there is none that may be used.
func (h *hints) at(e entry) *hint {
	t, _ := h.entries.Get(e)
	if t == nil || h.now().Sub(t.since) > hintAge {
		return nil
	}
	if !t.node.perms.ACL.IsZero() {
		h.acls.Get(e)
	}
	return t
}

// trace follows path as far as there are hints, and returns the chain, with what has to be compared with the database to confirm
// it; nil if nothing can be said. known is how many names of path the chain reaches.
func (h *hints) trace(user int64, above bool, path Path) (c *chain, proofs proofs, known int) {
	c, proofs.proved = newChain(path), true
	at := topEntry
	for i := 0; ; i++ {
		t := h.at(at)
		if t == nil {
			return c, proofs, i - 1
		}
		if t.fickle {
			return nil, proofs, 0
		}
		n := &t.node
		if i == 0 || n.project != c.nodes[i-1].project {
			p, _ := h.parts.Get(part{n.project, user})
			if p == nil || p.doubtful && !above || h.now().Sub(p.since) > hintAge {
				return nil, proofs, 0
			}
			proofs.proved = proofs.proved && p.era == h.era
			c.projects[n.project] = p.membership
			proofs.rulings = append(proofs.rulings, ruling{n.project, p.seen})
		}
		if n.use == useDataset && t.under != proofs.rulings[len(proofs.rulings)-1].seen {
			return nil, proofs, 0
		}
		proofs.proved = proofs.proved && t.era == h.era
		c.add(*n)
		if t.target == 0 {
			proofs.hops = append(proofs.hops, hop{at, t.at, n.at})
		} else {
			proofs.hops = append(proofs.hops, hop{at, t.at, tid{}})
			proofs.targets = append(proofs.targets, target{row{n.key(), t.target}, n.at})
		}
		if i == len(c.names) {
			return c, proofs, i
		}
		if !n.dir() {
			return nil, proofs, 0
		}
		at = entry{n.key(), c.names[i]}
	}
}

// hop is an entry, the version of the inode that it is supposed to lead to, and where that lies. The last two are zero for a missing one.
type hop struct {
	entry
	row
	tid
}

// target is the version of the inode that a mount is supposed to lead to, and where that lies.
type target struct {
	row
	tid
}

// proofs is what has to be true in the database for a chain to be true.
type proofs struct {
	hops    []hop    // one for each node
	targets []target // of mounts on the way
	rulings []ruling
	proved  bool // all this was true in the latest moment
}

// guess returns the chain along path as it is remembered for a principal, with the epoch of the user's row, for a decision
// whose act compares versions and epochs anyway. Nothing about it has been proved. The last component is missing if nothing is
// remembered of it, whether it exists or not; directories have no children, and their time is the inode's own. The act has to
// compare the server of the chain, too.
// The caller may change the chain. ok is false if not even the directory of the last component is remembered.
func (h *hints) guess(user int64, above bool, path Path) (c *chain, epoch int64, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return nil, 0, false
	}
	c, _, known := h.trace(user, above, path)
	if c == nil || known < len(c.names)-1 || len(c.nodes) == 0 {
		return nil, 0, false
	}
	if user != 0 {
		u, ok := h.epochs.Get(user)
		if !ok {
			return nil, 0, false
		}
		epoch = u.epoch
	}
	c.server = h.server
	return c, epoch, true
}

// drop forgets those hints of x that an answer disproves, and keeps the others.
func (h *hints) drop(x *supposition, a *answer) {
	for i := range x.hops {
		s := &x.hops[i]
		_, differs := a.hops[*s]
		if known, _ := h.entries.Peek(s.entry); !differs && known != nil && known.target != 0 {
			_, differs = a.targets[target{row{known.node.key(), known.target}, known.node.at}]
		}
		if differs {
			h.entries.Remove(s.entry)
		}
	}
	for _, r := range x.rulings {
		if _, differs := a.rulings[r]; differs {
			h.parts.Remove(part{r.project, x.user})
		}
	}
}
