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
		// Parameters are the older way to say it, and come first.
		h.do("GET", target+"&offset=7", "", h.as("ada"), header("Range", "bytes=0-0")).want(t, 200, "world!")
		h.do("GET", target+"&length=5", "", h.as("ada"), header("Range", "bytes=0-0")).want(t, 200, "Hello")
		// A range of a file that has changed is no part of what the client has.
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
	// Whoever may not read learns nothing of the length.
	h.do("PUT", apiPrefix+"set-permission?path=/example/hello.txt&permission=600", "", h.as("ada")).want(t, 200, "")
	a := h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("bob"), header("Range", "bytes=99-"))
	if a.StatusCode != http.StatusForbidden || a.Header.Get("Content-Range") != "" {
		t.Errorf("a range of a file that one may not read: %d, %v", a.StatusCode, a.Header)
	}
}

// etagOf returns the ETag that a read of target answers.
func (h *house) etagOf(target string) string {
	return h.do("GET", target, "", h.as("ada")).Header.Get("ETag")
}
