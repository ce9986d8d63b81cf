// Package granary is a client of Granary's REST API: projects, datasets, shares, and files under /api/v1/fs. All but this file is
// generated from the OpenAPI document; the method CreateProjectWithResponse is the operation createProject.
//
//	client, err := granary.Dial("http://127.0.0.1:9870", token)
//	reply, err := client.ListProjectsWithResponse(ctx, nil)
//	if err := granary.Check(reply, err); err != nil { … }
//	for _, project := range reply.JSON200.Items { … }
//
// Such a reply holds the whole answer in memory. For long files, the method of the same name without WithResponse returns the answer
// as it comes:
//
//	answer, err := client.Open(ctx, &granary.OpenParams{Path: path})
//	if err != nil { … }
//	defer answer.Body.Close()
//	if answer.StatusCode != http.StatusOK {
//		return granary.Check(granary.ParseOpenReply(answer))
//	}
//	_, err = io.Copy(file, answer.Body)
package granary

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config oapi-codegen.yaml ../../openapi/openapi.yaml

// Dial returns a client of the service at an origin, such as https://granary.example.org, that sends the token with each
// request, without white space around it, such as the end of the line in a file. Dial itself sends nothing: a wrong origin or token shows in the first reply.
//
// The client follows no redirects, since the API has none: a redirect by a proxy would turn a PUT, POST or DELETE into a GET, whose
// answer looks like success. It gives up connecting after 30 seconds, as [http.DefaultTransport] does; apart from that, a request
// waits as long as its context allows.
//
// Options are applied last; [WithHTTPClient] replaces the client that behaves so.
func Dial(origin, token string, options ...ClientOption) (*ClientWithResponses, error) {
	shown := "Bearer " + strings.TrimSpace(token)
	authorize := WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", shown)
		return nil
	})
	stay := WithHTTPClient(&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }})
	return NewClientWithResponses(strings.TrimSuffix(origin, "/"), append([]ClientOption{authorize, stay}, options...)...)
}

// Reply is implemented by what the methods whose names end in WithResponse return.
type Reply interface {
	StatusCode() int
	GetBody() []byte
	ContentType() string
}

// FailedError is the service's answer if it did not do what was asked, or describes an answer that came from something in front of it,
// such as a proxy: its Status is then that of the answer, which may be 200, and it has no RequestId.
type FailedError struct{ Problem }

// Error returns the title and the detail.
func (f *FailedError) Error() string { return fmt.Sprintf("%s: %s", f.Title, f.Detail) }

// Check returns err if it is not nil, or else a [*FailedError] if the reply is a failure, a success that lacks the JSON of its operation,
// or an HTML page, which the API never sends. 304, the answer if IfNoneMatch names the content, is a success without bytes. If Check
// returns nil, the field of the reply with the status in its name, such as JSON200, is not nil, if there is such a field.
func Check(reply Reply, err error) error {
	if err != nil {
		return err
	}
	status := reply.StatusCode()
	failed := &FailedError{}
	switch {
	case status >= http.StatusBadRequest:
		if json.Unmarshal(reply.GetBody(), &failed.Problem) != nil {
			failed.Problem = Problem{}
		}
		if failed.Detail == "" {
			failed.Detail = fmt.Sprintf("The answer has the status %d and says nothing more.", status)
		}
	case lacksJSON(reply), isPage(reply), status >= http.StatusMultipleChoices && status != http.StatusNotModified:
		failed.Detail = fmt.Sprintf("The answer has the status %d and is not the service's: is there a proxy before it, or a page to sign in?", status)
	default:
		return nil
	}
	failed.Status = int64(status)
	if failed.Title == "" {
		failed.Title = http.StatusText(status)
	}
	if failed.Title == "" {
		failed.Title = "Failed"
	}
	return failed
}

// isPage reports whether a reply is an HTML page. The service never labels even files as HTML.
func isPage(reply Reply) bool {
	kind, _, _ := strings.Cut(reply.ContentType(), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/html")
}

// lacksJSON reports whether the operation of a reply answers with JSON, but the reply has none.
func lacksJSON(reply Reply) bool {
	fields := reflect.Indirect(reflect.ValueOf(reply))
	answers := false
	for i := range fields.NumField() {
		status, isJSON := strings.CutPrefix(fields.Type().Field(i).Name, "JSON")
		if isJSON && status == strconv.Itoa(reply.StatusCode()) && !fields.Field(i).IsNil() {
			return false
		}
		answers = answers || isJSON
	}
	return answers
}
