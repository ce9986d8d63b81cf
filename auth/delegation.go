package auth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	// DelegationTTL is the longest life of a delegation, HDFS's dfs.namenode.delegation.token.max-lifetime.
	DelegationTTL = 7 * 24 * time.Hour
	// RenewalTTL is how long a delegation is good without being renewed, HDFS's
	// dfs.namenode.delegation.token.renew-interval.
	RenewalTTL = 24 * time.Hour

	delegationLabel = "Hadoop delegation"
)

// Delegate returns a token for programs that work for p: the same user and scope, never more and never for longer than
// the token behind p, which must exist and not be a delegation itself. It always has a row, ends with its parent, and
// is good for RenewalTTL at a time: renewer, a short name or a Kerberos principal, may renew it up to DelegationTTL; ""
// stands for the user. Where a proxy acts for p ([Authority.For]), the token behind p is the proxy's. Source:
// AbstractDelegationTokenSecretManager of Hadoop 3.4.
func (a *Authority) Delegate(ctx context.Context, p Principal, renewer string) (string, error) {
	if renewer, _, _ = strings.Cut(renewer, "/"); renewer != "" {
		renewer, _, _ = strings.Cut(renewer, "@")
	}
	if renewer == "" {
		renewer = p.User
	}
	if err := a.names.check("renewer", renewer); err != nil {
		return "", err
	}
	if p.Expires.IsZero() {
		return "", &Error{Kind: NotBelieved, Msg: "a delegation is given out for a token, not for a user name alone"}
	}
	giver := p
	if p.by != nil {
		giver = *p.by
	}
	keys, err := a.keys.current(ctx)
	if err != nil {
		return "", err
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return "", &Error{Kind: Internal, Msg: "cannot make a token id", Err: err}
	}
	now := a.cfg.Now().Truncate(time.Second)
	c := Claims{
		ID: id, UserID: p.UserID, User: p.User, Scope: p.Scope, Delegation: true,
		Issued: now, Expires: earliest(now.Add(DelegationTTL), giver.Expires),
	}
	if err := a.keepDelegation(ctx, giver, c, renewer); err != nil {
		return "", err
	}
	return sign(keys.newest[forTokens], a.cfg.Issuer, c)
}

// keepDelegation inserts the row of c unless the token behind giver has ended. It locks the row of giver's user first,
// as revoking giver's token does.
func (a *Authority) keepDelegation(ctx context.Context, giver Principal, c Claims, renewer string) error {
	return a.insert(ctx, giver, func(tx pgx.Tx, _ *uuid.UUID, _ time.Time) error {
		if err := tx.QueryRow(ctx, `SELECT 1 FROM users WHERE id = $1 AND name = $2 AND NOT disabled FOR KEY SHARE`, c.UserID, c.User).
			Scan(new(int)); err != nil {
			return err
		}
		var delegation bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM tokens WHERE jti = $1 AND kind = 'delegation')`, giver.Token).Scan(&delegation)
		switch {
		case err != nil:
			return err
		case delegation:
			return &Error{Kind: Invalid, Msg: "a delegation is given out for the user's own token, not for another delegation"}
		}
		if _, err = tx.Exec(ctx, `
			INSERT INTO tokens (jti, kind, user_id, label, project_id, root, verbs, created, expires, parent, renewer)
			VALUES ($1, 'delegation', $2, $3, nullif($4::bigint, 0), nullif($5::bigint, 0), $6, $7, $8, nullif($9::uuid, $10), $11)`,
			c.ID, c.UserID, delegationLabel, c.Scope.Project, c.Scope.Root, c.Scope.Verbs.Names(), c.Issued,
			earliest(c.Issued.Add(RenewalTTL), c.Expires), giver.Token, uuid.Nil, renewer); err != nil {
			return err
		}
		return a.record(ctx, tx, givingOut("create token", Token{ID: c.ID, Kind: Delegation, User: c.User, Scope: c.Scope, Expires: c.Expires}))
	})
}

// RenewDelegation makes the delegation good for another RenewalTTL, at most to its end, and returns until when it is. p
// must be its renewer.
func (a *Authority) RenewDelegation(ctx context.Context, p Principal, token string) (time.Time, error) {
	c, renewer, err := a.delegation(ctx, token)
	if err != nil {
		return time.Time{}, err
	}
	if renewer != p.User {
		return time.Time{}, &Error{Kind: NotYours, Msg: fmt.Sprintf("%s tries to renew a token with non-matching renewer %s", p.User, renewer)}
	}
	until := earliest(a.cfg.Now().Truncate(time.Second).Add(RenewalTTL), c.Expires)
	tag, err := a.cfg.DB.Exec(ctx, `UPDATE tokens SET expires = greatest(expires, $2) WHERE jti = $1 AND revoked IS NULL`, c.ID, until)
	if err != nil {
		return time.Time{}, unavailable("renew a delegation", err)
	}
	if tag.RowsAffected() == 0 {
		return time.Time{}, &Error{Kind: Revoked, Msg: "the token was cancelled; ask for a new one"}
	}
	a.facts.clear()
	return until, nil
}

// CancelDelegation ends the delegation. p must be its user or its renewer.
func (a *Authority) CancelDelegation(ctx context.Context, p Principal, token string) error {
	c, renewer, err := a.delegation(ctx, token)
	if err != nil {
		return err
	}
	if p.User != c.User && p.User != renewer {
		return &Error{Kind: NotYours, Msg: p.User + " is not authorized to cancel the token"}
	}
	return a.RevokeToken(ctx, c.ID)
}

// delegation returns the claims of a delegation that is still good, and its renewer.
func (a *Authority) delegation(ctx context.Context, token string) (c Claims, renewer string, err error) {
	if _, c, err = a.Verify(ctx, token); err != nil {
		return Claims{}, "", err
	}
	if !c.Delegation {
		return Claims{}, "", &Error{Kind: Invalid, Msg: "the token is not a delegation: those come from GETDELEGATIONTOKEN"}
	}
	err = a.cfg.DB.QueryRow(ctx, `SELECT renewer FROM tokens WHERE jti = $1`, c.ID).Scan(&renewer)
	if err != nil {
		return Claims{}, "", unavailable("find a delegation", err)
	}
	return c, renewer, nil
}
