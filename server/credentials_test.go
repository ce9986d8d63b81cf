package server

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"granary/auth"
)

func basic(user, password string) func(*http.Request) {
	return header("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

func cookie(value string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: jwtCookie, Value: value}) }
}

func TestDoors(t *testing.T) {
	h := newHouse(t)
	ada, bob := h.token("ada"), h.token("bob")
	const home = "/webhdfs/v1/?op=GETHOMEDIRECTORY"
	no := func(*http.Request) {}
	for name, c := range map[string]struct {
		target string
		option func(*http.Request)
	}{
		"bearer":                        {home, bearer(ada)},
		"bearer in lower case":          {home, header("Authorization", "bearer "+ada)},
		"basic":                         {home, basic("whoever", ada)},
		"basic without a name":          {home, basic("", ada)},
		"delegation":                    {home + "&delegation=" + ada, no},
		"delegation in capitals":        {home + "&DELEGATION=" + ada, no},
		"cookie":                        {home, cookie(ada)},
		"HttpFS's header":               {home, header("X-Hadoop-Delegation-Token", ada)},
		"HttpFS's header, and again":    {home + "&delegation=" + ada, header("X-Hadoop-Delegation-Token", ada)},
		"another cookie":                {home + "&delegation=" + ada, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "JSESSIONID", Value: bob}) }},
		"the same token twice":          {home + "&delegation=" + ada, bearer(ada)},
		"user.name beside a token":      {home + "&user.name=bob", bearer(ada)},
		"odd user.name beside a token":  {home + "&user.name=a@b", bearer(ada)},
		"doas oneself":                  {home + "&doas=ada", bearer(ada)},
		"the first of two delegations":  {home + "&delegation=" + ada + "&delegation=" + bob, no},
		"a ticket beside a token":       {home + "&data=true&ticket=rubbish", bearer(ada)},
		"no trailing slash":             {"/webhdfs/v1?op=GETHOMEDIRECTORY", bearer(ada)},
		"the other mount":               {apiPrefix + "get-home-directory", bearer(ada)},
		"the other mount by delegation": {apiPrefix + "get-home-directory?delegation=" + ada, no},
	} {
		if a := h.do("GET", c.target, "", c.option); a.StatusCode != 200 || a.body != `{"Path":"/user/ada"}` {
			t.Errorf("%s: %d %s; want ada's home", name, a.StatusCode, a.body)
		}
	}
	const lost = "Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: "
	for name, c := range map[string]struct {
		target    string
		option    func(*http.Request)
		status    int
		exception string
		message   string // how it begins
	}{
		"nothing":                  {home, no, 401, "AccessControlException", "Authentication required"},
		"a name":                   {home + "&user.name=ada", no, 401, "AccessControlException", "Authentication required"},
		"bad bearer":               {home, bearer("rubbish"), 401, "AccessControlException", "the token is not a JWT"},
		"altered bearer":           {home, bearer(ada[:len(ada)-8] + "AAAAAAAA"), 401, "AccessControlException", "the token is not signed"},
		"empty bearer":             {home, header("Authorization", "Bearer "), 401, "AccessControlException", "Authorization"},
		"bad basic":                {home, basic("ada", "rubbish"), 401, "AccessControlException", "the token is not a JWT"},
		"basic without a password": {home, header("Authorization", "Basic YWRh"), 401, "AccessControlException", "Authorization: Basic"},
		"basic that is not base64": {home, header("Authorization", "Basic %%"), 401, "AccessControlException", "Authorization: Basic"},
		"negotiate":                {home, header("Authorization", "Negotiate abc"), 401, "AccessControlException", "Authorization must be"},
		"two headers": {home, func(r *http.Request) {
			r.Header["Authorization"] = []string{"Bearer " + ada, "Bearer " + bob}
		}, 401, "AccessControlException", "The request has more than one"},
		"bad delegation":            {home + "&delegation=rubbish", no, 403, "SecurityException", lost},
		"two tokens":                {home + "&delegation=" + bob, bearer(ada), 400, "IllegalArgumentException", "The request has two different tokens"},
		"two tokens, one as basic":  {home + "&delegation=" + bob, basic("", ada), 400, "IllegalArgumentException", "The request has two different tokens"},
		"two tokens, one as cookie": {home + "&delegation=" + bob, cookie(ada), 400, "IllegalArgumentException", "The request has two different tokens"},
		"two tokens, one as HttpFS": {home + "&delegation=" + bob, header("X-Hadoop-Delegation-Token", ada), 400, "IllegalArgumentException", "The request has two different tokens"},
		"bad token as HttpFS":       {home, header("X-Hadoop-Delegation-Token", "rubbish"), 403, "SecurityException", lost},
		"two cookies": {home, func(r *http.Request) {
			cookie(ada)(r)
			cookie(bob)(r)
		}, 400, "IllegalArgumentException", "The request has two different cookies"},
		"bad cookie":                {home, cookie("rubbish"), 401, "AccessControlException", "the token is not a JWT"},
		"bad ticket":                {home + "&data=true&ticket=rubbish", no, 403, "SecurityException", lost},
		"a ticket on the first hop": {home + "&ticket=rubbish", no, 401, "AccessControlException", "Authentication required"},
		"doas another":              {home + "&doas=bob", bearer(ada), 403, "AuthorizationException", "User: ada is not allowed to impersonate bob"},
		"credential before op":      {"/webhdfs/v1/?op=FOO", no, 401, "AccessControlException", "Authentication required"},
		"credential before path":    {"/webhdfs/v1/a%00?op=OPEN", no, 401, "AccessControlException", "Authentication required"},
	} {
		a := h.do("GET", c.target, "", c.option)
		e := a.remote(t)
		if a.StatusCode != c.status || e.Exception != c.exception || !strings.HasPrefix(e.Message, c.message) {
			t.Errorf("%s: %d %+v; want %d %s %s…", name, a.StatusCode, e, c.status, c.exception, c.message)
		}
		if challenge := a.Header.Get("WWW-Authenticate"); (a.StatusCode == 401) != strings.HasPrefix(challenge, `Bearer realm="granary"`) {
			t.Errorf("%s: %d with WWW-Authenticate %q", name, a.StatusCode, challenge)
		}
	}
}

// Every 401 names a credential that would do: a bearer token; never a password or a name, and a delegation only under /webhdfs.
func TestWhatIsRefusedSaysWhatWouldDo(t *testing.T) {
	h, believing := newHouse(t), newHouse(t, simple)
	must(t, believing.auth.Disable(t.Context(), "bob"))
	for what, a := range map[string]answer{
		"a delegation": h.do("GET", "/api/v1/projects?delegation=rubbish", ""),
		"a password":   h.do("POST", "/api/v1/sessions", `{"user":"ada","password":"none of hers"}`),
		"a name":       believing.do("GET", "/webhdfs/v1/?op=LISTSTATUS&user.name=bob", ""),
	} {
		if challenge := a.Header.Get("WWW-Authenticate"); a.StatusCode != 401 || challenge != `Bearer realm="granary"` {
			t.Errorf("%s: %d with WWW-Authenticate %q: %s", what, a.StatusCode, challenge, a.body)
		}
	}
}

// TestOptions sends the first request of HttpFS's Java client.
func TestOptions(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	a := h.do("OPTIONS", "/webhdfs/v1/?op=GETFILESTATUS", "", bearer(h.token("ada")))
	if a.want(t, 200, ""); a.body != "" || a.Header.Get("Allow") != "GET, HEAD, PUT, POST, DELETE" {
		t.Errorf("%q, Allow: %q", a.body, a.Header.Get("Allow"))
	}
	for name := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("pages of other sites are let in by %s", name)
		}
	}
	if a := h.do("OPTIONS", "/webhdfs/v1/?op=GETFILESTATUS", ""); a.StatusCode != 401 {
		t.Errorf("%d without a credential; want 401", a.StatusCode)
	}
}

// TestBelievedCookie does what HttpFS's Java client does where names are believed: it sends its name only once.
func TestBelievedCookie(t *testing.T) {
	const home = "/webhdfs/v1/?op=GETHOMEDIRECTORY"
	h := newHouse(t, simple)
	h.furnish()
	a := h.do("OPTIONS", "/webhdfs/v1/?op=MKDIRS&user.name=ada", "")
	a.want(t, 200, "")
	if len(a.Cookies()) != 1 {
		t.Fatalf("Set-Cookie %q; want one", a.Header["Set-Cookie"])
	}
	remembered := func(r *http.Request) { r.AddCookie(a.Cookies()[0]) }
	h.do("GET", home, "", remembered).want(t, 200, `{"Path":"/user/ada"}`)
	h.do("GET", home+"&user.name=bob", "", remembered).want(t, 200, `{"Path":"/user/bob"}`)
	h.do("GET", home, "", header("Cookie", `hadoop.auth="x=ada"`)).want(t, 200, `{"Path":"/user/dr.who"}`)
	if a := h.do("GET", home, "", header("Cookie", `hadoop.auth="u=a b"`)); a.StatusCode != 400 {
		t.Errorf("an impossible name: %d %s; want 400", a.StatusCode, a.body)
	}
	// The cookie is the proxy user's own; each request says for whom it acts.
	h = newHouse(t, simple, proxied)
	h.furnish()
	a = h.do("OPTIONS", "/webhdfs/v1/?op=MKDIRS&user.name=root&doas=ada", "")
	h.do("GET", home+"&doas=ada", "", remembered).want(t, 200, `{"Path":"/user/ada"}`)
	h.do("GET", home+"&doas=bob", "", remembered).want(t, 200, `{"Path":"/user/bob"}`)
	// Where tokens are required, the cookie is no credential.
	h = newHouse(t)
	if a := h.do("GET", home, "", remembered); a.StatusCode != 401 {
		t.Errorf("%d %s; want 401", a.StatusCode, a.body)
	}
}

// TestBrowsersAreNotMisled sends what pages of other sites could, to a server that believes names.
func TestBrowsersAreNotMisled(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	const target = "/webhdfs/v1/example/hello.txt?op="
	firefox := header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	no := func(*http.Request) {}
	for name, c := range map[string]struct {
		method  string
		options []func(*http.Request)
		allowed bool
	}{
		"a form elsewhere":               {"POST", []func(*http.Request){firefox, header("Origin", "https://evil.example")}, false},
		"a form elsewhere, newer":        {"POST", []func(*http.Request){firefox, header("Sec-Fetch-Site", "cross-site")}, false},
		"a page of ours":                 {"POST", []func(*http.Request){firefox, header("Sec-Fetch-Site", "same-origin")}, true},
		"no browser":                     {"POST", []func(*http.Request){no}, true},
		"a name that was rebound":        {"GET", []func(*http.Request){firefox, host("evil.example:9870")}, false},
		"a name that was rebound, write": {"POST", []func(*http.Request){firefox, host("evil.example"), header("Origin", "http://evil.example")}, false},
		"localhost":                      {"GET", []func(*http.Request){firefox, host("localhost:9870")}, true},
		"an address":                     {"GET", []func(*http.Request){firefox, host("[::1]:9870")}, true},
		"no browser by another name":     {"GET", []func(*http.Request){host("node-7.cluster:9870")}, true},
	} {
		op, body := "OPEN", ""
		if c.method == "POST" {
			op, body = "APPEND&data=true", "x"
		}
		a := h.do(c.method, target+op, body, append(c.options, h.as("ada"))...)
		if c.allowed && a.StatusCode != 200 || !c.allowed && (a.StatusCode != 403 || a.remote(t).Exception != "AccessControlException") {
			t.Errorf("%s: %d %s; allowed should be %v", name, a.StatusCode, a.body, c.allowed)
		}
	}
}

// TestCookiesAreNotMisused sends what pages of other sites could, from a browser that has the cookie.
func TestCookiesAreNotMisused(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	ada := h.token("ada")
	firefox := header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	xsrf, elsewhere := header("X-XSRF-HEADER", "1"), header("Sec-Fetch-Site", "cross-site")
	for name, c := range map[string]struct {
		method  string
		options []func(*http.Request)
		status  int
		words   string
	}{
		"a program":                    {"PUT", []func(*http.Request){cookie(ada)}, 200, "true"},
		"a browser":                    {"PUT", []func(*http.Request){cookie(ada), firefox, xsrf}, 200, "true"},
		"a browser without the header": {"PUT", []func(*http.Request){cookie(ada), firefox}, 400, "Missing Required Header for CSRF Vulnerability Protection"},
		"a page elsewhere":             {"PUT", []func(*http.Request){cookie(ada), firefox, xsrf, elsewhere}, 403, "a page of another site"},
		"a page elsewhere, older":      {"PUT", []func(*http.Request){cookie(ada), firefox, xsrf, header("Origin", "https://evil.example")}, 403, "a page of another site"},
		"a page elsewhere that reads":  {"GET", []func(*http.Request){cookie(ada), firefox, elsewhere}, 200, "FileStatus"},
		"no cookie":                    {"PUT", []func(*http.Request){bearer(ada), firefox}, 200, "true"},
		"a token beside the cookie":    {"PUT", []func(*http.Request){bearer(ada), cookie(ada), firefox}, 200, "true"},
	} {
		op := "MKDIRS"
		if c.method == "GET" {
			op = "GETFILESTATUS"
		}
		if a := h.do(c.method, "/webhdfs/v1/example?op="+op, "", c.options...); a.StatusCode != c.status || !strings.Contains(a.body, c.words) {
			t.Errorf("%s: %d %s; want %d %s", name, a.StatusCode, a.body, c.status, c.words)
		}
	}
}

func TestRevokedTokenEndsItsTicket(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	long, err := h.auth.Issue(t.Context(), auth.TokenRequest{User: "ada", TTL: 24 * time.Hour})
	must(t, err)
	address := h.do("POST", "/webhdfs/v1/example/hello.txt?op=APPEND", "", bearer(long)).location(t).String()
	h.do("POST", address, "1").want(t, 200, "")
	tokens, err := h.auth.Tokens(t.Context(), "ada", auth.TokenQuery{})
	must(t, err)
	must(t, h.auth.RevokeToken(t.Context(), tokens[0].ID))
	if a := h.do("POST", address, "2"); a.StatusCode != 403 || a.remote(t).Exception != "SecurityException" {
		t.Errorf("a ticket of a revoked token: %d %s; want 403", a.StatusCode, a.body)
	}
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", bearer(long)).want(t, 401, "AccessControlException")
}

func TestSimple(t *testing.T) {
	h := newHouse(t, simple)
	for target, want := range map[string]string{
		"?op=GETHOMEDIRECTORY":                          `{"Path":"/user/dr.who"}`,
		"?op=GETHOMEDIRECTORY&user.name=ada":            `{"Path":"/user/ada"}`,
		"?op=GETHOMEDIRECTORY&user.name=stranger":       `{"Path":"/user/stranger"}`,
		"?op=GETHOMEDIRECTORY&User.Name=ada":            `{"Path":"/user/dr.who"}`, // so does HDFS
		"?op=GETHOMEDIRECTORY&delegation=x":             `{"Path":"/user/dr.who"}`, // HDFS does not look either
		"?op=GETHOMEDIRECTORY&user.name=a@b":            `Invalid value for webhdfs parameter \"user.name\": Invalid value: \"a@b\" does not belong to the domain ^[A-Za-z_][A-Za-z0-9._-]*[$]?$`,
		"?op=GETHOMEDIRECTORY&user.name=ada&doas=bob":   "User: ada is not allowed to impersonate bob",
		"?op=GETHOMEDIRECTORY&doas=bob":                 "User: dr.who is not allowed to impersonate bob",
		"?op=GETHOMEDIRECTORY&user.name=ada&doas=ada":   `{"Path":"/user/ada"}`,
		"?op=LISTSTATUS&user.name=ada&offset=x":         `Invalid value for webhdfs parameter \"offset\"`, // though LISTSTATUS has none
		"?op=LISTSTATUS&user.name=ada&op=GETFILESTATUS": `{"FileStatuses"`,
	} {
		if a := h.do("GET", "/webhdfs/v1/"+target, ""); !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s; want %s", target, a.StatusCode, a.body, want)
		}
	}
}

// TestNoSecretIsLogged sends a token by every way, valid and not, and looks for it in everything that came out.
func TestNoSecretIsLogged(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	token := h.token("ada")
	canary := token[len(token)-24:]
	seen := ""
	for _, target := range []string{
		"/webhdfs/v1/example?op=LISTSTATUS&delegation=", "/webhdfs/v1/example?op=LISTSTATUS&d%65legation=",
		"/webhdfs/v1/example?op=FOO&delegation=", "/webhdfs/v1/%00?op=OPEN&Delegation=",
		"/webhdfs/v1/example?op=LISTSTATUS&delegation=%zz", "/webhdfs/v1/example/new?op=CREATE&delegation=",
		"/nowhere?token=", apiPrefix + "open?path=/&delegation=", apiPrefix + "open?path=/&doas=",
		"/webhdfs/v1/example?op=LISTSTATUS&ticket=", "/webhdfs/v1/example?op=LISTSTATUS&data=true&ticket=",
	} {
		for _, method := range []string{"GET", "PUT"} {
			a := h.do(method, target+url.QueryEscape(token), "")
			b := h.do(method, target+url.QueryEscape(token+"x"), "", bearer(token))
			seen += a.body + b.body + a.Header.Get("Location") + b.Header.Get("Location")
		}
	}
	h.do("GET", "/webhdfs/v1/example?op=LISTSTATUS", "", bearer(token+"x"))
	h.do("GET", "/webhdfs/v1/example?op=LISTSTATUS", "", basic("ada", token+"x"))
	h.do("GET", "/webhdfs/v1/example?op=LISTSTATUS", "", cookie(token+"x"))
	seen += h.do("PUT", "/webhdfs/v1/?op=RENEWDELEGATIONTOKEN&token="+token, "", bearer(token)).body
	seen += h.do("GET", "/metrics", "").body
	h.stop()
	if !strings.Contains(h.log.String(), `"op":"LISTSTATUS"`) {
		t.Fatal("nothing was logged")
	}
	for name, text := range map[string]string{"an answer": seen, "the log": h.log.String()} {
		if at := strings.Index(text, canary); at >= 0 {
			t.Errorf("%s holds the token: %s", name, text[max(0, at-300):at])
		}
	}
}
