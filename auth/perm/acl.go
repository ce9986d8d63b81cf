package perm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ACL is what is stored beside an inode's mode: of the access scope the named
// users, the owning group and the named groups, in that order; then the whole
// default scope. The owner, the mask and other are not here but in the mode. The
// zero value is no ACL. An ACL that has any access entry has the owning group's.
type ACL struct {
	access  []Entry
	inherit []Entry // the default scope
}

// ParseACL reads the stored text form, which [ACL.String] wrote: entries
// separated by commas, "" for no ACL. It accepts nothing else, so that what was
// damaged or written by hand is noticed and not obeyed.
func ParseACL(stored string) (ACL, error) {
	if stored == "" {
		return ACL{}, nil
	}
	var a ACL
	for text := range strings.SplitSeq(stored, ",") {
		e, err := parseStoredEntry(text)
		if err != nil {
			return ACL{}, fmt.Errorf("stored ACL %q: %w", stored, err)
		}
		if e.Scope == Access && len(a.inherit) == 0 {
			a.access = append(a.access, e)
		} else {
			a.inherit = append(a.inherit, e)
		}
	}
	if err := a.check(); err != nil {
		return ACL{}, fmt.Errorf("stored ACL %q: %w", stored, err)
	}
	return a, nil
}

// parseStoredEntry is the inverse of Entry.String.
func parseStoredEntry(text string) (Entry, error) {
	var e Entry
	rest, isDefault := strings.CutPrefix(text, defaultPrefix)
	if isDefault {
		e.Scope = Default
	}
	parts := strings.Split(rest, ":")
	if len(parts) != 3 {
		return Entry{}, fmt.Errorf("entry %q: want [default:]type:name:perm", text)
	}
	t, ok := parseType(parts[0])
	if !ok {
		return Entry{}, fmt.Errorf("entry %q: type %q: want user, group, mask or other", text, parts[0])
	}
	p, err := ParseAction(parts[2])
	if err != nil {
		return Entry{}, fmt.Errorf("entry %q: %w", text, err)
	}
	e.Type, e.Name, e.Perm = t, parts[1], p
	return e, nil
}

// check reports why a could not have been stored. It completes the access scope
// with the entries that a mode holds and asks of the whole what a change asks.
func (a ACL) check() error {
	full := Perms{ACL: a}.logical()
	if !slices.IsSortedFunc(full, compareKeys) {
		return errors.New("entries are out of order: want access before default, then user, group, mask, other, then by name")
	}
	if err := validate(full); err != nil {
		return err
	}
	named := func(e Entry) bool { return e.Name != "" }
	masked := func(e Entry) bool { return e.Type == Mask }
	if slices.ContainsFunc(a.inherit, named) && !slices.ContainsFunc(a.inherit, masked) {
		return errors.New("default entries with names need a default mask")
	}
	return nil
}

// String returns the stored text form, which is also the list of GETACLSTATUS
// joined by commas; "" for no ACL.
func (a ACL) String() string {
	return join(a.Entries())
}

// MarshalText returns the stored form.
func (a ACL) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the stored form.
func (a *ACL) UnmarshalText(stored []byte) (err error) {
	*a, err = ParseACL(string(stored))
	return err
}

// IsZero reports whether there is no ACL.
func (a ACL) IsZero() bool {
	return len(a.access) == 0 && len(a.inherit) == 0
}

// Bytes is about how much memory a takes.
func (a ACL) Bytes() int64 {
	const each = 52 // of an entry, with its part of the text that it was read from
	n := int64(len(a.access)+len(a.inherit)) * each
	for _, scope := range [...][]Entry{a.access, a.inherit} {
		for i := range scope {
			n += int64(len(scope[i].Name))
		}
	}
	return n
}

// extended reports whether the ACL has a say in access: whether the mode's group
// bits are a mask.
func (a ACL) extended() bool {
	return len(a.access) > 0
}

// Entries returns what is stored, access scope first, in a slice of its own.
func (a ACL) Entries() []Entry {
	return slices.Concat(a.access, a.inherit)
}

// owningGroup returns the rights of the owning group in an extended ACL.
func (a ACL) owningGroup() Action {
	e, _ := find(a.access, Entry{Scope: Access, Type: Group}) // an extended ACL has it
	return e.Perm
}
