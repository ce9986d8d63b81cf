package namespace

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// StoragePolicy is one of HDFS's storage policies. Granary records which one a file or directory has and places blocks
// without looking at it.
type StoragePolicy struct {
	ID                   int
	Name                 string
	StorageTypes         []string
	CreationFallbacks    []string
	ReplicationFallbacks []string
	CopyOnCreate         bool
}

// String is BlockStoragePolicy.toString of Hadoop 3.4, which a refusal quotes.
func (p StoragePolicy) String() string {
	list := func(types []string) string { return "[" + strings.Join(types, ", ") + "]" }
	return fmt.Sprintf("BlockStoragePolicy{%s:%d, storageTypes=%s, creationFallbacks=%s, replicationFallbacks=%s}",
		p.Name, p.ID, list(p.StorageTypes), list(p.CreationFallbacks), list(p.ReplicationFallbacks))
}

// StoragePolicies are the policies of Hadoop 3.4 in the order in which it lists them.
var StoragePolicies = []StoragePolicy{
	{1, "PROVIDED", []string{"PROVIDED", "DISK"}, []string{"PROVIDED", "DISK"}, []string{"PROVIDED", "DISK"}, false},
	{2, "COLD", []string{"ARCHIVE"}, nil, nil, false},
	{5, "WARM", []string{"DISK", "ARCHIVE"}, []string{"DISK", "ARCHIVE"}, []string{"DISK", "ARCHIVE"}, false},
	{7, "HOT", []string{"DISK"}, nil, []string{"ARCHIVE"}, false},
	{10, "ONE_SSD", []string{"SSD", "DISK"}, []string{"SSD", "DISK"}, []string{"SSD", "DISK"}, false},
	{12, "ALL_SSD", []string{"SSD"}, []string{"DISK"}, []string{"DISK"}, false},
	{14, "ALL_NVDIMM", []string{"NVDIMM"}, []string{"DISK"}, []string{"DISK"}, false},
	{15, "LAZY_PERSIST", []string{"RAM_DISK", "DISK"}, []string{"DISK"}, []string{"DISK"}, true},
}

// DefaultPolicy is the id of HOT, the policy of a file for which none was set.
const DefaultPolicy = 7

// policyByID returns the policy with this id; 0 is the default.
func policyByID(id int16) StoragePolicy {
	if id == 0 {
		id = DefaultPolicy
	}
	for _, p := range StoragePolicies {
		if p.ID == int(id) {
			return p
		}
	}
	return policyByID(0)
}

// StoragePolicy returns the policy of path: its own, else that of the nearest directory above that has one, else HOT.
// It needs read. Source: FSDirAttrOp.getStoragePolicy of Hadoop 3.4.
func (s *Session) StoragePolicy(ctx context.Context, path Path) (StoragePolicy, error) {
	var p StoragePolicy
	err := s.look(ctx, path, Need{Node: perm.Read}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "File/Directory does not exist: %s", path)
		}
		nodes, err := s.withAbove(ctx, c)
		if err != nil {
			return err
		}
		own := int16(0)
		for i := len(nodes) - 1; i >= 0 && own == 0; i-- {
			if !nodes[i].inherits {
				own = nodes[i].policy
			}
		}
		p = policyByID(own)
		return nil
	})
	return p, s.dress("storage policy", path, err)
}

// SetStoragePolicy records a policy by its name, ignoring case; "" removes the one that was set. It needs write.
// Source: FSDirAttrOp.setStoragePolicy of Hadoop 3.4.
func (s *Session) SetStoragePolicy(ctx context.Context, path Path, name string) error {
	const op = "set storage policy"
	id := 0
	if name != "" {
		for _, p := range StoragePolicies {
			if strings.EqualFold(p.Name, name) {
				id = p.ID
			}
		}
		if id == 0 {
			return s.dress(op, path, fail(InvalidValue, "Cannot find a block policy with the name %s", name))
		}
	}
	_, err := act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		c, err := w.walk(path, Need{Node: perm.Write, Change: true})
		if err != nil {
			return struct{}{}, nil, err
		}
		n := c.node()
		if n == nil {
			return struct{}{}, nil, fail(NotExist, "File/Directory does not exist: %s", path)
		}
		if chosen := policyByID(int16(id)); !n.dir() && chosen.CopyOnCreate {
			return struct{}{}, nil, fail(InvalidValue, "Policy %s cannot be set after file creation.", chosen)
		}
		w.relied.content(n)
		after := *n
		after.inherits, after.policy = id == 0, int16(id)
		if parent := c.parent(); after.inherits && parent != nil {
			after.policy = parent.policy
			if n.shown {
				after.policy = c.handed
			}
		}
		quotas := c.quotas()
		for i := range quotas {
			quotas[i].limits = unlimited // HDFS checks no change of policy against quotas
		}
		m := &mutation{}
		if n.inherits != after.inherits || !n.inherits && n.policy != after.policy {
			m.event = w.event(c, n)
			chosen := ""
			if id != 0 {
				chosen = policyByID(int16(id)).Name
			}
			m.event.detail.Policy = &chosen
		}
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			before, err := weigh(ctx, tx, n, quotas)
			if err != nil {
				return err
			}
			if err := one(tx.Exec(ctx, `UPDATE inodes SET storage_policy = $3, version = version + 1 WHERE project_id = $1 AND id = $2`,
				n.project, n.id, id)); err != nil {
				return err
			}
			if err := recountBelow(ctx, tx, &after); err != nil {
				return err
			}
			change, err := weigh(ctx, tx, &after, quotas)
			change.add(before.negative())
			m.charges = charged(quotas, change, amount{})
			return err
		}
		return struct{}{}, m, nil
	})
	return err
}
