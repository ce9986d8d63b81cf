package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	// PersonalTTL is the life of a personal token that does not ask for another.
	PersonalTTL = 90 * 24 * time.Hour

	// maxLabel bounds a token's label in bytes.
	maxLabel = 200
)

// errScope refuses a Scope that is not valid.
var errScope = &Error{Kind: InvalidScope, Msg: "a token limited to a directory must also name the directory's project, and no id may be negative"}

// TokenRequest asks for a token.
type TokenRequest struct {
	// User is the user that the token will stand for, who must exist and not be disabled. A service account's token is
	// limited to its project, whatever Project says.
	User string
	// Project, Root and Verbs limit the token as in [Scope]. Root without Project is refused. The caller checks that
	// they exist, and that whoever asks may give so much away.
	Project int64
	Root    int64
	Verbs   Verbs
	// TTL is the token's life, in whole seconds: 0 means SessionTTL, of a personal token PersonalTTL; more than
	// Config.MaxTTL is refused. Above SessionTTL the token gets a row, and can be listed and revoked.
	TTL time.Duration
	// Label helps people to recognise a token in the list: at most 200 bytes of UTF-8.
	Label string
	// Personal asks for a secret that says nothing, short enough to be typed, instead of a JWT. It always has a row.
	Personal bool
	// By is who asks, if it is not the installation itself. The token may do nothing that By's credential may not, and
	// ends with that credential at the latest, unless the credential is a web session, on which the token does not
	// depend.
	By Principal

	op string // what the audit calls it; "": create token
}

// Issue returns a new token, valid from now on.
func (a *Authority) Issue(ctx context.Context, r TokenRequest) (string, error) {
	token, _, err := a.IssueToken(ctx, r)
	return token, err
}

// IssueToken is like Issue, and also describes the token, which has a row if Token.Kind is not "".
func (a *Authority) IssueToken(ctx context.Context, r TokenRequest) (string, Token, error) {
	if err := a.complete(&r); err != nil {
		return "", Token{}, err
	}
	p, err := a.admit(ctx, identity{name: r.User}, false)
	if err != nil {
		return "", Token{}, err
	}
	scope := Scope{Project: r.Project, Root: r.Root, Verbs: r.Verbs}
	if home := p.Scope.Project; home != 0 {
		if scope.Project != 0 && scope.Project != home {
			return "", Token{}, &Error{Kind: InvalidScope, Msg: "a service account's token is limited to the account's own project"}
		}
		scope.Project = home
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return "", Token{}, &Error{Kind: Internal, Msg: "cannot make a token id", Err: err}
	}
	now := a.cfg.Now().Truncate(time.Second) // what a JWT's times can hold
	c := Claims{
		ID: id, UserID: p.UserID, User: p.User, Scope: scope, Personal: r.Personal,
		Issued: now, Expires: now.Add(r.TTL.Truncate(time.Second)),
	}
	secret, err := a.keep(ctx, &c, r)
	if err != nil {
		return "", Token{}, err
	}
	t := Token{ID: c.ID, User: c.User, Label: r.Label, Scope: c.Scope, Created: c.Issued, Expires: c.Expires}
	if r.Personal {
		t.Kind = Personal
		return secret, t, nil
	}
	if !c.session() {
		t.Kind = Signed
	}
	keys, err := a.keys.current(ctx)
	if err != nil {
		return "", Token{}, err
	}
	text, err := sign(keys.newest[forTokens], a.cfg.Issuer, c)
	return text, t, err
}

// complete fills in the defaults of r and refuses what no token can be.
func (a *Authority) complete(r *TokenRequest) error {
	if r.TTL == 0 {
		r.TTL = SessionTTL
		if r.Personal {
			r.TTL = min(PersonalTTL, a.cfg.MaxTTL)
		}
	}
	scope := Scope{Project: r.Project, Root: r.Root, Verbs: r.Verbs}
	switch {
	case r.TTL < time.Second || r.TTL > a.cfg.MaxTTL:
		return &Error{Kind: Invalid, Msg: fmt.Sprintf("a token cannot live for %v: at least %v, at most %v", r.TTL, time.Second, a.cfg.MaxTTL)}
	case len(r.Label) > maxLabel || !utf8.ValidString(r.Label):
		return &Error{Kind: Invalid, Msg: fmt.Sprintf("a token's label must be UTF-8 of at most %d bytes", maxLabel)}
	case !scope.valid():
		return errScope
	case !scope.Within(r.By.Scope):
		return &Error{Kind: InvalidScope, Msg: "a token may not do what the token that asks for it may not: name the same project, directory and verbs, or less"}
	}
	return a.names.check("user", r.User)
}

// keep ties c to the credential that asked for it and inserts its row, if it has one. It returns the secret of a
// personal token.
func (a *Authority) keep(ctx context.Context, c *Claims, r TokenRequest) (secret string, err error) {
	err = a.insert(ctx, r.By, func(tx pgx.Tx, parent *uuid.UUID, until time.Time) error {
		if parent != nil {
			c.Parent, c.Kept = *parent, r.By.UserID != c.UserID
		}
		if !until.IsZero() {
			c.Expires = earliest(c.Expires, until)
		}
		t := Token{ID: c.ID, User: c.User, Scope: c.Scope, Expires: c.Expires}
		switch {
		case c.Personal:
			t.Kind = Personal
		case !c.session():
			t.Kind = Signed
		}
		if err := a.record(ctx, tx, givingOut(cmp.Or(r.op, "create token"), t)); err != nil || c.session() {
			return err
		}
		kind, sum := Signed, []byte(nil)
		if c.Personal {
			kind = Personal
			secret, sum = newSecret(personalPrefix)
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO tokens (jti, kind, secret, user_id, label, project_id, root, verbs, created, expires, parent)
			VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0), nullif($7::bigint, 0), $8, $9, $10, $11)`,
			c.ID, kind, sum, c.UserID, r.Label, c.Scope.Project, c.Scope.Root, c.Scope.Verbs.Names(), c.Issued, c.Expires, parent)
		return err
	})
	return secret, err
}

// insert runs f in a transaction in which the credential behind by has not ended. What f inserts ends with the token
// parent, if that is not nil, and at the time until at the latest, if that is not zero: a parent's row that is no
// longer renewed may be gone before its token says that it expires. The lock on the user's row makes insert wait for a
// revocation, which it then sees, or makes the revocation wait, which then finds f's row. The zero principal is the
// installation itself. A delegation that a proxy got gives out nothing more: each use of it finds the proxy by its row,
// which it could not for what came of it. Neither is a proxy given anything in another's name except a delegation.
func (a *Authority) insert(ctx context.Context, by Principal, f func(tx pgx.Tx, parent *uuid.UUID, until time.Time) error) error {
	err := pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error {
		if by.User == "" {
			return f(tx, nil, time.Time{})
		}
		if by.Expires.IsZero() {
			return &Error{Kind: NotBelieved, Msg: "this needs a token or a session: a user name alone is not enough"}
		}
		if by.by != nil {
			return &Error{Kind: Invalid, Msg: by.by.User + " acts for " + by.User + ", and may not create a credential that would outlast that: ask with a token of " + by.User + "'s own"}
		}
		if by.Proxy != "" {
			return &Error{Kind: Invalid, Msg: "the token that asks is a delegation that " + by.Proxy + " got for " + by.User + ", and may not create another credential: ask with a token of " + by.User + "'s own"}
		}
		if err := tx.QueryRow(ctx, `SELECT 1 FROM users WHERE id = $1 AND name = $2 AND NOT disabled FOR KEY SHARE`, by.UserID, by.User).
			Scan(new(int)); err != nil {
			return err
		}
		if by.Token == uuid.Nil {
			return f(tx, nil, by.Expires)
		}
		var expires time.Time
		if err := tx.QueryRow(ctx, `SELECT expires FROM tokens WHERE jti = $1 AND revoked IS NULL`, by.Token).Scan(&expires); err != nil {
			return err
		}
		if by.signedIn {
			return f(tx, nil, time.Time{})
		}
		return f(tx, &by.Token, earliest(by.Expires, expires))
	})
	var ours *Error
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return &Error{Kind: Revoked, Msg: "the credential of this request has ended; get a new one"}
	case errors.As(err, &ours):
		return ours
	case err != nil:
		return unavailable("keep a token's description", err)
	}
	return nil
}

// sign writes c as a token signed by k.
func sign(k *key, issuer string, c Claims) (string, error) {
	wire := wireClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuer,
			Subject:   c.User,
			Audience:  jwt.ClaimStrings{audience},
			ExpiresAt: jwt.NewNumericDate(c.Expires),
			NotBefore: jwt.NewNumericDate(c.Issued),
			IssuedAt:  jwt.NewNumericDate(c.Issued),
			ID:        c.ID.String(),
		},
		UserID:     c.UserID,
		Project:    c.Scope.Project,
		Root:       c.Scope.Root,
		Ops:        c.Scope.Verbs.Names(),
		Delegation: c.Delegation,
		Kept:       c.Kept,
	}
	if c.Parent != uuid.Nil {
		wire.Parent = c.Parent.String()
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, wire)
	t.Header["typ"] = tokenType
	t.Header["kid"] = k.kid
	s, err := t.SignedString(k.private)
	if err != nil {
		return "", &Error{Kind: Internal, Msg: "cannot sign a token", Err: err}
	}
	return s, nil
}
