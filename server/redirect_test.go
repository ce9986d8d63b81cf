package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// java marks a request as that of a Hadoop client.
var java = header("User-Agent", "Java/17.0.1")

// location returns the address to which an answer redirects.
func (a answer) location(t testing.TB) *url.URL {
	t.Helper()
	if a.StatusCode != http.StatusTemporaryRedirect || a.body != "" {
		t.Fatalf("%d %q; want an empty 307", a.StatusCode, a.body)
	}
	u, err := url.Parse(a.Header.Get("Location"))
	must(t, err)
	return u
}

func TestCreateInTwoHops(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	ada := h.token("ada")
	first := h.do("PUT", "/webhdfs/v1/example/a%20b+c;é?op=create&user.name=ada&Permission=640&noRedirect=false&x=a+b%26c&x=2", "", bearer(ada))
	u := first.location(t)
	ticket := u.Query().Get("ticket")
	want := h.url + "/webhdfs/v1/example/a%20b%2Bc%3B%C3%A9?op=CREATE&permission=640&x=a%20b%26c&data=true&ticket=" + ticket
	if got := u.String(); got != want || ticket == "" {
		t.Errorf("Location %s\nwant %s", got, want)
	}
	if kind := first.Header.Get("Content-Type"); kind != "application/octet-stream" {
		t.Errorf("Content-Type %q; HDFS says application/octet-stream", kind)
	}
	// The second request needs only the address.
	second := h.do("PUT", u.String(), "content")
	second.want(t, 201, "")
	if got, want := second.Header.Get("Location"), "hdfs://"+u.Host+"/example/a%20b%2Bc%3B%C3%A9"; got != want {
		t.Errorf("Location %s; want %s", got, want)
	}
	if second.Header.Get("Content-Length") != "0" {
		t.Errorf("a 201 with Content-Length %q; want 0", second.Header.Get("Content-Length"))
	}
	h.do("GET", "/webhdfs/v1/example/a%20b+c;é?op=OPEN", "", bearer(ada)).want(t, 200, "content")
	h.do("GET", "/webhdfs/v1/example/a%20b+c;é?op=GETFILESTATUS", "", bearer(ada)).want(t, 200, `"permission":"640"`)

	// Errors of a CREATE appear on the second hop.
	again := h.do("PUT", "/webhdfs/v1/example/hello.txt?op=CREATE", "", bearer(ada)).location(t).String()
	if got := h.do("PUT", again, "x"); got.StatusCode != 403 || got.remote(t).Exception != "FileAlreadyExistsException" {
		t.Errorf("%d %s; want a FileAlreadyExistsException", got.StatusCode, got.body)
	}
	// The address of a CREATE cannot be changed into one that overwrites, that has another path, or that opens the file to others.
	fresh := h.do("PUT", "/webhdfs/v1/example/fresh?op=CREATE&permission=600", "", bearer(ada)).location(t).String()
	for _, forged := range []string{
		strings.Replace(fresh, "permission=600", "permission=666", 1), strings.Replace(fresh, "permission=600", "", 1),
		again + "&permission=666", fresh + "&unmaskedpermission=666",
		again + "&overwrite=true", strings.Replace(again, "?op=CREATE", "?op=CREATE&createflag=OVERWRITE", 1),
		strings.Replace(again, "hello.txt", "other.txt", 1), strings.Replace(again, "data=true", "data=false", 1),
	} {
		if got := h.do("PUT", forged, "x"); got.StatusCode != 403 && got.StatusCode != 401 {
			t.Errorf("PUT %s: %d %s; want a refusal of the ticket", forged, got.StatusCode, got.body)
		}
	}
	if got := h.do("POST", strings.Replace(again, "CREATE", "APPEND", 1), "x"); got.StatusCode != 403 {
		t.Errorf("APPEND with the ticket of a CREATE: %d %s; want 403", got.StatusCode, got.body)
	}
	h.do("PUT", fresh, "x").want(t, 201, "")
	h.do("GET", "/webhdfs/v1/example/hello.txt?op=OPEN", "", bearer(ada)).want(t, 200, "Hello, world!")
}

// TestAppendAddressLasts appends as fsspec does, with many requests to the address of one redirect.
func TestAppendAddressLasts(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	address := h.do("POST", "/webhdfs/v1/example/hello.txt?op=APPEND", "", h.as("ada")).location(t).String()
	for _, text := range []string{"1", "2", "3"} {
		h.do("POST", address, text).want(t, 200, "")
	}
	h.do("GET", "/webhdfs/v1/example/hello.txt?op=OPEN", "", h.as("ada")).want(t, 200, "Hello, world!123")
}

func TestBodyOnTheFirstHop(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	unsized := func(body io.Reader) func(*http.Request) {
		return func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(body), -1 }
	}
	h.do("PUT", "/webhdfs/v1/example/sized?op=CREATE", "content", h.as("ada")).want(t, 201, "")
	h.do("PUT", "/webhdfs/v1/example/chunked?op=CREATE", "", h.as("ada"), unsized(strings.NewReader("content"))).want(t, 201, "")
	h.do("PUT", "/webhdfs/v1/example/typed?op=CREATE&data=true", "content", h.as("ada"), header("Content-Type", "application/json")).want(t, 201, "")
	for _, name := range []string{"sized", "chunked", "typed"} {
		h.do("GET", "/webhdfs/v1/example/"+name+"?op=OPEN", "", h.as("ada")).want(t, 200, "content")
	}
	// A request without a body asks where to send it, however it says that there is none.
	h.do("PUT", "/webhdfs/v1/example/empty?op=CREATE", "", h.as("ada")).location(t)
	h.do("PUT", "/webhdfs/v1/example/empty?op=CREATE", "", h.as("ada"), unsized(strings.NewReader(""))).location(t)
	h.do("GET", "/webhdfs/v1/example/empty?op=GETFILESTATUS", "", h.as("ada")).want(t, 404, "FileNotFoundException")
	// On the second hop, and under /api, no body means an empty file.
	h.do("PUT", "/webhdfs/v1/example/empty?op=CREATE&data=true", "", h.as("ada")).want(t, 201, "")
	h.do("PUT", apiPrefix+"create?path=/example/empty2", "", h.as("ada")).want(t, 201, "")
	h.do("GET", "/webhdfs/v1/example/empty2?op=GETFILESTATUS", "", h.as("ada")).want(t, 200, `"length":0`)
}

func TestNoRedirect(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for method, target := range map[string]string{
		"PUT": "/example/new?op=CREATE&noredirect=true&overwrite=true", "POST": "/example/hello.txt?op=APPEND&noredirect=TRUE",
		"GET": "/example/hello.txt?op=OPEN&noRedirect=true&offset=7",
	} {
		a := h.do(method, "/webhdfs/v1"+target, "", h.as("ada"))
		a.want(t, 200, `{"Location":"`)
		var reply struct{ Location string }
		must(t, json.Unmarshal([]byte(a.body), &reply))
		if strings.Contains(strings.ToLower(reply.Location), "noredirect") {
			t.Errorf("%s would answer with a Location again", reply.Location)
		}
		got := h.do(method, reply.Location, map[string]string{"PUT": "x", "POST": "y"}[method])
		if got.StatusCode/100 != 2 {
			t.Errorf("%s %s: %d %s", method, reply.Location, got.StatusCode, got.body)
		}
	}
}

// TestOpenOffsets checks the rules of the first hop and of the second, and who gets which.
func TestOpenOffsets(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	h.do("PUT", "/webhdfs/v1/example/empty?op=CREATE&data=true", "", h.as("ada")).want(t, 201, "")
	for _, c := range []struct {
		target  string
		java    bool
		status  int
		content string // or the exception
	}{
		{"hello.txt?op=OPEN", false, 200, "Hello, world!"},
		{"hello.txt?op=OPEN&offset=7&length=5", false, 200, "world"},
		{"hello.txt?op=OPEN&offset=7&length=500", false, 200, "world!"},
		{"hello.txt?op=OPEN&length=0", false, 200, ""},
		{"hello.txt?op=OPEN&offset=13", false, 403, "IOException"},
		{"hello.txt?op=OPEN&offset=14", false, 403, "IOException"},
		{"hello.txt?op=OPEN&offset=-1", false, 400, "IllegalArgumentException"},
		{"empty?op=OPEN", false, 200, ""},
		{"empty?op=OPEN&offset=1", false, 403, "EOFException"},
		{"missing?op=OPEN", false, 404, "FileNotFoundException"},
		{"?op=OPEN", false, 404, "FileNotFoundException"},
		{"a:b?op=OPEN", false, 400, "InvalidPathException"},

		{"hello.txt?op=OPEN", true, 307, ""},
		{"hello.txt?op=OPEN&offset=12", true, 307, ""},
		{"hello.txt?op=OPEN&offset=13", true, 403, "IOException"},
		{"empty?op=OPEN&offset=1", true, 307, ""},
		{"missing?op=OPEN", true, 404, "FileNotFoundException"},
		{"missing?op=GETFILECHECKSUM", true, 404, "FileNotFoundException"},
		{"hello.txt?op=GETFILECHECKSUM", true, 307, ""},
		{"?op=OPEN", true, 307, ""},
		{"a:b?op=OPEN", true, 400, "InvalidPathException"},

		{"hello.txt?op=OPEN&data=true&offset=13", true, 200, ""},
		{"hello.txt?op=OPEN&data=true&offset=14", true, 403, "EOFException"},
		{"?op=OPEN&data=true", true, 404, "FileNotFoundException"},
	} {
		options := []func(*http.Request){h.as("ada")}
		if c.java {
			options = append(options, java)
		}
		a := h.do("GET", "/webhdfs/v1/example/"+c.target, "", options...)
		switch {
		case a.StatusCode != c.status:
			t.Errorf("%s: %d %s; want %d", c.target, a.StatusCode, a.body, c.status)
		case c.status >= 400:
			if got := a.remote(t).Exception; got != c.content {
				t.Errorf("%s: %s; want %s", c.target, got, c.content)
			}
		case a.body != c.content:
			t.Errorf("%s: %q; want %q", c.target, a.body, c.content)
		}
	}
	a := h.do("GET", "/webhdfs/v1/example/hello.txt?op=OPEN&offset=13", "", h.as("ada"))
	if want := "Offset=13 out of the range [0, 13); OPEN, path=/example/hello.txt"; a.remote(t).Message != want {
		t.Errorf("%s; want %s", a.body, want)
	}
	// Under /api, the end of the file is a valid offset, and only what lies beyond it is not.
	a = h.do("GET", apiPrefix+"open?path=/example/hello.txt&offset=13", "", h.as("ada"))
	if a.want(t, 200, ""); a.body != "" || a.Header.Get("Etag") == "" {
		t.Errorf("at the end: %q, %v", a.body, a.Header)
	}
	h.do("GET", apiPrefix+"open?path=/example/hello.txt&offset=14", "", h.as("ada")).problem(t, 416, "")
	// Java seeks by appending an offset to the address that it was given.
	u := h.do("GET", "/webhdfs/v1/example/hello.txt?op=OPEN&length=6", "", h.as("ada"), java).location(t)
	h.do("GET", u.String()+"&offset=7", "").want(t, 200, "world!")
}

func TestBase(t *testing.T) {
	h := newHouse(t, simple)
	port := h.url[strings.LastIndexByte(h.url, ':'):]
	for host, want := range map[string]string{
		"127.0.0.1" + port: "127.0.0.1" + port,
		"localhost" + port: "localhost" + port,
		"LocalHost" + port: "LocalHost" + port,
		"localhost:1":      "127.0.0.1" + port,
		"localhost":        "127.0.0.1" + port,
		"evil.example":     "127.0.0.1" + port,
		"evil" + port:      "127.0.0.1" + port,
		"[::1]" + port:     "127.0.0.1" + port,
		"127.0.0.2" + port: "127.0.0.1" + port,
	} {
		u := h.do("PUT", "/webhdfs/v1/tmp/x?op=CREATE", "", h.as("ada"), func(r *http.Request) { r.Host = host }).location(t)
		if u.Host != want || u.Scheme != "http" {
			t.Errorf("Host %s: redirected to %s; want http://%s", host, u, want)
		}
	}
	h = newHouse(t, simple, func(c *Config) { c.PublicURL = "https://granary.example.org/" })
	u := h.do("PUT", "/webhdfs/v1/tmp/x?op=CREATE", "", h.as("ada")).location(t)
	if got := u.Scheme + "://" + u.Host + u.Path; got != "https://granary.example.org/webhdfs/v1/tmp/x" {
		t.Errorf("redirected to %s", got)
	}
}

func TestParsePublicURL(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "http://a": "http://a", "https://a:1/": "https://a:1",
	} {
		if got, err := ParsePublicURL(text); got != want || err != nil {
			t.Errorf("ParsePublicURL(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"a", "ftp://a", "http://", "http://a/b", "http://u:p@a", "http://a?b", "http://a#b", "://"} {
		if got, err := ParsePublicURL(text); err == nil {
			t.Errorf("ParsePublicURL(%q) = %q; want an error", text, got)
		}
	}
}

// TestHadoopFindsWhatItBeginsToWrite does what pydoop does whenever it opens a file for writing: it looks the file up before it
// has sent a byte.
func TestHadoopFindsWhatItBeginsToWrite(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const file = "/webhdfs/v1/example/new"
	begin := func(query string) *url.URL {
		return h.do("PUT", file+"?op=CREATE&user.name=ada&lease=1.1"+query, "", h.as("ada"), java).location(t)
	}
	address := begin("")
	h.do("GET", file+"?op=GETFILESTATUS", "", h.as("ada")).want(t, 200, `"length":0`)
	lease := address.Query().Get("lease")
	if lease == "" || lease == "1.1" {
		t.Fatalf("lease %q in %s; want one of the server's", lease, address)
	}
	// The ticket covers the lease: with another, the address does not work.
	forged := strings.Replace(address.String(), "lease="+lease, "lease=16400.1", 1)
	if got := h.do("PUT", forged, "x"); got.StatusCode != 403 || got.remote(t).Exception != "SecurityException" {
		t.Errorf("with another lease: %d %s; want a refusal of the ticket", got.StatusCode, got.body)
	}
	// Anybody else who creates the file is refused, even before it has content.
	if got := h.do("PUT", file+"?op=CREATE", "x", h.as("ada")); got.StatusCode != 403 || got.remote(t).JavaClassName != "org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException" {
		t.Errorf("another create: %d %s", got.StatusCode, got.body)
	}
	h.do("PUT", address.String(), "content").want(t, 201, "")
	h.do("GET", file+"?op=OPEN", "", h.as("ada")).want(t, 200, "content")
	if got := h.do("PUT", address.String(), "again"); got.StatusCode != 403 || got.remote(t).Exception != "LeaseExpiredException" {
		t.Errorf("the address used again: %d %s", got.StatusCode, got.body)
	}

	// A client that asks again gets the file again, and only the last address works.
	for i, overwrite := range []string{"", "&overwrite=false", "&overwrite=true"} {
		again := fmt.Sprintf("/webhdfs/v1/example/again%d", i)
		first := h.do("PUT", again+"?op=CREATE"+overwrite, "", h.as("ada"), java).location(t).String()
		second := h.do("PUT", again+"?op=CREATE"+overwrite, "", h.as("ada"), java).location(t).String()
		if got := h.do("PUT", first, "x"); got.StatusCode != 404 || got.remote(t).Exception != "FileNotFoundException" {
			t.Errorf("the first address: %d %s", got.StatusCode, got.body)
		}
		h.do("PUT", second, "y").want(t, 201, "")
		h.do("GET", again+"?op=OPEN", "", h.as("ada")).want(t, 200, "y")
		h.do("DELETE", again+"?op=DELETE", "", h.as("ada")).want(t, 200, "true")
	}

	// An existing file is left alone until it is replaced, and a file that cannot be created is refused where HDFS refuses it.
	address = begin("&overwrite=true")
	if got := address.Query().Get("lease"); got != "none" {
		t.Errorf("lease %q in %s", got, address)
	}
	h.do("GET", file+"?op=OPEN", "", h.as("ada")).want(t, 200, "content")
	h.do("PUT", address.String(), "replaced").want(t, 201, "")
	if got := h.do("PUT", begin("").String(), "x"); got.remote(t).Exception != "FileAlreadyExistsException" {
		t.Errorf("create without overwrite: %d %s", got.StatusCode, got.body)
	}
	// For other clients, the file appears whole or not at all.
	h.do("PUT", "/webhdfs/v1/example/other?op=CREATE", "", h.as("ada")).location(t)
	h.do("GET", "/webhdfs/v1/example/other?op=GETFILESTATUS", "", h.as("ada")).want(t, 404, "")
	bad := "/webhdfs/v1/example/other?op=CREATE&data=true&lease=x&namenoderpcaddress=localhost"
	if got := h.do("PUT", bad, "x", h.as("ada")); got.StatusCode != 400 || got.remote(t).Exception != "IllegalArgumentException" {
		t.Errorf("a lease that is none: %d %s", got.StatusCode, got.body)
	}
	// No parameter that a redirect gave may be cut off.
	for _, method := range []string{"PUT", "POST"} {
		op := map[string]string{"PUT": "CREATE", "POST": "APPEND"}[method]
		address := h.do(method, "/webhdfs/v1/example/new?op="+op, "", h.as("ada"), java).location(t)
		if address.Query().Get("namenoderpcaddress") == "" {
			t.Errorf("%s: no namenoderpcaddress in %s", op, address)
		}
		cut := regexp.MustCompile(`&namenoderpcaddress=[^&]*`).ReplaceAllString(address.String(), "")
		got := h.do(method, cut, "x")
		if got.StatusCode != 400 || got.remote(t).Exception != "IllegalArgumentException" || !strings.Contains(got.body, "namenoderpcaddress is missing") {
			t.Errorf("%s to a cut address: %d %s", op, got.StatusCode, got.body)
		}
	}
}
