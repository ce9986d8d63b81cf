package auth

import (
	"errors"
	"time"
)

// Error is the error that the methods of [Authority] return. Its text names what was wrong and what would be right, and
// may be shown to the caller: it never holds a token, a ticket, a password or a piece of one.
type Error struct {
	Kind Kind
	Msg  string
	// Retry is how long to wait before trying again; only with Throttled.
	Retry time.Duration
	// User is the user who was refused. It is set only with Disabled, and only by LoginIdentity, whose caller names no
	// user.
	User string
	// Err is the failure of the database underneath; nil when the caller's credential or request was at fault.
	Err error
}

// Error returns the message, followed by the cause if there is one.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

// Unwrap returns the cause, so that errors.Is finds a cancelled context.
func (e *Error) Unwrap() error { return e.Err }

// Kind says what went wrong, for a program; kinds are only ever added.
type Kind uint8

// The kinds of [Error].
const (
	// Internal is also the kind of every error that is not an *Error.
	Internal Kind = iota
	// Missing: no credential at all.
	Missing
	// Malformed: not of the form of Granary's tokens or tickets, or without a part that they must have.
	Malformed
	// Expired: the credential's time is over.
	Expired
	// NotYet: the credential is not valid yet.
	NotYet
	// Signature: not signed, signed by an unknown or retired key, altered, or a ticket for another operation or path.
	Signature
	// Issuer: signed by us for another installation's name.
	Issuer
	// Audience: signed by us, but not for this service.
	Audience
	// Revoked: the token was revoked, or its row is gone.
	Revoked
	// UnknownUser: the user does not exist.
	UnknownUser
	// Disabled: the user exists and may not do anything.
	Disabled
	// InvalidScope: a scope that no token can have.
	InvalidScope
	// WrongPassword: the user name or the password is wrong; which of the two is not told.
	WrongPassword
	// NotBelieved: a mere name was offered where simple authentication is off.
	NotBelieved
	// InvalidName: a user or group name outside the grammar.
	InvalidName
	// Invalid: any other argument out of bounds.
	Invalid
	// Exists: a user of that name exists.
	Exists
	// UnknownToken: no token has that id.
	UnknownToken
	// Unavailable: the database did not answer; the same request may succeed later.
	Unavailable
	// NotYours: somebody else's token, which the caller may neither renew nor cancel.
	NotYours
	// Throttled: too many attempts failed, and this one was not even looked at.
	Throttled
	// Unlinked: the provider's identity is not linked to the user, or to any user here and may not become one.
	Unlinked
	// Stale: a login at a provider that has expired, was finished before, or was begun in another browser.
	Stale
)

// KindOf returns the kind of the *Error in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// unavailable dresses a failure of the database; doing completes "cannot …".
func unavailable(doing string, err error) *Error {
	return &Error{Kind: Unavailable, Msg: "cannot " + doing + " in the database", Err: err}
}
