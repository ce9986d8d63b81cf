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

// hop says when an operation is redirected to a second request, which moves the data.
type hop uint8

const (
	noHop    hop = iota // never
	readHop             // for clients that need it, see readsInTwoHops
	sumHop              // always
	writeHop            // when the request has no body yet
)

// leftOut are the parameters that a Location omits: credentials, and what concerns only the first hop. It keeps the rest, since
// only the client knows what that is for.
var leftOut = map[string]bool{"delegation": true, "ticket": true, "noredirect": true, "data": true, "op": true, "lease": true, "inode": true, giver: true, "if-match": true, "if-none-match": true}

// giver is the parameter of a Location that says which server gave it out, under HDFS's name for it. A lease or an inode without
// it comes from an address that was truncated on the way, which HDFS refuses, too.
const giver = "namenoderpcaddress"

// noLease is the lease of a Hadoop client for which the first hop did not create the file.
const noLease = "none"

// redirects reports whether this request is to be redirected to the data hop.
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
	// A writer that sends its data at once need not send it twice. One that sends none expects to be redirected.
	if c.r.ContentLength == 0 {
		return true, nil
	}
	if c.r.ContentLength > 0 {
		return false, nil
	}
	begun, err := c.body.begins()
	return !begun, err
}

// redirect answers with the address of the data hop: as a 307, or as JSON with noredirect=true.
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

// firstHop fails for what HDFS's name node refuses before it redirects: a name that no file can have, and a file that must exist
// but does not, or may not be read. Of a CREATE it checks nothing else: other failures are reported on the second hop.
//
// It returns a parameter for that hop, "" for none. Once a Hadoop client has begun to write a file, it goes on writing that file
// whatever happens to the name, so the address says which file it is.
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

// promise creates the file that a Hadoop client is about to write, so that the client finds it when it looks it up, and returns
// the parameter with its lease. A failure of the request is reported on the second hop, as in HDFS.
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

// location returns the address of the data hop: the same origin and path, op first as in HDFS, then the caller's other
// parameters, encoded once. It always has a query, to which clients append. Where tokens are required it carries a ticket; under
// simple authentication it keeps the believed name. It always keeps doas: a proxy's client that shows its own credential again
// on the second hop would act as the proxy there otherwise.
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

// bound returns the parameters that a ticket is bound to: whoever finds the address of a CREATE that must not overwrite an
// existing file must be able neither to overwrite one, nor to write another file, or replace other content, than the first hop
// meant, nor to make a file that others than that meant may change.
func (c *call) bound(file string) []string {
	switch c.op.Name {
	case "CREATE":
		return append([]string{
			file, c.query.get("overwrite"), c.query.get("createflag"), c.query.get("permission"), c.query.get("unmaskedpermission"),
		}, c.boundConditions()...)
	case "APPEND":
		return append([]string{file}, c.boundConditions()...)
	}
	return nil
}

// file returns the parameter of the data hop that says which file is written, "" if there is none.
func (c *call) file() string {
	for _, name := range []string{"lease", "inode"} {
		if value := c.query.get(name); value != "" {
			return name + "=" + value
		}
	}
	return ""
}

// given returns a parameter that only a redirect may set, "" if it is absent or this is not the data hop.
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

// base returns the origin by which clients reach this server: the configured public URL, else the address on which this
// connection came in. The caller can send any Host header, and a Location carries a ticket, so Host is used only if it is another
// spelling of the same address.
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
	if tcp, ok := local.(*net.TCPAddr); ok { // fast path: most clients send the address itself as Host
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

// sameHost reports whether host is ip, or is localhost and ip is a loopback address.
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

// authority returns the host and port of base, for the hdfs: address of a new file.
func (s *Server) authority(r *http.Request) string {
	_, host, _ := strings.Cut(s.base(r), "://")
	host, _, _ = strings.Cut(host, "/")
	return host
}
