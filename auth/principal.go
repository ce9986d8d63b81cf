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
	// Service says that the principal is a project's service account. Whatever its name, it is never a superuser and
	// never acts for others: any user can make one.
	Service bool
	// Epoch is users.epoch when Groups and Superuser were read; 0 without a row.
	Epoch int64
	// Scope narrows everything above; it never widens.
	Scope Scope

	// Token is the id of the row of tokens that the credential behind the principal depends on, which must be neither
	// revoked nor expired: its own, or that of the token it was given out for. Zero for session tokens and believed
	// names, which depend on the user's row alone.
	Token uuid.UUID
	// Credential is the id of the token behind the principal, with a row or without, for the audit. It is "" for
	// believed names, and for what the installation does in a user's name.
	Credential string
	// Expires is when the token behind the principal ends, to the second; zero if there is no token.
	Expires time.Time

	// Proxy is the user who got the delegation behind the principal by acting for it; "" if there is no such
	// delegation. The caller checks whether that user may still act for others.
	Proxy string

	// Acted says that a proxy acts for the principal, with a token of its own, and so that the principal must not become
	// a superuser: Refresh and VerifyTicket fail then.
	Acted bool

	// by is that proxy; nil if there is none, or if the principal is that of a ticket or a job, which do not keep it.
	by       *Principal
	signedIn bool // the credential is a session that began with a password, or at a provider
}
