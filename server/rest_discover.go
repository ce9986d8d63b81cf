package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"granary/namespace"
	"granary/openapi"
)

// Found is a project or a dataset that anybody may find.
type Found struct {
	Project     string `json:"project"`
	Dataset     int64  `json:"dataset,omitempty" doc:"Its id; absent for a project."`
	Name        string `json:"name"`
	Description string `json:"description"`
	Public      bool   `json:"public" doc:"Everyone may read the dataset."`
}

// FoundPage is a page of what was found.
type FoundPage struct {
	Items []Found `json:"items"`
	Next  string  `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// Request is a user's request to become a member of a project, or to get a share of one of its datasets.
type Request struct {
	ID      int64     `json:"id"`
	Project string    `json:"project"`
	Dataset int64     `json:"dataset,omitempty" doc:"Its id; absent if membership is asked for."`
	User    string    `json:"user"`
	Message string    `json:"message"`
	Created time.Time `json:"created"`
}

// RequestPage is a page of the list of the requests to a project, or of a user.
type RequestPage struct {
	Items []Request `json:"items"`
	Next  string    `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewRequest says what a user asks for.
type NewRequest struct {
	Dataset int64  `json:"dataset,omitempty" min:"1" doc:"A dataset's id; without it, membership is asked for."`
	Message string `json:"message,omitempty" max:"1024" doc:"At most 1024 bytes."`
}

const exampleRequest = `{"id":1,"project":"maps","user":"bob","message":"For the street scenes.","created":"2026-01-02T03:04:05Z"}`

// discoverRoutes are the operations for users who are not members yet.
var discoverRoutes = []route{
	{
		Route: openapi.Route{
			ID: "discover", Method: http.MethodGet, Path: "/discover", Tag: "projects", Summary: "Find listed projects, and datasets that are listed or published.",
			Example: openapi.Example{Reply: `{"items":[{"project":"maps","dataset":16402,"name":"tiles","description":"Map tiles.","public":false}]}`},
		},
		params: []parameter{words, afterFound, pageSize}, action: does(discover), costly: true,
	},
	{
		Route: openapi.Route{
			ID: "requestAccess", Method: http.MethodPost, Path: "/projects/{project}/requests", Tag: "projects", Status: http.StatusCreated,
			Summary: "Ask the owners of a project for access.", Doc: "Becoming a member, or being offered the dataset, answers it.",
			Example: openapi.Example{Body: `{"message":"For the street scenes."}`, Reply: exampleRequest},
		},
		action: does(requestAccess),
	},
	{
		Route: openapi.Route{
			ID: "listRequests", Method: http.MethodGet, Path: "/projects/{project}/requests", Tag: "projects", Summary: "List the access requests to a project, the oldest first.",
			Example: openapi.Example{Reply: `{"items":[` + exampleRequest + `]}`},
		},
		params: []parameter{afterID, pageSize}, action: does(listRequests),
	},
	{
		Route: openapi.Route{
			ID: "listMyRequests", Method: http.MethodGet, Path: "/requests", Tag: "projects", Summary: "List the caller's access requests, the oldest first.",
		},
		params: []parameter{afterID, pageSize}, action: does(listMyRequests),
	},
	{
		Route: openapi.Route{
			ID: "endRequest", Method: http.MethodDelete, Path: "/requests/{id}", Tag: "projects", Summary: "Deny an access request, or withdraw one's own.",
		},
		action: does(endRequest),
	},
}

var (
	words      = text("query", "Words that the name or the description must contain, all of them, of at most 255 characters together; without it, everything is listed.")
	afterFound = param[namespace.Found]{
		Param: openapi.Param{Name: "after", Doc: "The value of next from the previous page.", Schema: openapi.Schema{Type: "string", Pattern: `^[A-Za-z0-9_-]*\.[0-9]{1,18}$`}},
		parse: parseFound,
	}
)

// parseFound parses a place in the list of what was found: <project>.<dataset>.
func parseFound(text string) (namespace.Found, error) {
	project, dataset, _ := strings.Cut(text, ".")
	id, err := strconv.ParseInt(dataset, 10, 64)
	if err != nil {
		return namespace.Found{}, cause("it must be the next of a page")
	}
	return namespace.Found{Project: project, Dataset: id}, nil
}

func discover(c *call, _ none) (FoundPage, error) {
	limit := int(pageSize.of(c))
	found, err := c.session.Discover(c.ctx, words.of(c), afterFound.of(c), limit+1)
	shown, next := paged(found, limit, func(f namespace.Found) string { return f.Project + "." + placeOfID(f.Dataset) })
	return FoundPage{Items: showAll(shown, func(f namespace.Found) Found { return Found(f) }), Next: next}, err
}

func requestAccess(c *call, in NewRequest) (Request, error) {
	r, err := c.session.RequestAccess(c.ctx, c.inURL("project"), in.Dataset, in.Message)
	return showRequest(r), err
}

func showRequest(r namespace.Request) Request {
	out := Request(r)
	out.Created = out.Created.UTC()
	return out
}

// requestPage makes a page of a list of requests, which has one more than limit if there are more.
func requestPage(all []namespace.Request, limit int) RequestPage {
	shown, next := paged(all, limit, func(r namespace.Request) string { return placeOfID(r.ID) })
	return RequestPage{Items: showAll(shown, showRequest), Next: next}
}

func listRequests(c *call, _ none) (RequestPage, error) {
	limit := int(pageSize.of(c))
	all, err := c.session.Requests(c.ctx, c.inURL("project"), afterID.of(c), limit+1)
	return requestPage(all, limit), err
}

func listMyRequests(c *call, _ none) (RequestPage, error) {
	limit := int(pageSize.of(c))
	all, err := c.session.MyRequests(c.ctx, afterID.of(c), limit+1)
	return requestPage(all, limit), err
}

func endRequest(c *call, _ none) (none, error) {
	return none{}, c.session.EndRequest(c.ctx, c.idInURL())
}
