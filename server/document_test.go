package server

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"granary/openapi"
)

// TestDocumentIsCommitted checks that openapi.yaml is what the table yields.
func TestDocumentIsCommitted(t *testing.T) {
	want, err := Document().YAML()
	must(t, err)
	got, err := os.ReadFile("../openapi/openapi.yaml")
	must(t, err)
	if !bytes.Equal(got, want) {
		t.Error("openapi/openapi.yaml is not what the table says: run go generate ./server")
	}
}

func TestDocumentIsValid(t *testing.T) {
	for form, render := range map[string]func() ([]byte, error){"json": Document().JSON, "yaml": Document().YAML} {
		text, err := render()
		must(t, err)
		document, err := openapi3.NewLoader().LoadFromData(text)
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		if err := document.Validate(t.Context(), openapi3.IsOpenAPI31OrLater(), openapi3.EnableExamplesValidation()); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}

// TestDocumentIsComplete checks what the specification does not demand, but readers and generators do.
func TestDocumentIsComplete(t *testing.T) {
	text, err := Document().JSON()
	must(t, err)
	document, err := openapi3.NewLoader().LoadFromData(text)
	must(t, err)
	ids := make(map[string]bool)
	endpoints := 0
	for path, item := range document.Paths.Map() {
		for method, e := range item.Operations() {
			endpoints++
			if e.OperationID == "" || ids[e.OperationID] {
				t.Errorf("%s %s: the operation id %q is empty or not unique", method, path, e.OperationID)
			}
			ids[e.OperationID] = true
			if !strings.HasSuffix(e.Summary, ".") {
				t.Errorf("%s %s: the summary %q is no sentence", method, path, e.Summary)
			}
			if e.Responses.Default() == nil {
				t.Errorf("%s %s does not say what a failure looks like", method, path)
			}
			for _, p := range e.Parameters {
				if p.Value.Description == "" || p.Value.In == "query" && p.Value.Name != strings.ToLower(p.Value.Name) {
					t.Errorf("%s %s: the parameter %q has no description, or a name that HDFS's clients would not find", method, path, p.Value.Name)
				}
			}
		}
	}
	documented := len(restRoutes)
	for i := range ops {
		if ops[i].compat {
			continue
		}
		documented++
		e := ops[i].Example
		if !strings.HasPrefix(e.Path, "/") {
			t.Errorf("%s has no example", ops[i].Name)
		}
		if ops[i].Reply.Schema != nil && !json.Valid([]byte(e.Reply)) {
			t.Errorf("%s: the example's reply is not JSON: %s", ops[i].Name, e.Reply)
		}
	}
	if endpoints != documented {
		t.Errorf("%d endpoints for %d operations", endpoints, documented)
	}
}

// TestNextIsGivenAsAfter checks that a typed client can give a page's next, as it is, as after for the next page.
func TestNextIsGivenAsAfter(t *testing.T) {
	document := Document()
	lists := 0
	for path, item := range document.Paths {
		for method, e := range item {
			reply := e.Responses["200"].Content["application/json"].Schema
			if reply == nil {
				continue
			}
			page := document.Components.Schemas[strings.TrimPrefix(reply.Ref, "#/components/schemas/")]
			if page == nil || page.Properties["next"] == nil {
				continue
			}
			lists++
			at := slices.IndexFunc(e.Parameters, func(p openapi.Parameter) bool { return p.Name == "after" })
			if at < 0 || e.Parameters[at].Schema.Type != page.Properties["next"].Type {
				t.Errorf("%s %s takes something else as after than its next, a %v", method, path, page.Properties["next"].Type)
			}
		}
	}
	if lists < 10 {
		t.Errorf("only %d lists have pages", lists)
	}
}

// TestRepliesMayGrow checks that what is made of the document accepts the replies of a later server, with further members, whereas a
// body has none but those that are described.
func TestRepliesMayGrow(t *testing.T) {
	document := Document()
	var collect func(into map[string]bool, s *openapi.Schema)
	collect = func(objects map[string]bool, s *openapi.Schema) {
		if s == nil {
			return
		}
		if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
			s = document.Components.Schemas[name]
			if s.Type == "object" {
				objects[name] = s.Additional == false
			}
		}
		collect(objects, s.Items)
		for _, below := range slices.Concat(slices.Collect(maps.Values(s.Properties)), s.AnyOf) {
			collect(objects, below)
		}
	}
	bodies, replies := map[string]bool{}, map[string]bool{} // whether members that are not described are ruled out
	for _, item := range document.Paths {
		for _, e := range item {
			for _, r := range e.Responses {
				collect(replies, r.Content["application/json"].Schema)
			}
			if e.RequestBody != nil {
				collect(bodies, e.RequestBody.Content["application/json"].Schema)
			}
		}
	}
	for name, closed := range replies {
		if closed {
			t.Errorf("clients refuse a reply if %s has a member that they do not know", name)
		}
	}
	for name, closed := range bodies {
		if !closed {
			t.Errorf("a misspelled member of %s in a body is taken for one that is not there", name)
		}
	}
	if len(replies) < 50 || len(bodies) < 20 {
		t.Errorf("only %d objects in replies and %d in bodies", len(replies), len(bodies))
	}
}

// TestFailureTellsOfEachStatus checks that the shared response describes every status of a failure, except internal errors.
func TestFailureTellsOfEachStatus(t *testing.T) {
	seen := map[int]bool{}
	for _, f := range faces {
		seen[f.api] = true
	}
	for _, f := range []face{unauthenticated, invalidToken, mayNotImpersonate, wrongMethod, tooBusy, noSuchRoute, unsatisfiable, notAPart} {
		seen[f.api] = true
	}
	delete(seen, http.StatusInternalServerError)
	for status := range seen {
		if !strings.Contains(failureResponse.Description, strconv.Itoa(status)+": ") {
			t.Errorf("%d is not told of in %q", status, failureResponse.Description)
		}
	}
}
