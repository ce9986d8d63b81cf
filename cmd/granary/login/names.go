package login

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"granary/auth"
)

// lookUpTime bounds how long the addresses of a service are looked for.
const lookUpTime = 10 * time.Second

// TokenNames returns what Hadoop's clients look for a token of the service by: its kind and the names of the service.
func (s Service) TokenNames(ctx context.Context) (kind string, names []string, err error) {
	names, err = s.names(ctx)
	return s.tokenKind(), names, err
}

// tokenKind is the kind of tokens that Hadoop shows to the service.
func (s Service) tokenKind() string {
	if s.secure {
		return auth.KindSWebHDFS
	}
	return auth.KindWebHDFS
}

// names returns the names by which Hadoop may look for a token of the service: it takes the address of the host, unless it
// is told to take the host's name (SecurityUtil.buildTokenService).
func (s Service) names(ctx context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", s.host)
	if err != nil {
		return nil, fmt.Errorf("the host of the service cannot be found: %w", err)
	}
	names := []string{s.hostPort()}
	for _, a := range addresses {
		names = append(names, javaAddress(a.Unmap())+":"+s.port)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// javaAddress returns an address as Java writes it (InetAddress.getHostAddress): no group of IPv6 is left out.
func javaAddress(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	var groups []string
	for b := a.As16(); len(groups) < 8; {
		i := 2 * len(groups)
		groups = append(groups, fmt.Sprintf("%x", int(b[i])<<8|int(b[i+1])))
	}
	return strings.Join(groups, ":")
}
