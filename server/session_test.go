package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"granary/auth"
)

const adasPassword = auth.Password("correct horse")

// signedIn returns the secret of a new session for ada.
func (h *house) signedIn() string {
	h.t.Helper()
	must(h.t, h.auth.SetPassword(h.t.Context(), "ada", adasPassword))
	secret, _, err := h.auth.Login(h.t.Context(), "ada", adasPassword, auth.Origin{})
	must(h.t, err)
	return secret
}

// named sends a cookie.
func named(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }
}

func all(options ...func(*http.Request)) func(*http.Request) {
	return func(r *http.Request) {
		for _, o := range options {
			o(r)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	h := newHouse(t)
	secret := h.signedIn()
	bob := h.token("bob")
	const home, mkdirs = "/webhdfs/v1/?op=GETHOMEDIRECTORY", "/webhdfs/v1/user/ada/d?op=MKDIRS"
	browser := header("User-Agent", "Mozilla/5.0")
	own := header(forgeryHeader, "1")
	session := named(loopbackCookie, secret)
	for name, c := range map[string]struct {
		method, target string
		option         func(*http.Request)
		status         int
		body           string
	}{
		"read":                       {"GET", home, session, 200, "/user/ada"},
		"read on the other mount":    {"GET", apiPrefix + "get-home-directory", session, 200, "/user/ada"},
		"change":                     {"PUT", mkdirs, all(session, own), 200, "true"},
		"change by a browser":        {"PUT", mkdirs, all(session, own, browser, header("Sec-Fetch-Site", "same-origin")), 200, "true"},
		"change on the other mount":  {"PUT", apiPrefix + "mkdirs?path=/user/ada/d", all(session, own), 200, "true"},
		"a token goes before it":     {"GET", home, all(session, bearer(bob)), 200, "/user/bob"},
		"without the header":         {"PUT", mkdirs, session, 400, forgeryHeader},
		"without it, on the other":   {"PUT", apiPrefix + "mkdirs?path=/user/ada/d", session, 400, forgeryHeader},
		"from another site":          {"PUT", mkdirs, all(session, own, browser, header("Sec-Fetch-Site", "cross-site")), 403, "another site"},
		"from another origin":        {"PUT", mkdirs, all(session, own, browser, header("Origin", "https://evil.example")), 403, "another site"},
		"twice":                      {"GET", home, all(session, named(loopbackCookie, "grs_planted")), 401, "Authentication required"},
		"no session":                 {"GET", home, named(loopbackCookie, "grs_rubbish"), 401, "not a session"},
		"unknown session":            {"GET", home, named(loopbackCookie, "grs_"+strings.Repeat("0", 43)), 401, "session"},
		"under the name for https":   {"GET", home, named(secureCookie, secret), 401, "Authentication required"},
		"by a name that leads here":  {"GET", home, all(session, func(r *http.Request) { r.Host = "evil.example" }), 401, "Authentication required"},
		"as a token":                 {"GET", home, bearer(secret), 401, "the token is not a JWT"},
		"a token as a session":       {"GET", home, named(loopbackCookie, bob), 401, "not a session"},
		"a personal token as cookie": {"GET", home, named(loopbackCookie, h.personal("ada")), 401, "not a session"},
	} {
		if a := h.do(c.method, c.target, "", c.option); a.StatusCode != c.status || !strings.Contains(a.body, c.body) {
			t.Errorf("%s: %d %s; want %d %s", name, a.StatusCode, a.body, c.status, c.body)
		}
	}
	must(t, h.auth.Logout(t.Context(), secret))
	h.do("GET", home, "", session).want(t, 401, "revoked")
}

// personal issues a personal token for user.
func (h *house) personal(user string) string {
	h.t.Helper()
	token, err := h.auth.Issue(h.t.Context(), auth.TokenRequest{User: user, Personal: true})
	must(h.t, err)
	return token
}

// TestPersonalTokenAtEveryDoor sends one in every way in which a JWT can be sent.
func TestPersonalTokenAtEveryDoor(t *testing.T) {
	h := newHouse(t)
	text, made, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "ada", Personal: true})
	must(t, err)
	const home = "/webhdfs/v1/?op=GETHOMEDIRECTORY"
	no := func(*http.Request) {}
	doors := map[string]struct {
		target string
		option func(*http.Request)
	}{
		"bearer":            {home, bearer(text)},
		"basic":             {home, basic("ada", text)},
		"delegation":        {home + "&delegation=" + text, no},
		"Hadoop's envelope": {home + "&delegation=" + auth.HadoopDelegation(text, auth.KindWebHDFS, "localhost:9870"), no},
		"HttpFS's header":   {home, header(delegationHeader, text)},
		"cookie":            {home, cookie(text)},
		"the other mount":   {apiPrefix + "get-home-directory", bearer(text)},
	}
	for name, d := range doors {
		if a := h.do("GET", d.target, "", d.option); a.StatusCode != 200 || a.body != `{"Path":"/user/ada"}` {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	location := h.do("PUT", "/webhdfs/v1/user/ada/f?op=CREATE", "", bearer(text)).Header.Get("Location")
	must(t, h.auth.RevokeToken(t.Context(), made.ID))
	for name, d := range doors {
		if a := h.do("GET", d.target, "", d.option); a.StatusCode != 401 && a.StatusCode != 403 {
			t.Errorf("%s, revoked: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := h.do("PUT", location, "x"); a.StatusCode != 403 {
		t.Errorf("its ticket, revoked: %d %s", a.StatusCode, a.body)
	}
	if strings.Contains(h.log.String(), text[8:20]) {
		t.Error("the token is in the log")
	}
}

func TestSessionCookieNames(t *testing.T) {
	for name, tt := range map[string]struct {
		public, from, host string
		want               string
	}{
		"https":                      {"https://granary.example.org", "192.0.2.7:1", "granary.example.org", secureCookie},
		"https, seen from here":      {"https://granary.example.org", "127.0.0.1:1", "granary.example.org", secureCookie},
		"http from elsewhere":        {"", "192.0.2.7:1", "localhost:9870", ""},
		"http, a public http":        {"http://granary.example.org", "192.0.2.7:1", "granary.example.org", ""},
		"http from here":             {"", "127.0.0.1:1", "localhost:9870", loopbackCookie},
		"http from here, version 6":  {"", "[::1]:1", "[::1]:9870", loopbackCookie},
		"http from here, other name": {"", "127.0.0.1:1", "evil.example:9870", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr, r.Host = tt.from, tt.host
		if got := (&Server{publicURL: tt.public}).sessionCookie(r); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
