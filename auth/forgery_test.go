package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

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
