package auth

import (
	"context"
	"time"
)

// Exchange gives out a session token for a personal token, as OAuth's token endpoints do for clients that cannot be
// configured with a token. It stands for the same user with the same scope, ends when the personal token is revoked, and
// never outlives it. client must be the name of the personal token's user.
//
// It fails with WrongPassword unless secret is a good personal token of client's, without telling what is wrong, and
// like Login with Throttled after some failures, which a right secret clears.
func (a *Authority) Exchange(ctx context.Context, client, secret string, from Origin) (token string, expires time.Time, err error) {
	at, err := a.held(ctx, "token", client, from.Address)
	if err != nil {
		return "", time.Time{}, err
	}
	token, expires, err = a.exchange(ctx, client, secret, from)
	if KindOf(err) == WrongPassword {
		if uncounted := a.failed(ctx, at); uncounted != nil {
			err = uncounted
		}
	}
	if err != nil {
		return "", time.Time{}, err
	}
	if err := a.forgive(ctx, at); err != nil {
		return "", time.Time{}, err
	}
	return token, expires, nil
}

// errWrongSecret refuses whoever has no good personal token of the client's.
var errWrongSecret = &Error{Kind: WrongPassword, Msg: "client_id must be a user's name and the secret one of that user's personal tokens (gr_…), neither expired nor revoked"}

// exchange is Exchange without counting attempts.
func (a *Authority) exchange(ctx context.Context, client, secret string, from Origin) (token string, expires time.Time, err error) {
	p, err := a.personal(ctx, client, secret)
	if err != nil {
		return "", time.Time{}, err
	}
	token, t, err := a.IssueToken(Acting(ctx, By{User: p.User, Credential: p.Credential, Client: from.Address}), TokenRequest{
		op:   "exchange token",
		User: p.User, Project: p.Scope.Project, Root: p.Scope.Root, Verbs: p.Scope.Verbs, TTL: SessionTTL, By: p,
	})
	switch KindOf(err) { //nolint:exhaustive // the rest are failures
	case Revoked, Disabled, UnknownUser: // it was ended by another server, and this one remembered it
		err = errWrongSecret
	}
	return token, t.Expires, err
}

// personal returns the principal of the personal token secret if its user is client.
func (a *Authority) personal(ctx context.Context, client, secret string) (Principal, error) {
	c, err := a.secretClaims(ctx, secret, Personal, personalPrefix)
	var p Principal
	if err == nil && c.User == client {
		p, err = a.admitClaims(ctx, c)
	}
	switch {
	case KindOf(err) == Unavailable:
		return Principal{}, err
	case err != nil || c.User != client:
		return Principal{}, errWrongSecret
	}
	return p, nil
}
