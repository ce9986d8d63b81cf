package auth

import (
	"fmt"
	"slices"
	"strings"
)

// Scope is what a token limits its bearer to. The zero value limits nothing.
type Scope struct {
	// Project is the only project that may be touched; 0: any.
	Project int64
	// Root is the inode at or below which everything touched must lie; 0: any. It is an inode and not a path so that
	// a renamed directory keeps its tokens and whatever takes its old name does not inherit them.
	Root int64
	// Verbs are what may be done; none: everything.
	Verbs Verbs
}

// IsZero reports whether s limits nothing.
func (s Scope) IsZero() bool { return s == Scope{} }

// valid reports whether s is a scope that a token may carry: a directory is looked for inside its project, so a Root
// needs a Project, and ids are never negative.
func (s Scope) valid() bool {
	return s.Project >= 0 && s.Root >= 0 && (s.Root == 0 || s.Project != 0) && s.Verbs&^everyVerb == 0
}

// Within reports whether s allows nothing that outer forbids, as far as ids tell: a directory lies within itself and
// within its whole project, and within no other directory.
func (s Scope) Within(outer Scope) bool {
	return (outer.Project == 0 || s.Project == outer.Project) && (outer.Root == 0 || s.Root == outer.Root) &&
		(outer.Verbs == 0 || s.Verbs != 0 && outer.Verbs.Allow(s.Verbs))
}

// Verbs is a set of what a token may be used for. None means that the token does not say, and so allows everything that
// its user may do. None of them implies another, except that Write covers Add.
type Verbs uint8

// The verbs. Their names are lower-case: "read", "add", "write", "manage".
const (
	// Read allows seeing names, attributes and content.
	Read Verbs = 1 << iota
	// Add allows making new files and directories and appending. It never replaces, renames or deletes, and changes no
	// right.
	Add
	// Write allows changing anything about files and directories.
	Write
	// Manage allows changing who may do what through the API: members, shares, tokens.
	Manage

	everyVerb = Read | Add | Write | Manage
)

// verbNames are the names of the verbs by their bits.
var verbNames = [...]string{"read", "add", "write", "manage"}

// Allow reports whether a token with the verbs v may do all of want.
func (v Verbs) Allow(want Verbs) bool {
	if v&Write != 0 {
		v |= Add
	}
	return v == 0 || v&want == want
}

// Names lists the verbs, nil for none.
func (v Verbs) Names() []string {
	var names []string
	for i, name := range verbNames {
		if v&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String returns the names joined by commas, "all" for none.
func (v Verbs) String() string {
	if v == 0 {
		return "all"
	}
	return strings.Join(v.Names(), ",")
}

// ParseVerbs returns the set of the named verbs. It fails with InvalidScope for an unknown name: what a token may do is
// never guessed.
func ParseVerbs(names []string) (Verbs, error) {
	var v Verbs
	for _, name := range names {
		i := slices.Index(verbNames[:], name)
		if i < 0 {
			if len(name) > 32 { // as likely a pasted credential as a verb
				name = "…"
			}
			return 0, &Error{Kind: InvalidScope, Msg: fmt.Sprintf("%q is not a verb that a token can be limited to; verbs are %s", name, strings.Join(verbNames[:], ", "))}
		}
		v |= 1 << i
	}
	return v, nil
}
