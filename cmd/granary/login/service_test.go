package login

import (
	"net/netip"
	"strings"
	"testing"
)

func TestParseService(t *testing.T) {
	for text, want := range map[string]struct {
		url, fs   string
		overheard bool
	}{
		"http://127.0.0.1:9870":          {"http://127.0.0.1:9870", "webhdfs://127.0.0.1:9870", false},
		"http://localhost/":              {"http://localhost:80", "webhdfs://localhost:80", false},
		"http://[::1]:9870":              {"http://[::1]:9870", "webhdfs://[::1]:9870", false},
		"https://Granary.example.org":    {"https://granary.example.org:443", "swebhdfs://granary.example.org:443", false},
		"http://granary.example.org:80/": {"http://granary.example.org:80", "webhdfs://granary.example.org:80", true},
		"http://10.0.0.1":                {"http://10.0.0.1:80", "webhdfs://10.0.0.1:80", true},
	} {
		s, err := ParseService(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if s.URL() != want.url || s.FileSystem() != want.fs || s.Overheard() != want.overheard {
			t.Errorf("%s: %s, %s, overheard %v; want %+v", text, s.URL(), s.FileSystem(), s.Overheard(), want)
		}
	}
	for text, words := range map[string]string{
		"":                                   "must begin with https://",
		"granary.example.org":                "must begin with https://",
		"localhost:9870":                     "must begin with https://",
		"webhdfs://127.0.0.1:9870":           "must begin with https://",
		"https://":                           "names no host",
		"https://ada:s3cret@g.example.org":   "which do not belong there",
		"ada:s3cret@g.example.org":           "must begin with https://",
		"https:ada:s3cret@g.example.org":     "names no host",
		"https://g.example.org/webhdfs/v1":   "behind the host",
		"https://g.example.org?token=s3cret": "behind the host",
		"https://g.example.org/%zzs3cret":    "is no URL",
		"https://g.example.org:s3cret":       "is no URL",
	} {
		_, err := ParseService(text)
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v; want words about %q", text, err, words)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the error shows the secret: %v", text, err)
		}
	}
}

// Java's forms are those that InetAddress.getHostAddress gives.
func TestJavaAddress(t *testing.T) {
	for address, want := range map[string]string{
		"10.0.0.1": "10.0.0.1", "::1": "0:0:0:0:0:0:0:1", "2001:db8::a0b": "2001:db8:0:0:0:0:0:a0b",
	} {
		if got := javaAddress(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
