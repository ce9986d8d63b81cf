package server

import (
	"net/http"
	"strings"
	"testing"
)

const hello = "Hello, world!" // of 13 bytes

func TestRanges(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	h.do("PUT", "/webhdfs/v1/example/empty?op=CREATE&data=true", "", h.as("ada")).want(t, 201, "")
	for _, target := range []string{apiPrefix + "open?path=/example/hello.txt", "/webhdfs/v1/example/hello.txt?op=OPEN"} {
		for _, c := range []struct {
			span   string
			status int
			body   string // or a part of it, where it is refused
			within string
		}{
			{"bytes=0-4", 206, "Hello", "bytes 0-4/13"},
			{"bytes=7-", 206, "world!", "bytes 7-12/13"},
			{"bytes=-6", 206, "world!", "bytes 7-12/13"},
			{"bytes=-100", 206, hello, "bytes 0-12/13"},
			{"bytes=0-0", 206, "H", "bytes 0-0/13"},
			{"bytes=12-99999999999999999999", 206, "!", "bytes 12-12/13"},
			{"BYTES= 0-4 ", 206, "Hello", "bytes 0-4/13"},
			{"bytes=0-12", 206, hello, "bytes 0-12/13"},
			{"bytes=13-", 416, "outside /example/hello.txt, which has 13 bytes", "bytes */13"},
			{"bytes=99999999999999999999-", 416, "outside", "bytes */13"},
			{"bytes=-0", 416, "outside", "bytes */13"},
			{"bytes=0-1,3-4", 200, hello, ""},
			{"lines=0-4", 200, hello, ""},
			{"bytes=4-0", 400, "ask for bytes=0-99", ""},
			{"bytes=-", 400, "ask for", ""},
			{"bytes=a-b", 400, "ask for", ""},
			{"bytes=", 400, "ask for", ""},
			{"bytes=+1-2", 400, "ask for", ""},
			{"bytes=1--2", 400, "ask for", ""},
		} {
			a := h.do("GET", target, "", h.as("ada"), header("Range", c.span))
			if whole := a.StatusCode < 300 && a.body != c.body; a.StatusCode != c.status || whole || !strings.Contains(a.body, c.body) {
				t.Errorf("%s of %s: %d %q; want %d %q", c.span, target, a.StatusCode, a.body, c.status, c.body)
			}
			if got := a.Header.Get("Content-Range"); got != c.within {
				t.Errorf("%s of %s: Content-Range %q, want %q", c.span, target, got, c.within)
			}
			if a.StatusCode < 300 && (a.Header.Get("Accept-Ranges") != "bytes" || a.Header.Get("ETag") == "") {
				t.Errorf("%s of %s: %v", c.span, target, a.Header)
			}
		}
		// Offset and length are the older way, and take precedence.
		h.do("GET", target+"&offset=7", "", h.as("ada"), header("Range", "bytes=0-0")).want(t, 200, "world!")
		h.do("GET", target+"&length=5", "", h.as("ada"), header("Range", "bytes=0-0")).want(t, 200, "Hello")
		// A range of a file that has changed does not fit what the client has.
		tag := h.etagOf(target)
		h.do("GET", target, "", h.as("ada"), header("Range", "bytes=0-4"), header("If-Range", tag)).want(t, 206, "Hello")
		for _, other := range []string{`"1-1"`, "W/" + tag, "Tue, 14 Nov 2023 22:13:20 GMT"} {
			if a := h.do("GET", target, "", h.as("ada"), header("Range", "bytes=0-4"), header("If-Range", other)); a.StatusCode != 200 || a.body != hello {
				t.Errorf("If-Range %s: %d %q", other, a.StatusCode, a.body)
			}
		}
		if a := h.do("HEAD", target, "", h.as("ada"), header("Range", "bytes=0-4")); a.StatusCode != 200 || a.Header.Get("Content-Length") != "13" {
			t.Errorf("HEAD with a range: %d, %v", a.StatusCode, a.Header)
		}
		empty := strings.Replace(target, "hello.txt", "empty", 1)
		for _, span := range []string{"bytes=0-", "bytes=-1", "bytes=0-0"} {
			if a := h.do("GET", empty, "", h.as("ada"), header("Range", span)); a.StatusCode != 200 || a.body != "" {
				t.Errorf("%s of an empty file: %d %q", span, a.StatusCode, a.body)
			}
		}
	}
	// A caller who may not read learns nothing of the length.
	h.do("PUT", apiPrefix+"set-permission?path=/example/hello.txt&permission=600", "", h.as("ada")).want(t, 200, "")
	a := h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("bob"), header("Range", "bytes=99-"))
	if a.StatusCode != http.StatusForbidden || a.Header.Get("Content-Range") != "" {
		t.Errorf("a range of a file that one may not read: %d, %v", a.StatusCode, a.Header)
	}
}

// TestAPartIsNoFile: a part, as Content-Range declares it, must not replace the whole file. curl sends one for -C with a number, and
// the whole content under such a header for -C -.
func TestAPartIsNoFile(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const refusal = "is not that of the whole content"
	within := func(text string) func(*http.Request) { return header("Content-Range", text) }
	for _, target := range []string{apiPrefix + "create?path=/example/hello.txt&overwrite=true", "/webhdfs/v1/example/hello.txt?op=CREATE&overwrite=true"} {
		for _, text := range []string{
			"bytes 7-12/13", "bytes 0-5/13", "bytes 0-12/13", "bytes 0-5/*", "bytes */6", "bytes 1-6/7", "bytes 0-5/6, bytes 0-5/6", "bytes=0-5/6", "lines 0-5/6",
			"bytes -5/6", "bytes 0-/6", "bytes 0-5", "bytes +0-5/6", "bytes 0-5/six", "bytes 0-9223372036854775807/9223372036854775807", "''",
			"bytes 0--3/-2", "bytes 0-9223372036854775807/-9223372036854775808",
		} {
			h.do("PUT", target, "world!", h.as("ada"), within(text)).want(t, 400, refusal)
		}
		h.do("PUT", target, "world!", h.as("ada"), within("bytes 7-12/13"), chunked).want(t, 400, refusal)
		h.do("PUT", target, "world!", h.as("ada"), within("bytes 0-5/6"), func(r *http.Request) { r.Header.Add("Content-Range", "bytes 0-5/6") }).want(t, 400, refusal)
		h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("ada")).want(t, 200, hello)
		h.do("PUT", target, hello, h.as("ada"), within("bytes 0-12/13")).want(t, 201, "")
		h.do("PUT", target, hello, h.as("ada"), within("Bytes 0-12/13"), chunked).want(t, 201, "")
		// What curl sends with an empty file, and with one whose length it does not know.
		h.do("PUT", target+"&data=true", "", h.as("ada"), within("bytes 0--1/0")).want(t, 201, "")
		h.do("PUT", target, "world!", h.as("ada"), within("bytes 0--1/0")).want(t, 400, refusal)
		h.do("PUT", target, "world!", h.as("ada"), within("bytes 0--2/-1")).want(t, 400, refusal)
		h.do("PUT", target, hello, h.as("ada"), within("bytes 0--2/-1"), chunked).want(t, 201, "")
		h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("ada")).want(t, 200, hello)
	}
	// Clients that send the content to a second address do not repeat their headers there. The first hop makes no file for a part.
	for _, client := range []func(*http.Request){header("User-Agent", "curl"), java} {
		const first = "/webhdfs/v1/example/new?op=CREATE"
		h.do("PUT", first, "", h.as("ada"), client, within("bytes 7-12/13")).want(t, 400, refusal)
		h.do("GET", apiPrefix+"get-file-status?path=/example/new", "", h.as("ada")).want(t, 404, "")
		address := h.do("PUT", first, "", h.as("ada"), client, within("bytes 0-12/13")).location(t).String()
		h.do("PUT", address, "world!", client, within("bytes 7-12/13")).want(t, 400, refusal)
		h.do("PUT", address, "", client, within("bytes 0-12/13")).want(t, 400, refusal)
		h.do("PUT", address, hello, client, within("bytes 0-12/13")).want(t, 201, "")
		h.do("DELETE", "/webhdfs/v1/example/new?op=DELETE", "", h.as("ada")).want(t, 200, "true")
	}
	// An append puts a part where it belongs.
	h.do("POST", apiPrefix+"append?path=/example/hello.txt", " Bye.", h.as("ada"), within("bytes 13-17/18")).want(t, 200, "")
}

// chunked sends a body whose length is not announced.
func chunked(r *http.Request) { r.ContentLength = -1 }

// etagOf returns the ETag of a read of target.
func (h *house) etagOf(target string) string {
	return h.do("GET", target, "", h.as("ada")).Header.Get("ETag")
}
