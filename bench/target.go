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
	header string   // sent with the first hop: whole lines, each with its CRLF. It may hold a token: never print it
	oneHop bool     // takes a file's bytes with the first request
	facts  []string // sentences for the report: version, settings, durability

	token   func() (string, error) // a new one for the header; nil for a server that takes none
	use     time.Duration          // how long a token is used, at least
	renewed time.Time              // when the header got its token
}

// renew gets a new token where there is one and the last was used long enough: a comparison may take longer than a token lives.
func (t *target) renew() error {
	if t.token == nil || time.Since(t.renewed) < t.use {
		return nil
	}
	t.renewed = time.Now()
	token, err := t.token()
	t.header = "Authorization: Bearer " + token + "\r\n"
	return err
}

// What the servers are called in the report.
const (
	nameGranary = "Granary"
	nameBefore  = "Granary before"
	nameHDFS    = "HDFS"
	nameHTTPFS  = "HttpFS"
	nameNull    = "null server"
)

// prefix is where WebHDFS begins on every server.
const prefix = "/webhdfs/v1"

// address takes the host and port out of a server's URL, with or without /webhdfs/v1, and refuses any that is not on
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

// loopback returns addr with a number for its host, or fails if that is not an address of this machine alone: a load
// generator pointed at somebody else's server is an attack.
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

// split cuts the Location of a redirect into the address to connect to and the request target.
func split(location string) (addr, uri string, err error) {
	rest, found := strings.CutPrefix(location, "http://")
	slash := strings.IndexByte(rest, '/')
	if !found || slash < 0 {
		return "", "", fmt.Errorf("the server redirects to a place that is not an http address")
	}
	addr, err = loopback(rest[:slash])
	return addr, rest[slash:], err
}
