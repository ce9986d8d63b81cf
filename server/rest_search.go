package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// Hit is something that was found.
type Hit struct {
	Path             string `json:"path"`
	FileID           int64  `json:"fileId"`
	Kind             string `json:"kind" enum:"file,directory,dataset"`
	Length           int64  `json:"length" doc:"Bytes; 0 for directories."`
	Owner            string `json:"owner"`
	ModificationTime int64  `json:"modificationTime" doc:"Milliseconds since 1970."`
	Labels
	In string `json:"in,omitempty" enum:"name,tag,description" doc:"Where the query was found: in the name, or else a tag, or else the description."`
}

// HitPage is a page of what was found.
type HitPage struct {
	Items   []Hit  `json:"items" doc:"First up to a hundred whose name equals the query, then all others that contain it; the newest first in each group."`
	Next    string `json:"next,omitempty" doc:"What to give as after for the next page; absent at the end."`
	Partial bool   `json:"partial" doc:"The search stopped at its limit of candidates, or of time. There may be more at next, or nothing."`
}

// searchRoutes are the operations that find files.
var searchRoutes = []route{
	{
		Route: openapi.Route{
			ID: "search", Method: http.MethodGet, Path: "/search", Tag: "search", Summary: "Find files, directories and datasets by their names, tags and descriptions.",
			Doc: "It finds what the caller may list, and what is shared with them or published. The trash is left out, unless the path is " +
				"in it. A query is a part of a name, of a tag (key=value) or of a description, without regard to capitals; wildcards have " +
				"no special meaning. It has 3 characters or more: a shorter one is the beginning of a name, and needs a project, a path or a tag. Without a query, a tag is " +
				"needed.",
			Example: openapi.Example{Reply: `{"items":[{"path":"/Projects/maps/tiles/north.las","fileId":16402,"kind":"file","length":5,"owner":"ada",` +
				`"modificationTime":1700000000000,"tags":{"sensor":"lidar"},"description":"","in":"name"}],"partial":false}`},
		},
		params: []parameter{
			searchText, searchTag, searchProject, searchPath, searchKind, searchOwner, searchFrom, searchTo, auditAfter, pageSize,
		}, action: does(search), costly: true,
	},
}

var (
	searchText    = text("query", "A part of a name, a tag or the description, of at most 255 characters.")
	searchTag     = text("tag", "Only what has this tag: a key, or a key, an equals sign and the value.")
	searchProject = text("project", "Only in this project.")
	searchOwner   = text("owner", "Only what belongs to this user.")
	searchFrom    = moment("from", "Only what was last changed at this time or later.")
	searchTo      = moment("to", "Only what was last changed before this time.")
	searchPath    = param[namespace.Path]{
		Param: openapi.Param{Name: "path", Doc: "Only at or below this directory, which may be one that shows a share. Not together with project.", Schema: *ref("Path")},
		parse: namespace.ParsePath,
	}
	searchKind = param[string]{
		Param: openapi.Param{
			Name: "kind", Doc: "Only these; datasets are directories, too.",
			Schema: openapi.Schema{Type: "string", Enum: []string{"file", "directory", "dataset"}},
		},
		parse: verbatim,
	}
)

func search(c *call, _ none) (HitPage, error) {
	found, err := c.session.Search(c.ctx, namespace.SearchQuery{
		Text: searchText.of(c), Tag: searchTag.of(c), Project: searchProject.of(c), Path: searchPath.of(c), Kind: searchKind.of(c),
		Owner: searchOwner.of(c), From: searchFrom.of(c), To: searchTo.of(c), After: auditAfter.of(c), Limit: int(pageSize.of(c)),
	})
	page := HitPage{Items: make([]Hit, len(found.Hits)), Next: found.Next, Partial: found.Partial}
	for i := range found.Hits {
		h := &found.Hits[i]
		kind := "file"
		switch {
		case h.Dataset:
			kind = "dataset"
		case h.Dir:
			kind = "directory"
		}
		page.Items[i] = Hit{
			Path: h.Path.String(), FileID: h.ID, Kind: kind, Length: h.Size, Owner: h.Owner, ModificationTime: h.MTime,
			Labels: Labels(h.Labels), In: h.In,
		}
	}
	return page, err
}
