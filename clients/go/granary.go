// Package granary is a client of Granary's REST API: projects, datasets, shares, and files under /api/v1/fs. All but this file is
// made from the OpenAPI document; the method CreateProjectWithResponse is the operation createProject.
//
//	client, err := granary.Dial("http://127.0.0.1:9870", token)
//	reply, err := client.ListProjectsWithResponse(ctx, nil)
//	if err := granary.Check(reply, err); err != nil { … }
//	for _, project := range reply.JSON200.Items { … }
package granary

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config oapi-codegen.yaml ../../openapi/openapi.yaml

// Dial returns a client of the service at an origin, such as https://granary.example.org, that shows a token with each
// request. It sends nothing: a wrong origin or token shows in the first reply. Options are applied last.
func Dial(origin, token string, options ...ClientOption) (*ClientWithResponses, error) {
	authorize := WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	})
	return NewClientWithResponses(strings.TrimSuffix(origin, "/"), append([]ClientOption{authorize}, options...)...)
}

// Reply is what every method whose name ends in WithResponse returns a pointer to.
type Reply interface {
	StatusCode() int
	GetBody() []byte
}

// FailedError is what the service answers where it does not do what was asked.
type FailedError struct{ Problem }

// Error returns the title and the detail.
func (f *FailedError) Error() string { return fmt.Sprintf("%s: %s", f.Title, f.Detail) }

// Check returns err, or else a [*FailedError] if the reply is a failure.
func Check(reply Reply, err error) error {
	if err != nil {
		return err
	}
	if reply.StatusCode() < http.StatusBadRequest {
		return nil
	}
	failed := &FailedError{}
	if err := json.Unmarshal(reply.GetBody(), &failed.Problem); err != nil {
		return fmt.Errorf("the service answers %d, without saying why", reply.StatusCode())
	}
	return failed
}
