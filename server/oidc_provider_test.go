package server

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"granary/auth"
	"granary/server/oidc"
)

// claims are the claims of an ID token.
type claims map[string]any

// provider is an OpenID provider that does what a test demands, right or wrong. Real ones are tested in e2e.
type provider struct {
	t      testing.TB
	server *httptest.Server

	mu         sync.Mutex
	key        *rsa.PrivateKey
	algorithms []string
	down       bool
	away       string           // the path of the only endpoint that is down
	grants     map[string]grant // by code
	forge      func(c claims) string
	userinfo   claims
	asked      url.Values // the form of the last request to the token endpoint
}

// grant is what a code can be exchanged for.
type grant struct {
	challenge string
	claims    claims
}

const (
	clientID     = "granary"
	clientSecret = "the secret of the client"
	publicURL    = "https://granary.example.org"
)

func newProvider(t testing.TB) *provider {
	t.Helper()
	p := &provider{t: t, key: firstKey(), algorithms: []string{"RS256"}, grants: map[string]grant{}, userinfo: claims{"sub": "1001"}}
	p.forge = p.sign
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.answer(func(*http.Request) (int, any) {
		at := p.server.URL
		return 200, map[string]any{
			"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/jwks",
			"userinfo_endpoint": at + "/userinfo", "id_token_signing_alg_values_supported": p.algorithms,
		}
	}))
	mux.HandleFunc("GET /jwks", p.answer(func(*http.Request) (int, any) {
		keys := []any{map[string]any{
			"kty": "RSA", "use": "sig", "kid": p.kid(), "n": b64(p.key.N.Bytes()), "e": b64(big.NewInt(int64(p.key.E)).Bytes()),
		}, map[string]any{"kty": "oct", "kid": "shared", "k": b64([]byte(clientSecret))}}
		return 200, map[string]any{"keys": keys}
	}))
	mux.HandleFunc("GET /userinfo", p.answer(func(*http.Request) (int, any) { return 200, p.userinfo }))
	mux.HandleFunc("POST /token", p.answer(p.token))
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

// answer makes a handler that writes what f returns as JSON.
func (p *provider) answer(f func(*http.Request) (int, any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		status, body := 503, any("secret words of a broken server")
		if !p.down && r.URL.Path != p.away {
			status, body = f(r)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
}

// token exchanges a code for an ID token, once, if the client's verifier matches.
func (p *provider) token(r *http.Request) (int, any) {
	_ = r.ParseForm()
	p.asked = r.PostForm
	id, secret, _ := r.BasicAuth()
	secret, _ = url.QueryUnescape(secret)
	g, ok := p.grants[r.PostForm.Get("code")]
	delete(p.grants, r.PostForm.Get("code"))
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	switch {
	case id != clientID || secret != clientSecret:
		return 401, map[string]string{"error": "invalid_client"}
	case !ok || g.challenge != b64(sum[:]) || r.PostForm.Get("redirect_uri") != publicURL+OIDCCallback:
		return 400, map[string]string{"error": "invalid_grant", "error_description": "secret words of the provider"}
	}
	return 200, map[string]any{"access_token": "an access token", "token_type": "Bearer", "id_token": p.forge(g.claims)}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (p *provider) kid() string {
	sum := sha256.Sum256(p.key.N.Bytes())
	return b64(sum[:8])
}

// firstKey is the first key of all providers, shared because making one takes a while.
var firstKey = sync.OnceValue(newKey)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// rotate replaces the key.
func (p *provider) rotate() {
	key := newKey()
	p.set(func() { p.key = key })
}

// set changes the provider.
func (p *provider) set(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// unsigned returns the text that is to be signed.
func unsigned(header, c claims) string {
	h, _ := json.Marshal(header)
	body, _ := json.Marshal(c)
	return b64(h) + "." + b64(body)
}

// sign returns a correctly signed ID token.
func (p *provider) sign(c claims) string {
	text := unsigned(claims{"alg": "RS256", "kid": p.kid()}, c)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	must(p.t, err)
	return text + "." + b64(signature)
}

// shared returns a function that makes ID tokens signed with a shared secret.
func shared(kid string, secret []byte) func(claims) string {
	return func(c claims) string {
		text := unsigned(claims{"alg": "HS256", "kid": kid}, c)
		h := hmac.New(sha256.New, secret)
		h.Write([]byte(text))
		return text + "." + b64(h.Sum(nil))
	}
}

// consent makes a code for the user whom more describes, as if a browser had been sent to the address asked, and returns the
// address to which the browser is sent back.
func (p *provider) consent(asked string, more claims) string {
	p.t.Helper()
	u, err := url.Parse(asked)
	must(p.t, err)
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" || q.Get("scope") != "openid profile" || q.Get("client_id") != clientID {
		p.t.Fatalf("the provider is asked %v", q)
	}
	code := rand.Text()
	c := claims{
		"iss": p.server.URL, "aud": clientID, "sub": "1001", "nonce": q.Get("nonce"), "preferred_username": "carol",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "groups": []string{},
	}
	maps.Copy(c, more)
	maps.DeleteFunc(c, func(_ string, value any) bool { return value == nil })
	p.set(func() { p.grants[code] = grant{q.Get("code_challenge"), c} })
	return q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.server.URL}}.Encode()
}

// newSignInHouse returns a server behind a TLS proxy at which people sign in with a provider.
func newSignInHouse(t testing.TB, rules auth.IdentityRules) (*house, *provider) {
	t.Helper()
	p := newProvider(t)
	client, err := oidc.New(oidc.Config{
		Issuer: p.server.URL, ClientID: clientID, ClientSecret: clientSecret, Redirect: publicURL + OIDCCallback,
		Scopes: []string{"profile"}, NameClaim: "preferred_username", GroupsClaim: "groups",
	})
	must(t, err)
	h := newHouse(t)
	h.identities = rules
	h.options = append(h.options, func(c *Config) { c.PublicURL, c.OIDC = publicURL, client })
	return h.nextDoor(), p
}

// browser keeps cookies, as for the public address, and goes only where it is told.
type browser struct {
	h      *house
	client *http.Client
}

// through sends requests for the public address to a server.
type through struct{ to *url.URL }

func (d through) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host, r.URL.Scheme, r.URL.Host = r.URL.Host, d.to.Scheme, d.to.Host
	return http.DefaultTransport.RoundTrip(r)
}

func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	must(h.t, err)
	to, err := url.Parse(h.url)
	must(h.t, err)
	return &browser{h, &http.Client{
		Jar: jar, Transport: through{to}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// get requests an address, or a path of the server.
func (b *browser) get(address string, options ...func(*http.Request)) answer {
	b.h.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = publicURL + address
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodGet, address, nil)
	must(b.h.t, err)
	for _, o := range options {
		o(r)
	}
	response, err := b.client.Do(r)
	must(b.h.t, err)
	return read(b.h.t, response)
}

// begin begins to sign in, and returns the address to which the browser is sent.
func (b *browser) begin() string {
	b.h.t.Helper()
	a := b.get(oidcLogin)
	a.want(b.h.t, 303, "")
	return a.Header.Get("Location")
}

// signIn signs in the person whom c describes, and returns the answer to the callback.
func (b *browser) signIn(p *provider, c claims, options ...func(*http.Request)) answer {
	b.h.t.Helper()
	return b.get(p.consent(b.begin(), c), options...)
}

// me demands that the browser be signed in as name or, if that is "", not at all.
func (b *browser) me(name string) answer {
	b.h.t.Helper()
	a := b.get(restPrefix + "/users/me")
	if name == "" {
		a.want(b.h.t, 401, "")
	} else {
		a.want(b.h.t, 200, `"name":"`+name+`"`)
	}
	return a
}
