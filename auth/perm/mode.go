package perm

import (
	"fmt"
	"strconv"
)

// Mode is the permission bits of an inode: three classes of three rights and
// above them the sticky bit. HDFS has no set-user-id and no set-group-id, so
// the highest mode is 01777.
type Mode uint16

// The limits of a Mode.
const (
	// Sticky lets only the owner of a child or of the directory remove the child.
	Sticky Mode = 0o1000
	// MaxMode has every bit set that a Mode can have.
	MaxMode Mode = 0o1777
)

// ParseMode reads octal digits with a value of 0 to 1777, as the permission and
// unmaskedpermission parameters carry them. Leading zeros are allowed.
func ParseMode(octal string) (Mode, error) {
	bits, err := strconv.ParseUint(octal, 8, 16)
	if err != nil || Mode(bits) > MaxMode {
		return 0, fmt.Errorf("mode %q: want an octal number from 0 to 1777", octal)
	}
	return Mode(bits), nil
}

// newMode puts a mode together from its classes. sticky is 0 or Sticky.
func newMode(user, group, other Action, sticky Mode) Mode {
	return Mode(user)<<6 | Mode(group)<<3 | Mode(other) | sticky
}

// String returns the octal digits without a leading zero, as FileStatus shows
// them: "644", "1777", "0".
func (m Mode) String() string {
	return strconv.FormatUint(uint64(m), 8)
}

// Symbolic returns the nine letters of a listing, "rwxr-xr-x". The last one is t
// for a sticky directory that others may enter and T for one that they may not.
func (m Mode) Symbolic() string {
	letters := m.User().Symbol() + m.Group().Symbol() + m.Other().Symbol()
	if !m.Sticky() {
		return letters
	}
	if m.Other().Implies(Execute) {
		return letters[:8] + "t"
	}
	return letters[:8] + "T"
}

// User returns the rights of the owner.
func (m Mode) User() Action { return Action(m>>6) & All }

// Group returns the middle class: the rights of the owning group or, beside an
// extended ACL, the mask.
func (m Mode) Group() Action { return Action(m>>3) & All }

// Other returns the rights of everyone whom nothing else matches.
func (m Mode) Other() Action { return Action(m) & All }

// Sticky reports whether the sticky bit is set.
func (m Mode) Sticky() bool { return m&Sticky != 0 }
