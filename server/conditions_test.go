package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func match(tag string) func(*http.Request)     { return header(ifMatch, tag) }
func noneMatch(tag string) func(*http.Request) { return header(ifNoneMatch, tag) }

// etag returns the ETag of a file.
func (h *house) etag(path string) string {
	h.t.Helper()
	a := h.do("HEAD", apiPrefix+"open?path="+path, "", h.as("ada"))
	tag := a.Header.Get("ETag")
	if a.StatusCode != 200 || !strings.HasPrefix(tag, `"`) {
		h.t.Fatalf("HEAD %s: %d, ETag %q", path, a.StatusCode, tag)
	}
	return tag
}

// TestConditions writes and reads through both mounts.
func TestConditions(t *testing.T) {
	h := newHouse(t)
	const file = "/example/hello.txt"
	type mount func(op, query string) string
	mounts := map[string]mount{
		"api":     func(op, query string) string { return apiPrefix + strings.ToLower(op) + "?path=" + file + query },
		"webhdfs": func(op, query string) string { return "/webhdfs/v1" + file + "?op=" + op + query },
	}
	operations := []struct{ method, op, query, body string }{
		{"PUT", "CREATE", "&overwrite=true", "new"},
		{"PUT", "CREATE", "", "new"},
		{"POST", "APPEND", "", "more"},
		{"POST", "TRUNCATE", "&newlength=3", ""},
		{"POST", "CONCAT", "&sources=/example/part", ""},
		{"DELETE", "DELETE", "", ""},
		{"GET", "OPEN", "", ""},
	}
	for name, at := range mounts {
		for _, o := range operations {
			for _, c := range []struct {
				condition func(now string) func(*http.Request)
				holds     bool
			}{
				{match, true},
				{func(now string) func(*http.Request) { return match(`"x", W/"y" ,, ` + now) }, true},
				{func(string) func(*http.Request) { return match("*") }, true},
				{func(now string) func(*http.Request) { return match("W/" + now) }, false},
				{func(string) func(*http.Request) { return match(`"1-1"`) }, false},
				{func(string) func(*http.Request) { return match(`""`) }, false},
				{noneMatch, false},
				{func(now string) func(*http.Request) { return noneMatch(`"a", W/` + now) }, false},
				{func(string) func(*http.Request) { return noneMatch("*") }, false},
			} {
				h.do("DELETE", "/webhdfs/v1/example?op=DELETE&recursive=true", "", h.as("root")).want(t, 200, "")
				h.furnish()
				h.do("PUT", "/webhdfs/v1/example/part?op=CREATE", "part", h.as("ada")).want(t, 201, "")
				now := h.etag(file)
				option := c.condition(now)
				got := h.do(o.method, at(o.op, o.query), o.body, h.as("ada"), option)
				r, err := http.NewRequestWithContext(t.Context(), "GET", h.url, nil)
				must(t, err)
				option(r)
				text := name + " " + o.op + " " + ifMatch + " " + r.Header.Get(ifMatch) + " " + ifNoneMatch + " " + r.Header.Get(ifNoneMatch)
				want := http.StatusPreconditionFailed
				switch {
				case c.holds && o.method == "PUT":
					want = http.StatusCreated
				case c.holds:
					want = http.StatusOK
				case o.method == "GET" && r.Header.Get(ifNoneMatch) != "":
					want = http.StatusNotModified
				case o.op == "CREATE" && o.query == "" && strings.Contains(r.Header.Get(ifNoneMatch), now):
					continue // the file exists already, whatever its state
				}
				if got.StatusCode != want {
					t.Errorf("%s: %d %s; want %d", text, got.StatusCode, got.body, want)
					continue
				}
				if !c.holds && got.Header.Get("ETag") != now {
					t.Errorf("%s: ETag %q, want %q", text, got.Header.Get("ETag"), now)
				}
				if c.holds && (o.op == "CREATE" || o.op == "APPEND" || o.op == "OPEN") && got.Header.Get("ETag") != h.etag(file) {
					t.Errorf("%s: ETag %q, want the new one %q", text, got.Header.Get("ETag"), h.etag(file))
				}
				switch {
				case want == http.StatusNotModified && got.body != "":
					t.Errorf("%s: a 304 with %q", text, got.body)
				case want == http.StatusPreconditionFailed && name == "webhdfs":
					if e := got.remote(t); e.JavaClassName != "java.io.IOException" || !strings.Contains(e.Message, now) {
						t.Errorf("%s: %+v", text, e)
					}
				case want == http.StatusPreconditionFailed:
					var p Problem
					must(t, json.Unmarshal([]byte(got.body), &p))
					if p.ETag != now || p.Title != "Precondition failed" {
						t.Errorf("%s: %+v", text, p)
					}
				}
			}
		}
	}
}

// TestConditionsCrossTheRedirect: clients send their headers only to the first hop.
func TestConditionsCrossTheRedirect(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const file = "/webhdfs/v1/example/hello.txt"
	now := h.etag("/example/hello.txt")
	for _, o := range []struct{ method, target string }{{"PUT", file + "?op=CREATE&overwrite=true"}, {"POST", file + "?op=APPEND"}} {
		for _, client := range []func(*http.Request){header("User-Agent", "curl"), java} {
			address := h.do(o.method, o.target, "", h.as("ada"), match(`"1-1"`), client).location(t).String()
			h.do(o.method, address, "x").want(t, 412, "")
			h.do(o.method, address, "x", match(`"1-1"`)).want(t, 412, "")
			h.do(o.method, address, "x", match(now)).want(t, 400, "differs from the condition")
			// The ticket covers the condition: it can be neither dropped nor exchanged.
			for _, forged := range []string{
				strings.Replace(address, "if-match=", "if-matched=", 1),
				strings.Replace(address, "if-match=", "if-none-match=", 1),
				strings.Replace(address, "%221-1%22", "%221-2%22", 1),
			} {
				if got := h.do(o.method, forged, "x"); got.StatusCode != 403 || got.remote(t).Exception != "SecurityException" {
					t.Errorf("%s: %d %s; want a refusal of the ticket", forged, got.StatusCode, got.body)
				}
			}
			address = h.do(o.method, o.target, "", h.as("ada"), match(now), client).location(t).String()
			status := 200
			if o.method == "PUT" {
				status = 201
			}
			h.do(o.method, address, "y").want(t, status, "")
			h.do(o.method, address, "y").want(t, 412, "")
			now = h.etag("/example/hello.txt")
		}
	}
	// The condition that a file be new also works for a Hadoop client, for which the first hop makes the file.
	for _, client := range []func(*http.Request){header("User-Agent", "curl"), java} {
		address := h.do("PUT", "/webhdfs/v1/example/new?op=CREATE", "", h.as("ada"), noneMatch("*"), client).location(t).String()
		h.do("PUT", address, "first").want(t, 201, "")
		h.do("PUT", "/webhdfs/v1/example/new?op=CREATE&overwrite=true", "second", h.as("ada"), noneMatch("*")).want(t, 412, "")
		h.do("DELETE", "/webhdfs/v1/example/new?op=DELETE", "", h.as("ada"), match(h.etag("/example/new"))).want(t, 200, "true")
	}
}

func TestConditionsThatAreNone(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	for _, text := range []string{"16400-3", `"16400-3`, `16400-3"`, `"a" "b"`, `w/"a"`, `*, "a"`, `"a", *`, "''"} {
		for _, name := range []string{ifMatch, ifNoneMatch} {
			h.do("PUT", apiPrefix+"create?path=/example/hello.txt&overwrite=true", "x", h.as("ada"), header(name, text)).
				want(t, 400, "is neither * nor a list of ETags")
		}
	}
	for _, target := range []string{"set-owner?path=/example&owner=ada", "mkdirs?path=/example/d"} {
		h.do("PUT", apiPrefix+target, "", h.as("root"), match("*")).want(t, 400, "takes no conditions")
		h.do("PUT", apiPrefix+target, "", h.as("root"), noneMatch("*")).want(t, 400, "takes no conditions")
	}
	// Other answers have no ETag that could match.
	h.do("GET", apiPrefix+"get-file-status?path=/example", "", h.as("ada"), noneMatch(`"1-1"`)).want(t, 200, "FileStatus")
	h.do("GET", apiPrefix+"get-file-status?path=/example", "", h.as("ada"), match("*")).want(t, 400, "takes no conditions")
}
