package namespace

import (
	"maps"
	"slices"

	"granary/auth/perm"
)

// modelCost is what a subtree costs, or a directory may hold, by kind of limit.
type modelCost map[string]int64

// limited lists all kinds of limits, in the order in which HDFS checks them, with the kind of refusal.
var limited = []struct {
	what string
	kind Kind
}{{"names", QuotaNames}, {"space", QuotaSpace}, {"DISK", QuotaType}, {"SSD", QuotaType}, {"ARCHIVE", QuotaType}}

// modelPolicies are the storage policies: where the first copy of a block goes, and where the others.
var modelPolicies = map[string]struct {
	id            int
	first, others string
}{
	"": {0, "DISK", "DISK"}, "HOT": {7, "DISK", "DISK"}, "COLD": {2, "ARCHIVE", "ARCHIVE"}, "WARM": {5, "DISK", "ARCHIVE"},
	"ALL_SSD": {12, "SSD", "SSD"}, "ONE_SSD": {10, "SSD", "DISK"}, "LAZY_PERSIST": {15, "RAM_DISK", "DISK"},
}

// storagePolicy is the policy that n has, or else the next directory above that has one.
func (n *modelNode) storagePolicy() string {
	for ; n != nil; n = n.parent {
		if n.policy != "" {
			return n.policy
		}
	}
	return ""
}

// add adds to c the cost of size bytes of n, in all copies.
func (c modelCost) add(n *modelNode, size int64) {
	c["space"] += size * int64(n.replication)
	policy := n.storagePolicy()
	if policy == "" { // HDFS counts no types then
		return
	}
	p := modelPolicies[policy]
	c[p.first] += size
	c[p.others] += size * int64(n.replication-1)
}

// cost is what n and everything below it cost.
func (n *modelNode) cost() modelCost {
	c := modelCost{}
	n.below("", func(_ string, n *modelNode) {
		c["names"]++
		c.add(n, int64(len(n.content)))
	})
	return c
}

// limit is a limit of n, NoQuota if there is none.
func (n *modelNode) limit(what string) int64 {
	if l, ok := n.limits[what]; ok {
		return l
	}
	return NoQuota
}

// within makes a change at path, unless that takes a directory above over a limit, or further over it.
// writes marks changes that write to the file there, whose last block counts in full if anything is written.
func (m *model) within(path string, writes bool, change func(*model)) Kind {
	dirs := slices.Clone(m.walk(path).above())
	if !slices.ContainsFunc(dirs, func(n *modelNode) bool { return len(n.limits) > 0 }) {
		change(m)
		return allowed
	}
	after := m.clone()
	change(after)
	walked, full := after.walk(path), modelCost{}
	if n := walked.node(); writes {
		full.add(n, (n.blockSize-int64(len(n.content))%n.blockSize)%n.blockSize)
	}
	for i, dir := range slices.Backward(dirs) {
		old, now := dir.cost(), walked.found[i].cost()
		for _, l := range limited {
			most, ok := dir.limits[l.what]
			if grown := now[l.what] + full[l.what] - old[l.what]; ok && grown > 0 && now[l.what]+full[l.what] > most {
				return l.kind
			}
		}
	}
	change(m)
	return allowed
}

func (m *model) setQuota(user, path string, change modelCost) Kind {
	if user != superuser {
		return AccessControl
	}
	n, kind := m.see(user, path, perm.None)
	switch {
	case kind != allowed:
		return kind
	case !n.dir:
		return NotDirectory
	}
	n.limits = maps.Clone(n.limits)
	if n.limits == nil {
		n.limits = modelCost{}
	}
	maps.Copy(n.limits, change)
	maps.DeleteFunc(n.limits, func(_ string, limit int64) bool { return limit == NoQuota })
	return allowed
}

func (m *model) quotaUsage(user, path string) (QuotaUsage, Kind) {
	top, kind := m.see(user, path, perm.None)
	if kind != allowed {
		return QuotaUsage{}, kind
	}
	top.below(path, func(_ string, n *modelNode) {
		if n.dir && m.sees(user, n) && !m.mayFrom(user, top, n, perm.ReadExecute) {
			kind = AccessControl
		}
	})
	if kind != allowed {
		return QuotaUsage{}, kind
	}
	c := top.cost()
	return QuotaUsage{Names: c["names"], NamesQuota: top.limit("names"), Space: c["space"], SpaceQuota: top.limit("space"), Types: top.typeUsage()}, allowed
}

// typeUsage is what n holds of the types that it has limits for.
func (n *modelNode) typeUsage() (types []TypeUsage) {
	for _, l := range limited[2:] {
		if limit, ok := n.limits[l.what]; ok {
			types = append(types, TypeUsage{l.what, limit, n.cost()[l.what]})
		}
	}
	return types
}
