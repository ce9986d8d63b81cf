package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

const (
	// PendingLife is how long somebody may take at the provider.
	PendingLife = 10 * time.Minute

	pendingDomain = "granary/login/v1" // begins what is authenticated, so that nothing else made with the key passes for it
	maxPending    = 4 << 10            // bytes of its text: the most that browsers keep in a cookie
)

// Pending is a login that has begun and continues at an OpenID provider. The browser keeps it meanwhile, so that a
// login that is never finished leaves nothing behind here.
type Pending struct {
	State    string    `json:"s"` // the provider sends it back
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Return   string    `json:"r"` // where to go afterwards
	Expires  time.Time `json:"e"` // set by KeepPending
}

// KeepPending returns p as text for a cookie of the browser that begins the login. It is
//
//	base64url(key (8 bytes) | MAC (32) | JSON)
//
// where MAC is HMAC-SHA256 over the domain and the JSON, with a ticket key. It need not be secret from that browser's
// user; it must only be impossible to forge.
func (a *Authority) KeepPending(ctx context.Context, p Pending) (string, error) {
	p.Expires = a.cfg.Now().Add(PendingLife).UTC()
	body, err := json.Marshal(p)
	if err != nil {
		return "", &Error{Kind: Internal, Msg: "cannot keep a login", Err: err}
	}
	keys, err := a.keys.current(ctx)
	if err != nil {
		return "", err
	}
	k := keys.newest[forTickets]
	b, err := hex.DecodeString(k.kid)
	if err != nil {
		return "", &Error{Kind: Internal, Msg: "cannot keep a login", Err: err}
	}
	b = append(b, k.vouch(body)...)
	return base64.RawURLEncoding.EncodeToString(append(b, body...)), nil
}

// ComesBack fails with Throttled if the provider has refused too many logins that came back from this address: each
// question to the provider takes one of few slots, which others need. failed counts one more refusal.
func (a *Authority) ComesBack(ctx context.Context, state string, from Origin) (failed func(context.Context) error, err error) {
	at, err := a.held(ctx, "provider", state, from.Address)
	return func(ctx context.Context) error { return a.failed(ctx, at) }, err
}

// TakePending returns the login that text keeps, if state is its State, it has not expired, and it has not been taken
// before, on any server. Otherwise it fails with Stale.
func (a *Authority) TakePending(ctx context.Context, text, state string) (Pending, error) {
	stale := &Error{Kind: Stale, Msg: "this sign-in was begun in another browser or window, is over, or has been used; sign in again"}
	if text == "" || len(text) > maxPending || strings.ContainsAny(text, lineBreaks) {
		return Pending{}, stale
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < kidSize+sha256.Size {
		return Pending{}, stale
	}
	kid, mac, body := b[:kidSize], b[kidSize:kidSize+sha256.Size], b[kidSize+sha256.Size:]
	k, err := a.keys.find(ctx, forTickets, hex.EncodeToString(kid))
	if KindOf(err) == Unavailable {
		return Pending{}, err
	}
	if err != nil || !hmac.Equal(mac, k.vouch(body)) {
		return Pending{}, stale
	}
	var p Pending
	if err := json.Unmarshal(body, &p); err != nil {
		return Pending{}, stale
	}
	if subtle.ConstantTimeCompare([]byte(p.State), []byte(state)) != 1 || state == "" || !a.cfg.Now().Before(p.Expires) {
		return Pending{}, stale
	}
	sum := sha256.Sum256([]byte(state))
	tag, err := a.cfg.DB.Exec(ctx, `INSERT INTO logins (state, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING`, sum[:], p.Expires)
	switch {
	case err != nil:
		return Pending{}, unavailable("take a login", err)
	case tag.RowsAffected() == 0:
		return Pending{}, stale
	}
	return p, nil
}

// vouch returns the MAC of a kept login.
func (k *key) vouch(body []byte) []byte {
	h := hmac.New(sha256.New, k.mac)
	h.Write([]byte(pendingDomain))
	h.Write(body)
	return h.Sum(nil)
}

// purgeLogins forgets the states of logins that have expired and so could not be taken again anyhow.
func (a *Authority) purgeLogins(ctx context.Context) error {
	return a.purge(ctx, "forget logins", `DELETE FROM logins WHERE state IN (
		SELECT state FROM logins WHERE expires < `+pastSQL+` LIMIT $2 FOR UPDATE SKIP LOCKED)`, keptFor)
}
