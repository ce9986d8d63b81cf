package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// Labels are the tags and the description of a file, a directory or a dataset.
type Labels struct {
	Tags        map[string]string `json:"tags" doc:"Values, which may be empty, by key."`
	Description string            `json:"description" doc:"Of a dataset, what changeDataset sets."`
}

// LabelChange is a change of labels. What is absent stays as it is.
type LabelChange struct {
	Set         map[string]string `json:"set,omitempty" doc:"Tags to set, by key: 1 to 64 letters, digits, '.', '_', '-' and '/', a letter or a digit first. Values are text of one line, of at most 256 characters. There are at most 64 tags."`
	Remove      []string          `json:"remove,omitempty" max:"1000" doc:"The keys of tags to remove; they need not be there."`
	Description *string           `json:"description,omitempty" max:"4096" doc:"At most 4096 bytes; empty: no description. A dataset's is set with changeDataset."`
}

// Readme is the README of a directory.
type Readme struct {
	Name   string `json:"name,omitempty" doc:"README.md, README or README.txt; absent if there is none."`
	FileID int64  `json:"fileId,omitempty"`
	Text   string `json:"text" doc:"The first 256 KiB, as they are: sanitize them before you show them as HTML."`
	Whole  bool   `json:"whole" doc:"The text is all of the file."`
}

const exampleLabels = `{"tags":{"sensor":"lidar","stage":"raw"},"description":"Scans of the north side."}`

// labelRoutes are the operations on tags, descriptions and READMEs.
var labelRoutes = []route{
	{
		Route: openapi.Route{
			ID: "getLabels", Method: http.MethodGet, Path: "/labels", Tag: "search", Summary: "Show the tags and the description of a file, a directory or a dataset.",
			Doc: "For callers who may know of it.", Example: openapi.Example{Reply: exampleLabels},
		},
		params: []parameter{ofPath}, action: does(getLabels),
	},
	{
		Route: openapi.Route{
			ID: "setLabels", Method: http.MethodPatch, Path: "/labels", Tag: "search", Summary: "Change tags and the description, all in one step.",
			Doc:     "For callers who may write it. Labels move with a file or a directory and end with it: a copy, or a new file of the same name, has none.",
			Example: openapi.Example{Body: `{"set":{"stage":"raw"},"remove":["todo"]}`, Reply: exampleLabels},
		},
		params: []parameter{ofPath}, action: does(setLabels),
	},
	{
		Route: openapi.Route{
			ID: "getReadme", Method: http.MethodGet, Path: "/readme", Tag: "search", Summary: "Show the README of a directory, if there is one.",
			Doc:     "For callers who may list the directory and read the file.",
			Example: openapi.Example{Reply: `{"name":"README.md","fileId":16402,"text":"# Scans\n","whole":true}`},
		},
		params: []parameter{ofPath}, action: does(getReadme),
	},
}

func getLabels(c *call, _ none) (Labels, error) {
	labels, err := c.session.Labels(c.ctx, ofPath.of(c))
	return Labels(labels), err
}

func setLabels(c *call, in LabelChange) (Labels, error) {
	labels, err := c.session.SetLabels(c.ctx, ofPath.of(c), namespace.LabelChange(in))
	return Labels(labels), err
}

func getReadme(c *call, _ none) (Readme, error) {
	r, err := c.session.Readme(c.ctx, ofPath.of(c))
	return Readme{Name: r.Name, FileID: r.ID, Text: r.Text, Whole: r.Whole}, err
}
