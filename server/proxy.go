package server

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"granary/auth"
)

// Proxy lets a user act for others with the doas parameter, like HDFS's hadoop.proxyuser.<name>.{users,groups,hosts}.
type Proxy struct {
	User string
	// Users and Groups say for whom: these users and the members of these groups; "*" stands for all. Nobody acts for a
	// superuser.
	Users, Groups []string
	// Hosts are the addresses and networks, such as 10.0.0.0/8, that the proxy may call from; "*" stands for all.
	Hosts []string
}

// ParseProxies parses one text for each proxy, as [ParseProxy] does. It refuses two for the same user: only one of them
// could count, and it might be the one that allows more.
func ParseProxies(texts []string) ([]Proxy, error) {
	var all []Proxy
	for _, text := range texts {
		p, err := ParseProxy(text)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(other Proxy) bool { return other.User == p.User }) {
			return nil, fmt.Errorf("proxy user %s is there twice: write all that holds for it as one", p.User)
		}
		all = append(all, p)
	}
	return all, nil
}

// ParseProxy parses NAME=users:a,b;groups:g;hosts:h. A part that is missing is empty. A proxy without hosts, or without both
// users and groups, could do nothing and is refused.
func ParseProxy(text string) (Proxy, error) {
	refuse := func(why string) (Proxy, error) {
		return Proxy{}, fmt.Errorf("proxy user %q: %s; write NAME=users:a,b;groups:g;hosts:10.0.0.0/8, with * for all", text, why)
	}
	name, rest, found := strings.Cut(text, "=")
	if !found || !userName.MatchString(name) {
		return refuse("it must begin with a user name and =")
	}
	p, seen := Proxy{User: name}, map[string]bool{}
	for part := range strings.SplitSeq(rest, ";") {
		key, list, _ := strings.Cut(part, ":")
		values := strings.Split(list, ",")
		if list == "" || slices.Contains(values, "") {
			return refuse(fmt.Sprintf("%q lists nothing, or an empty name", part))
		}
		switch {
		case seen[key]:
			return refuse(fmt.Sprintf("%s are there twice", key))
		case key == "users":
			p.Users = values
		case key == "groups":
			p.Groups = values
		case key == "hosts":
			p.Hosts = values
		default:
			return refuse(fmt.Sprintf("%q is none of users, groups and hosts", key))
		}
		seen[key] = true
	}
	for _, host := range p.Hosts {
		if _, err := parseNetwork(host); host != "*" && err != nil {
			return refuse(fmt.Sprintf("%q is neither an address nor a network", host))
		}
	}
	if p.Hosts == nil || p.Users == nil && p.Groups == nil {
		return refuse("it needs hosts, and users or groups")
	}
	return p, nil
}

// parseNetwork parses a network, or an address as the network of just that address.
func parseNetwork(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		return netip.ParsePrefix(text)
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return address.Prefix(address.BitLen())
}

// mayFor reports whether the proxy may act for p.
func (x Proxy) mayFor(p auth.Principal) bool {
	if p.Superuser {
		return false
	}
	listed := func(list []string, name string) bool {
		return slices.Contains(list, "*") || slices.Contains(list, name)
	}
	return listed(x.Users, p.User) || slices.Contains(x.Groups, "*") ||
		slices.ContainsFunc(p.Groups, func(group string) bool { return listed(x.Groups, group) })
}

// mayFrom reports whether the proxy may call from the address.
func (x Proxy) mayFrom(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return slices.Contains(x.Hosts, "*")
	}
	return slices.ContainsFunc(x.Hosts, func(listed string) bool {
		network, err := parseNetwork(listed)
		return listed == "*" || err == nil && network.Contains(address.Unmap())
	})
}

// impersonate makes c a call of the user that doas names, if its caller is a proxy for that user. The call has that user's
// rights within the limits of the caller's token. Nobody acts for a service account, which has limits of its own.
func (c *call) impersonate(other string) error {
	caller := c.principal
	proxy, found := c.server.proxy(caller.User)
	if !found || caller.Service { // which any owner of a project can make, by any name
		return c.mayNot(caller.User, other)
	}
	if host := c.client; !proxy.mayFrom(host) {
		return c.denyProxy(fmt.Sprintf("Unauthorized connection for super-user: %s from IP %s", caller.User, host))
	}
	// The cached caller is not good enough: later checks look at the rows of the other user, and not at the caller's.
	caller, err := c.server.auth.Refresh(c.ctx, caller)
	if err != nil {
		return dressed(err, unauthenticated, invalidChallenge)
	}
	find := c.server.auth.Principal
	if c.server.simple {
		find = c.server.auth.Simple
	}
	p, err := find(c.ctx, other)
	if err == nil { // it is judged by groups and a mark that may have changed since, too, and acts with those that it has then
		p, err = c.server.auth.Refresh(c.ctx, p)
	}
	switch kind := auth.KindOf(err); {
	case err != nil && (kind == auth.Unavailable || kind == auth.Internal):
		return err
	case err != nil || !proxy.mayFor(p) || !p.Scope.IsZero(): // the proxy must not learn whether the user exists
		return c.mayNot(caller.User, other)
	}
	c.principal = c.server.auth.For(p, caller)
	c.user = p.User + " via " + caller.User
	return nil
}

// proxy returns the proxy of that name, if there is one.
func (s *Server) proxy(user string) (Proxy, bool) {
	i := slices.IndexFunc(s.proxies, func(p Proxy) bool { return p.User == user })
	if i < 0 {
		return Proxy{}, false
	}
	return s.proxies[i], true
}

// checkProxy refuses a delegation token that a proxy got for a user for whom it may not act any more. The hosts of the proxy do
// not matter here, since proxies get such tokens for jobs that run elsewhere.
func (c *call) checkProxy() error {
	if c.principal.Proxy == "" {
		return nil
	}
	if proxy, found := c.server.proxy(c.principal.Proxy); !found || !proxy.mayFor(c.principal) {
		return c.mayNot(c.principal.Proxy, c.principal.User)
	}
	return nil
}

// mayNot is the refusal of a doas in HDFS's words.
func (c *call) mayNot(caller, other string) error {
	return c.denyProxy(fmt.Sprintf("User: %s is not allowed to impersonate %s", caller, printable(other)))
}

// denyProxy refuses a doas. If the request does not name its caller, HDFS refuses it in another place, with other words.
func (c *call) denyProxy(msg string) error {
	if c.server.simple && c.query.get("user.name") == "" {
		return &denial{face: invalidToken, msg: msg, java: groupInformation + mayNotImpersonate.class + ": "}
	}
	return &denial{face: mayNotImpersonate, msg: msg}
}
