package server

import (
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"granary/auth"
	"granary/auth/perm"
	"granary/namespace"
)

// hop says when an operation's data moves in a second request.
type hop uint8

const (
	noHop    hop = iota // never
	readHop             // for Java clients, which seek by asking the second address again
	writeHop            // when the request has no body yet
)

// credentialParams are left out of a Location, and so is noredirect, which is about the first hop alone. What else the
// client sent stays, since only it knows what for.
var credentialParams = map[string]bool{"delegation": true, "ticket": true, "doas": true, "noredirect": true, "data": true, "op": true}

// redirects reports whether this request is to be sent on to the data hop.
func (c *call) redirects() (bool, error) {
	switch {
	case !c.hadoop || c.data || c.op.hop == noHop:
		return false, nil
	case noRedirect.of(c):
		return true, nil
	case c.op.hop == readHop:
		return isJava(c.r), nil
	}
	// A writer that sends its data at once need not send it twice. One that sends none wants to be told where to.
	if c.r.ContentLength == 0 {
		return true, nil
	}
	if c.r.ContentLength > 0 {
		return false, nil
	}
	begun, err := c.body.begins()
	return !begun, err
}

// redirect answers with the address of the data hop: 307, or with noredirect=true the same as JSON.
func (c *call) redirect() error {
	if err := c.firstHop(); err != nil {
		return err
	}
	location := c.location()
	if noRedirect.of(c) {
		return c.json(http.StatusOK, func(b []byte) []byte {
			b = append(b, `{"Location":`...)
			b = appendJSON(b, location)
			return append(b, '}')
		})
	}
	c.w.Header().Set("Location", location)
	return c.empty(http.StatusTemporaryRedirect)
}

// firstHop fails for what HDFS's name node refuses before it redirects (NamenodeWebHdfsMethods.chooseDatanode): a name
// that no file can have, and of a file that must exist, that it does not or may not be read. Of a CREATE it knows
// nothing else: what is wrong with it comes out on the second hop.
func (c *call) firstHop() error {
	if strings.Contains(c.path.String(), ":") {
		return &namespace.Error{
			Op: "redirect", Path: c.path.String(), Kind: namespace.InvalidPath, Msg: "Invalid path name " + c.path.String(),
		}
	}
	if c.op.Name == "CREATE" {
		return nil
	}
	status, err := c.session.Stat(c.ctx, c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return &namespace.Error{
			Op: "redirect", Path: c.path.String(), Kind: namespace.NotExist, Msg: "File " + c.path.String() + " not found.",
		}
	}
	if err != nil || status.Size == 0 {
		return err
	}
	if c.op.Name == "OPEN" {
		if err := c.checkOffset(status.Size); err != nil {
			return err
		}
	}
	return c.session.CheckAccess(c.ctx, c.path, perm.Read)
}

// checkOffset fails if OPEN's offset is at or past the end of a file that is not empty: the rule of the first hop. On
// the second an offset at the end is an empty answer, for clients that seek there.
func (c *call) checkOffset(size int64) error {
	if from := offset.of(c); from >= size && size > 0 {
		return &namespace.Error{
			Op: "open", Path: c.path.String(), Kind: namespace.IO,
			Msg: "Offset=" + strconv.FormatInt(from, 10) + " out of the range [0, " + strconv.FormatInt(size, 10) + "); OPEN, path=" + c.path.String(),
		}
	}
	return nil
}

// location is the address of the data hop: the same origin and path, op first as HDFS has it, then the caller's other
// parameters, encoded once. It always has a query, to which clients append. Where tokens are asked for it carries a
// ticket; under simple authentication the believed name stays in it.
func (c *call) location() string {
	b := append([]byte(c.server.base(c.r)), "/webhdfs/v1"...)
	b = escape(b, c.path.String(), "/")
	b = append(b, "?op="...)
	b = append(b, c.op.Name...)
	seen := make(map[string]bool, len(c.query))
	for _, p := range c.query {
		if credentialParams[p.name] || seen[p.name] || p.name == "user.name" && !c.server.simple {
			continue
		}
		seen[p.name] = true
		b = append(b, '&')
		b = escape(b, p.name, "")
		b = append(b, '=')
		b = escape(b, p.value, "")
	}
	b = append(b, "&data=true"...)
	if !c.server.simple {
		b = append(b, "&ticket="...)
		b = append(b, c.server.auth.Ticket(c.principal, auth.Ticket{
			Op: c.op.Name, Path: c.path.String(), Params: c.bound(),
		})...)
	}
	return string(b)
}

// bound are the parameters that a ticket holds its bearer to: whoever finds the address of a CREATE that was to leave an
// existing file alone must not be able to overwrite it.
func (c *call) bound() []string {
	if c.op.Name != "CREATE" {
		return nil
	}
	return []string{"overwrite=" + c.query.get("overwrite"), "createflag=" + c.query.get("createflag")}
}

// base is the origin that clients reach this server by: what the operator said, else the address that this connection
// came in on. The Host header is the caller's to invent, and a Location carries a ticket, so it is used only when it is
// another spelling of the same address.
func (s *Server) base(r *http.Request) string {
	if s.publicURL != "" {
		return s.publicURL
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return scheme + "localhost"
	}
	ip, port, err := net.SplitHostPort(local.String())
	if err != nil {
		return scheme + "localhost"
	}
	if host, hostPort, err := net.SplitHostPort(r.Host); err == nil && hostPort == port && sameHost(host, ip) {
		return scheme + net.JoinHostPort(host, port)
	}
	return scheme + net.JoinHostPort(ip, port)
}

// sameHost reports whether host is ip, or localhost where ip is the loopback.
func sameHost(host, ip string) bool {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return address.IsLoopback()
	}
	other, err := netip.ParseAddr(host)
	return err == nil && other == address
}

// authority is the host and port of base, for the hdfs: address of a new file.
func (s *Server) authority(r *http.Request) string {
	_, host, _ := strings.Cut(s.base(r), "://")
	host, _, _ = strings.Cut(host, "/")
	return host
}
