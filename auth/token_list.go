package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TokenKind says what a row of tokens describes.
type TokenKind string

// The kinds of tokens that have a row.
const (
	Signed     TokenKind = "token"      // a JWT that lives longer than SessionTTL
	Delegation TokenKind = "delegation" // a JWT for programs that work for the bearer of another token
	Personal   TokenKind = "personal"   // a secret that begins with gr_
	WebSession TokenKind = "session"    // a secret in a browser's cookie
	Link       TokenKind = "link"       // a secret in an address, which leads to one file
)

// said is what messages call a token of that kind.
func (k TokenKind) said() string {
	if k == Personal {
		return "personal token"
	}
	return string(k)
}

// Token describes a token that has a row; the token itself is kept nowhere.
type Token struct {
	ID      uuid.UUID
	Kind    TokenKind
	User    string
	Label   string // of a session: the browser's User-Agent
	Scope   Scope
	Created time.Time
	Expires time.Time
	Revoked time.Time // zero: it is not revoked
	// Used is the last use, zero if there is none yet. Uses on the server that is asked count at once, those on others
	// within a minute. A server that dies forgets the uses of the last minute.
	Used    time.Time
	Uses    int64  // of a link: how often it was followed
	Address string // of a session: where it began
	Locked  bool   // of a link: it asks for a password
	// LeftOut are groups that the provider gives a user who has just signed in, but that the user does not get because
	// projects have their names.
	LeftOut []string
}

// selectToken reads a Token.
const selectToken = `
	SELECT t.jti, t.kind, u.name, t.label, coalesce(t.project_id, 0), coalesce(t.root, 0), t.verbs, t.created, t.expires,
		t.revoked, t.used, t.uses, t.address, t.password IS NOT NULL
	FROM tokens t JOIN users u ON u.id = t.user_id `

// scanToken reads a row of selectToken.
func scanToken(row pgx.CollectableRow) (t Token, err error) {
	var verbs []string
	var revoked, used *time.Time
	err = row.Scan(&t.ID, &t.Kind, &t.User, &t.Label, &t.Scope.Project, &t.Scope.Root, &verbs, &t.Created, &t.Expires,
		&revoked, &used, &t.Uses, &t.Address, &t.Locked)
	if err != nil {
		return t, err
	}
	if revoked != nil {
		t.Revoked = *revoked
	}
	if used != nil {
		t.Used = *used
	}
	t.Scope.Verbs, err = ParseVerbs(verbs)
	return t, err
}

// TokenPlace is a place in a list of tokens, the newest first: that of the token with this time and id, which need not be
// there any more. The zero value is before all of them.
type TokenPlace struct {
	Created time.Time // to the microsecond
	ID      uuid.UUID
}

// TokenQuery chooses tokens of a user. Its zero value chooses all.
type TokenQuery struct {
	Within Scope      // only tokens that may do no more than this
	After  TokenPlace // only tokens after this place
	Limit  int        // at most so many; 0: all
}

// Tokens lists the tokens of user that have a row and are not expired, the newest first; revoked ones are among them, web
// sessions and links are not.
func (a *Authority) Tokens(ctx context.Context, user string, q TokenQuery) ([]Token, error) {
	return a.list(ctx, user, q, Signed, Delegation, Personal)
}

// Sessions lists the web sessions of user as Tokens lists tokens.
func (a *Authority) Sessions(ctx context.Context, user string, q TokenQuery) ([]Token, error) {
	return a.list(ctx, user, q, WebSession)
}

// Links lists the download links of user as Tokens lists tokens.
func (a *Authority) Links(ctx context.Context, user string, q TokenQuery) ([]Token, error) {
	return a.list(ctx, user, q, Link)
}

// listAtOnce is the least number of tokens that are read at a time where some that are found may not be shown.
const listAtOnce = 1000

// list reads on until it has q.Limit tokens that lie within q.Within, or there are no more.
func (a *Authority) list(ctx context.Context, user string, q TokenQuery, kinds ...TokenKind) ([]Token, error) {
	var shown []Token
	some := q.Limit
	if q.Limit != 0 && !q.Within.IsZero() {
		some = max(q.Limit, listAtOnce)
	}
	for {
		tokens, err := a.page(ctx, user, q.After, some, kinds)
		if err != nil {
			return nil, err
		}
		for _, t := range tokens {
			if !t.Scope.Within(q.Within) {
				continue
			}
			if used := a.uses.of(t.ID); used.After(t.Used) {
				t.Used = used
			}
			if shown = append(shown, t); len(shown) == q.Limit {
				return shown, nil
			}
		}
		if q.Limit == 0 || len(tokens) < some {
			return shown, nil
		}
		last := tokens[len(tokens)-1]
		q.After = TokenPlace{last.Created, last.ID}
	}
}

// tokenPage reads up to $6 of a user's tokens that come after the time $4 and the id $5 in the list. The user's id is
// looked up first, so that the index gives the order.
const tokenPage = selectToken + `WHERE t.user_id = (SELECT id FROM users WHERE name = $1) AND t.expires > $2 AND t.kind = ANY($3)
	AND (t.created, t.jti) < ($4, $5) ORDER BY t.created DESC, t.jti DESC LIMIT nullif($6, 0)`

// beforeAll is newer than any token.
var beforeAll = TokenPlace{time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC), uuid.Max}

func (a *Authority) page(ctx context.Context, user string, after TokenPlace, limit int, kinds []TokenKind) ([]Token, error) {
	if after == (TokenPlace{}) {
		after = beforeAll
	}
	rows, err := a.cfg.DB.Query(ctx, tokenPage, user, a.cfg.Now(), kinds, after.Created, after.ID, limit)
	if err != nil {
		return nil, unavailable("list tokens", err)
	}
	tokens, err := pgx.CollectRows(rows, scanToken)
	if err != nil {
		return nil, unavailable("list tokens", err)
	}
	return tokens, nil
}

// Token describes the token, session or link of that id, ended or not. It fails with UnknownToken if there is none.
func (a *Authority) Token(ctx context.Context, id uuid.UUID) (Token, error) {
	rows, err := a.cfg.DB.Query(ctx, selectToken+`WHERE t.jti = $1`, id)
	if err != nil {
		return Token{}, unavailable("find a token", err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, scanToken)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Token{}, &Error{Kind: UnknownToken, Msg: fmt.Sprintf("no token has the id %s; tokens that live an hour or less cannot be revoked one by one", id)}
	case err != nil:
		return Token{}, unavailable("find a token", err)
	}
	return t, nil
}

// Credentials describes those of ids that have a row: tokens, sessions and links, ended or not.
func (a *Authority) Credentials(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Token, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := a.cfg.DB.Query(ctx, selectToken+`WHERE t.jti = ANY($1)`, ids)
	if err != nil {
		return nil, unavailable("find credentials", err)
	}
	tokens, err := pgx.CollectRows(rows, scanToken)
	if err != nil {
		return nil, unavailable("find credentials", err)
	}
	found := make(map[uuid.UUID]Token, len(tokens))
	for _, t := range tokens {
		found[t.ID] = t
	}
	return found, nil
}

// RevokeToken ends the token, session or link of that id for ever, and with it whatever was given out for it, directly or
// not, and the tickets made from any of them. Revoking twice is no error. Session tokens have no row to revoke: they end
// by themselves, with what they were given out for, or with their user.
func (a *Authority) RevokeToken(ctx context.Context, id uuid.UUID) error {
	t, err := a.Token(ctx, id)
	if err != nil {
		return err
	}
	d := about("revoke token", t.User)
	d.project, d.Token, d.Kind = t.Scope.Project, t.ID.String(), t.Kind
	return a.change(ctx, d, func(tx pgx.Tx, userID int64) error { return a.end(ctx, tx, userID, id) })
}

// descendants are the tokens $1 and what was given out for them, directly or not.
const descendants = `
	WITH RECURSIVE ended AS (
		SELECT jti, user_id FROM tokens WHERE jti = ANY($1)
		UNION SELECT t.jti, t.user_id FROM tokens t JOIN ended e ON t.parent = e.jti
	) `

// end revokes the tokens of those ids and their descendants in a transaction that holds the row of their user, userID.
// Descendants may belong to others, such as service accounts, whose rows are locked and whose epochs raised as well.
func (a *Authority) end(ctx context.Context, tx pgx.Tx, userID int64, ids ...uuid.UUID) error {
	if _, err := tx.Exec(ctx, descendants+`SELECT 1 FROM users WHERE id IN (SELECT user_id FROM ended WHERE user_id <> $2)
		ORDER BY id FOR UPDATE`, ids, userID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, descendants+`UPDATE users SET epoch = epoch + 1
		WHERE id IN (SELECT user_id FROM ended WHERE user_id <> $2)`, ids, userID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, descendants+`UPDATE tokens SET revoked = $2 FROM ended
		WHERE tokens.jti = ended.jti AND revoked IS NULL`, ids, a.cfg.Now())
	return err
}
