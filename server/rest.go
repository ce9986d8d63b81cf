package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"granary/namespace"
	"granary/openapi"
)

// restPrefix is where the operations of [restRoutes] are mounted.
const restPrefix = "/api/v1"

// route is one operation on something other than a file: a row of the table [restRoutes]. Its route, its entry in the
// OpenAPI document, its span, metrics and log lines all come from here.
type route struct {
	openapi.Route
	params []parameter // of the query
	action action
	costly bool // it counts as a search, not as a read or a write
	long   bool // it counts as a batch, and its body may have maxLongJSON bytes
	curves bool // it reads event files, which only a few requests may do at a time
}

// none is the type of an absent body or reply.
type none struct{}

// action is the function of a route, with the types of its body and its reply.
type action struct {
	body, reply reflect.Type
	run         func(*call) (any, error)
	// answers is set if run writes the answer itself.
	answers bool
}

// streams makes an action of a function that writes the answer itself.
func streams(f func(c *call) error) action {
	return action{
		body: reflect.TypeFor[none](), reply: reflect.TypeFor[none](), answers: true,
		run: func(c *call) (any, error) { return nil, f(c) },
	}
}

// does makes an action of a function that takes a body, which is checked against its schema first. A reply of type none is not
// sent.
func does[In, Out any](f func(c *call, in In) (Out, error)) action {
	return action{
		body: reflect.TypeFor[In](), reply: reflect.TypeFor[Out](),
		run: func(c *call) (any, error) {
			var in In
			if err := c.decode(&in); err != nil {
				return nil, err
			}
			return f(c, in)
		},
	}
}

// restTypes holds the schemas of the routes' bodies and replies, compiled for checking bodies.
type restTypes struct {
	openapi.Types
	checks map[reflect.Type]*jsonschema.Schema
}

// newRestTypes makes the types of [restRoutes].
func newRestTypes() *restTypes {
	types := &restTypes{checks: map[reflect.Type]*jsonschema.Schema{}}
	refs := map[reflect.Type]*openapi.Schema{}
	for _, r := range restRoutes {
		types.Of(r.action.reply)
		if ref := types.Body(r.action.body); ref != nil {
			refs[r.action.body] = ref
		}
	}
	// The checks are compiled from the text of the document, so that exactly what it says is accepted.
	text, err := json.Marshal(map[string]any{"components": map[string]any{"schemas": types.Schemas()}})
	if err != nil {
		panic(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("document.json", document); err != nil {
		panic(err)
	}
	for t, ref := range refs {
		types.checks[t] = compiler.MustCompile("document.json" + ref.Ref)
	}
	return types
}

// pathParams describes the parameters in braces in the routes' paths.
var pathParams = map[string]openapi.PathParam{
	"project": {Doc: "A project's name.", Schema: openapi.Schema{Type: "string", Pattern: namespace.ProjectNamePattern}},
	"user":    {Doc: "A user's name.", Schema: openapi.Schema{Type: "string"}},
	"token":   {Doc: "The id of a token, a session or a link, as its list shows it.", Schema: openapi.Schema{Type: "string", Format: "uuid"}},
	"upload":  {Doc: "The id of an upload.", Schema: openapi.Schema{Type: "string", Format: "uuid"}},
	"job":     {Doc: "The id of a job.", Schema: openapi.Schema{Type: "string", Format: "uuid"}},
	"id":      {Doc: "An id, as a listing gives it.", Schema: openapi.Schema{Type: "integer", Format: "int64", Minimum: pointer[int64](1)}},
}

func pointer[T any](v T) *T { return &v }

// inPath returns the descriptions of the parameters in r's path, in their order.
func (r *route) inPath() (params []openapi.PathParam) {
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			described := pathParams[name]
			described.Name = name
			params = append(params, described)
		}
	}
	return params
}

// endpoint renders the row for the document.
func (r *route) endpoint(types *restTypes) *openapi.Endpoint {
	query := make([]openapi.Param, len(r.params))
	for i, p := range r.params {
		query[i] = p.spec()
	}
	return r.Endpoint(r.inPath(), query, types.Body(r.action.body), types.Of(r.action.reply), "Failure", "Limited")
}

// serve answers a request for r.
func (r *route) serve(x *exchange) error {
	_, rawQuery := splitTarget(x.r)
	q, err := parseQuery(rawQuery)
	if err != nil {
		return err
	}
	c := &call{exchange: x, ctx: x.r.Context(), query: q, long: r.long}
	if !r.Public {
		if err := c.authenticate(); err != nil {
			return err
		}
		// The cached principal is not good enough: unlike with files, not every operation checks the caller's row later.
		if c.principal, err = x.server.auth.Refresh(c.ctx, c.principal); err != nil {
			return dressed(err, unauthenticated, invalidChallenge)
		}
		as := classOf(r.Method)
		switch {
		case r.costly:
			as = costly
		case r.Reads:
			as = reading
		}
		if err := c.count(c.principal.User, as); err != nil {
			return err
		}
		c.session = x.server.fs.As(c.principal).From(x.client)
	}
	for _, p := range r.inPath() {
		switch text := c.inURL(p.Name); {
		case text == "": // else /projects//events would be about what lies in no project
			return &denial{face: noSuchRoute, msg: "There is nothing at " + redactPath(x.r.URL.EscapedPath()) + "; /docs lists what there is."}
		case strings.ContainsRune(text, 0):
			return invalid(p.Name, errNUL)
		case !utf8.ValidString(text):
			return invalid(p.Name, cause("it is not UTF-8."))
		}
	}
	if err := c.readRouteParams(r); err != nil {
		return err
	}
	if r.Repeats && c.r.Header.Get(idempotencyKey) != "" {
		return &namespace.Error{
			Op: "read header", Kind: namespace.InvalidArgument,
			Msg: "There is no " + idempotencyKey + " here: a request that is sent again is carried out again. Leave it out.",
		}
	}
	if !r.Reads {
		if err := c.identify(); err != nil {
			return err
		}
	}
	if r.long {
		leave, err := c.enterBatch()
		if err != nil {
			return err
		}
		defer leave()
	}
	if r.curves {
		leave, err := x.server.curves.Enter(c.ctx, c.principal.User)
		if err != nil {
			return err
		}
		c.made = sync.OnceFunc(leave)
		defer c.made()
	}
	reply, err := r.action.run(c)
	if err != nil || r.action.answers {
		return err
	}
	if r.action.reply == reflect.TypeFor[none]() {
		x.w.WriteHeader(r.Success(false))
		return nil
	}
	return c.replyJSON(r.Success(true), reply)
}

// readRouteParams parses the parameters in the query. Unlike on files, one that is not r's is refused: no client of HDFS adds its
// own here, and a misspelled filter would show too much.
func (c *call) readRouteParams(r *route) error {
	known := map[string]parameter{}
	for _, p := range r.params {
		known[p.spec().Name] = p
	}
	for _, p := range c.query {
		if known[p.name] == nil && !everywhere[p.name] {
			return &namespace.Error{
				Op: "read parameter", Kind: namespace.InvalidArgument,
				Msg: "The parameter " + printable(p.name) + " is unknown here; /docs lists those of " + r.ID + ".",
			}
		}
	}
	return c.readParams(known, r.params, r.ID)
}

// everywhere holds the parameters that any request may have, since they say who calls.
var everywhere = map[string]bool{"user.name": true, "doas": true, "delegation": true}

// replyJSON answers with a value of the declared type.
func (c *call) replyJSON(status int, value any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("write a reply: %w", err)
	}
	if c.made != nil {
		c.made()
	}
	return c.json(status, func(into []byte) []byte { return append(into, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...) })
}

// inURL returns the value of a parameter in the request's path.
func (c *call) inURL(name string) string {
	text := chi.URLParam(c.r, name)
	if plain, err := url.PathUnescape(text); err == nil && c.r.URL.RawPath != "" {
		return plain
	}
	return text
}

// idInURL returns the id in the request's path, or 0, which nothing has, if it is not a number.
func (c *call) idInURL() int64 {
	id, err := strconv.ParseInt(c.inURL("id"), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// restRoutes are the operations of the REST API, other than those on files. The rows of each group stand beside their
// actions.
var restRoutes = slices.Concat(
	projectRoutes, datasetRoutes, discoverRoutes, accessRoutes, accessChangeRoutes, knownRoutes, tokenRoutes, sessionRoutes, linkRoutes,
	eventRoutes, auditRoutes, jobRoutes, labelRoutes, searchRoutes, treeRoutes, curveRoutes, batchRoutes, uploadRoutes, adminRoutes,
)

// Parameters of several routes.
var (
	allProjects = boolean("all", false, "All projects, for superusers.")
	ofPath      = param[namespace.Path]{
		Param: openapi.Param{Name: "path", Required: true, Doc: "Absolute path.", Schema: *ref("Path")},
		parse: namespace.ParsePath,
	}
)

// mountRoutes mounts the rows of [restRoutes].
func mountRoutes(r chi.Router) {
	for i := range restRoutes {
		row := &restRoutes[i]
		methods := []string{row.Method}
		if row.Method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		for _, method := range methods {
			r.Method(method, restPrefix+row.Path, routed(row.ID, row.serve))
		}
	}
}
