package auth

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	// SessionLife is the longest life of a web session.
	SessionLife = 12 * time.Hour
	// SessionIdle is how long a web session lives without being used, to within two minutes, since uses are written down
	// by [Authority.Sweep].
	SessionIdle = 2 * time.Hour
	// MaxSessions is how many web sessions a user may have at a time. Beginning another ends the oldest.
	MaxSessions = 100
)

// Login begins a web session for user if password is right, and returns its secret, which belongs in a cookie, and its
// description. Attempts are throttled by account and address and by address alone: after some failures the next attempt
// fails with Throttled, even with the right password, until Error.Retry is over. No answer tells whether the user
// exists.
func (a *Authority) Login(ctx context.Context, user string, password Password, from Origin) (secret string, t Token, err error) {
	at, err := a.attempt(ctx, "login", user, from.Address)
	if err != nil {
		return "", Token{}, err
	}
	id, hash, err := a.checkPassword(ctx, user, password)
	switch KindOf(err) { //nolint:exhaustive // whatever else fails says nothing about the password
	case WrongPassword, Disabled:
		return "", Token{}, err
	}
	if err != nil {
		return "", Token{}, a.undecided(ctx, at, err)
	}
	if secret, t, err = a.beginSession(ctx, id, user, hash, from); err != nil {
		return "", Token{}, err
	}
	return secret, t, a.succeeded(ctx, at)
}

// beginSession begins a session unless the password has changed since it was compared: a change of password ends all
// sessions, and either waits for the lock on the user's row or is seen under it. Others who begin a session of the user
// wait as well, so that each counts those before it; acts in flight, which hold FOR KEY SHARE, do not.
func (a *Authority) beginSession(ctx context.Context, userID int64, user, hash string, from Origin) (secret string, t Token, err error) {
	err = pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT 1 FROM users WHERE id = $1 AND password = $2 AND NOT disabled FOR NO KEY UPDATE`, userID, hash).
			Scan(new(int)); err != nil {
			return err
		}
		var err error
		secret, t, err = a.insertSession(ctx, tx, userID, user, from)
		return err
	})
	var ours *Error
	switch {
	case errors.As(err, &ours):
		return "", Token{}, ours
	case errors.Is(err, pgx.ErrNoRows):
		return "", Token{}, errWrongPassword
	case err != nil:
		return "", Token{}, unavailable("begin a session", err)
	}
	a.facts.clear() // the oldest session may be among them
	return secret, t, nil
}

// insertSession inserts a session, and ends those beyond [MaxSessions], in a transaction that holds the row of a user
// who may sign in, FOR NO KEY UPDATE at least.
func (a *Authority) insertSession(ctx context.Context, tx pgx.Tx, userID int64, user string, from Origin) (string, Token, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return "", Token{}, &Error{Kind: Internal, Msg: "cannot make a session id", Err: err}
	}
	secret, sum := newSecret(sessionPrefix)
	now := a.cfg.Now()
	t := Token{
		ID: id, Kind: WebSession, User: user, Label: cut(from.Agent), Created: now, Expires: now.Add(SessionLife),
		Address: cut(from.Address),
	}
	ctx = signingIn(ctx, user, id, from)
	if err := a.endOldest(ctx, tx, userID, user); err != nil {
		return "", Token{}, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO tokens (jti, kind, secret, user_id, label, address, created, expires)
		VALUES ($1, 'session', $2, $3, $4, $5, $6, $7)`, t.ID, sum, userID, t.Label, t.Address, t.Created, t.Expires)
	if err == nil {
		err = a.record(ctx, tx, givingOut("sign in", t))
	}
	return secret, t, err
}

// cut makes text from a client, such as its User-Agent, fit for a row.
func cut(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "�")
	for len(text) > maxLabel {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// Session returns the principal signed in by the session of that secret, as live as Verify's. Its scope limits nothing.
func (a *Authority) Session(ctx context.Context, secret string) (Principal, error) {
	c, err := a.secretClaims(ctx, secret, WebSession, sessionPrefix)
	if err != nil {
		return Principal{}, err
	}
	p, err := a.admitClaims(ctx, c)
	if err != nil {
		return Principal{}, err
	}
	p.signedIn = true
	return p, nil
}

// Logout ends the session of that secret, and what was given out for it. A session that has ended already is no error.
func (a *Authority) Logout(ctx context.Context, secret string) error {
	c, err := a.secretClaims(ctx, secret, WebSession, sessionPrefix)
	switch KindOf(err) { //nolint:exhaustive // the rest are failures
	case Revoked, Expired, Malformed:
		return nil
	}
	if err != nil {
		return err
	}
	return a.RevokeToken(ctx, c.ID)
}

// EndSessions ends all web sessions of user.
func (a *Authority) EndSessions(ctx context.Context, user string) error {
	return a.change(ctx, about("end sessions", user), func(tx pgx.Tx, id int64) error { return a.endSessions(ctx, tx, id) })
}

// endSessions ends the sessions of a user, and what was given out for them, in a transaction that holds the user's row.
func (a *Authority) endSessions(ctx context.Context, tx pgx.Tx, user int64) error {
	rows, err := tx.Query(ctx, `SELECT jti FROM tokens t WHERE user_id = $1 AND kind = 'session'
		AND (revoked IS NULL OR EXISTS (SELECT FROM tokens c WHERE c.parent = t.jti))`, user)
	if err != nil {
		return err
	}
	sessions, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	return a.end(ctx, tx, user, sessions...)
}

// endOldest makes room for one more session where a user has [MaxSessions]: it ends the oldest, usually just one, and
// what was given out for them. Those from more than mostAhead ahead, which are not accepted, go first.
func (a *Authority) endOldest(ctx context.Context, tx pgx.Tx, userID int64, user string) error {
	const atOnce = 100
	now := a.cfg.Now()
	rows, err := tx.Query(ctx, `SELECT jti FROM tokens WHERE user_id = $1 AND kind = 'session' AND revoked IS NULL AND expires > $2
		ORDER BY created > $5, created DESC, jti DESC OFFSET $3 LIMIT $4`, userID, now, MaxSessions-1, atOnce, now.Add(mostAhead))
	if err != nil {
		return err
	}
	oldest, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(oldest) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `SELECT 1 FROM users WHERE id = $1 FOR UPDATE`, userID); err != nil { // waits for acts in flight that rely on them, as in change
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE users SET epoch = epoch + 1 WHERE id = $1`, userID); err != nil {
		return err
	}
	if err := a.end(ctx, tx, userID, oldest...); err != nil {
		return err
	}
	for _, id := range oldest {
		d := about("revoke token", user)
		d.Token, d.Kind = id.String(), WebSession
		if err := a.record(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}
