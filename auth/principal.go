package auth

import (
	"time"

	"github.com/google/uuid"
)

// Principal is an authenticated caller and what was known of it when it was authenticated. The namespace compares
// Epoch with the live row in every statement that decides, so a stale principal costs a second look, never a wrong
// answer.
type Principal struct {
	// UserID is the row in users; 0 for a name believed under simple authentication that has no row.
	UserID int64
	// User is the short name, as in file owners and ACL entries.
	User string
	// Groups are the installation-wide groups; a project's members also belong to that project's group inside it.
	Groups []string
	// Superuser passes every check, as the HDFS superuser does.
	Superuser bool
	// Epoch is users.epoch when Groups and Superuser were read; 0 without a row.
	Epoch int64
	// Scope narrows everything above; it never widens.
	Scope Scope

	// Token is the id of the token behind the principal if that token has a row of its own, which must be neither
	// revoked nor expired; zero for session tokens and believed names, which depend on the user's row alone.
	Token uuid.UUID
	// Credential is the id of the token behind the principal, for the audit: of every token, with a row or without. "" for
	// believed names, and for what the installation does in a user's name.
	Credential string
	// Expires is when the token behind the principal ends, to the second; zero if there is no token.
	Expires time.Time
}

// Scope is what a token limits its bearer to. The zero value limits nothing.
type Scope struct {
	// Project is the only project that may be touched; 0: any.
	Project int64
	// Root is the inode at or below which everything touched must lie; 0: any. It is an inode and not a path so that
	// a renamed directory keeps its tokens and whatever takes its old name does not inherit them.
	Root int64
	// ReadOnly refuses everything that changes anything.
	ReadOnly bool
}

// IsZero reports whether s limits nothing.
func (s Scope) IsZero() bool { return s == Scope{} }

// valid reports whether s is a scope that a token may carry: a directory is looked for inside its project, so a Root
// needs a Project, and ids are never negative.
func (s Scope) valid() bool {
	return s.Project >= 0 && s.Root >= 0 && (s.Root == 0 || s.Project != 0)
}
