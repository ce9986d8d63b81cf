package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// target is a server under load.
type target struct {
	name   string
	addr   string   // host:port of the first hop, on this machine
	query  string   // appended to the query of the first hop, as &user.name=bench
	header string   // header lines sent with the first hop, each with its CRLF; it may hold a token, so never print it
	oneHop bool     // accepts a file's bytes in the first request
	facts  []string // sentences for the report: version, settings, durability

	token   func() (string, error) // makes a new token for the header; nil if the server takes none
	use     time.Duration          // how long a token is used at least
	renewed time.Time              // when the header got its current token
}

// renew gets a new token if the server takes one and the last was used long enough: a comparison may outlast a token.
func (t *target) renew() error {
	if t.token == nil || time.Since(t.renewed) < t.use {
		return nil
	}
	t.renewed = time.Now()
	token, err := t.token()
	t.header = "Authorization: Bearer " + token + "\r\n"
	return err
}

// Names of the servers in the report.
const (
	nameGranary = "Granary"
	nameBefore  = "Granary before"
	nameHDFS    = "HDFS"
	nameHTTPFS  = "HttpFS"
	nameNull    = "null server"
)

// prefix is the beginning of WebHDFS paths on every server.
const prefix = "/webhdfs/v1"

// address returns the host and port of a server's URL, with or without /webhdfs/v1. It refuses a server that is not on
// this machine.
func address(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("the server's URL: %w", err)
	}
	if u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Port() == "" ||
		strings.TrimSuffix(u.Path, "/") != "" && strings.TrimSuffix(u.Path, "/") != prefix {
		return "", fmt.Errorf("the server's URL is %q; it must look like http://127.0.0.1:9870", u.Redacted())
	}
	return loopback(u.Host)
}

// loopback returns addr with a numeric host. It fails if the host is not on this machine: a load generator pointed at somebody
// else's server is an attack.
func loopback(addr string) (string, error) {
	if port, found := strings.CutPrefix(addr, "localhost:"); found {
		addr = "127.0.0.1:" + port
	}
	a, err := netip.ParseAddrPort(addr)
	if err != nil || !a.Addr().IsLoopback() || a.Port() == 0 {
		return "", fmt.Errorf("%.80q is not a loopback address with a port, and only servers on this machine are measured", addr)
	}
	return a.String(), nil
}

// split splits the Location of a redirect into the address to connect to and the request target.
func split(location string) (addr, uri string, err error) {
	rest, found := strings.CutPrefix(location, "http://")
	slash := strings.IndexByte(rest, '/')
	if !found || slash < 0 {
		return "", "", fmt.Errorf("the server redirects to a place that is not an http address")
	}
	addr, err = loopback(rest[:slash])
	return addr, rest[slash:], err
}
