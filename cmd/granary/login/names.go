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

// lookUpTime bounds the lookup of a service's addresses.
const lookUpTime = 10 * time.Second

// TokenNames returns the kind and the service names by which Hadoop's clients look for a token of the service.
func (s Service) TokenNames(ctx context.Context) (kind string, names []string, err error) {
	names, err = s.names(ctx)
	return s.tokenKind(), names, err
}

// tokenKind returns the kind of tokens that Hadoop sends to the service.
func (s Service) tokenKind() string {
	if s.secure {
		return auth.KindSWebHDFS
	}
	return auth.KindWebHDFS
}

// names returns the names by which Hadoop may look for a token of the service: it uses the address of the host, unless
// it is configured to use the host's name (SecurityUtil.buildTokenService).
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

// javaAddress returns an address as Java writes it (InetAddress.getHostAddress): without shortening groups of IPv6.
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
