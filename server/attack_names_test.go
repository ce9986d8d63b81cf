package server

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"granary/auth"
)

// Attacks on names and requests that other systems fell to, over the wire. Each comment names the case that its test repeats.

// verbatim sends a request line as it is, which Go's client would clean, and returns the status, and the head and body.
func (h *house) verbatim(line string, head ...string) (int, string) {
	h.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	must(h.t, err)
	defer conn.Close()
	head = append([]string{line + " HTTP/1.1", "Host: " + conn.RemoteAddr().String(), "Connection: close"}, head...)
	_, err = fmt.Fprint(conn, strings.Join(head, "\r\n")+"\r\n\r\n")
	must(h.t, err)
	var text strings.Builder
	_, err = bufio.NewReader(conn).WriteTo(&text)
	must(h.t, err)
	var status int
	_, err = fmt.Sscanf(text.String(), "HTTP/1.1 %d", &status)
	must(h.t, err)
	return status, text.String()
}

// authorized returns the header that says who calls.
func (h *house) authorized(user string) string { return "Authorization: Bearer " + h.token(user) }

// Dot names, escaped or not: many routers treat them as the path that they stand for, or redirect to that path.
func TestAttackDots(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for _, path := range []string{
		"/a/../example", "/a/%2e%2e/example", "/a%2F..%2Fexample", "/a/%2E./example", "/./example", "/%2e/example", "/example/..", "/../../example",
	} {
		for _, target := range []string{"/webhdfs/v1" + path + "?op=LISTSTATUS", apiPrefix + "list-status?path=" + path} {
			if status, text := h.verbatim("GET "+target, h.authorized("ada")); status != 400 || !strings.Contains(text, "InvalidPathException") {
				t.Errorf("%s: %s", target, text)
			}
		}
	}
	// Text that is escaped twice is decoded once, and is a name.
	if status, text := h.verbatim("GET /webhdfs/v1/%252e%252e/example?op=LISTSTATUS", h.authorized("ada")); status != 404 {
		t.Error(text)
	}
}

// Repeated slashes: nothing is redirected to a cleaned path, which would lose the method and the body.
func TestAttackSlashes(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for _, target := range []string{"/webhdfs/v1//example", "/webhdfs/v1/example/", "/webhdfs/v1///example//"} {
		if status, text := h.verbatim("GET "+target+"?op=LISTSTATUS", h.authorized("ada")); status != 200 || !strings.Contains(text, "hello.txt") {
			t.Errorf("%s: %s", target, text)
		}
		if status, text := h.verbatim("GET "+target+"?op=LISTSTATUS", h.authorized("bob")); status != 200 {
			t.Errorf("%s: %s", target, text)
		}
	}
}

// Go's own parser drops a pair with a semicolon or a bad escape, even that of the credential.
func TestAttackDroppedPairs(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for query, want := range map[string]int{
		"op=LISTSTATUS&x=%zz":                                 400,
		"op=LISTSTATUS&delegation=%zz":                        400,
		"op=DELETE;op=LISTSTATUS":                             400, // one value, which names no operation
		"op=GETFILESTATUS&x=;op=DELETE":                       200,
		"op=GETFILESTATUS&delegation=x;y":                     400, // a second token
		"op=GETFILESTATUS&op=DELETE":                          200, // the first counts, as in HDFS
		"op=GETFILESTATUS&a=1" + strings.Repeat("&a=1", 1001): 400,
	} {
		if status, text := h.verbatim("GET /webhdfs/v1/example?"+query, h.authorized("ada")); status != want {
			t.Errorf("%.60s: %d, want %d: %s", query, status, want, text)
		}
	}
}

// CVE-2026-32758, -25890: one spelling is checked and another is used. All spellings of a path are the same, for its ticket, too.
func TestAttackTwoSpellings(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.do("PUT", "/webhdfs/v1/example?op=SETPERMISSION&permission=700", "", h.as("ada")).want(t, 200, "")
	for _, path := range []string{"/example/hello.txt", "//example//hello.txt", "/%65xample/hello.txt", "/example%2Fhello.txt", "/.reserved/raw/example/hello.txt"} {
		if status, text := h.verbatim("GET /webhdfs/v1"+path+"?op=OPEN", h.authorized("bob")); status != 403 {
			t.Errorf("%s: %s", path, text)
		}
	}
	address := h.do("PUT", "/webhdfs/v1/example/new?op=CREATE", "", h.as("ada")).location(t).String()
	for from, to := range map[string]string{"/example/new": "/example/other", "op=CREATE": "op=APPEND"} {
		if a := h.do("PUT", strings.Replace(address, from, to, 1), "x"); a.StatusCode < 400 {
			t.Errorf("%s for %s: %d", to, from, a.StatusCode)
		}
	}
	h.do("PUT", strings.Replace(address, "/example/new", "//example/%6eew", 1), "x").want(t, 201, "")
}

// If a parameter is there twice, the ticket could be for one value and the request use the other. get and readParams skip the same ones.
func TestAttackEmptyParameterFirst(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	address := h.do("PUT", "/webhdfs/v1/example/hello.txt?op=CREATE", "", h.as("ada")).location(t).String()
	for _, twice := range []string{"overwrite=&overwrite=true", "createflag=&createflag=OVERWRITE", "overwrite=true", "createflag=overwrite", "overwrite=&overwrite=&OverWrite=TRUE"} {
		h.do("PUT", strings.Replace(address, "op=CREATE", "op=CREATE&"+twice, 1), "other").want(t, 403, "InvalidToken")
	}
	h.do("PUT", strings.Replace(address, "op=CREATE", "op=CREATE&overwrite=", 1), "other").want(t, 403, "FileAlreadyExists")
	twice := h.do("PUT", "/webhdfs/v1/example/hello.txt?op=CREATE&overwrite=&overwrite=true&overwrite=false", "", h.as("ada")).location(t).String()
	h.do("PUT", twice, "other").want(t, 201, "")
}

// Hadoop CVE-2020-9492, Go CVE-2025-4673: a redirect leads to our own origin, and carries no credential.
func TestAttackCredentialInARedirect(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	token := h.token("ada")
	a := h.do("PUT", "/webhdfs/v1/example/new?op=CREATE&delegation="+token+"&doas=ada", "", header("Host", "evil.example"), func(r *http.Request) { r.Host = "evil.example" })
	to := a.location(t).String()
	if !strings.HasPrefix(to, h.url+"/") || strings.Contains(to, token) || strings.Contains(to, "delegation") {
		t.Errorf("Location: %s", to)
	}
}

// MinIO CVE-2026-40344, -41145: another way to upload that demands no signature.
func TestAttackUnsignedUpload(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	address := h.do("PUT", "/webhdfs/v1/example/new?op=CREATE", "", h.as("ada")).location(t)
	unsigned := func(change func(url.Values)) string {
		u, q := *address, address.Query()
		change(q)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for name, target := range map[string]string{
		"no ticket":        unsigned(func(q url.Values) { q.Del("ticket") }),
		"an empty ticket":  unsigned(func(q url.Values) { q.Set("ticket", "") }),
		"a shorter ticket": unsigned(func(q url.Values) { q.Set("ticket", q.Get("ticket")[:20]) }),
		"now to overwrite": unsigned(func(q url.Values) { q.Set("overwrite", "true") }),
		"with a lease":     unsigned(func(q url.Values) { q.Set("lease", "1-1"); q.Set(giver, "x") }),
		"just data":        h.url + "/webhdfs/v1/example/new?op=CREATE&data=true",
		"a name":           h.url + "/webhdfs/v1/example/new?op=CREATE&data=true&user.name=ada",
	} {
		if a := h.do("PUT", target, "x"); a.StatusCode != 401 && a.StatusCode != 403 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	h.do("GET", "/webhdfs/v1/example/new?op=GETFILESTATUS", "", h.as("ada")).want(t, 404, "")
}

// A ticket of WebHDFS, shown where paths are parameters: one for "/", which is what the path is before they are read, would be one for
// every path.
func TestAttackTicketByTheOtherDoor(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for _, of := range []string{"/", "/example/new"} {
		ticket := h.do("PUT", "/webhdfs/v1"+of+"?op=CREATE", "", h.as("ada")).location(t).Query().Get("ticket")
		if a := h.do("PUT", apiPrefix+"create?path=/example/new&ticket="+url.QueryEscape(ticket), "x"); a.StatusCode != 401 {
			t.Errorf("one of %s: %d %s", of, a.StatusCode, a.body)
		}
	}
	h.do("GET", "/webhdfs/v1/example/new?op=GETFILESTATUS", "", h.as("ada")).want(t, 404, "")
}

// CVE-2026-35604: an address that was given out outlives the right on which it was based.
func TestAttackAddressThatOutlivesTheRight(t *testing.T) {
	h := newHouse(t)
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "sam"}))
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/sam", `{"role":"scientist"}`, 200, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/Logs/f?op=CREATE&permission=660", "x", h.as("ada")).want(t, 201, "")
	address := h.do("POST", "/webhdfs/v1/Projects/maps/Logs/f?op=APPEND", "", h.as("sam")).location(t).String()
	h.do("POST", address, "1").want(t, 200, "")
	h.ask("ada", "DELETE", "/projects/maps/members/sam", "", 204, nil)
	h.do("POST", address, "2").want(t, 404, "")
	h.do("GET", "/webhdfs/v1/Projects/maps/Logs/f?op=OPEN", "", h.as("ada")).want(t, 200, "x1")
}

// MinIO CVE-2023-28432, Ozone CVE-2021-39231: an internal endpoint that tells anybody everything.
func TestAttackInternalEndpoints(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{
		"/debug/pprof/", "/debug/vars", "/debug/requests", "/jmx", "/conf", "/logs/", "/stacks", "/minio/bootstrap/v1/verify", "/env", "/.env", "/config", "/webhdfs", "/dfshealth.html",
	} {
		if a := h.do("GET", path, ""); a.StatusCode != 404 {
			t.Errorf("%s: %d %.200s", path, a.StatusCode, a.body)
		}
	}
	t.Setenv("GRANARY_ROOT_KEY", "canary-of-the-environment")
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/openapi.json", "/"} {
		if a := h.do("GET", path, ""); strings.Contains(a.body, "canary-of-the-environment") {
			t.Errorf("%s tells the environment", path)
		}
	}
}

// Ozone CVE-2021-39233: a route that does not authenticate. Every route does, also for methods that it does not have.
func TestAttackRouteThatDoesNotAsk(t *testing.T) {
	h := newHouse(t)
	for i := range restRoutes {
		r := &restRoutes[i]
		if r.Public {
			continue
		}
		target := restPrefix + strings.NewReplacer("{project}", "p", "{user}", "u", "{id}", "1", "{token}", "t").Replace(r.Path)
		for _, method := range []string{r.Method, "HEAD", "OPTIONS", "TRACE", "X"} {
			if a := h.do(method, target, "{}"); a.StatusCode != 401 && (method == r.Method || a.StatusCode != 404 && a.StatusCode != 405) &&
				(method != http.MethodOptions || target != restPrefix+uploadsPath) { // it tells the version of tus, and nothing else
				t.Errorf("%s %s: %d %s", method, target, a.StatusCode, a.body)
			}
		}
	}
}

// MinIO CVE-2026-39414: unbounded memory in a parser.
func TestAttackBodyWithoutBound(t *testing.T) {
	h := newHouse(t)
	for name, body := range map[string]string{
		"long": `{"name":"` + strings.Repeat("a", 2<<20) + `"}`,
		"void": `{"name":"maps"` + strings.Repeat(" ", 2<<20) + `}`,
		"deep": strings.Repeat(`[`, 1<<19),
		"wide": `{"name":"maps","datasets":["a"` + strings.Repeat(`,"a"`, 1<<16) + `]}`,
	} {
		if a := h.do("POST", restPrefix+"/projects", body, h.as("ada")); a.StatusCode != 400 || len(a.body) > 4<<10 {
			t.Errorf("%s: %d, %d bytes: %.200s", name, a.StatusCode, len(a.body), a.body)
		}
	}
}

// CVE-2025-52902, -2026-34529, -30934, SFTPGo CVE-2026-49245: a file, or a name in a message, that a browser runs as our page.
func TestAttackScript(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const script = "<script>alert(1)</script>"
	h.do("PUT", "/webhdfs/v1/example/page.html?op=CREATE", script, h.as("ada")).want(t, 201, "")
	for _, target := range []string{
		"/webhdfs/v1/example/page.html?op=OPEN", apiPrefix + "open?path=/example/page.html",
		"/webhdfs/v1/example/" + url.PathEscape(script) + "?op=OPEN", "/webhdfs/v1/?op=" + url.QueryEscape(script), "/" + url.PathEscape(script),
		restPrefix + "/projects?" + url.QueryEscape(script) + "=1",
	} {
		a := h.do("GET", target, "", h.as("ada"), header("Accept", "text/html"))
		if kind := a.Header.Get("Content-Type"); strings.Contains(kind, "html") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s, %v", target, kind, a.Header)
		}
	}
}

// Symlinks that lead out: there are no symlinks.
func TestAttackSymlink(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.do("PUT", "/webhdfs/v1/example/link?op=CREATESYMLINK&destination=/etc/passwd", "", h.as("ada")).want(t, 400, "UnsupportedOperationException")
	h.do("GET", "/webhdfs/v1/example/link?op=OPEN", "", h.as("ada")).want(t, 404, "")
}
