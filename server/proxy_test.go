package server

import (
	"strings"
	"testing"

	"granary/auth"
)

func TestParseProxy(t *testing.T) {
	p, err := ParseProxy("hue=users:ada,bob;groups:staff;hosts:10.0.0.0/8,::1")
	if err != nil || p.User != "hue" || len(p.Users) != 2 || len(p.Groups) != 1 || len(p.Hosts) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	for _, text := range []string{
		"", "hue", "hue=", "=users:*;hosts:*", "hue=users:*", "hue=hosts:*", "hue=users:;hosts:*", "hue=users:a,,b;hosts:*",
		"hue=users:*;hosts:example.org", "hue=users:*;hosts:10.0.0.0/33", "hue=user:*;hosts:*", "h e=users:*;hosts:*",
	} {
		if p, err := ParseProxy(text); err == nil {
			t.Errorf("%q: %+v; want an error", text, p)
		}
	}
}

func TestProxyReach(t *testing.T) {
	ada := auth.Principal{User: "ada", Groups: []string{"staff"}}
	for _, c := range []struct {
		text string
		who  auth.Principal
		from string
		want bool
	}{
		{"hue=users:ada;hosts:127.0.0.1", ada, "127.0.0.1", true},
		{"hue=users:ada;hosts:127.0.0.1", ada, "127.0.0.2", false},
		{"hue=users:ada;hosts:127.0.0.0/8", ada, "127.0.0.2", true},
		{"hue=users:ada;hosts:127.0.0.0/8", ada, "::ffff:127.0.0.2", true},
		{"hue=users:ada;hosts:*", ada, "2001:db8::1", true},
		{"hue=users:bob;hosts:*", ada, "127.0.0.1", false},
		{"hue=groups:staff;hosts:*", ada, "127.0.0.1", true},
		{"hue=groups:other;hosts:*", ada, "127.0.0.1", false},
		{"hue=groups:*;hosts:*", auth.Principal{User: "loner"}, "127.0.0.1", true},
		{"hue=users:*;hosts:*", auth.Principal{User: "root", Superuser: true}, "127.0.0.1", false},
	} {
		p, err := ParseProxy(c.text)
		must(t, err)
		if got := p.mayFor(c.who) && p.mayFrom(c.from); got != c.want {
			t.Errorf("%s for %s from %s: %v; want %v", c.text, c.who.User, c.from, got, c.want)
		}
	}
}

// proxied lets root act for everybody and ada for bob, though from elsewhere.
func proxied(c *Config) {
	c.Proxies = []Proxy{
		{User: "root", Users: []string{"*"}, Hosts: []string{"*"}},
		{User: "ada", Users: []string{"bob"}, Hosts: []string{"192.0.2.1"}},
	}
}

func TestDoas(t *testing.T) {
	for name, options := range map[string][]func(*Config){"names": {proxied, simple}, "tokens": {proxied}} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, options...)
			h.furnish()
			as := func(user string) func() answer {
				return func() answer { return h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&doas=bob", "", h.as(user)) }
			}
			as("root")().want(t, 200, `{"Path":"/user/bob"}`)
			as("bob")().want(t, 200, `{"Path":"/user/bob"}`)
			as("ada")().want(t, 403, "Unauthorized connection for super-user: ada from IP 127.0.0.1")
			h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&doas=ada", "", h.as("bob")).
				want(t, 403, "User: bob is not allowed to impersonate ada")
			if !strings.Contains(h.log.String(), `"user":"bob via root"`) {
				t.Error("the log does not say who acted for whom")
			}

			// The other's rights and name count on the second hop too.
			address := h.do("PUT", "/webhdfs/v1/user/bob/new?op=CREATE&doas=bob", "", h.as("root")).location(t).String()
			h.do("PUT", address, "x").want(t, 201, "")
			h.do("GET", "/webhdfs/v1/user/bob/new?op=GETFILESTATUS", "", h.as("root")).want(t, 200, `"owner":"bob"`)
			h.do("DELETE", "/webhdfs/v1/example?op=DELETE&recursive=true&doas=bob", "", h.as("root")).want(t, 403, "user=bob")
		})
	}
}

// TestATicketIsForOne: a proxy's ticket is no proxy's token.
func TestATicketIsForOne(t *testing.T) {
	h := newHouse(t, proxied)
	h.furnish()
	address := h.do("PUT", "/webhdfs/v1/tmp/new?op=CREATE", "", h.as("root")).location(t).String()
	h.do("PUT", address+"&doas=bob", "x").want(t, 403, "User: root is not allowed to impersonate bob")
	h.do("PUT", address+"&doas=root", "x").want(t, 201, "")
	address = h.do("PUT", "/webhdfs/v1/user/bob/other?op=CREATE&doas=bob", "", h.as("root")).location(t).String()
	h.do("PUT", address+"&doas=bob", "x").want(t, 201, "")
}

// TestDoasIsToldByItsCredential: the audit names the token by which somebody acted for another, on both hops.
func TestDoasIsToldByItsCredential(t *testing.T) {
	h := newHouse(t, proxied)
	h.furnish()
	token, row, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "root", Personal: true})
	must(t, err)
	h.do("PUT", "/webhdfs/v1/user/bob/d?op=MKDIRS&doas=bob", "", bearer(token)).want(t, 200, "")
	address := h.do("PUT", "/webhdfs/v1/user/bob/f?op=CREATE&doas=bob", "", bearer(token)).location(t).String()
	h.do("PUT", address, "x").want(t, 201, "")
	for _, path := range []string{"/user/bob/d", "/user/bob/f"} {
		var page AuditPage
		h.ask("root", "GET", "/audit?user=bob&path="+path, "", 200, &page)
		if len(page.Items) != 1 || page.Items[0].Credential != row.ID.String() {
			t.Errorf("%s: %+v, want one entry by %s", path, page.Items, row.ID)
		}
	}
}

func TestDoasKeepsTheTokensLimits(t *testing.T) {
	h := newHouse(t, proxied)
	h.furnish()
	reading, err := h.auth.Issue(t.Context(), auth.TokenRequest{User: "root", Verbs: auth.Read})
	must(t, err)
	h.do("PUT", "/webhdfs/v1/user/bob/d?op=MKDIRS&doas=bob", "", bearer(reading)).want(t, 403, "the token is read-only")
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&doas=nobody", "", bearer(h.token("root"))).
		want(t, 403, "User: root is not allowed to impersonate nobody")
}
