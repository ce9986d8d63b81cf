package perm

import (
	"cmp"
	"fmt"
	"strings"
)

// Scope says what an entry is for. Its values are in the order in which the
// entries of an ACL stand.
type Scope uint8

// The scopes.
const (
	Access  Scope = iota // decides who may use the inode
	Default              // is what new children of the directory start from
)

// scopes lists every Scope in order.
var scopes = [...]Scope{Access, Default}

// String returns "access" or "default".
func (s Scope) String() string {
	switch s {
	case Access:
		return "access"
	case Default:
		return "default"
	}
	return fmt.Sprintf("Scope(%d)", uint8(s))
}

// Type says whom an entry is about. Its values are in the order in which the
// entries of one scope stand.
type Type uint8

// The types. Only User and Group entries can have a name; without one they are
// the owner and the owning group.
const (
	User Type = iota
	Group
	Mask
	Other
)

var typeNames = [...]string{User: "user", Group: "group", Mask: "mask", Other: "other"}

// String returns the word that the text form uses: user, group, mask or other.
func (t Type) String() string {
	if t > Other {
		return fmt.Sprintf("Type(%d)", uint8(t))
	}
	return typeNames[t]
}

// parseType is the inverse of Type.String.
func parseType(word string) (Type, bool) {
	for t, name := range typeNames {
		if name == word {
			return Type(t), true
		}
	}
	return 0, false
}

// Entry is one line of an ACL. Scope, Type and Name together are its key: an ACL
// holds one entry for each. In the specification of a removal Perm has no
// meaning.
type Entry struct {
	Scope Scope
	Type  Type
	Name  string // "" for the owner, the owning group, the mask and other
	Perm  Action
}

// defaultPrefix marks a default entry in every text form.
const defaultPrefix = "default:"

// String returns the text form, "user:bob:rw-" or "default:group::r-x", as
// GETACLSTATUS lists it and Hadoop's AclEntry.toStringStable writes it.
func (e Entry) String() string {
	text := e.Type.String() + ":" + e.Name + ":" + e.Perm.Symbol()
	if e.Scope == Default {
		return defaultPrefix + text
	}
	return text
}

// who names the entry's subject without its rights: "user:bob", "group".
func (e Entry) who() string {
	if e.Name == "" {
		return e.Type.String()
	}
	return e.Type.String() + ":" + e.Name
}

// compareKeys orders entries by scope, type and name, unnamed ones first. It is
// the order in which an ACL is kept, listed and checked for duplicates.
func compareKeys(a, b Entry) int {
	return cmp.Or(
		cmp.Compare(a.Scope, b.Scope),
		cmp.Compare(a.Type, b.Type),
		strings.Compare(a.Name, b.Name),
	)
}

// join writes entries as one comma-separated text.
func join(entries []Entry) string {
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = e.String()
	}
	return strings.Join(texts, ",")
}
