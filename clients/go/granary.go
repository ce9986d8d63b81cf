// Package granary is a client of Granary's REST API: projects, datasets, shares, and files under /api/v1/fs. All but this file is
// made from the OpenAPI document; the method CreateProjectWithResponse is the operation createProject.
//
//	client, err := granary.Dial("http://127.0.0.1:9870", token)
//	reply, err := client.ListProjectsWithResponse(ctx, nil)
//	if err := granary.Check(reply, err); err != nil { … }
//	for _, project := range reply.JSON200.Items { … }
//
// Such a reply has all that was answered in memory. The method of the same name without WithResponse gives the answer as it comes,
// for long files:
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

// Dial returns a client of the service at an origin, such as https://granary.example.org, that shows a token with each
// request. It sends nothing: a wrong origin or token shows in the first reply.
//
// No redirect is followed, as the API has none: one of a proxy would turn a PUT, a POST or a DELETE into a GET, whose answer
// looks like success. A connection that is not there within 30 seconds is given up, as by [http.DefaultTransport]; besides,
// a request waits for as long as its context lets it.
//
// Options are applied last; [WithHTTPClient] replaces what does that.
func Dial(origin, token string, options ...ClientOption) (*ClientWithResponses, error) {
	authorize := WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	})
	stay := WithHTTPClient(&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }})
	return NewClientWithResponses(strings.TrimSuffix(origin, "/"), append([]ClientOption{authorize, stay}, options...)...)
}

// Reply is what every method whose name ends in WithResponse returns a pointer to.
type Reply interface {
	StatusCode() int
	GetBody() []byte
	ContentType() string
}

// FailedError is what the service answers where it does not do what was asked, or what can be said of an answer that came from
// something before it, such as a proxy: then its Status is that of the answer, which may be 200, and it has no RequestId.
type FailedError struct{ Problem }

// Error returns the title and the detail.
func (f *FailedError) Error() string { return fmt.Sprintf("%s: %s", f.Title, f.Detail) }

// Check returns err, or else a [*FailedError] if the reply is a failure, a success without the JSON that its operation has, or
// a page for a browser, which nothing of the API is. 304, for what IfNoneMatch names, is a success, without bytes. After nil
// the field of the reply with the status in its name, such as JSON200, is not nil, if there is one.
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

// isPage reports whether a reply is for a browser: files, too, are never called that.
func isPage(reply Reply) bool {
	kind, _, _ := strings.Cut(reply.ContentType(), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/html")
}

// lacksJSON reports whether the operation of a reply answers with JSON, and the reply has none.
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
