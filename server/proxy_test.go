package server

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

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
		"hue=users:ada;hosts:*;users:*",
	} {
		if p, err := ParseProxy(text); err == nil {
			t.Errorf("%q: %+v; want an error", text, p)
		}
	}
}

// Of two settings for one proxy, the first would count, and the second, which may be meant to narrow it, would not.
func TestProxiesAreToldApart(t *testing.T) {
	all, err := ParseProxies([]string{"hue=users:*;hosts:*", "oozie=users:*;hosts:*"})
	if err != nil || len(all) != 2 || all[1].User != "oozie" {
		t.Errorf("%+v, %v", all, err)
	}
	for _, texts := range [][]string{{"hue=users:*;hosts:*", "oozie=users:*;hosts:*", "hue=users:ada;hosts:10.0.0.7"}, {"hue"}} {
		if all, err := ParseProxies(texts); err == nil {
			t.Errorf("%q: %+v; want an error", texts, all)
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

// proxied lets root act for everybody, and ada for bob, but ada only from an address that the tests do not have.
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
			h.do("DELETE", "/webhdfs/v1/example?op=DELETE&recursive=true&doas=bob", "", h.as("root")).want(t, 403, "user=bob")
		})
	}
}

// TestDoasOnTheSecondHop: there, too, the other user's rights and name count, whether the address comes alone or with the proxy's
// credential, which curl -L, Hue and fsspec send again.
func TestDoasOnTheSecondHop(t *testing.T) {
	for name, options := range map[string][]func(*Config){"names": {proxied, simple}, "tokens": {proxied}} {
		for shown, again := range map[string]func(*house) func(*http.Request){
			"the address alone":      func(*house) func(*http.Request) { return func(*http.Request) {} },
			"the proxy's credential": func(h *house) func(*http.Request) { return h.as("root") },
		} {
			t.Run(name+", "+shown, func(t *testing.T) {
				h := newHouse(t, options...)
				h.furnish()
				const file = "/webhdfs/v1/user/bob/new"
				second := again(h)
				for i, client := range []func(*http.Request){func(*http.Request) {}, java} {
					query := "&overwrite=" + strconv.FormatBool(i > 0) + "&doas=bob"
					address := h.do("PUT", file+"?op=CREATE"+query, "", h.as("root"), client).location(t).String()
					h.do("PUT", address, "x", second, client).want(t, 201, "")
					h.do("GET", file+"?op=GETFILESTATUS", "", h.as("root")).want(t, 200, `"owner":"bob"`)
					address = h.do("POST", file+"?op=APPEND&doas=bob", "", h.as("root"), client).location(t).String()
					h.do("POST", address, "y", second, client).want(t, 200, "")
					address = h.do("GET", file+"?op=OPEN&doas=bob", "", h.as("root"), java).location(t).String()
					h.do("GET", address, "", second, client).want(t, 200, "xy")
				}
				// The file that is made for a Hadoop client belongs to the other user.
				address := h.do("PUT", file+"er?op=CREATE&doas=bob", "", h.as("root"), java).location(t).String()
				h.do("PUT", address, "x", second, java).want(t, 201, "")
				h.do("GET", file+"er?op=GETFILESTATUS", "", h.as("root")).want(t, 200, `"owner":"bob"`)

				// The proxy's own rights do not count: root may do anything.
				for method, op := range map[string]string{"PUT": "CREATE&overwrite=true", "POST": "APPEND", "GET": "OPEN"} {
					address := h.do(method, "/webhdfs/v1/example/hello.txt?op="+op+"&doas=bob", "", h.as("root"), java).location(t).String()
					if op == "OPEN" {
						h.do("PUT", "/webhdfs/v1/example/hello.txt?op=SETPERMISSION&permission=600", "", h.as("ada")).want(t, 200, "")
					}
					h.do(method, address, "", second, java).want(t, 403, "user=bob")
					h.do("PUT", "/webhdfs/v1/example/hello.txt?op=SETPERMISSION&permission=644", "", h.as("ada")).want(t, 200, "")
				}
			})
		}
	}
}

// TestATicketIsForOne: a ticket is for one user, and gives a proxy no right to act for others.
func TestATicketIsForOne(t *testing.T) {
	h := newHouse(t, proxied)
	h.furnish()
	address := h.do("PUT", "/webhdfs/v1/tmp/new?op=CREATE", "", h.as("root")).location(t).String()
	h.do("PUT", address+"&doas=bob", "x").want(t, 403, "User: root is not allowed to impersonate bob")
	h.do("PUT", address+"&doas=root", "x").want(t, 201, "")
	address = h.do("PUT", "/webhdfs/v1/user/bob/other?op=CREATE&doas=bob", "", h.as("root")).location(t).String()
	h.do("PUT", strings.Replace(address, "doas=bob", "doas=ada", 1), "x").want(t, 403, "User: bob is not allowed to impersonate ada")
	h.do("PUT", address, "x").want(t, 201, "")
}

// TestDoasIsToldByItsCredential: the audit names the token with which somebody acted for another, on both hops.
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

// TestDelegationByDoas does what Oozie and Livy do for other users' jobs.
func TestDelegationByDoas(t *testing.T) {
	h := newHouse(t, proxied)
	h.furnish()
	next := h.nextDoor()
	token, own, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "root", TTL: 48 * time.Hour})
	must(t, err)
	get := func() func(*http.Request) {
		var reply struct{ Token struct{ URLString string } }
		a := h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN&renewer=root&doas=bob", "", bearer(token))
		if err := json.Unmarshal([]byte(a.body), &reply); err != nil || reply.Token.URLString == "" {
			t.Fatalf("%d %s; want a token", a.StatusCode, a.body)
		}
		delegation := auth.TokenOf(reply.Token.URLString)
		if _, c, err := h.auth.Verify(t.Context(), delegation); err != nil || !c.Expires.Equal(own.Expires) {
			t.Errorf("until %v, %v; want %v", c.Expires, err, own.Expires)
		}
		return bearer(delegation)
	}
	write := func(at *house, with func(*http.Request)) answer {
		return at.do("PUT", "/webhdfs/v1/user/bob/job?op=CREATE&overwrite=true", "x", with)
	}
	job := get()
	for _, at := range []*house{h, next} {
		write(at, job).want(t, 201, "")
		at.do("GET", "/webhdfs/v1/user/bob/job?op=GETFILESTATUS", "", job).want(t, 200, `"owner":"bob"`)
	}
	address := h.do("PUT", "/webhdfs/v1/user/bob/job?op=CREATE&overwrite=true", "", job).location(t)

	// On a server whose operator has taken the right from the proxy, nothing works any more.
	h.options = nil
	strict := h.nextDoor()
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&doas=bob", "", bearer(token)).want(t, 200, "/user/bob")
	strict.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&doas=bob", "", bearer(token)).want(t, 403, "User: root is not allowed to impersonate bob")
	write(strict, job).want(t, 403, "User: root is not allowed to impersonate bob")
	strict.do("PUT", address.RequestURI(), "x").want(t, 403, "User: root is not allowed to impersonate bob")

	// If the proxy's token is revoked, everything ends at once, on every server.
	must(t, h.auth.RevokeToken(t.Context(), own.ID))
	for _, at := range []*house{next, h} {
		for _, got := range []answer{write(at, job), at.do("PUT", address.RequestURI(), "x")} {
			if got.StatusCode/100 != 4 || !strings.Contains(got.body, "the token was revoked") {
				t.Errorf("%d %s; want it revoked", got.StatusCode, got.body)
			}
		}
	}
}
