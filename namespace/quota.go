package namespace

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// NoQuota is the limit of a directory that has none.
const NoQuota int64 = -1

// storageTypes are HDFS's storage types that can have a quota, in the order of the columns quota_types and types.
var storageTypes = []string{"DISK", "SSD", "ARCHIVE", "PROVIDED", "NVDIMM"}

// StorageTypes returns the storage types that can have a quota.
func StorageTypes() []string { return slices.Clone(storageTypes) }

// amount is what a quota limits, and what is charged.
type amount struct {
	names int64
	space int64 // bytes, replicas counted
	types [5]int64
}

func (a *amount) add(b amount) {
	a.names += b.names
	a.space += b.space
	for i := range a.types {
		a.types[i] += b.types[i]
	}
}

func (a amount) negative() amount {
	n := amount{names: -a.names, space: -a.space}
	for i := range a.types {
		n.types[i] = -a.types[i]
	}
	return n
}

// bytesOf is what size bytes of a file cost: as often as it is replicated, on the types that its policy chooses
// (BlockStoragePolicy.chooseStorageTypes).
func bytesOf(size int64, replication int, policy int16) amount {
	a := amount{space: size * int64(replication)}
	types := policyByID(policy).StorageTypes
	for r := range replication {
		if i := slices.Index(storageTypes, types[min(r, len(types)-1)]); i >= 0 {
			a.types[i] += size
		}
	}
	return a
}

// costOf is what n counts for.
func costOf(n *node) amount {
	a := bytesOf(n.size, n.replication, n.policy)
	a.names = 1
	return a
}

// limits are the quotas of a directory, NoQuota where there is none.
type limits struct {
	names, space int64
	types        [5]int64
}

var unlimited = limits{NoQuota, NoQuota, [5]int64{NoQuota, NoQuota, NoQuota, NoQuota, NoQuota}}

func (l limits) any() bool { return l != unlimited }

func (l limits) byType() bool { return l.types != unlimited.types }

// storedLimits reads the quota columns of an inode.
func storedLimits(names, space *int64, types []int64) limits {
	l := unlimited
	if names != nil {
		l.names = *names
	}
	if space != nil {
		l.space = *space
	}
	copy(l.types[:], types)
	return l
}

// charge is an amount that a mutation adds to the usage of a directory with limits.
type charge struct {
	dir    key
	path   Path
	limits limits
	amount amount
	// peak is what HDFS would have counted for a moment more than amount: it charges a block that is being written at its
	// full size, and refuses what would not fit then.
	peak amount
	// oneByOne marks names that HDFS makes one after the other: it counts up to the first that does not fit, and leaves
	// those before it.
	oneByOne bool
}

// quotas are the directories of c with limits, the deepest first: those above the last component.
func (c *chain) quotas() []charge {
	var q []charge
	dirs := c.dirs()
	for i := len(dirs) - 1; i >= 0; i-- {
		if dirs[i].limits.any() {
			q = append(q, charge{dir: dirs[i].key(), path: c.pathOf(i), limits: dirs[i].limits})
		}
	}
	return q
}

// charged returns q with amount and peak to be charged to each.
func charged(q []charge, a, peak amount) []charge {
	out := slices.Clone(q)
	for i := range out {
		out[i].amount, out[i].peak = a, peak
	}
	return out
}

// chargedOneByOne returns q with the names of a chain of directories to be charged to each.
func chargedOneByOne(q []charge, a amount) []charge {
	out := charged(q, a, amount{})
	for i := range out {
		out[i].oneByOne = true
	}
	return out
}

// newBlocks is how much more than size bytes HDFS charges while a file grows from one size to another: its last block
// counts in full.
func newBlocks(n *node, from, to int64) amount {
	if to == from {
		return amount{}
	}
	full := (to + n.blockSize - 1) / n.blockSize * n.blockSize
	return bytesOf(full-to, n.replication, n.policy)
}

// pay charges usage, in the order of ids, and refuses what would exceed a limit. Which directory the refusal names is
// the deepest that is over, as in HDFS (FSDirectory.verifyQuota).
func pay(ctx context.Context, tx pgx.Tx, charges []charge) error {
	if len(charges) == 0 {
		return nil
	}
	merged := mergeCharges(charges)
	ordered := slices.Clone(merged)
	slices.SortFunc(ordered, func(a, b charge) int { return int(a.dir.id - b.dir.id) })
	after := map[key]amount{}
	for _, c := range ordered {
		var a amount
		var types []int64
		err := tx.QueryRow(ctx, `UPDATE usage SET names = names + $3, space = space + $4,
			types = ARRAY(SELECT u + d FROM unnest(types, $5::bigint[]) AS t (u, d))
			WHERE project_id = $1 AND id = $2 RETURNING names, space, types`,
			c.dir.project, c.dir.id, c.amount.names, c.amount.space, c.amount.types[:]).Scan(&a.names, &a.space, &types)
		if err != nil {
			return fmt.Errorf("usage of directory %d: %w", c.dir.id, err)
		}
		copy(a.types[:], types)
		after[c.dir] = a
	}
	for _, c := range merged {
		if err := c.exceeded(after[c.dir]); err != nil {
			return err
		}
	}
	return nil
}

// mergeCharges adds up what is charged to the same directory, and keeps the order.
func mergeCharges(charges []charge) []charge {
	var merged []charge
	for _, c := range charges {
		i := slices.IndexFunc(merged, func(m charge) bool { return m.dir == c.dir })
		if i < 0 {
			merged = append(merged, c)
			continue
		}
		merged[i].amount.add(c.amount)
		merged[i].peak.add(c.peak)
	}
	return merged
}

// exceeded reports whether usage, which holds c already, is above a limit that c raised it towards.
func (c *charge) exceeded(usage amount) error {
	usage.add(c.peak)
	grow := c.amount
	grow.add(c.peak)
	if l := c.limits.names; l != NoQuota && grow.names > 0 && usage.names > l {
		n := usage.names
		if c.oneByOne {
			n = max(usage.names-c.amount.names, l) + 1
		}
		return fail(QuotaNames, "The NameSpace quota (directories and files) of directory %s is exceeded: quota=%d file count=%d",
			c.path, l, n)
	}
	if l := c.limits.space; l != NoQuota && grow.space > 0 && usage.space > l {
		return fail(QuotaSpace, "The DiskSpace quota of %s is exceeded: quota = %d B = %s but diskspace consumed = %d B = %s",
			c.path, l, binaryPrefix(l), usage.space, binaryPrefix(usage.space))
	}
	for i, l := range c.limits.types {
		if l != NoQuota && grow.types[i] > 0 && usage.types[i] > l {
			return fail(QuotaType, "Quota by storage type : %s on path : %s is exceeded. quota = %s but space consumed = %s",
				storageTypes[i], c.path, binaryPrefix(l), binaryPrefix(usage.types[i]))
		}
	}
	return nil
}

// binaryPrefix writes n bytes as Hadoop does: StringUtils.TraditionalBinaryPrefix.long2String(n, "B", 2).
func binaryPrefix(n int64) string {
	if n < 1<<10 {
		return strconv.FormatInt(n, 10) + " B"
	}
	const prefixes = "KMGTPE"
	unit, i := int64(1<<10), 0
	for i < len(prefixes)-1 && n >= unit<<10 {
		unit, i = unit<<10, i+1
	}
	value := float64(n) / float64(unit)
	digits := 2
	if n%unit == 0 {
		digits = 0
	}
	return strconv.FormatFloat(value, 'f', digits, 64) + " " + prefixes[i:i+1] + "B"
}

// countSQL sums up a subtree by what its files cost, through mounts. $3 is the policy that its top inherits.
const countSQL = `
WITH RECURSIVE tree AS (
	SELECT i.project_id, i.id, coalesce(nullif(i.storage_policy, 0), $3::smallint) AS policy FROM inodes i WHERE i.project_id = $1 AND i.id = $2
	UNION ALL
	SELECT n.project_id, n.id, coalesce(nullif(n.storage_policy, 0), t.policy)
	FROM tree t
	JOIN inodes c ON c.project_id = t.project_id AND c.parent_id = t.id AND c.kind <> 'f'
	CROSS JOIN LATERAL (
		SELECT c.project_id, c.id, c.storage_policy WHERE c.kind = 'd'
		UNION ALL
		SELECT m.project_id, m.id, m.storage_policy FROM inodes m WHERE c.kind = 'm' AND m.project_id = c.target_project AND m.id = c.target_id
	) n
)
SELECT 0::smallint, 0::smallint, count(*), 0::bigint FROM tree
UNION ALL
SELECT coalesce(nullif(f.storage_policy, 0), t.policy), f.replication, count(*), sum(f.size)::bigint
FROM tree t JOIN inodes f ON f.project_id = t.project_id AND f.parent_id = t.id AND f.kind = 'f'
GROUP BY 1, 2`

// count sums up what n and everything below it cost. n must be locked, or what is counted may change meanwhile.
func count(ctx context.Context, db querier, n *node) (amount, error) {
	if !n.dir() {
		return costOf(n), nil
	}
	rows, err := db.Query(ctx, countSQL, n.project, n.id, n.policy)
	if err != nil {
		return amount{}, err
	}
	var (
		total               amount
		policy, replication int16
		names, size         int64
	)
	_, err = pgx.ForEachRow(rows, []any{&policy, &replication, &names, &size}, func() error {
		a := bytesOf(size, int(replication), policy)
		a.names = names
		total.add(a)
		return nil
	})
	return total, err
}

// QuotaChange says which limits SetQuota changes. A nil one stays; NoQuota takes the limit away.
type QuotaChange struct {
	Names *int64
	Space *int64
	Types map[string]int64 // by storage type
}

// SetQuota sets limits of a directory. Limits below what the directory holds are allowed; nothing is then added until
// it shrinks. It is the superuser's. Source: FSDirAttrOp.setQuota of Hadoop 3.4.
func (s *Session) SetQuota(ctx context.Context, path Path, change QuotaChange) error {
	const op = "set quota"
	if !s.p.Superuser {
		return dress(op, path, fail(AccessControl, "Access denied for user %s. Superuser privilege is required for operation setQuota", s.p.User))
	}
	_, err := act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		c, err := w.walk(path, Need{Change: true})
		if err != nil {
			return struct{}{}, nil, err
		}
		n := c.node()
		switch {
		case n == nil:
			return struct{}{}, nil, fail(NotExist, "Directory does not exist: %s", path)
		case !n.dir():
			return struct{}{}, nil, fail(NotDirectory, "`%s': Is not a directory", path)
		case path.IsRoot() && change.Names != nil && *change.Names == NoQuota:
			return struct{}{}, nil, fail(InvalidArgument, "Cannot clear namespace quota on root.")
		}
		l, err := change.apply(n.limits)
		if err != nil {
			return struct{}{}, nil, err
		}
		w.relied.node(n, exclusive)
		return struct{}{}, &mutation{apply: func(ctx context.Context, tx pgx.Tx) error { return setLimits(ctx, tx, n, l) }}, nil
	})
	return err
}

func (q QuotaChange) apply(l limits) (limits, error) {
	if q.Names != nil {
		l.names = *q.Names
	}
	if q.Space != nil {
		l.space = *q.Space
	}
	for name, limit := range q.Types {
		i := slices.Index(storageTypes, name)
		if i < 0 {
			return l, fail(InvalidValue, "Quota for storage type %s is not supported", name)
		}
		l.types[i] = limit
	}
	return l, nil
}

// setLimits exchanges the limits of n and starts, or ends, counting. n is locked, so nothing below it changes while it is
// counted.
func setLimits(ctx context.Context, tx pgx.Tx, n *node, l limits) error {
	column := func(limit int64) *int64 {
		if limit == NoQuota {
			return nil
		}
		return &limit
	}
	var types []int64
	if l.byType() {
		types = l.types[:]
	}
	if err := one(tx.Exec(ctx, `UPDATE inodes SET quota_names = $3, quota_space = $4, quota_types = $5, version = version + 1
		WHERE project_id = $1 AND id = $2`, n.project, n.id, column(l.names), column(l.space), types)); err != nil {
		return err
	}
	if !l.any() {
		_, err := tx.Exec(ctx, `DELETE FROM usage WHERE project_id = $1 AND id = $2`, n.project, n.id)
		return err
	}
	return recount(ctx, tx, n)
}

// recount writes what n holds into its usage. n must be locked.
func recount(ctx context.Context, tx pgx.Tx, n *node) error {
	a, err := count(ctx, tx, n)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO usage (project_id, id, names, space, types) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (project_id, id) DO UPDATE SET names = excluded.names, space = excluded.space, types = excluded.types`,
		n.project, n.id, a.names, a.space, a.types[:])
	return err
}

// QuotaUsage is what a directory holds and may hold; of a file, what it costs.
type QuotaUsage struct {
	Names, NamesQuota int64 // NoQuota: no limit
	Space, SpaceQuota int64 // bytes, replicas counted
	Types             []TypeUsage
}

// TypeUsage is the usage of a storage type that has a limit.
type TypeUsage struct {
	Type            string
	Quota, Consumed int64
}

// QuotaUsage returns the usage of path. It needs read and execute on every directory at and below it.
// Source: FSDirStatAndListingOp.getQuotaUsage of Hadoop 3.4.
func (s *Session) QuotaUsage(ctx context.Context, path Path) (QuotaUsage, error) {
	var usage QuotaUsage
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "File/Directory does not exist: %s", path)
		}
		return s.fs.snapshot(ctx, func(tx pgx.Tx) error {
			if n.dir() && !s.p.Superuser {
				if err := (&walker{ctx: ctx, s: s}).checkTree(tx, c, n); err != nil {
					return err
				}
			}
			a, err := usageOf(ctx, tx, n)
			if err != nil {
				return err
			}
			usage = QuotaUsage{Names: a.names, NamesQuota: n.limits.names, Space: a.space, SpaceQuota: n.limits.space}
			if path.IsRoot() && usage.NamesQuota == NoQuota {
				usage.NamesQuota = math.MaxInt64
			}
			for i, limit := range n.limits.types {
				if limit != NoQuota {
					usage.Types = append(usage.Types, TypeUsage{storageTypes[i], limit, a.types[i]})
				}
			}
			return nil
		})
	})
	return usage, dress("quota usage", path, err)
}

// usageOf returns what n holds: as it was counted all along if n has a limit, else by counting now.
func usageOf(ctx context.Context, tx pgx.Tx, n *node) (amount, error) {
	if !n.limits.any() {
		return count(ctx, tx, n)
	}
	var (
		a     amount
		types []int64
	)
	err := tx.QueryRow(ctx, `SELECT names, space, types FROM usage WHERE project_id = $1 AND id = $2`, n.project, n.id).
		Scan(&a.names, &a.space, &types)
	copy(a.types[:], types)
	return a, err
}

// Space returns the nearest limit of space at or above path and how much of it is used, in bytes, for clients that ask
// how much room there is; ok is false where no limit applies. It needs read on path.
func (s *Session) Space(ctx context.Context, path Path) (limit, used int64, ok bool, err error) {
	err = s.look(ctx, path, Need{Node: perm.Read}, func(c *chain) error {
		for i := len(c.nodes) - 1; i >= 0; i-- {
			n := &c.nodes[i]
			if n.limits.space == NoQuota {
				continue
			}
			limit, ok = n.limits.space, true
			return s.fs.db.QueryRow(ctx, `SELECT space FROM usage WHERE project_id = $1 AND id = $2`, n.project, n.id).Scan(&used)
		}
		return nil
	})
	return limit, used, ok, dress("space", path, err)
}
