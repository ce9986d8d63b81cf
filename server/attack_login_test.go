package server

import (
	"bytes"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"granary/auth"
)

// Known attacks on signing in with an OpenID provider, one test each. The last words of each comment name the defence without which
// the test fails.

// changed returns an address with one parameter changed, or added.
func changed(t *testing.T, address, name, value string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// Somebody is made to finish a login that another began, and then works in the other's account; or the reverse. The state, and the
// cookie that binds it to a browser. TakePending.
func TestAttackLoginState(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	mallory, victim := h.browser(), h.browser()
	his := p.consent(mallory.begin(), claims{"sub": "666", "preferred_username": "mallory"})
	victim.get(his).want(t, 403, "has not begun to sign in")
	hers := p.consent(victim.begin(), claims{})
	victim.get(his).want(t, 403, "another browser")
	mallory.get(hers).want(t, 403, "another browser")
	for _, state := range []string{"", "guessed"} {
		victim.get(changed(t, hers, "state", state)).want(t, 403, "another browser")
	}
	victim.get(hers+"&state=twice").want(t, 400, "twice")
	victim.me("")
	victim.get(hers).want(t, 303, "")
	victim.me("carol")
}

// A cookie that the attacker made up or altered. Its MAC. TakePending.
func TestAttackLoginCookie(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	hers := p.consent(b.begin(), claims{})
	cookie := b.client.Jar.Cookies(&url.URL{Scheme: "https", Host: "granary.example.org", Path: "/"})[0]
	if cookie.Name != secureCookie+loginCookie {
		t.Fatalf("%+v", cookie)
	}
	stranger := h.browser()
	for name, value := range map[string]string{
		"cut":       cookie.Value[:len(cookie.Value)-8],
		"altered":   cookie.Value[:80] + "A" + cookie.Value[81:],
		"other key": "AAAAAAAA" + cookie.Value[8:],
		"nothing":   "",
		"elsewhere": forged(t, cookie.Value),
	} {
		if a := stranger.get(hers, named(cookie.Name, value)); a.StatusCode != 403 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	stranger.get(hers, named(cookie.Name, cookie.Value), named(cookie.Name, cookie.Value)).want(t, 403, "has not begun")
	stranger.get(hers, named(cookie.Name, cookie.Value)).want(t, 303, "")
}

// forged returns a kept login that was changed to lead elsewhere afterwards.
func forged(t *testing.T, kept string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(kept)
	must(t, err)
	changed := bytes.Replace(b, []byte(`"r":"/"`), []byte(`"r":"/docs/"`), 1)
	if bytes.Equal(b, changed) {
		t.Fatalf("a kept login is %q", b)
	}
	return base64.RawURLEncoding.EncodeToString(changed)
}

// The callback's address, out of a browser's history or a log, is used again, here or on another server. It works once. TakePending.
func TestAttackLoginReplayed(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	back := p.consent(b.begin(), claims{})
	cookie := b.client.Jar.Cookies(&url.URL{Scheme: "https", Host: "granary.example.org", Path: "/"})[0]
	kept := maps.Clone(p.grants)
	b.get(back).want(t, 303, "")
	for _, at := range []*house{h, h.nextDoor()} {
		p.set(func() { p.grants = maps.Clone(kept) }) // as if the provider accepted a code twice
		at.browser().get(back, named(cookie.Name, cookie.Value)).want(t, 403, "has been used")
	}
	b.get(back).want(t, 403, "has not begun")
}

// An ID token that was issued for another login. The nonce. Provider.claims.
func TestAttackLoginNonce(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	for _, nonce := range []any{"of another login", "", nil} {
		b.signIn(p, claims{"nonce": nonce}).want(t, 403, "does not hold")
	}
	b.me("")
}

// The overheard code of somebody else is used in one's own login. By the PKCE verifier, the provider knows who began the login.
// Provider.Begin, Provider.Finish.
func TestAttackLoginCode(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	mallory, victim := h.browser(), h.browser()
	hers, err := url.Parse(p.consent(victim.begin(), claims{}))
	must(t, err)
	his := p.consent(mallory.begin(), claims{"sub": "666", "preferred_username": "mallory"})
	mallory.get(changed(t, his, "code", hers.Query().Get("code"))).want(t, 403, "does not hold")
	if v := p.asked.Get("code_verifier"); len(v) < 43 {
		t.Errorf("the verifier is %q", v)
	}
	if !strings.Contains(h.log.String(), "the token endpoint answered 400 invalid_grant") { // otherwise the nonce refused it
		t.Errorf("the provider gave out a token: %s", h.log)
	}
	mallory.me("")
}

// Hundreds of made-up codes, about each of which the server asks the provider while others wait. The address has a limit.
// ComesBack.
func TestAttackLoginFlood(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	const most = 60
	for range most {
		a := b.get(changed(t, p.consent(b.begin(), claims{}), "code", "made up"))
		if a.StatusCode == http.StatusTooManyRequests && a.Header.Get("Retry-After") != "" {
			return
		}
		a.want(t, 403, "does not hold")
	}
	t.Errorf("the provider was asked about %d codes that were made up", most)
}

// ID tokens that were issued by another provider, for another client, or long ago. Issuer, audience, authorized party, expiry and
// subject; the verifier, and Provider.claims.
func TestAttackLoginForeignToken(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	for name, c := range map[string]claims{
		"audience":             {"aud": "another"},
		"audience, for us":     {"aud": "another", "azp": clientID},
		"no audience":          {"aud": nil},
		"issuer":               {"iss": "https://login.example.org"},
		"no issuer":            {"iss": nil},
		"several, for another": {"aud": []string{clientID, "another"}, "azp": "another"},
		"several":              {"aud": []string{clientID, "another"}},
		"party":                {"azp": "another"},
		"expired":              {"exp": time.Now().Add(-time.Minute).Unix()},
		"endless":              {"exp": nil},
		"not yet":              {"nbf": time.Now().Add(time.Hour).Unix()},
		"no subject":           {"sub": ""},
		"of another access":    {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
	} {
		if a := b.signIn(p, c); a.StatusCode != 403 || !strings.Contains(a.body, "does not hold") {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	b.get(changed(t, p.consent(b.begin(), claims{}), "iss", "https://login.example.org")).want(t, 403, "does not hold")
	b.me("")
	b.signIn(p, claims{"aud": []string{clientID, "another"}, "azp": clientID}).want(t, 303, "")
}

// CVE-2026-33322: an ID token that is signed with the client's secret, or with the public key as a shared secret, or not at all. The
// list of algorithms, whatever the provider publishes. Provider.discover.
func TestAttackLoginAlgorithm(t *testing.T) {
	for _, published := range [][]string{{"RS256"}, {"RS256", "HS256", "none"}} {
		h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
		p.algorithms = published
		b := h.browser()
		stranger := newProvider(t)
		stranger.rotate()
		for name, forge := range map[string]func(claims) string{
			"the client's secret": shared("shared", []byte(clientSecret)),
			"the public key":      shared(p.kid(), p.key.N.Bytes()),
			"none":                func(c claims) string { return unsigned(claims{"alg": "none"}, c) + "." },
			"none, with a key":    func(c claims) string { return unsigned(claims{"alg": "None", "kid": p.kid()}, c) + "." },
			"altered": func(c claims) string {
				parts := strings.Split(p.sign(c), ".")
				c["sub"] = "1"
				return unsigned(claims{"alg": "RS256", "kid": p.kid()}, c) + "." + parts[2]
			},
			"a stranger's key": stranger.sign,
		} {
			p.set(func() { p.forge = forge })
			if a := b.signIn(p, claims{}); a.StatusCode != 403 || !strings.Contains(a.body, "does not hold") {
				t.Errorf("%v, %s: %d %s", published, name, a.StatusCode, a.body)
			}
		}
		b.me("")
	}
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	p.algorithms = []string{"HS256", "none"}
	h.browser().get(oidcLogin).want(t, 503, "cannot be asked")
}

// A link to the real server that leads elsewhere once the user has signed in. ownPath.
func TestAttackLoginReturn(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	for _, to := range []string{
		"https://evil.example/", "//evil.example", `/\evil.example`, `\/evil.example`, "/\t/evil.example", "javascript:alert(1)", "evil.example",
		"/a\r\nSet-Cookie: x=y", "/\x00", "https:evil.example", "///evil.example", " /", "@evil.example",
		"/" + strings.Repeat("x", maxReturn),
	} {
		a := b.get(oidcLogin + "?return=" + url.QueryEscape(to))
		if a.StatusCode != 400 || a.Header.Get("Location") != "" {
			t.Errorf("%q: %d, sent on to %s", to, a.StatusCode, a.Header.Get("Location"))
		}
	}
	// Nor does the host that the request names lead anywhere.
	a := b.get(p.consent(b.begin(), claims{}), func(r *http.Request) { r.Header.Set("X-Forwarded-Host", "evil.example") })
	if to := a.Header.Get("Location"); to != publicURL+"/" {
		t.Errorf("sent on to %s", to)
	}
}

// Somebody takes a name at the provider that belongs to another user here. Users are known by issuer and subject. linkedUser.
func TestAttackLoginName(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "POST", "/projects/maps/service-accounts", `{"name":"svc-robot","role":"scientist"}`, 201, nil)
	b := h.browser()
	for _, name := range []string{"ada", "Ada", "root", "Root", "r00t", "bob", "svc-robot"} {
		b.signIn(p, claims{"preferred_username": name, "email": "ada@example.org", "email_verified": true}).want(t, 403, "an administrator can link you")
	}
	b.me("")
	b.signIn(p, claims{"email": "ada@example.org", "email_verified": true}).want(t, 303, "")
	b.me("carol")
	h.browser().signIn(p, claims{"sub": "1002", "email": "ada@example.org"}).want(t, 403, "an administrator can link you")
	refused := h.auth.LinkUser(t.Context(), "svc-robot", p.server.URL, "1003")
	if auth.KindOf(refused) != auth.Invalid {
		t.Errorf("a service account is linked: %v", refused)
	}
	if taken := h.auth.LinkUser(t.Context(), "ada", p.server.URL, "1001"); auth.KindOf(taken) != auth.Exists {
		t.Errorf("carol's identity is linked to ada: %v", taken)
	}
}

// Somebody takes the name of the superuser, who needs no row to have all rights. linkedUser.
func TestAttackLoginSuperuser(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	h.exec(`DELETE FROM users WHERE name = 'root'`)
	b := h.browser()
	b.signIn(p, claims{"preferred_username": "root"}).want(t, 403, "an administrator can link you")
	b.me("")
}

// A provider that sends the superusers' group, or any group that it is not trusted with. IdentityRules.
func TestAttackLoginGroup(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true, Groups: map[string][]string{"eng": {"gpu"}}})
	b := h.browser()
	b.signIn(p, claims{"groups": []string{auth.Supergroup, "staff", "admin", "ENG", "eng "}}).want(t, 303, "")
	b.me("carol").want(t, 200, `"groups":[],"superuser":false`)
	for _, rules := range []auth.IdentityRules{{Groups: map[string][]string{"eng": {auth.Supergroup}}}, {Groups: map[string][]string{"eng": {"a:b"}}}} {
		if _, err := h.tryAuthority(func(c *auth.Config) { c.Identities = rules }); err == nil {
			t.Errorf("%v is accepted", rules)
		}
	}
	// Not even if somebody changed the row.
	h.exec(`UPDATE users SET mapped = '{supergroup}', epoch = epoch + 1 WHERE name = 'carol'`)
	b.me("carol").want(t, 200, `"superuser":false`)
}

// Somebody who is disabled here signs in at the provider. LoginIdentity.
func TestAttackLoginDisabled(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	b.signIn(p, claims{}).want(t, 303, "")
	must(t, h.auth.Disable(t.Context(), "carol"))
	b.me("")
	b.signIn(p, claims{}).want(t, 403, "is disabled")
	must(t, h.auth.Enable(t.Context(), "carol"))
	b.me("")
}

// Words of the provider, or of somebody who forges its answers, that run on our page or get into our log. Code, cause, redact, the page.
func TestAttackLoginWords(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	back := publicURL + OIDCCallback + "?error=<script>alert(1)</script>&error_description=<script>&state="
	state := func() string {
		u, err := url.Parse(b.begin())
		must(t, err)
		return u.Query().Get("state")
	}
	for _, a := range []answer{
		b.get(back+"forged", asPage), b.get(back+state(), asPage), b.get(OIDCCallback+"?%3Cscript%3E=1&%3Cscript%3E=2", asPage),
		b.signIn(p, claims{"preferred_username": "<script>alert(1)</script>"}, asPage),
		b.signIn(p, claims{"sub": "<script>alert(1)</script>", "preferred_username": "ada"}, asPage),
	} {
		if a.StatusCode < 400 || strings.Contains(a.body, "<script") || !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%d %v %s", a.StatusCode, a.Header, a.body)
		}
	}
	if a := b.get(back + state()); a.StatusCode != 403 || strings.Contains(a.body, "script") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	b.get(publicURL+OIDCCallback+"?error=access_denied&state="+state()).want(t, 403, "let you sign in: access_denied")

	log, secrets := h.log, []string{"secret words", clientSecret, "an access token"}
	good := p.consent(b.begin(), claims{})
	u, err := url.Parse(good)
	must(t, err)
	b.get(good).want(t, 303, "")
	b.get(changed(t, p.consent(b.begin(), claims{}), "code", "another"), asPage).want(t, 403, "does not hold")
	secrets = append(secrets, u.Query().Get("code"), u.Query().Get("state"), p.asked.Get("code_verifier"))
	for _, secret := range secrets {
		if secret == "" || strings.Contains(log.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if !strings.Contains(log.String(), "the token endpoint answered 400 invalid_grant") {
		t.Errorf("the log does not say why: %s", log)
	}
}
