package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"granary/auth"
	"granary/namespace"
)

// link makes a link of ada's to /example/hello.txt.
func (h *house) link(password auth.Password) (secret string, made auth.Token) {
	h.t.Helper()
	p, _, err := h.auth.Verify(h.t.Context(), h.token("ada"))
	must(h.t, err)
	path, err := namespace.ParsePath("/example/hello.txt")
	must(h.t, err)
	status, err := h.fs.As(p).Stat(h.t.Context(), path)
	must(h.t, err)
	secret, made, err = h.auth.MakeLink(h.t.Context(), p, auth.LinkRequest{Inode: status.ID, Password: password})
	must(h.t, err)
	return secret, made
}

// TestLinksAreLimited: each link has a limit of its own, apart from its maker's.
func TestLinksAreLimited(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Limits.Reads = 0.5 })
	h.furnish()
	one, made := h.link("")
	another, _ := h.link("")
	refused, asked := 0, int(2*0.5*rateWindow.Seconds())
	for range 2 * int(0.5*rateWindow.Seconds()) {
		if a := h.do("GET", linksPrefix+one, ""); a.StatusCode == 429 && a.Header.Get("Retry-After") != "" {
			refused++
		}
	}
	if refused == 0 {
		t.Error("it was followed as often as one wished")
	}
	used, err := h.auth.Token(t.Context(), made.ID)
	if must(t, err); used.Uses != int64(asked-refused) {
		t.Errorf("%d uses are counted, of %d that were answered", used.Uses, asked-refused)
	}
	h.do("GET", linksPrefix+another, "").want(t, 200, "Hello, world!")
	h.do("GET", "/webhdfs/v1/example/hello.txt?op=OPEN", "", h.as("ada")).want(t, 200, "Hello, world!")
}

func TestLinks(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	secret, made := h.link("")
	at := linksPrefix + secret
	a := h.do("GET", at, "")
	if a.StatusCode != 200 || a.body != "Hello, world!" || a.Header.Get("Content-Disposition") != "attachment; filename=hello.txt" ||
		!strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") || a.Header.Get("X-Content-Type-Options") != "nosniff" ||
		a.Header.Get("Content-Type") != "application/octet-stream" || a.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.body)
	}
	if a := h.do("HEAD", at, ""); a.StatusCode != 200 || a.ContentLength != 13 {
		t.Errorf("HEAD: %d, %d bytes", a.StatusCode, a.ContentLength)
	}
	// The link leads to the file, not to the name.
	h.do("PUT", "/webhdfs/v1/example/hello.txt?op=RENAME&destination=/example/gr%C3%BCezi.txt", "", h.as("ada")).want(t, 200, "true")
	h.do("PUT", "/webhdfs/v1/example/hello.txt?op=CREATE", "another", h.as("ada")).want(t, 201, "")
	a = h.do("GET", at, "")
	a.want(t, 200, "Hello, world!")
	if got := a.Header.Get("Content-Disposition"); got != "attachment; filename*=utf-8''gr%C3%BCezi.txt" {
		t.Errorf("Content-Disposition: %s", got)
	}
	// Her rights are checked at each use.
	h.do("PUT", "/webhdfs/v1/example?op=SETOWNER&owner=root&group=supergroup", "", h.as("root")).want(t, 200, "")
	h.do("PUT", "/webhdfs/v1/example?op=SETPERMISSION&permission=700", "", h.as("root")).want(t, 200, "")
	if a = h.do("GET", at, ""); a.StatusCode != 403 || strings.Contains(a.body, "ada") || strings.Contains(a.body, "/example") {
		t.Errorf("after she lost the right: %d %s", a.StatusCode, a.body)
	}
	h.do("PUT", "/webhdfs/v1/example?op=SETPERMISSION&permission=755", "", h.as("root")).want(t, 200, "")
	h.do("GET", at, "").want(t, 200, "Hello")
	listed, err := h.auth.Token(t.Context(), made.ID)
	must(t, err)
	if listed.Uses < 4 || listed.Used.IsZero() {
		t.Errorf("listed as %+v", listed)
	}
	must(t, h.auth.RevokeToken(t.Context(), made.ID))
	h.do("GET", at, "").want(t, 404, "no such link")
	for _, wrong := range []string{linksPrefix + "grl_rubbish", linksPrefix + secret + "x", linksPrefix + h.personal("ada")} {
		h.do("GET", wrong, "").want(t, 404, "no such link")
	}
	h.do("DELETE", at, "").want(t, 405, "not offered")
	h.do("GET", at+"/more", "").want(t, 404, "nothing at")
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", bearer(secret)).want(t, 401, "")
	h.do("GET", "/%6Cinks/"+secret, "")
	h.do("GET", "/LINKS/"+secret, "")
	h.do("GET", "/elsewhere/"+secret+"?q="+secret, "")
	h.do("GET", "/links/%67"+secret[1:], "")
	h.stop()
	for at := range len(secret) - 12 {
		if piece := secret[at : at+12]; strings.Contains(h.log.String(), piece) {
			t.Fatalf("the log shows %q of the link", piece)
		}
	}
}

// TestLinksAndTheTrash deletes the file of a link and restores it.
func TestLinksAndTheTrash(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	secret, _ := h.link("")
	const trash = "/user/ada/.Trash/Current/example"
	h.do("PUT", "/webhdfs/v1"+trash+"?op=MKDIRS", "", h.as("ada")).want(t, 200, "true")
	h.do("PUT", "/webhdfs/v1/example/hello.txt?op=RENAME&destination="+trash, "", h.as("ada")).want(t, 200, "true")
	h.do("GET", linksPrefix+secret, "").want(t, 404, "no such link")
	h.do("POST", "/api/v1/links", `{"path":"`+trash+`/hello.txt"}`, h.as("ada")).want(t, 400, "Restore it first")
	h.do("PUT", "/webhdfs/v1"+trash+"/hello.txt?op=RENAME&destination=/example/hello.txt", "", h.as("ada")).want(t, 200, "true")
	h.do("GET", linksPrefix+secret, "").want(t, 200, "Hello, world!")
}

// TestTheListOfLinks says where the files of links are now.
func TestTheListOfLinks(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	made := answered[MadeLink](t, h.ask("ada", "POST", "/links", `{"path":"/example/hello.txt"}`, 201, nil), 201)
	path := func() string {
		t.Helper()
		list := answered[DownloadLinkPage](t, h.ask("ada", "GET", "/links", "", 200, nil), 200)
		if len(list.Items) != 1 || list.Items[0].ID != made.ID {
			t.Fatalf("%+v", list)
		}
		return list.Items[0].Path
	}
	if got := path(); got != "/example/hello.txt" || made.Path != got {
		t.Errorf("listed at %q, made at %q", got, made.Path)
	}
	h.do("PUT", "/webhdfs/v1/example/hello.txt?op=RENAME&destination=/example/hi.txt", "", h.as("ada")).want(t, 200, "true")
	if got := path(); got != "/example/hi.txt" {
		t.Errorf("moved, listed at %q", got)
	}
	h.do("DELETE", "/webhdfs/v1/example/hi.txt?op=DELETE", "", h.as("ada")).want(t, 200, "true")
	if got := path(); got != "" {
		t.Errorf("gone, listed at %q", got)
	}
}

// TestADownloadGoesOn resumes a download where it broke off, if the file is still the same.
func TestADownloadGoesOn(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	secret, _ := h.link("")
	at, ranged := linksPrefix+secret, func(spec string) func(*http.Request) { return header("Range", spec) }
	a := h.do("GET", at, "")
	tag := a.Header.Get("Etag")
	if a.want(t, 200, "Hello, world!"); tag != h.etag("/example/hello.txt") || a.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("%v", a.Header)
	}
	a = h.do("GET", at, "", ranged("bytes=7-"), header("If-Range", tag))
	if a.StatusCode != 206 || a.body != "world!" || a.Header.Get("Content-Range") != "bytes 7-12/13" || a.ContentLength != 6 || a.Header.Get("Etag") != tag {
		t.Errorf("%d %v %q", a.StatusCode, a.Header, a.body)
	}
	if a := h.do("HEAD", at, ""); a.StatusCode != 200 || a.ContentLength != 13 || a.Header.Get("Accept-Ranges") != "bytes" || a.Header.Get("Etag") != tag {
		t.Errorf("HEAD: %d %v", a.StatusCode, a.Header)
	}
	a = h.do("GET", at, "", ranged("bytes=13-"))
	if a.problem(t, 416, "hello.txt"); a.Header.Get("Content-Range") != "bytes */13" || strings.Contains(a.body, "example") || a.Header.Get("Content-Disposition") != "" {
		t.Errorf("%v %s", a.Header, a.body)
	}
	h.do("GET", at, "", ranged("bytes=7-6")).problem(t, 400, "Range")
	h.do("POST", apiPrefix+"append?path=/example/hello.txt", " And good night.", h.as("ada")).want(t, 200, "")
	h.do("GET", at, "", ranged("bytes=7-"), header("If-Range", tag)).want(t, 200, "Hello, world! And good night.")
}

// TestADownloadUnderACondition: a client that has the file does not get it again, and one that wants another state of it gets nothing.
func TestADownloadUnderACondition(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	secret, _ := h.link("")
	at := linksPrefix + secret
	tag := h.etag("/example/hello.txt")
	for _, method := range []string{"GET", "HEAD"} {
		for _, text := range []string{tag, "W/" + tag, `"1-1", ` + tag, "*"} {
			a := h.do(method, at, "", noneMatch(text))
			if a.StatusCode != 304 || a.body != "" || a.Header.Get("Etag") != tag || a.Header.Get("Content-Disposition") != "" {
				t.Errorf("%s under If-None-Match %s: %d %v %q", method, text, a.StatusCode, a.Header, a.body)
			}
		}
	}
	a := h.do("GET", at, "", match(`"1-1"`))
	if a.problem(t, 412, "hello.txt"); a.Header.Get("Etag") != tag || strings.Contains(a.body, "example") {
		t.Errorf("%v %s", a.Header, a.body)
	}
	h.do("GET", at, "", match("W/"+tag)).problem(t, 412, "")
	h.do("GET", at, "", match(tag), noneMatch(`"1-1"`)).want(t, 200, hello)
	h.do("GET", at, "", match(tag), header("Range", "bytes=7-")).want(t, 206, "world!")
	h.do("GET", at, "", match(`"1-1"`), header("Range", "bytes=99-")).problem(t, 412, "")
	if a := h.do("GET", at, "", match("none")); a.StatusCode != 400 || !strings.Contains(a.body, "is neither * nor a list of ETags") || strings.Contains(a.body, "example") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	h.do("GET", at, "", noneMatch("''")).problem(t, 400, ifNoneMatch)
	// If the condition of a form fails, the answer is 412, not 304 (RFC 9110, section 13.1.2).
	h.do("POST", at, "password=", header("Content-Type", "application/x-www-form-urlencoded"), noneMatch(tag)).problem(t, 412, "hello.txt")
	h.do("POST", apiPrefix+"append?path=/example/hello.txt", " And good night.", h.as("ada")).want(t, 200, "")
	h.do("GET", at, "", noneMatch(tag)).want(t, 200, "Hello, world! And good night.")
	h.do("GET", at, "", match(tag)).problem(t, 412, "")
}

func TestLinkWithPassword(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	secret, _ := h.link("open sesame")
	at := linksPrefix + secret
	form := header("Content-Type", "application/x-www-form-urlencoded")
	page := header("Accept", "text/html,application/xhtml+xml")
	h.do("GET", at, "").want(t, 401, passwordHeader)
	h.do("GET", at, "", page).want(t, 401, `<input type="password"`)
	h.do("GET", at, "", header(passwordHeader, "open sesame")).want(t, 200, "Hello, world!")
	h.do("POST", at, url.Values{"password": {"open sesame"}}.Encode(), form, page).want(t, 200, "Hello, world!")
	h.do("POST", at, url.Values{"password": {"close"}}.Encode(), form, page).want(t, 401, "That was not the password")
	h.do("POST", at, "open sesame", page).want(t, 400, "form")
	h.do("GET", at+"?password=open+sesame", "").want(t, 401, passwordHeader)
	for range 5 {
		h.do("GET", at, "", header(passwordHeader, "wrong"))
	}
	if a := h.do("GET", at, "", header(passwordHeader, "open sesame")); a.StatusCode != 429 || a.Header.Get("Retry-After") == "" {
		t.Errorf("after many guesses: %d %s", a.StatusCode, a.body)
	}
	if log := h.log.String(); strings.Contains(log, "sesame") || strings.Contains(log, secret[8:20]) {
		t.Error("the log shows the password or the link")
	}
}

func TestRedactPath(t *testing.T) {
	const secret = "grl_0123456789abcdefghijABCDEFGHIJ0123456789abc"
	for raw, want := range map[string]string{
		"/webhdfs/v1/links/x":       "/webhdfs/v1/links/x",
		"/links":                    "/links",
		"/links/":                   "/links/",
		"/links/" + secret:          "/links/***",
		"/links/anything/more":      "/links/***",
		"/Links/x":                  "/links/***",
		"/%6cinks/x":                "/links/***",
		"/links/%zz":                "/links/***",
		"/%zz":                      "/%zz",
		"/a/" + secret + "/b":       "/a/***/b",
		"/a/%67r" + secret[2:]:      "/a/***",
		"/webhdfs/v1/grl_notes.txt": "/webhdfs/v1/grl_notes.txt",
	} {
		if got := redactPath(raw); got != want {
			t.Errorf("redactPath(%q) = %q, want %q", raw, got, want)
		}
	}
}
