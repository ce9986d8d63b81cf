package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	// LinkTTL is the life of a download link that does not ask for another.
	LinkTTL = 24 * time.Hour
	// MaxLinkTTL is the longest life of a download link.
	MaxLinkTTL = 7 * 24 * time.Hour
)

// LinkRequest asks for a download link.
type LinkRequest struct {
	// Project and Inode name the file that it leads to, wherever it is moved within its project; Project is 0 for a
	// file in no project. The caller checks that it is a file and that whoever asks may read it.
	Project, Inode int64
	// TTL is its life, in whole seconds: 0 means LinkTTL, more than MaxLinkTTL is refused.
	TTL time.Duration
	// Password, unless it is empty, must be given at each use.
	Password Password
	// Label helps people to recognise it in the list: at most 200 bytes of UTF-8.
	Label string
}

// MakeLink returns the secret of a new download link, and its description. Whoever has the secret may read the one file
// for as long as by may, whose rights are evaluated anew at each use. The link ends with the token that asks for it at
// the latest, unless that is a web session.
func (a *Authority) MakeLink(ctx context.Context, by Principal, r LinkRequest) (secret string, t Token, err error) {
	if r.TTL == 0 {
		r.TTL = LinkTTL
	}
	scope := Scope{Project: r.Project, Root: r.Inode, Verbs: Read}
	switch {
	case r.TTL < time.Second || r.TTL > MaxLinkTTL:
		return "", Token{}, &Error{Kind: Invalid, Msg: fmt.Sprintf("a link cannot live for %v: at least %v, at most %v", r.TTL, time.Second, MaxLinkTTL)}
	case len(r.Label) > maxLabel || !utf8.ValidString(r.Label):
		return "", Token{}, &Error{Kind: Invalid, Msg: fmt.Sprintf("a link's label must be UTF-8 of at most %d bytes", maxLabel)}
	case r.Inode <= 0 || r.Project < 0:
		return "", Token{}, &Error{Kind: InvalidScope, Msg: "a link leads to a file, by its inode"}
	case by.Scope.Project != 0 && by.Scope.Project != r.Project || !by.Scope.Verbs.Allow(Read):
		return "", Token{}, &Error{Kind: InvalidScope, Msg: "the token that asks for the link may not read the file itself"}
	}
	var hash *string
	if r.Password != "" {
		h, err := a.passwords.hash(ctx, r.Password)
		if err != nil {
			return "", Token{}, err
		}
		hash = &h
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return "", Token{}, &Error{Kind: Internal, Msg: "cannot make a link's id", Err: err}
	}
	now := a.cfg.Now().Truncate(time.Second)
	t = Token{
		ID: id, Kind: Link, User: by.User, Label: r.Label, Scope: scope, Created: now, Expires: now.Add(r.TTL.Truncate(time.Second)),
		Locked: hash != nil,
	}
	secret, sum := newSecret(linkPrefix)
	err = a.insert(ctx, by, func(tx pgx.Tx, parent *uuid.UUID, until time.Time) error {
		if !until.IsZero() {
			t.Expires = earliest(t.Expires, until)
		}
		if _, err := tx.Exec(ctx, `
			INSERT INTO tokens (jti, kind, secret, user_id, label, project_id, root, verbs, created, expires, parent, password)
			VALUES ($1, 'link', $2, $3, $4, nullif($5::bigint, 0), $6, $7, $8, $9, $10, $11)`,
			t.ID, sum, by.UserID, t.Label, r.Project, r.Inode, scope.Verbs.Names(), t.Created, t.Expires, parent, hash); err != nil {
			return err
		}
		return a.record(ctx, tx, givingOut("create link", t))
	})
	if err != nil {
		return "", Token{}, err
	}
	return secret, t, nil
}

// LinkOf returns the id of the link of that secret, even if it was revoked; it fails with Expired if the link has
// expired. Asked again within a minute, it does not query the database.
func (a *Authority) LinkOf(ctx context.Context, secret string) (uuid.UUID, error) {
	c, err := a.secretClaims(ctx, secret, Link, linkPrefix)
	return c.ID, err
}

// UseLink returns the user who made the link of that secret, as a principal limited to reading its file, and the link.
// The principal is as live as Verify's, and refused by Refresh once the link has ended. A link with a password fails
// with Missing if none is given and with WrongPassword if it is wrong; attempts are throttled like Login's.
func (a *Authority) UseLink(ctx context.Context, secret string, password Password, from Origin) (Principal, Token, error) {
	c, err := a.secretClaims(ctx, secret, Link, linkPrefix)
	if err != nil {
		return Principal{}, Token{}, err
	}
	p, err := a.admitClaims(ctx, c) // before the password, so that nobody guesses at a link that has ended
	if err != nil {
		return Principal{}, Token{}, err
	}
	var hash *string
	err = a.cfg.DB.QueryRow(ctx, `SELECT password FROM tokens WHERE jti = $1`, c.ID).Scan(&hash)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Principal{}, Token{}, &Error{Kind: Revoked, Msg: "there is no such link (any more)"}
	case err != nil:
		return Principal{}, Token{}, unavailable("look up a link", err)
	}
	if hash != nil {
		if err := a.unlock(ctx, c.ID, password, *hash, from); err != nil {
			return Principal{}, Token{}, err
		}
	}
	if err := a.followed(ctx, c.ID); err != nil {
		return Principal{}, Token{}, err
	}
	t, err := a.Token(ctx, c.ID)
	return p, t, err
}

// followed counts one more use of a link.
func (a *Authority) followed(ctx context.Context, link uuid.UUID) error {
	leave, err := a.turns.take(ctx, "link "+link.String())
	if err != nil {
		return err
	}
	defer leave()
	if _, err := a.cfg.DB.Exec(ctx, `UPDATE tokens SET uses = uses + 1, used = greatest(used, $2) WHERE jti = $1`, link, a.cfg.Now()); err != nil {
		return unavailable("count the uses of a link", err)
	}
	return nil
}

// unlock compares the password of a link.
func (a *Authority) unlock(ctx context.Context, link uuid.UUID, password Password, hash string, from Origin) error {
	if password == "" {
		return &Error{Kind: Missing, Msg: "the link asks for a password"}
	}
	at, err := a.attempt(ctx, "link", link.String(), from.Address)
	if err != nil {
		return err
	}
	ok := false
	if len(password) <= maxPassword {
		if ok, err = a.passwords.matches(ctx, password, hash); err != nil {
			return a.undecided(ctx, at, err)
		}
	}
	if !ok {
		return &Error{Kind: WrongPassword, Msg: "the password of the link is wrong"}
	}
	return a.succeeded(ctx, at)
}
