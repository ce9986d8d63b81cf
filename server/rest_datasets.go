package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"granary/namespace"
	"granary/openapi"
)

// Dataset is a directory that can be shared.
type Dataset struct {
	ID          int64     `json:"id" doc:"The file id of its directory, by which shares follow it."`
	Path        string    `json:"path"`
	Description string    `json:"description"`
	Public      bool      `json:"public" doc:"Everyone may read it."`
	Listed      bool      `json:"listed" doc:"Anybody may find it and ask for a share."`
	Created     time.Time `json:"created"`
	Shares      int64     `json:"shares" doc:"How many shares of it were offered or accepted; 0 for non-members of its project."`
}

// DatasetPage is a page of the list of the datasets of a project that the caller may access.
type DatasetPage struct {
	Items []Dataset `json:"items"`
	Next  string    `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewDataset is the directory that becomes a dataset.
type NewDataset struct {
	Path        string `json:"path" pattern:"^(/([^/:.\\x00][^/:\\x00]*|\\.[^/:.\\x00][^/:\\x00]*|\\.\\.[^/:\\x00]+)?)+$" doc:"A directory in the project."`
	Create      bool   `json:"create,omitempty" doc:"Make the directory if it is missing."`
	Description string `json:"description,omitempty" max:"4096" doc:"At most 4096 bytes."`
	Public      bool   `json:"public,omitempty"`
	Listed      bool   `json:"listed,omitempty"`
}

// DatasetChange is a change of a dataset.
type DatasetChange struct {
	Description *string `json:"description,omitempty" max:"4096" doc:"At most 4096 bytes."`
	Public      *bool   `json:"public,omitempty"`
	Listed      *bool   `json:"listed,omitempty"`
}

// Share is a dataset of one project that was offered to, or accepted by, another project or a person.
type Share struct {
	ID        int64      `json:"id"`
	Project   string     `json:"project" doc:"The project of the dataset."`
	Dataset   int64      `json:"dataset" doc:"Its id."`
	Name      string     `json:"name" doc:"The name of its directory."`
	Path      string     `json:"path,omitempty" doc:"Where the dataset is; absent as long as the caller may not reach it."`
	ToProject string     `json:"toProject,omitempty" doc:"With which project it is."`
	ToUser    string     `json:"toUser,omitempty" doc:"With which person it is."`
	Level     string     `json:"level" enum:"read,edit,edit-by-owners"`
	State     string     `json:"state" enum:"offered,accepted"`
	Mount     string     `json:"mount,omitempty" doc:"Where the recipients' project shows it."`
	OfferedBy string     `json:"offeredBy"`
	Created   time.Time  `json:"created"`
	Expires   *time.Time `json:"expires,omitempty"`
}

// SharePage is a page of the list of the shares that a project has given, followed by the shares that the project, or the
// caller, has received.
type SharePage struct {
	Given    []Share `json:"given"`
	Received []Share `json:"received"`
	Next     string  `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewShare says with whom to share a dataset: either a project or a user.
type NewShare struct {
	Project string     `json:"project,omitempty" doc:"A project, one of whose owners accepts or rejects."`
	User    string     `json:"user,omitempty" doc:"A person, who accepts or rejects."`
	Level   string     `json:"level" enum:"read,edit,edit-by-owners" doc:"What the recipients may do, under the mask of each file; observers of their project never write."`
	Expires *time.Time `json:"expires,omitempty" doc:"When it ends by itself; without it, when somebody ends it."`
}

// Acceptance says under which name an accepted share is shown.
type Acceptance struct {
	Name string `json:"name,omitempty" max:"255" doc:"In the directory Shared of the recipients' project; without it, <project>.<dataset>."`
}

const (
	exampleDataset = `{"id":16402,"path":"/Projects/maps/tiles","description":"Map tiles.","public":false,"listed":false,"created":"2026-01-02T03:04:05Z","shares":0}`
	exampleShare   = `{"id":1,"project":"maps","dataset":16402,"name":"tiles","path":"/Projects/maps/tiles","toProject":"vision","level":"read",` +
		`"state":"offered","offeredBy":"ada","created":"2026-01-02T03:04:05Z"}`
)

// datasetRoutes are the operations on datasets and shares.
var datasetRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listDatasets", Method: http.MethodGet, Path: "/projects/{project}/datasets", Tag: "datasets",
			Summary: "List the datasets of a project that the caller may reach, in the order of their ids.", Example: openapi.Example{Reply: `{"items":[` + exampleDataset + `]}`},
		},
		params: []parameter{afterID, pageSize}, action: does(listDatasets),
	},
	{
		Route: openapi.Route{
			ID: "createDataset", Method: http.MethodPost, Path: "/projects/{project}/datasets", Tag: "datasets", Status: http.StatusCreated,
			Summary: "Make a directory of a project a dataset.",
			Doc:     "A directory that is a dataset already stays as it is, and is returned, if the request says nothing else about it; otherwise the answer is 409: see changeDataset.",
			Example: openapi.Example{Body: `{"path":"/Projects/maps/tiles"}`, Reply: exampleDataset},
		},
		action: does(createDataset),
	},
	{
		Route:  openapi.Route{ID: "getDataset", Method: http.MethodGet, Path: "/datasets/{id}", Tag: "datasets", Summary: "Describe a dataset."},
		action: does(getDataset),
	},
	{
		Route: openapi.Route{
			ID: "changeDataset", Method: http.MethodPatch, Path: "/datasets/{id}", Tag: "datasets", Summary: "Change the description or visibility of a dataset.",
			Example: openapi.Example{Body: `{"public":true}`},
		},
		action: does(changeDataset),
	},
	{
		Route: openapi.Route{
			ID: "endDataset", Method: http.MethodDelete, Path: "/datasets/{id}", Tag: "datasets", Summary: "Make a dataset an ordinary directory again.",
			Doc: "Its shares end. Its files stay.",
		},
		action: does(endDataset),
	},
	{
		Route: openapi.Route{
			ID: "offerShare", Method: http.MethodPost, Path: "/datasets/{id}/shares", Tag: "datasets", Status: http.StatusCreated,
			Summary: "Offer a dataset to a project or a person.",
			Doc:     "A share takes effect only when the other side accepts it. A second offer to the same recipient changes the level and the end time of the existing share.",
			Example: openapi.Example{Body: `{"project":"vision","level":"read"}`, Reply: exampleShare},
		},
		action: does(offerShare),
	},
	{
		Route: openapi.Route{
			ID: "listShares", Method: http.MethodGet, Path: "/projects/{project}/shares", Tag: "datasets",
			Summary: "List the shares of a project's datasets and those with the project.",
			Doc:     "First all given shares, then the received ones, both in the order of their ids. limit applies to both together.",
		},
		params: []parameter{afterShare, pageSize}, action: does(listShares),
	},
	{
		Route: openapi.Route{
			ID: "listMyShares", Method: http.MethodGet, Path: "/shares", Tag: "datasets", Summary: "List the shares with the caller as a person, in the order of their ids.",
		},
		params: []parameter{afterID, pageSize}, action: does(listMyShares),
	},
	{
		Route:  openapi.Route{ID: "getShare", Method: http.MethodGet, Path: "/shares/{id}", Tag: "datasets", Summary: "Describe a share."},
		action: does(getShare),
	},
	{
		Route: openapi.Route{
			ID: "acceptShare", Method: http.MethodPost, Path: "/shares/{id}/accept", Tag: "datasets", Summary: "Accept a share.",
			Doc:     "The dataset appears in the directory Shared of the recipients' project, and at its own path.",
			Example: openapi.Example{Body: `{}`},
		},
		action: does(acceptShare),
	},
	{
		Route: openapi.Route{
			ID: "endShare", Method: http.MethodDelete, Path: "/shares/{id}", Tag: "datasets", Summary: "End a share, or reject or withdraw an offer.",
			Doc: "For either side. Takes effect for every decision made afterwards.",
		},
		action: does(endShare),
	},
}

func showDataset(d namespace.Dataset) Dataset {
	return Dataset{
		ID: d.ID, Path: d.Path.String(), Description: d.Description, Public: d.Public, Listed: d.Listed, Created: d.Created.UTC(), Shares: d.Shares,
	}
}

func listDatasets(c *call, _ none) (DatasetPage, error) {
	limit := int(pageSize.of(c))
	datasets, err := c.session.Datasets(c.ctx, c.inURL("project"), afterID.of(c), limit+1)
	shown, next := paged(datasets, limit, func(d namespace.Dataset) string { return placeOfID(d.ID) })
	return DatasetPage{Items: showAll(shown, showDataset), Next: next}, err
}

func createDataset(c *call, in NewDataset) (Dataset, error) {
	path, err := namespace.ParsePath(in.Path)
	if err != nil {
		return Dataset{}, err
	}
	d, err := c.session.MakeDataset(c.ctx, path, namespace.MakeDatasetOptions{
		Project: c.inURL("project"), Create: in.Create,
		DatasetInfo: namespace.DatasetInfo{Description: in.Description, Public: in.Public, Listed: in.Listed},
	})
	return showDataset(d), err
}

func getDataset(c *call, _ none) (Dataset, error) {
	d, err := c.session.Dataset(c.ctx, c.idInURL())
	return showDataset(d), err
}

func changeDataset(c *call, in DatasetChange) (Dataset, error) {
	d, err := c.session.ChangeDataset(c.ctx, c.idInURL(), namespace.DatasetChange{Description: in.Description, Public: in.Public, Listed: in.Listed})
	return showDataset(d), err
}

func endDataset(c *call, _ none) (none, error) {
	return none{}, c.session.EndDataset(c.ctx, c.idInURL())
}

func showShare(s namespace.Share) Share {
	out := Share{
		ID: s.ID, Project: s.Project, Dataset: s.Dataset, Name: s.Name, ToProject: s.ToProject, ToUser: s.ToUser, Level: string(s.Level),
		State: "offered", OfferedBy: s.OfferedBy, Created: s.Created.UTC(),
	}
	if s.Accepted {
		out.State = "accepted"
	}
	if !s.Path.IsRoot() {
		out.Path = s.Path.String()
	}
	if !s.Mount.IsRoot() {
		out.Mount = s.Mount.String()
	}
	if !s.Expires.IsZero() {
		expires := s.Expires.UTC()
		out.Expires = &expires
	}
	return out
}

func offerShare(c *call, in NewShare) (Share, error) {
	o := namespace.Offer{Dataset: c.idInURL(), ToProject: in.Project, ToUser: in.User, Level: namespace.Level(in.Level)}
	if in.Expires != nil {
		if o.Expires = *in.Expires; o.Expires.IsZero() { // which stands for no end
			return Share{}, &namespace.Error{
				Op: "offer share", Kind: namespace.InvalidArgument, Msg: "the share would have expired at 0001-01-01T00:00:00Z: want a time to come, or none",
			}
		}
	}
	s, err := c.session.OfferShare(c.ctx, o)
	return showShare(s), err
}

// afterShare is the place after which the list of a project's shares continues.
var afterShare = param[namespace.SharePlace]{
	Param: openapi.Param{
		Name: "after", Doc: "Where to continue: the value of next from the previous page.",
		Schema: openapi.Schema{Type: "string", Pattern: `^(given|received)\.[1-9][0-9]{0,17}$`},
	},
	parse: parseSharePlace,
}

// parseSharePlace parses a place in the list of a project's shares: given.<id> or received.<id>.
func parseSharePlace(text string) (namespace.SharePlace, error) {
	list, number, _ := strings.Cut(text, ".")
	id, err := strconv.ParseInt(number, 10, 64)
	if place := (namespace.SharePlace{Received: list == "received", ID: id}); err == nil && id > 0 && sharePlace(place) == text {
		return place, nil
	}
	return namespace.SharePlace{}, cause("it must be the next of a page")
}

func sharePlace(p namespace.SharePlace) string {
	if p.Received {
		return "received." + placeOfID(p.ID)
	}
	return "given." + placeOfID(p.ID)
}

func listShares(c *call, _ none) (SharePage, error) {
	limit, project := int(pageSize.of(c)), c.inURL("project")
	given, received, err := c.session.Shares(c.ctx, project, afterShare.of(c), limit+1)
	shown, next := paged(slices.Concat(given, received), limit, func(s namespace.Share) string {
		return sharePlace(namespace.SharePlace{Received: s.Project != project, ID: s.ID})
	})
	first := min(len(given), len(shown))
	return SharePage{Given: showAll(shown[:first], showShare), Received: showAll(shown[first:], showShare), Next: next}, err
}

func listMyShares(c *call, _ none) (SharePage, error) {
	limit := int(pageSize.of(c))
	received, err := c.session.SharesWithMe(c.ctx, afterID.of(c), limit+1)
	shown, next := paged(received, limit, func(s namespace.Share) string { return placeOfID(s.ID) })
	return SharePage{Given: []Share{}, Received: showAll(shown, showShare), Next: next}, err
}

func getShare(c *call, _ none) (Share, error) {
	s, err := c.session.Share(c.ctx, c.idInURL())
	return showShare(s), err
}

func acceptShare(c *call, in Acceptance) (Share, error) {
	s, err := c.session.AcceptShare(c.ctx, c.idInURL(), in.Name)
	return showShare(s), err
}

func endShare(c *call, _ none) (none, error) { return none{}, c.session.EndShare(c.ctx, c.idInURL()) }
