package namespace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// storageTypes are HDFS's storage types that can have a quota, in the order of the columns quota_types and types.
var storageTypes = []string{"DISK", "SSD", "ARCHIVE", "PROVIDED", "NVDIMM"}

// StorageTypes returns the storage types that can have a quota.
func StorageTypes() []string { return slices.Clone(storageTypes) }

// amount is an amount of what quotas limit: usage, or a charge to it.
type amount struct {
	names int64
	space int64 // bytes, replicas counted
	types [5]int64
}

func (a *amount) add(b amount) {
	a.names = plus(a.names, b.names)
	a.space = plus(a.space, b.space)
	for i := range a.types {
		a.types[i] = plus(a.types[i], b.types[i])
	}
}

// plus and times return the largest number instead of overflowing to a negative one: callers may choose block sizes up to
// that number.
func plus(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// times multiplies numbers that are not negative.
func times(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}

func (a amount) negative() amount {
	n := amount{names: -a.names, space: -a.space}
	for i := range a.types {
		n.types[i] = -a.types[i]
	}
	return n
}

// bytesOf returns what size bytes of a file cost: they count once per replica, each on the type that the policy chooses for it
// (BlockStoragePolicy.chooseStorageTypes). If no policy was ever set, HDFS counts no type, although it then stores by its
// default policy (FSDirectory.getStorageTypeDeltas).
func bytesOf(size int64, replication int, policy int16) amount {
	a := amount{space: times(size, int64(replication))}
	if policy == 0 {
		return a
	}
	types := policyByID(policy).StorageTypes
	for r := range replication {
		if i := slices.Index(storageTypes, types[min(r, len(types)-1)]); i >= 0 {
			a.types[i] = plus(a.types[i], size)
		}
	}
	return a
}

// costOf returns what the file n counts towards quotas.
func costOf(n *node) amount {
	a := bytesOf(n.size, n.replication, n.policy)
	a.names = 1
	return a
}

// limits are the quotas of a directory, NoQuota for those that are not set.
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
	// peak is what HDFS would temporarily have counted beyond amount: it charges a block that is being written at its
	// full size, and refuses a write if that does not fit.
	peak amount
	// oneByOne marks names that HDFS makes one after the other: it makes those before the first that does not fit, and
	// reports the count of that one.
	oneByOne bool
}

// quotas returns charges, with no amount yet, for the directories with limits above c's last component, the deepest first. Through
// a share these are the ones above the dataset, not those above its mount.
func (c *chain) quotas() []charge {
	var q []charge
	if n := c.node(); n != nil && n.shown {
		return slices.Clone(c.above)
	}
	dirs := c.dirs()
	for i := len(dirs) - 1; i >= 0; i-- {
		if dirs[i].limits.any() {
			q = append(q, charge{dir: dirs[i].key(), path: c.pathOf(i), limits: dirs[i].limits})
		}
		if dirs[i].shown {
			return append(q, c.above...)
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

// newBlocks returns how much more than its bytes HDFS charges while a file grows from one size to another: its last block
// counts in full.
func newBlocks(n *node, from, to int64) amount {
	if to == from {
		return amount{}
	}
	last := to % n.blockSize
	if last == 0 {
		return amount{}
	}
	return bytesOf(n.blockSize-last, n.replication, n.policy)
}

// pay charges usage, in the order of ids, and refuses what would exceed a limit. The refusal names the deepest directory
// whose limit is exceeded, as in HDFS (FSDirectory.verifyQuota).
func pay(ctx context.Context, tx pgx.Tx, charges []charge) error {
	if len(charges) == 0 {
		return nil
	}
	merged := mergeCharges(charges)
	ordered := slices.Clone(merged)
	slices.SortFunc(ordered, func(a, b charge) int { return cmp.Compare(a.dir.id, b.dir.id) })
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

// exceeded fails if usage, which includes c already, is above a limit of something that c increases.
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

// policiesSQL finds the directories of a subtree, through the mounts of the projects in $4 (NULL: of all), with their effective storage
// policies. $3 is the one that the top inherits.
const policiesSQL = `
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
			AND ($4::bigint[] IS NULL OR c.target_project = ANY($4))
	) n
)`

// countSQL counts the directories of a subtree, and its files and their bytes by policy and replication.
const countSQL = policiesSQL + `
SELECT 0::smallint, 0::smallint, count(*), 0::bigint FROM tree
UNION ALL
SELECT coalesce(nullif(f.storage_policy, 0), t.policy), f.replication, count(*), sum(f.size)::bigint
FROM tree t JOIN inodes f ON f.project_id = t.project_id AND f.parent_id = t.id AND f.kind = 'f'
GROUP BY 1, 2`

// weigh returns what n and everything below it cost, or zero if there is nobody to charge.
func weigh(ctx context.Context, tx pgx.Tx, n *node, charges ...[]charge) (amount, error) {
	for _, c := range charges {
		if len(c) > 0 {
			return usageOf(ctx, tx, n)
		}
	}
	return amount{}, nil
}

// count sums up what n and everything below it cost. Unless n is locked, this may change meanwhile.
func count(ctx context.Context, db querier, n *node) (amount, error) {
	return countAmong(ctx, db, n, nil)
}

// countAmong is count that enters only the projects known; nil: all.
func countAmong(ctx context.Context, db querier, n *node, known []int64) (amount, error) {
	if !n.dir() {
		return costOf(n), nil
	}
	rows, err := db.Query(ctx, countSQL, n.project, n.id, n.policy, known)
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

// room refuses charges for which the quotas have no room. This is checked again when they are paid.
func (fs *FS) room(ctx context.Context, charges []charge) error {
	for _, q := range charges {
		var (
			held  amount
			types []int64
		)
		err := fs.db.QueryRow(ctx, `SELECT names, space, types FROM usage WHERE project_id = $1 AND id = $2`, q.dir.project, q.dir.id).
			Scan(&held.names, &held.space, &types)
		if errors.Is(err, pgx.ErrNoRows) {
			return errStale // the limit was taken away
		}
		if err != nil {
			return err
		}
		copy(held.types[:], types)
		held.add(q.amount)
		if err := q.exceeded(held); err != nil {
			return err
		}
	}
	return nil
}
