package openapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Route describes one operation of the REST API on something other than a file: one method on one path. It is written once,
// in the server's table.
type Route struct {
	// ID is the operation's id in the document, in camel case.
	ID string
	// Method is the HTTP method.
	Method string
	// Path is what follows the API's prefix, with parameters in braces: /projects/{project}/members/{user}.
	Path string
	// Tag is the group that the operation is shown in.
	Tag string
	// Summary is one sentence.
	Summary string
	// Doc says what the summary leaves out; may be empty.
	Doc string
	// Status of a success; 0: 200, or 204 if there is no reply.
	Status int
	// Public operations ask for no credential.
	Public bool
	// Repeats marks changes that are made anew each time they are requested: they take no Idempotency-Key.
	Repeats bool
	// Reads marks operations that change nothing, whatever their method: they take no Idempotency-Key, and count as reads.
	Reads bool
	// Headers are the request's headers, required or optional.
	Headers []Param
	// Told are the headers of a success.
	Told map[string]Header
	// Media is the media type of a reply that is not JSON: text, or else bytes.
	Media string
	// Upload is the media type of a request body that is not JSON, and UploadDoc describes it; empty: there is none.
	Upload, UploadDoc string
	// Partly describes a success with the status 207; empty: there is none.
	Partly string
	// Example is a body and the reply to it, as JSON; each may be empty.
	Example Example
}

// PathParam describes a parameter in a route's path.
type PathParam struct {
	Name   string
	Doc    string
	Schema Schema
}

// Endpoint renders the route. body and reply are nil if there is none. limited names the response component for too many requests,
// failure the one for every other status.
func (r Route) Endpoint(path []PathParam, query []Param, body, reply *Schema, failure, limited string) *Endpoint {
	e := &Endpoint{
		OperationID: r.ID, Summary: r.Summary, Description: r.Doc, Tags: []string{r.Tag},
		Responses: map[string]Response{
			strconv.Itoa(http.StatusTooManyRequests): {Ref: "#/components/responses/" + limited},
			"default":                                {Ref: "#/components/responses/" + failure},
		},
	}
	for _, p := range path {
		schema := p.Schema
		e.Parameters = append(e.Parameters, Parameter{Name: p.Name, In: "path", Description: p.Doc, Required: true, Schema: &schema})
	}
	examples := r.Example.parameters()
	for _, p := range query {
		e.Parameters = append(e.Parameters, p.inQuery(examples))
	}
	for _, p := range r.Headers {
		schema := p.Schema
		e.Parameters = append(e.Parameters, Parameter{Name: p.Name, In: "header", Description: p.Doc, Required: p.Required, Schema: &schema})
	}
	if r.Method != http.MethodGet && !r.Public && !r.Repeats && !r.Reads {
		e.Parameters = append(e.Parameters, idempotencyParameter())
	}
	if body != nil {
		e.RequestBody = &RequestBody{Required: true, Content: map[string]Media{"application/json": {Schema: body, Example: raw(r.Example.Body)}}}
	}
	if r.Upload != "" {
		e.RequestBody = &RequestBody{
			Required: true, Description: r.UploadDoc,
			Content: map[string]Media{r.Upload: {Schema: &Schema{Type: "string", Format: "binary"}}},
		}
	}
	if r.Public {
		e.Security = &[]map[string][]string{}
	}
	success := Response{Description: "Done.", Headers: r.Told}
	if reply != nil {
		success.Content = map[string]Media{"application/json": {Schema: reply, Example: raw(r.Example.Reply)}}
	}
	if r.Media != "" {
		success.Content = map[string]Media{r.Media: {Schema: mediaSchema(r.Media)}}
	}
	e.Responses[strconv.Itoa(r.Success(reply != nil))] = success
	if r.Partly != "" {
		e.Responses[strconv.Itoa(http.StatusMultiStatus)] = Response{Description: r.Partly, Content: success.Content}
	}
	return e
}

// mediaSchema describes a reply of a media type other than JSON. From an empty schema many generators make a method that parses the
// reply as JSON. A stream of events has one nevertheless, since readers disagree about whether it describes the text or each event.
func mediaSchema(kind string) *Schema {
	switch {
	case kind == "text/event-stream":
		return &Schema{}
	case strings.HasPrefix(kind, "text/"):
		return &Schema{Type: "string"}
	}
	return &Schema{Type: "string", Format: "binary"}
}

// Success returns the status of a success of the route, with or without a reply.
func (r Route) Success(reply bool) int {
	switch {
	case r.Status != 0:
		return r.Status
	case reply:
		return http.StatusOK
	}
	return http.StatusNoContent
}

// raw returns the text of an example, or nil if there is none.
func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// UUIDPattern matches UUIDs of the versions 1 to 8, with or without hyphens. It is used instead of the format uuid where clients send
// one: from the format a generator may make an object, which it does not turn back into text in a header.
const UUIDPattern = "^([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}|" +
	"[0-9A-Fa-f]{12}[1-8][0-9A-Fa-f]{3}[89ABab][0-9A-Fa-f]{15})$"

// idempotencyParameter returns the header that makes a change safe to send again.
func idempotencyParameter() Parameter {
	return Parameter{
		Name: "Idempotency-Key", In: "header", Schema: &Schema{Type: "string", Pattern: UUIDPattern},
		Description: "A random UUID for this request. If it is sent again within a day, for the same operation on the same path, " +
			"it gets the first answer and nothing is done twice.",
	}
}
