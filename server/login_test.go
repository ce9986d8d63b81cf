package server

import (
	"strings"
	"testing"

	"granary/auth"
)

// asPage asks for a page, as browsers do.
var asPage = header("Accept", "text/html,application/xhtml+xml")

// TestLogin signs a user in for the first time, then again with other groups, and out.
func TestLogin(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true, Groups: map[string][]string{"eng": {"staff", "gpu"}, "ops": {"gpu"}}})
	b := h.browser()
	a := b.get(p.consent(b.get(oidcLogin+"?return=%2Fdocs%2F%3Fq%3D1").Header.Get("Location"), claims{"groups": []string{"eng", "cooks"}}))
	a.want(t, 303, "")
	if to := a.Header.Get("Location"); to != publicURL+"/docs/?q=1" {
		t.Errorf("sent on to %s", to)
	}
	for _, c := range a.Cookies() {
		if !strings.HasPrefix(c.Name, securePrefix) || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != 2 {
			t.Errorf("a cookie is %+v", c)
		}
	}
	b.me("carol").want(t, 200, `"groups":["gpu","staff"],"superuser":false`)

	// Changed groups hold at once on another server, which has cached the user, and also for a token.
	must(t, h.auth.SetGroups(t.Context(), "carol", []string{"own"}))
	next := h.nextDoor()
	token := h.personal("carol")
	const me = restPrefix + "/users/me"
	next.do("GET", me, "", bearer(token)).want(t, 200, `"groups":["own","gpu","staff"]`)
	h.do("PUT", "/webhdfs/v1/d?op=MKDIRS&permission=750", "", h.as("root")).want(t, 200, "")
	h.do("PUT", "/webhdfs/v1/d?op=SETOWNER&group=staff", "", h.as("root")).want(t, 200, "")
	const list = "/webhdfs/v1/d?op=LISTSTATUS"
	next.do("GET", list, "", bearer(token)).want(t, 200, "")
	other := h.browser()
	other.signIn(p, claims{"groups": "ops"}).want(t, 303, "")
	next.do("GET", list, "", bearer(token)).want(t, 403, "")
	next.do("GET", me, "", bearer(token)).want(t, 200, `"groups":["own","gpu"]`)

	b.get(restPrefix+"/sessions").want(t, 200, `"current":true`)
	must(t, h.auth.EndSessions(t.Context(), "carol"))
	b.me("")
}

// TestLoginOfAnotherName shows that only the subject counts, and that a user keeps their name.
func TestLoginOfAnotherName(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	b.signIn(p, claims{}).want(t, 303, "")
	b.signIn(p, claims{"preferred_username": "caroline"}).want(t, 303, "")
	b.me("carol")
	b.signIn(p, claims{"sub": "1002", "preferred_username": "caroline"}).want(t, 303, "")
	b.me("caroline")
}

// TestLoginIsRefused shows what people are told who cannot sign in.
func TestLoginIsRefused(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	for name, c := range map[string]struct {
		claims claims
		words  string
	}{
		"no name":                    {claims{"preferred_username": nil}, "does not say what the user is to be called"},
		"a name that is none":        {claims{"preferred_username": "carol of york"}, "may not contain"},
		"a number":                   {claims{"preferred_username": 7}, "does not hold"},
		"groups that are none":       {claims{"groups": []any{1}}, "does not hold"},
		"a subject that is too long": {claims{"sub": strings.Repeat("x", 300)}, "subject"},
	} {
		a := b.signIn(p, c.claims)
		if a.StatusCode != 403 || !strings.Contains(a.body, c.words) || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	b.me("")
	if a := b.get(OIDCCallback, asPage); a.StatusCode != 403 || !strings.Contains(a.body, "<h1>Sign-in refused</h1>") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		t.Errorf("a page: %d %s", a.StatusCode, a.body)
	}
	newHouse(t).do("GET", oidcLogin, "").want(t, 404, "--oidc-issuer")
}

// TestLoginWithoutTheGroupOfAProject: whoever made the project must not keep people out; administrators read of it in the log.
func TestLoginWithoutTheGroupOfAProject(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true, Groups: map[string][]string{"eng": {"gpu", "maps"}}})
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	b := h.browser()
	b.signIn(p, claims{"groups": []string{"eng"}}).want(t, 303, "")
	b.me("carol").want(t, 200, `"groups":["gpu"]`)
	if log := h.log.String(); !strings.Contains(log, `"user":"carol","groups":["maps"]`) {
		t.Errorf("the log says nothing of it: %s", log)
	}
}

// TestLoginByLink has an administrator link a person to a user, and unlink them.
func TestLoginByLink(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Groups: map[string][]string{"eng": {"gpu"}}})
	b := h.browser()
	b.signIn(p, claims{}).want(t, 403, `granary user link NAME '1001' --oidc-issuer `+p.server.URL)
	must(t, h.auth.LinkUser(t.Context(), "ada", p.server.URL, "1001"))
	b.signIn(p, claims{"groups": []string{"eng"}}).want(t, 303, "")
	b.me("ada").want(t, 200, `"groups":["staff","gpu"]`)
	must(t, h.auth.UnlinkUser(t.Context(), "ada", p.server.URL, "1001"))
	b.me("")
	h.do("GET", restPrefix+"/users/me", "", h.as("ada")).want(t, 200, `"groups":["staff"]`)
	b.signIn(p, claims{}).want(t, 403, "No user here")
}

// TestLoginWhileTheProviderIsDown shows that the provider is asked again once it is up, and that new keys are fetched.
func TestLoginWhileTheProviderIsDown(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true})
	b := h.browser()
	p.set(func() { p.down = true })
	a := b.get(oidcLogin)
	a.want(t, 503, "127.0.0.1 cannot be asked who you are at the moment")
	if a.Header.Get("Retry-After") == "" {
		t.Errorf("%v", a.Header)
	}
	b.get(oidcLogin, asPage).want(t, 503, "<h1>Try again</h1>")
	p.set(func() { p.down = false })
	b.signIn(p, claims{}).want(t, 303, "")
	p.rotate()
	b.signIn(p, claims{}).want(t, 303, "")
	back := p.consent(b.begin(), claims{})
	p.set(func() { p.down = true })
	b.get(back).want(t, 503, "cannot be asked")

	// A single endpoint of the provider may be down. That is no failure of the person who signs in.
	for _, away := range []string{"/jwks", "/userinfo"} {
		p.set(func() { p.down, p.away = false, "" })
		p.rotate()
		back := p.consent(b.begin(), claims{"preferred_username": nil})
		p.set(func() { p.away = away })
		b.get(back).want(t, 503, "cannot be asked")
	}
	if log := h.log.String(); strings.Contains(log, "secret words") || !strings.Contains(log, "answered 503") {
		t.Errorf("the log says %s", log)
	}
}

// TestLoginByUserinfo asks the userinfo endpoint for what the ID token leaves out.
func TestLoginByUserinfo(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true, Groups: map[string][]string{"eng": {"gpu"}}})
	b := h.browser()
	short := func(c claims) string {
		delete(c, "preferred_username")
		delete(c, "groups")
		return p.sign(c)
	}
	p.set(func() {
		p.forge, p.userinfo = short, claims{"sub": "1001", "preferred_username": "carol", "groups": []string{"eng"}}
	})
	b.signIn(p, claims{}).want(t, 303, "")
	b.me("carol").want(t, 200, `"groups":["gpu"]`)
	p.set(func() { p.userinfo["sub"] = "1002" })
	b.signIn(p, claims{}).want(t, 403, "does not hold")
}
