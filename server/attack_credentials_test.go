package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"granary/auth"
)

// Known attacks on credentials of other systems that come by HTTP, one test each; the others are in package auth. The last words of
// each comment name the defence without which the test fails.

// A user name in the query, beside a credential or instead of one. verify never looks at user.name.
func TestAttackUserName(t *testing.T) {
	h := newHouse(t)
	const home = "/webhdfs/v1/?op=GETHOMEDIRECTORY&user.name=root"
	h.do("GET", home, "").want(t, 401, "")
	h.do("GET", home, "", bearer(h.token("ada"))).want(t, 200, "/user/ada")
	h.do("GET", home, "", basic("root", h.token("ada"))).want(t, 200, "/user/ada")
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", named(hadoopAuth, "u=root&p=root&t=simple&e=99999999999999")).want(t, 401, "")
}

// Acting for others without the operator's permission, or for a superuser or service account, for which nobody has it. impersonate.
func TestAttackDoas(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Proxies = []Proxy{{User: "bob", Users: []string{"*"}, Hosts: []string{"*"}}} })
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "POST", "/projects/maps/service-accounts", `{"name":"svc-robot","role":"scientist"}`, 201, nil)
	for _, c := range []struct{ caller, other string }{{"ada", "bob"}, {"bob", "root"}, {"ada", "root"}, {"bob", "svc-robot"}} {
		h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&doas="+c.other, "", h.as(c.caller)).want(t, 403, "not allowed to impersonate")
	}
}

// A service account with the name of a proxy that has no row. impersonate.
func TestAttackServiceCalledAsAProxy(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Proxies = []Proxy{{User: "svc-hue", Users: []string{"*"}, Hosts: []string{"*"}}} })
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "POST", "/projects/maps/service-accounts", `{"name":"svc-hue","role":"scientist"}`, 201, nil)
	made := answered[MadeToken](t, h.ask("ada", "POST", "/tokens", `{"project":"maps","serviceAccount":"svc-hue"}`, 201, nil), 201)
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&doas=bob", "", bearer(made.Secret)).want(t, 403, "User: svc-hue is not allowed to impersonate bob")
}

// A cache that outlasts a revocation: a proxy must act for others only as long as its own credential is valid, on every server.
func TestAttackDoasByWhoIsOut(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Proxies = []Proxy{{User: "bob", Users: []string{"ada"}, Hosts: []string{"*"}}} })
	next := h.nextDoor()
	for what, end := range map[string]func(id uuid.UUID) error{
		"revoked":  func(id uuid.UUID) error { return h.auth.RevokeToken(t.Context(), id) },
		"disabled": func(uuid.UUID) error { return h.auth.Disable(t.Context(), "bob") },
	} {
		must(t, h.auth.Enable(t.Context(), "bob"))
		token, row, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "bob", Personal: true})
		must(t, err)
		act := func() answer {
			return next.do("GET", "/webhdfs/v1/user/ada?op=GETFILESTATUS&doas=ada", "", bearer(token))
		}
		act().want(t, 200, "")
		must(t, end(row.ID))
		act().want(t, 401, what)
	}
}

// Acting for a user who has become a superuser, on a server that has cached the user as none. impersonate.
func TestAttackDoasForANewSuperuser(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Proxies = []Proxy{{User: "bob", Users: []string{"*"}, Hosts: []string{"*"}}} })
	next := h.nextDoor()
	act := func() answer { return next.do("GET", restPrefix+"/admin/users?doas=ada", "", h.as("bob")) }
	act().want(t, 403, "ada is not a superuser")
	must(t, h.auth.SetAdmin(t.Context(), "ada", true))
	act().want(t, 403, "User: bob is not allowed to impersonate ada")
}

// A change by a superuser who holds back the end of its body until they are no superuser any more. administer.
func TestAttackHeldBackAdministration(t *testing.T) {
	h := newHouse(t)
	for what, out := range map[string]func() error{
		"demoted":  func() error { return h.auth.SetAdmin(t.Context(), "bob", false) },
		"disabled": func() error { return h.auth.Disable(t.Context(), "bob") },
	} {
		must(t, h.auth.Enable(t.Context(), "bob"))
		must(t, h.auth.SetAdmin(t.Context(), "bob", true))
		end := h.holdBack("bob", "PATCH", restPrefix+"/admin/users/bob", `{"admin":true,"disabled":false}`)
		must(t, out())
		if status := end(); status != 401 && status != 403 {
			t.Errorf("who was %s changes users: %d", what, status)
		}
		if u, err := h.auth.User(t.Context(), "bob"); err != nil || u.Admin && !u.Disabled {
			t.Errorf("who was %s is back: %+v, %v", what, u, err)
		}
	}
}

// A Host header that would send the client, and its ticket, elsewhere. base.
func TestAttackHostHeader(t *testing.T) {
	h := newHouse(t)
	for _, host := range []string{"evil.example", "evil.example:9870", "127.0.0.1@evil.example", strings.TrimPrefix(h.url, "http://") + ".evil.example"} {
		a := h.do("PUT", "/webhdfs/v1/user/ada/f?op=CREATE", "", h.as("ada"), func(r *http.Request) {
			r.Host = host
			r.Header.Set("X-Forwarded-Host", "evil.example")
			r.Header.Set("Forwarded", "host=evil.example")
		})
		if location := a.Header.Get("Location"); a.StatusCode == 307 && !strings.HasPrefix(location, h.url+"/") {
			t.Errorf("Host %s: sent on to %s", host, location)
		}
	}
}

// Two credentials, where one part of the server believes the first and another part the second. verify refuses.
func TestAttackTwoCredentials(t *testing.T) {
	h := newHouse(t)
	ada, bob := h.personal("ada"), h.personal("bob")
	const home = "/webhdfs/v1/?op=GETHOMEDIRECTORY"
	for name, option := range map[string]func(*http.Request){
		"headers":           func(r *http.Request) { r.Header["Authorization"] = []string{"Bearer " + ada, "Bearer " + bob} },
		"header and cookie": all(bearer(ada), cookie(bob)),
		"cookies":           all(cookie(ada), cookie(bob)),
		"header and HttpFS": all(bearer(ada), header(delegationHeader, bob)),
		"header and query":  all(bearer(ada), func(r *http.Request) { r.URL.RawQuery += "&delegation=" + bob }),
	} {
		if a := h.do("GET", home, "", option); a.StatusCode != 400 && a.StatusCode != 401 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
}

// A cookie set by a neighbouring host: whoever can set the gateways' cookie for the domain can neither make a signed-in user act as
// another nor keep them out. The session comes first.
func TestAttackNeighboursCookie(t *testing.T) {
	h := newHouse(t)
	session := h.signedIn()
	const home = "/webhdfs/v1/?op=GETHOMEDIRECTORY"
	for name, planted := range map[string]func(*http.Request){
		"a token": cookie(h.personal("bob")), "none": cookie("x"), "two": all(cookie(h.personal("bob")), cookie("x")),
	} {
		h.do("GET", home, "", planted, named(loopbackCookie, session)).want(t, 200, "/user/ada")
		if a := h.do("GET", home, "", planted, named(loopbackCookie, "ended")); a.StatusCode != 401 {
			t.Errorf("%s, and a session that has ended: %d %s", name, a.StatusCode, a.body)
		}
	}
	h.do("GET", home, "", cookie(h.personal("bob"))).want(t, 200, "/user/bob") // a gateway's own
}

// A page of another site that has the browser of a signed-in user make changes. checkForged, and the header that it demands.
func TestAttackForgedChange(t *testing.T) {
	h := newHouse(t)
	session := named(loopbackCookie, h.signedIn())
	browser := header("User-Agent", "Mozilla/5.0")
	for name, option := range map[string]func(*http.Request){
		"a form":               header("Content-Type", "application/x-www-form-urlencoded"),
		"a form of another":    all(header("Content-Type", "text/plain"), header("Sec-Fetch-Site", "cross-site")),
		"of a neighbour":       header("Sec-Fetch-Site", "same-site"),
		"a sandboxed page":     header("Origin", "null"),
		"with the header even": all(header(forgeryHeader, "1"), header("Sec-Fetch-Site", "cross-site")),
	} {
		for method, target := range map[string]string{
			"POST":   restPrefix + "/tokens",
			"PUT":    "/webhdfs/v1/user/ada/d?op=MKDIRS",
			"DELETE": restPrefix + "/sessions",
		} {
			body := ""
			if method == "POST" {
				body = "{}"
			}
			if a := h.do(method, target, body, session, browser, option); a.StatusCode < 400 || a.StatusCode >= 500 {
				t.Errorf("%s, %s %s: %d %s", name, method, target, a.StatusCode, a.body)
			}
		}
	}
	h.do("GET", restPrefix+"/users/me", "", session).want(t, 200, "ada")

	// What makes a token by GET is a change, too: a link on a page of another site is enough to ask for it.
	const makes = "/webhdfs/v1/?op=GETDELEGATIONTOKEN&renewer=mallory"
	for _, signed := range []func(*http.Request){session, cookie(h.personal("ada"))} {
		h.do("GET", makes, "", signed, browser, header("Sec-Fetch-Site", "cross-site")).want(t, 400, forgeryHeader)
		h.do("GET", makes, "", signed, browser, header(forgeryHeader, "1")).want(t, 200, "urlString")
	}
	h.do("GET", makes, "", session).want(t, 400, forgeryHeader)
	h.do("GET", makes, "", cookie(h.personal("ada"))).want(t, 200, "urlString") // of a gateway's client, which is no browser
}

// Pages of other sites that read what the browser can read. There is no CORS.
func TestAttackForeignOrigin(t *testing.T) {
	h := newHouse(t)
	session := named(loopbackCookie, h.signedIn())
	for _, method := range []string{"GET", "OPTIONS"} {
		a := h.do(method, restPrefix+"/users/me", "", session, header("Origin", "https://evil.example"), header("Access-Control-Request-Method", "PUT"))
		for name := range a.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s is answered with %s: %s", method, name, a.Header.Get(name))
			}
		}
	}
}

// A guesser who claims another address each time. Only the address of the connection counts.
func TestAttackForwardedFor(t *testing.T) {
	h := newHouse(t)
	must(t, h.auth.SetPassword(t.Context(), "ada", adasPassword))
	refused := 0
	for i := range 10 {
		a := h.do("POST", restPrefix+"/sessions", `{"user":"ada","password":"wrong horse"}`,
			header("X-Forwarded-For", "192.0.2."+itoa(int64(i))), header("X-Real-IP", "192.0.2."+itoa(int64(i))), header("Forwarded", "for=192.0.2."+itoa(int64(i))))
		if a.StatusCode == 429 {
			refused++
		}
	}
	if refused < 4 {
		t.Errorf("%d of 10 guesses had to wait", refused)
	}
}

// A cookie planted by a neighbouring host, to sign somebody in as the attacker. The __Host- prefix; also, two cookies count as none.
func TestAttackPlantedCookie(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.PublicURL = "https://granary.example.org" })
	secret := h.signedIn()
	const me = restPrefix + "/users/me"
	h.do("GET", me, "", named(secureCookie, secret)).want(t, 200, "ada")
	h.do("GET", me, "", named(loopbackCookie, secret)).want(t, 401, "")
	h.do("GET", me, "", named(secureCookie, secret), named(secureCookie, "grs_planted")).want(t, 401, "")
	a := h.do("POST", restPrefix+"/sessions", `{"user":"ada","password":"correct horse"}`, header(forgeryHeader, "1"))
	a.want(t, 201, "")
	if c := a.Cookies()[0]; c.Name != secureCookie || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie is %+v", c)
	}
}

// A token for a directory whose name is then given to another. The scope is an inode.
func TestAttackRenamedDirectory(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	const at = "/webhdfs/v1/Projects/maps/"
	h.do("PUT", at+"Logs/f?op=CREATE", "mine", h.as("ada")).want(t, 201, "")
	made := answered[MadeToken](t, h.ask("ada", "POST", "/tokens", `{"project":"maps","path":"/Projects/maps/Logs","verbs":["read"]}`, 201, nil), 201)
	h.do("PUT", at+"Logs?op=RENAME&destination=/Projects/maps/Old", "", h.as("ada")).want(t, 200, "true")
	h.do("PUT", at+"Models?op=RENAME&destination=/Projects/maps/Logs", "", h.as("ada")).want(t, 200, "true")
	h.do("GET", at+"Logs?op=LISTSTATUS", "", bearer(made.Secret)).want(t, 403, "outside it")
	h.do("GET", at+"Old/f?op=OPEN", "", bearer(made.Secret)).want(t, 200, "mine")
	h.do("GET", at+"Old/../Logs?op=LISTSTATUS", "", bearer(made.Secret)).want(t, 400, "")
}

// A link that outlives its maker's right to read, or the token that made it. Both are checked at each use.
func TestAttackLinkThatSurvives(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	token, made, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "ada", Personal: true})
	must(t, err)
	link := answered[MadeLink](t, h.do("POST", restPrefix+"/links", `{"path":"/example/hello.txt"}`, bearer(token)), 201)
	h.do("GET", link.URL, "").want(t, 200, "Hello")
	h.do("PUT", "/webhdfs/v1/example?op=SETOWNER&owner=root&group=supergroup", "", h.as("root")).want(t, 200, "")
	h.do("PUT", "/webhdfs/v1/example?op=SETPERMISSION&permission=700", "", h.as("root")).want(t, 200, "")
	h.do("GET", link.URL, "").want(t, 403, "may not read")
	h.do("PUT", "/webhdfs/v1/example?op=SETPERMISSION&permission=755", "", h.as("root")).want(t, 200, "")
	h.do("GET", link.URL, "").want(t, 200, "Hello")
	must(t, h.auth.RevokeToken(t.Context(), made.ID))
	h.do("GET", link.URL, "").want(t, 404, "")
}

// Content that runs on our origin, with the session of whoever opens it. Attachment, sandbox, nosniff.
func TestAttackContentThatRuns(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.do("PUT", "/webhdfs/v1/example/x.html?op=CREATE", "<script>alert(1)</script>", h.as("ada")).want(t, 201, "")
	link := answered[MadeLink](t, h.ask("ada", "POST", "/links", `{"path":"/example/x.html"}`, 201, nil), 201)
	for _, a := range []answer{h.do("GET", link.URL, ""), h.do("GET", "/webhdfs/v1/example/x.html?op=OPEN", "", h.as("ada"))} {
		if a.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") ||
			!strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", a.Request.URL.Path, a.Header)
		}
	}
}

// A page that is called an image, or the reverse. Only types that no browser runs can be asked for, as a sandboxed attachment.
func TestAttackContentByAnotherName(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.do("PUT", "/webhdfs/v1/example/x.html?op=CREATE", "<script>alert(1)</script>", h.as("ada")).want(t, 201, "")
	for _, kind := range []string{"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "Image/PNG", "image/png\r\nX: y", "video/*"} {
		h.do("GET", apiPrefix+"open?path=/example/x.html&mediatype="+url.QueryEscape(kind), "", h.as("ada")).want(t, 400, "mediatype")
	}
	for _, kind := range mediaTypes {
		top, _, _ := strings.Cut(kind, "/")
		a := h.do("GET", apiPrefix+"open?path=/example/x.html&mediatype="+url.QueryEscape(kind), "", h.as("ada"), header("Range", "bytes=0-3"))
		if a.want(t, 206, "<scr"); a.Header.Get("Content-Type") != kind || a.Header.Get("Content-Disposition") != "attachment" ||
			a.Header.Get("Content-Security-Policy") != sandboxed[0] || a.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!slices.Contains([]string{"audio", "image", "video"}, top) || strings.Contains(kind, "xml") {
			t.Errorf("%s: %v", kind, a.Header)
		}
	}
	a := h.do("GET", "/webhdfs/v1/example/x.html?op=OPEN&mediatype=image/png", "", h.as("ada"))
	if a.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("WebHDFS knows no types: %v", a.Header)
	}
}

// Secrets in addresses that spread, to other sites as referrers or into caches. Both headers are on every answer.
func TestAttackAddressesThatTravel(t *testing.T) {
	h := newHouse(t)
	for _, target := range []string{"/webhdfs/v1/?op=GETHOMEDIRECTORY&delegation=x", linksPrefix + "grl_x", restPrefix + "/users/me", "/nothing"} {
		a := h.do("GET", target, "")
		if a.Header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s: %v", target, a.Header)
		}
	}
}
