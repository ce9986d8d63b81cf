package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// maxLabel bounds a token's label in bytes.
const maxLabel = 200

// errScope refuses a Scope that is not valid.
var errScope = &Error{Kind: InvalidScope, Msg: "a token limited to a directory must also name the directory's project, and no id may be negative"}

// TokenRequest asks for a token.
type TokenRequest struct {
	// User is whom the token will stand for; it must exist and not be disabled.
	User string
	// Project, Root and Verbs limit the token as in [Scope]. Root without Project is refused. That they exist, and
	// that whoever asks may give so much away, is for the caller to check.
	Project int64
	Root    int64
	Verbs   Verbs
	// TTL is the token's life, in whole seconds: 0 means SessionTTL, more than Config.MaxTTL is refused. Above
	// SessionTTL the token gets a row, and can be listed and revoked.
	TTL time.Duration
	// Label helps people to recognise a token in the list: at most 200 bytes of UTF-8.
	Label string
}

// Token describes a token that has a row; the token itself is kept nowhere.
type Token struct {
	ID      uuid.UUID
	User    string
	Label   string
	Scope   Scope
	Created time.Time
	Expires time.Time
	Revoked time.Time // zero: it is not revoked
}

// Issue returns a new token, valid from now on.
func (a *Authority) Issue(ctx context.Context, r TokenRequest) (string, error) {
	if r.TTL == 0 {
		r.TTL = SessionTTL
	}
	scope := Scope{Project: r.Project, Root: r.Root, Verbs: r.Verbs}
	switch {
	case r.TTL < time.Second || r.TTL > a.cfg.MaxTTL:
		return "", &Error{Kind: Invalid, Msg: fmt.Sprintf("a token cannot live for %v: at least %v, at most %v", r.TTL, time.Second, a.cfg.MaxTTL)}
	case len(r.Label) > maxLabel || !utf8.ValidString(r.Label):
		return "", &Error{Kind: Invalid, Msg: fmt.Sprintf("a token's label must be UTF-8 of at most %d bytes", maxLabel)}
	case !scope.valid():
		return "", errScope
	}
	if err := a.names.check("user", r.User); err != nil {
		return "", err
	}
	p, err := a.admit(ctx, identity{name: r.User}, false)
	if err != nil {
		return "", err
	}
	keys, err := a.keys.current(ctx)
	if err != nil {
		return "", err
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return "", &Error{Kind: Internal, Msg: "cannot make a token id", Err: err}
	}
	now := a.cfg.Now().Truncate(time.Second) // what a JWT's times can hold
	c := Claims{ID: id, UserID: p.UserID, User: p.User, Scope: scope, Issued: now, Expires: now.Add(r.TTL.Truncate(time.Second))}
	if !c.session() {
		_, err := a.cfg.DB.Exec(ctx, `
			INSERT INTO tokens (jti, kind, user_id, label, project_id, root, verbs, created, expires)
			VALUES ($1, 'token', $2, $3, nullif($4::bigint, 0), nullif($5::bigint, 0), $6, $7, $8)`,
			c.ID, c.UserID, r.Label, scope.Project, scope.Root, scope.Verbs.Names(), c.Issued, c.Expires)
		if err != nil {
			return "", unavailable("keep a token's description", err)
		}
	}
	return sign(keys.newest[forTokens], a.cfg.Issuer, c)
}

// sign writes c as a token signed by k.
func sign(k *key, issuer string, c Claims) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, wireClaims{
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
	})
	t.Header["typ"] = tokenType
	t.Header["kid"] = k.kid
	s, err := t.SignedString(k.private)
	if err != nil {
		return "", &Error{Kind: Internal, Msg: "cannot sign a token", Err: err}
	}
	return s, nil
}

// Tokens lists the tokens of user that have a row and are not expired, the newest first; revoked ones are among them.
func (a *Authority) Tokens(ctx context.Context, user string) ([]Token, error) {
	rows, err := a.cfg.DB.Query(ctx, `
		SELECT t.jti, u.name, t.label, coalesce(t.project_id, 0), coalesce(t.root, 0), t.verbs, t.created, t.expires, t.revoked
		FROM tokens t JOIN users u ON u.id = t.user_id
		WHERE u.name = $1 AND t.expires > $2
		ORDER BY t.created DESC, t.jti`, user, a.cfg.Now())
	if err != nil {
		return nil, unavailable("list tokens", err)
	}
	tokens, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Token, err error) {
		var revoked *time.Time
		var verbs []string
		if err = row.Scan(&t.ID, &t.User, &t.Label, &t.Scope.Project, &t.Scope.Root, &verbs, &t.Created, &t.Expires, &revoked); err != nil {
			return t, err
		}
		t.Scope.Verbs, err = ParseVerbs(verbs)
		if revoked != nil {
			t.Revoked = *revoked
		}
		return t, err
	})
	if err != nil {
		return nil, unavailable("list tokens", err)
	}
	return tokens, nil
}

// RevokeToken ends the token of that id, the delegations given out for it and the tickets made from them, for ever. Revoking twice is no error. Session
// tokens have no row to revoke: they end by themselves, or with their user.
func (a *Authority) RevokeToken(ctx context.Context, id uuid.UUID) error {
	var user string
	err := a.cfg.DB.QueryRow(ctx, `SELECT u.name FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.jti = $1`, id).Scan(&user)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return &Error{Kind: UnknownToken, Msg: fmt.Sprintf("no token has the id %s; tokens that live an hour or less cannot be revoked one by one", id)}
	case err != nil:
		return unavailable("find a token", err)
	}
	return a.change(ctx, user, func(tx pgx.Tx, userID int64) error {
		_, err := tx.Exec(ctx, `UPDATE tokens SET revoked = $2 WHERE (jti = $1 OR parent = $1) AND revoked IS NULL`, id, a.cfg.Now())
		return err
	})
}
