package namespace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Revision names one state of a file's content, among those of all files and for ever: the ids of inodes never come back,
// and Gen only grows. What changes a file but not its content leaves it. A file that is written anew is another inode.
type Revision struct {
	Inode int64
	Gen   int64
}

// IsZero reports whether r names nothing, as that of a directory does.
func (r Revision) IsZero() bool { return r == Revision{} }

// String is the form that [ParseRevision] reads: two decimal numbers with a hyphen between them, such as 16400-3.
func (r Revision) String() string {
	return strconv.FormatInt(r.Inode, 10) + "-" + strconv.FormatInt(r.Gen, 10)
}

// ParseRevision reads what [Revision.String] wrote. It reports false for anything else, which names no state of any file.
func ParseRevision(text string) (Revision, bool) {
	inode, gen, _ := strings.Cut(text, "-")
	i, errInode := strconv.ParseUint(inode, 10, 63)
	j, errGen := strconv.ParseUint(gen, 10, 63)
	r := Revision{int64(i), int64(j)}
	return r, errInode == nil && errGen == nil && r.String() == text
}

// Revision returns that of a file's content, zero for a directory.
func (s Status) Revision() Revision {
	if s.Dir {
		return Revision{}
	}
	return Revision{s.ID, s.Gen}
}

// Revisions is a set of them.
type Revisions struct {
	Any  bool // of whatever is there, a directory too
	Some []Revision
}

// has reports whether what is there, in revision r, is one of the set.
func (all *Revisions) has(r Revision) bool { return all.Any || slices.Contains(all.Some, r) }

// Condition is what must be so for an operation to happen, as HTTP's If-Match and If-None-Match say it. Its zero value
// demands nothing.
type Condition struct {
	Match     *Revisions // what is there is one of these; nil: whatever
	NoneMatch *Revisions // what is there, if anything is, is none of these; nil: whatever
}

// IsZero reports whether c demands nothing.
func (c Condition) IsZero() bool { return c == Condition{} }

// absent reports whether c demands that nothing be there.
func (c Condition) absent() bool { return c.NoneMatch != nil && c.NoneMatch.Any }

// MismatchError is the cause of a [Precondition] error.
type MismatchError struct {
	Now  Revision // what is there; zero: no file
	None bool     // NoneMatch names it, and Match has no objection
}

// Error says what there is in the place of what was demanded.
func (m *MismatchError) Error() string {
	if m.Now.IsZero() {
		return "there is no file"
	}
	return "the file is in the revision " + m.Now.String()
}

// check holds what is at path, n or nil for nothing, against c.
func (c Condition) check(path Path, n *node) error {
	var now Revision
	if n != nil {
		now = n.status("").Revision()
	}
	none := true
	switch {
	case c.Match != nil && (n == nil || !c.Match.has(now)):
		none = false
	case c.NoneMatch != nil && n != nil && c.NoneMatch.has(now):
	default:
		return nil
	}
	is := fmt.Sprintf("is now %q", now)
	switch {
	case n == nil:
		is = "does not exist"
	case n.dir():
		is = "is a directory"
	}
	return &Error{Kind: Precondition, Msg: fmt.Sprintf("The condition does not hold: %s %s", path, is), Err: &MismatchError{now, none}}
}

// If makes s refuse, with [Precondition], to write or read content for which c does not hold when that happens: of many
// who want to replace the same revision of a file one succeeds. It counts for Create, Append, Truncate, Concat (of the
// target), Delete, Replace (of the target) and Open. Whatever else is wrong with a request is told first.
//
// A Create under a Match replaces the file that is there, and one under a NoneMatch of any does not, whatever its options
// say.
func (s *Session) If(c Condition) *Session {
	s.condition = c
	return s
}

// holds fails unless the session's condition is true of n, what is at path, nil for nothing. It relies on n's content then.
func (w *walker) holds(path Path, n *node) error {
	c := w.s.condition
	if c.IsZero() {
		return nil
	}
	if err := c.check(path, n); err != nil {
		return err
	}
	if n != nil {
		w.relied.content(n)
	}
	return nil
}
