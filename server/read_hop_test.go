package server

import (
	"net/http"
	"testing"
)

// TestWhoIsRedirectedToRead asks as clients that accept only a redirect, and as those that need none.
func TestWhoIsRedirectedToRead(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const file = "/webhdfs/v1/example/hello.txt?op="
	none := func(*http.Request) {}
	for _, c := range []struct {
		method, target, agent string
		option                func(*http.Request)
		redirected            bool
	}{
		{"GET", "OPEN", "Java/17.0.1", none, true},
		{"GET", "OPEN&offset=7", "Ruby", none, true},
		{"GET", "OPEN", "Furl Net::Hadoop::WebHDFS (perl)", none, true},
		{"GET", "OPEN", "Furl::HTTP/3.14", none, true},
		{"GET", "OPEN", "Net::Hadoop::WebHDFS::LWP 0.012", none, true},
		{"GET", "OPEN", "libwww-perl/6.77", none, true},
		{"GET", "OPEN&user.name=ada", "python-requests/2.34.2", none, true},
		{"GET", "OPEN&length=5", "python-requests/2.34.2", none, true},
		{"GET", "OPEN&offset=0", "python-requests/2.34.2", none, false},
		{"GET", "OPEN", "python-requests/2.34.2", header("Range", "bytes=7-"), false},
		{"HEAD", "OPEN", "python-requests/2.34.2", none, false},
		{"HEAD", "OPEN", "Ruby", none, false},
		{"GET", "OPEN", "curl/8.14.1", none, false},
		{"GET", "OPEN", "Go-http-client/1.1", none, false},
		{"GET", "OPEN", "Mozilla/5.0", none, false},

		{"GET", "GETFILECHECKSUM", "python-requests/2.34.2", none, true},
		{"GET", "GETFILECHECKSUM", "curl/8.14.1", none, true},
	} {
		a := h.do(c.method, file+c.target, "", h.as("ada"), header("User-Agent", c.agent), c.option)
		if got := a.StatusCode == http.StatusTemporaryRedirect; got != c.redirected {
			t.Errorf("%s %s by %s: %d; want it redirected: %v", c.method, c.target, c.agent, a.StatusCode, c.redirected)
		}
		if !c.redirected {
			continue
		}
		// The address suffices for the second request, and does not lead back to the first hop.
		if second := h.do(c.method, a.location(t).String(), "", header("User-Agent", c.agent), c.option); second.StatusCode != http.StatusOK || second.body == "" {
			t.Errorf("%s %s by %s: then %d %s", c.method, c.target, c.agent, second.StatusCode, second.body)
		}
	}
	h.do("GET", file+"GETFILECHECKSUM&data=true", "", h.as("ada")).want(t, 200, "FileChecksum")
	h.do("GET", apiPrefix+"get-file-checksum?path=/example/hello.txt", "", h.as("ada")).want(t, 200, "FileChecksum")
	h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("ada"), header("User-Agent", "Ruby")).want(t, 200, "Hello, world!")
}

func TestEveryReadIsRedirected(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.RedirectReads = true })
	h.furnish()
	for _, method := range []string{"GET", "HEAD"} {
		first := h.do(method, "/webhdfs/v1/example/hello.txt?op=OPEN&offset=7", "", h.as("ada"), header("User-Agent", "curl/8.14.1"))
		second := h.do(method, first.location(t).String(), "")
		second.want(t, 200, map[string]string{"GET": "world!", "HEAD": ""}[method])
	}
	h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("ada")).want(t, 200, "Hello, world!")
}
