package login

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Service is the address of a running Granary as clients name it.
type Service struct {
	secure bool // over TLS
	host   string
	port   string
}

// ParseService reads an address such as https://granary.example.org or http://127.0.0.1:9870. It refuses a path, which
// WebHDFS clients cannot use, and a user or password, which have no place in an address.
func ParseService(text string) (Service, error) {
	const right = "give it as https://granary.example.org or http://127.0.0.1:9870"
	u, err := url.Parse(text)
	if err != nil { // neither its text nor ours may quote the address, which may hold a secret
		return Service{}, errors.New("the address of the service is no URL: " + right)
	}
	switch {
	case u.User != nil:
		return Service{}, errors.New("the address of the service holds a user or a password, which do not belong there: " + right + ", and --user")
	case u.Scheme != "http" && u.Scheme != "https":
		return Service{}, errors.New("the address of the service must begin with https:// or http://: " + right)
	case u.Hostname() == "":
		return Service{}, errors.New("the address of the service names no host: " + right)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return Service{}, errors.New("the address of the service has something behind the host, which clients of WebHDFS cannot be told: " + right)
	}
	s := Service{secure: u.Scheme == "https", host: strings.ToLower(u.Hostname()), port: u.Port()}
	switch {
	case s.port != "":
	case s.secure:
		s.port = "443"
	default:
		s.port = "80"
	}
	return s, nil
}

// URL returns the service's origin, with its port.
func (s Service) URL() string {
	if s.secure {
		return "https://" + s.hostPort()
	}
	return "http://" + s.hostPort()
}

// FileSystem returns the service as a file system's URI for Hadoop. The port is always named, because Hadoop's default
// is another.
func (s Service) FileSystem() string {
	if s.secure {
		return "swebhdfs://" + s.hostPort()
	}
	return "webhdfs://" + s.hostPort()
}

func (s Service) hostPort() string { return net.JoinHostPort(s.host, s.port) }

// Overheard reports whether what is sent to the service can be read on its way: whether it goes to another machine
// without TLS.
func (s Service) Overheard() bool {
	if s.secure || s.host == "localhost" {
		return false
	}
	address, err := netip.ParseAddr(s.host)
	return err != nil || !address.IsLoopback()
}

// byName reports whether Hadoop can be configured to know the service by its name instead of its address, which may
// change: it completes names without a dot by rules of its own.
func (s Service) byName() bool {
	_, err := netip.ParseAddr(s.host)
	return err != nil && (strings.Contains(s.host, ".") || s.host == "localhost")
}
