package server

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"granary/auth"
	"granary/namespace"
)

// hop says when an operation's data moves in a second request.
type hop uint8

const (
	noHop    hop = iota // never
	readHop             // for who needs it, see readsInTwoHops
	sumHop              // always
	writeHop            // when the request has no body yet
)

// leftOut are the parameters that a Location does without: credentials, and what is about the first hop alone. What else
// the client sent stays, since only it knows what for.
var leftOut = map[string]bool{"delegation": true, "ticket": true, "noredirect": true, "data": true, "op": true, "lease": true, "inode": true, giver: true, "if-match": true, "if-none-match": true}

// giver is the parameter of a Location that says which server gave it out, with HDFS's name for it. A lease or an inode
// without it comes from an address that was cut on the way, and HDFS refuses those, too.
const giver = "namenoderpcaddress"

// noLease is the lease of a Hadoop client whose file the first hop did not make.
const noLease = "none"

// redirects reports whether this request is to be sent on to the data hop.
func (c *call) redirects() (bool, error) {
	switch {
	case !c.hadoop || c.data || c.op.hop == noHop:
		return false, nil
	case noRedirect.of(c):
		return true, nil
	case c.op.hop == readHop:
		return c.readsInTwoHops(), nil
	case c.op.hop == sumHop:
		return true, nil
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
	file, err := c.firstHop()
	if err != nil {
		return err
	}
	location := c.location(file)
	if noRedirect.of(c) {
		return c.json(http.StatusOK, func(b []byte) []byte {
			b = append(b, `{"Location":`...)
			b = appendJSON(b, location)
			return append(b, '}')
		})
	}
	c.w.set("Location", location)
	return c.empty(http.StatusTemporaryRedirect)
}

// firstHop fails for what HDFS's name node refuses before it redirects: a name that no file can have, and of a file that
// must exist, that it does not or may not be read. Of a CREATE it knows nothing else: what is wrong with it comes out on
// the second hop.
//
// It returns a parameter for that hop, "" for none: a Hadoop client has a file in its hands once it has begun to write it,
// whatever becomes of the name, so the address says which one.
func (c *call) firstHop() (string, error) {
	if c.op.Name == "CREATE" {
		if err := c.path.Valid(); err != nil {
			return "", err
		}
		return c.promise()
	}
	from := int64(0)
	if c.op.Name == "OPEN" {
		from = offset.of(c)
	}
	inode, err := c.session.Locate(c.ctx, c.path, from)
	if err != nil || c.op.Name != "APPEND" || !isJava(c.r) {
		return "", err
	}
	return "inode=" + strconv.FormatInt(inode, 10), nil
}

// promise makes the file that a Hadoop client is about to write, so that the client finds it when it looks it up, and
// returns the parameter with its lease. What is wrong with the request comes out on the second hop, where HDFS says it too.
func (c *call) promise() (string, error) {
	if !isJava(c.r) {
		return "", nil
	}
	o, err := c.createOptions()
	if err != nil {
		return "", err
	}
	lease, err := c.session.Promise(c.ctx, c.path, o)
	var e *namespace.Error
	switch {
	case errors.As(err, &e) && e.Kind != namespace.Internal && e.Kind != namespace.Unavailable && e.Kind != namespace.Conflict:
		return "lease=" + noLease, nil
	case err != nil:
		return "", err
	case lease.IsZero():
		return "lease=" + noLease, nil
	}
	return "lease=" + lease.String(), nil
}

// location is the address of the data hop: the same origin and path, op first as HDFS has it, then the caller's other
// parameters, encoded once. It always has a query, to which clients append. Where tokens are asked for it carries a
// ticket; under simple authentication the believed name stays in it. For whom a proxy acts stays in any case: a client that
// shows its own credential again on the second hop would otherwise act as the proxy there.
func (c *call) location(file string) string {
	b := append(append(make([]byte, 0, 512), c.server.base(c.r)...), "/webhdfs/v1"...)
	b = escape(b, c.path.String(), "/")
	b = append(b, "?op="...)
	b = append(b, c.op.Name...)
	for i, p := range c.query {
		if leftOut[p.name] || secrets[p.name] && p.name != "doas" || p.name == "user.name" && !c.server.simple || c.query[:i].get(p.name) != "" {
			continue
		}
		b = append(b, '&')
		b = escape(b, p.name, "")
		b = append(b, '=')
		b = escape(b, p.value, "")
	}
	for _, condition := range c.boundConditions() {
		name, value, _ := strings.Cut(condition, "=")
		b = append(append(append(b, '&'), name...), '=')
		b = escape(b, value, "")
	}
	if file != "" {
		b = append(b, "&"+giver+"="...)
		b = escape(b, c.server.authority(c.r), ":")
	}
	b = append(b, "&data=true"...)
	if file != "" {
		b = append(append(b, '&'), file...)
	}
	if !c.server.simple {
		b = append(b, "&ticket="...)
		b = append(b, c.server.auth.Ticket(c.principal, auth.Ticket{
			Op: c.op.Name, Path: c.path.String(), Params: c.bound(file),
		})...)
	}
	return string(b)
}

// bound are the parameters that a ticket holds its bearer to: whoever finds the address of a CREATE that was to leave an
// existing file alone must not be able to overwrite it, nor to write another file, or other content, than the first hop
// meant.
func (c *call) bound(file string) []string {
	switch c.op.Name {
	case "CREATE":
		return append([]string{"overwrite=" + c.query.get("overwrite"), "createflag=" + c.query.get("createflag"), file}, c.boundConditions()...)
	case "APPEND":
		return append([]string{file}, c.boundConditions()...)
	}
	return nil
}

// file is the parameter of the data hop that says which file is written, "" without one.
func (c *call) file() string {
	for _, name := range []string{"lease", "inode"} {
		if value := c.query.get(name); value != "" {
			return name + "=" + value
		}
	}
	return ""
}

// given returns a parameter that no client chooses, since a redirect gave it; "" if there is none, or it is not from there.
func (c *call) given(name string) (string, error) {
	value := c.query.get(name)
	if value == "" || !c.hadoop || !c.data {
		return "", nil
	}
	if c.query.get(giver) == "" {
		return "", &namespace.Error{
			Op: c.op.Name, Path: c.path.String(), Kind: namespace.InvalidArgument,
			Msg: giver + " is missing beside " + name + ": follow the redirect of the first request unchanged",
		}
	}
	return value, nil
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
	if tcp, ok := local.(*net.TCPAddr); ok { // named as it is, as most clients do
		var room [64]byte
		address := tcp.AddrPort()
		text := netip.AddrPortFrom(address.Addr().Unmap(), address.Port()).AppendTo(room[:0])
		if string(text) == r.Host {
			return scheme + r.Host
		}
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
