package openapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"go.yaml.in/yaml/v3"
)

func sample() *Document {
	o := Operation{
		Name: "GETTHING", ID: "getThing", Method: "GET", Summary: "Get it.",
		Params: []Param{
			{Name: "yes", Doc: "A word that YAML 1.1 reads as a boolean.", Required: true, Schema: Schema{Type: "string", Default: "0755"}},
		},
		Reply:   Reply{Status: 200, Doc: "It.", Schema: &Schema{Type: "object", Properties: map[string]*Schema{"n": {Type: "integer"}}}},
		Example: Example{Path: "/a: b", Reply: `{"n":1}`},
	}
	return &Document{
		OpenAPI: "3.1.0", Info: Info{Title: "t: <&>", Version: "1.0"},
		Paths: map[string]PathItem{"/" + o.Slug(): {"get": o.Endpoint("things", "Failure", "Limited", "Path")}},
	}
}

// TestYAMLSaysWhatJSONSays: strings that look like something else must still be strings.
func TestYAMLSaysWhatJSONSays(t *testing.T) {
	asJSON, err := sample().JSON()
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := sample().YAML()
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := json.Unmarshal(asJSON, &want); err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := yaml.Unmarshal(asYAML, &decoded); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(decoded) // numbers become what JSON makes of them
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("YAML says\n%s\nJSON says\n%s", asYAML, asJSON)
	}
	if bytes.ContainsAny(asYAML, "{}") && !bytes.Contains(asYAML, []byte("{}")) {
		t.Errorf("the YAML is written as JSON:\n%s", asYAML)
	}
}

func TestRenderingRepeats(t *testing.T) {
	for range 20 {
		a, errA := sample().YAML()
		b, errB := sample().YAML()
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Fatalf("two renderings differ (%v, %v):\n%s\n%s", errA, errB, a, b)
		}
	}
}

func TestEndpoint(t *testing.T) {
	create := Operation{
		Name: "PUTIT", ID: "putIt", Method: "PUT", Summary: "Put it.", Body: "Bytes.", Pathless: true, Reply: Reply{Status: 201, Doc: "Done."},
	}
	e := create.Endpoint("things", "Failure", "Limited", "Path")
	for _, p := range e.Parameters {
		if p.Name == "path" {
			t.Error("a pathless operation has a path")
		}
	}
	if e.RequestBody == nil || e.RequestBody.Content["application/octet-stream"].Schema.Format != "binary" {
		t.Errorf("the body is %+v; want bytes", e.RequestBody)
	}
	if e.Responses["201"].Headers["Location"].Schema == nil || e.Responses["default"].Ref != "#/components/responses/Failure" {
		t.Errorf("the responses are %+v", e.Responses)
	}
	read := Operation{ID: "read", Method: "GET", Reply: Reply{Status: 200, Binary: true}, Params: []Param{{Name: "n", Required: true}}}
	e = read.Endpoint("things", "Failure", "Limited", "Path")
	if len(e.Parameters) != 2 || !e.Parameters[0].Required || e.Parameters[0].Name != "path" || !e.Parameters[1].Required {
		t.Errorf("the parameters are %+v; want path and n, both required", e.Parameters)
	}
	if e.RequestBody != nil || e.Responses["200"].Content["application/octet-stream"].Schema == nil {
		t.Errorf("a reading operation has the body %+v and the responses %+v", e.RequestBody, e.Responses)
	}
}

// A reply that is no JSON is described as the text or the bytes that it is, or generators would make methods that parse it.
func TestRoutesOfOtherMedia(t *testing.T) {
	for kind, want := range map[string]Schema{
		"application/x-tar": {Type: "string", Format: "binary"},
		"image/*":           {Type: "string", Format: "binary"},
		"text/csv":          {Type: "string"},
		"text/event-stream": {},
	} {
		e := Route{ID: "get", Method: "GET", Media: kind, Status: 200}.Endpoint(nil, nil, nil, nil, "Failure", "Limited")
		reply := e.Responses["200"].Content[kind].Schema
		if reply == nil || reply.Type != want.Type || reply.Format != want.Format {
			t.Errorf("a reply of the type %s is described as %+v, want %+v", kind, reply, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for id, want := range map[string]string{"open": "open", "getFileStatus": "get-file-status", "listStatusBatch": "list-status-batch"} {
		if got := (Operation{ID: id}).Slug(); got != want {
			t.Errorf("the slug of %s is %s; want %s", id, got, want)
		}
	}
}
