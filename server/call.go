package server

import (
	"context"
	"net"
	"net/http"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"granary/auth"
	"granary/namespace"
	"granary/openapi"
)

// call is one request on files or of the REST API. Handlers decode with it, act on its session and answer through it.
type call struct {
	*exchange
	ctx       context.Context
	op        *op // nil if the request named none
	path      namespace.Path
	query     query
	values    []given // parsed parameters, each at most once
	principal auth.Principal
	caller    string // the user that shows the credential; with doas it differs from principal
	session   *namespace.Session
	data      bool      // this is the hop that moves the data
	long      bool      // the JSON of its body may be long
	operation uuid.UUID // the operation id that the client chose; uuid.Nil: none
	made      func()    // called when the answer is built and only has to be sent; nil: nobody waits for that
}

// webhdfs serves /webhdfs/v1<rawPath>?<rawQuery>. A failure of the credential is reported before any other, so that a caller
// without access learns nothing else.
func (x *exchange) webhdfs(rawPath, rawQuery string) error {
	x.hadoop = true
	q, err := parseQuery(rawQuery)
	if err != nil {
		return err
	}
	row, opErr := find(x.r.Method, q.get("op"))
	path, pathErr := decodePath(rawPath)
	if row != nil {
		x.op = row.Name
	}
	if pathErr == nil {
		x.path = path.String()
	}
	c := &call{exchange: x, ctx: x.r.Context(), op: row, path: path, query: q, data: strings.EqualFold(q.get("data"), "true")}
	if err := c.authenticate(); err != nil {
		return err
	}
	as := classOf(x.r.Method)
	if row != nil {
		as = row.class()
	}
	if err := c.count(c.principal.User, as); err != nil {
		return err
	}
	if x.r.Method == http.MethodOptions {
		// HttpFS's Java client sends its credential this way before any other request (PseudoAuthenticator).
		x.w.Header().Set("Allow", methods)
		if x.server.simple {
			c.rememberBeliever()
		}
		return c.empty(http.StatusOK)
	}
	if opErr != nil {
		return opErr
	}
	if err := c.readParams(row.known(), row.params, row.Name); err != nil {
		return err
	}
	if pathErr != nil {
		return pathErr
	}
	return c.run()
}

// api serves /api/v1/fs/<slug>?path=…&….
func (x *exchange) api(row *op, rawQuery string) error {
	x.op = row.Name
	q, err := parseQuery(rawQuery)
	if err != nil {
		return err
	}
	c := &call{exchange: x, ctx: x.r.Context(), op: row, query: q, data: true}
	if err := c.authenticate(); err != nil {
		return err
	}
	if err := c.count(c.principal.User, row.class()); err != nil {
		return err
	}
	if err := c.readParams(row.known(), row.params, row.Name); err != nil {
		return err
	}
	if !row.Pathless {
		text := q.get("path")
		if text == "" {
			return missing("path", row.Name)
		}
		if c.path, err = namespace.ParsePath(text); err != nil {
			return err
		}
		x.path = c.path.String()
	}
	return c.run()
}

// readParams parses the known parameters. For HDFS's operations these are those of all operations of the HTTP method: as in HDFS
// a bad value is refused even if the operation ignores it. Unknown ones are ignored, as clients add their own to redirects.
// own are the parameters of the operation called name: the required ones must be there, and under /api/v1 all must be spelled
// as the document says.
func (c *call) readParams(known map[string]parameter, own []parameter, name string) error {
	for _, p := range c.query {
		parser, ok := known[p.name]
		if !ok {
			continue
		}
		if !c.hadoop {
			if err := conform(own, p); err != nil {
				return invalid(p.name, err)
			}
		}
		if p.value == "" || c.value(p.name) != nil {
			continue
		}
		value, err := parser.read(p.value)
		if err == nil && strings.ContainsRune(p.value, 0) && !keepsBytes[p.name] {
			err = errNUL
		}
		if err != nil {
			return invalid(p.name, err)
		}
		if value == nil {
			continue
		}
		c.values = append(c.values, given{p.name, value})
	}
	for _, p := range own {
		if lacking, must := p.demanded(); must && c.value(lacking) == nil {
			return missing(lacking, name)
		}
	}
	return nil
}

// keepsBytes holds the parameters whose values may be any bytes, including NUL.
var keepsBytes = map[string]bool{"xattr.name": true, "xattr.value": true}

// given is a parameter that the request has.
type given struct {
	name  string
	value any
}

// value returns the value of a parameter, nil if the request has none.
func (c *call) value(name string) any {
	for i := range c.values {
		if c.values[i].name == name {
			return c.values[i].value
		}
	}
	return nil
}

// missing is the refusal of a call that lacks a required parameter, in HDFS's words.
func missing(param, op string) error {
	msg := "Required param " + param + " for op: " + op + " is null or empty"
	if param == storagePolicy.Name {
		msg = "Storage policy name is empty."
	}
	return &namespace.Error{Op: "read parameter", Kind: namespace.InvalidArgument, Msg: msg}
}

// run redirects the caller to the data hop, or handles the operation here.
func (c *call) run() error {
	if c.op.Pathless || c.op.forgiving {
		// The cached principal is not good enough: no walk of the operation would notice that it was revoked.
		fresh, err := c.server.auth.Refresh(c.ctx, c.principal)
		if err != nil {
			return dressed(err, unauthenticated, invalidChallenge)
		}
		c.principal = fresh
	}
	c.session = c.server.fs.As(c.principal).From(c.client)
	if err := c.identify(); err != nil {
		return err
	}
	if err := c.conditionally(); err != nil {
		return err
	}
	if err := c.wholeContent(); err != nil {
		return err
	}
	if c.op.hop == readHop || c.op.hop == writeHop && c.r.ContentLength != 0 { // the client may pause before the first byte
		c.patient()
	}
	redirect, err := c.redirects()
	if err != nil {
		return err
	}
	if redirect {
		return c.redirect()
	}
	return c.op.handle(c)
}

// idempotencyKey is the header by which a client names a change, so that a retry after a lost answer does not make it twice.
const idempotencyKey = "Idempotency-Key"

// oneUUID is the pattern that the document gives for the header.
var oneUUID = regexp.MustCompile(openapi.UUIDPattern)

// identify takes over the operation id that the client chose, so that a retry is not carried out twice.
func (c *call) identify() error {
	texts := c.r.Header[idempotencyKey]
	if len(texts) == 0 || c.r.Method == http.MethodGet || c.r.Method == http.MethodHead {
		return nil
	}
	text := texts[0]
	id, err := uuid.Parse(text)
	if err != nil || !oneUUID.MatchString(text) { // uuid.Parse accepts other forms, too
		return &namespace.Error{
			Op: "read header", Path: c.path.String(), Kind: namespace.InvalidArgument,
			Msg: idempotencyKey + " " + printable(text) + " is not a UUID: send a random one, such as " + uuid.NewString(),
		}
	}
	c.operation = id
	c.ctx = namespace.WithOperation(c.ctx, id)
	return nil
}

// clientHost returns the address of the client without its port.
func clientHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
