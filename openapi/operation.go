package openapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Operation describes one operation on files. It is written once, in the server's table.
type Operation struct {
	// Name is the WebHDFS name, upper case, such as GETFILESTATUS.
	Name string
	// ID is the same in camel case: the operation's id in the document and, with hyphens, its path.
	ID string
	// Method is the HTTP method.
	Method string
	// Summary is one sentence.
	Summary string
	// Doc says what the summary leaves out; may be empty.
	Doc string
	// Pathless operations concern no file.
	Pathless bool
	// Params are the query parameters other than the path.
	Params []Param
	// Body describes the request body; empty: there is none.
	Body string
	// Conditional operations accept If-Match and If-None-Match, conditions on the content of the file.
	Conditional bool
	// Reply is the successful answer.
	Reply Reply
	// Example is one call and its answer.
	Example Example
}

// Param describes one query parameter.
type Param struct {
	Name     string
	Doc      string
	Required bool
	Schema   Schema
}

// Reply describes a successful answer.
type Reply struct {
	Status int
	Doc    string
	// Schema of the JSON body; nil: the body is bytes if Binary, else empty.
	Schema *Schema
	Binary bool
	// Kinds are further media types, which the reply has if the request asks for one.
	Kinds []string
	// Tagged says that the reply has the ETag of the file's content.
	Tagged bool
}

// Example is one call and its reply, both as a reader of the document sees them.
type Example struct {
	Path  string // the file, decoded
	Query string // the other parameters, encoded
	Body  string // the request body
	Reply string // the reply's body
}

// parameters returns the parameters of the example by their names.
func (e Example) parameters() url.Values {
	values, err := url.ParseQuery(e.Query)
	if err != nil {
		panic(fmt.Sprintf("openapi: the example %q is no query: %v", e.Query, err))
	}
	return values
}

// inQuery renders the parameter. An empty value counts as none, so a required string has at least one character.
func (p Param) inQuery(examples url.Values) Parameter {
	schema := p.Schema
	if p.Required && schema.Type == "string" && schema.Pattern == "" && schema.Enum == nil {
		one := int64(1)
		schema.MinLength = &one
	}
	return Parameter{
		Name: p.Name, In: "query", Description: p.Doc, Required: p.Required, Schema: &schema, Example: exampleOf(schema, examples[p.Name]),
	}
}

// exampleOf returns the value given for a parameter, typed by its schema, or nil if none is given.
func exampleOf(schema Schema, given []string) any {
	if len(given) == 0 {
		return nil
	}
	switch schema.Type {
	case "array":
		return given
	case "integer", "boolean":
		return json.RawMessage(given[0])
	}
	return given[0]
}

// Slug returns the operation's last path element: its ID with hyphens, as in get-file-status.
func (o Operation) Slug() string {
	var b strings.Builder
	for _, r := range o.ID {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Endpoint renders the operation. The path of the file is the query parameter "path", since OpenAPI's path parameters
// may not hold a slash; path is the name of that parameter's schema component. limited names the response component for too many
// requests, failure the one for every other status.
func (o Operation) Endpoint(tag, failure, limited, path string) *Endpoint {
	e := &Endpoint{
		OperationID: o.ID, Summary: o.Summary, Description: o.Doc, Tags: []string{tag}, Op: o.Name,
		Responses: map[string]Response{
			strconv.Itoa(o.Reply.Status):             o.Reply.response(o.Example),
			strconv.Itoa(http.StatusTooManyRequests): {Ref: "#/components/responses/" + limited},
			"default":                                {Ref: "#/components/responses/" + failure},
		},
	}
	if !o.Pathless {
		e.Parameters = append(e.Parameters, Parameter{
			Name: "path", In: "query", Required: true, Description: "Absolute path.",
			Schema: &Schema{Ref: "#/components/schemas/" + path}, Example: o.Example.Path,
		})
	}
	examples := o.Example.parameters()
	for _, p := range o.Params {
		e.Parameters = append(e.Parameters, p.inQuery(examples))
	}
	if o.Method != http.MethodGet {
		e.Parameters = append(e.Parameters, idempotencyParameter())
	}
	if o.Conditional {
		o.addConditions(e)
	}
	if o.Body != "" {
		e.RequestBody = &RequestBody{Description: o.Body, Content: binary()}
	}
	return e
}

func (r Reply) response(example Example) Response {
	out := Response{Description: r.Doc}
	switch {
	case r.Schema != nil:
		out.Content = map[string]Media{"application/json": {Schema: r.Schema, Example: json.RawMessage(example.Reply)}}
	case r.Binary:
		out.Content = r.bytes()
	}
	out.Headers = map[string]Header{}
	if r.Status == http.StatusCreated {
		out.Headers["Location"] = Header{Description: "The new file, as an hdfs: URL.", Schema: &Schema{Type: "string", Format: "uri"}}
	}
	if r.Tagged {
		out.Headers["ETag"] = etag()
	}
	return out
}

// etagPattern matches one entity tag (RFC 9110, section 8.8.3), restricted to ASCII.
const etagPattern = `(W/)?"[!#-~]*"`

// addConditions adds to e the headers of conditions and, if o reads bytes, of ranges, with the responses that they may get.
func (o Operation) addConditions(e *Endpoint) {
	tags := Schema{Type: "string", Pattern: `^(\*|` + etagPattern + `(, ` + etagPattern + `)*)$`}
	match, noneMatch := tags, tags
	e.Parameters = append(e.Parameters,
		Parameter{
			Name: "If-Match", In: "header", Schema: &match, Example: `"16400-3"`,
			Description: "Only if the file's ETag is one of these; * for any. Otherwise 412.",
		},
		Parameter{
			Name: "If-None-Match", In: "header", Schema: &noneMatch, Example: "*",
			Description: "Only if the file's ETag is none of these; *: only if the file does not exist. Otherwise 412, or 304 for a read.",
		})
	if !o.Reply.Binary {
		return
	}
	e.Parameters = append(e.Parameters,
		Parameter{
			Name: "Range", In: "header", Schema: &Schema{Type: "string"}, Example: "bytes=0-99",
			Description: "A range of bytes, if no parameter asks for one. For several ranges the whole file is sent.",
		},
		Parameter{
			Name: "If-Range", In: "header", Schema: &Schema{Type: "string"},
			Description: "The ETag that Range is for; if the file has another one, the whole file is sent.",
		})
	e.Responses[strconv.Itoa(http.StatusPartialContent)] = Response{
		Description: "The range that was asked for.", Content: o.Reply.bytes(), Headers: map[string]Header{
			"ETag":          etag(),
			"Content-Range": {Description: "Which bytes, of how many.", Schema: &Schema{Type: "string"}},
		},
	}
	e.Responses[strconv.Itoa(http.StatusNotModified)] = Response{
		Description: "The file is in one of the states that If-None-Match names.", Headers: map[string]Header{"ETag": etag()},
	}
}

// bytes returns the content of a reply that is bytes.
func (r Reply) bytes() map[string]Media {
	content := binary()
	for _, kind := range r.Kinds {
		content[kind] = Media{Schema: &Schema{Type: "string", Format: "binary"}}
	}
	return content
}

// binary returns content that is bytes.
func binary() map[string]Media {
	return map[string]Media{"application/octet-stream": {Schema: &Schema{Type: "string", Format: "binary"}}}
}

// etag returns the header that identifies the state of a file's content.
func etag() Header {
	return Header{Description: "Names the state of the content, for conditions.", Schema: &Schema{Type: "string", Pattern: `^"[!#-~]*"$`}}
}
