package namespace

import (
	"context"
	"slices"
	"strings"

	"granary/auth/perm"
)

// ErasurePolicy is one of HDFS's built-in erasure coding policies. None is enabled, and none can be: block stores keep
// their redundancy themselves.
type ErasurePolicy struct {
	ID          int
	Name        string
	Codec       string
	DataUnits   int
	ParityUnits int
	CellSize    int64 // bytes
}

// ErasurePolicies are the policies of Hadoop 3.4 in the order in which it lists them.
var ErasurePolicies = []ErasurePolicy{
	{5, "RS-10-4-1024k", "rs", 10, 4, 1 << 20},
	{2, "RS-3-2-1024k", "rs", 3, 2, 1 << 20},
	{1, "RS-6-3-1024k", "rs", 6, 3, 1 << 20},
	{3, "RS-LEGACY-6-3-1024k", "rs-legacy", 6, 3, 1 << 20},
	{4, "XOR-2-1-1024k", "xor", 2, 1, 1 << 20},
}

// CheckErasurePolicy fails unless the principal may know the erasure coding policy of path, which has none. It needs
// read. Source: FSDirErasureCodingOp.getErasureCodingPolicy of Hadoop 3.4.
func (s *Session) CheckErasurePolicy(ctx context.Context, path Path) error {
	return s.CheckAccess(ctx, path, perm.Read)
}

// SetErasurePolicy fails for all policies but "replication", which every directory has already: no other is enabled, which HDFS
// checks before anything else. It needs write. Source: FSDirErasureCodingOp.setErasureCodingPolicy of Hadoop 3.4.
func (s *Session) SetErasurePolicy(ctx context.Context, path Path, name string) error {
	const op = "set erasure coding policy"
	if !strings.EqualFold(name, "replication") {
		return s.dress(op, path, fail(InvalidValue, "Policy '%s' does not match any enabled erasure coding policies: []. "+
			"An erasure coding policy can be enabled by enableErasureCodingPolicy API.", name))
	}
	return s.dress(op, path, s.lookErasure(ctx, path, "Attempt to set an erasure coding policy for a file %s", func() error { return nil }))
}

// UnsetErasurePolicy fails: there is no policy to unset. It needs write.
// Source: FSDirErasureCodingOp.unsetErasureCodingPolicy of Hadoop 3.4.
func (s *Session) UnsetErasurePolicy(ctx context.Context, path Path) error {
	err := s.lookErasure(ctx, path, "Cannot unset an erasure coding policy on a file %s", func() error {
		return fail(NoErasurePolicy, "No erasure coding policy explicitly set on %s", path)
	})
	return s.dress("unset erasure coding policy", path, err)
}

// lookErasure calls then if path is a directory in which the principal may write; onFile is the refusal of a file.
func (s *Session) lookErasure(ctx context.Context, path Path, onFile string, then func() error) error {
	return s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "Path not found: %s", path)
		}
		if err := (&walker{ctx: ctx, s: s}).check(c, Need{Node: perm.Write, Change: true}); err != nil {
			return err
		}
		if !n.dir() {
			return fail(IO, onFile, path)
		}
		return then()
	})
}

// EnableErasurePolicy fails, even for a superuser.
func (s *Session) EnableErasurePolicy(name string) error {
	err := s.knownErasurePolicy(name, "enableErasureCodingPolicy")
	if err == nil {
		err = fail(Unsupported, "Erasure coding policy %s cannot be enabled: Granary's block stores keep their redundancy themselves", name)
	}
	return s.dress("enable erasure coding policy", Path{}, err)
}

// DisableErasurePolicy has nothing to do: every policy is disabled. It needs a superuser.
func (s *Session) DisableErasurePolicy(name string) error {
	return s.dress("disable erasure coding policy", Path{}, s.knownErasurePolicy(name, "disableErasureCodingPolicy"))
}

// knownErasurePolicy fails if the principal is not a superuser, or there is no such policy.
func (s *Session) knownErasurePolicy(name, operation string) error {
	if err := s.superuserFor(operation); err != nil {
		return err
	}
	if !slices.ContainsFunc(ErasurePolicies, func(p ErasurePolicy) bool { return p.Name == name }) {
		return fail(InvalidValue, "The policy name %s does not exist", name)
	}
	return nil
}
