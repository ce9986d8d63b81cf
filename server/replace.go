package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// replaceOps publish what others read while it changes, which HDFS cannot.
var replaceOps = []op{
	{
		Operation: openapi.Operation{
			Name: "REPLACE", ID: "replace", Method: http.MethodPost, Conditional: true,
			Summary: "Put a file or directory in the place of another, in one step.",
			Doc: "Whoever looks at the path finds what was there or what is, all of it, at every moment. What was there goes to the " +
				"caller's trash in its project, or away where there is no trash. If nothing was there, the source is renamed. Datasets " +
				"and projects are not replaced, but what is in them.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/user/ada/parts", Query: "source=/user/ada/next"},
		},
		params: []parameter{replacement.required()}, modern: true, handle: (*call).replace,
	},
}

var replacement = param[namespace.Path]{
	Param: openapi.Param{
		Name: "source", Doc: "Absolute path of what is to have the path's name, of the same kind and in the same project.",
		Schema: *ref("Path"),
	},
	parse: namespace.ParsePath,
}

func (c *call) replace() error {
	return c.done(c.session.Replace(c.ctx, replacement.of(c), c.path))
}
