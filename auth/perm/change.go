package perm

import (
	"fmt"
	"slices"
	"strings"
)

// maxEntries is how many entries one scope of an ACL, and of a specification,
// may have. The owner, the mask and other count.
const maxEntries = 32

// ACLError is a change that would break a rule of ACLs. Hadoop answers it with
// 403 AclException, whose message is the reason, " Path: " and the path, which only
// the caller knows.
type ACLError struct {
	Reason string // worded as Hadoop's AclTransformation and AclStorage
}

// Error returns the reason.
func (e *ACLError) Error() string { return e.Reason }

// ErrDefaultOnFile refuses default entries on what is not a directory. Hadoop's
// message has the path twice, because AclStorage adds it and FSDirAclOp again.
var ErrDefaultOnFile = &ACLError{Reason: "Invalid ACL: only directories may have a default ACL."}

// Modify returns p with the entries of spec added, or put in place of those with
// the same key: MODIFYACLENTRIES. A mask in spec is kept as it is; otherwise the
// mask of each scope that spec touches is computed anew, as the union of its
// group class. dir says whether the inode is a directory. The error is an
// [*ACLError].
func (p Perms) Modify(spec []Entry, dir bool) (Perms, error) {
	spec, err := checkSpec(spec)
	if err != nil {
		return Perms{}, err
	}
	var d draft
	var replaced []Entry
	for _, old := range p.logical() {
		if e, ok := find(spec, old); ok {
			replaced = append(replaced, e)
			d.set(e)
		} else {
			d.keep(old)
		}
	}
	for _, e := range spec {
		if _, ok := find(replaced, e); !ok {
			d.set(e)
		}
	}
	return d.finish(p.Mode&Sticky, dir)
}

// Replace returns p with the entries of spec instead of those in the same scope:
// SETACL. A scope that spec does not mention stays as it is; an access scope must
// come with user::, group:: and other::, while a default scope takes those that
// it lacks from the access scope. An empty spec removes the ACL, as in HDFS. dir
// says whether the inode is a directory. The error is an [*ACLError].
func (p Perms) Replace(spec []Entry, dir bool) (Perms, error) {
	if len(spec) == 0 {
		return p.RemoveAll(), nil
	}
	spec, err := checkSpec(spec)
	if err != nil {
		return Perms{}, err
	}
	var d draft
	for _, e := range spec {
		d.set(e)
	}
	for _, old := range p.logical() {
		if !d.scopes[old.Scope].changed {
			d.keep(old)
		}
	}
	return d.finish(p.Mode&Sticky, dir)
}

// Remove returns p without the entries whose keys are in spec, of which those
// that p does not have are ignored: REMOVEACLENTRIES. An owner, group or other of
// the default scope comes back with the rights of the access scope as long as
// other default entries remain. A mask may go only with the last named entry of
// its scope. dir says whether the inode is a directory. The error is an
// [*ACLError].
func (p Perms) Remove(spec []Entry, dir bool) (Perms, error) {
	spec, err := checkSpec(spec)
	if err != nil {
		return Perms{}, err
	}
	var d draft
	for _, old := range p.logical() {
		if _, ok := find(spec, old); ok {
			d.drop(old)
		} else {
			d.keep(old)
		}
	}
	return d.finish(p.Mode&Sticky, dir)
}

const (
	// maxName bounds the names of entries, in bytes, and with that what an ACL weighs wherever it is inherited.
	maxName = 512
	// maxShown is how many letters of a longer one a refusal shows.
	maxShown = 16
)

// checkSpec returns a sorted copy of spec after the checks that can be made
// without the ACL that it is for.
func checkSpec(spec []Entry) ([]Entry, error) {
	for _, e := range spec {
		if len(e.Name) > maxName {
			return nil, &ACLError{Reason: fmt.Sprintf("Invalid ACL: a name has %d bytes, and must have at most %d: %q.", len(e.Name), maxName, e.Name[:maxShown]+"…")}
		}
		// ParseSpec yields no such name. One that came another way would read as
		// several entries once it is stored.
		if strings.ContainsAny(e.Name, ":,") {
			return nil, &ACLError{Reason: fmt.Sprintf("Invalid ACL: a name must not contain ':' or ',': %q.", e.Name)}
		}
	}
	sorted := slices.Clone(spec)
	slices.SortStableFunc(sorted, compareKeys)
	if err := checkSize(sorted); err != nil {
		return nil, err
	}
	return sorted, nil
}

// find returns the entry of a sorted list that has the key of e. If several have
// it, it is the one that Java's Collections.binarySearch meets first: a
// specification may name an entry twice that the ACL already has, and HDFS then
// takes that one and ignores the other.
func find(sorted []Entry, e Entry) (Entry, bool) {
	low, high := 0, len(sorted)-1
	for low <= high {
		middle := (low + high) / 2
		switch order := compareKeys(sorted[middle], e); {
		case order < 0:
			low = middle + 1
		case order > 0:
			high = middle - 1
		default:
			return sorted[middle], true
		}
	}
	return Entry{}, false
}

// draft is a logical ACL in the making. Masks wait aside until everything else
// is known, because most of them follow from the rest.
type draft struct {
	entries []Entry // all but masks, in any order
	scopes  [len(scopes)]struct {
		changed     bool   // an entry was set or dropped
		maskChanged bool   // the mask was
		mask        *Entry // the mask given or kept, if any
	}
}

// keep takes over an entry of the existing ACL.
func (d *draft) keep(e Entry) {
	if e.Type == Mask {
		d.scopes[e.Scope].mask = &e
		return
	}
	d.entries = append(d.entries, e)
}

// set takes an entry of a specification.
func (d *draft) set(e Entry) {
	d.drop(e)
	d.keep(e)
}

// drop notes that an entry of the existing ACL goes.
func (d *draft) drop(e Entry) {
	d.scopes[e.Scope].changed = true
	if e.Type == Mask {
		d.scopes[e.Scope].maskChanged = true
	}
}

// finish completes the draft, checks it and spreads it over mode and ACL.
func (d *draft) finish(sticky Mode, dir bool) (Perms, error) {
	d.completeDefaults()
	if err := d.placeMasks(); err != nil {
		return Perms{}, err
	}
	slices.SortStableFunc(d.entries, compareKeys)
	if err := validate(d.entries); err != nil {
		return Perms{}, err
	}
	access, inherit := split(d.entries)
	if len(inherit) > 0 && !dir {
		return Perms{}, ErrDefaultOnFile
	}
	return spread(access, inherit, sticky), nil
}

// completeDefaults gives a default scope that has any entry the owner, group and
// other that it lacks, with the rights they have in the access scope.
func (d *draft) completeDefaults() {
	if !slices.ContainsFunc(d.entries, func(e Entry) bool { return e.Scope == Default }) {
		return
	}
	for _, t := range baseTypes {
		if _, ok := d.unnamed(Default, t); ok {
			continue
		}
		if e, ok := d.unnamed(Access, t); ok {
			e.Scope = Default
			d.entries = append(d.entries, e)
		}
	}
}

// unnamed returns the draft's entry without a name of one scope and type.
func (d *draft) unnamed(s Scope, t Type) (Entry, bool) {
	i := slices.IndexFunc(d.entries, func(e Entry) bool {
		return compareKeys(e, Entry{Scope: s, Type: t}) == 0
	})
	if i < 0 {
		return Entry{}, false
	}
	return d.entries[i], true
}

// placeMasks adds to each scope that has entries the mask that it should have:
// the one given, the one it had if nothing changed, or else the union of its
// group class, if it has named entries or had a mask before.
func (d *draft) placeMasks() error {
	for _, s := range scopes {
		var found, named bool
		var union Action
		for _, e := range d.entries {
			if e.Scope != s {
				continue
			}
			found = true
			named = named || e.Name != ""
			if e.Type == Group || e.Name != "" {
				union |= e.Perm
			}
		}
		scope := d.scopes[s]
		switch {
		case !found:
		case scope.mask == nil && named && scope.maskChanged:
			return &ACLError{Reason: "Invalid ACL: mask is required and cannot be deleted."}
		case scope.mask != nil && (scope.maskChanged || !scope.changed):
			d.entries = append(d.entries, *scope.mask)
		case scope.mask != nil || named:
			d.entries = append(d.entries, Entry{Scope: s, Type: Mask, Perm: union})
		}
	}
	return nil
}

// baseTypes are the types of which every scope in use needs the unnamed entry.
var baseTypes = [...]Type{User, Group, Other}

// validate checks a sorted logical ACL. The order of the checks is Hadoop's, so
// that an ACL with several faults is refused for the same one.
func validate(full []Entry) error {
	for i, e := range full {
		if i > 0 && compareKeys(full[i-1], e) == 0 {
			return &ACLError{Reason: "Invalid ACL: multiple entries with same scope, type and name."}
		}
		if e.Name != "" && (e.Type == Mask || e.Type == Other) {
			return &ACLError{Reason: "Invalid ACL: this entry type must not have a name: " + e.String() + "."}
		}
	}
	if err := checkSize(full); err != nil {
		return err
	}
	access, inherit := split(full)
	for _, t := range baseTypes {
		if _, ok := find(access, Entry{Scope: Access, Type: t}); !ok {
			return &ACLError{Reason: "Invalid ACL: the user, group and other entries are required."}
		}
		if _, ok := find(inherit, Entry{Scope: Default, Type: t}); !ok && len(inherit) > 0 {
			return &ACLError{Reason: "Invalid default ACL: the user, group and other entries are required."}
		}
	}
	return nil
}

// checkSize refuses a sorted list with more than maxEntries in one scope.
func checkSize(sorted []Entry) error {
	access, inherit := split(sorted)
	for _, scope := range [][]Entry{access, inherit} {
		if len(scope) > maxEntries {
			return &ACLError{Reason: fmt.Sprintf("Invalid ACL: ACL has %d %v entries, which exceeds maximum of %d.",
				len(scope), scope[0].Scope, maxEntries)}
		}
	}
	return nil
}

// split divides a sorted list into its scopes.
func split(sorted []Entry) (access, inherit []Entry) {
	i := slices.IndexFunc(sorted, func(e Entry) bool { return e.Scope == Default })
	if i < 0 {
		return sorted, nil
	}
	return sorted[:i], sorted[i:]
}
