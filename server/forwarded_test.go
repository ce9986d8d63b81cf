package server

import (
	"net/http/httptest"
	"testing"
)

func TestForwarded(t *testing.T) {
	networks, err := ParseNetworks([]string{"10.0.0.0/8", "127.0.0.1", "fd00::/8"})
	must(t, err)
	for name, tt := range map[string]struct {
		from string
		said []string
		want string
	}{
		"directly":                        {"192.0.2.1:5", nil, "192.0.2.1"},
		"directly, with a story":          {"192.0.2.1:5", []string{"198.51.100.1"}, "192.0.2.1"},
		"by a proxy":                      {"10.0.0.7:5", []string{"192.0.2.1"}, "192.0.2.1"},
		"by a proxy on this machine":      {"127.0.0.1:5", []string{"192.0.2.1"}, "192.0.2.1"},
		"by two":                          {"10.0.0.7:5", []string{"192.0.2.1, 10.0.0.8"}, "192.0.2.1"},
		"by two, in two headers":          {"10.0.0.7:5", []string{"192.0.2.1", "10.0.0.8"}, "192.0.2.1"},
		"with a story before":             {"10.0.0.7:5", []string{"198.51.100.1, 192.0.2.1"}, "192.0.2.1"},
		"with a story of our own proxies": {"10.0.0.7:5", []string{"10.0.0.9, 192.0.2.1, 10.0.0.8"}, "192.0.2.1"},
		"from inside":                     {"10.0.0.7:5", []string{"10.1.2.3"}, "10.1.2.3"},
		"without saying for whom":         {"10.0.0.7:5", nil, "10.0.0.7"},
		"saying nonsense":                 {"10.0.0.7:5", []string{"unknown"}, "10.0.0.7"},
		"nonsense before":                 {"10.0.0.7:5", []string{"' OR 1=1, 192.0.2.1"}, "192.0.2.1"},
		"version 6":                       {"[fd00::1]:5", []string{"2001:db8::1"}, "2001:db8::1"},
		"with ports":                      {"10.0.0.7:5", []string{"198.51.100.1:9, 192.0.2.1:40000, 10.0.0.8:443"}, "192.0.2.1"},
		"version 6 with a port":           {"10.0.0.7:5", []string{"[2001:db8::1]:40000"}, "2001:db8::1"},
		"version 4 in 6":                  {"[::ffff:10.0.0.7]:5", []string{"::ffff:192.0.2.1"}, "192.0.2.1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = tt.from
		r.Header["X-Forwarded-For"] = tt.said
		if got := clientHost((&Server{forwarders: networks}).forwarded(r)); got != tt.want {
			t.Errorf("%s: from %s, want %s", name, got, tt.want)
		}
		if got := clientHost((&Server{}).forwarded(r)); got != clientHost(r) {
			t.Errorf("%s, with no proxy of our own: from %s", name, got)
		}
	}
	for _, wrong := range []string{"", "localhost", "10.0.0.0/33", "*"} {
		if _, err := ParseNetworks([]string{wrong}); err == nil {
			t.Errorf("%q is a network", wrong)
		}
	}
}
