package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A secret is a credential that says nothing by itself: a prefix, by which people and scanners recognise it, and 256
// random bits. What it stands for is in the row of tokens that has its SHA-256. A password would need a slow hash instead;
// nobody guesses 256 bits.
const (
	personalPrefix = "gr_"  // of personal tokens
	sessionPrefix  = "grs_" // of web sessions
	linkPrefix     = "grl_" // of download links

	secretDigits   = 43 // of base 62: more than 256 bits
	secretAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// newSecret returns a new secret and its SHA-256.
func newSecret(prefix string) (secret string, sum []byte) {
	const fair = 256 - 256%len(secretAlphabet) // bytes from here on would make some digits likelier
	b := []byte(prefix)
	for random := make([]byte, 64); len(b) < len(prefix)+secretDigits; {
		rand.Read(random)
		for _, r := range random {
			if int(r) < fair && len(b) < len(prefix)+secretDigits {
				b = append(b, secretAlphabet[int(r)%len(secretAlphabet)])
			}
		}
	}
	of := sha256.Sum256(b)
	return string(b), of[:]
}

// isSecret reports whether text has the form of a secret with that prefix.
func isSecret(text, prefix string) bool {
	digits, ok := strings.CutPrefix(text, prefix)
	return ok && len(digits) == secretDigits && strings.Trim(digits, secretAlphabet) == ""
}

// secretKey is the key under which a secret is remembered. It holds the kind, so that a secret of one kind is never
// accepted as another.
type secretKey struct {
	kind TokenKind
	sum  [sha256.Size]byte
}

// secretClaims returns what a secret of kind stands for. This is remembered for a minute at most, like a good
// signature, since it never changes. Whether it has ended is read from its row at each use.
func (a *Authority) secretClaims(ctx context.Context, secret string, kind TokenKind, prefix string) (Claims, error) {
	if !isSecret(secret, prefix) {
		return Claims{}, &Error{Kind: Malformed, Msg: fmt.Sprintf("not a %s as Granary gives it out: %s and %d letters and digits", kind.said(), prefix, secretDigits)}
	}
	now := a.cfg.Now()
	k := secretKey{kind, sha256.Sum256([]byte(secret))}
	if c, ok := a.secrets.get(k, now); ok {
		return c, nil
	}
	c := Claims{Personal: true}
	var verbs []string
	err := a.cfg.DB.QueryRow(ctx, `
		SELECT t.jti, t.user_id, u.name, coalesce(t.project_id, 0), coalesce(t.root, 0), t.verbs, t.created, t.expires
		FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.secret = $1 AND t.kind = $2`, k.sum[:], kind).
		Scan(&c.ID, &c.UserID, &c.User, &c.Scope.Project, &c.Scope.Root, &verbs, &c.Issued, &c.Expires)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Claims{}, &Error{Kind: Revoked, Msg: fmt.Sprintf("there is no such %s (any more)", kind.said())}
	case err != nil:
		return Claims{}, unavailable("look up a secret", err)
	}
	if c.Scope.Verbs, err = ParseVerbs(verbs); err != nil {
		return Claims{}, err
	}
	if err := a.stillValid(kind.said(), c.Expires); err != nil {
		return Claims{}, err
	}
	a.secrets.put(k, c, earliest(now.Add(verifiedFor), c.Expires))
	return c, nil
}

// admitClaims returns the principal that c stands for, as the live rows have it now.
func (a *Authority) admitClaims(ctx context.Context, c Claims) (Principal, error) {
	p, err := a.admit(ctx, identity{id: c.UserID, name: c.User, token: c.row()}, true)
	if err != nil {
		return Principal{}, err
	}
	a.use(p)
	credential := c.credential
	if credential == "" {
		credential = c.ID.String()
	}
	p.Scope, p.Credential, p.Expires = c.Scope, credential, c.Expires
	return p, nil
}

// row returns the id of the row that decides whether a token is still good: its own, or that of its parent if it has
// none; uuid.Nil if there is neither.
func (c Claims) row() uuid.UUID {
	if c.session() {
		return c.Parent
	}
	return c.ID
}
