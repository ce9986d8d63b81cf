package auth

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

func TestVerify(t *testing.T) {
	a, h := newAuthority(t)
	for _, r := range []TokenRequest{
		{},
		{Project: 7, Root: 16999, Verbs: Read, TTL: 90 * time.Second},
		{Project: 7, TTL: 30 * 24 * time.Hour, Label: "nightly"},
	} {
		token := issue(t, a, r)
		p, c := verify(t, a, token)
		ttl := r.TTL
		if ttl == 0 {
			ttl = SessionTTL
		}
		scope := Scope{Project: r.Project, Root: r.Root, Verbs: r.Verbs}
		want := Principal{UserID: c.UserID, User: "ada", Groups: []string{"staff"}, Epoch: 1, Scope: scope, Expires: h.clock.now().Add(ttl)}
		if ttl > SessionTTL {
			want.Token = c.ID
		}
		if !samePrincipal(p, want) {
			t.Errorf("%+v: principal %+v; want %+v", r, p, want)
		}
		if c.User != "ada" || c.UserID == 0 || c.ID == uuid.Nil || c.Scope != scope || !c.Issued.Equal(h.clock.now()) || !c.Expires.Equal(want.Expires) {
			t.Errorf("%+v: claims %+v", r, c)
		}
		if again, _ := verify(t, a, token); !samePrincipal(again, want) { // from memory
			t.Errorf("%+v: the second time %+v", r, again)
		}
	}
}

// forgery is a token in the making: a valid one of ada's, until a test changes it.
type forgery struct {
	header map[string]any
	claims map[string]any
	method jwt.SigningMethod
	key    any
}

func forge(t *testing.T, a *Authority, spoil func(*forgery)) string {
	t.Helper()
	k := a.keys.set.Load().newest[forTokens]
	p, err := a.Principal(t.Context(), "ada")
	must(t, err)
	now := a.cfg.Now().Unix()
	f := &forgery{
		header: map[string]any{"typ": tokenType, "kid": k.kid},
		claims: map[string]any{
			"iss": issuer, "aud": "granary", "sub": "ada", "uid": p.UserID, "jti": uuid.NewString(),
			"iat": now, "nbf": now, "exp": now + 600,
		},
		method: jwt.SigningMethodEdDSA,
		key:    k.private,
	}
	spoil(f)
	token := jwt.NewWithClaims(f.method, jwt.MapClaims(f.claims))
	for name, v := range f.header {
		if v == nil {
			delete(token.Header, name)
		} else {
			token.Header[name] = v
		}
	}
	s, err := token.SignedString(f.key)
	must(t, err)
	return s
}

func TestVerifyRefusesForgeries(t *testing.T) {
	a, _ := newAuthority(t)
	_, mallory, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	ours := a.keys.set.Load()
	now := a.cfg.Now().Unix()
	header := func(name string, v any) func(*forgery) { return func(f *forgery) { f.header[name] = v } }
	claim := func(name string, v any) func(*forgery) { return func(f *forgery) { f.claims[name] = v } }
	lack := func(name string) func(*forgery) { return func(f *forgery) { delete(f.claims, name) } }
	for _, tt := range []struct {
		name  string
		spoil func(*forgery)
		want  Kind
	}{
		{"not signed", func(f *forgery) { f.method, f.key = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType }, Signature},
		{"public key as HMAC secret", func(f *forgery) {
			f.method, f.key = jwt.SigningMethodHS256, []byte(ours.newest[forTokens].public())
		}, Signature},
		{"another's key under our kid", func(f *forgery) { f.key = mallory }, Signature},
		{"another's key, brought along", func(f *forgery) {
			f.key = mallory
			f.header["jwk"] = map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(mallory.Public().(ed25519.PublicKey))}
			f.header["jku"], f.header["x5u"] = "https://mallory.test/keys", "https://mallory.test/cert"
		}, Signature},
		{"no typ", header("typ", nil), Malformed},
		{"any JWT", header("typ", "JWT"), Malformed},
		{"ticket's typ", header("typ", "granary-ticket+jwt"), Malformed},
		{"no kid", header("kid", nil), Malformed},
		{"kid not a string", header("kid", 7), Malformed},
		{"unknown kid", header("kid", "0011223344556677"), Signature},
		{"kid of a ticket key", header("kid", ours.newest[forTickets].kid), Signature},
		{"critical extension", header("crit", []string{"b64"}), Malformed},
		{"no iss", lack("iss"), Malformed},
		{"other iss", claim("iss", "elsewhere.test"), Issuer},
		{"no aud", lack("aud"), Malformed},
		{"empty aud", claim("aud", []string{}), Malformed},
		{"other aud", claim("aud", "barn"), Audience},
		{"no exp", lack("exp"), Malformed},
		{"exp over", claim("exp", now-30), Expired},
		{"no nbf", lack("nbf"), Malformed},
		{"nbf to come", claim("nbf", now+31), NotYet},
		{"no iat", lack("iat"), Malformed},
		{"iat to come", claim("iat", now+31), NotYet},
		{"exp not a number", claim("exp", "tomorrow"), Malformed},
		{"no jti", lack("jti"), Malformed},
		{"jti not a UUID", claim("jti", "7"), Malformed},
		{"jti zero", claim("jti", uuid.Nil.String()), Malformed},
		{"no sub", lack("sub"), Malformed},
		{"other's sub", claim("sub", "bob"), UnknownUser},
		{"no uid", lack("uid"), Malformed},
		{"negative uid", claim("uid", -1), Malformed},
		{"unknown uid", claim("uid", 999999), UnknownUser},
		{"unknown verb", claim("ops", []string{"read", "fly"}), InvalidScope},
		{"verb in capitals", claim("ops", []string{"READ"}), InvalidScope},
		{"no verb of none", claim("ops", []string{}), InvalidScope},
		{"verbs beside the old form", func(f *forgery) { f.claims["ro"], f.claims["ops"] = true, []string{"write"} }, InvalidScope},
		{"verbs not a list", claim("ops", "read"), Malformed},
		{"negative prj", claim("prj", -1), InvalidScope},
		{"negative root", func(f *forgery) { f.claims["prj"], f.claims["root"] = 1, -1 }, InvalidScope},
		{"root without prj", claim("root", 16999), InvalidScope},
		{"long without a row", claim("exp", now+int64(SessionTTL/time.Second)+1), Revoked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			token := forge(t, a, tt.spoil)
			_, _, err := a.Verify(t.Context(), token)
			refused(t, err, tt.want, strings.Split(token, ".")...)
		})
	}
}

func TestVerifyAcceptsUnusualTokens(t *testing.T) {
	a, _ := newAuthority(t)
	now := a.cfg.Now().Unix()
	for name, spoil := range map[string]func(*forgery){
		"nothing spoiled":      func(*forgery) {},
		"one of several aud":   func(f *forgery) { f.claims["aud"] = []string{"barn", "granary"} },
		"where to find keys":   func(f *forgery) { f.header["jku"] = "https://elsewhere.test/keys" },
		"unknown claims":       func(f *forgery) { f.claims["colour"] = "blue" },
		"clocks apart":         func(f *forgery) { f.claims["iat"], f.claims["nbf"] = now+29, now+29 },
		"over within leeway":   func(f *forgery) { f.claims["exp"] = now - 29 },
		"a session to the end": func(f *forgery) { f.claims["exp"] = now + int64(SessionTTL/time.Second) },
	} {
		t.Run(name, func(t *testing.T) { verify(t, a, forge(t, a, spoil)) })
	}
}

func TestVerifyRefusesBadText(t *testing.T) {
	a, _ := newAuthority(t)
	good := issue(t, a, TokenRequest{})
	parts := strings.Split(good, ".")
	payload := map[string]any{}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(t, err)
	must(t, json.Unmarshal(raw, &payload))
	payload["sub"] = "root"
	altered, err := json.Marshal(payload)
	must(t, err)
	tests := map[string]struct {
		text string
		want Kind
	}{
		"nothing":           {"", Missing},
		"too long":          {strings.Repeat("x", maxToken+1), Malformed},
		"good but too long": {good + strings.Repeat("A", maxToken), Malformed},
		"one part":          {parts[0], Malformed},
		"two parts":         {parts[0] + "." + parts[1], Malformed},
		"four parts":        {good + "." + parts[2], Malformed},
		"no signature":      {parts[0] + "." + parts[1] + ".", Signature},
		"padded":            {good + "==", Malformed},
		"line break":        {good[:len(good)-3] + "\n" + good[len(good)-3:], Malformed},
		"carriage return":   {good + "\r", Malformed},
		"space":             {" " + good, Malformed},
		"standard alphabet": {parts[0] + "." + parts[1] + "." + strings.NewReplacer("-", "+", "_", "/").Replace(parts[2]) + "+/", Malformed},
		"payload altered":   {parts[0] + "." + base64.RawURLEncoding.EncodeToString(altered) + "." + parts[2], Signature},
		"header swapped":    {base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"granary-access+jwt"}`)) + "." + parts[1] + "." + parts[2], Signature},
		"payload not JSON":  {parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`hello, world`)) + "." + parts[2], Malformed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := a.Verify(t.Context(), tt.text)
			refused(t, err, tt.want, strings.Split(tt.text, ".")...)
		})
	}

	// The last character of a signature carries two bits of the signature, and four that must be zero.
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	accepted := 0
	for _, last := range alphabet {
		if _, _, err := a.Verify(t.Context(), good[:len(good)-1]+string(last)); err == nil {
			accepted++
		}
	}
	if accepted != 1 {
		t.Errorf("%d spellings of one token accepted; want 1", accepted)
	}
}

func TestVerifyTimes(t *testing.T) {
	a, h := newAuthority(t)
	token := issue(t, a, TokenRequest{TTL: 10 * time.Minute})
	verify(t, a, token)

	h.clock.advance(-31 * time.Second)
	_, _, err := h.server().Verify(t.Context(), token)
	refused(t, err, NotYet, token)
	h.clock.advance(31 * time.Second)

	h.clock.advance(10*time.Minute - time.Second)
	verify(t, a, token) // which remembers it, for only a second
	h.clock.advance(time.Second + leeway - time.Second)
	verify(t, a, token)
	h.clock.advance(time.Second)
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, Expired, token)
	if !strings.Contains(err.Error(), "2026-03-01T12:10:00Z") {
		t.Errorf("the error does not say when the token expired: %v", err)
	}
}

func TestLongTokenNeedsItsRow(t *testing.T) {
	a, h := newAuthority(t)
	must(t, a.AddUser(t.Context(), User{Name: "eve"}))
	for name, tt := range map[string]struct {
		spoil string
		want  Kind
	}{
		"revoked":         {`UPDATE tokens SET revoked = now() WHERE jti = $1`, Revoked},
		"row gone":        {`DELETE FROM tokens WHERE jti = $1`, Revoked},
		"row of another":  {`UPDATE tokens SET user_id = (SELECT id FROM users WHERE name = 'eve') WHERE jti = $1`, Revoked},
		"row ends sooner": {`UPDATE tokens SET expires = '2026-03-01T11:59:30Z' WHERE jti = $1`, Expired},
	} {
		t.Run(name, func(t *testing.T) {
			long := issue(t, a, TokenRequest{TTL: SessionTTL + time.Second})
			p, c := verify(t, a, long)
			h.exec(tt.spoil, c.ID)
			_, _, err := a.Verify(t.Context(), long)
			refused(t, err, tt.want, long)
			_, err = a.Refresh(t.Context(), p)
			refused(t, err, tt.want)
		})
	}
	session := issue(t, a, TokenRequest{TTL: SessionTTL})
	h.exec(`DELETE FROM tokens`)
	verify(t, a, session)
}

func TestVerifyIsLive(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	token := issue(t, a, TokenRequest{})
	p, _ := verify(t, a, token)

	must(t, other.SetGroups(t.Context(), "ada", []string{"crew", Supergroup}))
	fresh, _ := verify(t, a, token)
	if fmt.Sprint(fresh.Groups) != "[crew supergroup]" || !fresh.Superuser || fresh.Epoch != p.Epoch+1 {
		t.Errorf("after a change of groups: %+v", fresh)
	}
	must(t, other.Disable(t.Context(), "ada"))
	_, _, err := a.Verify(t.Context(), token)
	refused(t, err, Disabled, token)
	_, err = a.Issue(t.Context(), TokenRequest{User: "ada"})
	refused(t, err, Disabled)
	must(t, other.Enable(t.Context(), "ada"))
	verify(t, a, token)

	h.exec(`DELETE FROM users`)
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, UnknownUser, token)
}

func TestRecallIsOnlyAHint(t *testing.T) {
	a, h := newAuthority(t, recall(time.Minute))
	other := h.server()
	token := issue(t, a, TokenRequest{TTL: 48 * time.Hour})
	p, c := verify(t, a, token)
	must(t, other.RevokeToken(t.Context(), c.ID))

	stale, _ := verify(t, a, token)
	if !samePrincipal(stale, p) {
		t.Errorf("from memory: %+v; want %+v", stale, p)
	}
	live, err := other.Principal(t.Context(), "ada")
	must(t, err)
	if live.Epoch == stale.Epoch {
		t.Error("the revocation left the epoch, so nobody can tell that the principal is stale")
	}
	_, err = a.Refresh(t.Context(), stale)
	refused(t, err, Revoked)
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, Revoked, token) // Refresh corrected the cache

	again := issue(t, a, TokenRequest{})
	verify(t, a, again)
	must(t, second(a.Principal(t.Context(), "ada")))
	must(t, other.Disable(t.Context(), "ada"))
	verify(t, a, again)
	_, err = a.Issue(t.Context(), TokenRequest{User: "ada"})
	refused(t, err, Disabled)
	h.clock.advance(time.Minute)
	_, _, err = a.Verify(t.Context(), again)
	refused(t, err, Disabled, again)

	must(t, a.Enable(t.Context(), "ada"))
	verify(t, a, again)
	must(t, a.Disable(t.Context(), "ada")) // one's own changes are seen at once
	_, _, err = a.Verify(t.Context(), again)
	refused(t, err, Disabled, again)
}

func TestRememberedGroupsAreNotShared(t *testing.T) {
	a, _ := newAuthority(t, recall(time.Minute))
	token := issue(t, a, TokenRequest{})
	p, _ := verify(t, a, token)
	p.Groups[0] = Supergroup
	if p, _ := verify(t, a, token); p.Groups[0] != "staff" || p.Superuser {
		t.Errorf("a caller changed what is remembered: %+v", p)
	}
}

func TestIssueBounds(t *testing.T) {
	a, _ := newAuthority(t, func(c *Config) { c.MaxTTL = 24 * time.Hour })
	for name, tt := range map[string]struct {
		r    TokenRequest
		want Kind
	}{
		"no time":           {TokenRequest{User: "ada", TTL: time.Second - 1}, Invalid},
		"negative":          {TokenRequest{User: "ada", TTL: -time.Hour}, Invalid},
		"too long":          {TokenRequest{User: "ada", TTL: 24*time.Hour + 1}, Invalid},
		"root, no project":  {TokenRequest{User: "ada", Root: 16999}, InvalidScope},
		"negative project":  {TokenRequest{User: "ada", Project: -1}, InvalidScope},
		"long label":        {TokenRequest{User: "ada", Label: strings.Repeat("x", maxLabel+1)}, Invalid},
		"label not UTF-8":   {TokenRequest{User: "ada", Label: "\xff"}, Invalid},
		"unknown user":      {TokenRequest{User: "bob"}, UnknownUser},
		"impossible user":   {TokenRequest{User: "a:b"}, InvalidName},
		"no user":           {TokenRequest{}, InvalidName},
		"PostgreSQL's bane": {TokenRequest{User: "a\x00b"}, InvalidName},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Issue(t.Context(), tt.r)
			refused(t, err, tt.want)
		})
	}
}

func TestTokensListAndRevoke(t *testing.T) {
	a, h := newAuthority(t)
	h.clock.advance(300 * time.Millisecond) // a token's times are whole seconds, and so those of its row must be
	long := issue(t, a, TokenRequest{TTL: 48*time.Hour + 400*time.Millisecond, Label: "nightly", Project: 3, Root: 17000, Verbs: Read})
	other := issue(t, a, TokenRequest{TTL: 24 * time.Hour})
	session := issue(t, a, TokenRequest{})
	_, c := verify(t, a, long)
	_, sc := verify(t, a, session)

	revoked := h.clock.now()
	must(t, a.RevokeToken(t.Context(), c.ID))
	h.clock.advance(time.Minute)
	must(t, a.RevokeToken(t.Context(), c.ID))
	_, _, err := a.Verify(t.Context(), long)
	refused(t, err, Revoked, long)
	verify(t, a, other)
	refused(t, a.RevokeToken(t.Context(), sc.ID), UnknownToken)

	tokens, err := a.Tokens(t.Context(), "ada", TokenQuery{})
	must(t, err)
	if len(tokens) != 2 {
		t.Fatalf("%d tokens listed; want the two that have rows", len(tokens))
	}
	for _, tok := range tokens {
		if tok.ID != c.ID {
			if !tok.Revoked.IsZero() || !tok.Scope.IsZero() {
				t.Errorf("the other token: %+v", tok)
			}
			continue
		}
		if tok.User != "ada" || tok.Label != "nightly" || tok.Scope != c.Scope || !tok.Expires.Equal(c.Expires) ||
			!tok.Created.Equal(c.Issued) || !tok.Revoked.Equal(revoked) {
			t.Errorf("the revoked token: %+v", tok)
		}
	}
	h.clock.advance(24 * time.Hour)
	if tokens, err = a.Tokens(t.Context(), "ada", TokenQuery{}); err != nil || len(tokens) != 1 {
		t.Errorf("after a day: %d tokens, %v; want 1", len(tokens), err)
	}
}

// TestNothingIsLogged passes a canary to everything that refuses, also when the database is gone.
func TestNothingIsLogged(t *testing.T) {
	var out bytes.Buffer
	was, wasOut := slog.Default(), log.Writer()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug - 8})))
	log.SetOutput(&out)
	defer func() {
		slog.SetDefault(was)
		log.SetOutput(wasOut)
	}()

	a, h := newAuthority(t, simple)
	token := issue(t, a, TokenRequest{TTL: 48 * time.Hour})
	p, c := verify(t, a, token)
	ticket := a.Ticket(p, Ticket{Op: "OPEN", Path: "/canary"})
	h.exec(`UPDATE users SET password = 'garbage'`)
	const password = "canary-in-the-mine"
	try := func() (errs []error) {
		_, _, err := a.Verify(t.Context(), token)
		errs = append(errs, err)
		_, err = a.VerifyTicket(t.Context(), ticket, "OPEN", "/canary")
		errs = append(errs, err, checkPassword(t.Context(), a, "ada", password))
		errs = append(errs, a.AddUser(t.Context(), User{Name: "ada", Password: password}))
		_, err = a.Simple(t.Context(), token) // pasted into the wrong field
		return append(errs, err)
	}
	must(t, a.RevokeToken(t.Context(), c.ID))
	errs := try()
	h.db.Close()
	errs = append(errs, try()...)
	for i, err := range errs {
		if err == nil {
			t.Errorf("attempt %d passed", i)
			continue
		}
		for _, secret := range append(strings.Split(token, "."), ticket, password) {
			if shown := leak(err, secret); shown != "" {
				t.Errorf("an error shows %q: %v", shown, err)
			}
		}
	}
	if out.Len() > 0 {
		t.Errorf("logged: %s", out.String())
	}
}
