package namespace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Revision identifies one state of a file's content, among those of all files and for ever: inode ids are never reused, and Gen
// only grows. A change of anything but the content keeps the revision. A file that is overwritten becomes another inode.
type Revision struct {
	Inode int64
	Gen   int64
}

// IsZero reports whether r identifies nothing, like the revision of a directory.
func (r Revision) IsZero() bool { return r == Revision{} }

// String returns the form that [ParseRevision] reads: two decimal numbers with a hyphen between them, such as 16400-3.
func (r Revision) String() string {
	return strconv.FormatInt(r.Inode, 10) + "-" + strconv.FormatInt(r.Gen, 10)
}

// ParseRevision reads the form that [Revision.String] returns. It reports false for anything else, which identifies no content.
func ParseRevision(text string) (Revision, bool) {
	inode, gen, _ := strings.Cut(text, "-")
	i, errInode := strconv.ParseUint(inode, 10, 63)
	j, errGen := strconv.ParseUint(gen, 10, 63)
	r := Revision{int64(i), int64(j)}
	return r, errInode == nil && errGen == nil && r.String() == text
}

// Revision returns the revision of a file's content, zero for a directory.
func (s Status) Revision() Revision {
	if s.Dir {
		return Revision{}
	}
	return Revision{s.ID, s.Gen}
}

// Revisions is a set of revisions.
type Revisions struct {
	Any  bool // it contains whatever is there, also a directory
	Some []Revision
}

// has reports whether the set contains what is there, in revision r.
func (all *Revisions) has(r Revision) bool { return all.Any || slices.Contains(all.Some, r) }

// Condition must hold for an operation to happen, as with HTTP's If-Match and If-None-Match. Its zero value demands nothing.
type Condition struct {
	Match     *Revisions // what is there must be one of these; nil: no demand
	NoneMatch *Revisions // what is there, if anything, must be none of these; nil: no demand
}

// IsZero reports whether c demands nothing.
func (c Condition) IsZero() bool { return c == Condition{} }

// absent reports whether c demands that nothing be there.
func (c Condition) absent() bool { return c.NoneMatch != nil && c.NoneMatch.Any }

// MismatchError is the cause of a [Precondition] error.
type MismatchError struct {
	Now  Revision // what is there; zero: no file
	None bool     // NoneMatch failed, and Match did not
}

// Error says what is there instead of what was demanded.
func (m *MismatchError) Error() string {
	if m.Now.IsZero() {
		return "there is no file"
	}
	return "the file is in the revision " + m.Now.String()
}

// check fails with [Precondition] if c does not hold for n, the inode at path, or nil for nothing.
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

// If makes s refuse, with [Precondition], to write or read content unless c holds at that moment: if many callers try to replace
// the same revision of a file, one succeeds. It applies to Create, Append, Truncate, Concat (to the target), Delete, Replace (to
// the target) and Open. Other errors of a request take precedence.
//
// Whatever its options say, a Create under a Match replaces the file that is there, and one under a NoneMatch with Any does not.
func (s *Session) If(c Condition) *Session {
	s.condition = c
	return s
}

// holds fails unless the session's condition holds for n, the inode at path, or nil for nothing. If it does, it relies on n's
// content.
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
