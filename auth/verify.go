package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

const (
	// tokenType is the typ header of access tokens; another kind of JWT gets another one (RFC 8725 §3.11).
	tokenType = "granary-access+jwt"
	// maxToken bounds a token in bytes, before anything else looks at it.
	maxToken = 8 << 10
	// lineBreaks is what Go's base64 decoders skip even when strict: with them a credential would have many spellings.
	lineBreaks = "\r\n"
)

// Claims is what a token says, after its signature and times were checked.
type Claims struct {
	ID     uuid.UUID
	UserID int64
	User   string
	Scope  Scope
	// Parent is the token that it was given out for and ends with; zero if there is none, or if it is a delegation,
	// whose row names it.
	Parent uuid.UUID
	// Delegation: it was given out for another token, and has a row that says until when it is good.
	Delegation bool
	// Personal: it is a secret and no JWT; everything about it is in its row.
	Personal bool
	// Kept: it has a row although it is short, because the token that it was given out for is another user's.
	Kept    bool
	Issued  time.Time
	Expires time.Time

	credential string // ID as text, if it was spelled before
}

// session reports whether the token needs no row of its own.
func (c Claims) session() bool {
	return !c.Delegation && !c.Personal && !c.Kept && c.Expires.Sub(c.Issued) <= SessionTTL
}

// wireClaims is the payload of a token: the registered claims iss, sub (user name), aud, exp, nbf, iat, jti, and ours.
type wireClaims struct {
	jwt.RegisteredClaims
	UserID  int64    `json:"uid"`
	Project int64    `json:"prj,omitempty"`
	Root    int64    `json:"root,omitempty"`
	Ops     []string `json:"ops,omitempty"` // verbs; absent: all
	// ReadOnly is how tokens said that Read is their only verb before they had verbs.
	ReadOnly bool `json:"ro,omitempty"`
	// Delegation marks tokens whose row decides until when they are good.
	Delegation bool `json:"dlg,omitempty"`
	// Parent is the id of the token that it was given out for.
	Parent string `json:"par,omitempty"`
	// Kept marks short tokens that have a row all the same.
	Kept bool `json:"row,omitempty"`
}

// newParser returns a parser that demands what RFC 8725 advises and this library leaves optional: one algorithm, our
// issuer, our audience, an end, a beginning, one spelling for each signature.
func newParser(issuer string, now func() time.Time) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(issuer),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithNotBeforeRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(now),
	)
}

// Verify returns the principal that token, a JWT or a personal token, stands for, and what the token says. A good
// signature is remembered for a minute at most and never beyond the token's end; the user's row, and a long or personal
// token's, are read each time (but see Config.Recall).
func (a *Authority) Verify(ctx context.Context, token string) (Principal, Claims, error) {
	c, err := a.claims(ctx, token)
	if err != nil {
		return Principal{}, Claims{}, err
	}
	p, err := a.admitClaims(ctx, c)
	if err != nil {
		return Principal{}, Claims{}, err
	}
	return p, c, nil
}

// claims checks everything about token that does not depend on a row of users or tokens.
func (a *Authority) claims(ctx context.Context, token string) (Claims, error) {
	switch {
	case token == "":
		return Claims{}, &Error{Kind: Missing, Msg: "no token: send one as Authorization: Bearer"}
	case len(token) > maxToken:
		return Claims{}, &Error{Kind: Malformed, Msg: fmt.Sprintf("the token has %d bytes; one of Granary's has at most %d", len(token), maxToken)}
	}
	if strings.HasPrefix(token, personalPrefix) { // a JWT begins with an encoded brace
		return a.secretClaims(ctx, token, Personal, personalPrefix)
	}
	now := a.cfg.Now()
	var room [1 << 10]byte // enough for most tokens
	sum := sha256.Sum256(append(room[:0], token...))
	if c, ok := a.verified.get(sum, now); ok {
		return c, nil
	}
	c, until, err := a.parse(ctx, token)
	if err != nil {
		return Claims{}, err
	}
	c.credential = c.ID.String()
	a.verified.put(sum, c, earliest(now.Add(verifiedFor), until))
	return c, nil
}

// parse verifies token and returns its claims, and until when they may be remembered.
func (a *Authority) parse(ctx context.Context, token string) (c Claims, until time.Time, err error) {
	if strings.ContainsAny(token, lineBreaks) {
		return Claims{}, time.Time{}, &Error{Kind: Malformed, Msg: "the token contains line breaks; send it on one line"}
	}
	var wire wireClaims
	var signer *key
	_, err = a.parser.ParseWithClaims(token, &wire, func(t *jwt.Token) (any, error) {
		kid, err := checkHeader(t.Header)
		if err != nil {
			return nil, err
		}
		if signer, err = a.keys.find(ctx, forTokens, kid); err != nil {
			return nil, err
		}
		return signer.public(), nil
	})
	if err != nil {
		return Claims{}, time.Time{}, a.refusal(err, wire)
	}
	if c, err = wire.claims(); err != nil {
		return Claims{}, time.Time{}, err
	}
	until = c.Expires
	if !signer.retires.IsZero() {
		until = earliest(until, signer.retires)
	}
	return c, until, nil
}

// checkHeader returns the key id of a token's header. It ignores where a header says to fetch a key from (jku, jwk,
// x5u, x5c).
func checkHeader(h map[string]any) (kid string, err error) {
	if h["typ"] != tokenType {
		return "", &Error{Kind: Malformed, Msg: "the token is not an access token: its typ must be " + tokenType}
	}
	if _, ok := h["crit"]; ok { // RFC 7515 §4.1.11: what is critical must be understood, and we understand none
		return "", &Error{Kind: Malformed, Msg: "the token has critical header parameters; Granary knows none"}
	}
	kid, ok := h["kid"].(string)
	if !ok {
		return "", &Error{Kind: Malformed, Msg: "the token does not name its key: a kid header is needed"}
	}
	return kid, nil
}

// refusal says why the parser refused a token. The parser's own text is dropped: it quotes what it could not read.
func (a *Authority) refusal(err error, wire wireClaims) error {
	var ours *Error
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return &Error{Kind: Signature, Msg: "the token is not signed as it must be (EdDSA, by a key of this installation), or was altered"}
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return &Error{Kind: Issuer, Msg: "the token was issued for another installation; this one is " + a.cfg.Issuer}
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return &Error{Kind: Audience, Msg: "the token was issued for another service: its aud must be " + audience}
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return &Error{Kind: Malformed, Msg: "the token lacks a claim that it must have: iss, aud, exp and nbf"}
	case errors.Is(err, jwt.ErrTokenExpired):
		return a.stillValid("token", wire.ExpiresAt.Time)
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return &Error{Kind: NotYet, Msg: "the token is not valid yet; compare the clocks of the servers"}
	}
	return &Error{Kind: Malformed, Msg: "the token is not a JWT: three parts of base64url, joined by dots, without padding"}
}

// claims checks what the parser does not.
func (w wireClaims) claims() (Claims, error) {
	lacks := func(what string) (Claims, error) {
		return Claims{}, &Error{Kind: Malformed, Msg: "the token lacks " + what}
	}
	id, err := uuid.Parse(w.ID)
	switch {
	case err != nil || id == uuid.Nil:
		return lacks("a jti, its id: a UUID")
	case w.Subject == "":
		return lacks("a sub, its user's name")
	case w.UserID <= 0:
		return lacks("a uid, its user's number")
	case w.IssuedAt == nil:
		return lacks("an iat, when it was issued")
	}
	verbs, err := w.verbs()
	if err != nil {
		return Claims{}, err
	}
	scope := Scope{Project: w.Project, Root: w.Root, Verbs: verbs}
	if !scope.valid() {
		return Claims{}, errScope
	}
	var parent uuid.UUID
	if w.Parent != "" {
		if parent, err = uuid.Parse(w.Parent); err != nil || parent == uuid.Nil {
			return lacks("a par that is a UUID")
		}
	}
	return Claims{
		ID: id, UserID: w.UserID, User: w.Subject, Scope: scope, Delegation: w.Delegation, Parent: parent, Kept: w.Kept,
		Issued: w.IssuedAt.Time, Expires: w.ExpiresAt.Time,
	}, nil
}

// verbs returns what the token may be used for. An empty list does not mean all: no such token is given out.
func (w wireClaims) verbs() (Verbs, error) {
	switch {
	case w.ReadOnly && w.Ops == nil:
		return Read, nil
	case w.ReadOnly || w.Ops != nil && len(w.Ops) == 0:
		return 0, &Error{Kind: InvalidScope, Msg: "the token does not say what it may be used for: ops must list verbs, and not stand beside ro"}
	}
	return ParseVerbs(w.Ops)
}

// earliest returns the sooner of two times.
func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
