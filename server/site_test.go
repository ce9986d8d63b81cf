package server

import (
	"compress/gzip"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"granary/web"
)

func TestTheFileManagerIsServed(t *testing.T) {
	h := newHouse(t)
	index, err := fs.ReadFile(web.Files(), web.Index)
	must(t, err)
	for _, place := range []string{"/", "/files", "/files/Projects/a%20b/%2e%2e/x%3Fy%0Az", "/projects/demo", "/shared", "/discover"} {
		for _, method := range []string{"GET", "HEAD"} {
			a := h.do(method, place, "")
			a.want(t, 200, "")
			if method == "GET" && a.body != string(index) {
				t.Errorf("%s: another page", place)
			}
			policy := a.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || a.Header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s %s: %v", method, place, a.Header)
			}
		}
	}
	h.do("GET", "/projects", "").want(t, 404, "")
	h.do("POST", "/files/x", "").want(t, 405, "")
	if a := h.do("GET", "/favicon.ico", ""); a.StatusCode != 200 || a.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("the icon: %d %v", a.StatusCode, a.Header)
	}
	loaded := regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`).FindAllStringSubmatch(string(index), -1)
	if len(loaded) < 3 {
		t.Fatalf("the page loads %v", loaded)
	}
	for _, match := range loaded {
		whole := h.do("GET", match[1], "", header("Accept-Encoding", "identity"))
		whole.want(t, 200, "")
		if policy := whole.Header.Get("Content-Security-Policy"); policy != "default-src 'none'" {
			t.Errorf("as a worker, %s would be let do %q", match[1], policy)
		}
		tag := whole.Header.Get("Etag")
		h.do("GET", match[1], "", noneMatch(`"other", W/`+tag), header("Accept-Encoding", "identity")).want(t, 304, "")
		zipped := h.do("GET", match[1], "", header("Accept-Encoding", "br, gzip;q=0.5"))
		if zipped.Header.Get("Content-Encoding") == "" {
			continue // too short to be worth it
		}
		h.do("GET", match[1], "", noneMatch(tag), header("Accept-Encoding", "gzip")).want(t, 200, "")
		h.do("GET", match[1], "", noneMatch(zipped.Header.Get("Etag")), header("Accept-Encoding", "gzip")).want(t, 304, "")
		r, err := gzip.NewReader(strings.NewReader(zipped.body))
		must(t, err)
		text, err := io.ReadAll(r)
		must(t, err)
		if string(text) != whole.body {
			t.Errorf("%s is something else when it is compressed", match[1])
		}
		if refused := h.do("GET", match[1], "", header("Accept-Encoding", "gzip;q=0")); refused.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s is compressed for who cannot read that", match[1])
		}
	}
}
