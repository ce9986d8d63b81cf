package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ParseNetworks reads addresses and networks, such as 10.0.0.7 and 10.0.0.0/8.
func ParseNetworks(texts []string) ([]netip.Prefix, error) {
	networks := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		var err error
		if networks[i], err = parseNetwork(text); err != nil {
			return nil, fmt.Errorf("%q is neither an address such as 10.0.0.7 nor a network such as 10.0.0.0/8", text)
		}
	}
	return networks, nil
}

// forwarded returns r with the client's address as its remote address, if one of our own proxies passed it on. X-Forwarded-For
// is read from the right, and only as far as our proxies have written it: the client can put anything before that.
func (s *Server) forwarded(r *http.Request) *http.Request {
	if len(s.forwarders) == 0 {
		return r
	}
	client := clientHost(r)
	if !s.ours(client) {
		return r
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		address, err := hopAddress(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = address.Unmap().String()
		if !s.ours(client) {
			break
		}
	}
	from := *r
	from.RemoteAddr = net.JoinHostPort(client, "0")
	return &from
}

// hopAddress parses an entry of X-Forwarded-For: an address, or from some proxies (Azure's, and Amazon's if told to) one with a
// port.
func hopAddress(hop string) (netip.Addr, error) {
	if at, err := netip.ParseAddrPort(hop); err == nil {
		return at.Addr(), nil
	}
	return netip.ParseAddr(hop)
}

// ours reports whether an address is that of a proxy in front of this server.
func (s *Server) ours(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(s.forwarders, func(n netip.Prefix) bool { return n.Contains(address.Unmap()) })
}
