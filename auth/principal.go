package auth

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
