package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// replaceOps replace files and directories while others read them, which HDFS cannot do.
var replaceOps = []op{
	{
		Operation: openapi.Operation{
			Name: "REPLACE", ID: "replace", Method: http.MethodPost, Conditional: true,
			Summary: "Replace a file or directory by another, atomically.",
			Doc: "At every moment, readers of the path find either the old content or the new, completely. The old content goes to the " +
				"caller's trash in its project, or is deleted if there is no trash. If the path did not exist, the source is renamed. " +
				"Datasets and projects cannot be replaced, but their content can.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/user/ada/parts", Query: "source=/user/ada/next"},
		},
		params: []parameter{replacement.required()}, modern: true, handle: (*call).replace,
	},
}

var replacement = param[namespace.Path]{
	Param: openapi.Param{
		Name: "source", Doc: "Absolute path of the file or directory that is to take the place of path, of the same kind and in the same project.",
		Schema: *ref("Path"),
	},
	parse: namespace.ParsePath,
}

func (c *call) replace() error {
	return c.done(c.session.Replace(c.ctx, replacement.of(c), c.path))
}
